"""Which of DuckDB's types the gateway knows, and how the others are brought to those.

Every rule of the gateway counts on an expression having a value for each input of its type. DuckDB
computes in the type of the column, so `x - 5` over an unsigned column, or a comparison of a
nanosecond timestamp with a far date, would fail on some rows and not on others, and a failure that
depends on a row is an oracle. So the gateway never sees such a type: the engine's views convert it
by a cast that cannot fail (`TRY_CAST` where values lie outside the wider type: those become NULL).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

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
    """A type for the gateway and, where DuckDB's differs, the total cast that makes it so.

    `cast` is a format with one place for the quoted column, None where none is needed.
    """

    type: Type
    cast: str | None = None


_KNOWN = {
    "BOOLEAN": KnownType(type=BOOLEAN),
    "TINYINT": KnownType(type=SMALLINT, cast="CAST({} AS SMALLINT)"),
    "UTINYINT": KnownType(type=SMALLINT, cast="CAST({} AS SMALLINT)"),
    "SMALLINT": KnownType(type=SMALLINT),
    "USMALLINT": KnownType(type=INTEGER, cast="CAST({} AS INTEGER)"),
    "INTEGER": KnownType(type=INTEGER),
    "UINTEGER": KnownType(type=BIGINT, cast="CAST({} AS BIGINT)"),
    "BIGINT": KnownType(type=BIGINT),
    "UBIGINT": KnownType(type=decimal(20, 0), cast="CAST({} AS DECIMAL(20, 0))"),
    "FLOAT": KnownType(type=DOUBLE, cast="CAST({} AS DOUBLE)"),
    "DOUBLE": KnownType(type=DOUBLE),
    "VARCHAR": KnownType(type=TEXT),
    "UUID": KnownType(type=TEXT, cast="CAST({} AS VARCHAR)"),
    "JSON": KnownType(type=TEXT, cast="CAST({} AS VARCHAR)"),
    "DATE": KnownType(type=DATE),
    "TIMESTAMP": KnownType(type=TIMESTAMP),
    "TIMESTAMP_S": KnownType(type=TIMESTAMP, cast="TRY_CAST({} AS TIMESTAMP)"),
    "TIMESTAMP_MS": KnownType(type=TIMESTAMP, cast="TRY_CAST({} AS TIMESTAMP)"),
    "TIMESTAMP_NS": KnownType(type=TIMESTAMP, cast="TRY_CAST({} AS TIMESTAMP)"),
    "TIMESTAMP WITH TIME ZONE": KnownType(type=TIMESTAMPTZ),
}
_ENUM = KnownType(type=TEXT, cast="CAST({} AS VARCHAR)")
_DECIMAL = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)")


def known_type(declared: str) -> KnownType | None:
    """The gateway's view of a type as DuckDB prints it; None where it cannot be used.

    Lists, structs, maps, blobs, bits, times, intervals and 128 bit integers are not known.
    """
    number = _DECIMAL.fullmatch(declared)
    if number:
        return KnownType(type=decimal(int(number[1]), int(number[2])))
    if declared.startswith("ENUM(") and declared.endswith(")"):
        return _ENUM
    return _KNOWN.get(declared)
