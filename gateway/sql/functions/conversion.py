"""Casts and bucketing. A cast that fails for a value gives NULL."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from gateway.privacy.domains import ANYTHING, Domain, Interval, interval_of
from gateway.sql.expressions import Call, Expr, Literal
from gateway.sql.functions.base import Nulls, entry
from gateway.sql.types import INTEGER, Kind, Scalar, Type

LAST_YEAR = 294_246
"""The last year that is a timestamp's on every engine in full."""
_MOST_BUCKETS = 10_000
_DAY = 86_400_000_000
_MOST_THRESHOLDS = 100
_NAMES = {
    Kind.BOOLEAN: "BOOLEAN",
    Kind.FLOAT: "DOUBLE",
    Kind.TEXT: "VARCHAR",
    Kind.DATE: "DATE",
    Kind.TIMESTAMP: "TIMESTAMP",
    Kind.TIMESTAMPTZ: "TIMESTAMPTZ",
    Kind.INTERVAL: "INTERVAL",
}


def duckdb_type(kind: Type) -> str:
    """A type's name in DuckDB."""
    if kind.kind is Kind.INTEGER:
        return {16: "SMALLINT", 32: "INTEGER"}.get(kind.bits, "BIGINT")
    if kind.kind is Kind.DECIMAL:
        return f"DECIMAL({kind.precision}, {kind.scale})"
    return _NAMES.get(kind.kind, "VARCHAR")


_TO = {
    Kind.INTEGER: (Kind.INTEGER, Kind.DECIMAL, Kind.FLOAT, Kind.TEXT, Kind.BOOLEAN),
    Kind.DECIMAL: (Kind.INTEGER, Kind.DECIMAL, Kind.FLOAT, Kind.TEXT),
    Kind.FLOAT: (Kind.INTEGER, Kind.DECIMAL, Kind.FLOAT, Kind.TEXT),
    Kind.TEXT: (
        *(Kind.TEXT, Kind.INTEGER, Kind.DECIMAL, Kind.BOOLEAN, Kind.DATE),
        *(Kind.TIMESTAMP, Kind.TIMESTAMPTZ),
    ),
    Kind.BOOLEAN: (Kind.BOOLEAN, Kind.TEXT, Kind.INTEGER),
    Kind.DATE: (Kind.DATE, Kind.TIMESTAMP, Kind.TEXT, Kind.TIMESTAMPTZ),
    Kind.TIMESTAMP: (Kind.DATE, Kind.TIMESTAMP, Kind.TEXT, Kind.TIMESTAMPTZ),
    Kind.TIMESTAMPTZ: (Kind.TIMESTAMPTZ, Kind.DATE, Kind.TIMESTAMP, Kind.TEXT),
}
"""Which kinds a cast takes, by the kind it makes."""


def castable(source: Type, target: Type) -> bool:
    """Whether the gateway casts one type to the other."""
    return source.kind is Kind.NULL or source.kind in _TO.get(target.kind, ())


def _write_cast(call: Call, arguments: Sequence[str]) -> str:
    source = call.arguments[0].type
    if call.type.kind is Kind.INTEGER and source.kind is Kind.FLOAT:
        # PostgreSQL rounds halves to even; DuckDB's own cast does too, but only in range.
        return f"TRY_CAST(round_even({arguments[0]}, 0) AS {duckdb_type(call.type)})"
    if source.kind is Kind.TEXT and call.type.kind in SPELLED:
        # Engines read more, each something else: 1.7 and 0x10 as integers, 2011/1/2 as dates.
        fits = f"regexp_full_match(lower({arguments[0]}), '{SPELLED[call.type.kind]}')"
        return f"CASE WHEN {fits} THEN TRY_CAST({arguments[0]} AS {duckdb_type(call.type)}) END"
    return f"TRY_CAST({arguments[0]} AS {duckdb_type(call.type)})"


_DAY_TEXT = "[0-9]{4,5}-[0-9]{1,2}-[0-9]{1,2}"
_CLOCK_TEXT = r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
SPELLED = {
    Kind.INTEGER: r"\s*[+-]?[0-9]+\s*",
    Kind.DATE: rf"\s*{_DAY_TEXT}([ t]{_CLOCK_TEXT})?\s*",
    Kind.TIMESTAMP: rf"\s*{_DAY_TEXT}([ t]{_CLOCK_TEXT})?\s*",
    Kind.TIMESTAMPTZ: rf"\s*{_DAY_TEXT}([ t]{_CLOCK_TEXT}(z|[+-][0-9]{{2}}(:?[0-9]{{2}})?)?)?\s*",
    Kind.BOOLEAN: r"\s*(t|true|y|yes|on|1|f|false|n|no|off|0)\s*",
}
"""What a text in lower case must look like to be read as a value of a kind, on every engine."""


def _range_of_cast(call: Call, domains: Sequence[Domain]) -> Domain:
    source = call.arguments[0].type
    if source.temporal and call.type.temporal:
        return _moments(source, call.type, interval_of(domains[0]))
    if not source.numeric or not call.type.numeric:
        same = source.kind is call.type.kind
        if source.kind is Kind.BOOLEAN and call.type.kind is Kind.INTEGER:
            return Interval(Fraction(0), Fraction(1))
        return domains[0] if same else ANYTHING
    interval = interval_of(domains[0])
    if not interval:
        return ANYTHING
    if call.type.kind is Kind.INTEGER and source.kind is not Kind.INTEGER:
        return Interval(Fraction(round(interval.lo)) - 1, Fraction(round(interval.hi)) + 1)
    if call.type.kind is Kind.DECIMAL:
        step = Fraction(1, 10**call.type.scale)
        return Interval(interval.lo - step, interval.hi + step)
    return interval


