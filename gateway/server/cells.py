"""One SQL value as JSON text, as PostgreSQL's `to_json` writes it."""

from __future__ import annotations

import datetime as dt
import json
import math
from decimal import Decimal
from fractions import Fraction

from gateway.noise.rounding import float_up
from gateway.sql.types import Scalar


def cell(value: Scalar) -> str:
    """JSON text of one value.

    Integers of any size and decimals keep every digit (JSON numbers have no limit), dates and
    timestamps are ISO 8601 strings, NaN and infinities, which JSON lacks, are null.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else "null"
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else "null"
    return f'"{moment(value)}"'


def moment(value: dt.date | dt.datetime) -> str:
    """A date, timestamp or UTC timestamp in ISO 8601: `2010-12-01`, `2010-12-01T08:26:00`."""
    return value.isoformat()


def row(values: tuple[Scalar, ...]) -> str:
    """JSON text of one row."""
    return "[" + ",".join(map(cell, values)) + "]"


def number(value: Fraction) -> int | float:
    """A fraction as a JSON number: an int where it is integral, else the nearest float."""
    return value.numerator if value.denominator == 1 else float(value)


def number_up(value: Fraction) -> int | float:
    """A bound as a JSON number, never below the exact value: floats are rounded up."""
    return value.numerator if value.denominator == 1 else float_up(value)
