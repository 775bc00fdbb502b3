"""Tails of the integer noise, exact or bounded from above with a proof, and half-widths. Pure.

Symbols: b and σ are a mechanism's scale and m an integer, all in the integers of a release's
statement; Z is one draw of the noise. Probabilities are natural logarithms, so that 10⁻³⁰⁰ and far
below keep their digits.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache

from gateway.privacy.plan import Mechanism, Noise

SUMMED_BELOW = 64.0
"""Discrete Gaussians with a smaller σ are summed term by term, others bounded by an integral."""

_SLACK = 2.0**-43
"""Relative and absolute, added to every logarithm: over ten times what rounding can take away."""

_LOG_SQRT_2PI = math.log(2 * math.pi) / 2


def log_tail(mechanism: Mechanism, least: int) -> float:
    """An upper bound on log P(Z ≥ `least`): never below the truth, and tight.

    For `least` < 1 it is the trivial bound 0, as the truth is a half or more. From 1 on it exceeds
    the truth by less than 10⁻¹² of its size for the discrete Laplace and for σ < `SUMMED_BELOW`,
    and otherwise by less than (1 + x²) / 16σ² with x = `least`/σ. -inf is only returned where the
    logarithm itself is below the range of floats. Raises ValueError for a scale that is not
    positive and finite.

    Discrete Laplace: P(Z ≥ m) = q^m / (1 + q) with q = exp(-1/b), exactly.

    Discrete Gaussian, f(k) = exp(-k²/2σ²). Small σ: the sum of f from m on, over the sum of all f;
    both stop where the rest is bounded by a geometric series, as f(k+1)/f(k) falls in k. Large σ:

        P(Z ≥ m) ≤ Q((m - ½)/σ), Q the upper tail of the standard normal, for m ≥ 1

    (sharper than m - 1 in place of m - ½ in Canonne, Kamath, Steinke 2020, Proposition 25).
    Proof: by Poisson's formula the sum of all f is s(1 + e) with s = σ√2π and
    0 < e < 3 exp(-2π²σ²). Where f is convex, outside (-σ, σ), f(k) is at most its integral over
    [k-½, k+½]; where it is concave, at least (Hermite and Hadamard). So if m - ½ ≥ σ the sum from
    m on is at most s·Q((m-½)/σ). If m - ½ < σ, the sum over |k| < m is at least s(1 - 2Q), hence
    P(Z ≥ m) ≤ (1 - (1 - 2Q)/(1 + e))/2 ≤ Q + e/2, and e < 10⁻³⁰⁰ is lost in the slack.

    Tests: tests/noise/test_tails.py, against sums with 60 digits.
    """
    scale = mechanism.scale
    if not 0 < scale < math.inf:
        raise ValueError("the scale of a mechanism must be positive and finite")
    if least < 1:
        return 0.0
    if mechanism.noise is Noise.DISCRETE_LAPLACE:
        log = -least / scale - math.log1p(math.exp(-1 / scale))
    elif scale < SUMMED_BELOW:
        log = _log_sum_from(least, scale) - _log_sum_of_all(scale)
    else:
        log = _log_normal_tail((least - 0.5) / scale)
    return min(0.0, log + _SLACK * (1 + abs(log))) if log > -math.inf else log


def least_reaching(mechanism: Mechanism, log_probability: float) -> int:
    """The least integer m ≥ 1 for which `log_tail` proves P(Z ≥ m) ≤ exp(`log_probability`).

    Raises ValueError for a logarithm that is NaN or infinite.
    """
    if not math.isfinite(log_probability):
        raise ValueError("the logarithm of a probability must be finite")
    enough = 1
    while log_tail(mechanism, enough) > log_probability:
        enough *= 2
    short = enough // 2
    while enough - short > 1:
        middle = (enough + short) // 2
        if log_tail(mechanism, middle) > log_probability:
            short = middle
        else:
            enough = middle
    return enough


@lru_cache(maxsize=1024)
def half_width(mechanism: Mechanism, confidence: float) -> int:
    """The least h with P(|Z| ≤ h) ≥ `confidence`, in the integers of the statement.

    As Z is symmetric, P(|Z| ≤ h) = 1 - 2 P(Z ≥ h+1). With the bounds of `log_tail` h is never too
    small; it is the least one for scales up to 10⁹ but for ties in the last digits, and above that
    at most one part in 10¹¹ too large. Raises ValueError unless 0 < `confidence` < 1.
    Test: tests/noise/test_tails.py, tests/distribution/test_half_width.py.
    """
    if not 0 < confidence < 1:
        raise ValueError("a confidence lies between 0 and 1")
    return least_reaching(mechanism, math.log((1 - Fraction(confidence)) / 2)) - 1


def _log_sum_from(first: int, sigma: float) -> float:
    """Logarithm of the sum of exp(-k²/2σ²) over k ≥ `first` ≥ 0."""
    total, rank = 1.0, 0
    while True:
        # the ratio of the term after `rank` to the first one, and of that term to its successor
        rank += 1
        term = math.exp(-(rank / sigma) * ((2 * first + rank) / sigma) / 2)
        if term <= total * 2.0**-70:
            steps = (2 * (first + rank) + 1) / sigma / sigma / 2
            total += term / -math.expm1(-steps)
            return math.log(total) - (first / sigma) * (first / sigma) / 2
        total += term


@lru_cache(maxsize=1024)
def _log_sum_of_all(sigma: float) -> float:
    """Logarithm of the sum of exp(-k²/2σ²) over all integers k."""
    return math.log1p(2 * math.exp(_log_sum_from(1, sigma)))


def _log_normal_tail(x: float) -> float:
    """Logarithm of an upper bound on Q(x) for x > 0, the upper tail of the standard normal.

    The complementary error function as far as floats hold it; beyond, Q(x) < φ(x) · 4 / (3x +
    √(x² + 8)) (Sampford 1953, "Some inequalities on Mill's ratio and related functions"), which
    is within 4/x⁶ of the truth.
    """
    if x < 30:
        return math.log(math.erfc(x / math.sqrt(2)) / 2)
    return math.log(4 / (3 * x + math.hypot(x, math.sqrt(8)))) - x * x / 2 - _LOG_SQRT_2PI
