"""Which of Spark's types the gateway knows, and how a column of each is read as one of them.

Each way of reading is total. Texts are made valid UTF-8, for Spark lets any bytes pass as text, and
what reads its results fails on those; collations are taken off, so that texts compare by code
points.
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
    """A type for the gateway, and how it is read; `{}` stands for the column."""

    type: Type
    read: str = "{}"


_TEXT = KnownType(type=TEXT, read="make_valid_utf8({})")
_KNOWN = {
    "boolean": KnownType(type=BOOLEAN),
    "tinyint": KnownType(type=SMALLINT, read="CAST({} AS SMALLINT)"),
    "smallint": KnownType(type=SMALLINT),
    "int": KnownType(type=INTEGER),
    "bigint": KnownType(type=BIGINT),
    "float": KnownType(type=DOUBLE, read="CAST({} AS DOUBLE)"),
    "double": KnownType(type=DOUBLE),
    "string": _TEXT,
    "date": KnownType(type=DATE),
    "timestamp": KnownType(type=TIMESTAMPTZ),
    "timestamp_ntz": KnownType(type=TIMESTAMP),
}
_COLLATED = KnownType(type=TEXT, read="make_valid_utf8(collate({}, 'UTF8_BINARY'))")
_DECIMAL = re.compile(r"decimal\((\d+),(\d+)\)")


def known_type(declared: str) -> KnownType | None:
    """The gateway's view of a type as Spark prints it; None where it cannot be used.

    Arrays, maps, structs, binaries, intervals and variants are not known.
    """
    number = _DECIMAL.fullmatch(declared)
    if number:
        return KnownType(type=decimal(int(number[1]), int(number[2])))
    if declared.startswith("string collate "):
        return _COLLATED
    return _KNOWN.get(declared)
