"""The documentation page of the functions, which `python -m gateway.sql.functions` prints."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from itertools import chain

from gateway.sql.functions import FAMILIES
from gateway.sql.functions.base import Function, Nulls

_HEAD = """# Functions over protected rows

<!-- `python -m gateway.sql.functions > docs/analyst/functions.md`; a test keeps it up to date. -->

What may stand below a release: in `WHERE`, `ON` and `GROUP BY`, and inside aggregates. What is not
here is refused by name. `CASE`, `EXISTS` and `IN` with a subquery work as [the page of SQL](sql.md)
says. Above a release, on noisy results and public tables, all of DuckDB's functions for numbers,
text and dates work.

Every function has a value, or NULL, for every input: an error that depends on a row would tell of
it. The last column says when the result is NULL.
"""
_FAILS = "where PostgreSQL gives NULL or would fail"
_NULLS = {
    Nulls.STRICT: "where an argument is",
    Nulls.NEVER: "never",
    Nulls.OUTSIDE: _FAILS,
    Nulls.SOMETIMES: _FAILS,
}
_INTERNAL = {"square"}
"""Written by the gateway itself; an analyst writes a * a."""


def page() -> str:
    """The page, with one table per family."""
    tables = (_table(name, chain(*files)) for name, files in FAMILIES.items())
    return "\n".join([_HEAD, *tables])


def _table(name: str, functions: Iterable[Function]) -> str:
    lines = [f"## {name}", "", "| Function | NULL |", "|---|---|"]
    lines += [_line(function) for function in functions if _shown(function)]
    return "\n".join(lines) + "\n"


def _shown(function: Function) -> bool:
    return bool(function.meaning) and function.name not in _INTERNAL


def _line(function: Function) -> str:
    meaning = re.sub(r"([|*<>_])", r"\\\1", function.meaning)
    return f"| {meaning} | {_NULLS[function.nulls]} |"


if __name__ == "__main__":
    sys.stdout.write(page())
