"""The least noise that a charge pays for: cost and sensitivity to scale, checked against OpenDP.

Symbols: Δ is a measure's sensitivity in the integers of the statement (Δ₁ in the L1 norm, Δ₂ in
the L2 norm), b and σ the scales of the discrete Laplace and Gaussian, ε and ρ as in `budget.cost`.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache

from gateway.budget.cost import AMOUNT_UNIT
from gateway.errors import Code, Refusal
from gateway.noise.rounding import float_up, least_float
from gateway.noise.sample import LARGEST_SCALE, privacy_map
from gateway.policy.model import Guarantee
from gateway.privacy.plan import Mechanism, Noise, Norm, Sensitivity

LEAST_SCALE = 2.0**-64
"""No scale is smaller: noise of this scale is zero but for one draw in exp(10¹⁹)."""

_RAISES = 8
"""How many floats a scale may be raised by to satisfy OpenDP's map; 3 is the most by rounding."""


@lru_cache(maxsize=1024)
def calibrate(
    noise: Noise, sensitivity: Sensitivity, amount: int, guarantee: Guarantee
) -> Mechanism:
    """The mechanism with the least scale at which one measure costs at most `amount`.

    `amount` counts 10⁻¹² of ε under pure and approximate, of ρ under zcdp. Claim: releasing the
    measure's values over all groups with one independent draw added to each costs at most
    `amount` under `guarantee`.

    Discrete Laplace: ε = Δ₁/b (Ghosh, Roughgarden, Sundararajan 2009), and ε-DP implies
    ε²/2-zCDP (Bun and Steinke 2016, Proposition 1.4). Discrete Gaussian: ρ = (Δ₂/σ)²/2
    (Canonne, Kamath, Steinke 2020, Theorems 4 and 14). The L2 norm is at most the L1 norm, so a
    bound in L1 serves for both.

    Δ is rounded up to a float; then the scale is the least float for which the formula holds in
    exact fractions, and is raised by single floats until OpenDP's map of the measurement that will
    be sampled agrees, which takes its own rounding up into account.

    Raises ValueError for an amount or sensitivity that is not positive, Laplace noise with an L2
    sensitivity, or Gaussian noise where the guarantee is not zcdp; `Refusal(INVALID_REQUEST)`
    where the scale would exceed `LARGEST_SCALE`; `Refusal(INTERNAL)` where OpenDP's map does not
    agree. Tests: tests/noise/test_calibrate.py, tests/distribution/test_noise.py.
    """
    _check(noise, sensitivity, amount, guarantee)
    bound = Fraction(amount, AMOUNT_UNIT)
    if sensitivity.value > Fraction(LARGEST_SCALE) ** 2:
        raise _too_much_noise()
    delta = Fraction(float_up(sensitivity.value))

    def affordable(scale: float) -> bool:
        return _cost(delta / Fraction(scale), guarantee) <= bound

    if not affordable(LARGEST_SCALE):
        raise _too_much_noise()
    if affordable(LEAST_SCALE):
        scale = LEAST_SCALE
    else:
        scale = least_float(affordable, _guess(delta, bound, guarantee))
    for _ in range(_RAISES):
        mechanism = Mechanism(noise=noise, scale=scale)
        if scale <= LARGEST_SCALE and charged_by_map(mechanism, sensitivity, guarantee) <= bound:
            return mechanism
        scale = math.nextafter(scale, math.inf)
    raise Refusal(
        Code.INTERNAL,
        "The noise library's account of the privacy cost disagrees with the charge.",
        "Report this with the version of OpenDP; nothing was charged or read.",
    )


def charged_by_map(
    mechanism: Mechanism, sensitivity: Sensitivity, guarantee: Guarantee
) -> Fraction:
    """What one measure costs by OpenDP's own map: ε under pure and approximate, ρ under zcdp.

    Raises ValueError for Gaussian noise where the guarantee is not zcdp, `OverflowError` where
    the map is infinite.
    """
    loss = Fraction(privacy_map(mechanism, sensitivity))
    if mechanism.noise is Noise.DISCRETE_LAPLACE:
        return _cost(loss, guarantee)
    if guarantee is not Guarantee.ZCDP:
        raise ValueError("Gaussian noise is only charged under zcdp")
    return loss


def _check(noise: Noise, sensitivity: Sensitivity, amount: int, guarantee: Guarantee) -> None:
    """Raise ValueError where `calibrate` has no answer."""
    if amount <= 0:
        raise ValueError("the amount must be positive")
    if sensitivity.value <= 0:
        raise ValueError("the sensitivity must be positive")
    if noise is Noise.DISCRETE_LAPLACE and sensitivity.norm is not Norm.L1:
        raise ValueError("Laplace noise needs a sensitivity in the L1 norm")
    if noise is Noise.DISCRETE_GAUSSIAN and guarantee is not Guarantee.ZCDP:
        raise ValueError("Gaussian noise is only charged under zcdp")


def _cost(ratio: Fraction, guarantee: Guarantee) -> Fraction:
    """The cost of noise whose scale is the sensitivity over `ratio`.

    Under zcdp both kinds cost ratio²/2: Laplace as ε²/2 with ε = Δ₁/b, Gaussian as (Δ₂/σ)²/2.
    """
    return ratio * ratio / 2 if guarantee is Guarantee.ZCDP else ratio


def _guess(delta: Fraction, bound: Fraction, guarantee: Guarantee) -> float:
    """The scale that costs `bound`, a few floats off at most."""
    if guarantee is not Guarantee.ZCDP:
        return float(delta / bound)
    square = delta * delta / (2 * bound)
    # the integer root of the square times 4^shift, which has over 53 digits for any scale allowed
    shift = 256
    return float(Fraction(math.isqrt(math.floor(square * 4**shift)), 2**shift))


def _too_much_noise() -> Refusal:
    return Refusal(
        Code.INVALID_REQUEST,
        "At this price the noise would be larger than 2**53 units of the measure.",
        "Ask for a larger epsilon, or have the policy declare a coarser step or tighter bounds.",
    )
