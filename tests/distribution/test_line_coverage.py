"""The half-widths that answers carry cover the truth as often as they say: released and derived.

Every answer has `CELLS` numbers, each a trial: groups have noise of their own, and the denominator
of a share, which is common to all groups, moves a share by a hundredth of what its own noise does.
The intervals of derived numbers are quantiles of 400 draws, which makes them cover half a percent
less; for these the chance is taken as a percent lower. False alarms: binomial tests at 10⁻⁷.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from gateway.edges import Entropy
from gateway.policy.model import Guarantee
from tests.distribution.law import FALSE_ALARM
from tests.distribution.line import CELLS, Neighbours, Rescaled

pytestmark = pytest.mark.once

FEW, ENOUGH, MANY = 5, 12, 100
"""Answers for each test. Of widths twice too large, `FEW` would let one in 270 pass, `ENOUGH` fewer
than one in 10⁸."""
RELEASED = {"COUNT(*)": 0.95, "SUM(x)": 0.95, "COUNT(DISTINCT owner)": 0.95}
DERIVED = {
    "AVG(x)": 0.94,
    "1.0 * COUNT(*) / SUM(COUNT(*)) OVER ()": 0.94,
    "COUNT(*) FILTER (WHERE flag) / CAST(COUNT(*) AS DOUBLE PRECISION)": 0.94,
    "SUM(x) - 5 * COUNT(*)": 0.94,
}
NUMBERS = RELEASED | DERIVED
FINE = [number for number in NUMBERS if number != "COUNT(DISTINCT owner)"]
"""Numbers whose noise spans many whole numbers, so that widths can be told apart."""
CASES = [(guarantee, number) for guarantee in Guarantee for number in NUMBERS]
FEW_CASES = [(g, n) for g, n in CASES if n in RELEASED or g is Guarantee.ZCDP]


def distances(
    line: Neighbours, guarantee: Guarantee, number: str, answers: int, entropy: Entropy | None
) -> tuple[np.ndarray, np.ndarray]:
    """How far each number is from the truth, and its half-width."""
    sql = f"SELECT cell, {number} AS v FROM visits GROUP BY cell ORDER BY cell"
    truth = np.array([row[1] for row in line.truth(True, sql)], dtype=float)
    off, widths = [], []
    for _ in range(answers):
        found = line.ask(guarantee, True, sql, entropy)
        given = np.array([row[1] for row in found.rows], dtype=float)
        width = np.array(found.half_width["v"], dtype=float)
        assert given.shape == width.shape == (CELLS,)
        off.append(np.abs(given - truth))
        widths.append(width)
    return np.concatenate(off), np.concatenate(widths)


def too_few(off: np.ndarray, widths: np.ndarray, chance: float) -> bool:
    # the slack is for numbers that are rounded when they are shown
    covered = int((off <= widths * (1 + 1e-9)).sum())
    return bool(stats.binom.cdf(covered, len(off), chance) < FALSE_ALARM)


def too_many(off: np.ndarray, widths: np.ndarray) -> bool:
    """Whether more than 98% must be covered: then the widths are larger than they say."""
    covered = int((off <= widths).sum())
    return bool(stats.binom.sf(covered - 1, len(off), 0.98) < FALSE_ALARM)


def check(line: Neighbours, guarantee: Guarantee, number: str, answers: int) -> None:
    off, widths = distances(line, guarantee, number, answers, None)
    assert not too_few(off, widths, NUMBERS[number])
    # the width of a whole number is rounded up; the next smaller one is never too wide
    assert not too_many(off, widths - 1 if number in RELEASED else widths)


@pytest.mark.parametrize(("guarantee", "number"), FEW_CASES)
def test_the_half_width_covers_the_truth(
    line: Neighbours, guarantee: Guarantee, number: str
) -> None:
    check(line, guarantee, number, FEW)


@pytest.mark.audit
@pytest.mark.parametrize(("guarantee", "number"), CASES)
def test_the_half_width_covers_the_truth_in_many_answers(
    line: Neighbours, guarantee: Guarantee, number: str
) -> None:
    check(line, guarantee, number, MANY)


@pytest.mark.parametrize("number", FINE)
def test_a_half_width_for_less_noise_is_caught(line: Neighbours, number: str) -> None:
    off, widths = distances(line, Guarantee.ZCDP, number, FEW, Rescaled(1.6))
    assert too_few(off, widths, NUMBERS[number])


@pytest.mark.parametrize("number", FINE)
def test_a_half_width_for_more_noise_is_caught(line: Neighbours, number: str) -> None:
    off, widths = distances(line, Guarantee.ZCDP, number, ENOUGH, Rescaled(0.5))
    assert too_many(off, widths)
