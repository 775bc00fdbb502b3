"""What values a column or expression can take, as far as policy and types say: never the rows.

Numbers are exact `Fraction`s. Points in time are compared by their ordinal (`sql.types.ordinal`):
days for dates, microseconds for timestamps.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from gateway.sql.types import Scalar


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
