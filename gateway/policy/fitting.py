"""Bringing what a policy declares to the type that a column has in the engine."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from fractions import Fraction

from gateway.privacy.domains import Interval
from gateway.sql.types import Kind, Scalar, Type, ordinal

_LAST_OF_DAY = dt.time(23, 59, 59, 999999)


def member(value: Scalar, column: Type) -> Scalar:
    """A declared value as the engine returns it for a column of that type; NULL stays None.

    Raises ValueError with what is allowed where the value is not of the type.
    """
    if value is None:
        return None
    read = _MEMBERS.get(column.kind)
    if read is None:
        raise ValueError(f"no values: the column is {column.name}")
    return read(value, column)


def interval(bounds: tuple[Scalar, Scalar], column: Type) -> Interval:
    """Declared bounds as an interval in the units of the column (ordinals for points in time).

    A day as the upper bound of a timestamp includes that day. Raises ValueError with what is
    allowed where the bounds are not of the type.
    """
    lo, hi = bounds
    if column.numeric:
        return Interval(_number(lo, column), _number(hi, column))
    if column.temporal:
        if column.kind is not Kind.DATE and type(hi) is dt.date:
            hi = dt.datetime.combine(hi, _LAST_OF_DAY)
        return Interval(_moment(lo, column), _moment(hi, column))
    raise ValueError(f"no bounds: the column is {column.name}; values lists what a column can have")


def check_step(step: Fraction, column: Type) -> None:
    """Raise ValueError with what is allowed where a step does not fit the column's type."""
    if not column.numeric:
        raise ValueError(f"no step: the column is {column.name}, and steps are for numbers")
    if column.kind is Kind.INTEGER and step.denominator != 1:
        raise ValueError("a whole number: the column has integers")


def check_max_total(column: Type) -> None:
    """Raise ValueError with what is allowed where a column cannot be summed."""
    if not column.numeric:
        raise ValueError(f"no max_total: the column is {column.name}, and totals are of numbers")


def _number(value: Scalar, column: Type) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError(f"numbers: the column is {column.name}")
    number = Fraction(value)
    if column.kind is Kind.INTEGER:
        if number.denominator != 1:
            raise ValueError(f"whole numbers: the column is {column.name}")
        _integer(int(number), column)
    if column.kind is Kind.FLOAT and not _finite(number):
        raise ValueError(f"numbers that a {column.name} can hold")
    return number


def _moment(value: Scalar, column: Type) -> Fraction:
    if not isinstance(value, dt.date):
        raise ValueError(f"dates or timestamps: the column is {column.name}")
    fitted = member(value, column)
    if not isinstance(fitted, dt.date):
        raise ValueError(f"dates or timestamps: the column is {column.name}")
    return Fraction(ordinal(fitted))


def _boolean(value: Scalar, column: Type) -> Scalar:
    if not isinstance(value, bool):
        raise ValueError(f"true and false: the column is {column.name}")
    return value


def _integer(value: Scalar, column: Type) -> Scalar:
    limit = 1 << (column.bits - 1)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"whole numbers without quotes: the column is {column.name}")
    if not -limit <= value < limit:
        raise ValueError(f"whole numbers from {-limit} to {limit - 1}")
    return value


def _decimal(value: Scalar, column: Type) -> Scalar:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError(f"numbers without quotes: the column is {column.name}")
    scaled = Fraction(value) * 10**column.scale
    if scaled.denominator != 1 or abs(scaled) >= 10**column.precision:
        raise ValueError(
            f"numbers of {column.precision} digits, {column.scale} of them after the point"
        )
    digits = tuple(map(int, str(abs(int(scaled)))))
    return Decimal((int(scaled < 0), digits, -column.scale))  # `scaleb` would round to 28 digits


def _float(value: Scalar, column: Type) -> Scalar:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError(f"numbers without quotes: the column is {column.name}")
    if not _finite(Fraction(value)):
        raise ValueError(f"numbers that a {column.name} can hold")
    return float(value)


def _text(value: Scalar, column: Type) -> Scalar:
    if not isinstance(value, str):
        raise ValueError("text; in quotes where it looks like a number, a date, true or false")
    return value


def _date(value: Scalar, column: Type) -> Scalar:
    if type(value) is not dt.date:
        raise ValueError("dates such as 2020-01-31")
    return value


def _timestamp(value: Scalar, column: Type) -> Scalar:
    """Plain dates begin at midnight; the zone, if any, has to fit the column."""
    if not isinstance(value, dt.date):
        raise ValueError("timestamps such as 2020-01-31 12:00:00")
    moment = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
    if column.kind is Kind.TIMESTAMP:
        if moment.tzinfo is not None:
            raise ValueError("timestamps without a zone: the column has none")
        return moment
    return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _finite(number: Fraction) -> bool:
    try:
        return math.isfinite(float(number))
    except OverflowError:
        return False


_MEMBERS = {
    Kind.BOOLEAN: _boolean,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.FLOAT: _float,
    Kind.TEXT: _text,
    Kind.DATE: _date,
    Kind.TIMESTAMP: _timestamp,
    Kind.TIMESTAMPTZ: _timestamp,
}
