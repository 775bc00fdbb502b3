"""Quantiles read off the estimated leaves of noisy histograms. Pure post-processing.

Symbols: c(j) is the estimated number of values in leaf j, F(j) = c(0) + … + c(j), N = F of the last
leaf; all in values (rows by weight). Results are in steps of the histogram.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from gateway.noise.trees import Numbers, spread
from gateway.privacy.histograms import Histogram, Reading, Statistic
from gateway.privacy.plan import Mechanism, Noise

CONFIDENCE = 0.95
"""How sure it must be that a number is more than noise: that a group holds values at all, and that
values lie beyond an end."""
_TIE = 1e-6
"""Counts nearer to a rank than this many values have reached it exactly, but for rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaves:
    """Estimated leaves, of shape (…, leaves), with the noise that is in them.

    `deviation`, of shape (…), is the standard deviation of the noise on one node, in values.
    """

    histogram: Histogram
    counts: Numbers
    noise: Noise
    deviation: Numbers

    def moved(self, noise: Numbers) -> Leaves:
        """The same with further noise on its leaves."""
        return replace(self, counts=self.counts + noise)


def deviation(mechanism: Mechanism) -> float:
    """The standard deviation of one draw, in the integers of the statement.

    For the discrete laws it is below that of the continuous ones of the same scale.
    """
    if mechanism.noise is Noise.DISCRETE_LAPLACE:
        return mechanism.scale * math.sqrt(2)
    return mechanism.scale


def beyond(noise: Noise, chance: float) -> float:
    """How many standard deviations weighted sums of noise exceed with `chance` at the most.

    Sums of Gaussian noise are Gaussian. A sum of Laplace noises lies between one alone and, when it
    has many parts, a Gaussian; the larger of the two is taken. Test: tests/noise/test_quantiles.py.
    """
    gaussian = NormalDist().inv_cdf(1 - chance)
    if noise is Noise.DISCRETE_GAUSSIAN:
        return gaussian
    return max(gaussian, -math.log(2 * chance) / math.sqrt(2))


def read_off(leaves: Leaves, reading: Reading) -> Numbers:
    """A reading of every histogram, in steps; NaN, for NULL, where there is none.

    There is none where N does not exceed what noise alone may come to.
    """
    least = beyond(leaves.noise, (1 - CONFIDENCE) / 2) * spread(leaves.histogram).total
    enough = leaves.counts.sum(axis=-1) > least * leaves.deviation
    return np.where(enough, value_of(leaves, reading), np.nan)


def value_of(leaves: Leaves, reading: Reading) -> Numbers:
    """The same without regard to how many values there are; NaN only for an end not seen."""
    total = leaves.counts.sum(axis=-1)
    match reading.statistic:
        case Statistic.CONTINUOUS:
            return _continuous(leaves, total, _ascending(reading))
        case Statistic.DISCRETE:
            return np.rint(_value_at(leaves, _rank(total, reading)))
    return _end(leaves, reading.statistic)[0]


def edge_of(leaves: Leaves, statistic: Statistic) -> Numbers:
    """The inner edge of the leaf whose outer edge is the end."""
    return _end(leaves, statistic)[1]


def _ascending(reading: Reading) -> float:
    fraction = 1 - reading.fraction if reading.descending else reading.fraction
    return float(fraction)


def _continuous(leaves: Leaves, total: Numbers, fraction: float) -> Numbers:
    """PERCENTILE_CONT: between the values of the ranks below and above fraction·(N - 1)."""
    place = fraction * np.maximum(np.round(total, 6) - 1, 0.0)
    lower = np.floor(place)
    low, high = _value_at(leaves, lower), _value_at(leaves, lower + 1)
    return low + (place - lower) * (high - low)


