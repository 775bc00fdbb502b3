"""Operators and rounding. Overflow gives NULL, of integers by comparisons before the operation."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from gateway.sql.expressions import Call, Expr, Literal
from gateway.sql.functions.arithmetic import is_float
from gateway.sql.functions.base import Rendering
from gateway.sql.functions.postgres import floats
from gateway.sql.functions.postgres.names import LEAST, MOST, double, once, postgres_type
from gateway.sql.types import Kind, Type

_HALF = 2**31


def reach(expr: Expr) -> Fraction | None:
    """The largest size that an integer or numeric argument can have, by its type or its parts."""
    if isinstance(expr, Literal) and isinstance(expr.value, int):
        return Fraction(abs(expr.value))
    if expr.type.kind not in (Kind.INTEGER, Kind.DECIMAL):
        return None
    most = Fraction(2 ** (expr.type.bits - 1))
    if expr.type.kind is Kind.DECIMAL:
        most = Fraction(10) ** (expr.type.precision - expr.type.scale)
    if isinstance(expr, Call) and expr.function in ("add", "subtract", "multiply", "negate"):
        sizes = [reach(part) for part in expr.arguments]
        known = [size for size in sizes if size is not None]
        if len(known) == len(sizes):
            total = known[0] * known[-1] if expr.function == "multiply" else sum(known, Fraction(0))
            return min(most, total)
    return most


def _integer(symbol: str) -> Rendering:
    def write(call: Call, arguments: Sequence[str]) -> str:
        a, b = (
            text if part.type.bits == 64 else f"CAST({text} AS bigint)"
            for text, part in zip(arguments, call.arguments, strict=True)
        )
        sizes = [reach(part) or Fraction(2**63) for part in call.arguments]
        most = sizes[0] * sizes[1] if symbol == "*" else sizes[0] + sizes[1]
        if most <= MOST[64]:
            return f"({a} {symbol} {b})"
        return once([a, b], {"+": _plus, "-": _minus, "*": _times}[symbol])

    return write


def _plus(a: str, b: str) -> str:
    return (
        f"CASE WHEN {b} >= 0 THEN CASE WHEN {a} <= {MOST[64]} - {b} THEN {a} + {b} END "
        f"ELSE CASE WHEN {a} >= ({LEAST[64]}) - {b} THEN {a} + {b} END END"
    )


def _minus(a: str, b: str) -> str:
    return (
        f"CASE WHEN {b} >= 0 THEN CASE WHEN {a} >= ({LEAST[64]}) + {b} THEN {a} - {b} END "
        f"ELSE CASE WHEN {a} <= {MOST[64]} + {b} THEN {a} - {b} END END"
    )


def _times(a: str, b: str) -> str:
    inside = f"CAST({a} AS numeric) * {b} BETWEEN {LEAST[64]} AND {MOST[64]}"
    return (
        f"CASE WHEN {a} BETWEEN -{_HALF} AND {_HALF} AND {b} BETWEEN -{_HALF} AND {_HALF} "
        f"THEN {a} * {b} WHEN {inside} THEN {a} * {b} END"
    )


def fitting(text: str, kind: Type) -> str:
    """A numeric where it has no more digits than its type, else NULL.

    What is too large, or NaN, becomes the bound, and the bound and NULL become NULL: so the value
    is written, and worked out, once, without a subquery for each row.
    """
    most = 10 ** (kind.precision - kind.scale)
    within = f"LEAST(GREATEST({text}, -{most}), {most})"
    return f"NULLIF(NULLIF({within}, {most}), -{most})"


def _numeric(symbol: str) -> Rendering:
    def write(call: Call, arguments: Sequence[str]) -> str:
        a, b = (
            text if part.type.kind is Kind.DECIMAL else f"CAST({text} AS numeric)"
            for text, part in zip(arguments, call.arguments, strict=True)
        )
        most = Fraction(10) ** (38 - call.type.scale)
        sizes = [reach(part) for part in call.arguments]
        if sizes[0] is not None and sizes[1] is not None:
            total = sizes[0] * sizes[1] if symbol == "*" else sizes[0] + sizes[1]
            if total <= most:
                return f"({a} {symbol} {b})"
        if symbol == "*":
            return fitting(f"({a} * {b})", call.type)
        # DuckDB brings both to the scale of the sum first, where they must fit.
        return once(
            [a, b],
            lambda x, y: (
                f"CASE WHEN abs({x}) < {most} AND abs({y}) < {most} "
                f"AND abs({x} {symbol} {y}) < {most} THEN {x} {symbol} {y} END"
            ),
        )

    return write


def operator(symbol: str) -> Rendering:
    """+, - or * in the type of the result."""

    def write(call: Call, arguments: Sequence[str]) -> str:
        if call.type.kind is Kind.INTEGER:
            return _integer(symbol)(call, arguments)
        if call.type.kind is Kind.DECIMAL:
            return _numeric(symbol)(call, arguments)
        a, b = map(double, arguments, call.arguments)
        if symbol == "*":
            return floats.multiply(a, b, call.arguments)
        return floats.add(a, b, symbol, call.arguments)

    return write


def _square(call: Call, arguments: Sequence[str]) -> str:
    twice = Call("multiply", (call.arguments[0], call.arguments[0]), call.type)
    return once([arguments[0]], lambda x: operator("*")(twice, (x, x)))


def _fits(call: Call, a: str, b: str) -> str:
    """Whether a quotient has the bits of its sides: the least number has no opposite."""
    least = LEAST[max(part.type.bits for part in call.arguments)]
    return f"({b} <> -1 OR {a} > {least})"


def _divided(call: Call, arguments: Sequence[str]) -> str:
    if call.type.kind is Kind.INTEGER:
        return once(
            arguments,
            lambda a, b: (
                f"CASE WHEN {_fits(call, a, b)} THEN CAST({a} AS bigint) / NULLIF({b}, 0) END"
            ),
        )
    a, b = map(double, arguments, call.arguments)
    return floats.divide(a, b, call.arguments)


def _whole_quotient(call: Call, arguments: Sequence[str]) -> str:
    quotient = _divided(call, arguments)
    return quotient if call.type.kind is Kind.INTEGER else f"(trunc({quotient}) + 0.0)"


def _remainder(call: Call, arguments: Sequence[str]) -> str:
    a, b = arguments
    if call.type.kind is Kind.INTEGER:
        return once(
            arguments,
            lambda x, y: (
                f"CASE WHEN {_fits(call, x, y)} "
                f"THEN CAST({x} AS bigint) % NULLIF(CAST({y} AS bigint), 0) END"
            ),
        )
    most = 10 ** (38 - call.type.scale)
    return once(
        [f"CAST({a} AS numeric)", f"CAST({b} AS numeric)"],
        lambda x, y: (
            f"CASE WHEN abs({x}) < {most} AND abs({y}) < {most} THEN {x} % NULLIF({y}, 0) END"
        ),
    )


def _negated(call: Call, arguments: Sequence[str]) -> str:
    if call.type.kind is not Kind.INTEGER:
        return f"(- {arguments[0]})"
    least = LEAST[call.type.bits]
    return once(arguments, lambda x: f"CASE WHEN {x} > {least} THEN - {x} END")


def _absolute(call: Call, arguments: Sequence[str]) -> str:
    if call.type.kind is not Kind.INTEGER:
        return f"abs({arguments[0]})"
    least = LEAST[call.type.bits]
    return once(arguments, lambda x: f"CASE WHEN {x} > {least} THEN abs({x}) END")


def _rounding(name: str) -> Rendering:
    def write(call: Call, arguments: Sequence[str]) -> str:
        source = call.arguments[0]
        if call.type.kind is Kind.FLOAT:
            digits = call.arguments[1] if len(arguments) == 2 else None
            places = digits.value if isinstance(digits, Literal) else 0
            return _rounded_float(name, double(arguments[0], source), source, places)
        if len(arguments) == 1:
            return arguments[0]
        rounded = f"{name}(CAST({arguments[0]} AS numeric), CAST({arguments[1]} AS integer))"
        if call.type.kind is Kind.INTEGER:
            ends = f"BETWEEN {LEAST[call.type.bits]} AND {MOST[call.type.bits]}"
            kind = postgres_type(call.type)
            return once(
                [arguments[0], rounded],
                lambda x, r: f"CASE WHEN {r} {ends} THEN CAST({r} AS {kind}) ELSE {x} END",
            )
        # Decimals have 38 digits, and a rounded one as many after the point as it was rounded to.
        digits = call.arguments[1]
        kept = digits.value if isinstance(digits, Literal) and isinstance(digits.value, int) else 0
        most = 10 ** (38 - min(call.type.scale, max(kept, 0)))
        return once(
            [arguments[0], rounded],
            lambda x, r: f"CASE WHEN abs({r}) < {most} THEN {r} ELSE {x} END",
        )

    return write


def _rounded_float(name: str, text: str, source: Expr, places: object) -> str:
    def whole(x: str) -> str:
        if name == "round":
            return f"round({x})" if is_float(source) else floats.away(x)
        return f"{name}({x})"

    if not isinstance(places, int) or places == 0:
        return f"({whole(text)} + 0.0)"
    factor = floats.number(10.0 ** abs(places))
    there, back = ("*", "/") if places > 0 else ("/", "*")
    # Beyond these a double has no fraction, or rounds to zero.
    return once(
        [text],
        lambda x: (
            f"(CASE WHEN abs({x}) BETWEEN {floats.number(1e-280)} AND {floats.number(1e280)} "
            f"THEN {whole(f'({x} {there} {factor})')} {back} {factor} "
            f"WHEN abs({x}) < 1 THEN {whole(x)} ELSE {x} END + 0.0)"
        ),
    )


RENDERINGS: dict[str, Rendering] = {
    "add": operator("+"),
    "subtract": operator("-"),
    "multiply": operator("*"),
    "square": _square,
    "divide": _divided,
    "div": _whole_quotient,
    "mod": _remainder,
    "negate": _negated,
    "abs": _absolute,
    **{name: _rounding(name) for name in ("floor", "ceil", "round", "trunc")},
}
