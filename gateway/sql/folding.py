"""Calls whose arguments are all constants, worked out when a question is planned.

So `invoice_at >= to_timestamp('2011-01-01', 'YYYY-MM-DD')` narrows a range like a constant does.
What is not worked out here is left to the engine, which gives the same value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal

from gateway.sql.expressions import Call, Expr, Literal
from gateway.sql.functions.formats import read
from gateway.sql.functions.time import cut, shifted
from gateway.sql.functions.zones import zone_of
from gateway.sql.literals import span
from gateway.sql.types import DATE, Kind, Scalar, Type

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def folded(call: Call) -> Expr:
    """The constant that a call is; the call itself where it is none, or its value is not one."""
    parts = [part for part in call.arguments if isinstance(part, Literal)]
    make = _VALUES.get(call.function)
    if make is None or len(parts) < len(call.arguments) or any(p.value is None for p in parts):
        return call
    try:
        value = make(parts)
    except (OverflowError, ValueError):
        return call
    return call if value is None else Literal(_typed(value, call.type), call.type)


def _typed(value: Scalar, target: Type) -> Scalar:
    if target.kind is Kind.TIMESTAMPTZ and isinstance(value, dt.datetime):
        return value if value.tzinfo else value.replace(tzinfo=dt.UTC)
    if target.kind is Kind.TIMESTAMP and isinstance(value, dt.datetime):
        return value.replace(tzinfo=None)
    return value


def _moment(part: Literal) -> dt.datetime:
    value = part.value
    if isinstance(value, dt.datetime):
        return value
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)
    raise ValueError("no moment")


def _text(part: Literal) -> str:
    if isinstance(part.value, str):
        return part.value
    raise ValueError("no text")


def _whole(part: Literal) -> int:
    if isinstance(part.value, int):
        return part.value
    raise ValueError("no whole number")


def _date(part: Literal) -> dt.date:
    return _moment(part).date()


def _shift(sign: int) -> Callable[[Sequence[Literal]], Scalar]:
    return lambda parts: shifted(_moment(parts[0]), _text(parts[1]), sign)


def _days(sign: int) -> Callable[[Sequence[Literal]], Scalar]:
    return lambda parts: _date(parts[0]) + dt.timedelta(days=sign * _whole(parts[1]))


def _since_1970(parts: Sequence[Literal]) -> Scalar:
    value = parts[0].value
    if not isinstance(value, (int, Decimal)):
        return None  # a float's last digits are the engine's
    return _EPOCH + dt.timedelta(microseconds=int(Decimal(value) * 10**6))


def _by_format(parts: Sequence[Literal]) -> dt.datetime | None:
    return read(_text(parts[0]), _text(parts[1]))


def _date_by_format(parts: Sequence[Literal]) -> Scalar:
    found = _by_format(parts)
    return found.date() if found else None


def _made_date(parts: Sequence[Literal]) -> Scalar:
    year, month, day = map(_whole, parts)
    return dt.date(year, month, day)


def _cut(parts: Sequence[Literal]) -> Scalar:
    moment = _moment(parts[1])
    plain = moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment
    return cut(_text(parts[0]), plain)


def _in_zone(parts: Sequence[Literal]) -> Scalar:
    return _moment(parts[0]) if zone_of(parts[1]) in ("UTC", "Etc/UTC", "GMT") else None


def _cast(parts: Sequence[Literal], target: Type) -> Scalar:
    moment = _moment(parts[0])
    plain = moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment
    return plain.date() if target.kind is Kind.DATE else plain


def moment_as(literal: Literal, target: Type) -> Literal | None:
    """A constant point in time as another kind of one; None for others."""
    if not literal.type.temporal or not target.temporal or literal.value is None:
        return None
    return Literal(_typed(_cast([literal], target), target), target)


_COMPARED = frozenset(("eq", "ne", "lt", "le", "gt", "ge", "between"))


def by_days(name: str, arguments: Sequence[Expr]) -> Sequence[Expr]:
    """The arguments of a comparison of dates with constant midnights, these as dates.

    A date stands for its midnight, and a later date for a later one, so the comparison holds for
    the same rows. Engines keep the least and greatest date of each block of a file, and skip blocks
    by it; of a date that is made a timestamp first they know nothing.
    """
    constants = [part for part in arguments if isinstance(part, Literal)]
    others = [part for part in arguments if not isinstance(part, Literal)]
    if name not in _COMPARED or not constants or not others:
        return arguments
    if any(part.type.kind is not Kind.DATE for part in others):
        return arguments
    if not all(map(_midnight, constants)):
        return arguments
    return [Literal(_date(part), DATE) if isinstance(part, Literal) else part for part in arguments]


def _midnight(part: Literal) -> bool:
    value = part.value
    if part.type.kind is not Kind.TIMESTAMP or not isinstance(value, dt.datetime):
        return False
    return value.time() == dt.time()


def _sum(sign: int) -> Callable[[Sequence[Literal]], Scalar]:
    def value(parts: Sequence[Literal]) -> Scalar:
        a, b = (span(_text(part)) for part in parts)
        return _span(*(x + sign * y for x, y in zip(a, b, strict=True)))

    return value


def _product(parts: Sequence[Literal]) -> Scalar:
    return _span(*(part * _whole(parts[1]) for part in span(_text(parts[0]))))


def _span(months: int, days: int, microseconds: int) -> Scalar:
    if max(abs(months), abs(days)) >= 2**31 or abs(microseconds) >= 2**63:
        return None
    return f"{months} months {days} days {microseconds} microseconds"


_VALUES: dict[str, Callable[[Sequence[Literal]], Scalar]] = {
    "shift": _shift(1),
    "shift_back": _shift(-1),
    "add_days": _days(1),
    "subtract_days": _days(-1),
    "to_timestamp": _since_1970,
    "to_timestamp_by": _by_format,
    "to_date": _date_by_format,
    "make_date": _made_date,
    "date_trunc": _cut,
    "at_time_zone": _in_zone,
    "add_intervals": _sum(1),
    "subtract_intervals": _sum(-1),
    "multiply_interval": _product,
    "negate_interval": lambda parts: _span(*(-part for part in span(_text(parts[0])))),
}
