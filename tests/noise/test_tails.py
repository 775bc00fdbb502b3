"""Tails and half-widths against sums with 60 digits, from tiny to huge scales."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from gateway.noise.tails import SUMMED_BELOW, half_width, least_reaching, log_tail
from gateway.privacy.plan import Mechanism, Noise

LAPLACE, GAUSSIAN = Noise.DISCRETE_LAPLACE, Noise.DISCRETE_GAUSSIAN


@pytest.fixture(autouse=True)
def sixty_digits() -> Iterator[None]:
    with localcontext() as context:
        context.prec = 60
        context.Emin, context.Emax = -(10**9), 10**9
        yield


def law(noise: Noise, scale: float) -> Mechanism:
    return Mechanism(noise=noise, scale=scale)


def sum_from(noise: Noise, scale: float, least: int) -> Decimal:
    """The sum of the unnormalised law over k ≥ least ≥ 0, to 50 digits."""
    exact = Decimal(scale)
    total = Decimal(0)
    for k in range(least, least + int(20 * scale) + 200):
        size = Decimal(k) / exact
        term = (-size).exp() if noise is LAPLACE else (-size * size / 2).exp()
        total += term
        if term < total * Decimal("1e-50"):
            return total
    # the Laplace tail is geometric: close it
    assert noise is LAPLACE
    return total + term / ((1 / exact).exp() - 1)


def tail(noise: Noise, scale: float, least: int) -> Decimal:
    """P(Z ≥ least) for least ≥ 1."""
    return sum_from(noise, scale, least) / (1 + 2 * sum_from(noise, scale, 1))


SMALL = [1e-3, 0.02, 0.3, 0.999, 1.7, 12.0]
WIDER = [63.9, 64.0, 64.1, 130.5]


@pytest.mark.parametrize("noise", Noise)
@pytest.mark.parametrize("scale", SMALL + WIDER)
def test_the_bound_is_never_below_the_truth_and_close(noise: Noise, scale: float) -> None:
    for least in {1, 2, 3, *(math.ceil(scale * x) for x in (0.3, 0.9, 1.1, 2, 5, 9, 37))}:
        bound = Decimal(log_tail(law(noise, scale), least))
        truth = tail(noise, scale, least).ln()
        assert bound >= truth
        excess = Decimal("2e-12") * (1 + abs(truth))
        if noise is GAUSSIAN and scale >= SUMMED_BELOW:
            excess += (1 + Decimal(least / scale) ** 2) / Decimal(16 * scale**2)
        assert bound - truth <= excess


def test_the_reference_is_a_law() -> None:
    """The sums that the bounds are held against: probabilities of a known discrete law."""
    q = (-1 / Decimal("1.7")).exp()
    assert abs(tail(LAPLACE, 1.7, 3) - q**3 / (1 + q)) < Decimal("1e-16")
    assert abs(tail(GAUSSIAN, 130.5, 200) - Decimal(special.ndtr(-199.5 / 130.5))) < Decimal("1e-5")


def test_a_bound_without_the_half_step_would_fail() -> None:
    """Q(m/σ), the tail of the continuous law, lies below the truth: this test could fail."""
    assert special.log_ndtr(-(200 + 0.5) / 100) < tail(GAUSSIAN, 100.0, 200).ln()
    assert log_tail(law(GAUSSIAN, 100.0), 200) >= tail(GAUSSIAN, 100.0, 200).ln()
    assert log_tail(law(GAUSSIAN, 100.0), 201) < tail(GAUSSIAN, 100.0, 200).ln()


@pytest.mark.parametrize("x", [0.01, 0.7, 3.0, 8.0, 20.0, 29.9, 30.1, 60.0, 1e3, 1e5])
def test_huge_gaussians_are_normal(x: float) -> None:
    sigma = 1e13
    bound = log_tail(law(GAUSSIAN, sigma), math.ceil(x * sigma))
    assert bound == pytest.approx(special.log_ndtr(-x), rel=1e-6 / (1 + x) ** 2 + 1e-11)
    assert bound >= special.log_ndtr(-x - 1e-12 * x) - 1e-13


@pytest.mark.parametrize("noise", Noise)
def test_tails_far_below_the_range_of_floats(noise: Noise) -> None:
    log = log_tail(law(noise, 1.0), 2_000)
    expected = -2_000 if noise is LAPLACE else -2_000_000
    assert log == pytest.approx(expected, abs=2)


@pytest.mark.parametrize("noise", Noise)
def test_scales_at_the_ends_of_floats(noise: Noise) -> None:
    assert log_tail(law(noise, 5e-324), 1) == -math.inf
    assert log_tail(law(noise, 1e300), 1) == pytest.approx(math.log(0.5))
    assert log_tail(law(noise, 1.0), 0) == log_tail(law(noise, 1.0), -(10**30)) == 0.0


@pytest.mark.parametrize("scale", [0.0, -1.0, math.inf, math.nan])
def test_a_scale_that_is_none_is_refused(scale: float) -> None:
    with pytest.raises(ValueError, match="positive and finite"):
        log_tail(law(GAUSSIAN, scale), 1)


@given(
    noise=st.sampled_from(Noise),
    scale=st.floats(1e-3, 1e15),
    log=st.floats(-800, -0.7),
)
@settings(deadline=None, max_examples=150)
def test_least_reaching_is_the_least(noise: Noise, scale: float, log: float) -> None:
    mechanism = law(noise, scale)
    least = least_reaching(mechanism, log)
    assert least >= 1
    assert log_tail(mechanism, least) <= log
    assert least == 1 or log_tail(mechanism, least - 1) > log


@pytest.mark.parametrize("log", [math.nan, math.inf, -math.inf])
def test_a_probability_that_is_none_is_refused(log: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        least_reaching(law(LAPLACE, 1.0), log)


@pytest.mark.parametrize("noise", Noise)
@pytest.mark.parametrize("scale", [*SMALL, 130.5])
@pytest.mark.parametrize("confidence", [0.1, 0.5, 0.95, 0.999999])
def test_the_half_width_is_the_least(noise: Noise, scale: float, confidence: float) -> None:
    """P(|Z| ≤ h) reaches the confidence at h and not at h - 1, by exact sums."""
    width = half_width(law(noise, scale), confidence)
    assert 1 - 2 * tail(noise, scale, width + 1) >= Decimal(confidence)
    if width > 0:
        assert 1 - 2 * tail(noise, scale, width) < Decimal(confidence)


@pytest.mark.parametrize("scale", [1e6, 1e9, 1e12, 1e15])
def test_half_widths_of_huge_scales(scale: float) -> None:
    gaussian = half_width(law(GAUSSIAN, scale), 0.95)
    assert gaussian / scale == pytest.approx(float(special.ndtri(0.975)), rel=1e-5)
    # exactly: 2 q^(h+1) / (1 + q) ≤ 1 - confidence, for the first h and up to one part in 10¹¹
    confidence = 0.95
    laplace = half_width(law(LAPLACE, scale), confidence)
    rest = 1 - Decimal(confidence)
    step = 1 / Decimal(scale)
    least = (2 / rest / (1 + (-step).exp())).ln() / step - 1
    assert least <= laplace <= math.ceil(least) + Fraction(laplace, 10**11)


def test_half_width_grows_with_confidence_and_scale() -> None:
    for noise in Noise:
        widths = [half_width(law(noise, 50.0), c) for c in (0.1, 0.5, 0.9, 0.99, 1 - 1e-12)]
        assert widths == sorted(set(widths))
        widths = [half_width(law(noise, s), 0.95) for s in (1e-3, 1.0, 63.0, 65.0, 1e4, 1e15)]
        assert widths == sorted(set(widths))


@pytest.mark.parametrize("confidence", [0.0, 1.0, -1.0, 2.0, math.nan])
def test_a_confidence_outside_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        half_width(law(LAPLACE, 1.0), confidence)
