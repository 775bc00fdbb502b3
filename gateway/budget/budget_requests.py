"""Requests for more budget: an analyst asks with a purpose, an administrator decides with a reason.

Requests and decisions are rows that are only added, each with its audit record. A request that
nobody decides on ends by itself; one that was decided on stays decided.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.budget import audit, grants
from gateway.budget.store import Store
from gateway.budget.tables import budget_decisions, budget_requests
from gateway.budget.tables import grants as granted
from gateway.errors import Code, Refusal

OPEN_FOR = dt.timedelta(days=14)
"""How long a request waits for a decision."""

_ALL = (
    sa.select(
        budget_requests,
        budget_decisions.c.decision,
        budget_decisions.c.epsilon.label("decided_epsilon"),
        budget_decisions.c.decided_by,
        budget_decisions.c.decided_at,
        budget_decisions.c.reason,
        granted.c.expires_at.label("grant_expires_at"),
    )
    .outerjoin(budget_decisions, budget_decisions.c.request_id == budget_requests.c.id)
    .outerjoin(granted, granted.c.id == budget_decisions.c.grant_id)
)


class State(Enum):
    """Where a request stands."""

    OPEN = "open"
    EXPIRED = "expired"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What an administrator decided; `epsilon` and `grant_expires_at` of an approval only."""

    by: str
    at: dt.datetime
    reason: str
    epsilon: Fraction | None
    grant_expires_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetRequest:
    """One request. `days` is for how long the analyst needs it; None for the account's period."""

    id: int
    dataset: str
    analyst: str
    epsilon: Fraction
    purpose: str
    days: int | None
    asked_at: dt.datetime
    expires_at: dt.datetime
    state: State
    decision: Decision | None

    @property
    def holder(self) -> str:
        """The account that it is for."""
        return f"user:{self.analyst}"


