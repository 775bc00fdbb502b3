"""Programs in other languages, run as clients. They print lines: the step, then cells by tabs."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

Cell = str | None
Steps = dict[str, list[tuple[Cell, ...]]]
"""What a program has printed: the rows of every step; None stands for NULL."""

_SECONDS = 240
_ESCAPES = {"\\t": "\t", "\\n": "\n", "\\\\": "\\"}


def run(command: Sequence[str]) -> Steps:
    """Run a program and read what it prints; it must end well."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=_SECONDS,
        env={**environment, "TZ": "UTC"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return steps(done.stdout)


def steps(printed: str) -> Steps:
    """The rows of every step in what a program has printed."""
    found: Steps = {}
    for line in printed.split("\n"):
        if line:
            step, *cells = line.split("\t")
            found.setdefault(step, []).append(tuple(_cell(cell) for cell in cells))
    return found


def same(here: Steps, there: Steps) -> None:
    """Fail unless two programs have printed the same, cell by cell."""
    assert list(here) == list(there)
    for step, rows in there.items():
        assert here[step] == rows, step


def _cell(text: str) -> Cell:
    if text == "\\N":
        return None
    parts: list[str] = []
    at = 0
    while at < len(text):
        pair = text[at : at + 2]
        if pair in _ESCAPES:
            parts.append(_ESCAPES[pair])
            at += 2
        else:
            parts.append(text[at])
            at += 1
    return "".join(parts)
