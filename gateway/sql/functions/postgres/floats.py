"""Arithmetic in double precision that gives infinity and zero where PostgreSQL raises.

PostgreSQL raises an error where a result overflows, and where a product or quotient of numbers
other than zero underflows to zero. IEEE 754 has values for both, and DuckDB and Spark give them.
Each form below says which results those are by comparisons of scaled numbers, in which nothing
overflows or underflows, and computes only the others. Tests: tests/sql/test_postgres_total.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from gateway.sql.expressions import Call, Expr, Literal
from gateway.sql.functions.postgres.names import once
from gateway.sql.types import Kind

_SAFE = 140
"""Numbers between 10⁻¹⁴⁰ and 10¹⁴⁰ can be multiplied and divided by one another."""


def number(value: float) -> str:
    """A constant in double precision."""
    return f"'{value!r}'::double precision"


INFINITY = "'Infinity'::double precision"
_UP, _DOWN = number(2.0**512), number(2.0**-512)
_SMALL, _LARGE = number(10.0**-_SAFE), number(10.0**_SAFE)


def extent(expr: Expr) -> tuple[int, int] | None:
    """Powers of ten between which the argument lies, if it is not zero; None where that is not
    known. A column of double precision may hold anything, integers and numerics only so much."""
    if isinstance(expr, Literal) and isinstance(expr.value, float):
        size = abs(expr.value)
        if size == 0 or not math.isfinite(size):
            return (0, 0) if size == 0 else None
        return math.floor(math.log10(size)) - 1, math.ceil(math.log10(size)) + 1
    if expr.type.kind is Kind.INTEGER:
        return 0, 19
    if expr.type.kind is Kind.DECIMAL:
        return -expr.type.scale, expr.type.precision - expr.type.scale
    if isinstance(expr, Call) and expr.type.kind is Kind.FLOAT:
        return _of_call(expr)
    return None


def _of_call(call: Call) -> tuple[int, int] | None:
    if call.function in ("cast", "negate", "abs") and len(call.arguments) == 1:
        source = call.arguments[0]
        return extent(source) if source.type.numeric else None
    if call.function not in ("add", "subtract", "multiply", "divide"):
        return None
    ends = [extent(part) for part in call.arguments]
    if ends[0] is None or ends[1] is None:
        return None
    (a, b), (c, d) = ends[0], ends[1]
    match call.function:
        case "multiply":
            return a + c - 1, b + d + 1
        case "divide":
            return a - d - 1, b - c + 1
    return min(a, c) - 18, max(b, d) + 1


def _known(parts: Sequence[Expr | None]) -> bool:
    ends = [extent(part) if part is not None else None for part in parts]
    return all(end is not None and end[0] >= -_SAFE and end[1] <= _SAFE for end in ends)


def add(a: str, b: str, sign: str = "+", of: Sequence[Expr | None] = (None, None)) -> str:
    """a + b, or a - b."""
    if _known(of):
        return f"({a} {sign} {b})"
    return once([a, b], lambda x, y: _sum(x, y, sign))


def _sum(a: str, b: str, sign: str) -> str:
    # Halves of numbers of which one is large: exact, but for a tiny one, which does not count.
    halves = f"(CASE WHEN abs({a}) > 1 THEN {a} * 0.5 ELSE 0 END) {sign} " + (
        f"(CASE WHEN abs({b}) > 1 THEN {b} * 0.5 ELSE 0 END)"
    )
    most = number(2.0**1023)
    return (
        f"CASE WHEN abs({a}) < {number(2.0**1022)} AND abs({b}) < {number(2.0**1022)} "
        f"THEN {a} {sign} {b} "
        f"WHEN abs({a}) < {INFINITY} AND abs({b}) < {INFINITY} THEN "
        f"CASE WHEN {halves} >= {most} THEN {INFINITY} WHEN {halves} <= -({most}) "
        f"THEN -({INFINITY}) ELSE {a} {sign} {b} END ELSE {a} {sign} {b} END"
    )


def multiply(a: str, b: str, of: Sequence[Expr | None] = (None, None)) -> str:
    """a * b."""
    return f"({a} * {b})" if _known(of) else once([a, b], _product)


def _product(a: str, b: str) -> str:
    up, down = f"abs(({a} * {_UP}) * ({b} * {_UP}))", f"abs(({a} * {_DOWN}) * ({b} * {_DOWN}))"
    signs, tiny = f"sign({a}) * sign({b})", number(1e-163)
    return (
        f"CASE WHEN abs({a}) BETWEEN {_SMALL} AND {_LARGE} "
        f"AND abs({b}) BETWEEN {_SMALL} AND {_LARGE} THEN {a} * {b} "
        f"WHEN abs({a}) > 0.5 AND abs({b}) > 0.5 AND abs({a}) < {INFINITY} "
        f"AND abs({b}) < {INFINITY} THEN "
        f"CASE WHEN {down} >= 1 THEN {signs} * {INFINITY} ELSE {a} * {b} END "
        f"WHEN abs({a}) < {tiny} AND abs({b}) < {tiny} THEN {signs} * 0.0 "
        f"WHEN abs({a}) < 1 AND abs({b}) < 1 AND {a} <> 0 AND {b} <> 0 THEN "
        f"CASE WHEN {up} <= {number(2.0**-51)} THEN {signs} * 0.0 ELSE {a} * {b} END "
        f"ELSE {a} * {b} END"
    )


def divide(a: str, b: str, of: Sequence[Expr | None] = (None, None)) -> str:
    """a / b; NULL where b is zero."""
    if _known(of):
        return f"({a} / NULLIF({b}, 0))"
    return once([a, b], _quotient)


def _quotient(a: str, b: str) -> str:
    signs = f"sign({a}) * sign({b})"
    most = f"(abs({b}) * {_UP}) * {number(2.0**511)}"
    least = f"(abs({a}) * {number(2.0**537)}) * {number(2.0**537)}"
    return (
        f"CASE WHEN {b} = 0 THEN NULL WHEN abs({a}) BETWEEN {_SMALL} AND {_LARGE} "
        f"AND abs({b}) BETWEEN {_SMALL} AND {_LARGE} THEN {a} / {b} "
        f"WHEN abs({b}) < 1 AND abs({a}) > {number(1e-300)} AND abs({a}) < {INFINITY} THEN "
        f"CASE WHEN abs({a}) * 0.5 >= {most} THEN {signs} * {INFINITY} ELSE {a} / {b} END "
        f"WHEN abs({b}) > 1 AND abs({b}) < {INFINITY} AND abs({a}) < {number(2.0**-50)} "
        f"AND {a} <> 0 THEN "
        f"CASE WHEN {least} <= abs({b}) * 0.5 THEN {signs} * 0.0 ELSE {a} / {b} END "
        f"ELSE {a} / {b} END"
    )


def finite(text: str) -> str:
    """Whether a number is neither infinite nor NaN, which PostgreSQL has above infinity."""
    return f"(abs({text}) < {INFINITY})"


def away(text: str) -> str:
    """Rounded to a whole number, halves away from zero: the fraction of a double is exact."""
    return once(
        [text],
        lambda x: (
            f"(CASE WHEN abs({x}) < {number(2.0**52)} THEN trunc({x}) + "
            f"CASE WHEN abs({x} - trunc({x})) >= 0.5 THEN sign({x}) ELSE 0 END ELSE {x} END)"
        ),
    )


def exact(text: str) -> str:
    """A whole number below 2¹²⁶ as numeric; PostgreSQL's own cast keeps 15 digits of it."""
    high = f"trunc({text} / {number(2.0**64)})"
    low = f"({text} - {high} * {number(2.0**64)}) / 2048"
    return (
        f"CASE WHEN abs({text}) < {number(2.0**63)} THEN CAST(CAST({text} AS bigint) AS numeric) "
        f"ELSE CAST(CAST({high} AS bigint) AS numeric) * {2**64} "
        f"+ CAST(CAST({low} AS bigint) AS numeric) * 2048 END"
    )
