"""Intervals. Their parts are bounded before anything is computed of them."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.sql.expressions import Call
from gateway.sql.functions.base import Rendering, plain
from gateway.sql.functions.postgres.conversion import LAST_MOMENT, as_moment
from gateway.sql.functions.postgres.moments import micros
from gateway.sql.functions.postgres.names import once
from gateway.sql.functions.time import word
from gateway.sql.types import TIMESTAMP, Kind


def _part(call: Call, arguments: Sequence[str]) -> str:
    part = word(call.arguments[0])
    if part == "second":
        micro = f"EXTRACT(MICROSECONDS FROM {arguments[1]})"
        return f"(CAST({micro} AS double precision) / 1000000)"
    kind = "double precision" if part == "epoch" else "bigint"
    return f"CAST(EXTRACT({part.upper()} FROM {arguments[1]}) AS {kind})"


def _moments(call: Call, arguments: Sequence[str]) -> list[str]:
    pairs = zip(arguments, call.arguments, strict=True)
    return [
        as_moment(text, TIMESTAMP) if part.type.kind is Kind.DATE else text for text, part in pairs
    ]


def _age(call: Call, arguments: Sequence[str]) -> str:
    return once(
        _moments(call, arguments),
        lambda a, b: f"CASE WHEN isfinite({a}) AND isfinite({b}) THEN age({a}, {b}) END",
    )


def _difference(made: str) -> Rendering:
    def write(call: Call, arguments: Sequence[str]) -> str:
        def within(a: str, b: str) -> str:
            between = f"({micros(a)} - {micros(b)})"
            fits = f"{between} BETWEEN -9223372036854775807 AND 9223372036854775807"
            return (
                f"CASE WHEN isfinite({a}) AND isfinite({b}) THEN "
                f"CASE WHEN {fits} THEN {made.format(a, b)} END END"
            )

        return once(_moments(call, arguments), within)

    return write


def _bounded(interval: str, factor: str = "1") -> str:
    months = f"EXTRACT(YEAR FROM {interval}) * 12 + EXTRACT(MONTH FROM {interval})"
    days, hours = (f"EXTRACT({part} FROM {interval})" for part in ("DAY", "HOUR"))
    most = {months: 1_000_000_000, days: 1_000_000_000, hours: 1_200_000_000}
    tests = (
        f"(abs({part}) + 1) * abs(CAST({factor} AS numeric)) <= {end}" for part, end in most.items()
    )
    return " AND ".join(tests)


def _of_two(symbol: str) -> Rendering:
    return lambda call, arguments: once(
        arguments,
        lambda a, b: f"CASE WHEN {_bounded(a)} AND {_bounded(b)} THEN {a} {symbol} {b} END",
    )


def _multiplied(call: Call, arguments: Sequence[str]) -> str:
    return once(
        arguments,
        lambda i, n: f"CASE WHEN {_bounded(i)} AND {_bounded(i, n)} THEN {i} * {n} END",
    )


def _negated(call: Call, arguments: Sequence[str]) -> str:
    return once(arguments, lambda i: f"CASE WHEN {_bounded(i)} THEN - {i} END")


def _binned(call: Call, arguments: Sequence[str]) -> str:
    stride, moment, origin = arguments
    return once(
        [moment],
        lambda x: (
            f"CASE WHEN NOT isfinite({x}) THEN {x} WHEN {x} > '4600-01-01 BC' "
            f"AND {x} <= '{LAST_MOMENT}' THEN date_bin({stride}, {x}, {origin}) END"
        ),
    )


RENDERINGS: dict[str, Rendering] = {
    "between_moments": _difference("{0} - {1}"),
    "age": _age,
    "interval_part": _part,
    "add_intervals": _of_two("+"),
    "subtract_intervals": _of_two("-"),
    "multiply_interval": _multiplied,
    "negate_interval": _negated,
    "date_bin": _binned,
    "isfinite": plain("isfinite({0})"),
}
