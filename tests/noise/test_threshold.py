"""Thresholds hold for every number of groups, checked one by one, and are no higher than needed."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.budget.cost import DELTA_UNIT
from gateway.noise import threshold as threshold_module
from gateway.noise.tails import log_tail
from gateway.noise.threshold import MOST_GROUPS_RATIO, least_count, weight
from gateway.privacy.plan import Mechanism, Noise, Norm

UNIT = 2**20


def excess(
    law: Mechanism, threshold: int, norm: Norm, unit: int, most: int, capped: bool, delta: int
) -> float:
    """The largest log(t · P(any) / δ) over every t that an owner can have; at most 0 if right."""
    last = MOST_GROUPS_RATIO * most if capped else most
    found = -math.inf
    for groups in range(1, last + 1):
        value = weight(norm, unit, most, groups)
        if value > 0:
            tail = log_tail(law, threshold - value)
            found = max(found, tail + math.log(groups) - math.log(Fraction(delta, DELTA_UNIT)))
    return found


laws = st.builds(Mechanism, noise=st.sampled_from(Noise), scale=st.floats(0.05, 1e4))


@given(
    law=laws,
    norm=st.sampled_from(Norm),
    most=st.integers(1, 40),
    unit=st.sampled_from([1, 7, UNIT]),
    capped=st.booleans(),
    delta=st.sampled_from([1, 10**8, 10**11, DELTA_UNIT // 100, DELTA_UNIT * 3 // 4]),
)
@settings(deadline=None, max_examples=80)
def test_every_number_of_groups_is_covered(
    law: Mechanism, norm: Norm, most: int, unit: int, capped: bool, delta: int
) -> None:
    law = Mechanism(noise=law.noise, scale=law.scale * unit)
    threshold = least_count(law, norm, unit, most, capped, delta)
    assert excess(law, threshold, norm, unit, most, capped, delta) <= 0
    lower = threshold - 1 - (threshold // 2048 if capped else 0)
    if lower > unit:
        # but for the margin of 10⁻¹² that is kept for rounding
        assert excess(law, lower, norm, unit, most, capped, delta) > -2e-12


@pytest.mark.parametrize("norm", Norm)
@pytest.mark.parametrize("relative_scale", [0.01, 0.3, 2.0, 500.0])
def test_a_hundred_thousand_groups(norm: Norm, relative_scale: float) -> None:
    """At once, and right at the ends and between."""
    most, delta = 100_000, 10**10
    for noise in Noise:
        law = Mechanism(noise=noise, scale=relative_scale * UNIT)
        threshold = least_count(law, norm, UNIT, most, True, delta)
        for groups in (1, most, most + 1, 2 * most, 7 * most + 3, MOST_GROUPS_RATIO * most):
            tail = log_tail(law, threshold - weight(norm, UNIT, most, groups))
            assert tail + math.log(groups) <= math.log(delta / DELTA_UNIT)


@given(
    steps=st.lists(st.tuples(st.integers(1, 200), st.integers(0, 10)), max_size=4),
    norm=st.sampled_from(Norm),
    most=st.integers(1, 10),
)
@example(steps=[(8, 5)], norm=Norm.L2, most=4)
@example(steps=[(3, 2), (150, 1)], norm=Norm.L1, most=2)
@settings(deadline=None, max_examples=60)
def test_the_worst_owner_may_lie_anywhere(
    steps: list[tuple[int, int]], norm: Norm, most: int
) -> None:
    """For any law at all, here made-up ones whose tails fall in steps, no t is passed over."""
    delta = 10**10

    def needed(_: Mechanism, log: float) -> int:
        groups = math.exp(math.log(delta / DELTA_UNIT) - log)
        return 1 + sum(tenths * UNIT // 10 for start, tenths in steps if groups >= start)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threshold_module, "least_reaching", needed)
        law = Mechanism(noise=Noise.DISCRETE_LAPLACE, scale=1.0)
        found = least_count.__wrapped__(law, norm, UNIT, most, True, delta)
    log = math.log(delta / DELTA_UNIT)
    worst = max(
        weight(norm, UNIT, most, groups) + needed(law, log - math.log(groups) - 1e-12)
        for groups in range(1, MOST_GROUPS_RATIO * most + 1)
    )
    assert worst <= found <= worst + worst // 2048


def test_one_owner_in_one_group_under_laplace() -> None:
    """τ = 1 + k with the least k of q^k / (1 + q) ≤ δ, in closed form."""
    q = math.exp(-1 / 4)
    k = math.ceil(math.log(1e-9 * (1 + q)) / math.log(q))
    law = Mechanism(noise=Noise.DISCRETE_LAPLACE, scale=4.0)
    assert least_count(law, Norm.L1, 1, 1, False, 10**9) == 1 + k


@pytest.mark.parametrize("norm", Norm)
def test_weights_bound_the_norm(norm: Norm) -> None:
    """An owner's vector of t equal weights stays within the sensitivity, and close to it."""
    most = 5
    for groups in range(1, MOST_GROUPS_RATIO * most + 2):
        value = weight(norm, UNIT, most, groups)
        if norm is Norm.L1:
            assert groups * value <= most * UNIT
        else:
            assert groups * value**2 <= most * UNIT**2
        if groups <= most:
            assert value == UNIT
        elif groups <= MOST_GROUPS_RATIO * most:
            share = most / groups if norm is Norm.L1 else math.sqrt(most / groups)
            assert share * UNIT - 1 < value <= share * UNIT
        else:
            assert value == 0


def test_unit_weights_count_nobody_above_the_bound() -> None:
    """With U = 1 the weight of t > m groups is 0, so m groups are the worst."""
    law = Mechanism(noise=Noise.DISCRETE_GAUSSIAN, scale=30.0)
    capped, plain = (least_count(law, Norm.L2, 1, 9, capped, 10**9) for capped in (True, False))
    assert capped == plain


def test_thresholds_rise_with_groups_noise_and_rarity() -> None:
    def found(scale: float = 30.0, most: int = 3, delta: int = 10**9) -> int:
        law = Mechanism(noise=Noise.DISCRETE_LAPLACE, scale=scale)
        return least_count(law, Norm.L1, 1, most, False, delta)

    assert found() < found(scale=31.0)
    assert found() < found(most=4)
    assert found() < found(delta=10**8)


@pytest.mark.parametrize(
    ("unit", "most", "delta"),
    [(0, 1, 1), (-1, 1, 1), (1, 0, 1), (1, 1, 0), (1, 1, -1), (1, 1, DELTA_UNIT)],
)
def test_what_has_no_threshold_is_refused(unit: int, most: int, delta: int) -> None:
    law = Mechanism(noise=Noise.DISCRETE_LAPLACE, scale=4.0)
    with pytest.raises(ValueError, match=r"positive|between 0 and 1"):
        least_count(law, Norm.L1, unit, most, False, delta)
