"""Spark's intervals: rows of months, days and microseconds, for its own types hold a part only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from gateway.sql.expressions import Call, Expr, Literal
from gateway.sql.functions.base import Rendering
from gateway.sql.functions.spark.forms import DAY, as_moment, finite, micros
from gateway.sql.functions.spark.time import binned
from gateway.sql.literals import span
from gateway.sql.types import TIMESTAMP, Kind, Scalar, ordinal


def _word(expr: Expr) -> str:
    return expr.value.lower() if isinstance(expr, Literal) and isinstance(expr.value, str) else ""


def interval(months: str, days: str, microseconds: str, *, condition: str = "") -> str:
    """An interval of three integers; NULL where a condition does not hold, or a part is NULL."""
    made = (
        f"named_struct('m', try_cast({months} AS INT), 'd', try_cast({days} AS INT), "
        f"'u', CAST({microseconds} AS BIGINT))"
    )
    whole = f"try_cast({months} AS INT) + try_cast({days} AS BIGINT) + ({microseconds} & 0)"
    tests = f"({whole}) IS NOT NULL" + (f" AND {condition}" if condition else "")
    return f"CASE WHEN {tests} THEN {made} END"


def interval_literal(text: str) -> str:
    """A constant."""
    months, days, microseconds = span(text)
    return (
        f"named_struct('m', CAST({months} AS INT), 'd', CAST({days} AS INT), "
        f"'u', CAST({microseconds} AS BIGINT))"
    )


def _stamps(call: Call, arguments: Sequence[str]) -> list[str]:
    pairs = zip(arguments, call.arguments, strict=True)
    return [
        as_moment(text, TIMESTAMP) if part.type.kind is Kind.DATE else text for text, part in pairs
    ]


def _kinds(call: Call) -> list[Kind]:
    kinds = [part.type.kind for part in call.arguments]
    return [Kind.TIMESTAMP if kind is Kind.DATE else kind for kind in kinds]


def _difference(call: Call, arguments: Sequence[str]) -> str:
    a, b = _stamps(call, arguments)
    both = " AND ".join(finite(text, kind) for text, kind in zip((a, b), _kinds(call), strict=True))
    apart = f"try_subtract({micros(a)}, {micros(b)})"
    return interval("0", f"({apart} div {DAY}L)", f"({apart} % {DAY}L)", condition=both)


def _age(call: Call, arguments: Sequence[str]) -> str:
    """Years and months, then days, then the rest, each borrowing from the one before; days are
    borrowed of the month of the earlier moment, as PostgreSQL does."""
    a, b = _stamps(call, arguments)
    both = " AND ".join(finite(text, kind) for text, kind in zip((a, b), _kinds(call), strict=True))
    late, early = f"GREATEST({a}, {b})", f"LEAST({a}, {b})"
    rest = f"(pmod({micros(late)}, {DAY}L) - pmod({micros(early)}, {DAY}L))"
    borrowed = f"CASE WHEN {rest} < 0 THEN 1 ELSE 0 END"
    day = f"(day({late}) - day({early}) - {borrowed})"
    carried = f"CASE WHEN {day} < 0 THEN 1 ELSE 0 END"
    months = f"((year({late}) - year({early})) * 12 + month({late}) - month({early}) - {carried})"
    days = f"({day} + CASE WHEN {day} < 0 THEN {_length_of_month(early)} ELSE 0 END)"
    clock = f"({rest} + {borrowed} * {DAY}L)"
    sign = f"(CASE WHEN {a} < {b} THEN -1 ELSE 1 END)"
    parts = (f"{sign} * {part}" for part in (months, days, clock))
    return interval(*parts, condition=both)


def _length_of_month(moment: str) -> str:
    leap = f"(year({moment}) % 4 = 0 AND (year({moment}) % 100 <> 0 OR year({moment}) % 400 = 0))"
    return (
        f"CASE WHEN month({moment}) IN (4, 6, 9, 11) THEN 30 WHEN month({moment}) <> 2 THEN 31 "
        f"WHEN {leap} THEN 29 ELSE 28 END"
    )


def _part(call: Call, arguments: Sequence[str]) -> str:
    part, value = _word(call.arguments[0]), f"({arguments[1]})"
    match part:
        case "year":
            found = f"({value}.m div 12)"
        case "month":
            found = f"({value}.m % 12)"
        case "day":
            found = f"{value}.d"
        case "hour":
            found = f"({value}.u div 3600000000L)"
        case "minute":
            found = f"(({value}.u div 60000000L) % 60)"
        case "second":
            return f"(CAST({value}.u % 60000000L AS DOUBLE) / 1000000.0D)"
        case _:
            # Years of 365.25 days, the months beside them of 30.
            hours = (
                f"(({value}.m div 12) * 8766L + ({value}.m % 12) * 720L + "
                f"CAST({value}.d AS BIGINT) * 24L)"
            )
            exact = f"(CAST({hours} AS DECIMAL(20, 0)) * 3600000000 + {value}.u)"
            return f"(CAST({exact} AS DOUBLE) / 1000000.0D)"
    return f"CAST({found} AS BIGINT)"


def _together(name: str) -> Rendering:
    def write(call: Call, arguments: Sequence[str]) -> str:
        a, b = (f"({argument})" for argument in arguments)
        parts = [f"{name}(CAST({a}.{p} AS BIGINT), CAST({b}.{p} AS BIGINT))" for p in "mdu"]
        return interval(*parts)

    return write


def _times(call: Call, arguments: Sequence[str]) -> str:
    value, times = f"({arguments[0]})", f"CAST(try_cast({arguments[1]} AS INT) AS BIGINT)"
    return interval(*(f"try_multiply(CAST({value}.{p} AS BIGINT), {times})" for p in "mdu"))


def _negated(call: Call, arguments: Sequence[str]) -> str:
    value = f"({arguments[0]})"
    return interval(*(f"try_subtract(0L, CAST({value}.{p} AS BIGINT))" for p in "mdu"))


def _binned(call: Call, arguments: Sequence[str]) -> str:
    stride, origin = (
        part.value if isinstance(part, Literal) else None for part in call.arguments[::2]
    )
    _, days, microseconds = span(str(stride))
    return binned(arguments[1], call.type.kind, days * DAY + microseconds, _ordinal(origin))


def _ordinal(value: Scalar) -> int:
    if not isinstance(value, dt.datetime):
        raise ValueError("the table admits constant origins only")
    return ordinal(value)


RENDERINGS: dict[str, Rendering] = {
    "between_moments": _difference,
    "age": _age,
    "interval_part": _part,
    "add_intervals": _together("try_add"),
    "subtract_intervals": _together("try_subtract"),
    "multiply_interval": _times,
    "negate_interval": _negated,
    "date_bin": _binned,
    "isfinite": lambda call, arguments: finite(arguments[0], call.arguments[0].type.kind),
}
