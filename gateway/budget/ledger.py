"""The durable account of every charge: debit first, in one transaction, then the engine may run.

What keeps the budgets true, whatever crashes, races or is retried:

1. A charge is one serial transaction (see `store`): look what is paid already, debit by conditional
   update, append the charges. All of it or nothing is on disk before `charge` returns.
2. A charge pays for one sighting of one release, ever: `sightings.charge_id` is a primary key, and
   `answers` records the sighting before an answer is shown. So a charge that a crash left without
   its answer can be used by a retry under the same key without a new debit, and cannot be used
   twice, not even when the data changed in between and new noise is drawn.
3. A refund gives back only charges without a sighting, and each at most once (`refund_of` is
   unique).
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.budget import audit, grants, questions
from gateway.budget.accounts import (
    EVERYONE,
    Kept,
    began,
    credit,
    current,
    current_of,
    kept,
    settle,
    totals,
)
from gateway.budget.bills import Asked, Bill, bill, look
from gateway.budget.cost import NOTHING, Allowance, Cost
from gateway.budget.gathering import Gathered
from gateway.budget.paying import Outcome, append_charges, pay, said_of
from gateway.budget.store import MOST_TOGETHER, Store
from gateway.budget.tables import accounts, charges, sightings
from gateway.budget.timekeeping import Timekeeper
from gateway.edges import Balance, ChargeRequest, Due, Receipt, ReleaseCharge
from gateway.errors import Code, Refusal
from gateway.policy.model import Guarantee

PATIENCE_SECONDS = 30.0
"""How long a question waits for another one that draws the same release."""
_LOOK_AGAIN = 0.02
"""Seconds between looks at whether the draw is stored."""

_refunds = charges.alias("refunds")
_REFUNDABLE = (
    sa.select(charges, sightings.c.charge_id.is_not(None).label("seen"))
    .outerjoin(sightings, sightings.c.charge_id == charges.c.id)
    .where(
        charges.c.query_id == sa.bindparam("query_id"),
        charges.c.kind == "charge",
        ~sa.exists().where(_refunds.c.refund_of == charges.c.id),
    )
    .order_by(charges.c.id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState:
    """An account's newest period as the ledger holds it, for administrators."""

    dataset: str
    holder: str
    guarantee: Guarantee
    period_start: dt.date
    spent: Cost
    granted: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meeting:
    """Where questions about one dataset meet, to be looked at and to be charged together."""

    looks: Gathered[Asked, Outcome | Bill]
    payments: Gathered[Asked, Outcome]


