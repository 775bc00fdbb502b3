"""Quantiles read off the estimated leaves of noisy histograms. Pure post-processing.

Symbols: F(j) is the estimated number of values up to leaf j, made to rise, N that of all values; in
values (rows by weight). Results are in steps of the histogram.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
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

    `below` is the count up to each leaf, made to rise (`rising`). `deviation`, of shape (…), is the
    standard deviation of the noise on one node, in values.
    """

    histogram: Histogram
    counts: Numbers
    below: Numbers
    noise: Noise
    deviation: Numbers


def leaves_of(histogram: Histogram, counts: Numbers, noise: Noise, deviation: Numbers) -> Leaves:
    """Leaves of these estimated counts."""
    below = rising(np.cumsum(counts, axis=-1))
    return Leaves(histogram=histogram, counts=counts, below=below, noise=noise, deviation=deviation)


def rising(counts: Numbers) -> Numbers:
    """The nearest counts that never fall, by least squares: isotonic regression.

    Neighbours that fall are pooled to their mean until none do (Barlow et al. 1972, "Statistical
    Inference under Order Restrictions", section 1.2). Exact counts rise, and so no estimate moves
    away from them: neither in least squares nor in the largest difference.
    """
    made = np.empty_like(counts)
    for index in np.ndindex(counts.shape[:-1]):
        means: list[float] = []
        sizes: list[int] = []
        for count in counts[index].tolist():
            mean, size = count, 1
            while means and means[-1] > mean:
                before = sizes.pop()
                mean = (means.pop() * before + mean * size) / (before + size)
                size += before
            means.append(mean)
            sizes.append(size)
        made[index] = np.repeat(means, sizes)
    return made


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


def redrawn_of(leaves: Leaves, reading: Reading, below: Numbers, every: Numbers) -> Numbers:
    """A quantile as it would be had the noise been another, of shape (draws, …), in steps.

    `below` is redrawn noise, in values, of the count up to the quantile's leaf (`leaf_of`), `every`
    that of all values. Let T(x) = F(x) - p·N and s(x) be its standard deviation. A draw z, which is
    the redrawn T over s at the quantile's leaf, stands at the first x with T(x) + z·s(x) ≥ 0 where
    z > 0, and otherwise at the last x before which T ≤ -z·s. So of the draws of z within ±c none
    lies outside the set of all x that a test of T(x) against c·s(x) does not rule out, and the
    leaf of the true quantile, at which T without noise changes its sign, is in that set as often
    as T's noise there is within ±c·s: whatever the values, however few lie around it. A count is
    taken to have reached a rank from one value before it on, as percentiles lie between two.
    """
    found = spread(leaves.histogram)
    fraction = _ascending(reading)
    gap = leaves.below - fraction * leaves.counts.sum(axis=-1, keepdims=True)
    size = leaves.deviation[..., None] * np.maximum(found.against(fraction), 1e-9)
    place = leaf_of(leaves, reading)
    drawn = (below - fraction * every) / np.take_along_axis(size, place[..., None], axis=-1)[..., 0]
    first = np.minimum.accumulate((-gap - 1) / size, axis=-1)
    before = np.full_like(gap, -np.inf)
    before[..., 1:] = ((gap - 1) / size)[..., :-1]
    last = np.minimum.accumulate(before[..., ::-1], axis=-1)[..., ::-1]
    at = np.empty(drawn.shape, dtype=np.int64)
    for index in np.ndindex(place.shape):
        z = drawn[:, *index]
        low = np.searchsorted(-first[index], -z, side="left")
        high = np.searchsorted(last[index], -z, side="right") - 1
        at[:, *index] = np.clip(np.where(z > 0, low, high), 0, leaves.histogram.leaves - 1)
    lower, upper = _edges(leaves.histogram, at)
    return np.where(drawn > 0, lower, upper)


def leaf_of(leaves: Leaves, reading: Reading) -> NDArray[np.int64]:
    """The leaf in which a quantile lies."""
    total = leaves.counts.sum(axis=-1)
    rank = np.floor(_ascending(reading) * np.maximum(total - 1, 0.0))
    return _leaf_at(leaves, rank)


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


def _leaf_at(leaves: Leaves, rank: Numbers) -> NDArray[np.int64]:
    """The leaf in which the count passes a rank (counted from 0)."""
    total = leaves.counts.sum(axis=-1)
    reached = leaves.below > (rank + np.maximum(_TIE, 1e-12 * np.abs(total)))[..., None]
    last = leaves.histogram.leaves - 1
    found: NDArray[np.int64] = np.where(reached.any(axis=-1), np.argmax(reached, axis=-1), last)
    return found


def _value_at(leaves: Leaves, rank: Numbers) -> Numbers:
    """The value of a rank, in steps; the values of one leaf are taken to lie evenly in it."""
    place = _leaf_at(leaves, rank)
    if leaves.histogram.width == 1:
        return np.asarray(leaves.histogram.lo + place, dtype=np.float64)
    upto = np.take_along_axis(leaves.below, place[..., None], axis=-1)[..., 0]
    before = np.take_along_axis(leaves.below, np.maximum(place - 1, 0)[..., None], axis=-1)[..., 0]
    before = np.where(place > 0, before, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(upto > before, (rank - before + 0.5) / (upto - before), 0.5)
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
