"""The analysts' page of SQL shows queries of the corpus, word for word, and nothing else."""

from __future__ import annotations

import re

from tests.corpus.policies import ROOT
from tests.corpus.reading import accepted, refused

PAGE = ROOT / "docs" / "analyst" / "sql.md"
_EXAMPLE = re.compile(r"^```sql\n(.*?);\n```$", re.MULTILINE | re.DOTALL)
_REFUSED = re.compile(r"For instance these are refused,(.*)and these are the nearest", re.DOTALL)


def examples(text: str) -> list[str]:
    """The SQL of every fenced block."""
    return _EXAMPLE.findall(text)


def test_every_example_is_a_query_of_the_corpus() -> None:
    page = PAGE.read_text(encoding="utf-8")
    (part,) = _REFUSED.findall(page)
    shown, wrong = examples(page.replace(part, "")), examples(part)
    assert len(shown) > 30
    assert wrong
    assert set(shown) <= {entry.sql for entry in accepted()}
    assert set(wrong) <= {entry.sql for entry in refused()}


def test_no_code_on_the_page_is_left_unread() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert len(examples(page)) * 2 == page.count("```")