class BudgetLedger:
    """`edges.Ledger` over a `Store`. Safe to share between threads and processes."""

    def __init__(self, store: Store, patience_seconds: float = PATIENCE_SECONDS) -> None:
        """`patience_seconds` is how long a question waits for another one's draw."""
        self._store = store
        self._patience = patience_seconds
        self._timekeeper = Timekeeper()
        self._meetings: dict[str, _Meeting] = {}
        self._mutex = threading.Lock()

    def charge(self, request: ChargeRequest) -> Receipt:
        """Debit the analyst's and everyone's account, durably and all or nothing.

        For each release: stored and seen by this analyst, free; stored but not seen, the analyst's
        account pays, and the sighting is recorded with it; not stored, both accounts pay. What the
        same query or the same idempotency key paid before and has not used yet is not paid again.
        Where another question has paid for a release and draws it now, in whichever process, this
        one waits for it, so that noise is drawn once and `everyone` pays once; nothing is charged
        while it waits, and after `PATIENCE_SECONDS` it draws for itself.
        Raises `Refusal` with BUDGET_EXHAUSTED (nothing was debited; the refusal itself is
        audited), INVALID_REQUEST for a release that costs nothing, FORBIDDEN where the guarantee
        of the policy was changed, ENGINE_UNAVAILABLE where the ledger did not answer,
        CLOCK_JUMPED where its clock cannot be believed.
        """
        prices = _prices(request)
        if not prices:
            return Receipt(charged=NOTHING, balance=self.balance(request.dataset, request.own))
        patient_until = time.monotonic() + self._patience
        while True:
            asked = Asked(request=request, prices=prices, waits=time.monotonic() < patient_until)
            receipt = self._charge(asked)
            if receipt is not None:
                return receipt
            time.sleep(_LOOK_AGAIN)  # outside of every transaction, holding nothing

    def _charge(self, asked: Asked) -> Receipt | None:
        """One try; None where somebody else draws one of the releases now and the caller waits."""
        meeting = self._meeting(asked.request.dataset)
        looked = meeting.looks.do(asked)
        if isinstance(looked, Refusal):
            raise looked
        if not isinstance(looked, Bill):
            return looked
        outcome = meeting.payments.do(asked)
        if isinstance(outcome, Refusal):
            with self._store.noting() as connection:
                _note_refusal(connection, asked.request, outcome, self._store.now(connection))
            raise outcome
        return outcome

    def _meeting(self, dataset: str) -> _Meeting:
        with self._mutex:
            if dataset not in self._meetings:
                self._meetings[dataset] = _Meeting(
                    looks=Gathered(partial(self._look, dataset), MOST_TOGETHER),
                    payments=Gathered(partial(self._pay, dataset), MOST_TOGETHER),
                )
            return self._meetings[dataset]

    def _look(self, dataset: str, asked: Sequence[Asked]) -> Sequence[Outcome | Bill]:
        """Before any write, so that dashboards fly: the receipts of those whose questions are free,
        None for those who wait, the bills of the others."""
        with self._store.reading() as connection:
            now = self._store.now(connection)
            found = look(connection, dataset, asked, now, self._since(now))
            bills = [bill(found, one) for one in asked]
            free = {
                one.request.own.holder for one, due in zip(asked, bills, strict=True) if not due.own
            }
            held = kept(connection, dataset, free, now) if free else None
        looked: list[Outcome | Bill] = []
        for one, due in zip(asked, bills, strict=True):
            if held is not None and not due.own:
                looked.append(_free(held, dataset, one.request.own, now))
            else:
                looked.append(None if one.waits and due.drawn else due)
        return looked

    def _pay(self, dataset: str, asked: Sequence[Asked]) -> Sequence[Outcome]:
        with self._store.writing() as connection:
            now = self._store.now(connection)
            self._timekeeper.check(connection, now, self._store.elapsed())
            return pay(connection, dataset, asked, now, self._since(now))

    def _since(self, now: dt.datetime) -> dt.datetime:
        """A question that was charged before has lost its claim to be waited for."""
        return now - dt.timedelta(seconds=self._patience)

    def refund(self, query_id: str) -> None:
        """Give back what a query paid and nobody saw; a second call gives back nothing more.

        Only for failures that cannot depend on rows: the caller knows the engine ran nothing.
        """
        with self._store.writing() as connection:
            rows = connection.execute(_REFUNDABLE, {"query_id": query_id}).all()
            seen = {row.fingerprint for row in rows if row.seen}
            back = [row for row in rows if row.fingerprint not in seen]
            if not back:
                return
            now = self._store.now(connection)
            given_back: list[dict[str, Any]] = []
            for row in back:
                cost = Cost(amount=row.amount, delta=row.delta)
                credit(connection, row.dataset, row.holder, row.period_start, cost)
                fields = {key: value for key, value in row._mapping.items() if key != "seen"}
                fields |= {"kind": "refund", "at": now, "refund_of": fields.pop("id")}
                given_back.append(fields)
            written = [said_of(row) for row in append_charges(connection, given_back)]
            audit.append(
                connection,
                at=now,
                kind="refund",
                actor=back[0].analyst,
                body={
                    "query_id": query_id,
                    "dataset": back[0].dataset,
                    "charges": written,
                },
            )
            questions.refunded(connection, query_id)

    def due(self, request: ChargeRequest) -> Due:
        """What `charge` would debit now, by the same bill; reads only."""
        asked = Asked(request=request, prices=_prices(request), waits=False)
        with self._store.reading() as connection:
            now = self._store.now(connection)
            found = look(connection, request.dataset, [asked], now, self._since(now))
        owed = bill(found, asked)
        return Due(own=totals(owed.own), everyone=totals(owed.everyone))

    def balance(self, dataset: str, allowance: Allowance) -> Balance:
        """An account as it stands now."""
        with self._store.reading() as connection:
            return current(connection, dataset, allowance, self._store.now(connection)).balance

    def balances(self, dataset: str) -> tuple[AccountState, ...]:
        """Every account of a dataset in its newest period, by holder."""
        newest = (
            sa.select(accounts.c.holder, sa.func.max(accounts.c.period_start).label("start"))
            .where(accounts.c.dataset == dataset)
            .group_by(accounts.c.holder)
            .subquery()
        )
        query = (
            sa.select(accounts)
            .join(
                newest,
                (accounts.c.holder == newest.c.holder)
                & (accounts.c.period_start == newest.c.start),
            )
            .where(accounts.c.dataset == dataset)
            .order_by(accounts.c.holder)
        )
        with self._store.reading() as connection:
            now = self._store.now(connection)
            rows = connection.execute(query).all()
            held = kept(connection, dataset, [row.holder for row in rows], now)
            return tuple(
                AccountState(
                    dataset=dataset,
                    holder=row.holder,
                    guarantee=Guarantee(row.guarantee),
                    period_start=row.period_start,
                    spent=Cost(amount=row.spent_amount, delta=row.spent_delta),
                    granted=held.granted(row.holder, began(row)),
                )
                for row in rows
            )

    def grant(
        self,
        dataset: str,
        holder: str,
        epsilon: Fraction,
        by: str,
        reason: str,
        days: int | None = None,
    ) -> None:
        """Add `epsilon` to an account for its present period, or for `days` of it.

        Raises `Refusal(INVALID_REQUEST)` as `grants.give` does.
        """
        with self._store.writing() as connection:
            grants.give(
                connection,
                dataset=dataset,
                holder=holder,
                epsilon=epsilon,
                by=by,
                reason=reason,
                days=days,
                now=self._store.now(connection),
            )


