"""The numbers that a release adds up, each an exact integer per group."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from gateway.errors import Code, Position, Refusal
from gateway.privacy.domains import Interval, interval_of
from gateway.privacy.histograms import Histogram
from gateway.privacy.known import NOTHING_KNOWN, domain_of, step_of, total_of
from gateway.privacy.relation import Facts
from gateway.privacy.sensitivity import Bounds
from gateway.sql.expressions import Call, Case, Column, Expr, Ref, children
from gateway.sql.functions import meaning_of
from gateway.sql.types import Kind

MOST_STEPS = 2**42
"""The most steps of a clamped value; with a weight it stays within 64 bits."""
LEAST_STEPS = 2**10
"""What a value is cut into at the least, however large the noise."""
MOST_SCALE = 2**49
"""The noise that a sum's steps are made for, at the most: an eighth of what the sampler draws
(`noise.sample.LARGEST_SCALE`), for the other measures of the question take their share."""
MOST_TOTAL = 2**32
"""The most steps of a declared bound on one owner's sums."""
_FINE = 24
"""A fractional column without a declared step is cut into about 2²⁴ steps."""


@dataclass(frozen=True, slots=True)
class RowCount:
    """The weighted number of rows for which `condition` is true; None counts all rows."""

    condition: Expr | None


@dataclass(frozen=True, slots=True)
class OwnerCount:
    """The weighted number of owners with a row for which `condition` is true."""

    condition: Expr | None


@dataclass(frozen=True, slots=True)
class DistinctCount:
    """The number of distinct values that are not NULL, of those that owners may bring.

    An owner brings at most r values to a group and r·m pairs of group and value in all, chosen by
    a hash of the value. With `beside` what is counted are rows of all these values, NULLs among
    them, for which `condition` is true.
    """

    value: Expr
    beside: tuple[Expr, ...] = ()
    condition: Expr | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """Σ (clamp(round(value / step), lo, hi) - center), weighted, over rows where value is not NULL.

    `lo`, `hi`, `center` are in steps. `most` (in steps) bounds the norm of one owner's sums by a
    weight of its own; None where the weight of rows bounds it.
    """

    value: Expr
    step: Fraction
    lo: int
    hi: int
    center: int = 0
    most: int | None = None

    @property
    def magnitude(self) -> int:
        """The largest absolute value that one row adds, in steps."""
        return max(abs(self.lo - self.center), abs(self.hi - self.center))


@dataclass(frozen=True, slots=True)
class NodeCount:
    """The weighted number of values in each node of a histogram; the node is a key of the rows.

    A value that is NULL or NaN is in no node, one beyond the bounds in the outermost.
    """

    value: Expr
    histogram: Histogram


Measure = RowCount | OwnerCount | DistinctCount | Total | NodeCount
OWNERS = OwnerCount(None)
"""The owners of a group."""


def total(
    value: Expr, facts: Mapping[Column, Facts], most_steps: int, place: Position | None = None
) -> Total:
    """The sum of an expression, with its bounds by interval arithmetic; `place` is for messages.

    A step so fine that the bounds hold more than `most_steps` of it is made coarser by tens.

    Raises MISSING_BOUNDS naming the columns that lack bounds.
    """
    interval = interval_of(domain_of(value, facts))
    if interval is None:
        raise missing_bounds(value, facts, place)
    step = step_of(value, facts) or default_step(interval)
    declared = total_of(value, facts)
    while interval.magnitude / step > most_steps or (declared or 0) / step >= MOST_TOTAL:
        step *= 10
    lo, hi = math.floor(interval.lo / step), math.ceil(interval.hi / step)
    most = math.ceil(declared / step) if declared is not None else None
    return Total(value=value, step=step, lo=lo, hi=hi, most=most)


def default_step(interval: Interval) -> Fraction:
    """The step of fractional values where none is declared: about 2²⁴ of them in the bounds."""
    if interval.magnitude == 0:
        return Fraction(1)
    exponent = math.frexp(float(interval.magnitude))[1]
    return Fraction(2) ** (exponent - _FINE)


def missing_bounds(
    value: Expr, facts: Mapping[Column, Facts], place: Position | None, number: str = "sum"
) -> Refusal:
    """Which columns of an expression need bounds, or which function has none, for a `number`."""
    lacking = sorted({column.name for column in _unbounded(value, facts)})
    if lacking:
        names = ", ".join(f'"{name}"' for name in lacking)
        return Refusal(
            Code.MISSING_BOUNDS,
            f"The {number} has no bounds: {names} has none in the policy.",
            f"Add `bounds` for {names} to the policy, or narrow with WHERE … BETWEEN.",
            place,
        )
    name = _unranged(value, facts)
    return Refusal(
        Code.MISSING_BOUNDS,
        f"The {number} has no bounds: nothing bounds the result of {name}.",
        "Wrap the expression in LEAST(GREATEST(…, low), high).",
        place,
    )


def _unbounded(expr: Expr, facts: Mapping[Column, Facts]) -> list[Column]:
    if isinstance(expr, Ref):
        known = facts.get(expr.column, NOTHING_KNOWN)
        numeric = expr.type.numeric or expr.type.temporal
        return [expr.column] if numeric and interval_of(known.domain) is None else []
    parts = children(expr)
    if isinstance(expr, Case):
        parts = (*(value for _, value in expr.branches), expr.default)
    return [column for part in parts for column in _unbounded(part, facts)]


def _unranged(expr: Expr, facts: Mapping[Column, Facts]) -> str:
    for part in children(expr):
        if part.type.numeric and interval_of(domain_of(part, facts)) is None:
            return _unranged(part, facts)
    return meaning_of(expr.function) if isinstance(expr, Call) else "the expression"


def most_steps(bounds: Bounds, noise: float) -> int:
    """Into how many steps a summed value may be cut under these bounds.

    `noise` is the scale of noise per unit of sensitivity if one measure takes the whole amount of
    the question. Finer steps than the noise resolves gain nothing, and would make its integers
    too large to draw. A step is always far below the noise: that many steps of it are one unit of
    sensitivity's noise over `row_unit`.
    """
    largest = bounds.row_unit * bounds.rows * bounds.groups * noise
    return max(LEAST_STEPS, min(MOST_STEPS, int(MOST_SCALE / max(largest, 1e-9))))


def countable(value: Expr) -> bool:
    """Whether a value can be summed: a number."""
    return value.type.kind in (Kind.INTEGER, Kind.DECIMAL, Kind.FLOAT)
