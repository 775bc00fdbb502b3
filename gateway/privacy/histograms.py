"""Hierarchical histograms: how the bounds of a value are cut, and what is read off the counts.

Quantiles are read off noisy counts. The bounds are cut into leaves, and nodes above them count
several leaves together, so that the number of values below a point is a sum of few noisy counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from gateway.sql.types import Type

MOST_BRANCHING = 24
"""The most nodes below one node. With b of them and L levels, a count of leaves from the first on
is a sum of about L·b/2 nodes, each with noise for L levels; between 8 and 24 this is least."""
MOST_LEAVES = 4096
"""The most leaves of one group."""
MOST_NODES = 2**15
"""The most nodes of all groups together, but for the least that each group has."""
LEAST_LEAVES = 24
"""The leaves that each group may have, however many groups there are."""
PRIVATE_GROUPS = 64
"""As many groups are expected where they are private, and so not known beforehand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """The values lo·step … hi·step, cut into leaves of `width` steps, in a tree over them.

    `lo`, `hi` are whole steps; points in time count their ordinals (`sql.types.ordinal`). Level 1
    stands at the top, level `levels` are the leaves; a node has `branching` children, the last one
    of a level maybe fewer. There is no root: the total is the sum of level 1.
    """

    step: Fraction
    lo: int
    hi: int
    width: int
    branching: int
    levels: int

    @property
    def leaves(self) -> int:
        """How many leaves there are."""
        return -(-(self.hi - self.lo + 1) // self.width)

    def size(self, level: int) -> int:
        """How many leaves one node of a level holds."""
        return int(self.branching ** (self.levels - level))

    def count(self, level: int) -> int:
        """How many nodes a level has."""
        return -(-self.leaves // self.size(level))

    @property
    def nodes(self) -> tuple[tuple[int, int], ...]:
        """Every node by level and number, from the top to the leaves."""
        return tuple(
            (level, node)
            for level in range(1, self.levels + 1)
            for node in range(self.count(level))
        )


def cut(lo: int, hi: int, step: Fraction, groups: int) -> Histogram:
    """The histogram of the values lo·step … hi·step in each of `groups` groups.

    Each step has a leaf of its own as far as `MOST_LEAVES` and `MOST_NODES` allow. It depends on
    bounds, step and the number of public groups alone: not on the rows, on the fractions that are
    asked for, nor on the price, so that one tree serves every quantile.
    """
    most = min(MOST_LEAVES, max(LEAST_LEAVES, MOST_NODES * 15 // 16 // max(1, groups)))
    steps = hi - lo + 1
    width = -(-steps // most)
    leaves = -(-steps // width)
    levels = 1
    while MOST_BRANCHING**levels < leaves:
        levels += 1
    branching = 1
    while branching**levels < leaves:
        branching += 1
    return Histogram(step=step, lo=lo, hi=hi, width=width, branching=branching, levels=levels)


class Statistic(Enum):
    """The order statistic that is read off a histogram."""

    CONTINUOUS = "continuous"
    DISCRETE = "discrete"
    LEAST = "least"
    GREATEST = "greatest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One number that is read off a released histogram, in each group; free, as it is noisy.

    `fraction` lies between 0 and 1, and means nothing for the ends. `descending` counts from the
    largest value. `apart` are the keys by which groups are kept apart, by the name of the
    statement's column: groups that agree in them are read together, as totals are.
    """

    statistic: Statistic
    fraction: Fraction
    descending: bool
    type: Type
    apart: tuple[str, ...]
