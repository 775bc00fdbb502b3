"""SQL types as the gateway sees them, the same for every engine."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

Scalar = None | bool | int | float | str | Decimal | dt.date | dt.datetime
"""One SQL value in Python. Timestamps are naive `datetime`s, with zone aware ones in UTC."""


class Kind(Enum):
    """Families of types; every rule of the gateway speaks of these."""

    NULL = "null"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    FLOAT = "float"
    TEXT = "text"
    DATE = "date"
    TIMESTAMP = "timestamp"
    TIMESTAMPTZ = "timestamptz"
    INTERVAL = "interval"


@dataclass(frozen=True, slots=True)
class Type:
    """A type: its family, and for integers the bits, for decimals precision and scale."""

    kind: Kind
    bits: int = 64
    precision: int = 38
    scale: int = 0

    @property
    def name(self) -> str:
        """The PostgreSQL name that answers and errors show."""
        if self.kind is Kind.INTEGER:
            return {16: "smallint", 32: "integer"}.get(self.bits, "bigint")
        return _NAMES[self.kind]

    @property
    def numeric(self) -> bool:
        """Whether arithmetic works on it."""
        return self.kind in (Kind.INTEGER, Kind.DECIMAL, Kind.FLOAT)

    @property
    def temporal(self) -> bool:
        """Whether it is a point in time."""
        return self.kind in (Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMPTZ)


_NAMES = {
    Kind.NULL: "text",
    Kind.BOOLEAN: "boolean",
    Kind.DECIMAL: "numeric",
    Kind.FLOAT: "double precision",
    Kind.TEXT: "text",
    Kind.DATE: "date",
    Kind.TIMESTAMP: "timestamp",
    Kind.TIMESTAMPTZ: "timestamptz",
    Kind.INTERVAL: "interval",
}

NULL = Type(Kind.NULL)
BOOLEAN = Type(Kind.BOOLEAN)
SMALLINT = Type(Kind.INTEGER, bits=16)
INTEGER = Type(Kind.INTEGER, bits=32)
BIGINT = Type(Kind.INTEGER)
DOUBLE = Type(Kind.FLOAT)
TEXT = Type(Kind.TEXT)
DATE = Type(Kind.DATE)
TIMESTAMP = Type(Kind.TIMESTAMP)
TIMESTAMPTZ = Type(Kind.TIMESTAMPTZ)
INTERVAL = Type(Kind.INTERVAL)


def decimal(precision: int, scale: int) -> Type:
    """NUMERIC(precision, scale)."""
    return Type(Kind.DECIMAL, precision=precision, scale=scale)


_EPOCH = dt.datetime(1970, 1, 1)


def ordinal(value: dt.date | dt.datetime) -> int:
    """A point in time as an integer since 1970-01-01: days for dates, microseconds otherwise."""
    if isinstance(value, dt.datetime):
        plain = value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
        return (plain - _EPOCH) // dt.timedelta(microseconds=1)
    return value.toordinal() - _EPOCH.toordinal()


def from_ordinal(number: int, kind: Kind) -> dt.date | dt.datetime:
    """The inverse of `ordinal` for a kind; raises OverflowError outside the years 1 to 9999."""
    if kind is Kind.DATE:
        return dt.date.fromordinal(number + _EPOCH.toordinal())
    moment = _EPOCH + dt.timedelta(microseconds=number)
    return moment.replace(tzinfo=dt.UTC) if kind is Kind.TIMESTAMPTZ else moment