def _prices(request: ChargeRequest) -> dict[str, ReleaseCharge]:
    """The request's releases by fingerprint (equal ones are one), all checked."""
    if request.own.holder != f"user:{request.analyst.name}":
        raise ValueError("an analyst is charged on the account user:NAME of their own")
    if request.everyone is not None and request.everyone.holder != EVERYONE:
        raise ValueError("the cap on all analysts together is held by `everyone`")
    prices: dict[str, ReleaseCharge] = {}
    for release in request.releases:
        if release.cost.amount <= 0:
            raise Refusal(
                Code.INVALID_REQUEST,
                "The epsilon asked for is too small to be counted.",
                "Ask for a larger epsilon.",
            )
        if prices.setdefault(release.fingerprint, release).cost != release.cost:
            raise ValueError("one release cannot have two prices")
    return prices


def _free(held: Kept, dataset: str, own: Allowance, now: dt.datetime) -> Receipt | Refusal:
    """What a question that costs nothing is told."""
    try:
        account = current_of(held, dataset, own, now)
    except Refusal as refusal:
        return refusal
    return Receipt(charged=NOTHING, balance=account.balance)


def _note_refusal(
    connection: Connection, request: ChargeRequest, refusal: Refusal, now: dt.datetime
) -> None:
    settle(connection, request.dataset, request.own, now)
    if request.everyone is not None:
        settle(connection, request.dataset, request.everyone, now)
    questions.refused(connection, request, refusal, now)
    body: dict[str, object] = {
        "query_id": request.query_id,
        "dataset": request.dataset,
        "sql_sha256": audit.digest(request.sql),
        "code": refusal.code.slug,
    }
    body |= {name: repr(value) for name, value in refusal.facts.items()}
    audit.append(connection, at=now, kind="refusal", actor=request.analyst.name, body=body)
