"""`GET /v1/budget` and `GET /v1/history`: what the analyst has left and what was asked."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

from fastapi import APIRouter, Query

from gateway.budget.allowances import allowance_for
from gateway.budget.cost import AMOUNT_UNIT, DELTA_UNIT, epsilon_of
from gateway.budget.questions import PastQuestion
from gateway.errors import Refusal
from gateway.policy.catalog import Catalog
from gateway.policy.model import Guarantee
from gateway.server.accounts import account_document
from gateway.server.caller import TheAnalyst, TheDesk
from gateway.server.cells import moment

router = APIRouter(tags=["account"])


@router.get("/v1/budget")
def budget(who: TheAnalyst, desk: TheDesk) -> dict[str, object]:
    """Limit, spent, left and forecast of each of the analyst's accounts, one per dataset."""
    accounts = []
    for dataset in desk.visible(who).datasets.values():
        try:
            allowance = allowance_for(dataset.policy, who)
        except Refusal:
            continue  # an administrator sees datasets without having an account there
        accounts.append(account_document(desk.gateway.books, dataset, allowance))
    return {"user": who.name, "roles": list(who.roles), "budgets": accounts}


@router.get("/v1/history")
def history(
    who: TheAnalyst,
    desk: TheDesk,
    dataset: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="The newest so many.")] = 100,
) -> dict[str, object]:
    """The analyst's own questions with what they cost, newest first."""
    past = desk.gateway.books.questions.history(who.name, dataset, limit)
    return {"questions": [question(entry, desk.gateway.catalog) for entry in past]}


def question(entry: PastQuestion, catalog: Catalog) -> dict[str, object]:
    """One question of the past; the cost as ε where its dataset is still served."""
    dataset = catalog.datasets.get(entry.dataset or "")
    zcdp = entry.guarantee is Guarantee.ZCDP
    epsilon: float | None = None
    if entry.guarantee is None or not entry.cost.amount:
        epsilon = 0.0
    elif dataset is not None or not zcdp:
        delta = dataset.policy.privacy.delta if dataset is not None else Fraction(0)
        epsilon = epsilon_of(entry.cost.amount, entry.guarantee, delta)
    return {
        "query_id": entry.query_id,
        "at": moment(entry.at),
        "dataset": entry.dataset,
        "sql": entry.sql,
        "outcome": entry.outcome,
        "cost": {
            "epsilon": epsilon,
            "delta": entry.cost.delta / DELTA_UNIT,
            "rho": entry.cost.amount / AMOUNT_UNIT if zcdp else None,
        },
    }
