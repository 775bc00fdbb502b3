"""Costs and limits: never less private than what OpenDP and dp_accounting say, and near optimal."""

from __future__ import annotations

import functools
import math
from fractions import Fraction

import numpy as np
import opendp.prelude as dp
import pytest
from dp_accounting.rdp import rdp_privacy_accountant
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.budget.cost import (
    AMOUNT_UNIT,
    DELTA_UNIT,
    NOTHING,
    Cost,
    amount_for,
    epsilon_for,
    epsilon_of,
    limit,
    log_delta,
    rho_for,
)
from gateway.policy.model import Guarantee
from tests.ledger.desk import allowance

EPSILONS = ["0.001", "0.01", "0.1", "0.25", "1", "3", "10", "100", "1000"]
DELTAS = ["1e-12", "5e-8", "1e-6", "1e-3"]
ORDERS = 1 + np.exp(np.linspace(-20, 20, 40001))


def opendp_epsilon(rho: float, delta: float) -> float:
    """OpenDP's ε for Gaussian noise of exactly ρ at sensitivity 1; OpenDP rounds it up."""
    dp.enable_features("contrib")
    domain = dp.atom_domain(T=float, nan=False)
    space = domain, dp.absolute_distance(T=float)
    curve = dp.c.make_zCDP_to_approxDP(dp.m.make_gaussian(*space, scale=math.sqrt(0.5 / rho)))
    return float(curve.map(1.0).epsilon(delta))


def google_epsilon(rho: float, delta: float) -> float:
    """dp_accounting's ε for the Rényi curve of ρ-zCDP, over a dense grid of orders."""
    return float(rdp_privacy_accountant.compute_epsilon(ORDERS, ORDERS * rho, delta)[0])


@pytest.mark.parametrize("delta", DELTAS)
@pytest.mark.parametrize("epsilon", EPSILONS)
def test_rho_is_what_the_libraries_say(epsilon: str, delta: str) -> None:
    rho = rho_for(Fraction(epsilon), Fraction(delta)) / AMOUNT_UNIT
    wanted = float(epsilon)
    # Both say that ρ gives at most this ε. dp_accounting's grid and OpenDP's rounding may only
    # overstate it, by the tolerance here.
    assert opendp_epsilon(rho, float(delta)) <= wanted * (1 + 1e-7)
    assert google_epsilon(rho, float(delta)) <= wanted * (1 + 1e-5)
    # Within 1% of the optimum: one percent more ρ is too much by either. (At ε = 0.001 and the
    # smallest δ the unit 10⁻¹² of ρ itself is already coarse.)
    more = rho * 1.01
    assert google_epsilon(more, float(delta)) > wanted
    assert opendp_epsilon(more, float(delta)) > wanted


@pytest.mark.parametrize("delta", ["1e-12", "5e-8"])
@pytest.mark.parametrize("epsilon", ["10000", "100000", "1000000"])
def test_rho_of_enormous_epsilons(epsilon: str, delta: str) -> None:
    """There ε - ρ is about 2·√(ρ·ln(1/δ)) from above (Bun and Steinke 2016, Proposition 1.3)."""
    rho = rho_for(Fraction(epsilon), Fraction(delta)) / AMOUNT_UNIT
    simple = (
        math.sqrt(float(epsilon) - math.log(float(delta))) - math.sqrt(-math.log(float(delta)))
    ) ** 2
    assert simple < rho < simple * 1.01
    assert rho < float(epsilon)


@given(
    st.fractions(min_value=Fraction(1, 1000), max_value=1000),
    st.fractions(min_value=Fraction(1, 10**12), max_value=Fraction(1, 100)),
)
@settings(max_examples=40, deadline=None)
def test_rho_keeps_its_epsilon_and_epsilon_its_rho(epsilon: Fraction, delta: Fraction) -> None:
    amount = rho_for(epsilon, delta)
    assert log_delta(amount / AMOUNT_UNIT, float(epsilon)) <= math.log(delta)
    assert epsilon_for(amount, delta) <= float(epsilon) * (1 + 1e-9)
    # The unit is 10⁻¹² of ρ, so one unit more and a breath is too much.
    above = (amount + 1) / AMOUNT_UNIT * (1 + 1e-6)
    assert log_delta(above, float(epsilon)) > math.log(delta)


