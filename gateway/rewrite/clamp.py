"""A summed value as an exact integer: rounded to its step, clamped at the aggregate's input."""

from __future__ import annotations

from gateway.privacy.measures import Total
from gateway.rewrite.dialects.base import Dialect
from gateway.sql.types import DOUBLE, Kind, decimal


def clamped(text: str, measure: Total, dialect: Dialect) -> str:
    """SQL for clamp(round(x / step), lo, hi) - center, a BIGINT; NULL where x is NULL or NaN.

    Claim: the result is an integer between lo - center and hi - center, or NULL, whatever the row
    holds. The value is clamped once before it becomes an integer, so that no cast overflows, and
    once after, so that no rounding leaves the bounds. What is clamped is the input of the
    aggregate, never a column: a condition on the column still sees the value as it is. NaN and
    infinities become NULL. Tests: tests/neighbours.
    """
    kind = measure.value.type.kind
    if kind is Kind.INTEGER and measure.step == 1:
        whole = f"LEAST(GREATEST({text}, {measure.lo}), {measure.hi})"
        # LEAST and GREATEST pass over NULL, and NULL must stay NULL.
        whole = f"CASE WHEN {text} IS NOT NULL THEN {whole} END"
    elif kind is Kind.DECIMAL and measure.step.numerator == 1:
        full = dialect.type_name(decimal(38, measure.value.type.scale))
        low, high = (_decimal(measure, bound, full) for bound in (measure.lo, measure.hi))
        bounded = f"CAST(LEAST(GREATEST({text}, {low}), {high}) AS {full})"
        scaled = dialect.decimal_rounded(bounded, measure.step.denominator)
        whole = (
            f"CASE WHEN {text} IS NOT NULL THEN "
            f"LEAST(GREATEST(CAST({scaled} AS BIGINT), {measure.lo}), {measure.hi}) END"
        )
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


def _decimal(measure: Total, bound: int, full: str) -> str:
    scale = measure.value.type.scale
    exact = bound * measure.step
    units = exact * 10**scale
    rounded = units.numerator // units.denominator
    sign = "-" if rounded < 0 else ""
    digits = str(abs(rounded)).rjust(scale + 1, "0")
    text = f"{sign}{digits[:-scale]}.{digits[-scale:]}" if scale else f"{sign}{digits}"
    return f"CAST('{text}' AS {full})"
