"""Scales: the least that the charge pays for, by exact fractions and by OpenDP's own map."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from gateway.budget.cost import AMOUNT_UNIT
from gateway.errors import Code, Refusal
from gateway.noise import calibrate as calibrate_module
from gateway.noise.calibrate import LEAST_SCALE, calibrate, charged_by_map
from gateway.noise.sample import LARGEST_SCALE, measurement, privacy_map
from gateway.policy.model import Guarantee
from gateway.privacy.plan import Mechanism, Noise, Norm, Sensitivity
from tests.distribution.law import mechanism, pmf

LAPLACE, GAUSSIAN = Noise.DISCRETE_LAPLACE, Noise.DISCRETE_GAUSSIAN
CHARGES = [
    (LAPLACE, Guarantee.PURE),
    (LAPLACE, Guarantee.APPROXIMATE),
    (LAPLACE, Guarantee.ZCDP),
    (GAUSSIAN, Guarantee.ZCDP),
]


def bound(value: Fraction | int, norm: Norm = Norm.L1) -> Sensitivity:
    return Sensitivity(norm=norm, value=Fraction(value))


def exact_cost(scale: float, sensitivity: Fraction, guarantee: Guarantee) -> Fraction:
    """The cost of Laplace or Gaussian noise, from the theorems, in exact fractions."""
    ratio = sensitivity / Fraction(scale)
    return ratio**2 / 2 if guarantee is Guarantee.ZCDP else ratio


@given(
    charge=st.sampled_from(CHARGES),
    value=st.fractions(Fraction(1, 1000), 10**9, max_denominator=10**7),
    amount=st.integers(10**9, 10**18),
)
@settings(deadline=None, max_examples=300)
def test_the_scale_is_the_least_that_the_charge_pays_for(
    charge: tuple[Noise, Guarantee], value: Fraction, amount: int
) -> None:
    noise, guarantee = charge
    paid = Fraction(amount, AMOUNT_UNIT)
    found = calibrate(noise, bound(value), amount, guarantee)
    assert found.noise is noise
    assert exact_cost(found.scale, value, guarantee) <= paid
    assert charged_by_map(found, bound(value), guarantee) <= paid
    # a few floats less would cost more
    assert exact_cost(found.scale * (1 - 2**-48), value, guarantee) > paid


def test_scales_that_people_expect() -> None:
    """ε = 1/4 over a sensitivity of 20 is Laplace noise of scale 80; ρ = 1/2 is σ = Δ."""
    quarter = calibrate(LAPLACE, bound(20), AMOUNT_UNIT // 4, Guarantee.PURE)
    assert quarter == Mechanism(noise=LAPLACE, scale=80.0)
    gaussian = calibrate(GAUSSIAN, bound(20, Norm.L2), AMOUNT_UNIT // 2, Guarantee.ZCDP)
    assert gaussian == Mechanism(noise=GAUSSIAN, scale=20.0)
    # a tenth is no float, and OpenDP's map rounds up: one float more than 10
    tenth = calibrate(LAPLACE, bound(1), AMOUNT_UNIT // 10, Guarantee.PURE)
    assert 10.0 < tenth.scale <= 10.0 + 4e-15


def test_a_bound_in_l1_serves_in_l2() -> None:
    one, other = (calibrate(GAUSSIAN, bound(7, norm), AMOUNT_UNIT, Guarantee.ZCDP) for norm in Norm)
    assert one == other


@given(value=st.fractions(Fraction(1, 10**6), 10**15), scale=st.floats(1e-3, 1e15))
@settings(deadline=None, max_examples=200)
def test_opendps_map_is_never_below_the_theorem(value: Fraction, scale: float) -> None:
    """For sensitivities that no float holds as well: rounded up, and by at most one float each."""
    for noise in Noise:
        said = Fraction(privacy_map(mechanism(noise, scale), bound(value)))
        guarantee = Guarantee.PURE if noise is LAPLACE else Guarantee.ZCDP
        truth = exact_cost(scale, value, guarantee)
        assert truth <= said <= truth * (1 + Fraction(1, 2**50))


@pytest.mark.parametrize("scale", [0.7, 3.0, 40.0])
@pytest.mark.parametrize("shift", [1, 5])
def test_laplace_noise_costs_the_largest_ratio_of_its_law(scale: float, shift: int) -> None:
    law = mechanism(LAPLACE, scale)
    values, weights = pmf(law)
    near = np.flatnonzero(np.abs(values) < 10 * scale + 5)
    ratios = np.log(weights[near]) - np.log(weights[near + shift])
    assert np.abs(ratios).max() == pytest.approx(privacy_map(law, bound(shift)), rel=1e-9)


@pytest.mark.parametrize("scale", [0.7, 3.0, 40.0])
@pytest.mark.parametrize("shift", [1, 5])
def test_gaussian_noise_costs_the_renyi_divergence_of_its_law(scale: float, shift: int) -> None:
    """D_α between the law and the shifted one is at most αρ, and equal to it for whole α."""
    law = mechanism(GAUSSIAN, scale)
    values, _ = pmf(law)
    rho = privacy_map(law, bound(shift, Norm.L2))
    here, there = (-(((values - moved) / scale) ** 2) / 2 for moved in (0, shift))
    norm = special.logsumexp(here)
    for alpha in (1.1, 1.5, 2.0, 8.0):
        divergence = (special.logsumexp(alpha * here + (1 - alpha) * there) - norm) / (alpha - 1)
        assert divergence <= alpha * rho * (1 + 1e-9)
        if alpha.is_integer():
            assert divergence == pytest.approx(alpha * rho, rel=1e-9)


def test_a_library_that_disagrees_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """If OpenDP's map said twice the cost, nothing would be released."""
    monkeypatch.setattr(
        calibrate_module, "privacy_map", lambda m, s: 2 * privacy_map.__wrapped__(m, s)
    )
    with pytest.raises(Refusal) as refused:
        calibrate(LAPLACE, bound(Fraction(31, 7)), 123_456_789_123, Guarantee.PURE)
    assert refused.value.code is Code.INTERNAL


