"""The estimates of leaves are those of least squares, and their spread is what that says."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.noise.trees import estimates, spread
from gateway.privacy.histograms import (
    LEAST_LEAVES,
    MOST_BRANCHING,
    MOST_LEAVES,
    MOST_NODES,
    Histogram,
    cut,
)

SHAPES = [
    (1, 1, 1),
    (5, 5, 1),
    (7, 3, 2),
    (9, 2, 4),
    (14, 2, 4),
    (20, 3, 3),
    (27, 3, 3),
    (37, 4, 3),
]
"""Leaves, branching and levels: full trees, and such whose last nodes have few children."""


def shaped(leaves: int, branching: int, levels: int) -> Histogram:
    return Histogram(
        step=Fraction(1), lo=0, hi=leaves - 1, width=1, branching=branching, levels=levels
    )


def design(histogram: Histogram) -> np.ndarray:
    """Which leaves each node counts."""
    return np.array(
        [
            [float(leaf // histogram.size(level) == node) for leaf in range(histogram.leaves)]
            for level, node in histogram.nodes
        ]
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_the_estimates_are_the_general_least_squares_solution(shape: tuple[int, int, int]) -> None:
    histogram = shaped(*shape)
    counts = design(histogram)
    noisy = np.random.default_rng(1).normal(size=(3, 2, len(histogram.nodes)))
    solved = noisy @ np.linalg.pinv(counts).T
    assert np.allclose(estimates(histogram, noisy), solved)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_spread_is_that_of_the_least_squares_solution(shape: tuple[int, int, int]) -> None:
    histogram = shaped(*shape)
    counts = design(histogram)
    covariance = np.linalg.inv(counts.T @ counts)
    below = np.tril(np.ones((histogram.leaves, histogram.leaves)))
    found = spread(histogram)
    assert np.allclose(found.below, np.sqrt(np.diag(below @ covariance @ below.T)))
    assert np.allclose(found.above, np.sqrt(np.diag(below.T @ covariance @ below)))
    assert np.isclose(found.total, np.sqrt(covariance.sum()))


def test_exact_counts_stay_as_they_are() -> None:
    histogram = shaped(37, 4, 3)
    leaves = np.random.default_rng(2).integers(0, 1000, 37).astype(float)
    assert np.allclose(estimates(histogram, design(histogram) @ leaves), leaves)


@given(
    lo=st.integers(-(10**12), 10**12), steps=st.integers(1, 10**13), groups=st.integers(1, 10**6)
)
def test_a_cut_holds_every_value_in_few_nodes(lo: int, steps: int, groups: int) -> None:
    found = cut(lo, lo + steps - 1, Fraction(1), groups)
    assert found.leaves * found.width >= steps > (found.leaves - 1) * found.width
    assert found.branching**found.levels >= found.leaves
    assert found.branching <= MOST_BRANCHING
    assert found.leaves <= MOST_LEAVES
    assert len(found.nodes) * groups <= max(MOST_NODES * 1.1, 2 * LEAST_LEAVES * groups)
    assert [node for level, node in found.nodes if level == found.levels][-1] == found.leaves - 1
    if steps <= LEAST_LEAVES:
        assert (found.width, found.levels) == (1, 1)


def test_each_value_has_a_leaf_of_its_own_where_there_is_room() -> None:
    assert cut(-2000, 2000, Fraction(1, 100), 1).width == 1
    assert cut(1, 14, Fraction(1), 5000).width == 1
    assert cut(0, 10**6, Fraction(1), 1).leaves > 4000
