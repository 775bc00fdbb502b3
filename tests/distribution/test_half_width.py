"""The interval that an answer carries covers the truth as often as it says.

False alarms: each case is a binomial test at 10⁻⁷ on each side.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from gateway.noise.tails import half_width
from gateway.privacy.plan import Mechanism, Noise
from tests.distribution.law import FALSE_ALARM, below, draw, mechanism

DRAWS = 15_000
TRUTH = 1_234_567
LAWS = [mechanism(noise, scale) for noise in Noise for scale in (0.7, 5.3, 63.0, 65.0, 1e9)]


def too_few(covered: int, confidence: float) -> bool:
    """Whether so few of the draws cannot be luck, were each covered with the confidence."""
    return bool(stats.binom.cdf(covered, DRAWS, confidence) < FALSE_ALARM)


def too_many(covered: int, chance: float) -> bool:
    """The same for too many."""
    return bool(stats.binom.sf(covered - 1, DRAWS, chance) < FALSE_ALARM)


@pytest.mark.parametrize("law", LAWS, ids=str)
def test_the_interval_covers_the_truth(law: Mechanism) -> None:
    distance = np.abs((TRUTH + draw(law, DRAWS)) - TRUTH)
    for confidence in (0.5, 0.95, 0.999):
        width = half_width(law, confidence)
        covered = int((distance <= width).sum())
        assert not too_few(covered, confidence)
        # integers cannot hit the confidence exactly: what the least width covers by the law
        low, high = below(law, np.array([-width, width + 1], dtype=float))
        assert not too_many(covered, high - low)


@pytest.mark.parametrize("law", [law for law in LAWS if law.scale > 5], ids=str)
def test_a_wrong_width_is_caught(law: Mechanism) -> None:
    """Half the width covers too little; noise of half the scale is covered too often."""
    width = half_width(law, 0.95)
    assert too_few(int((np.abs(draw(law, DRAWS)) <= width / 2).sum()), 0.95)
    quieter = draw(mechanism(law.noise, law.scale / 2), DRAWS)
    assert too_many(int((np.abs(quieter) <= width).sum()), 0.96)
