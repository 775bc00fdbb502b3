"""What is read off leaves: exactly SQL's quantiles without noise, and sound limits with it."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.noise.quantiles import (
    Leaves,
    beyond,
    bound,
    deviation,
    edge_of,
    leaves_of,
    read_off,
    rising,
    value_of,
)
from gateway.noise.trees import estimates
from gateway.privacy.histograms import Histogram, Reading, Statistic, cut
from gateway.privacy.plan import Mechanism, Noise
from gateway.sql.types import BIGINT

LO, HI = -3, 40
FRACTIONS = [
    Fraction(0),
    Fraction(1, 10),
    Fraction(1, 3),
    Fraction(1, 2),
    Fraction(9, 10),
    Fraction(1),
]


def reading(statistic: Statistic, fraction: Fraction, *, descending: bool = False) -> Reading:
    return Reading(
        statistic=statistic, fraction=fraction, descending=descending, type=BIGINT, apart=()
    )


def exactly(values: list[int], histogram: Histogram, noise: float = 0.0) -> Leaves:
    """The exact leaves, as they come out of the estimate; `noise` is what they are said to have."""
    places = (np.clip(values, histogram.lo, histogram.hi) - histogram.lo) // histogram.width
    nodes = np.array(
        [float(np.sum(places // histogram.size(level) == node)) for level, node in histogram.nodes]
    )
    return leaves_of(
        histogram, estimates(histogram, nodes), Noise.DISCRETE_GAUSSIAN, np.array(noise)
    )


some = st.lists(st.integers(LO, HI), min_size=1, max_size=60)


@given(values=some, fraction=st.sampled_from(FRACTIONS))
def test_without_noise_a_continuous_percentile_is_the_exact_one(
    values: list[int], fraction: Fraction
) -> None:
    leaves = exactly(values, cut(LO, HI, Fraction(1), 1))
    found = float(read_off(leaves, reading(Statistic.CONTINUOUS, fraction)))
    assert math.isclose(found, float(np.quantile(values, float(fraction))), abs_tol=1e-9)
    turned = float(read_off(leaves, reading(Statistic.CONTINUOUS, fraction, descending=True)))
    assert math.isclose(turned, float(np.quantile(values, float(1 - fraction))), abs_tol=1e-9)


@given(values=some, fraction=st.sampled_from(FRACTIONS))
def test_without_noise_a_discrete_percentile_is_the_exact_one(
    values: list[int], fraction: Fraction
) -> None:
    """The first value, in order, whose share of the values up to it is at least the fraction."""
    leaves = exactly(values, cut(LO, HI, Fraction(1), 1))
    for descending in (False, True):
        ranked = sorted(values, reverse=descending)
        first = max(1, math.ceil(fraction * len(values)))
        asked = reading(Statistic.DISCRETE, fraction, descending=descending)
        assert float(read_off(leaves, asked)) == ranked[first - 1]


@given(values=some)
def test_without_noise_the_ends_are_exact(values: list[int]) -> None:
    leaves = exactly(values, cut(LO, HI, Fraction(1), 1))
    assert float(read_off(leaves, reading(Statistic.LEAST, Fraction(0)))) == min(values)
    assert float(read_off(leaves, reading(Statistic.GREATEST, Fraction(0)))) == max(values)


@given(values=st.lists(st.integers(0, 10**6), min_size=1, max_size=60))
def test_wide_leaves_are_off_by_less_than_their_width(values: list[int]) -> None:
    histogram = cut(0, 10**6, Fraction(1), 1)
    leaves = exactly(values, histogram)
    for fraction in FRACTIONS:
        found = float(value_of(leaves, reading(Statistic.DISCRETE, fraction)))
        ranked = sorted(values)[max(1, math.ceil(fraction * len(values))) - 1]
        assert abs(found - ranked) < histogram.width
    for statistic, end in ((Statistic.LEAST, min(values)), (Statistic.GREATEST, max(values))):
        outer = float(value_of(leaves, reading(statistic, Fraction(0))))
        inner = float(edge_of(leaves, statistic))
        assert min(outer, inner) <= end <= max(outer, inner)
        assert abs(outer - inner) < histogram.width


def test_nothing_is_read_off_fewer_values_than_noise_may_be() -> None:
    histogram = cut(0, 9, Fraction(1), 1)
    for statistic in Statistic:
        asked = reading(statistic, Fraction(1, 2))
        assert np.isnan(read_off(exactly([5] * 5, histogram, noise=2.0), asked))
        assert not np.isnan(read_off(exactly([5] * 50, histogram, noise=2.0), asked))


def test_an_end_is_where_there_are_more_values_than_noise_explains() -> None:
    values = [0] * 2 + [3] * 1000 + [9] * 2
    leaves = exactly(values, cut(0, 9, Fraction(1), 1), noise=3.0)
    assert float(read_off(leaves, reading(Statistic.LEAST, Fraction(0)))) == 3
    assert float(read_off(leaves, reading(Statistic.GREATEST, Fraction(0)))) == 3
    assert (
        bound(leaves.histogram, Statistic.LEAST),
        bound(leaves.histogram, Statistic.GREATEST),
    ) == (0, 9)


def test_a_rank_is_found_where_noisy_counts_pass_it_for_good() -> None:
    """Negative counts make the sums fall again; the first crossing alone would be leaf 1."""
    histogram = cut(0, 5, Fraction(1), 1)
    counts = np.array([0.0, 60.0, -59.0, 0.0, 500.0, 500.0])
    leaves = leaves_of(histogram, counts, Noise.DISCRETE_GAUSSIAN, np.array(0.0))
    asked = reading(Statistic.DISCRETE, Fraction(5, 100))
    assert float(value_of(leaves, asked)) == 4


@pytest.mark.parametrize("parts", [1, 2, 5, 40])
@pytest.mark.parametrize("chance", [0.2, 0.025, 1e-3])
def test_sums_of_noise_exceed_the_limit_with_no_greater_chance(parts: int, chance: float) -> None:
    """Of 400,000 sums, with equal and with unequal parts: the share above the limit is no larger
    than the chance but by six standard deviations, which happens once in 10⁹ trials."""
    draws = 400_000
    generator = np.random.default_rng(parts)
    weights = np.linspace(1, 0.2, parts)
    for shares in (np.ones(parts), weights):
        laplace = generator.laplace(0, 1, (draws, parts)) @ shares
        size = math.sqrt(2 * float(np.sum(shares**2)))
        share = float(np.mean(laplace > beyond(Noise.DISCRETE_LAPLACE, chance) * size))
        assert share <= chance + 6 * math.sqrt(chance / draws)
    one = float(np.mean(generator.normal(size=draws) > beyond(Noise.DISCRETE_GAUSSIAN, chance)))
    assert abs(one - chance) <= 6 * math.sqrt(chance / draws)


def test_the_deviation_of_a_mechanism() -> None:
    assert deviation(Mechanism(noise=Noise.DISCRETE_GAUSSIAN, scale=3.0)) == 3.0
    laplace = deviation(Mechanism(noise=Noise.DISCRETE_LAPLACE, scale=3.0))
    assert math.isclose(laplace, 3 * math.sqrt(2))


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=30))
def test_rising_counts_are_the_isotonic_regression(counts: list[int]) -> None:
    """By its min-max formula: the largest over i of the smallest mean of i to k around j."""
    n = len(counts)
    found = rising(np.array(counts, dtype=float))
    for j in range(n):
        means = [min(np.mean(counts[i : k + 1]) for k in range(j, n)) for i in range(j + 1)]
        assert math.isclose(found[j], max(means), abs_tol=1e-9)
