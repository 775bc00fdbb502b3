"""`/v1/admin/budgets`: every account, and grants. For the role admin."""

from __future__ import annotations

from fastapi import APIRouter

from gateway.budget.accounts import EVERYONE
from gateway.budget.allowances import everyone_for
from gateway.budget.cost import Allowance
from gateway.errors import Code, Refusal
from gateway.policy.catalog import Dataset
from gateway.server.accounts import account_document, allowances_of
from gateway.server.bodies import GrantBody, exact
from gateway.server.caller import TheAdministrator, TheDesk
from gateway.server.desk import Desk

router = APIRouter(tags=["administration"])


@router.get("/v1/admin/budgets")
def budgets(who: TheAdministrator, desk: TheDesk) -> dict[str, object]:
    """The account of `everyone` and of each user who has a budget, by dataset."""
    accounts = []
    for dataset in desk.gateway.catalog.datasets.values():
        for allowance in allowances_of(desk.gateway.books, dataset):
            accounts.append(account_document(desk.gateway.books, dataset, allowance))
    return {"budgets": accounts}


@router.post("/v1/admin/budgets/{user}/grants", status_code=201)
def grant(user: str, body: GrantBody, who: TheAdministrator, desk: TheDesk) -> dict[str, object]:
    """Add to the present period of a user's account, or of `everyone`; answers with the account."""
    dataset = desk.gateway.catalog.datasets.get(body.dataset)
    if dataset is None:
        raise Refusal(
            Code.NOT_FOUND,
            "There is no such dataset.",
            f"Known are {', '.join(desk.gateway.catalog.datasets)}.",
        )
    allowance = _allowance(desk, dataset, user)
    epsilon = exact(body.epsilon)
    assert epsilon is not None  # noqa: S101  the body's type says so
    ledger = desk.gateway.books.ledger
    ledger.grant(dataset.name, allowance.holder, epsilon, who.name, body.reason, body.days)
    return account_document(desk.gateway.books, dataset, allowance)


@router.post("/v1/admin/reload")
def reload(who: TheAdministrator, desk: TheDesk) -> dict[str, object]:
    """Read the policies again, as SIGHUP does; questions that run end as they began."""
    return {"datasets": list(desk.reload(who.name))}


def _allowance(desk: Desk, dataset: Dataset, user: str) -> Allowance:
    """The account that a grant goes to; raises `Refusal(NOT_FOUND)` where there is none."""
    if user == EVERYONE:
        cap = everyone_for(dataset.policy)
        if cap is not None:
            return cap
        raise Refusal(
            Code.NOT_FOUND,
            f"The policy of {dataset.name} has no budget for everyone.",
            "Without a cap there is nothing to raise.",
        )
    name = user.removeprefix("user:")
    for allowance in allowances_of(desk.gateway.books, dataset):
        if allowance.holder == f"user:{name}":
            return allowance
    raise Refusal(
        Code.NOT_FOUND,
        f"There is no user of that name with a budget for {dataset.name}.",
        "GET /v1/admin/budgets lists all accounts; `noisegate user list` all users.",
    )
