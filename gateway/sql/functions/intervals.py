"""Intervals: differences of moments, their parts and multiples. They order as in PostgreSQL, with
months of 30 days; an aggregate takes their parts, such as extract(epoch FROM a - b)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from gateway.privacy.domains import ANYTHING, Domain, Interval, interval_of
from gateway.sql.expressions import Call, Expr, Literal
from gateway.sql.functions.base import Nulls, entry, plain
from gateway.sql.functions.conversion import as_moment
from gateway.sql.literals import span
from gateway.sql.types import BIGINT, BOOLEAN, DOUBLE, INTERVAL, TIMESTAMP, Kind, Scalar, Type

_PARTS = ("year", "month", "day", "hour", "minute", "second", "epoch")
_CLOSED = {"month": (-11, 11), "minute": (-59, 59), "second": (-60, 60)}


def _word(expr: Expr) -> str:
    return expr.value.lower() if isinstance(expr, Literal) and isinstance(expr.value, str) else ""


def _part_type(arguments: Sequence[Expr]) -> Type | None:
    part = _word(arguments[0])
    if part not in _PARTS or arguments[1].type.kind is not Kind.INTERVAL:
        return None
    return DOUBLE if part in ("second", "epoch") else BIGINT


def _range_of_part(call: Call, domains: Sequence[Domain]) -> Domain:
    part, value = _word(call.arguments[0]), call.arguments[1]
    known = _CLOSED.get(part)
    if known:
        return Interval(Fraction(known[0]), Fraction(known[1]))
    if part == "epoch" and isinstance(value, Call) and value.function == "between_moments":
        return _between(value, domains[1])
    return ANYTHING


def _between(call: Call, domain: Domain) -> Domain:
    """The seconds of a difference; its domain is kept in microseconds."""
    interval = interval_of(domain)
    return Interval(interval.lo / 10**6, interval.hi / 10**6) if interval else ANYTHING


def _range_of_difference(call: Call, domains: Sequence[Domain]) -> Domain:
    """In microseconds: the gateway's unit for differences of moments."""
    a, b = map(interval_of, domains)
    if not a or not b or any(part.type.kind is Kind.DATE for part in call.arguments):
        return ANYTHING
    return Interval(a.lo - b.hi, a.hi - b.lo)


def _write_part(call: Call, arguments: Sequence[str]) -> str:
    part, value = _word(call.arguments[0]), arguments[1]
    if part == "second":
        micros = f"TRY(date_part('microseconds', {value}))"
        return f"(CAST({micros} AS DOUBLE) / 1000000)"
    kind = "DOUBLE" if part == "epoch" else "BIGINT"
    return f"TRY(CAST(date_part('{part}', {value}) AS {kind}))"


def _members_of_part(call: Call) -> tuple[Scalar, ...] | None:
    part = _word(call.arguments[0])
    known = _CLOSED.get(part) if part != "second" else None
    return tuple(range(known[0], known[1] + 1)) if known else None


def _two_moments(arguments: Sequence[Expr]) -> Type | None:
    fits = len(arguments) == 2 and all(argument.type.temporal for argument in arguments)
    zones = {argument.type.kind is Kind.TIMESTAMPTZ for argument in arguments}
    return INTERVAL if fits and len(zones) == 1 else None


def _moments(call: Call, arguments: Sequence[str]) -> list[str]:
    pairs = zip(arguments, call.arguments, strict=True)
    return [
        as_moment(text, TIMESTAMP) if part.type.kind is Kind.DATE else text for text, part in pairs
    ]


def _write_difference(call: Call, arguments: Sequence[str]) -> str:
    a, b = _moments(call, arguments)
    return f"TRY({a} - {b})"


def _write_age(call: Call, arguments: Sequence[str]) -> str:
    a, b = _moments(call, arguments)
    return f"CASE WHEN isfinite({a}) AND isfinite({b}) THEN TRY(age({a}, {b})) END"


def _two_intervals(arguments: Sequence[Expr]) -> Type | None:
    fits = all(argument.type.kind is Kind.INTERVAL for argument in arguments)
    return INTERVAL if fits else None


def _multiple(arguments: Sequence[Expr]) -> Type | None:
    amount, times = arguments
    fits = amount.type.kind is Kind.INTERVAL and times.type.kind is Kind.INTEGER
    return INTERVAL if fits else None


def _binned(arguments: Sequence[Expr]) -> Type | None:
    if len(arguments) != 3:
        return None
    stride, moment, origin = arguments
    kind = moment.type.kind
    if not isinstance(stride, Literal) or not isinstance(origin, Literal) or not origin.value:
        return None
    months, days, microseconds = span(str(stride.value)) if _is_span(stride) else (1, 0, 0)
    fits = months == 0 and days >= 0 and microseconds >= 0 and days + microseconds > 0
    return moment.type if fits and kind is origin.type.kind and kind in _STAMPS else None


def _is_span(expr: Expr) -> bool:
    return expr.type.kind is Kind.INTERVAL


_STAMPS = (Kind.TIMESTAMP, Kind.TIMESTAMPTZ)


FUNCTIONS = (
    entry(
        "between_moments",
        "timestamp - timestamp: days, hours and less",
        _two_moments,
        _write_difference,
        range=_range_of_difference,
        nulls=Nulls.SOMETIMES,
    ),
    entry(
        "age",
        "age(a, b): years, months, days and less from b to a",
        _two_moments,
        _write_age,
        nulls=Nulls.SOMETIMES,
    ),
    entry(
        "interval_part",
        f"extract(part FROM interval); parts: {', '.join(_PARTS)}",
        _part_type,
        _write_part,
        range=_range_of_part,
        nulls=Nulls.SOMETIMES,
        members=_members_of_part,
    ),
    entry(
        "add_intervals",
        "interval + interval, interval - interval, - interval; interval * integer, or * floor(a) "
        "and the like",
        _two_intervals,
        plain("TRY({0} + {1})"),
        nulls=Nulls.SOMETIMES,
    ),
    entry("subtract_intervals", "", _two_intervals, plain("TRY({0} - {1})"), nulls=Nulls.SOMETIMES),
    entry("multiply_interval", "", _multiple, plain("TRY({0} * {1})"), nulls=Nulls.SOMETIMES),
    entry("negate_interval", "", _two_intervals, plain("TRY(- {0})"), nulls=Nulls.SOMETIMES),
    entry(
        "date_bin",
        "date_bin('15 minutes', a, origin): stride and origin constant, no months",
        _binned,
        plain("TRY(time_bucket({0}, {1}, {2}))"),
        nulls=Nulls.SOMETIMES,
    ),
    entry(
        "isfinite",
        "isfinite(a) of a date or timestamp",
        lambda arguments: BOOLEAN if arguments[0].type.temporal else None,
        plain("isfinite({0})"),
        members=lambda call: (False, True, None),
    ),
)