class BudgetRequests:
    """Asking, deciding, listing."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def ask(
        self, *, dataset: str, analyst: str, epsilon: Fraction, purpose: str, days: int | None
    ) -> BudgetRequest:
        """Ask for `epsilon` more in the analyst's own account.

        Raises `Refusal(INVALID_REQUEST)` for an amount or number of days that no grant may have,
        without a purpose, and while an earlier request for the dataset waits.
        """
        with self._store.writing() as connection:
            now = self._store.now(connection)
            waiting = [
                request
                for request in _found(connection, now, analyst=analyst, dataset=dataset)
                if request.state is State.OPEN
            ]
            if waiting:
                raise Refusal(
                    Code.INVALID_REQUEST,
                    f"Your request {waiting[0].id} for {dataset} waits for a decision.",
                    "Wait for it, or ask an administrator to refuse it; then ask anew.",
                )
            grants.expiry(days, now)
            amount = grants.amount(epsilon, "request")
            row: dict[str, Any] = {
                "dataset": dataset,
                "analyst": analyst,
                "epsilon": f"{amount.numerator}/{amount.denominator}",
                "purpose": grants.text(
                    purpose,
                    "A request for budget needs a purpose, which the audit trail keeps.",
                    "Say what the answers are for.",
                ),
                "days": days,
                "asked_at": now,
                "expires_at": now + OPEN_FOR,
            }
            number = connection.execute(
                budget_requests.insert().returning(budget_requests.c.id), row
            ).scalar_one()
            body = audit.as_said(row | {"id": number})
            audit.append(connection, at=now, kind="budget_request", actor=analyst, body=body)
            return _one(connection, number, now)

    def approve(
        self, number: int, *, by: str, reason: str, epsilon: Fraction | None, days: int | None
    ) -> BudgetRequest:
        """Grant what was asked for, or `epsilon` and `days` instead, in one transaction.

        Raises `Refusal` as `refuse` does, and for a grant that cannot be.
        """
        with self._store.writing() as connection:
            now = self._store.now(connection)
            request = _open(connection, number, now)
            amount = request.epsilon if epsilon is None else epsilon
            grant = grants.give(
                connection,
                dataset=request.dataset,
                holder=request.holder,
                epsilon=amount,
                by=by,
                reason=reason,
                days=request.days if days is None else days,
                now=now,
            )
            _decide(connection, request, State.APPROVED, by, reason, now, amount, grant)
            return _one(connection, number, now)

    def refuse(self, number: int, *, by: str, reason: str) -> BudgetRequest:
        """Turn a request down.

        Raises `Refusal` with NOT_FOUND for an unknown number, INVALID_REQUEST without a reason or
        where the request is not open any more.
        """
        with self._store.writing() as connection:
            now = self._store.now(connection)
            request = _open(connection, number, now)
            _decide(connection, request, State.REFUSED, by, reason, now, None, None)
            return _one(connection, number, now)

    def find(
        self,
        *,
        analyst: str | None = None,
        dataset: str | None = None,
        states: Sequence[State] = tuple(State),
        limit: int = 100,
    ) -> tuple[BudgetRequest, ...]:
        """The newest requests first, `limit` at most; None for all analysts or datasets."""
        with self._store.reading() as connection:
            found = _found(
                connection, self._store.now(connection), analyst=analyst, dataset=dataset
            )
        return tuple(request for request in found if request.state in states)[:limit]


def state_of(decision: str | None, expires_at: dt.datetime, now: dt.datetime) -> State:
    """Where a request stands: as decided, else open until it expires."""
    if decision is not None:
        return State(decision)
    return State.OPEN if now < expires_at else State.EXPIRED


def _found(
    connection: Connection, now: dt.datetime, *, analyst: str | None, dataset: str | None
) -> list[BudgetRequest]:
    query = _ALL.order_by(budget_requests.c.id.desc())
    if analyst is not None:
        query = query.where(budget_requests.c.analyst == analyst)
    if dataset is not None:
        query = query.where(budget_requests.c.dataset == dataset)
    return [_request(row, now) for row in connection.execute(query)]


def _one(connection: Connection, number: int, now: dt.datetime) -> BudgetRequest:
    row = connection.execute(_ALL.where(budget_requests.c.id == number)).one_or_none()
    if row is None:
        raise Refusal(
            Code.NOT_FOUND,
            f"There is no request {number} for budget.",
            "`noisegate budget requests --all` lists them.",
        )
    return _request(row, now)


def _open(connection: Connection, number: int, now: dt.datetime) -> BudgetRequest:
    request = _one(connection, number, now)
    if request.state is State.OPEN:
        return request
    if request.decision is not None:
        sentence = f"Request {number} was {request.state.value} by {request.decision.by}."
    else:
        sentence = f"Request {number} expired on {request.expires_at:%Y-%m-%d} undecided."
    raise Refusal(
        Code.INVALID_REQUEST,
        sentence,
        f"`noisegate budget grant {request.analyst} EPSILON --dataset {request.dataset} "
        "--reason TEXT` gives budget without a request.",
    )


def _decide(
    connection: Connection,
    request: BudgetRequest,
    state: State,
    by: str,
    reason: str,
    now: dt.datetime,
    epsilon: Fraction | None,
    grant: int | None,
) -> None:
    row: dict[str, Any] = {
        "request_id": request.id,
        "decision": state.value,
        "epsilon": None if epsilon is None else f"{epsilon.numerator}/{epsilon.denominator}",
        "grant_id": grant,
        "decided_by": by,
        "decided_at": now,
        "reason": grants.text(
            reason,
            "A decision needs a reason, which the analyst sees and the audit trail keeps.",
            "Say why.",
        ),
    }
    connection.execute(budget_decisions.insert(), row)
    body = audit.as_said(row)
    audit.append(connection, at=now, kind="budget_decision", actor=by, body=body)


def _request(row: sa.Row[Any], now: dt.datetime) -> BudgetRequest:
    decision = None
    if row.decision is not None:
        decision = Decision(
            by=row.decided_by,
            at=row.decided_at,
            reason=row.reason,
            epsilon=None if row.decided_epsilon is None else Fraction(row.decided_epsilon),
            grant_expires_at=row.grant_expires_at,
        )
    return BudgetRequest(
        id=row.id,
        dataset=row.dataset,
        analyst=row.analyst,
        epsilon=Fraction(row.epsilon),
        purpose=row.purpose,
        days=row.days,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        state=state_of(row.decision, row.expires_at, now),
        decision=decision,
    )
