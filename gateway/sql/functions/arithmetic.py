"""Numbers: operators and mathematical functions.

Total forms: overflow of integers and decimals gives NULL through TRY, division by zero gives NULL,
and what leaves a function's domain (a logarithm of zero, a root of a negative) gives NULL. Floating
point gives infinities and NaN, which become NULL before they reach an aggregate.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from gateway.privacy.domains import (
    ANYTHING,
    Domain,
    Interval,
    add,
    divide,
    interval_of,
    multiply,
    negate,
    number_of,
)
from gateway.sql.expressions import Call, Expr, Literal
from gateway.sql.functions.base import Nulls, Rendering, entry, plain
from gateway.sql.types import BIGINT, DOUBLE, Kind, Type, decimal


def _numbers(arguments: Sequence[Expr]) -> bool:
    return all(argument.type.numeric for argument in arguments)


def common(a: Type, b: Type) -> Type | None:
    """The type of a sum of two numbers, or of values that stand in one column."""
    if a == b:
        return a
    if Kind.NULL in (a.kind, b.kind):
        return b if a.kind is Kind.NULL else a
    if a.numeric and b.numeric:
        if Kind.FLOAT in (a.kind, b.kind):
            return DOUBLE
        if a.kind is Kind.INTEGER and b.kind is Kind.INTEGER:
            return a if a.bits >= b.bits else b
        scale = max(_scale(a), _scale(b))
        return decimal(min(38, max(_whole(a), _whole(b)) + scale), scale)
    if a.temporal and b.temporal:
        order = (Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMPTZ)
        return a if order.index(a.kind) >= order.index(b.kind) else b
    return a if a.kind is b.kind else None


def shared(a: Type, b: Type) -> Type | None:
    """The type in which every value of two types can be held: `common`, but for numerics that no
    38 digits hold both of, which are held as floats. A cast to it never fails."""
    found = common(a, b)
    if found and found.kind is Kind.DECIMAL and Kind.NULL not in (a.kind, b.kind):
        return found if max(_whole(a), _whole(b)) + max(_scale(a), _scale(b)) <= 38 else DOUBLE
    return found


def _scale(a: Type) -> int:
    return a.scale if a.kind is Kind.DECIMAL else 0


def _whole(a: Type) -> int:
    if a.kind is Kind.DECIMAL:
        return a.precision - a.scale
    return {16: 5, 32: 10}.get(a.bits, 19)


def _sum_type(arguments: Sequence[Expr]) -> Type | None:
    if not _numbers(arguments):
        return None
    found = common(arguments[0].type, arguments[1].type)
    if found and found.kind is Kind.INTEGER:
        return BIGINT
    if found and found.kind is Kind.DECIMAL:
        return decimal(38, found.scale) if found.scale <= 30 else DOUBLE
    return found


def _product_type(arguments: Sequence[Expr]) -> Type | None:
    if not _numbers(arguments):
        return None
    a, b = arguments[0].type, arguments[1].type
    if Kind.DECIMAL in (a.kind, b.kind) and Kind.FLOAT not in (a.kind, b.kind):
        scale = _scale(a) + _scale(b)
        return decimal(38, scale) if scale <= 20 else DOUBLE
    return _sum_type(arguments)


def _quotient_type(arguments: Sequence[Expr]) -> Type | None:
    if not _numbers(arguments):
        return None
    if all(argument.type.kind is Kind.INTEGER for argument in arguments):
        return BIGINT
    return DOUBLE


def _operator(symbol: str) -> Rendering:
    def write(call: Call, arguments: Sequence[str]) -> str:
        exact = _exact(call, arguments, symbol)
        if exact is not None:
            return exact
        pairs = zip(arguments, call.arguments, strict=True)
        a, b = (_widened(text, argument, call.type) for text, argument in pairs)
        if call.type.kind is Kind.FLOAT:
            return f"({a} {symbol} {b})"
        return f"TRY({a} {symbol} {b})"

    return write


def _exact(call: Call, arguments: Sequence[str], symbol: str) -> str | None:
    """A decimal sum, difference or product that no digit is lacking for, and that so cannot fail:
    each side has as many as its type says, at most 38 together. None for others.

    DuckDB computes it in 64 bits up to 18 digits. Full width, and TRY around it, take three times
    as long, on each row.
    """
    if call.type.kind is not Kind.DECIMAL or symbol not in "+-*":
        return None
    a, b = call.arguments
    whole, scale = digits(call), call.type.scale
    if whole is None or whole + scale > 38:
        return None
    if symbol == "*":
        widths = [((digits(side) or 0) + _scale(side.type), _scale(side.type)) for side in (a, b)]
        if sum(width for width, _ in widths) > 18:
            # Of two sides in 64 bits DuckDB makes a product in 64 bits, and fails where it is none.
            widths[0] = (max(widths[0][0], 19), widths[0][1])
    else:
        widths = [(whole + scale, scale)] * 2
    left, right = (
        f"TRY_CAST({text} AS DECIMAL({max(width, 1)}, {own}))"
        for text, (width, own) in zip(arguments, widths, strict=True)
    )
    return f"({left} {symbol} {right})"


def digits(expr: Expr) -> int | None:
    """How many digits before the point an exact number has at most; None where 38 may not do."""
    kind = expr.type.kind
    if kind not in (Kind.DECIMAL, Kind.INTEGER):
        return None
    if isinstance(expr, Literal):
        number = number_of(expr.value)
        return None if number is None else len(str(abs(int(number))))
    if isinstance(expr, Call) and kind is Kind.DECIMAL and expr.function in _EXACT:
        sides = [digits(side) for side in expr.arguments]
        known = [side for side in sides if side is not None]
        if len(known) < len(sides):
            return None
        whole = sum(known) if expr.function == "multiply" else max(known) + 1
        return whole if whole + expr.type.scale <= 38 else None
    return _whole(expr.type)


_EXACT = ("add", "subtract", "multiply")


def _widened(text: str, argument: Expr, result: Type) -> str:
    if result.kind is Kind.INTEGER:
        return text if argument.type.bits == 64 else f"CAST({text} AS BIGINT)"
    if result.kind is Kind.DECIMAL:
        # Cast to full width first: DuckDB otherwise keeps the narrow type and overflows early.
        scale = _scale(argument.type)
        return f"TRY_CAST({text} AS DECIMAL(38, {scale}))"
    return text if argument.type.kind is Kind.FLOAT else f"CAST({text} AS DOUBLE)"


def _divided(call: Call, arguments: Sequence[str]) -> str:
    a, b = arguments
    if call.type.kind is Kind.INTEGER:
        return f"TRY({a} // NULLIF({b}, 0))"
    return f"(CAST({a} AS DOUBLE) / NULLIF(CAST({b} AS DOUBLE), 0))"


def _range_of_sum(call: Call, domains: Sequence[Domain]) -> Domain:
    a, b = map(interval_of, domains)
    return add(a, b) if a and b else ANYTHING


def _range_of_difference(call: Call, domains: Sequence[Domain]) -> Domain:
    a, b = map(interval_of, domains)
    return add(a, negate(b)) if a and b else ANYTHING


def _range_of_product(call: Call, domains: Sequence[Domain]) -> Domain:
    a, b = map(interval_of, domains)
    return multiply(a, b) if a and b else ANYTHING


def _write_square(call: Call, arguments: Sequence[str]) -> str:
    twice = Call("multiply", (call.arguments[0], call.arguments[0]), call.type)
    return _operator("*")(twice, (arguments[0], arguments[0]))


def _range_of_square(call: Call, domains: Sequence[Domain]) -> Domain:
    a = interval_of(domains[0])
    return Interval(Fraction(0), a.magnitude * a.magnitude) if a else ANYTHING


def _range_of_quotient(call: Call, domains: Sequence[Domain]) -> Domain:
    a, b = map(interval_of, domains)
    if not a or not b:
        return ANYTHING
    if call.type.kind is Kind.INTEGER:
        # Divisors are whole and not zero here, so the quotient is never further from zero.
        return Interval(-a.magnitude, a.magnitude)
    return divide(a, b) or ANYTHING


def _range_of_whole_quotient(call: Call, domains: Sequence[Domain]) -> Domain:
    quotient = interval_of(_range_of_quotient(call, domains))
    if not quotient:
        return ANYTHING
    return Interval(Fraction(math.floor(quotient.lo)), Fraction(math.ceil(quotient.hi)))


def _range_of_remainder(call: Call, domains: Sequence[Domain]) -> Domain:
    a, b = map(interval_of, domains)
    if not b:
        return ANYTHING
    most = b.magnitude if not a else min(b.magnitude, a.magnitude)
    return Interval(
        Fraction(0) if a and a.lo >= 0 else -most, Fraction(0) if a and a.hi <= 0 else most
    )


def _range_of_negation(call: Call, domains: Sequence[Domain]) -> Domain:
    a = interval_of(domains[0])
    return negate(a) if a else ANYTHING


def _range_of_abs(call: Call, domains: Sequence[Domain]) -> Domain:
    a = interval_of(domains[0])
    if not a:
        return ANYTHING
    least = Fraction(0) if a.lo <= 0 <= a.hi else min(abs(a.lo), abs(a.hi))
    return Interval(least, a.magnitude)


def _range_of_rounding(call: Call, domains: Sequence[Domain]) -> Domain:
    a = interval_of(domains[0])
    if not a:
        return ANYTHING
    if len(call.arguments) > 1:
        step = Fraction(10) ** -min(0, _digits(call))
        return Interval(a.lo - step, a.hi + step)
    return Interval(Fraction(math.floor(a.lo)), Fraction(math.ceil(a.hi)))


def _digits(call: Call) -> int:
    second = call.arguments[1]
    return second.value if isinstance(second, Literal) and isinstance(second.value, int) else 0


def _same(arguments: Sequence[Expr]) -> Type | None:
    return arguments[0].type if _numbers(arguments) else None


def _rounded(arguments: Sequence[Expr]) -> Type | None:
    if not _numbers(arguments):
        return None
    first = arguments[0].type
    if len(arguments) == 2:
        digits = arguments[1]
        if not isinstance(digits, Literal) or not isinstance(digits.value, int):
            return None
        return first if abs(digits.value) <= 15 else None
    return first if first.kind is Kind.INTEGER else DOUBLE


def _remainder_type(arguments: Sequence[Expr]) -> Type | None:
    """Integers and numerics; PostgreSQL has no remainder of floats."""
    if len(arguments) != 2 or not _numbers(arguments):
        return None
    kinds = {argument.type.kind for argument in arguments}
    if kinds == {Kind.INTEGER}:
        return BIGINT
    scale = max(_scale(argument.type) for argument in arguments)
    return decimal(38, scale) if Kind.FLOAT not in kinds and scale <= 18 else None


def _write_remainder(call: Call, arguments: Sequence[str]) -> str:
    a, b = arguments
    if call.type.kind is Kind.DECIMAL:
        a, b = (f"TRY_CAST({side} AS DECIMAL(38, {call.type.scale}))" for side in (a, b))
    return f"TRY({a} % NULLIF({b}, 0))"


def _write_whole_quotient(call: Call, arguments: Sequence[str]) -> str:
    return (
        _divided(call, arguments)
        if call.type.kind is Kind.INTEGER
        else (f"(trunc{_divided(call, arguments)} + 0.0)")
    )


def _write_rounding(name: str) -> Rendering:
    def write(call: Call, arguments: Sequence[str]) -> str:
        if call.type.kind is Kind.INTEGER and len(arguments) == 1:
            return arguments[0]
        if call.type.kind is Kind.FLOAT:
            first = f"CAST({arguments[0]} AS DOUBLE)"
            # PostgreSQL rounds halves of double precision to even, and of numeric away from zero.
            chosen = "round_even" if name == "round" and is_float(call.arguments[0]) else name
            digits = arguments[1:] or (["0"] if chosen == "round_even" else [])
            # Adding zero turns negative zero into zero, so that they are one group.
            return f"({chosen}({', '.join([first, *digits])}) + 0.0)"
        # Rounding away from zero can leave the type's range: such a value stays as it is.
        rounded = f"{name}({', '.join(arguments)})"
        return rounded if len(arguments) == 1 else f"COALESCE(TRY({rounded}), {arguments[0]})"

    return write


_KEEP_NUMERIC = {
    *("add", "subtract", "multiply", "divide", "negate", "abs"),
    *("floor", "ceil", "round", "trunc"),
}


def is_float(expr: Expr) -> bool:
    """Whether PostgreSQL has double precision here; the gateway also computes numeric in it."""
    if isinstance(expr, Call) and expr.function in _KEEP_NUMERIC:
        return any(is_float(part) for part in expr.arguments)
    return expr.type.kind is Kind.FLOAT


FUNCTIONS = (
    entry("add", "a + b", _sum_type, _operator("+"), range=_range_of_sum, nulls=Nulls.OUTSIDE),
    entry(
        "subtract",
        "a - b",
        _sum_type,
        _operator("-"),
        range=_range_of_difference,
        nulls=Nulls.OUTSIDE,
    ),
    entry(
        "multiply",
        "a * b",
        _product_type,
        _operator("*"),
        range=_range_of_product,
        nulls=Nulls.OUTSIDE,
    ),
    entry(
        "square",
        "a * a, for variances",
        lambda arguments: _product_type((arguments[0], arguments[0])),
        _write_square,
        range=_range_of_square,
        nulls=Nulls.SOMETIMES,
    ),
    entry(
        "divide",
        "a / b; of integers the quotient is cut towards zero; NULL where b is 0",
        _quotient_type,
        _divided,
        range=_range_of_quotient,
        nulls=Nulls.OUTSIDE,
    ),
    entry(
        "div",
        "div(a, b): the quotient cut towards zero; NULL where b is 0",
        _quotient_type,
        _write_whole_quotient,
        range=_range_of_whole_quotient,
        nulls=Nulls.SOMETIMES,
    ),
    entry(
        "mod",
        "a % b, mod(a, b), with the sign of a; NULL where b is 0",
        _remainder_type,
        _write_remainder,
        range=_range_of_remainder,
        nulls=Nulls.SOMETIMES,
    ),
    entry(
        "negate", "-a", _same, plain("TRY(- {0})"), range=_range_of_negation, nulls=Nulls.OUTSIDE
    ),
    entry("abs", "abs(a)", _same, plain("TRY(abs({0}))"), range=_range_of_abs, nulls=Nulls.OUTSIDE),
    entry("floor", "floor(a)", _rounded, _write_rounding("floor"), range=_range_of_rounding),
    entry("ceil", "ceil(a)", _rounded, _write_rounding("ceil"), range=_range_of_rounding),
    entry(
        "round",
        "round(a), round(a, digits)",
        _rounded,
        _write_rounding("round"),
        range=_range_of_rounding,
    ),
    entry(
        "trunc",
        "trunc(a), trunc(a, digits)",
        _rounded,
        _write_rounding("trunc"),
        range=_range_of_rounding,
    ),
)
