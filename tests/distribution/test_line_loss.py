"""What one owner changes in the answers of the whole line stays within what was charged.

Each trial is one group of one answer: planned, charged, run, given noise and presented. False
alarms: 10⁻⁷ for each test of a loss, by exact binomial bounds; 10⁻⁸ for shared noise.
"""

from __future__ import annotations

import numpy as np
import pytest

from gateway.edges import Entropy
from gateway.policy.model import Guarantee
from tests.distribution.line import CELLS, CROWD, MOST_ROWS, MOST_VALUE, Neighbours, Rescaled
from tests.distribution.loss import Bound, allowed, too_large

pytestmark = pytest.mark.once

FEW, ENOUGH, MANY = 6, 12, 100
"""Answers with and without the owners; each holds `CELLS` trials.

Of wrong noise, `FEW` answers let the hardest case pass once in fourteen runs; `ENOUGH` let none of
the cases pass in 2,000 simulated runs each.
"""

# A measure, and how much one owner changes it at most.
MEASURES = {
    "COUNT(*)": MOST_ROWS,
    "SUM(x)": MOST_ROWS * MOST_VALUE,
    "COUNT(DISTINCT owner)": 1,
}
CASES = [(guarantee, measure) for guarantee in Guarantee for measure in MEASURES]

Samples = tuple[np.ndarray, np.ndarray, Bound]


def sampled(
    line: Neighbours, guarantee: Guarantee, measure: str, answers: int, entropy: Entropy | None
) -> Samples:
    """The answers' distances from the truth without the owners: those with them, those without."""
    sql = f"SELECT cell, {measure} AS n FROM visits GROUP BY cell ORDER BY cell"
    base = np.array([row[1] for row in line.truth(False, sql)], dtype=float)
    found = []
    for present in (True, False):
        given = [line.ask(guarantee, present, sql, entropy) for _ in range(answers)]
        rows = np.array([[row[1] for row in one.rows] for one in given], dtype=float)
        assert rows.shape == (answers, CELLS)
        found.append((rows - base).reshape(-1))
    return found[0], found[1], allowed(guarantee, given[-1])


def edges(measure: str) -> list[float]:
    """From one sensitivity below what lies without the owner to two above it, by quarters."""
    return [MEASURES[measure] * quarter / 4 for quarter in range(-4, 9)]


def check(line: Neighbours, guarantee: Guarantee, measure: str, answers: int) -> None:
    with_owner, without, bound = sampled(line, guarantee, measure, answers, None)
    assert not too_large(with_owner, without, edges(measure), bound)


@pytest.mark.parametrize(("guarantee", "measure"), CASES)
def test_an_owner_changes_no_more_than_was_charged(
    line: Neighbours, guarantee: Guarantee, measure: str
) -> None:
    check(line, guarantee, measure, FEW)


@pytest.mark.audit
@pytest.mark.parametrize(("guarantee", "measure"), CASES)
def test_an_owner_changes_no_more_than_was_charged_in_many_answers(
    line: Neighbours, guarantee: Guarantee, measure: str
) -> None:
    check(line, guarantee, measure, MANY)


@pytest.mark.parametrize(("guarantee", "measure"), CASES)
def test_half_the_noise_is_caught(line: Neighbours, guarantee: Guarantee, measure: str) -> None:
    with_owner, without, bound = sampled(line, guarantee, measure, ENOUGH, Rescaled(0.5))
    assert too_large(with_owner, without, edges(measure), bound)


@pytest.mark.audit
@pytest.mark.parametrize(("guarantee", "measure"), CASES)
def test_three_quarters_of_the_noise_are_caught_in_many_answers(
    line: Neighbours, guarantee: Guarantee, measure: str
) -> None:
    with_owner, without, bound = sampled(line, guarantee, measure, MANY, Rescaled(0.75))
    assert too_large(with_owner, without, edges(measure), bound)


@pytest.mark.parametrize("guarantee", Guarantee)
def test_groups_and_answers_share_no_noise(line: Neighbours, guarantee: Guarantee) -> None:
    """So each group is a trial of its own: neighbouring groups, and groups a whole answer apart."""
    _, without, _ = sampled(line, guarantee, "COUNT(*)", FEW, None)
    for lag in (1, 2, CELLS):
        correlation = np.corrcoef(without[:-lag], without[lag:])[0, 1]
        assert abs(correlation) * (len(without) - lag) ** 0.5 < 5.7


def test_the_owner_makes_the_whole_difference(line: Neighbours) -> None:
    """The pair is a hard one: in each group the owner counts as much as any owner may."""
    for measure, most in MEASURES.items():
        sql = f"SELECT cell, {measure} FROM visits GROUP BY cell ORDER BY cell"
        both = zip(line.truth(True, sql), line.truth(False, sql), strict=True)
        assert all(int(one[1]) - int(other[1]) == most for one, other in both)  # type: ignore[call-overload]
    (count,) = line.truth(False, "SELECT min(n) FROM (SELECT count(*) n FROM visits GROUP BY cell)")
    assert count == (CROWD,)
