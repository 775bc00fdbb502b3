"""Groups of one owner alone appear with at most the probability that was charged.

δ is inflated to values that can be seen in thousands of trials. False alarms: binomial tests at
10⁻⁷ each.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from gateway.budget.cost import DELTA_UNIT
from gateway.noise.threshold import MOST_GROUPS_RATIO, least_count, weight
from gateway.privacy.plan import Mechanism, Noise, Norm
from tests.distribution.law import FALSE_ALARM, draw, mechanism

SINGLE_TRIALS = 25_000


def units(delta: float) -> int:
    return round(delta * DELTA_UNIT)


def too_often(seen: int, trials: int, delta: float) -> bool:
    return bool(stats.binom.sf(seen - 1, trials, delta) < FALSE_ALARM)


def too_seldom(seen: int, trials: int, delta: float) -> bool:
    return bool(stats.binom.cdf(seen, trials, delta) < FALSE_ALARM)


@pytest.mark.parametrize("noise", Noise)
@pytest.mark.parametrize("scale", [0.8, 9.0, 300.0])
def test_one_owner_in_one_group(noise: Noise, scale: float) -> None:
    law = mechanism(noise, scale)
    threshold = least_count(law, Norm.L1, 1, 1, False, units(0.02))
    noisy = 1 + draw(law, SINGLE_TRIALS)
    assert not too_often(int((noisy >= threshold).sum()), SINGLE_TRIALS, 0.02)
    if scale > 5:  # below that an integer threshold cannot come near δ
        assert not too_seldom(int((noisy >= threshold).sum()), SINGLE_TRIALS, 0.015)


@pytest.mark.parametrize("noise", Noise)
def test_a_threshold_for_less_noise_is_caught(noise: Noise) -> None:
    law = mechanism(noise, 9.0)
    wrong = least_count(mechanism(noise, 4.5), Norm.L1, 1, 1, False, units(0.02))
    seen = int((1 + draw(law, SINGLE_TRIALS) >= wrong).sum())
    assert too_often(seen, SINGLE_TRIALS, 0.02)


UNIT = 2**20
MOST = 4
DELTA = 0.05


def trials_seen(law: Mechanism, norm: Norm, groups: int, trials: int, threshold: int) -> int:
    """In how many trials any of the groups of an owner who holds them alone is reported."""
    value = weight(norm, UNIT, MOST, groups)
    noisy = value + draw(law, trials * groups).reshape(trials, groups)
    candidates = value > 0
    return int((candidates & (noisy.max(axis=1) >= threshold)).sum())


@pytest.mark.parametrize(
    ("noise", "norm"),
    [(Noise.DISCRETE_GAUSSIAN, Norm.L2), (Noise.DISCRETE_LAPLACE, Norm.L1)],
)
@pytest.mark.parametrize("relative_scale", [0.3, 2.0])
def test_one_owner_in_many_groups(noise: Noise, norm: Norm, relative_scale: float) -> None:
    """With weights, for few groups, at the bound, above it, at the last counted and beyond."""
    law = mechanism(noise, relative_scale * UNIT)
    threshold = least_count(law, norm, UNIT, MOST, True, units(DELTA))
    reached = []
    for groups in (1, MOST, MOST + 1, 16, MOST_GROUPS_RATIO * MOST):
        trials = max(80, 10_000 // groups)
        seen = trials_seen(law, norm, groups, trials, threshold)
        assert not too_often(seen, trials, DELTA)
        reached.append(not too_seldom(seen, trials, DELTA / 2))
    assert any(reached), "the threshold is needlessly high for every number of groups"
    beyond = MOST_GROUPS_RATIO * MOST + 1
    assert trials_seen(law, norm, beyond, 20, threshold) == 0


@pytest.mark.parametrize("noise", Noise)
def test_a_forgotten_union_is_caught(noise: Noise) -> None:
    """The threshold for an owner in one group, held by one in sixteen without weights."""
    law = mechanism(noise, 10.0)
    trials = 1000
    for most_groups, caught in ((1, True), (16, False)):
        threshold = least_count(law, Norm.L1, 1, most_groups, False, units(DELTA))
        noisy = 1 + draw(law, trials * 16).reshape(trials, 16)
        seen = int((noisy.max(axis=1) >= threshold).sum())
        assert too_often(seen, trials, DELTA) is caught


def test_forgotten_weights_are_caught() -> None:
    """The threshold trusts the weights: an owner who adds a whole unit everywhere is seen."""
    law = mechanism(Noise.DISCRETE_GAUSSIAN, 0.3 * UNIT)
    threshold = least_count(law, Norm.L2, UNIT, MOST, True, units(DELTA))
    groups, trials = MOST_GROUPS_RATIO * MOST, 80
    noisy = UNIT + draw(law, trials * groups).reshape(trials, groups)
    seen = int((noisy.max(axis=1) >= threshold).sum())
    assert too_often(seen, trials, DELTA)
    assert np.isfinite(noisy).all()
