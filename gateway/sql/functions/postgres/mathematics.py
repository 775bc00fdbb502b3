"""Mathematical functions in double precision, and the bits of integers."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.sql.expressions import Call, Literal
from gateway.sql.functions.base import Rendering, plain
from gateway.sql.functions.postgres import floats
from gateway.sql.functions.postgres.floats import INFINITY, number
from gateway.sql.functions.postgres.names import LEAST, MOST, double, once, postgres_type


def _of_doubles(template: str) -> Rendering:
    """`{0}`, `{1}` stand for the arguments as doubles. Adding zero makes -0.0 zero."""

    def write(call: Call, arguments: Sequence[str]) -> str:
        doubles = map(double, arguments, call.arguments)
        return once([*doubles], lambda *x: f"({template.format(*x)} + 0.0)")

    return write


def _where(name: str, condition: str) -> Rendering:
    """A function where a condition holds, else NULL."""
    places = "{0}, {1}" if "{1}" in condition else "{0}"
    return _of_doubles(f"CASE WHEN {condition} THEN {name}({places}) END")


def _scaled(factor: float) -> Rendering:
    def write(call: Call, arguments: Sequence[str]) -> str:
        a = double(arguments[0], call.arguments[0])
        return f"({floats.multiply(a, number(factor), (call.arguments[0], None))} + 0.0)"

    return write


def _power(a: str, b: str) -> str:
    """NaN for a root of a negative; a negative power of zero is infinite. What leaves the range
    is known by its logarithm, which stays within it."""
    least, most = number(1e-300), number(1e300)
    whole = f"{b} = floor({b}) AND abs({b}) < {INFINITY}"
    odd = (
        f"CASE WHEN abs({b}) BETWEEN 1 AND {number(2.0**53)} "
        f"THEN {b} - 2 * floor({b} / 2) = 1 ELSE FALSE END"
    )
    size = f"LEAST(GREATEST({b}, -({most})), {most}) * ln(abs({a}))"
    sign = f"CASE WHEN {a} < 0 AND {odd} THEN -1 ELSE 1 END"
    near = f"abs({b}) <= {least} OR abs({a}) = 1"
    return (
        f"CASE WHEN {a} IS NULL OR {b} IS NULL THEN NULL "
        f"WHEN {b} = 1 THEN {a} WHEN {a} = -({INFINITY}) AND NOT ({whole}) AND {b} <> 'NaN' "
        f"AND abs({b}) < {INFINITY} THEN CASE WHEN {b} > 0 THEN {INFINITY} ELSE 0 END "
        f"WHEN {a} = 'NaN' OR {b} = 'NaN' OR abs({a}) = {INFINITY} OR abs({b}) = {INFINITY} "
        f"THEN CASE WHEN {a} < 0 AND abs({b}) < {INFINITY} AND NOT ({whole}) THEN 'NaN' "
        f"WHEN {a} = 0 AND {b} < 0 THEN {INFINITY} ELSE power({a}, {b}) END "
        f"WHEN {a} = 0 THEN CASE WHEN {b} >= 0 THEN power({a}, {b}) "
        f"WHEN CAST({a} AS text) = '-0' AND {odd} THEN -({INFINITY}) ELSE {INFINITY} END "
        f"WHEN {a} < 0 AND NOT ({whole}) THEN 'NaN' "
        f"WHEN {near} THEN power({a}, {b}) "
        f"WHEN {size} > {number(709.78)} THEN ({sign}) * {INFINITY} "
        f"WHEN {size} < {number(-745.1)} THEN ({sign}) * 0.0 "
        f"ELSE power({a}, {b}) END"
    )


def _whole(name: str) -> Rendering:
    """Of two integers, computed without a limit; NULL beyond 64 bits."""
    both = f"{name}(CAST({{0}} AS numeric), CAST({{1}} AS numeric))"

    def write(call: Call, arguments: Sequence[str]) -> str:
        found = both.format(*arguments)
        return once([found], lambda x: f"CASE WHEN {x} <= {MOST[64]} THEN CAST({x} AS bigint) END")

    return write


def _places(call: Call) -> int:
    places = call.arguments[1]
    return places.value if isinstance(places, Literal) and isinstance(places.value, int) else 0


def _left_shift(call: Call, arguments: Sequence[str]) -> str:
    factor, bits = 2 ** _places(call), call.type.bits
    low, high = -(-LEAST[bits] // factor), MOST[bits] // factor
    kind = postgres_type(call.type)
    return once(
        arguments[:1],
        lambda x: (
            f"CASE WHEN {x} BETWEEN {low} AND {high} "
            f"THEN CAST({x} * CAST({factor} AS bigint) AS {kind}) END"
        ),
    )


_FINITE = f"abs({{0}}) < {INFINITY}"
_UNIT = "{0} BETWEEN -1 AND 1"

RENDERINGS: dict[str, Rendering] = {
    "sign": _of_doubles("CASE WHEN {0} = 'NaN' THEN 0 ELSE sign({0}) END"),
    "sqrt": _where("sqrt", "{0} >= 0"),
    "cbrt": _of_doubles("cbrt({0})"),
    "exp": _of_doubles(
        f"CASE WHEN {{0}} = 'NaN' THEN {{0}} WHEN {{0}} > {number(709.782712893384)} THEN "
        f"{INFINITY} WHEN {{0}} < {number(-745.133)} THEN 0 ELSE exp({{0}}) END"
    ),
    "ln": _where("ln", "{0} > 0"),
    "log10": _where("log10", "{0} > 0"),
    "log": _of_doubles("CASE WHEN {0} > 0 AND {1} > 0 AND {0} <> 1 THEN ln({1}) / ln({0}) END"),
    "power": lambda call, arguments: once(
        [*map(double, arguments, call.arguments)], lambda a, b: _power(a, b)
    ),
    "pi": plain("pi()"),
    "degrees": _scaled(57.29577951308232),
    "radians": _scaled(0.017453292519943295),
    **{name: _where(name, _FINITE) for name in ("sin", "cos", "tan", "cot")},
    "asin": _where("asin", _UNIT),
    "acos": _where("acos", _UNIT),
    "atan": _of_doubles("atan({0})"),
    "atan2": _where("atan2", "{0} <> 'NaN' AND {1} <> 'NaN'"),
    **{name: _of_doubles(f"{name}({{0}})") for name in ("sinh", "cosh", "tanh")},
    "gcd": _whole("gcd"),
    "lcm": _whole("lcm"),
    "bit_and": plain("({0} & {1})"),
    "bit_or": plain("({0} | {1})"),
    "bit_xor": plain("({0} # {1})"),
    "bit_not": plain("(~ {0})"),
    "shift_left": _left_shift,
    "shift_right": plain("({0} >> CAST({1} AS integer))"),
    "to_hex": plain("CASE WHEN {0} >= 0 THEN to_hex(CAST({0} AS bigint)) END"),
}