def _moments(source: Type, target: Type, interval: Interval | None) -> Domain:
    """Days for dates, microseconds otherwise; a moment's date is that of the day it is in."""
    if interval is None or (source.kind is Kind.DATE) == (target.kind is Kind.DATE):
        return interval or ANYTHING
    if source.kind is Kind.DATE:
        return Interval(interval.lo * _DAY, interval.hi * _DAY)
    return Interval(Fraction(interval.lo // _DAY), Fraction(interval.hi // _DAY))


def as_moment(text: str, target: Type) -> str:
    """A date as a timestamp; dates beyond the range of timestamps become the infinite ones."""
    kind = duckdb_type(target)
    return (
        f"COALESCE(TRY_CAST({text} AS {kind}), CASE WHEN {text} > DATE '1970-01-01' "
        f"THEN CAST('infinity' AS {kind}) WHEN {text} IS NOT NULL "
        f"THEN CAST('-infinity' AS {kind}) END)"
    )


def _between_type(arguments: Sequence[Expr]) -> Type | None:
    """A number and constants that rise."""
    ends = arguments[1:]
    if not arguments[0].type.numeric or not 1 <= len(ends) <= _MOST_THRESHOLDS:
        return None
    if not all(isinstance(end, Literal) and end.type.numeric for end in ends):
        return None
    numbers = [number_of_literal(end) for end in ends]
    return INTEGER if all(a < b for a, b in pairwise(numbers)) else None


def _between(call: Call) -> tuple[Scalar, ...]:
    return tuple(range(len(call.arguments)))


def _range_of_between(call: Call, domains: Sequence[Domain]) -> Domain:
    return Interval(Fraction(0), Fraction(len(call.arguments) - 1))


def _write_between(call: Call, arguments: Sequence[str]) -> str:
    value = f"CAST({arguments[0]} AS DOUBLE)"
    ends = [float(number_of_literal(end)) for end in call.arguments[1:]]
    steps = " ".join(f"WHEN {value} < {end!r} THEN {i}" for i, end in enumerate(ends))
    return f"CASE WHEN {value} IS NULL OR isnan({value}) THEN NULL {steps} ELSE {len(ends)} END"


def _bucket_type(arguments: Sequence[Expr]) -> Type | None:
    if len(arguments) != 4:
        return None
    lo, hi, count = arguments[1:]
    if not all(isinstance(end, Literal) and end.type.numeric for end in (lo, hi, count)):
        return None
    if (
        not arguments[0].type.numeric
        or _whole(count) is None
        or number_of_literal(lo) == number_of_literal(hi)
    ):
        return None
    return INTEGER


def _whole(expr: Expr) -> int | None:
    value = expr.value if isinstance(expr, Literal) else None
    fits = isinstance(value, int) and 1 <= value <= _MOST_BUCKETS
    return value if fits and isinstance(value, int) else None


def number_of_literal(expr: Expr) -> Fraction:
    """The value of a constant number."""
    value = expr.value if isinstance(expr, Literal) else None
    return Fraction(str(value))


def _buckets(call: Call) -> tuple[Scalar, ...]:
    return tuple(range((_whole(call.arguments[3]) or 0) + 2))


def _range_of_buckets(call: Call, domains: Sequence[Domain]) -> Domain:
    return Interval(Fraction(0), Fraction((_whole(call.arguments[3]) or 0) + 1))


def _write_bucket(call: Call, arguments: Sequence[str]) -> str:
    value = f"CAST({arguments[0]} AS DOUBLE)"
    lo, hi = (number_of_literal(end) for end in call.arguments[1:3])
    count = arguments[3]
    low, high = float(min(lo, hi)), float(max(lo, hi))
    if lo < hi:
        below, above = f"{value} < {low!r}", f"{value} >= {high!r}"
        share = f"({value} - {low!r}) / {high - low!r}"
    else:
        below, above = f"{value} > {high!r}", f"{value} <= {low!r}"
        share = f"({high!r} - {value}) / {high - low!r}"
    inside = f"least(1 + CAST(floor({share} * {count}) AS INTEGER), {count})"
    return (
        f"CASE WHEN {value} IS NULL OR isnan({value}) THEN NULL WHEN {below} THEN 0 "
        f"WHEN {above} THEN {count} + 1 ELSE {inside} END"
    )


FUNCTIONS = (
    entry(
        "cast",
        "CAST(a AS type), a::type; NULL where a value does not convert",
        lambda arguments: None,
        _write_cast,
        range=_range_of_cast,
        nulls=Nulls.OUTSIDE,
    ),
    entry(
        "width_bucket",
        "width_bucket(a, low, high, count): 0 below, count + 1 above",
        _bucket_type,
        _write_bucket,
        range=_range_of_buckets,
        nulls=Nulls.SOMETIMES,
        members=_buckets,
    ),
    entry(
        "width_bucket_between",
        "width_bucket(a, ARRAY[…]) with constants that rise: 0 below the first",
        _between_type,
        _write_between,
        range=_range_of_between,
        nulls=Nulls.SOMETIMES,
        members=_between,
    ),
)
