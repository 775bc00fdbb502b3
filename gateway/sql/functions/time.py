"""Dates, timestamps and intervals. All times are computed in UTC."""

from __future__ import annotations

import calendar
import datetime as dt
import math
from collections.abc import Sequence
from fractions import Fraction

from gateway.privacy.domains import ANYTHING, Domain, Interval, add, interval_of, negate
from gateway.sql.expressions import Call, Expr, Literal
from gateway.sql.functions.base import Nulls, Ranging, entry
from gateway.sql.functions.conversion import as_moment, duckdb_type
from gateway.sql.literals import span
from gateway.sql.types import BIGINT, DOUBLE, TIMESTAMP, Kind, Scalar, Type, from_ordinal, ordinal

GRAINS = (
    *("microsecond", "millisecond", "second", "minute", "hour", "day", "week", "month", "quarter"),
    *("year", "decade", "century", "millennium"),
)
"""What date_trunc cuts to."""

_PARTS: dict[str, tuple[int, int] | None] = {
    "microseconds": (0, 60_000_000 - 1),
    "milliseconds": (0, 60_000),
    "second": (0, 60),
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
    "decade": None,
    "century": None,
    "millennium": None,
    "epoch": None,
}
_CLOCK = ("hour", "minute", "second", "milliseconds", "microseconds")
FRACTIONS = {"second": 6, "milliseconds": 3}
"""Parts with a fraction: in how many tenths of tenths."""
WIDE = {"decade": 10, "century": 100, "millennium": 1000}
PARTS = tuple(_PARTS)
"""What extract and date_part give."""

_MOST_MEMBERS = 10_000


def word(expr: Expr) -> str:
    """A constant part or grain in lower case."""
    return expr.value.lower() if isinstance(expr, Literal) and isinstance(expr.value, str) else ""


def _part_type(arguments: Sequence[Expr]) -> Type | None:
    part, kind = word(arguments[0]), arguments[1].type
    if not kind.temporal or part not in _PARTS:
        return None
    if part in _CLOCK and kind.kind is Kind.DATE:
        return None
    return DOUBLE if part in FRACTIONS or part == "epoch" else BIGINT


