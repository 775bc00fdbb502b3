"""Accounts as documents: limit, spent, left, in ε as analysts think and exactly in ρ under zcdp."""

from __future__ import annotations

from gateway.budget.allowances import allowance_for, everyone_for
from gateway.budget.books import Books
from gateway.budget.cost import AMOUNT_UNIT, DELTA_UNIT, Allowance, Cost, epsilon_of
from gateway.budget.forecast import Forecast
from gateway.edges import Analyst
from gateway.errors import Refusal
from gateway.policy.catalog import Dataset
from gateway.policy.model import Guarantee
from gateway.postprocess.present import remaining
from gateway.server import render
from gateway.server.cells import moment


def allowances_of(books: Books, dataset: Dataset) -> list[Allowance]:
    """Every account of a dataset: that of `everyone`, and of each user who has a budget."""
    cap = everyone_for(dataset.policy)
    found = [] if cap is None else [cap]
    for user in books.users.list():
        try:
            found.append(allowance_for(dataset.policy, Analyst(name=user.name, roles=user.roles)))
        except Refusal:
            continue  # no line of `budgets` is for this user, so there is no account
    return found


def account_document(books: Books, dataset: Dataset, allowance: Allowance) -> dict[str, object]:
    """One account. Under zcdp ε is what the ρ implies at the policy's δ, so spent and remaining
    do not add up to the limit in ε; they do in ρ."""
    balance = books.ledger.balance(dataset.name, allowance)
    return {
        "dataset": dataset.name,
        "account": allowance.holder,
        "unit": dataset.policy.privacy.unit,
        "guarantee": allowance.guarantee.value,
        "renews": allowance.renews.value,
        "limit": amounts(allowance, balance.limit),
        "spent": amounts(allowance, balance.spent),
        "remaining": render.remaining(remaining(balance, dataset)),
        "forecast": forecast_document(allowance, books.forecasts.of(dataset.name, allowance)),
    }


def forecast_document(allowance: Allowance, forecast: Forecast) -> dict[str, object]:
    """When an account runs out at the present rate: what was paid since when, and what follows."""
    return {
        "outlook": forecast.outlook.value,
        "runs_out_at": None if forecast.runs_out_at is None else moment(forecast.runs_out_at),
        "since": moment(forecast.since),
        "paid": amounts(allowance, forecast.paid),
    }


def amounts(allowance: Allowance, cost: Cost) -> dict[str, object]:
    """A cost in the units that people read; `rho` under zcdp only."""
    zcdp = allowance.guarantee is Guarantee.ZCDP
    return {
        "epsilon": epsilon_of(cost.amount, allowance.guarantee, allowance.delta),
        "delta": cost.delta / DELTA_UNIT,
        "rho": cost.amount / AMOUNT_UNIT if zcdp else None,
    }
