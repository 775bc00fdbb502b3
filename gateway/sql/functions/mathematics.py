"""Numbers: mathematical functions in double precision, and the bits of integers.

What leaves a function's domain (a logarithm of zero, a root of a negative, a sine of infinity)
gives NULL, where PostgreSQL fails.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

from gateway.privacy.domains import ANYTHING, Domain, Interval, interval_of
from gateway.sql.expressions import Call, Expr, Literal
from gateway.sql.functions.base import Function, Nulls, Ranging, Rendering, Typing, entry, of, plain
from gateway.sql.types import BIGINT, DOUBLE, TEXT, Kind, Type

_MOST_EXPONENT = 64
_SLACK = Fraction(1, 10**12)
"""Relative: engines' mathematical functions are off by a few units in the 16th digit."""


def _doubles(count: int) -> Typing:
    def result(arguments: Sequence[Expr]) -> Type | None:
        fits = len(arguments) == count and all(part.type.numeric for part in arguments)
        return DOUBLE if fits else None

    return result


def _integers(arguments: Sequence[Expr]) -> Type | None:
    if any(argument.type.kind is not Kind.INTEGER for argument in arguments):
        return None
    return max((argument.type for argument in arguments), key=lambda kind: kind.bits)


def _divisors(arguments: Sequence[Expr]) -> Type | None:
    """Of 64 bits: the greatest divisor of the least INTEGER and 0 is none any more."""
    return BIGINT if _integers(arguments) else None


def _shifted(arguments: Sequence[Expr]) -> Type | None:
    a, places = arguments
    known = places.value if isinstance(places, Literal) else None
    fits = isinstance(known, int) and 0 <= known < a.type.bits - 1
    return a.type if fits and a.type.kind is Kind.INTEGER else None


def _within(low: float, high: float) -> Ranging:
    ends = Interval(Fraction(low), Fraction(high))
    return lambda call, domains: ends


def rising(function: Callable[[float], float], low: Fraction | None = None) -> Ranging:
    """The range of a function that never falls, for arguments of at least `low`.

    Claim: lo <= x <= hi gives f(lo) <= f(x) <= f(hi), each end widened by 10⁻¹² of itself and as
    much absolutely, for rounding. An end that no float holds bounds nothing. Test: tests/sql/
    test_claims.
    """

    def range_of(call: Call, domains: Sequence[Domain]) -> Domain:
        a = interval_of(domains[0])
        if not a or (low is not None and a.lo < low):
            return ANYTHING
        try:
            ends = [Fraction(function(float(end))) for end in (a.lo, a.hi)]
        except (OverflowError, ValueError):
            return ANYTHING
        slack = [(abs(end) + 1) * _SLACK for end in ends]
        return Interval(ends[0] - slack[0], ends[1] + slack[1])

    return range_of


def _range_of_square_root(call: Call, domains: Sequence[Domain]) -> Domain:
    a = interval_of(domains[0])
    if not a or a.hi < 0:
        return ANYTHING
    return Interval(Fraction(0), Fraction(math.isqrt(math.floor(a.hi)) + 1))


def _range_of_power(call: Call, domains: Sequence[Domain]) -> Domain:
    """Known for a whole exponent that is a constant and not negative."""
    a, exponent = interval_of(domains[0]), call.arguments[1]
    known = exponent.value if isinstance(exponent, Literal) else None
    if not a or not isinstance(known, int) or not 0 <= known <= _MOST_EXPONENT:
        return ANYTHING
    ends = [a.lo**known, a.hi**known]
    if known % 2 == 0 and a.lo <= 0 <= a.hi:
        ends.append(Fraction(0))
    slack = max(abs(end) for end in ends) * _SLACK
    return Interval(min(ends) - slack, max(ends) + slack)


