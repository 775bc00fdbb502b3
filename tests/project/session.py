"""The README's session: made by running it. `python -m tests.project.session` writes it anew."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.project.tree import ROOT

README = ROOT / "README.md"
COMMAND = "make demo ONCE=1"
SHOWN = (1, 5, 6, 8)
"""The questions of the demo that the README has room for."""
LEFT_OUT = "[...]"
_BLOCK = re.compile(r"(<!-- session: [^\n]*-->\n)(.*?)(<!-- session ends -->)", re.DOTALL)
_HEADING = re.compile(r"^(?=\d+  .* ─+$)", re.MULTILINE)
_BAR = re.compile(r"[█▒·]+")
_NUMBER = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?")


def run() -> str:
    """What `make demo ONCE=1` prints, without colours, 100 columns wide."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("NOISEGATE_")
    } | {"COLUMNS": "100", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-m", "gateway", "demo", "--once"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    if done.returncode != 0:
        raise RuntimeError(f"the demo ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return "\n".join(line.rstrip() for line in done.stdout.strip().splitlines())


def chosen(session: str) -> str:
    """What comes before the first question, and the questions that are shown."""
    opening, *questions = _HEADING.split(session)
    parts = [opening.strip()]
    for number, question in enumerate(questions, 1):
        if number in SHOWN:
            parts.append(question.strip())
        elif parts[-1] != LEFT_OUT:
            parts.append(LEFT_OUT)
    return "\n\n".join(parts)


def shown(readme: str) -> str:
    """The session as the README shows it, without the fence and the command."""
    found = _BLOCK.search(readme)
    if found is None:
        raise ValueError("README.md has no session")
    fenced = re.fullmatch(rf"```console\n\$ {COMMAND}\n(.*)\n```\n", found[2], re.DOTALL)
    if fenced is None:
        raise ValueError("the README's session is not one fenced block of the demo")
    return fenced[1]


def masked(session: str) -> list[list[str]]:
    """Paragraphs without what noise changes: numbers, bars, widths, the order of lines."""
    paragraphs = []
    for paragraph in re.split(r"\n\s*\n", session.strip()):
        plain = [_NUMBER.sub("#", _BAR.sub("", line)) for line in paragraph.splitlines()]
        paragraphs.append(sorted(" ".join(line.split()) for line in plain))
    return paragraphs


def written(readme: str, session: str) -> str:
    """The README with another session in it."""
    block = f"```console\n$ {COMMAND}\n{session}\n```\n"
    return _BLOCK.sub(lambda found: found[1] + block + found[3], readme)


def main(path: Path = README) -> None:
    """Run the session and write it into the README."""
    readme = path.read_text(encoding="utf-8")
    path.write_text(written(readme, chosen(run())), encoding="utf-8")


if __name__ == "__main__":
    main()
