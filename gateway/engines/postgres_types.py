"""Which of PostgreSQL's types the gateway knows, and how each is read as one of its own.

Every form is total, and has one meaning whatever the database's collation: text is compared by
code points, the spaces that fill up a char(n) are no part of it, and NaN in a numeric is NULL.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.sql.functions.postgres.conversion import float_of_numeric
from gateway.sql.types import (
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    INTEGER,
    SMALLINT,
    TEXT,
    TIMESTAMP,
    TIMESTAMPTZ,
    Type,
    decimal,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownType:
    """A type for the gateway, and the SQL that reads the column `{0}` as one."""

    type: Type
    read: str = "{0}"


_SHOWN = '(CAST({0} AS text) COLLATE "C")'
_KNOWN = {
    "bool": KnownType(type=BOOLEAN),
    "int2": KnownType(type=SMALLINT),
    "int4": KnownType(type=INTEGER),
    "int8": KnownType(type=BIGINT),
    "float4": KnownType(type=DOUBLE, read="CAST({0} AS double precision)"),
    "float8": KnownType(type=DOUBLE),
    "text": KnownType(type=TEXT, read='({0} COLLATE "C")'),
    "varchar": KnownType(type=TEXT, read='(CAST({0} AS text) COLLATE "C")'),
    **dict.fromkeys(("bpchar", "uuid", "json", "jsonb"), KnownType(type=TEXT, read=_SHOWN)),
    "date": KnownType(type=DATE),
    "timestamp": KnownType(type=TIMESTAMP),
    "timestamptz": KnownType(type=TIMESTAMPTZ),
}
_ENUM = KnownType(type=TEXT, read=_SHOWN)
_ANY_NUMERIC = KnownType(type=DOUBLE, read=f"({float_of_numeric('{0}')})")
"""A numeric without a limit, or of more than 38 digits, may hold what no type of the gateway does:
as a double it keeps 15 digits."""
_HEADER = 4
"""What PostgreSQL adds to a type modifier of numeric."""


def known_type(name: str, kind: str, modifier: int) -> KnownType | None:
    """The gateway's view of a type by `pg_type.typname`, `typtype` and the column's `atttypmod`.

    None where it cannot be used: arrays, composites, ranges, bytes, times, intervals, money,
    network addresses, geometry and what extensions add.
    """
    if kind == "e":
        return _ENUM
    return _numeric(modifier) if name == "numeric" else _KNOWN.get(name)


def _numeric(modifier: int) -> KnownType:
    if modifier < _HEADER:
        return _ANY_NUMERIC
    precision, low = (modifier - _HEADER) >> 16, (modifier - _HEADER) & 0x7FF
    scale = low - 2048 if low >= 1024 else low
    # numeric(5, -2) holds 7 digits before the point; numeric(2, 5) holds five after it.
    digits = max(precision - scale if scale < 0 else precision, scale)
    if digits > 38:
        return _ANY_NUMERIC
    return KnownType(type=decimal(digits, max(scale, 0)), read="NULLIF({0}, 'NaN')")
