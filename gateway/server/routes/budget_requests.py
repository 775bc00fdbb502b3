"""Requests for more budget: the analyst's side and the administrator's."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from gateway.budget.allowances import allowance_for, everyone_for
from gateway.budget.budget_requests import BudgetRequest, State
from gateway.budget.tables import LARGEST
from gateway.edges import Analyst
from gateway.errors import Code, Refusal
from gateway.policy.catalog import Dataset
from gateway.server.accounts import account_document
from gateway.server.bodies import ApprovalBody, BudgetRequestBody, RefusalBody, exact
from gateway.server.caller import TheAdministrator, TheAnalyst, TheDesk
from gateway.server.cells import moment, number
from gateway.server.desk import Desk

router = APIRouter(tags=["budget requests"])

Number = Annotated[int, Path(ge=1, le=LARGEST, description="The request's number.")]


@router.post("/v1/budget/requests", status_code=201)
def ask(body: BudgetRequestBody, who: TheAnalyst, desk: TheDesk) -> dict[str, object]:
    """Ask for more budget in your own account; an administrator decides."""
    dataset = desk.visible(who).datasets.get(body.dataset)
    if dataset is None:
        raise Refusal(
            Code.NOT_FOUND, "There is no such dataset for you.", "GET /v1/datasets lists yours."
        )
    allowance_for(dataset.policy, who)  # without an account there is nothing to add to
    epsilon = exact(body.epsilon)
    assert epsilon is not None  # noqa: S101  the body's type says so
    request = desk.gateway.books.budget_requests.ask(
        dataset=dataset.name,
        analyst=who.name,
        epsilon=epsilon,
        purpose=body.purpose,
        days=body.days,
    )
    return document(request)


@router.get("/v1/budget/requests")
def own(who: TheAnalyst, desk: TheDesk) -> dict[str, object]:
    """Your own requests for budget and what became of them, newest first."""
    found = desk.gateway.books.budget_requests.find(analyst=who.name)
    return {"requests": [document(request) for request in found]}


@router.get("/v1/admin/budget-requests")
def requests(
    who: TheAdministrator,
    desk: TheDesk,
    state: Annotated[State | None, Query(description="Only those that stand there.")] = None,
    dataset: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="The newest so many.")] = 100,
) -> dict[str, object]:
    """All requests for budget, newest first."""
    states = tuple(State) if state is None else (state,)
    found = desk.gateway.books.budget_requests.find(dataset=dataset, states=states, limit=limit)
    return {"requests": [document(request) for request in found]}


@router.post("/v1/admin/budget-requests/{number}/approve")
def approve(
    number: Number, body: ApprovalBody, who: TheAdministrator, desk: TheDesk
) -> dict[str, object]:
    """Grant a request, or a part of it; answers with it and with the accounts that matter now."""
    request = desk.gateway.books.budget_requests.approve(
        number, by=who.name, reason=body.reason, epsilon=exact(body.epsilon), days=body.days
    )
    return {"request": document(request)} | _accounts(desk, request)


@router.post("/v1/admin/budget-requests/{number}/refuse")
def refuse(
    number: Number, body: RefusalBody, who: TheAdministrator, desk: TheDesk
) -> dict[str, object]:
    """Turn a request down; the analyst sees the reason."""
    request = desk.gateway.books.budget_requests.refuse(number, by=who.name, reason=body.reason)
    return {"request": document(request)}


def document(request: BudgetRequest) -> dict[str, object]:
    """One request as it is shown, also to the analyst who asked."""
    decision = request.decision
    return {
        "id": request.id,
        "dataset": request.dataset,
        "account": request.holder,
        "epsilon": number(request.epsilon),
        "purpose": request.purpose,
        "days": request.days,
        "asked_at": moment(request.asked_at),
        "expires_at": moment(request.expires_at),
        "state": request.state.value,
        "decision": None
        if decision is None
        else {
            "by": decision.by,
            "at": moment(decision.at),
            "reason": decision.reason,
            "epsilon": None if decision.epsilon is None else number(decision.epsilon),
            "grant_expires_at": None
            if decision.grant_expires_at is None
            else moment(decision.grant_expires_at),
        },
    }


def _accounts(desk: Desk, request: BudgetRequest) -> dict[str, object]:
    """The account after the grant, and that of everyone, whose cap still holds."""
    dataset = desk.gateway.catalog.datasets.get(request.dataset)
    if dataset is None:
        return {"account": None, "everyone": None}
    cap = everyone_for(dataset.policy)
    return {
        "account": _own(desk, dataset, request.analyst),
        "everyone": None if cap is None else account_document(desk.gateway.books, dataset, cap),
    }


def _own(desk: Desk, dataset: Dataset, name: str) -> dict[str, object] | None:
    """The analyst's account; None where they have none any more."""
    books = desk.gateway.books
    for user in books.users.list():
        if user.name != name:
            continue
        try:
            allowance = allowance_for(dataset.policy, Analyst(name=name, roles=user.roles))
        except Refusal:
            break
        return account_document(books, dataset, allowance)
    return None
