"""The best estimate of every leaf of a noisy hierarchical histogram, and how exact it is. Pure.

Symbols: every node v has a noisy count h(v) with independent noise of variance 1 (in units of the
release's noise). L is the number of levels, T(v) the children of v. All of this is post-processing
of released numbers and public shapes: it needs no privacy and may use floats.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gateway.privacy.histograms import Histogram

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Standard deviations of estimates, with noise of standard deviation 1 at every node.

    `below[j]` is that of the estimated number of values in the leaves 0 … j, `above[j]` in the
    leaves j and higher, `total` of all values.
    """

    below: Numbers
    above: Numbers
    total: float

    def against(self, fraction: float) -> Numbers:
        """The standard deviation of the count below less this fraction of all values, by leaf:
        Var(B - pN) = Var B - 2p·Cov(B, N) + p²·Var N, and 2·Cov(B, N) = Var B + Var N - Var(N - B).
        """
        below, every = self.below**2, self.total**2
        rest = np.append(self.above[1:], 0.0) ** 2
        variance = below - fraction * (below + every - rest) + fraction**2 * every
        found: Numbers = np.sqrt(np.maximum(variance, 0.0))
        return found


def estimates(histogram: Histogram, nodes: Numbers) -> Numbers:
    """The number of values in every leaf, estimated from all nodes.

    `nodes` has shape (…, nodes), in the order of `Histogram.nodes`. Claim: the estimates are linear
    in the noisy counts, without bias, and of all such estimates have the least variance; every node
    is then the sum of its leaves. It is the weighted averaging of Hay et al. 2010 ("Boosting the
    Accuracy of Differentially Private Histograms through Consistency", Theorem 3), which assumes
    that all nodes have equally many children, with the inverse variances that such counts have in
    any tree (Honaker 2015, "Efficient Use of Differentially Private Binary Trees"): from the leaves
    up, z(v) averages h(v) and Σ z(T(v)) by their inverse variances; from the top down, what a
    parent's estimate exceeds Σ z(T(v)) by is parted among T(v) by their variances.
    Test: tests/noise/test_trees.py, against the general least squares solution.
    """
    shape = _shape(histogram)
    own = _split(shape, nodes)
    upward = [own[-1]]
    for level in range(histogram.levels - 2, -1, -1):
        summed = np.add.reduceat(upward[0], shape.starts[level], axis=-1)
        weight = shape.below[level] / (1 + shape.below[level])
        upward.insert(0, own[level] * weight + summed * (1 - weight))
    found = upward[0]
    for level in range(1, histogram.levels):
        parents = shape.parents[level]
        summed = np.add.reduceat(upward[level], shape.starts[level - 1], axis=-1)
        share = shape.variance[level] / shape.below[level - 1][parents]
        found = upward[level] + share * (found - summed)[..., parents]
    return found


@lru_cache(maxsize=64)
def spread(histogram: Histogram) -> Spread:
    """How exact the estimates are, worked out from the shape alone.

    Given the estimate X of a node, its children are independent with the variances τ of z, tied to
    the sum X: their covariance is diag(τ) - ττᵀ/Σ τ, and each moves with X by τ/Σ τ. So the count
    of the first leaves of a node, up to leaf j, is α·X plus independent noise of variance β, which
    follow from those of the child that holds j: with a = 1 for the children before it, α' for
    itself and 0 after it, α = Σ aτ / Σ τ and β = Σ a²τ - (Σ aτ)²/Σ τ + β'.
    Test: tests/noise/test_trees.py, against the covariance of the least squares solution.
    """
    shape = _shape(histogram)
    leaves = histogram.leaves
    part, rest = np.ones(leaves), np.zeros(leaves)
    place = np.arange(leaves)
    for level in range(histogram.levels - 1, 0, -1):
        variance = shape.variance[level]
        before = np.concatenate([[0.0], np.cumsum(variance)])
        parents = shape.parents[level][place]
        first = before[place] - before[shape.starts[level - 1][parents]]
        all_of_it = shape.below[level - 1][parents]
        moved = first + part * variance[place]
        squares = first + part**2 * variance[place]
        part, rest = moved / all_of_it, squares - moved**2 / all_of_it + rest
        place = parents
    top = shape.variance[0]
    before = np.concatenate([[0.0], np.cumsum(top)])
    below = before[place] + part**2 * top[place] + rest
    # from leaf j on: what is left of the node that holds j, and of those after it
    least = np.concatenate([[0.0], part[:-1] * (place[1:] == place[:-1])])
    noise = np.where(least > 0, np.concatenate([[0.0], rest[:-1]]), 0.0)
    above = before[-1] - before[place + 1] + (1 - least) ** 2 * top[place] + noise
    return Spread(np.sqrt(below), np.sqrt(above), float(np.sqrt(before[-1])))


@dataclass(frozen=True, slots=True, eq=False)
class _Shape:
    """By level from the top: `starts` of each node's children in the level below, `parents` of
    each node in the level above, `variance` τ of z, and `below`, the sum of τ over T(v)."""

    starts: tuple[NDArray[np.int64], ...]
    parents: tuple[NDArray[np.int64], ...]
    variance: tuple[Numbers, ...]
    below: tuple[Numbers, ...]


@lru_cache(maxsize=64)
def _shape(histogram: Histogram) -> _Shape:
    counts = [histogram.count(level + 1) for level in range(histogram.levels)]
    starts = [np.arange(count) * histogram.branching for count in counts[:-1]]
    parents = [np.arange(count) // histogram.branching for count in counts]
    variance = [np.ones(counts[-1])]
    below: list[Numbers] = []
    for level in range(histogram.levels - 2, -1, -1):
        summed = np.add.reduceat(variance[0], starts[level])
        below.insert(0, summed)
        variance.insert(0, summed / (1 + summed))
    return _Shape(tuple(starts), tuple(parents), tuple(variance), tuple(below))


def _split(shape: _Shape, nodes: Numbers) -> list[Numbers]:
    ends = np.cumsum([len(variance) for variance in shape.variance])[:-1]
    return list(np.split(nodes, ends, axis=-1))
