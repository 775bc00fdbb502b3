"""What samples prove about a privacy loss: events that are too likely for the guarantee charged.

A guarantee says for every event S and neighbours D, D': P(M(D) in S) ≤ f(P(M(D') in S)), with
f(q) = e^ε·q for ε-DP, and f(q) = Φ(Φ⁻¹(q) + μ) with μ = √(2ρ) for Gaussian noise that costs ρ
(Dong, Roth, Su 2022, "Gaussian differential privacy", Theorem 1 with μ = Δ/σ). The latter is
sharper than what ρ-zCDP says of other noise; the discrete Gaussian with σ above a thousand units
differs from the continuous one by less than any sample shows.

The events are fixed before the samples are seen. A probability is bounded from both sides by
Clopper and Pearson's exact interval, with the level shared among all events and both directions:
`LEVEL` bounds the chance that a loss which the guarantee allows is called too large.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from scipy import stats

from gateway.exchange import Answer
from gateway.policy.model import Guarantee

LEVEL = 1e-7

Bound = Callable[[float], float]


def allowed(guarantee: Guarantee, answer: Answer) -> Bound:
    """f of the guarantee, for what the answer says that it cost."""
    assert answer.privacy.delta == 0, "no threshold was needed, so no delta was spent"
    if guarantee is Guarantee.ZCDP:
        assert answer.privacy.rho is not None
        shift = math.sqrt(2 * answer.privacy.rho)
        return lambda q: float(stats.norm.cdf(stats.norm.ppf(q) + shift))
    factor = math.exp(answer.privacy.epsilon)
    return lambda q: min(1.0, factor * q)


def too_large(
    present: np.ndarray, absent: np.ndarray, edges: Sequence[float], bound: Bound
) -> bool:
    """Whether some event shows a loss above the bound: tails at the edges, and what lies between.

    `present` and `absent` are the answers with and without the owner.
    """
    first, second = (_events(sample, edges) for sample in (present, absent))
    level = LEVEL / (2 * len(first))
    return any(
        _least(a, len(x), level) > bound(_most(b, len(y), level))
        for x, y, one, other in ((present, absent, first, second), (absent, present, second, first))
        for a, b in zip(one, other, strict=True)
    )


def _events(sample: np.ndarray, edges: Sequence[float]) -> list[int]:
    above = [int((sample >= edge).sum()) for edge in edges]
    below = [len(sample) - count for count in above]
    between = [a - b for a, b in pairwise(above)]
    return above + below + between


def _least(seen: int, trials: int, level: float) -> float:
    """The probability is at least this, but for a chance of half the level."""
    return float(stats.beta.ppf(level / 2, seen, trials - seen + 1)) if seen else 0.0


def _most(seen: int, trials: int, level: float) -> float:
    """The probability is at most this, but for a chance of half the level."""
    whole = seen == trials
    return 1.0 if whole else float(stats.beta.isf(level / 2, seen + 1, trials - seen))
