"""Spark's mathematical functions."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.sql.expressions import Call, Literal
from gateway.sql.functions.base import Rendering, plain
from gateway.sql.functions.spark.forms import as_double, finite, number, spark_type
from gateway.sql.types import Kind

_RADIAN, _DEGREE = 57.29577951308232, 0.017453292519943295


def _of(template: str, *conditions: str) -> Rendering:
    """`{0}`, `{1}` stand for the arguments as doubles; NULL where a condition does not hold."""

    def write(call: Call, arguments: Sequence[str]) -> str:
        doubles = [as_double(argument) for argument in arguments]
        # Adding zero turns negative zero into zero, so that they are one group.
        value = f"{template.format(*doubles)} + 0.0D"
        if not conditions:
            return f"({value})"
        tests = " AND ".join(condition.format(*doubles) for condition in conditions)
        return f"CASE WHEN {tests} THEN {value} END"

    return write


_FINITE = finite("{0}", Kind.FLOAT)
_PLACES = "{0} BETWEEN -1.0D AND 1.0D"


_POWER = (
    "CASE WHEN {0} = 1.0D AND {1} IS NOT NULL OR {0} = -1.0D AND abs({1}) = double('infinity') "
    "THEN 1.0D ELSE power({0}, {1}) END"
)
"""Java has no powers of one to NaN and infinity."""
_MINUS = "startswith(CAST({0} AS STRING), '-')"
_ANGLE = (
    f"CASE WHEN {{0}} = 0.0D AND {_MINUS.format('{1}')} "
    f"THEN CASE WHEN {_MINUS} THEN -pi() ELSE pi() END ELSE atan2({{0}}, {{1}}) END"
)
"""Spark forgets the sign of zero there, on which it depends whether the angle is π or -π."""


def _divisor(a: str, b: str) -> str:
    """The greatest common divisor as DECIMAL(20, 0): 93 steps of Euclid suffice for 64 bits."""
    start = f"named_struct('a', CAST({a} AS DECIMAL(20, 0)), 'b', CAST({b} AS DECIMAL(20, 0)))"
    step = (
        "(s, i) -> CASE WHEN s.b = 0 THEN s "
        "ELSE named_struct('a', s.b, 'b', CAST(try_mod(s.a, s.b) AS DECIMAL(20, 0))) END"
    )
    return f"aggregate(sequence(1, 93), {start}, {step}, s -> abs(s.a))"


def _gcd(call: Call, arguments: Sequence[str]) -> str:
    return f"try_cast({_divisor(*arguments)} AS {spark_type(call.type)})"


def _lcm(call: Call, arguments: Sequence[str]) -> str:
    a, b = (f"CAST({argument} AS DECIMAL(20, 0))" for argument in arguments)
    # The quotient is whole, and cut because Spark's quotient of decimals has digits.
    shared = f"try_divide({a}, nullif({_divisor(*arguments)}, 0))"
    product = f"try_multiply(CAST({shared} AS DECIMAL(20, 0)), {b})"
    kind = spark_type(call.type)
    zero = (
        f"{arguments[0]} = 0 AND {arguments[1]} IS NOT NULL "
        f"OR {arguments[1]} = 0 AND {arguments[0]} IS NOT NULL"
    )
    return f"CASE WHEN {zero} THEN CAST(0 AS {kind}) ELSE try_cast(abs({product}) AS {kind}) END"


def _places(call: Call) -> int:
    places = call.arguments[1]
    return places.value if isinstance(places, Literal) and isinstance(places.value, int) else 0


def _shift_left(call: Call, arguments: Sequence[str]) -> str:
    product = f"try_multiply(CAST({arguments[0]} AS BIGINT), {2 ** _places(call)}L)"
    return f"try_cast({product} AS {spark_type(call.type)})"


def _shift_right(call: Call, arguments: Sequence[str]) -> str:
    shifted = f"shiftright(CAST({arguments[0]} AS BIGINT), {_places(call)})"
    return f"CAST({shifted} AS {spark_type(call.type)})"


def _sign(call: Call, arguments: Sequence[str]) -> str:
    value = as_double(arguments[0])
    return f"(CASE WHEN isnan({value}) THEN 0.0D ELSE sign({value}) END + 0.0D)"


RENDERINGS: dict[str, Rendering] = {
    "sign": _sign,
    "sqrt": _of("sqrt({0})", "{0} >= 0.0D"),
    "cbrt": _of("cbrt({0})"),
    "exp": _of("exp({0})"),
    "ln": _of("ln({0})", "{0} > 0.0D"),
    "log10": _of("log10({0})", "{0} > 0.0D"),
    "log": _of("try_divide(ln({1}), ln({0}))", "{0} > 0.0D", "{1} > 0.0D", "{0} <> 1.0D"),
    "power": _of(_POWER),
    "pi": plain("pi()"),
    "degrees": _of(f"({{0}} * {number(_RADIAN)})"),
    "radians": _of(f"({{0}} * {number(_DEGREE)})"),
    "sin": _of("sin({0})", _FINITE),
    "cos": _of("cos({0})", _FINITE),
    "tan": _of("tan({0})", _FINITE),
    "cot": _of("cot({0})", _FINITE),
    "asin": _of("asin({0})", _PLACES),
    "acos": _of("acos({0})", _PLACES),
    "atan": _of("atan({0})"),
    "atan2": _of(_ANGLE, "NOT isnan({0})", "NOT isnan({1})"),
    "sinh": _of("sinh({0})"),
    "cosh": _of("cosh({0})"),
    "tanh": _of("tanh({0})"),
    "gcd": _gcd,
    "lcm": _lcm,
    "bit_and": plain("({0} & {1})"),
    "bit_or": plain("({0} | {1})"),
    "bit_xor": plain("({0} ^ {1})"),
    "bit_not": plain("(~ {0})"),
    "shift_left": _shift_left,
    "shift_right": _shift_right,
    "to_hex": lambda call, arguments: (
        f"CASE WHEN {arguments[0]} >= 0 THEN lower(hex(CAST({arguments[0]} AS BIGINT))) END"
    ),
}
