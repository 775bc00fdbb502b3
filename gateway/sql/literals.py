"""Constants in SQL: their types, and what a quoted text means beside a value of another type."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import Decimal, InvalidOperation

from gateway.sql.expressions import Literal
from gateway.sql.types import (
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    INTEGER,
    INTERVAL,
    NULL,
    TEXT,
    TIMESTAMP,
    TIMESTAMPTZ,
    Kind,
    Scalar,
    Type,
    decimal,
)

_UNITS = {
    "year": (12, 0, 0),
    "quarter": (3, 0, 0),
    "month": (1, 0, 0),
    "week": (0, 7, 0),
    "day": (0, 1, 0),
    "hour": (0, 0, 3_600_000_000),
    "minute": (0, 0, 60_000_000),
    "second": (0, 0, 1_000_000),
}
_SHORT = {"mon": "month", "min": "minute", "sec": "second", "hr": "hour", "h": "hour", "d": "day"}
_NUMBER = re.compile(r"[+-]?[\d.]+([eE][+-]?\d+)?")
_WHOLE = re.compile(r"[+-]?\d+")
_CLOCK = re.compile(r"\s*([+-]?)(\d{1,6}):([0-5]?\d)(?::([0-5]?\d)(?:\.(\d{1,6}))?)?\s*")
_PIECE = re.compile(r"\s*([+-]?\d{1,6})\s*([a-zA-Z]+)")


def number(text: str) -> Literal | None:
    """A number as PostgreSQL types it: integer, bigint, numeric; with an exponent, a float."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    if "e" in text.lower():
        return Literal(float(value), DOUBLE) if math.isfinite(float(value)) else None
    if "." not in text:
        whole = int(value)
        if abs(whole) < 2**31:
            return Literal(whole, INTEGER)
        return Literal(whole, BIGINT) if abs(whole) < 2**63 else None
    exponent = value.as_tuple().exponent
    scale = -exponent if isinstance(exponent, int) else 0
    digits = max(len(value.as_tuple().digits), scale + 1)
    return Literal(value, decimal(digits, scale)) if digits <= 38 else None


def of(value: Scalar) -> Literal | None:
    """A parameter's value as a constant; None for what has no SQL type here."""
    if value is None:
        return Literal(None, NULL)
    if isinstance(value, bool):
        return Literal(value, BOOLEAN)
    if isinstance(value, int):
        return number(str(value))
    if isinstance(value, float):
        return Literal(value, DOUBLE)
    if isinstance(value, Decimal):
        return number(format(value, "f"))
    if isinstance(value, dt.datetime):
        return Literal(value, TIMESTAMPTZ if value.tzinfo else TIMESTAMP)
    if isinstance(value, dt.date):
        return Literal(value, DATE)
    return Literal(value, TEXT) if "\x00" not in value else None


def read(text: str, target: Type) -> Literal | None:
    """A quoted text as a value of a type, as PostgreSQL reads it; None where it is not one."""
    stripped = text.strip()
    match target.kind:
        case Kind.DATE | Kind.TIMESTAMP | Kind.TIMESTAMPTZ:
            return _moment(stripped, target)
        case Kind.INTEGER:
            return number(stripped) if _WHOLE.fullmatch(stripped) else None
        case Kind.DECIMAL | Kind.FLOAT:
            return number(stripped) if _NUMBER.fullmatch(stripped) else None
        case Kind.BOOLEAN:
            word = stripped.lower()
            if word in ("t", "true", "yes", "on", "1"):
                return Literal(True, BOOLEAN)
            return Literal(False, BOOLEAN) if word in ("f", "false", "no", "off", "0") else None
        case Kind.INTERVAL:
            return interval(stripped)
        case Kind.TEXT | Kind.NULL:
            return Literal(text, TEXT)
    return None


def interval(text: str, unit: str | None = None) -> Literal | None:
    """An interval such as `1 year 2 days`, or a number with its unit apart."""
    source = f"{text} {unit}" if unit else text
    months, days, microseconds, end = 0, 0, 0, 0
    for piece in _PIECE.finditer(source):
        if piece.start() != end:
            return None
        end = piece.end()
        name = piece.group(2).lower().rstrip("s") or piece.group(2).lower()
        size = _UNITS.get(_SHORT.get(name, name))
        if size is None:
            return None
        count = int(piece.group(1))
        months += count * size[0]
        days += count * size[1]
        microseconds += count * size[2]
    clock = _CLOCK.fullmatch(source[end:])
    if clock:
        microseconds += _of_clock(clock)
    elif end == 0 or source[end:].strip():
        return None
    return Literal(f"{months} months {days} days {microseconds} microseconds", INTERVAL)


def _of_clock(clock: re.Match[str]) -> int:
    """Hours, minutes and seconds as 04:05:06.5, with their sign."""
    sign, hours, minutes, seconds, fraction = clock.groups()
    whole = (int(hours) * 60 + int(minutes)) * 60 + int(seconds or 0)
    found = whole * 1_000_000 + int((fraction or "").ljust(6, "0"))
    return -found if sign == "-" else found


def span(text: str) -> tuple[int, int, int]:
    """Months, days and microseconds of an interval's constant."""
    months, _, days, _, microseconds, _ = text.split()
    return int(months), int(days), int(microseconds)


def _moment(text: str, target: Type) -> Literal | None:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    if target.kind is Kind.DATE:
        return Literal(found.date(), DATE)
    if target.kind is Kind.TIMESTAMPTZ:
        aware = found if found.tzinfo else found.replace(tzinfo=dt.UTC)
        return Literal(aware.astimezone(dt.UTC), TIMESTAMPTZ)
    # PostgreSQL ignores a zone that is written on a timestamp without zone.
    return Literal(found.replace(tzinfo=None), TIMESTAMP)