@given(
    st.lists(st.fractions(Fraction(1, 10**9), 10**6), min_size=2, max_size=2),
    st.lists(st.fractions(Fraction(1, 10**15), Fraction(1, 10)), min_size=2, max_size=2),
    st.sampled_from(list(Guarantee)),
)
@settings(max_examples=60, deadline=None)
def test_more_epsilon_or_delta_is_never_worth_less(
    epsilons: list[Fraction], deltas: list[Fraction], guarantee: Guarantee
) -> None:
    (less, more), (small, large) = sorted(epsilons), sorted(deltas)
    assert amount_for(less, guarantee, small) <= amount_for(more, guarantee, small)
    assert amount_for(less, guarantee, small) <= amount_for(less, guarantee, large)
    assert amount_for(more, guarantee, large) <= more * AMOUNT_UNIT


@given(st.lists(st.integers(0, 10**14), min_size=2, max_size=2))
@settings(max_examples=40, deadline=None)
def test_a_larger_amount_never_looks_smaller(amounts: list[int]) -> None:
    less, more = sorted(amounts)
    for guarantee in Guarantee:
        delta = Fraction(1, 10**7)
        assert epsilon_of(less, guarantee, delta) <= epsilon_of(more, guarantee, delta)


@pytest.mark.parametrize("guarantee", list(Guarantee))
@pytest.mark.parametrize("epsilon", ["0.001", "0.5", "5", "1000", "1000000"])
def test_limits(guarantee: Guarantee, epsilon: str) -> None:
    budget = allowance("everyone", epsilon=epsilon, delta="1e-7", guarantee=guarantee)
    most = limit(budget)
    assert 0 < most.amount <= Fraction(epsilon) * AMOUNT_UNIT
    assert most.amount < 2**63
    parts = {Guarantee.PURE: 0, Guarantee.APPROXIMATE: 1, Guarantee.ZCDP: Fraction(1, 2)}
    assert most.delta == parts[guarantee] * DELTA_UNIT / 10**7
    # A query for the whole budget spends exactly the whole budget, and no more is left over.
    assert amount_for(Fraction(epsilon), guarantee, budget.delta) == most.amount
    assert limit(budget, Fraction(1, 10)).amount > most.amount


@pytest.mark.parametrize("guarantee", [Guarantee.PURE, Guarantee.APPROXIMATE])
def test_basic_composition_is_exact(guarantee: Guarantee) -> None:
    third = amount_for(Fraction(1, 3), guarantee, Fraction(0))
    assert third == 333_333_333_333
    assert epsilon_of(third * 3, guarantee, Fraction(0)) < 1


def test_many_small_queries_fit_where_zcdp_promises_it() -> None:
    """A hundred queries of ε = 0.1 cost less than ε = 10; by ρ they come to about 1.2."""
    delta = Fraction(1, 10**6)
    total = 100 * amount_for(Fraction(1, 10), Guarantee.ZCDP, delta)
    assert 0.9 < epsilon_of(total, Guarantee.ZCDP, delta) < 1.3


def test_costs_add_and_are_never_negative() -> None:
    assert Cost(amount=1, delta=2) + Cost(amount=3, delta=4) == Cost(amount=4, delta=6)
    assert functools.reduce(lambda a, b: a + b, [NOTHING] * 3) == NOTHING
    for amount, delta in ((-1, 0), (0, -1)):
        with pytest.raises(ValueError, match="never negative"):
            Cost(amount=amount, delta=delta)
    assert epsilon_for(0, Fraction(1, 2)) == 0