def _range_of_and(call: Call, domains: Sequence[Domain]) -> Domain:
    """A side that is not negative bounds a & b: no bit is set that it does not have."""
    known = [interval for domain in domains if (interval := interval_of(domain))]
    highs = [interval.hi for interval in known if interval.lo >= 0]
    return Interval(Fraction(0), min(highs)) if highs else ANYTHING


def _range_of_or(call: Call, domains: Sequence[Domain]) -> Domain:
    """Of sides that are not negative: no bit above the highest of either is set."""
    sides = [interval_of(domain) for domain in domains]
    known = [side for side in sides if side and side.lo >= 0]
    if len(known) < len(sides):
        return ANYTHING
    bits = max(math.floor(side.hi).bit_length() for side in known)
    return Interval(Fraction(0), Fraction(2**bits - 1))


def _range_of_not(call: Call, domains: Sequence[Domain]) -> Domain:
    a = interval_of(domains[0])
    return Interval(-a.hi - 1, -a.lo - 1) if a else ANYTHING


def _places(call: Call) -> int:
    places = call.arguments[1]
    return places.value if isinstance(places, Literal) and isinstance(places.value, int) else 0


def _range_of_left_shift(call: Call, domains: Sequence[Domain]) -> Domain:
    a = interval_of(domains[0])
    return Interval(a.lo * 2 ** _places(call), a.hi * 2 ** _places(call)) if a else ANYTHING


def _range_of_right_shift(call: Call, domains: Sequence[Domain]) -> Domain:
    a = interval_of(domains[0])
    if not a:
        return ANYTHING
    lo, hi = (math.floor(end / 2 ** _places(call)) for end in (a.lo, a.hi))
    return Interval(Fraction(lo), Fraction(hi))


_INTEGER = {16: "SMALLINT", 32: "INTEGER", 64: "BIGINT"}


def _write_left_shift(call: Call, arguments: Sequence[str]) -> str:
    """As a product, for DuckDB does not shift negatives."""
    factor = 2 ** _places(call)
    return f"TRY(CAST({arguments[0]} * CAST({factor} AS BIGINT) AS {_INTEGER[call.type.bits]}))"


def _checked(name: str, *conditions: str) -> Rendering:
    """`{0}`, `{1}` in a condition stand for the arguments as doubles."""

    def write(call: Call, arguments: Sequence[str]) -> str:
        doubles = [f"CAST({argument} AS DOUBLE)" for argument in arguments]
        tests = " AND ".join(condition.format(*doubles) for condition in conditions)
        # Adding zero turns negative zero into zero, so that they are one group.
        return f"CASE WHEN {tests} THEN {name}({', '.join(doubles)}) + 0.0 END"

    return write


_FINITE = "isfinite({0})"
_NOT_NAN = "NOT isnan({0})"


def _of_one(
    name: str,
    meaning: str,
    *conditions: str,
    range: Ranging = lambda call, domains: ANYTHING,
    duckdb: str = "",
) -> Function:
    nulls = Nulls.SOMETIMES if conditions else Nulls.STRICT
    write = (
        _checked(duckdb or name, *conditions)
        if conditions
        else plain(f"({duckdb or name}(CAST({{0}} AS DOUBLE)) + 0.0)")
    )
    return entry(name, meaning, _doubles(1), write, range=range, nulls=nulls)


_QUARTER = math.pi / 2 + 1e-9

