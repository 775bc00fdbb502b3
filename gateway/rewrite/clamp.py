"""A summed value as an exact integer: rounded to its step, clamped at the aggregate's input."""

from __future__ import annotations

import math
from fractions import Fraction

from gateway.privacy.measures import Total
from gateway.rewrite.dialects.base import Dialect
from gateway.sql.types import DOUBLE, Kind, decimal


def clamped(text: str, measure: Total, dialect: Dialect) -> str:
    """SQL for clamp(round(x / step), lo, hi) - center, a BIGINT; NULL where x is NULL or NaN.

    Claim: the result is an integer between lo - center and hi - center, or NULL, whatever the row
    holds. The value becomes an integer only between the bounds, so that no cast overflows, and no
    rounding leaves them. What is clamped is the input of the
    aggregate, never a column: a condition on the column still sees the value as it is. NaN and
    infinities become NULL. Tests: tests/neighbours.
    """
    kind = measure.value.type.kind
    if kind is Kind.INTEGER and measure.step == 1:
        whole = f"LEAST(GREATEST({text}, {measure.lo}), {measure.hi})"
        # LEAST and GREATEST pass over NULL, and NULL must stay NULL.
        whole = f"CASE WHEN {text} IS NOT NULL THEN {whole} END"
    elif kind is Kind.DECIMAL and measure.step.numerator == 1:
        whole = _of_decimal(text, measure, dialect)
    else:
        value = f"CAST({text} AS {dialect.double})"
        lo, hi = float(measure.lo), float(measure.hi)
        scaled = dialect.in_steps(value, measure.step)
        low, high = (f"CAST({end!r} AS {dialect.double})" for end in (lo, hi))
        inside = dialect.rounded(f"LEAST(GREATEST({scaled}, {low}), {high})")
        whole = (
            f"CASE WHEN {dialect.finite(value, DOUBLE)} THEN "
            f"LEAST(GREATEST(CAST({inside} AS BIGINT), {measure.lo}), {measure.hi}) END"
        )
    return f"CAST({whole} AS BIGINT)" + (f" - ({measure.center})" if measure.center else "")


def _of_decimal(text: str, measure: Total, dialect: Dialect) -> str:
    """A decimal by cases, of which NULL is none. Between its bounds it has no more digits than they
    have, and engines compute in 64 bits what has no more than 18."""
    scale, times = measure.value.type.scale, measure.step.denominator
    bounds = [math.floor(_units(measure, bound)) for bound in (measure.lo, measure.hi)]
    digits = max(scale + 1, *(len(str(abs(bound))) for bound in bounds))
    if digits + len(str(times)) > 18:
        digits = 38  # of two factors in 64 bits DuckDB makes a product in 64 bits, and may fail
    narrow = dialect.type_name(decimal(digits, scale))
    if not dialect.narrow_decimals:
        return _between(text, measure, dialect)
    low, high = (f"CAST('{_written(bound, scale)}' AS {narrow})" for bound in bounds)
    whole = f"CAST({dialect.decimal_rounded(f'CAST({text} AS {narrow})', times)} AS BIGINT)"
    if 10**scale % times:
        # A bound that is no whole number of steps: rounding may leave it.
        whole = f"LEAST(GREATEST({whole}, {measure.lo}), {measure.hi})"
    return (
        f"CASE WHEN {text} BETWEEN {low} AND {high} THEN {whole} "
        f"WHEN {text} < {low} THEN {measure.lo} WHEN {text} > {high} THEN {measure.hi} END"
    )


def _between(text: str, measure: Total, dialect: Dialect) -> str:
    """The same for an engine whose decimals have any number of digits, and cost what they are long:
    the value is worked out twice, not four times. What lies beyond a bound is put on the last place
    that is not within it, from where rounding leaves it."""
    scale, times = measure.value.type.scale, measure.step.denominator
    low = _written(math.floor(_units(measure, measure.lo)), scale)
    high = _written(math.ceil(_units(measure, measure.hi)), scale)
    inside = f"LEAST(GREATEST({text}, {low}), {high})"
    whole = f"CAST({dialect.decimal_rounded(inside, times)} AS BIGINT)"
    if 10**scale % times:
        whole = f"LEAST(GREATEST({whole}, {measure.lo}), {measure.hi})"
    return f"CASE WHEN {text} IS NOT NULL THEN {whole} END"


def _units(measure: Total, bound: int) -> Fraction:
    """A bound in units of the value's last decimal place."""
    return bound * measure.step * Fraction(10**measure.value.type.scale)


def _written(units: int, scale: int) -> str:
    sign = "-" if units < 0 else ""
    digits = str(abs(units)).rjust(scale + 1, "0")
    return f"{sign}{digits[:-scale]}.{digits[-scale:]}" if scale else f"{sign}{digits}"
