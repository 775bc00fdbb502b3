"""What values a column or expression can take, as far as policy and types say: never the rows.

Numbers are exact `Fraction`s. Points in time are compared by their ordinal (`sql.types.ordinal`):
days for dates, microseconds for timestamps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from gateway.sql.types import Scalar, ordinal


@dataclass(frozen=True, slots=True)
class Interval:
    """All values from lo to hi, both included; in the units of the column (ordinals for time)."""

    lo: Fraction
    hi: Fraction

    def __post_init__(self) -> None:
        if self.lo > self.hi:
            raise ValueError("an interval's lower end lies above its upper end")

    @property
    def magnitude(self) -> Fraction:
        """The largest absolute value."""
        return max(abs(self.lo), abs(self.hi))


@dataclass(frozen=True, slots=True)
class Members:
    """Exactly these values, in the order in which answers list them; None stands for NULL."""

    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Anything:
    """Nothing is known."""


Domain = Interval | Members | Anything

ANYTHING = Anything()


def interval_of(domain: Domain) -> Interval | None:
    """The least interval that holds every value but NULL; None where nothing bounds it.

    A domain of NULL alone gives [0, 0]: such a column never adds to a sum.
    """
    if isinstance(domain, Interval):
        return domain
    if isinstance(domain, Members):
        numbers = [number for value in domain.values if (number := number_of(value)) is not None]
        known = [value for value in domain.values if value is not None]
        if len(numbers) == len(known):
            return Interval(min(numbers), max(numbers)) if numbers else Interval(_ZERO, _ZERO)
    return None


def number_of(value: Scalar) -> Fraction | None:
    """A value as an exact number (ordinals for points in time); None for text, NULL, NaN."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return None
    if isinstance(value, (int, float, Decimal)):
        return Fraction(value) if math.isfinite(value) else None
    return Fraction(ordinal(value))


_ZERO = Fraction(0)


def add(a: Interval, b: Interval) -> Interval:
    """{x + y}."""
    return Interval(a.lo + b.lo, a.hi + b.hi)


def negate(a: Interval) -> Interval:
    """{-x}."""
    return Interval(-a.hi, -a.lo)


def multiply(a: Interval, b: Interval) -> Interval:
    """The least interval around {x · y}."""
    corners = [x * y for x in (a.lo, a.hi) for y in (b.lo, b.hi)]
    return Interval(min(corners), max(corners))


def divide(a: Interval, b: Interval) -> Interval | None:
    """The least interval around {x / y}; None where y can be zero."""
    if b.lo <= 0 <= b.hi:
        return None
    return multiply(a, Interval(1 / b.hi, 1 / b.lo))


def union(a: Interval, b: Interval) -> Interval:
    """The least interval around both."""
    return Interval(min(a.lo, b.lo), max(a.hi, b.hi))


def intersect(a: Interval, b: Interval) -> Interval | None:
    """What lies in both; None where nothing does."""
    lo, hi = max(a.lo, b.lo), min(a.hi, b.hi)
    return Interval(lo, hi) if lo <= hi else None
