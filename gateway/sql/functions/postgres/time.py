"""Dates and timestamps, in UTC. What could leave a type's range is known before it is computed."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.sql.expressions import Call, Expr, Literal
from gateway.sql.functions.base import Rendering
from gateway.sql.functions.postgres.conversion import LAST_MOMENT, as_moment
from gateway.sql.functions.postgres.moments import micros, upto_last
from gateway.sql.functions.postgres.names import once, quoted_text
from gateway.sql.functions.time import FRACTIONS, WIDE, word
from gateway.sql.functions.zones import zone_of
from gateway.sql.literals import span
from gateway.sql.types import TIMESTAMP, Kind

_FIRST, _LAST = "DATE '0001-01-01'", "DATE '9999-12-31'"
_YEARS = (-4_708, 294_273)
"""Within these every engine has all moments."""


def _part(call: Call, arguments: Sequence[str]) -> str:
    part, kind = word(call.arguments[0]), call.arguments[1].type

    def made(x: str) -> str:
        if part in FRACTIONS:
            micro = f"CAST(EXTRACT(MICROSECONDS FROM {x}) AS double precision)"
            return f"CASE WHEN isfinite({x}) THEN {micro} / {10 ** FRACTIONS[part]} END"
        if part == "epoch":
            if kind.kind is Kind.DATE:
                days = f"CAST({x} - DATE '1970-01-01' AS double precision)"
                return f"CASE WHEN isfinite({x}) THEN {days} * 86400 END"
            seconds = f"CAST({micros(x)} AS double precision) / 1000000"
            return f"CASE WHEN isfinite({x}) THEN {seconds} END"
        return f"CASE WHEN isfinite({x}) THEN {_counted(part, x)} END"

    return once([arguments[1]], made)


def year(text: str) -> str:
    """Years as astronomers count them: before the year 1 comes the year 0."""
    found = f"EXTRACT(YEAR FROM {text})"
    return f"CAST({found} + CASE WHEN {found} < 0 THEN 1 ELSE 0 END AS bigint)"


def _counted(part: str, x: str) -> str:
    if part == "year":
        return year(x)
    if part == "decade":
        return f"{year(x)} / 10"
    if part in ("century", "millennium"):
        size = WIDE[part]
        return (
            f"CASE WHEN {year(x)} > 0 THEN ({year(x)} - 1) / {size} + 1 "
            f"ELSE {year(x)} / {size} - 1 END"
        )
    if part == "isoyear":
        found = f"EXTRACT(ISOYEAR FROM {x})"
        return f"CAST({found} + CASE WHEN {found} < 0 THEN 1 ELSE 0 END AS bigint)"
    return f"CAST(EXTRACT({part.upper()} FROM {x}) AS bigint)"


def _cut(call: Call, arguments: Sequence[str]) -> str:
    """A moment too near the ends of the type to be cut stays as it is."""
    grain, source = word(call.arguments[0]), call.arguments[1]
    moment = as_moment(arguments[1], call.type) if source.type.kind is Kind.DATE else arguments[1]
    within = "{0} >= '4700-01-01 BC'"
    if grain in WIDE:
        within = "{0} >= '0001-01-01'" + ("" if grain == "decade" else " AND {0} < '10000-01-01'")
    return once(
        [moment],
        lambda x: f"CASE WHEN {within.format(x)} THEN date_trunc('{grain}', {x}) ELSE {x} END",
    )


def _shift(sign: int) -> Rendering:
    symbol = "+" if sign == 1 else "-"

    def write(call: Call, arguments: Sequence[str]) -> str:
        source, amount = call.arguments
        moment = as_moment(arguments[0], TIMESTAMP) if _is_date(source) else arguments[0]
        if isinstance(amount, Literal):
            return once([moment], lambda x: _by_constant(x, call, symbol, amount, arguments[1]))
        return once(
            [moment, arguments[1]],
            lambda x, i: (
                f"CASE WHEN NOT isfinite({x}) THEN CASE WHEN {i} IS NOT NULL THEN {x} END "
                f"WHEN {_reached(x, i, sign)} THEN {upto_last(f'{x} {symbol} {i}', call.type)} END"
            ),
        )

    return write


def _by_constant(x: str, call: Call, symbol: str, amount: Literal, text: str) -> str:
    if amount.value is None:
        return f"CASE WHEN FALSE THEN {x} END"
    sign = 1 if symbol == "+" else -1
    months, days, microseconds = (sign * part for part in span(str(amount.value)))
    years = [months // 12, days // 365, microseconds // (365 * 86_400_000_000)]
    first = 4_708 + sum(min(0, part) for part in years)
    last = 294_273 - sum(max(0, part) for part in years)
    if first < 1 or last < 1:
        return f"CASE WHEN NOT isfinite({x}) THEN {x} END"
    moved = upto_last(f"{x} {symbol} {text}", call.type)
    return (
        f"CASE WHEN NOT isfinite({x}) THEN {x} WHEN {x} >= '{first:04d}-01-01 BC' "
        f"AND {x} < '{last}-01-01' THEN {moved} END"
    )


def _reached(x: str, interval: str, sign: int) -> str:
    """Whether a moment stays within the range while months, days and hours are added in turn."""
    parts = [
        f"EXTRACT(YEAR FROM {interval})",
        f"EXTRACT(DAY FROM {interval}) / 365.0",
        f"EXTRACT(HOUR FROM {interval}) / 8760.0",
    ]
    start, tests = f"EXTRACT(YEAR FROM {x})", []
    for count in range(1, len(parts) + 1):
        added = " + ".join(f"({sign}) * {part}" for part in parts[:count])
        tests.append(f"{start} + {added} BETWEEN {_YEARS[0]} AND {_YEARS[1]}")
    return " AND ".join(tests)


def _is_date(expr: Expr) -> bool:
    return expr.type.kind is Kind.DATE


def _add_days(sign: int) -> Rendering:
    symbol = "+" if sign == 1 else "-"

    def write(call: Call, arguments: Sequence[str]) -> str:
        def made(x: str, n: str) -> str:
            moved = f"({x} - DATE '1970-01-01') {symbol} CAST({n} AS bigint)"
            return (
                f"CASE WHEN {n} BETWEEN -2147483647 AND 2147483647 THEN "
                f"CASE WHEN NOT isfinite({x}) THEN {x} "
                f"WHEN {moved} BETWEEN -2440587 AND 2145031948 "
                f"THEN {x} {symbol} CAST({n} AS integer) END END"
            )

        return once(arguments, made)

    return write


def _days_between(call: Call, arguments: Sequence[str]) -> str:
    return once(
        arguments,
        lambda a, b: (
            f"CASE WHEN isfinite({a}) AND isfinite({b}) THEN CAST({a} - {b} AS bigint) END"
        ),
    )


def _seconds_between(call: Call, arguments: Sequence[str]) -> str:
    def made(a: str, b: str) -> str:
        between = f"({micros(a)} - {micros(b)})"
        fits = f"{between} BETWEEN -9223372036854775808 AND 9223372036854775807"
        return (
            f"CASE WHEN isfinite({a}) AND isfinite({b}) THEN CASE WHEN {fits} THEN "
            f"CAST(CAST({between} AS bigint) AS double precision) / 1000000 END END"
        )

    return once(arguments, made)


def _at_time_zone(call: Call, arguments: Sequence[str]) -> str:
    """A zone that the server lacks is found when the statement is planned, whatever the rows."""
    zone = quoted_text(zone_of(call.arguments[1]) or "")
    known = f"timezone({zone}, TIMESTAMP '2000-01-01') IS NOT NULL"
    last = f"'{LAST_MOMENT}'"

    def made(x: str) -> str:
        turned = upto_last(f"timezone({zone}, {x})", call.type)
        within = f"NOT isfinite({x}) OR ({x} > '4700-01-01 BC' AND {x} <= {last})"
        return f"CASE WHEN {known} THEN CASE WHEN {within} THEN {turned} END END"

    return once([arguments[0]], made)


RENDERINGS: dict[str, Rendering] = {
    "date_part": _part,
    "date_trunc": _cut,
    "shift": _shift(1),
    "shift_back": _shift(-1),
    "add_days": _add_days(1),
    "subtract_days": _add_days(-1),
    "days_between": _days_between,
    "seconds_between": _seconds_between,
    "at_time_zone": _at_time_zone,
}