def _range_of_part(call: Call, domains: Sequence[Domain]) -> Domain:
    part = word(call.arguments[0])
    known = _PARTS[part]
    if known:
        return Interval(Fraction(known[0]), Fraction(known[1]))
    source = call.arguments[1].type
    interval = interval_of(domains[1])
    if part == "epoch":
        unit = Fraction(86_400) if source.kind is Kind.DATE else Fraction(1, 10**6)
        return Interval(interval.lo * unit, interval.hi * unit) if interval else ANYTHING
    ends = _moments(domains[1], source)
    if not ends:
        return ANYTHING
    if part in WIDE:
        return Interval(*(Fraction(end.year // WIDE[part] + i) for i, end in enumerate(ends)))
    slack = 1 if part == "isoyear" else 0
    return Interval(Fraction(ends[0].year - slack), Fraction(ends[1].year + slack))


def _members_of_part(call: Call) -> tuple[Scalar, ...] | None:
    part = word(call.arguments[0])
    known = _PARTS[part]
    if not known or part in FRACTIONS or part == "microseconds":
        return None
    return tuple(range(known[0], known[1] + 1))


def _moments(domain: Domain, kind: Type) -> tuple[dt.date, dt.date] | None:
    interval = interval_of(domain)
    if not interval:
        return None
    lo, hi = math.floor(interval.lo), math.ceil(interval.hi)
    return from_ordinal(lo, kind.kind), from_ordinal(hi, kind.kind)


def _cut_type(arguments: Sequence[Expr]) -> Type | None:
    kind = arguments[1].type
    if word(arguments[0]) not in GRAINS or not kind.temporal:
        return None
    return TIMESTAMP if kind.kind is Kind.DATE else kind


def _range_of_cut(call: Call, domains: Sequence[Domain]) -> Domain:
    source = call.arguments[1].type
    ends = _moments(domains[1], source)
    if not ends:
        return ANYTHING
    grain = word(call.arguments[0])
    first, last = (_midnight(end) for end in ends)
    if first.year < 1_001:
        return ANYTHING
    return Interval(Fraction(ordinal(cut(grain, first))), Fraction(ordinal(cut(grain, last))))


def _midnight(moment: dt.date) -> dt.datetime:
    if isinstance(moment, dt.datetime):
        return moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment
    return dt.datetime(moment.year, moment.month, moment.day)


def cuts_between(grain: str, first: dt.datetime, last: dt.datetime) -> list[dt.datetime] | None:
    """Every start of a grain that holds a moment from first to last; None where there are many."""
    found: list[dt.datetime] = []
    start = cut(grain, first)
    while start <= last:
        found.append(start)
        if len(found) > _MOST_MEMBERS:
            return None
        start = _next(grain, start)
    return found


def cut(grain: str, moment: dt.datetime) -> dt.datetime:
    """The start of the grain that holds a moment."""
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if grain in ("microsecond", "millisecond", "second", "minute", "hour"):
        return day + (moment - day) // _UNITS[grain] * _UNITS[grain]
    first = day.replace(day=1, month=1)
    match grain:
        case "week":
            return day - dt.timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(day=1, month=3 * ((day.month - 1) // 3) + 1)
        case "year":
            return first
        case "decade":
            return first.replace(year=day.year // 10 * 10)
        case "century" | "millennium":
            # The 21st century and the third millennium began with 2001.
            return first.replace(year=_first_year(grain, day.year))
    return day


_UNITS = {
    "microsecond": dt.timedelta(microseconds=1),
    "millisecond": dt.timedelta(milliseconds=1),
    "second": dt.timedelta(seconds=1),
    "minute": dt.timedelta(minutes=1),
    "hour": dt.timedelta(hours=1),
    "day": dt.timedelta(days=1),
    "week": dt.timedelta(days=7),
}


def _first_year(grain: str, year: int) -> int:
    return (year - 1) // WIDE[grain] * WIDE[grain] + 1


def _next(grain: str, start: dt.datetime) -> dt.datetime:
    if grain in _UNITS:
        return start + _UNITS[grain]
    months = {"month": 1, "quarter": 3, "year": 12}.get(grain) or 12 * WIDE[grain]
    total = start.year * 12 + start.month - 1 + months
    return start.replace(year=total // 12, month=total % 12 + 1)


def _write_part(call: Call, arguments: Sequence[str]) -> str:
    part, moment = word(call.arguments[0]), arguments[1]
    if part in FRACTIONS:
        micros = f"TRY(date_part('microseconds', {moment}))"
        return f"(CAST({micros} AS DOUBLE) / {10 ** FRACTIONS[part]})"
    if part == "epoch":
        return f"TRY(CAST(date_part('epoch', {moment}) AS DOUBLE))"
    return f"TRY(date_part('{part}', {moment}))"


def _write_cut(call: Call, arguments: Sequence[str]) -> str:
    """A moment too near the ends of the type to be cut stays as it is."""
    moment, grain = arguments[1], word(call.arguments[0])
    kind = duckdb_type(call.type)
    cut = f"TRY(CAST(date_trunc('{grain}', {moment}) AS {kind}))"
    if grain in ("century", "millennium"):
        years = f"(({_year(moment)} - 1) // {WIDE[grain]} * {WIDE[grain]} + 1)"
        within = f"{moment} BETWEEN {_FIRST} AND {_LAST}"
        cut = f"CASE WHEN {within} THEN CAST(make_date({years}, 1, 1) AS {kind}) END"
    whole = as_moment(moment, call.type) if _is_date(call.arguments[1]) else moment
    return f"COALESCE({cut}, {whole})"


_FIRST, _LAST = "DATE '0001-01-01'", "DATE '9999-12-31'"


def _year(moment: str) -> str:
    return f"CAST(date_part('year', {moment}) AS BIGINT)"


def _is_date(expr: Expr) -> bool:
    return expr.type.kind is Kind.DATE


def _shift_type(arguments: Sequence[Expr]) -> Type | None:
    moment, amount = arguments[0].type, arguments[1].type
    if not moment.temporal or amount.kind is not Kind.INTERVAL:
        return None
    return TIMESTAMP if moment.kind is Kind.DATE else moment


def _range_of_shift(sign: int) -> Ranging:
    """By a constant. Within the last days of a month the order of moments may change by less than
    a day where months are added, as 30 January 23:00 and 31 January 01:00 both fall on the 28th."""

    def range_of(call: Call, domains: Sequence[Domain]) -> Domain:
        ends, amount = _moments(domains[0], call.arguments[0].type), call.arguments[1]
        if not ends or not isinstance(amount, Literal) or not isinstance(amount.value, str):
            return ANYTHING
        try:
            moments = [shifted(_midnight(end), amount.value, sign) for end in ends]
            day = dt.timedelta(days=1 if span(amount.value)[0] else 0)
            first, last = moments[0] - day, moments[1] + day
        except (OverflowError, ValueError):
            return ANYTHING
        return Interval(Fraction(ordinal(first)), Fraction(ordinal(last)))

    return range_of


def shifted(moment: dt.datetime, amount: str, sign: int) -> dt.datetime:
    """A moment plus (sign 1) or minus an interval: months first, to the last day of a shorter
    month, then days, then microseconds. Raises OverflowError or ValueError outside the years 1 to
    9999."""
    months, days, microseconds = (sign * part for part in span(amount))
    total = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(total, 12)
    last = calendar.monthrange(year, month + 1)[1]
    start = moment.replace(year=year, month=month + 1, day=min(moment.day, last))
    return start + dt.timedelta(days=days, microseconds=microseconds)


def _shift_days(arguments: Sequence[Expr]) -> Type | None:
    fits = arguments[0].type.kind is Kind.DATE and arguments[1].type.kind is Kind.INTEGER
    return arguments[0].type if fits else None


def _days_between(arguments: Sequence[Expr]) -> Type | None:
    return BIGINT if all(argument.type.kind is Kind.DATE for argument in arguments) else None


def _seconds_between(arguments: Sequence[Expr]) -> Type | None:
    kinds = (Kind.TIMESTAMP, Kind.TIMESTAMPTZ)
    return DOUBLE if all(argument.type.kind in kinds for argument in arguments) else None


def _range_of_days_on(sign: int) -> Ranging:
    def range_of(call: Call, domains: Sequence[Domain]) -> Domain:
        a, b = map(interval_of, domains)
        if not a or not b:
            return ANYTHING
        found = add(a, b if sign == 1 else negate(b))
        ends = (ordinal(dt.date.min), ordinal(dt.date.max))
        return found if ends[0] <= found.lo and found.hi <= ends[1] else ANYTHING

    return range_of


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
        nulls=Nulls.OUTSIDE,
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
        "a + INTERVAL '…', a - INTERVAL '…', for dates and timestamps",
        _shift_type,
        lambda call, arguments: f"TRY({arguments[0]} + {arguments[1]})",
        range=_range_of_shift(1),
        nulls=Nulls.OUTSIDE,
    ),
    entry(
        "shift_back",
        "",
        _shift_type,
        lambda call, arguments: f"TRY({arguments[0]} - {arguments[1]})",
        range=_range_of_shift(-1),
        nulls=Nulls.OUTSIDE,
    ),
    entry(
        "add_days",
        "date + integer, date - integer",
        _shift_days,
        lambda call, arguments: f"TRY({arguments[0]} + TRY_CAST({arguments[1]} AS INTEGER))",
        range=_range_of_days_on(1),
        nulls=Nulls.SOMETIMES,
    ),
    entry(
        "subtract_days",
        "",
        _shift_days,
        lambda call, arguments: f"TRY({arguments[0]} - TRY_CAST({arguments[1]} AS INTEGER))",
        range=_range_of_days_on(-1),
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
