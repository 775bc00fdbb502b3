"""Names of types, and how an argument that is needed several times is computed once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from gateway.sql.expressions import Expr
from gateway.sql.types import Kind, Type

_NAMES = {
    Kind.BOOLEAN: "boolean",
    Kind.FLOAT: "double precision",
    Kind.DATE: "date",
    Kind.TIMESTAMP: "timestamp",
    Kind.TIMESTAMPTZ: "timestamptz",
    Kind.INTERVAL: "interval",
}
LEAST = {16: -(2**15), 32: -(2**31), 64: -(2**63)}
MOST = {bits: -least - 1 for bits, least in LEAST.items()}
_SIMPLE = 56
"""Characters of an argument that may be written several times."""


def postgres_type(kind: Type) -> str:
    """A type's name in PostgreSQL."""
    if kind.kind is Kind.INTEGER:
        return {16: "smallint", 32: "integer"}.get(kind.bits, "bigint")
    if kind.kind is Kind.DECIMAL:
        return f"numeric({kind.precision}, {kind.scale})"
    return _NAMES.get(kind.kind, "text")


_LEVEL = re.compile(r"\bs(\d+)\.a\d")


def once(arguments: Sequence[str], render: Callable[..., str]) -> str:
    """What `render` makes of arguments each of which it may write several times.

    A long one becomes the column of a table of one row, so that neither the text nor the work grows
    by a factor with each level of calls; OFFSET 0 keeps PostgreSQL from writing it out again. Each
    such table has a name that none within it has.
    """
    long = [i for i, text in enumerate(arguments) if len(text) > _SIMPLE or "(SELECT" in text]
    if not long:
        return render(*arguments)
    levels = [int(found) for text in arguments for found in _LEVEL.findall(text)]
    row = f"s{max(levels, default=0) + 1}"
    names = [f"{row}.a{i}" if i in long else text for i, text in enumerate(arguments)]
    columns = ", ".join(f"{arguments[i]} AS a{i}" for i in long)
    return f"(SELECT {render(*names)} FROM (SELECT {columns} OFFSET 0) AS {row})"


def collated(text: str, kind: Type) -> str:
    """A value as it is compared: text by its code points, whatever the database's collation."""
    return f'({text} COLLATE "C")' if kind.kind in (Kind.TEXT, Kind.NULL) else text


def double(text: str, expr: Expr) -> str:
    """An argument as double precision."""
    return text if expr.type.kind is Kind.FLOAT else f"CAST({text} AS double precision)"


def quoted_text(text: str) -> str:
    """A constant text."""
    return "'" + text.replace("'", "''") + "'"
