"""Costs as exact integers, and the one conversion between epsilon and rho. Pure.

Symbols: ε and δ are those of (ε, δ)-differential privacy, ρ that of zero-concentrated differential
privacy (zCDP). Amounts are integers: 10⁻¹² of ε or ρ, 10⁻¹⁸ of δ.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from gateway.policy.model import Guarantee, Renewal

AMOUNT_UNIT = 10**12
"""Units of `Cost.amount` in one ε or one ρ."""
DELTA_UNIT = 10**18
"""Units of `Cost.delta` in δ = 1."""


_SMALLEST = Fraction(1, 10**300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one release or query takes from an account.

    `amount` counts 10⁻¹² of ε (guarantees pure and approximate) or of ρ (zcdp); `delta` counts
    10⁻¹⁸ of δ. Both compose by addition: ε and δ by basic composition, ρ by fully adaptive
    composition (Feldman and Zrnic 2021; Whitehouse et al. 2023).
    """

    amount: int
    delta: int

    def __post_init__(self) -> None:
        if self.amount < 0 or self.delta < 0:
            raise ValueError("a cost is never negative")

    def __add__(self, other: Cost) -> Cost:
        return Cost(amount=self.amount + other.amount, delta=self.delta + other.delta)


NOTHING = Cost(amount=0, delta=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """The budget of one account as the policy states it, before grants.

    `holder` is `user:NAME` or `everyone`; `epsilon` and `delta` are totals per period; `zone` is
    the time zone in which periods begin.
    """

    holder: str
    guarantee: Guarantee
    epsilon: Fraction
    delta: Fraction
    renews: Renewal
    zone: str = "UTC"


def limit(allowance: Allowance, granted: Fraction = Fraction(0)) -> Cost:
    """The most that an account may ever spend in one period.

    Claim: any adaptively chosen sequence of releases whose costs add up to at most this is
    (ε, δ)-differentially private with ε = `allowance.epsilon + granted`, δ = `allowance.delta`.

    pure, approximate: basic composition. zcdp: half of δ converts ρ to ε, the other half is the
    pool that thresholds draw on; (ρ, δ') approximate zCDP implies (ε, δ' + δ'')-DP whenever ρ-zCDP
    implies (ε, δ'')-DP. Tests: tests/ledger/test_cost.py.
    """
    epsilon = allowance.epsilon + granted
    if allowance.guarantee is Guarantee.ZCDP:
        half = allowance.delta / 2
        return Cost(amount=rho_for(epsilon, half), delta=math.floor(half * DELTA_UNIT))
    delta = allowance.delta if allowance.guarantee is Guarantee.APPROXIMATE else Fraction(0)
    return Cost(amount=math.floor(epsilon * AMOUNT_UNIT), delta=math.floor(delta * DELTA_UNIT))


def amount_for(epsilon: Fraction, guarantee: Guarantee, delta: Fraction) -> int:
    """The amount that a query pays which asks for `epsilon`; `delta` is the account's total δ.

    Rounded down, which is towards more privacy: the noise is calibrated to this very amount.

    Under zcdp a query of ε costs the ρ that by itself implies (ε, δ/2)-DP, the same conversion
    that budgets use, so a query of the whole budget's ε spends exactly the whole budget.
    """
    if guarantee is Guarantee.ZCDP:
        return rho_for(epsilon, delta / 2)
    return math.floor(epsilon * AMOUNT_UNIT)


def epsilon_of(amount: int, guarantee: Guarantee, delta: Fraction) -> float:
    """The ε that an amount stands for, for showing: the inverse of `amount_for`, as a float."""
    if guarantee is Guarantee.ZCDP:
        return epsilon_for(amount, delta / 2)
    return amount / AMOUNT_UNIT


def log_delta(rho: float, epsilon: float) -> float:
    """Logarithm of a δ such that ρ-zCDP implies (ε, δ)-DP.

    δ = min over α > 1 of exp((α-1)(αρ-ε)) / (α-1) · (1-1/α)^α: Canonne, Kamath, Steinke 2020,
    "The Discrete Gaussian for Differential Privacy", Corollary 13. Every α gives a valid δ, so an
    inexact minimum only errs towards more privacy.
    """

    x = _best_order(rho, epsilon)
    over = math.exp(x)
    alpha = 1 + over
    # Written so that nothing cancels for large alpha: (αρ-ε) as (α-1)ρ + (ρ-ε), and
    # α·log(1-1/α) as -α·log1p(1/(α-1)).
    return over * (over * rho + (rho - epsilon)) - x - alpha * math.log1p(math.exp(-x))


_SMALLEST_ORDER, _LARGEST_ORDER = -30.0, 30.0
"""Between these lies the logarithm of α - 1."""


def _best_order(rho: float, epsilon: float) -> float:
    """x = log(α-1) at which the bound of `log_delta` is least, nearly.

    There its derivative in α vanishes: h(x) = (2α-1)ρ - ε + log(1-1/α) = 0. h increases, so a
    Newton step that leaves the bracket is replaced by a half of it. Golden section, which finds
    the same minimum, takes ten times as long.
    """
    lo, hi = _SMALLEST_ORDER, _LARGEST_ORDER
    start = (epsilon - rho) / (2 * rho) if rho > 0 else math.inf  # where log(1-1/α) counts little
    x = min(hi, max(lo, math.log(start) if start > 0 else 0.0))
    for _ in range(100):
        over = math.exp(x)
        slope = 1 / (1 + over) + 2 * rho * over
        value = (2 * over + 1) * rho - epsilon - math.log1p(math.exp(-x))
        if value > 0:
            hi = x
        else:
            lo = x
        step = value / slope
        if abs(step) < 1e-9:
            return x
        x -= step
        if not lo < x < hi:
            x = (lo + hi) / 2
    return x


@lru_cache(maxsize=1024)
def rho_for(epsilon: Fraction, delta: Fraction) -> int:
    """The largest ρ, in 10⁻¹² and rounded down, that implies (ε, δ)-DP.

    Raises ValueError unless 0 ≤ ε ≤ 10¹² and 0 < δ < 1.
    """
    if not 0 <= epsilon <= 10**12 or not _SMALLEST < delta < 1:
        raise ValueError("a conversion needs 0 <= epsilon <= 1e12 and 0 < delta < 1")
    target = math.log(delta) - 1e-9
    eps = float(epsilon) * (1 - 1e-15)
    lo, hi = 0.0, eps  # ρ-zCDP with ρ = ε never implies (ε, δ)-DP for the small δ of policies
    for _ in range(100):
        mid = (lo + hi) / 2
        if mid in (lo, hi):
            break  # no float lies between them
        if log_delta(mid, eps) <= target:
            lo = mid
        else:
            hi = mid
    return math.floor(lo * (1 - 1e-12) * AMOUNT_UNIT)


@lru_cache(maxsize=1024)
def epsilon_for(amount: int, delta: Fraction) -> float:
    """The least ε such that ρ = amount · 10⁻¹² implies (ε, δ)-DP; 0 for an amount of 0.

    Raises ValueError unless 0 < δ < 1.
    """
    if not _SMALLEST < delta < 1:
        raise ValueError("a conversion needs 0 < delta < 1")
    if amount <= 0:
        return 0.0
    rho = amount / AMOUNT_UNIT
    target = math.log(delta) - 1e-12
    lo, hi = 0.0, rho + 2 * math.sqrt(rho * -target) + 1
    for _ in range(100):
        mid = (lo + hi) / 2
        if mid in (lo, hi):
            break  # no float lies between them
        if log_delta(rho, mid) <= target:
            hi = mid
        else:
            lo = mid
    return hi
