"""Spark's dates and timestamps. All times are computed in UTC."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.sql.expressions import Call, Expr, Literal
from gateway.sql.functions.base import Rendering
from gateway.sql.functions.spark.forms import (
    as_moment,
    attempt,
    days,
    finite,
    from_micros,
    micros,
    spark_type,
)
from gateway.sql.types import TIMESTAMP, Kind

_PARTS = {
    "month": "month({0})",
    "quarter": "quarter({0})",
    "day": "day({0})",
    "dow": "dayofweek({0}) - 1",
    "isodow": "weekday({0}) + 1",
    "doy": "dayofyear({0})",
    "week": "weekofyear({0})",
    "hour": "hour({0})",
    "minute": "minute({0})",
    "year": "year({0})",
    "isoyear": "extract(YEAROFWEEK FROM {0})",
    "decade": "year({0}) div 10",
    "century": "(year({0}) + CASE WHEN year({0}) > 0 THEN 99 ELSE -100 END) div 100",
    "millennium": "(year({0}) + CASE WHEN year({0}) > 0 THEN 999 ELSE -1000 END) div 1000",
    "microseconds": "pmod({1}, 60000000L)",
}
_FRACTIONS = {"second": 6, "milliseconds": 3}
_STEPS = {"decade": 10, "century": 100, "millennium": 1000}


def _word(expr: Expr) -> str:
    return expr.value.lower() if isinstance(expr, Literal) and isinstance(expr.value, str) else ""


def _part(call: Call, arguments: Sequence[str]) -> str:
    part, moment, kind = _word(call.arguments[0]), arguments[1], call.arguments[1].type.kind
    exact = micros(moment) if kind is not Kind.DATE else ""
    if part in _FRACTIONS:
        value = f"CAST(pmod({exact}, 60000000L) AS DOUBLE) / {10.0 ** _FRACTIONS[part]}D"
    elif part == "epoch" and kind is Kind.DATE:
        value = f"CAST({days(moment)} * 86400L AS DOUBLE)"
    elif part == "epoch":
        value = f"CAST({exact} AS DOUBLE) / 1000000.0D"
    else:
        value = f"CAST({_PARTS[part].format(moment, exact)} AS BIGINT)"
    return f"CASE WHEN {finite(moment, kind)} THEN {value} END"


def _cut(call: Call, arguments: Sequence[str]) -> str:
    """A moment too near the ends of the type to be cut stays as it is."""
    moment, grain, source = arguments[1], _word(call.arguments[0]), call.arguments[1].type.kind
    kind = spark_type(call.type)
    whole = as_moment(moment, call.type) if source is Kind.DATE else moment
    if grain == "microsecond":
        return whole
    if grain in _STEPS:
        step = _STEPS[grain]
        first = 0 if grain == "decade" else 1
        year = f"((year({moment}) - {first}) div {step} * {step} + {first})"
        start = f"CAST(make_date(CAST({year} AS INT), 1, 1) AS {kind})"
        within = f"year({moment}) BETWEEN 1 AND 9999"
        return f"coalesce(CASE WHEN {within} THEN {start} END, {whole})"
    cut = attempt(f"date_trunc('{grain}', CAST({whole} AS TIMESTAMP_LTZ))")
    cut = f"CASE WHEN {finite(moment, source)} THEN {cut} END"
    cut = cut if call.type.kind is Kind.TIMESTAMPTZ else f"CAST({cut} AS {kind})"
    return f"coalesce({cut}, {whole})"


def _shift(sign: str) -> Rendering:
    def write(call: Call, arguments: Sequence[str]) -> str:
        moment, amount = arguments
        kind, whole = call.arguments[0].type.kind, moment
        if kind is Kind.DATE:
            whole = as_moment(moment, TIMESTAMP)
            moment_of = attempt(f"CAST({moment} AS TIMESTAMP_NTZ)")
        else:
            moment_of = moment
        added = f"try_add({moment_of}, {_span(amount, sign)})"
        infinite = f"WHEN ({amount}) IS NOT NULL THEN {whole}"
        return f"CASE WHEN {finite(moment, kind)} THEN {added} {infinite} END"

    return write


def _span(interval: str, sign: str) -> str:
    """An interval as Spark's own, NULL where that does not hold it."""
    # As decimals, for the last number of 64 bits has no opposite.
    months, whole, rest = (f"({sign}CAST(({interval}).{p} AS DECIMAL(20, 0)))" for p in "mdu")
    seconds = f"try_cast({rest} * 0.000001BD AS DECIMAL(18, 6))"
    parts = f"0, try_cast({months} AS INT), 0, try_cast({whole} AS INT), 0, 0, {seconds}"
    return f"try_make_interval({parts})"


def _days_on(sign: str) -> Rendering:
    name = "try_add" if sign == "+" else "try_subtract"

    def write(call: Call, arguments: Sequence[str]) -> str:
        date, count = arguments
        moved = f"{name}({days(date)}, CAST({count} AS BIGINT))"
        inside = f"{moved} BETWEEN -2147483646 AND 2147483646"
        result = f"date_from_unix_date(CASE WHEN {inside} THEN CAST({moved} AS INT) END)"
        whole = f"CASE WHEN {finite(date, Kind.DATE)} THEN {result} ELSE {date} END"
        return f"CASE WHEN try_cast({count} AS INT) IS NOT NULL THEN {whole} END"

    return write


def _days_between(call: Call, arguments: Sequence[str]) -> str:
    a, b = arguments
    both = f"{finite(a, Kind.DATE)} AND {finite(b, Kind.DATE)}"
    return f"CASE WHEN {both} THEN {days(a)} - {days(b)} END"


def _seconds_between(call: Call, arguments: Sequence[str]) -> str:
    both = " AND ".join(
        finite(text, part.type.kind) for text, part in zip(arguments, call.arguments, strict=True)
    )
    apart = f"try_subtract({micros(arguments[0])}, {micros(arguments[1])})"
    return f"CASE WHEN {both} THEN CAST({apart} AS DOUBLE) / 1000000.0D END"


def binned(moment: str, kind: Kind, stride: int, origin: int) -> str:
    """The start of the stride of microseconds that holds a moment, counted from an origin."""
    at = micros(moment)
    into = f"pmod(try_subtract({at}, {origin}L), {stride}L)"
    start = from_micros(f"try_subtract({at}, {into})", kind)
    return f"CASE WHEN {finite(moment, kind)} THEN {start} ELSE {moment} END"


RENDERINGS: dict[str, Rendering] = {
    "date_part": _part,
    "date_trunc": _cut,
    "shift": _shift(""),
    "shift_back": _shift("-"),
    "add_days": _days_on("+"),
    "subtract_days": _days_on("-"),
    "days_between": _days_between,
    "seconds_between": _seconds_between,
}
