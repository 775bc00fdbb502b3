"""Accounts as documents: limit, spent, left, in ε as analysts think and exactly in ρ under zcdp."""

from __future__ import annotations

from gateway.budget.cost import AMOUNT_UNIT, DELTA_UNIT, Cost, epsilon_of
from gateway.edges import Balance
from gateway.policy.model import Guarantee
from gateway.server.cells import moment


def left(balance: Balance) -> Cost:
    """What the account may still spend in its present period."""
    return Cost(
        amount=max(0, balance.limit.amount - balance.spent.amount),
        delta=max(0, balance.limit.delta - balance.spent.delta),
    )


def account_document(dataset: str, unit: str, balance: Balance) -> dict[str, object]:
    """One account. Under zcdp ε is what the ρ implies at the policy's δ, so limits do not add up
    in ε; they do in ρ."""
    allowance = balance.allowance
    return {
        "dataset": dataset,
        "account": allowance.holder,
        "unit": unit,
        "guarantee": allowance.guarantee.value,
        "renews": allowance.renews.value,
        "limit": amounts(balance, balance.limit),
        "spent": amounts(balance, balance.spent),
        "remaining": amounts(balance, left(balance))
        | {"renews_at": None if balance.renews_at is None else moment(balance.renews_at)},
    }


def amounts(balance: Balance, cost: Cost) -> dict[str, object]:
    """A cost in the units that people read; `rho` under zcdp only."""
    allowance = balance.allowance
    zcdp = allowance.guarantee is Guarantee.ZCDP
    return {
        "epsilon": epsilon_of(cost.amount, allowance.guarantee, allowance.delta),
        "delta": cost.delta / DELTA_UNIT,
        "rho": cost.amount / AMOUNT_UNIT if zcdp else None,
    }
