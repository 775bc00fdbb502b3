"""Thresholds for group keys whose domain is private: which groups may be shown. Pure.

Symbols, as in `least_count`: U is the integer that stands for one whole owner in the owners' count
of the statement, m the bound on the groups of one owner, t a number of groups, v(t) what one owner
who stands in t groups adds to the count of each, Z one draw of the count's noise.
"""

from __future__ import annotations

import math
from functools import lru_cache

from gateway.budget.cost import DELTA_UNIT
from gateway.noise.tails import least_reaching
from gateway.privacy.plan import Mechanism, Norm

MOST_GROUPS_RATIO = 64
"""An owner in more than this many times m groups is counted in none of them."""

_TOLERANCE = 4096
"""Where weights are used the threshold is the least one up to one part in this many."""

_ROUNDING = 1e-12
"""Taken off the logarithm of δ/t: a thousand times what rounding can add to it."""


def weight(norm: Norm, unit: int, most_groups: int, groups: int) -> int:
    """v(t), the most that one owner in t = `groups` groups may add to each group's count.

    floor(U·√(m/t)) for L2 and floor(U·m/t) for L1 where t > m, U where t ≤ m, and 0 where
    t > `MOST_GROUPS_RATIO`·m. So the owner's vector has norm at most U·√m in L2, U·m in L1.
    A statement may add less, never more.
    """
    if groups <= most_groups:
        return unit
    if groups > MOST_GROUPS_RATIO * most_groups:
        return 0
    if norm is Norm.L1:
        return unit * most_groups // groups
    return math.isqrt(unit * unit * most_groups // groups)


@lru_cache(maxsize=1024)
def least_count(
    mechanism: Mechanism,
    norm: Norm,
    unit: int,
    most_groups: int,
    capped: bool,
    delta: int,
) -> int:
    """The threshold τ: a group is reported if its owners' count is > 0 and the noisy one is ≥ τ.

    `unit` is U and `most_groups` m. `capped` says whether the statement weights owners who stand
    in more than m groups by `weight`; where it is false nobody stands in more than m. `delta`
    counts 10⁻¹⁸ of δ. The answer is in the integers of the statement.

    Claim: for every t that an owner can have, if t groups hold that owner alone, the probability
    that any of them is reported is at most δ. Proof: each is reported with P(Z ≥ τ - c) for its
    count c ≤ v(t), which is at most P(Z ≥ τ - v(t)) ≤ δ/t, and the union over t groups is at most
    δ. Groups with v(t) = 0 have the count 0 and are no candidates.

    Claim: the release is then (ρ, δ)-approximately zCDP, or (ε, δ)-DP, if all its measures
    together with the count are ρ-zCDP, or ε-DP. Proof: let two databases differ in one owner. In
    the one that holds the owner let E be the event that no group of that owner alone is reported;
    P(E) ≥ 1 - δ, and E depends on the noise of those groups only, which is independent of the
    rest. Given E both databases report from the same candidates, those with another owner's count
    above 0, and there the answer is post-processing of the noisy vectors. In the shape of Korolova
    et al. 2009 ("Releasing search queries and clicks privately", Theorem 1) for single groups,
    Wilson et al. 2020 ("Differentially Private SQL with Bounded User Contribution", section 4) for
    owners in many, and Gopi et al. 2020 ("Differentially Private Set Union") for weights.

    How it is found: τ = max over t of v(t) + k(t), where k(t) is the least k ≥ 1 with
    P(Z ≥ k) ≤ δ/t. v falls in t and k rises, so v(a) + k(b) bounds every t in [a, b]; for t ≤ m,
    where v is constant, t = m is the worst. Intervals whose bound lies more than one part in
    `_TOLERANCE` above what was already found are halved, and the largest bound is returned: the
    least τ for δ(1 - 10⁻¹²) where `capped` is false, at most that part more otherwise.

    Raises ValueError unless `unit`, `most_groups` and `delta` are positive and δ < 1.
    Tests: tests/noise/test_threshold.py, tests/distribution/test_threshold.py.
    """
    if unit < 1 or most_groups < 1:
        raise ValueError("one owner's unit and the bound on groups must be positive")
    if not 0 < delta < DELTA_UNIT:
        raise ValueError("delta must lie between 0 and 1")

    def needed(groups: int) -> int:
        """k(t)."""
        return least_reaching(mechanism, math.log(delta / (DELTA_UNIT * groups)) - _ROUNDING)

    reached = unit + needed(most_groups)
    if not capped:
        return reached
    last = _last_counted(norm, unit, most_groups)
    bound = reached
    # one entry per interval that is left: its ends, k at the right end
    left = [(most_groups + 1, last, needed(last))] if last > most_groups else []
    while left:
        low, high, most_needed = left.pop()
        value = weight(norm, unit, most_groups, low) + most_needed
        reached = max(reached, weight(norm, unit, most_groups, high) + most_needed)
        if low == high or value <= reached + reached // _TOLERANCE:
            bound = max(bound, value)
            continue
        middle = (low + high) // 2
        left.append((low, middle, needed(middle)))
        left.append((middle + 1, high, most_needed))
    return bound


def _last_counted(norm: Norm, unit: int, most_groups: int) -> int:
    """The largest t with v(t) > 0."""
    most = unit * most_groups if norm is Norm.L1 else unit * unit * most_groups
    return min(MOST_GROUPS_RATIO * most_groups, most)