def _rank(total: Numbers, reading: Reading) -> Numbers:
    """PERCENTILE_DISC: the rank, counted from 0, of the first value whose share of values up to it
    is at least the fraction; in descending order counted from the largest."""
    fraction, whole = reading.fraction, np.round(total, 6)
    first = np.ceil(whole * fraction.numerator / fraction.denominator)
    from_start = np.maximum(first, 1) - 1
    return np.maximum(np.ceil(whole) - 1 - from_start, 0) if reading.descending else from_start


def _value_at(leaves: Leaves, rank: Numbers) -> Numbers:
    """The value of a rank (counted from 0), in steps: the leaf in which F passes the rank.

    F is noisy and need not rise. The leaf is the one in which the isotonic regression of F passes
    the rank: a level set of it ends where the partial sums of F - rank are least (Barlow et al.
    1972, "Statistical Inference under Order Restrictions", section 1.2). There F is at most
    the rank before the leaf, and more than it with the leaf; within the leaf the values are taken
    to lie evenly.
    """
    below = np.cumsum(leaves.counts, axis=-1)
    tie = np.maximum(_TIE, 1e-12 * np.abs(below[..., -1:]))
    last = below.shape[-1] - 1
    sums = np.cumsum(below - rank[..., None] - tie, axis=-1)
    start = np.zeros((*sums.shape[:-1], 1))
    backwards = np.concatenate([start, sums], axis=-1)[..., ::-1]
    place = np.minimum(last + 1 - np.argmin(backwards, axis=-1), last)
    if leaves.histogram.width == 1:
        return np.asarray(leaves.histogram.lo + place, dtype=np.float64)
    inside = np.take_along_axis(leaves.counts, place[..., None], axis=-1)[..., 0]
    before = np.take_along_axis(below, place[..., None], axis=-1)[..., 0] - inside
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(inside > 0, (rank - before + 0.5) / inside, 0.5)
    first, after = _edges(leaves.histogram, place)
    return first + np.clip(part, 0.0, 1.0) * (after - first)


def _end(leaves: Leaves, statistic: Statistic) -> tuple[Numbers, Numbers]:
    """MIN: the first leaf up to which there are more values than noise explains; MAX likewise.

    Claim: with probability 1 - (1 - `CONFIDENCE`)/2 there is a value that far out, so that the true
    end lies between the result and the declared bound. Proof: a leaf before the first value holds
    back noise alone, which exceeds the limit with a chance of (1 - CONFIDENCE)/2 over the number of
    leaves, and the union over all leaves is bounded by their sum. Values that are fewer than the
    limit are not seen: no private answer may show a single row.
    """
    histogram = leaves.histogram
    found = spread(histogram)
    chance = (1 - CONFIDENCE) / 2 / histogram.leaves
    limit = beyond(leaves.noise, chance) * leaves.deviation[..., None]
    if statistic is Statistic.LEAST:
        seen = np.cumsum(leaves.counts, axis=-1) > limit * found.below
        place = np.argmax(seen, axis=-1)
    else:
        upward = np.cumsum(leaves.counts[..., ::-1], axis=-1)[..., ::-1]
        seen = upward > limit * found.above
        place = histogram.leaves - 1 - np.argmax(seen[..., ::-1], axis=-1)
    first, after = _edges(histogram, place)
    none = ~seen.any(axis=-1)
    outer, inner = (first, after) if statistic is Statistic.LEAST else (after, first)
    return np.where(none, np.nan, outer), np.where(none, np.nan, inner)


def _edges(histogram: Histogram, place: NDArray[np.int64]) -> tuple[Numbers, Numbers]:
    """The least and the greatest step of a leaf."""
    first = np.asarray(histogram.lo + place * histogram.width, dtype=np.float64)
    return first, np.minimum(first + float(histogram.width - 1), float(histogram.hi))


def bound(histogram: Histogram, statistic: Statistic) -> int:
    """The declared bound beyond which no end lies, in steps."""
    return histogram.lo if statistic is Statistic.LEAST else histogram.hi
