"""Straight lines through measured times: what does not grow, what one more costs, what is left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tests.bench.tables import table

AHEAD = 10
"""The line is followed to so many times the largest size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Straight:
    """Seconds = fixed + slope · size, and by how much each measured time lies above that."""

    fixed: float
    slope: float
    residuals: tuple[float, ...]

    def at(self, size: float) -> float:
        """Seconds by the line."""
        return self.fixed + self.slope * size


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """What was varied: `of` heads the first column, `size` names a size, the slope is shown for
    `unit` of them, which `per` names."""

    of: str
    size: Callable[[float], str]
    per: str
    unit: float


def straight(sizes: Sequence[float], seconds: Sequence[float]) -> Straight:
    """The line with the smallest sum of squared residuals."""
    slope, fixed = (float(number) for number in np.polyfit(sizes, seconds, 1))
    left = (time - (fixed + slope * size) for size, time in zip(sizes, seconds, strict=True))
    return Straight(fixed=fixed, slope=slope, residuals=tuple(left))


def fitted(axis: Axis, sizes: Sequence[float], seconds: Mapping[str, Sequence[float]]) -> str:
    """The table of times by size, each row with its line, what is left of it, and what the line
    says of `AHEAD` times the largest size."""
    far = AHEAD * max(sizes)
    rows = []
    for name, times in seconds.items():
        line = straight(sizes, times)
        rows.append(
            [
                name,
                *(f"{time:.2f}" for time in times),
                f"{line.fixed:.2f}",
                f"{line.slope * axis.unit:.2f}",
                ", ".join(f"{left:+.2f}" for left in line.residuals),
                f"{line.at(far):.1f}" if line.at(far) > 0 else "none, it falls",
            ]
        )
    head = [axis.of, *(f"{axis.size(size)}, s" for size in sizes), "Fixed, s"]
    head += [f"Per {axis.per}, s", "Residuals, s", f"{axis.size(far)} by the line, s"]
    return table(head, rows)
