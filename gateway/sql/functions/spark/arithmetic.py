"""Spark's arithmetic."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.sql.expressions import Call, Expr, Literal
from gateway.sql.functions.arithmetic import is_float
from gateway.sql.functions.base import Rendering
from gateway.sql.functions.spark.forms import (
    as_double,
    ceiled,
    finite,
    floored,
    number,
    quotient,
    spark_type,
    truncated,
)
from gateway.sql.types import Kind, Type, decimal


def _operator(name: str, symbol: str) -> Rendering:
    def write(call: Call, arguments: Sequence[str]) -> str:
        pairs = zip(arguments, call.arguments, strict=True)
        a, b = (_widened(text, argument, call.type) for text, argument in pairs)
        if call.type.kind is Kind.FLOAT:
            return f"({a} {symbol} {b})"
        return f"{name}({a}, {b})"

    return write


def _widened(text: str, argument: Expr, result: Type) -> str:
    if result.kind is Kind.INTEGER:
        return f"CAST({text} AS BIGINT)"
    if result.kind is Kind.DECIMAL:
        scale = argument.type.scale if argument.type.kind is Kind.DECIMAL else 0
        return f"try_cast({text} AS DECIMAL(38, {scale}))"
    return as_double(text)


def _square(call: Call, arguments: Sequence[str]) -> str:
    twice = Call("multiply", (call.arguments[0], call.arguments[0]), call.type)
    return _operator("try_multiply", "*")(twice, (arguments[0], arguments[0]))


def _divided(call: Call, arguments: Sequence[str]) -> str:
    a, b = arguments
    if call.type.kind is Kind.INTEGER:
        found = quotient(f"CAST({a} AS BIGINT)", f"CAST({b} AS BIGINT)")
        widest = max((argument.type for argument in call.arguments), key=lambda kind: kind.bits)
        return found if widest.bits == 64 else f"try_cast({found} AS {spark_type(widest)})"
    return f"try_divide({as_double(a)}, {as_double(b)})"


def _whole_quotient(call: Call, arguments: Sequence[str]) -> str:
    divided = _divided(call, arguments)
    return divided if call.type.kind is Kind.INTEGER else f"({truncated(divided)} + 0.0D)"


def _remainder(call: Call, arguments: Sequence[str]) -> str:
    a, b = arguments
    if call.type.kind is Kind.INTEGER:
        widest = max(argument.type.bits for argument in call.arguments)
        # NULL where the quotient would not fit, as in DuckDB.
        fits = f"NOT ({b} = -1 AND CAST({a} AS DECIMAL(20, 0)) = {-(2 ** (widest - 1))})"
        return f"CASE WHEN {fits} THEN try_mod(CAST({a} AS BIGINT), CAST({b} AS BIGINT)) END"
    scale = call.type.scale
    a, b = (_units(side, scale) for side in (a, b))
    unit = f"CAST('{format(10**-scale, f'.{scale}f')}' AS DECIMAL({scale + 1}, {scale}))"
    return f"try_multiply(try_mod({a}, {b}), {unit})"


def _units(text: str, scale: int) -> str:
    """A decimal in units of its last digit. Spark fails where the quotient of two decimals has more
    than 39 digits, which that of whole ones has not."""
    cast = f"try_cast({text} AS DECIMAL(38, {scale}))"
    return f"try_cast(replace(CAST({cast} AS STRING), '.', '') AS DECIMAL(38, 0))"


def _negated(call: Call, arguments: Sequence[str]) -> str:
    if call.type.kind is Kind.FLOAT:
        return f"(- {arguments[0]})"
    # Spark's own minus sign rounds decimals to 34 digits.
    kind = spark_type(call.type)
    return f"try_cast(try_subtract(CAST(0 AS {kind}), {arguments[0]}) AS {kind})"


def _absolute(call: Call, arguments: Sequence[str]) -> str:
    if call.type.kind is Kind.FLOAT:
        return f"abs({arguments[0]})"
    return f"CASE WHEN {arguments[0]} < 0 THEN {_negated(call, arguments)} ELSE {arguments[0]} END"


def _rounding(name: str) -> Rendering:
    def write(call: Call, arguments: Sequence[str]) -> str:
        digits = _digits(call)
        match call.type.kind:
            case Kind.INTEGER:
                return _whole(name, call, arguments[0], digits or 0)
            case Kind.DECIMAL:
                return _decimal(name, call, arguments[0], digits or 0)
        value = as_double(arguments[0])
        even = name == "round" and is_float(call.arguments[0])
        # Adding zero turns negative zero into zero, so that they are one group.
        if not digits:
            return f"({_cut(name, value, even=even)} + 0.0D)"
        power = number(10.0 ** abs(digits))
        there, back = ("*", "/") if digits > 0 else ("/", "*")
        scaled = f"({value} {there} {power})"
        cut = f"({_cut(name, scaled, even=even)} {back} {power})"
        # Where that is infinite no digit is left to cut.
        return f"(CASE WHEN {finite(scaled, Kind.FLOAT)} THEN {cut} ELSE {value} END + 0.0D)"

    return write


def _cut(name: str, value: str, *, even: bool) -> str:
    match name:
        case "floor":
            return floored(value)
        case "ceil":
            return ceiled(value)
        case "trunc":
            return truncated(value)
    return f"rint({value})" if even else f"round({value})"


def _whole(name: str, call: Call, text: str, digits: int) -> str:
    """Integers to tens, hundreds …; a value that would leave the type stays as it is."""
    if digits >= 0:
        return text
    power = 10**-digits
    kind = spark_type(call.type)
    if name == "trunc":
        return f"CAST({text} - {text} % {power}L AS {kind})"
    wide = f"CAST({text} AS DECIMAL(20, 0))"
    return f"coalesce(try_cast(round({wide}, {digits}) AS {kind}), {text})"


def _decimal(name: str, call: Call, text: str, digits: int) -> str:
    kind = call.type
    if digits >= kind.scale:
        return text
    if name == "trunc":
        cut = f"CASE WHEN {text} < 0 THEN ceil({text}, {digits}) ELSE floor({text}, {digits}) END"
    else:
        cut = f"round({text}, {digits})"
    if digits < 0 and kind.precision - kind.scale == 38 and name != "trunc":
        # Spark fails where rounding gives a 39th digit.
        edge = "9" * (38 + digits) + "0" * -digits
        cut = f"CASE WHEN {text} BETWEEN -{edge} AND {edge} THEN {cut} END"
    # Rounding may give one digit more before the point, and leaves none after those asked for.
    left = max(digits, 0)
    wider = decimal(min(38, kind.precision - kind.scale + 1 + left), left)
    return f"coalesce(try_cast({cut} AS {spark_type(wider)}), {text})"


def _digits(call: Call) -> int | None:
    if len(call.arguments) < 2:
        return None
    second = call.arguments[1]
    return second.value if isinstance(second, Literal) and isinstance(second.value, int) else 0


RENDERINGS: dict[str, Rendering] = {
    "add": _operator("try_add", "+"),
    "subtract": _operator("try_subtract", "-"),
    "multiply": _operator("try_multiply", "*"),
    "square": _square,
    "divide": _divided,
    "div": _whole_quotient,
    "mod": _remainder,
    "negate": _negated,
    "abs": _absolute,
    "floor": _rounding("floor"),
    "ceil": _rounding("ceil"),
    "round": _rounding("round"),
    "trunc": _rounding("trunc"),
}