@pytest.mark.parametrize(
    ("value", "amount"), [(2**53, AMOUNT_UNIT - 1), (10**400, 10**12), (10**5, 1)]
)
def test_noise_beyond_the_sampler_is_refused(value: int, amount: int) -> None:
    with pytest.raises(Refusal) as refused:
        calibrate(LAPLACE, bound(value), amount, Guarantee.PURE)
    assert refused.value.code is Code.INVALID_REQUEST


def test_noise_up_to_the_samplers_end_is_not_refused() -> None:
    assert calibrate(LAPLACE, bound(2**53), AMOUNT_UNIT, Guarantee.PURE).scale == LARGEST_SCALE


def test_absurd_prices_give_the_least_scale() -> None:
    found = calibrate(GAUSSIAN, bound(1), 10**80, Guarantee.ZCDP)
    assert found.scale == LEAST_SCALE


@pytest.mark.parametrize(
    ("noise", "norm", "value", "amount", "guarantee"),
    [
        (LAPLACE, Norm.L1, 1, 0, Guarantee.PURE),
        (LAPLACE, Norm.L1, 1, -5, Guarantee.PURE),
        (LAPLACE, Norm.L1, 0, 10**12, Guarantee.PURE),
        (LAPLACE, Norm.L1, -1, 10**12, Guarantee.PURE),
        (LAPLACE, Norm.L2, 1, 10**12, Guarantee.PURE),
        (LAPLACE, Norm.L2, 1, 10**12, Guarantee.ZCDP),
        (GAUSSIAN, Norm.L2, 1, 10**12, Guarantee.PURE),
        (GAUSSIAN, Norm.L2, 1, 10**12, Guarantee.APPROXIMATE),
    ],
)
def test_what_has_no_price_is_refused(
    noise: Noise, norm: Norm, value: int, amount: int, guarantee: Guarantee
) -> None:
    with pytest.raises(ValueError, match=r"must be|needs|only charged"):
        calibrate(noise, bound(value, norm), amount, guarantee)


@pytest.mark.parametrize("scale", [0.0, -1.0, math.nan, math.inf, LARGEST_SCALE * 2])
def test_no_measurement_of_a_scale_out_of_range(scale: float) -> None:
    with pytest.raises(ValueError, match="positive and at most"):
        measurement(mechanism(GAUSSIAN, scale))


def test_laplace_noise_has_no_map_in_l2() -> None:
    with pytest.raises(ValueError, match="L1"):
        privacy_map(mechanism(LAPLACE, 1.0), bound(1, Norm.L2))
