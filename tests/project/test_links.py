"""Links between documents lead somewhere, anchors included."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.project.tree import ROOT, documentation

LINK = re.compile(r"(?<!\\)!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6} +(.+?)\s*$", re.MULTILINE)


def anchors(markdown: str) -> set[str]:
    """The anchors that GitHub gives to headings."""
    found: set[str] = set()
    for heading in HEADING.findall(FENCE.sub("", markdown)):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
        slug = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        count = 1
        while (name := slug if count == 1 else f"{slug}-{count - 1}") in found:
            count += 1
        found.add(name)
    return found


def leads_somewhere(source: Path, link: str) -> bool:
    """Whether a relative link of a document names a file of the project, and a heading in it."""
    path, _, anchor = link.partition("#")
    target = (ROOT / source.parent / path).resolve() if path else ROOT / source
    if not target.is_relative_to(ROOT) or not target.exists():
        return False
    return not anchor or anchor in anchors(target.read_text(encoding="utf-8"))


def broken(source: Path, markdown: str) -> list[str]:
    """Links of one document that lead nowhere; those to other hosts are not followed."""
    found = []
    for link in LINK.findall(FENCE.sub("", markdown)):
        if re.match(r"[a-z][a-z0-9+.-]*:", link):
            continue
        if not leads_somewhere(source, link):
            found.append(link)
    return found


@pytest.mark.parametrize("source", documentation(), ids=str)
def test_links_lead_somewhere(source: Path) -> None:
    """Files and headings that a document points to exist."""
    assert not broken(source, documentation()[source])


def test_broken_links_are_found() -> None:
    """The test above can fail."""
    text = "[a](README.md) [b](README.md#no-such) [c](nothing.md) [d](https://example.org/x)"
    assert broken(Path("README.md"), text) == ["README.md#no-such", "nothing.md"]


def test_every_document_is_reachable() -> None:
    """Each page under docs/ is linked from a page that a reader can get to from the README."""
    pages = documentation()
    seen: set[Path] = set()
    waiting = [Path("README.md")]
    while waiting:
        page = waiting.pop()
        seen.add(page)
        for link in LINK.findall(FENCE.sub("", pages[page])):
            target = (ROOT / page.parent / link.partition("#")[0]).resolve()
            if target.is_relative_to(ROOT):
                name = target.relative_to(ROOT)
                if name in pages and name not in seen:
                    waiting.append(name)
    assert {page for page in pages if page.parts[0] == "docs"} <= seen