FUNCTIONS = (
    entry(
        "sign",
        "sign(a): -1, 0 or 1",
        _doubles(1),
        plain("CAST(sign({0}) AS DOUBLE)"),
        range=_within(-1, 1),
    ),
    _of_one("sqrt", "sqrt(a); NULL for negatives", "{0} >= 0", range=_range_of_square_root),
    _of_one("cbrt", "cbrt(a): the cube root", range=rising(math.cbrt)),
    _of_one("exp", "exp(a)", range=rising(math.exp)),
    _of_one("ln", "ln(a); NULL unless a > 0", "{0} > 0", range=rising(math.log)),
    _of_one("log10", "log(a), log10(a); NULL unless a > 0", "{0} > 0", range=rising(math.log10)),
    entry(
        "log",
        "log(b, a), to base b; NULL unless both > 0 and b is not 1",
        _doubles(2),
        lambda call, arguments: (
            "CASE WHEN {0} > 0 AND {1} > 0 AND {0} <> 1 THEN ln({1}) / ln({0}) END".format(
                *(f"CAST({argument} AS DOUBLE)" for argument in arguments)
            )
        ),
        nulls=Nulls.SOMETIMES,
    ),
    entry(
        "power",
        "power(a, b), a ^ b",
        _doubles(2),
        plain("TRY(power(CAST({0} AS DOUBLE), CAST({1} AS DOUBLE)))"),
        range=_range_of_power,
        nulls=Nulls.SOMETIMES,
    ),
    entry("pi", "pi()", _doubles(0), plain("pi()"), range=_within(3.14159, 3.1416)),
    _of_one("degrees", "degrees(a)", range=rising(math.degrees)),
    _of_one("radians", "radians(a)", range=rising(math.radians)),
    _of_one("sin", "sin(a), cos(a), tan(a), cot(a), in radians", _FINITE, range=_within(-1, 1)),
    _of_one("cos", "", _FINITE, range=_within(-1, 1)),
    _of_one("tan", "", _FINITE),
    _of_one("cot", "", _FINITE),
    _of_one(
        "asin",
        "asin(a), acos(a), atan(a); NULL outside -1 to 1 for the first two",
        "{0} BETWEEN -1 AND 1",
        range=_within(-_QUARTER, _QUARTER),
    ),
    _of_one("acos", "", "{0} BETWEEN -1 AND 1", range=_within(0, 2 * _QUARTER)),
    _of_one("atan", "", range=_within(-_QUARTER, _QUARTER)),
    entry(
        "atan2",
        "atan2(a, b)",
        _doubles(2),
        _checked("atan2", _NOT_NAN, "NOT isnan({1})"),
        range=_within(-2 * _QUARTER, 2 * _QUARTER),
        nulls=Nulls.SOMETIMES,
    ),
    _of_one("sinh", "sinh(a), cosh(a), tanh(a)"),
    _of_one("cosh", ""),
    _of_one("tanh", "", range=_within(-1, 1)),
    entry(
        "gcd",
        "gcd(a, b), lcm(a, b) of integers",
        of(2, _divisors),
        plain("TRY(gcd({0}, {1}))"),
        nulls=Nulls.SOMETIMES,
    ),
    entry("lcm", "", of(2, _divisors), plain("TRY(lcm({0}, {1}))"), nulls=Nulls.SOMETIMES),
    entry(
        "bit_and",
        "a & b, a | b, a # b, ~a",
        of(2, _integers),
        plain("({0} & {1})"),
        range=_range_of_and,
    ),
    entry("bit_or", "", of(2, _integers), plain("({0} | {1})"), range=_range_of_or),
    entry("bit_xor", "", of(2, _integers), plain("xor({0}, {1})"), range=_range_of_or),
    entry("bit_not", "", of(1, _integers), plain("(~ {0})"), range=_range_of_not),
    entry(
        "shift_left",
        "a << n, a >> n; n constant; NULL where a bit would be lost on the left",
        of(2, _shifted),
        _write_left_shift,
        range=_range_of_left_shift,
        nulls=Nulls.SOMETIMES,
    ),
    entry("shift_right", "", of(2, _shifted), plain("({0} >> {1})"), range=_range_of_right_shift),
    entry(
        "to_hex",
        "to_hex(a) of an integer that is not negative; NULL for others",
        lambda arguments: TEXT if arguments[0].type.kind is Kind.INTEGER else None,
        plain("CASE WHEN {0} >= 0 THEN lower(to_hex({0})) END"),
        nulls=Nulls.SOMETIMES,
    ),
)
"""A row without a meaning is described with the row before it."""
