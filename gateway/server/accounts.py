"""Accounts as documents: limit, spent, left, in ε as analysts think and exactly in ρ under zcdp."""

from __future__ import annotations

from gateway.budget.cost import AMOUNT_UNIT, DELTA_UNIT, Cost, epsilon_of
from gateway.edges import Balance
from gateway.policy.catalog import Dataset
from gateway.policy.model import Guarantee
from gateway.postprocess.present import remaining
from gateway.server import render


def account_document(dataset: Dataset, balance: Balance) -> dict[str, object]:
    """One account. Under zcdp ε is what the ρ implies at the policy's δ, so spent and remaining
    do not add up to the limit in ε; they do in ρ."""
    allowance = balance.allowance
    return {
        "dataset": dataset.name,
        "account": allowance.holder,
        "unit": dataset.policy.privacy.unit,
        "guarantee": allowance.guarantee.value,
        "renews": allowance.renews.value,
        "limit": amounts(balance, balance.limit),
        "spent": amounts(balance, balance.spent),
        "remaining": render.remaining(remaining(balance, dataset)),
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
