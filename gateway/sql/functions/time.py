"""Dates, timestamps and intervals. All times are computed in UTC."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

from gateway.privacy.domains import ANYTHING, Domain, Interval, interval_of
from gateway.sql.expressions import Call, Expr, Literal
from gateway.sql.functions.base import Nulls, entry
from gateway.sql.functions.conversion import as_moment, duckdb_type
from gateway.sql.types import BIGINT, DOUBLE, TIMESTAMP, Kind, Scalar, Type, from_ordinal, ordinal

GRAINS = ("minute", "hour", "day", "week", "month", "quarter", "year", "second")
"""What date_trunc cuts to."""

_PARTS: dict[str, tuple[int, int] | None] = {
    "month": (1, 12),
    "quarter": (1, 4),
    "day": (1, 31),
    "dow": (0, 6),
    "isodow": (1, 7),
    "doy": (1, 366),
    "week": (1, 53),
    "hour": (0, 23),
    "minute": (0, 59),
    "year": None,
    "isoyear": None,
}
PARTS = tuple(_PARTS)
"""What extract and date_part give."""

_MOST_MEMBERS = 10_000


def _word(expr: Expr) -> str:
    return expr.value.lower() if isinstance(expr, Literal) and isinstance(expr.value, str) else ""


def _part_type(arguments: Sequence[Expr]) -> Type | None:
    fits = arguments[1].type.temporal and _word(arguments[0]) in _PARTS
    clock = _word(arguments[0]) in ("hour", "minute")
    if clock and arguments[1].type.kind is Kind.DATE:
        return None
    return BIGINT if fits else None


def _range_of_part(call: Call, domains: Sequence[Domain]) -> Domain:
    known = _PARTS[_word(call.arguments[0])]
    if known:
        return Interval(Fraction(known[0]), Fraction(known[1]))
    ends = _moments(domains[1], call.arguments[1].type)
    if not ends:
        return ANYTHING
    slack = 1 if _word(call.arguments[0]) == "isoyear" else 0
    return Interval(Fraction(ends[0].year - slack), Fraction(ends[1].year + slack))


def _members_of_part(call: Call) -> tuple[Scalar, ...] | None:
    known = _PARTS[_word(call.arguments[0])]
    return tuple(range(known[0], known[1] + 1)) if known else None


def _moments(domain: Domain, kind: Type) -> tuple[dt.date, dt.date] | None:
    interval = interval_of(domain)
    if not interval:
        return None
    lo, hi = int(interval.lo), int(interval.hi)
    return from_ordinal(lo, kind.kind), from_ordinal(hi, kind.kind)


def _cut_type(arguments: Sequence[Expr]) -> Type | None:
    kind = arguments[1].type
    if _word(arguments[0]) not in GRAINS or not kind.temporal:
        return None
    return TIMESTAMP if kind.kind is Kind.DATE else kind


def _range_of_cut(call: Call, domains: Sequence[Domain]) -> Domain:
    source = call.arguments[1].type
    ends = _moments(domains[1], source)
    if not ends:
        return ANYTHING
    grain = _word(call.arguments[0])
    first, last = (_midnight(end) for end in ends)
    if first.year < 2:
        return ANYTHING
    return Interval(Fraction(ordinal(_cut(grain, first))), Fraction(ordinal(_cut(grain, last))))


def _midnight(moment: dt.date) -> dt.datetime:
    if isinstance(moment, dt.datetime):
        return moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment
    return dt.datetime(moment.year, moment.month, moment.day)


def cuts_between(grain: str, first: dt.datetime, last: dt.datetime) -> list[dt.datetime] | None:
    """Every start of a grain that holds a moment from first to last; None where there are many."""
    found: list[dt.datetime] = []
    start = _cut(grain, first)
    while start <= last:
        found.append(start)
        if len(found) > _MOST_MEMBERS:
            return None
        start = _next(grain, start)
    return found


def _cut(grain: str, moment: dt.datetime) -> dt.datetime:
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    match grain:
        case "second":
            return moment.replace(microsecond=0)
        case "minute":
            return moment.replace(second=0, microsecond=0)
        case "hour":
            return moment.replace(minute=0, second=0, microsecond=0)
        case "week":
            return day - dt.timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(day=1, month=3 * ((day.month - 1) // 3) + 1)
        case "year":
            return day.replace(day=1, month=1)
    return day


def _next(grain: str, start: dt.datetime) -> dt.datetime:
    steps = {
        "second": dt.timedelta(seconds=1),
        "minute": dt.timedelta(minutes=1),
        "hour": dt.timedelta(hours=1),
        "day": dt.timedelta(days=1),
        "week": dt.timedelta(days=7),
    }
    if grain in steps:
        return start + steps[grain]
    months = {"month": 1, "quarter": 3, "year": 12}[grain]
    total = start.year * 12 + start.month - 1 + months
    return start.replace(year=total // 12, month=total % 12 + 1)


def _write_part(call: Call, arguments: Sequence[str]) -> str:
    return f"TRY(date_part('{_word(call.arguments[0])}', {arguments[1]}))"


def _write_cut(call: Call, arguments: Sequence[str]) -> str:
    """A moment too near the ends of the type to be cut stays as it is."""
    moment = arguments[1]
    cut = (
        f"TRY(CAST(date_trunc('{_word(call.arguments[0])}', {moment}) AS {duckdb_type(call.type)}))"
    )
    whole = as_moment(moment, call.type) if _is_date(call.arguments[1]) else moment
    return f"COALESCE({cut}, {whole})"


def _is_date(expr: Expr) -> bool:
    return expr.type.kind is Kind.DATE


def _shift_type(arguments: Sequence[Expr]) -> Type | None:
    moment, amount = arguments[0].type, arguments[1]
    if not moment.temporal or not isinstance(amount, Literal):
        return None
    if amount.type.kind is not Kind.INTERVAL:
        return None
    return TIMESTAMP if moment.kind is Kind.DATE else moment


def _shift_days(arguments: Sequence[Expr]) -> Type | None:
    fits = arguments[0].type.kind is Kind.DATE and arguments[1].type.kind is Kind.INTEGER
    return arguments[0].type if fits else None


def _days_between(arguments: Sequence[Expr]) -> Type | None:
    return BIGINT if all(argument.type.kind is Kind.DATE for argument in arguments) else None


def _seconds_between(arguments: Sequence[Expr]) -> Type | None:
    kinds = (Kind.TIMESTAMP, Kind.TIMESTAMPTZ)
    return DOUBLE if all(argument.type.kind in kinds for argument in arguments) else None


def _range_of_days(call: Call, domains: Sequence[Domain]) -> Domain:
    a, b = map(interval_of, domains)
    return Interval(a.lo - b.hi, a.hi - b.lo) if a and b else ANYTHING


def _range_of_seconds(call: Call, domains: Sequence[Domain]) -> Domain:
    a, b = map(interval_of, domains)
    return Interval((a.lo - b.hi) / 10**6, (a.hi - b.lo) / 10**6) if a and b else ANYTHING


FUNCTIONS = (
    entry(
        "date_part",
        f"extract(part FROM a), date_part('part', a); parts: {', '.join(PARTS)}",
        _part_type,
        _write_part,
        range=_range_of_part,
        nulls=Nulls.SOMETIMES,
        members=_members_of_part,
    ),
    entry(
        "date_trunc",
        f"date_trunc('grain', a); grains: {', '.join(GRAINS)}",
        _cut_type,
        _write_cut,
        range=_range_of_cut,
    ),
    entry(
        "shift",
        "a + INTERVAL '…', for dates and timestamps",
        _shift_type,
        lambda call, arguments: f"TRY({arguments[0]} + {arguments[1]})",
        nulls=Nulls.SOMETIMES,
    ),
    entry(
        "shift_back",
        "a - INTERVAL '…', for dates and timestamps",
        _shift_type,
        lambda call, arguments: f"TRY({arguments[0]} - {arguments[1]})",
        nulls=Nulls.SOMETIMES,
    ),
    entry(
        "add_days",
        "date + integer",
        _shift_days,
        lambda call, arguments: f"TRY({arguments[0]} + TRY_CAST({arguments[1]} AS INTEGER))",
        nulls=Nulls.SOMETIMES,
    ),
    entry(
        "days_between",
        "date - date, in days",
        _days_between,
        lambda call, arguments: f"TRY(date_diff('day', {arguments[1]}, {arguments[0]}))",
        range=_range_of_days,
        nulls=Nulls.SOMETIMES,
    ),
    entry(
        "seconds_between",
        "extract(epoch FROM a - b), in seconds",
        _seconds_between,
        lambda call, arguments: (
            f"(TRY(date_diff('microsecond', {arguments[1]}, {arguments[0]})) / 1000000.0::DOUBLE)"
        ),
        range=_range_of_seconds,
        nulls=Nulls.SOMETIMES,
    ),
)
