"""Debiting several questions about one dataset in one transaction, as if one came after another.

Claim: the ledger afterwards, and what each question is told, are what charging them one by one in
their order gives. Sketch: nobody else writes meanwhile (`store`), so what is read at first stays
true but for what these questions themselves change. Of that, the accounts are carried along from
one to the next; a question to which anything else would matter (it shares a release to be drawn,
an analyst's release, its own number or an account under another allowance with one that was
charged before it) is left for the next time. Tests: test_gathering (against charging one by one)
and test_races.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy.engine import Connection

from gateway.budget import audit, questions, stock
from gateway.budget.accounts import Account, Debit, Kept, current_of, debit, debited, kept, totals
from gateway.budget.bills import Asked, Bill, Look, bill, look
from gateway.budget.cost import NOTHING, Allowance, Cost
from gateway.budget.standing import data_version
from gateway.budget.tables import charges, sightings
from gateway.edges import Receipt
from gateway.errors import Refusal

Outcome: TypeAlias = Receipt | Refusal | None
"""None: to be asked again, after waiting for somebody else."""

_INSERT_CHARGES = charges.insert().returning(charges.c.id, sort_by_parameter_order=True)
_INSERT_SIGHTINGS = sightings.insert()


def pay(
    connection: Connection,
    dataset: str,
    asked: Sequence[Asked],
    now: dt.datetime,
    since: dt.datetime,
) -> list[Outcome]:
    """Charge each question, or refuse it, or leave it; within a serial transaction.

    Debits, charges, sightings, the audit records and the history are written; nothing of a
    question that is refused.
    """
    holders = {
        allowance.holder
        for one in asked
        for allowance in (one.request.own, one.request.everyone)
        if allowance is not None
    }
    together = _Together(
        dataset=dataset,
        now=now,
        version=data_version(connection, dataset),
        found=look(connection, dataset, asked, now, since),
        kept=kept(connection, dataset, holders, now),
    )
    outcomes = [together.outcome(one) for one in asked]
    together.write(connection)
    return outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paid:
    """A question that is charged: its bill, and the accounts that pay with what each pays for."""

    asked: Asked
    bill: Bill
    sides: tuple[tuple[Account, Mapping[str, Cost]], ...]


@dataclass(slots=True, kw_only=True)
class _Together:
    """Questions that are charged in one transaction, and the accounts as they stand after them."""

    dataset: str
    now: dt.datetime
    version: int
    """That of the data."""
    found: Look
    kept: Kept
    debits: dict[str, Debit] = field(default_factory=dict)
    paid: list[_Paid] = field(default_factory=list)

    def outcome(self, one: Asked) -> Outcome:
        """What becomes of a question after those before it."""
        request, bill_of_it = one.request, bill(self.found, one)
        if (one.waits and bill_of_it.drawn) or self._depends(one, bill_of_it):
            return None
        try:
            if not bill_of_it.own:
                account = self._account(request.own)
                return Receipt(charged=NOTHING, balance=account.balance)
            payers = [(request.own, bill_of_it.own)]
            if bill_of_it.everyone and request.everyone is not None:
                payers.append((request.everyone, bill_of_it.everyone))
            # Both are looked at before either is taken from, so a refusal leaves nothing.
            sides = tuple(
                (debited(self._account(payer), totals(costs)), costs) for payer, costs in payers
            )
        except Refusal as refusal:
            return refusal
        for account, costs in sides:
            earlier = self.debits.get(account.allowance.holder)
            self.debits[account.allowance.holder] = Debit(
                before=self._before(account.allowance),
                cost=totals(costs) if earlier is None else earlier.cost + totals(costs),
                after=account,
            )
        self.paid.append(_Paid(asked=one, bill=bill_of_it, sides=sides))
        return Receipt(
            charged=totals(bill_of_it.own),
            balance=sides[0][0].balance,
            fingerprints=frozenset(bill_of_it.own),
            drawn=bill_of_it.fresh,
        )

    def _before(self, allowance: Allowance) -> Account:
        return current_of(self.kept, self.dataset, allowance, self.now)

    def _account(self, allowance: Allowance) -> Account:
        """An account after the debits so far."""
        taken = self.debits.get(allowance.holder)
        return self._before(allowance) if taken is None else taken.after

    def _depends(self, one: Asked, bill_of_it: Bill) -> bool:
        """Whether a question that was charged before this one bears on more than its accounts."""
        request = one.request
        for other in self.paid:
            theirs = other.asked.request
            if bill_of_it.own and theirs.query_id == request.query_id:
                return True
            if other.bill.fresh & bill_of_it.fresh:
                return True
            if theirs.analyst.name == request.analyst.name and (
                other.bill.own.keys() & bill_of_it.own.keys()
            ):
                return True
        allowances = [request.own, *([request.everyone] if request.everyone is not None else [])]
        return any(
            allowance.holder in self.debits
            and self.debits[allowance.holder].after.allowance != allowance
            for allowance in allowances
        )

    def write(self, connection: Connection) -> None:
        """Write what was paid."""
        if not self.paid:
            return
        debit(connection, tuple(self.debits.values()))
        rows = [row for paid in self.paid for row in self._rows(paid)]
        charged = append_charges(connection, rows)
        self._write_sightings(connection, charged)
        by_query: dict[str, list[dict[str, object]]] = {}
        for row in charged:
            by_query.setdefault(row["query_id"], []).append(said_of(row))
        audit.append_all(
            connection,
            [
                audit.Entry(
                    at=self.now,
                    kind="charge",
                    actor=paid.asked.request.analyst.name,
                    body={
                        "query_id": paid.asked.request.query_id,
                        "dataset": self.dataset,
                        "sql_sha256": audit.digest(paid.asked.request.sql),
                        "charges": by_query[paid.asked.request.query_id],
                    },
                )
                for paid in self.paid
            ],
        )
        questions.charged(
            connection,
            [(paid.asked.request, totals(paid.bill.own)) for paid in self.paid],
            self.now,
        )

    def _rows(self, paid: _Paid) -> Iterator[dict[str, Any]]:
        request = paid.asked.request
        for payer, costs in paid.sides:
            for fingerprint, cost in costs.items():
                yield {
                    "kind": "charge",
                    "query_id": request.query_id,
                    "fingerprint": fingerprint,
                    "dataset": self.dataset,
                    "holder": payer.allowance.holder,
                    "period_start": payer.period_start,
                    "analyst": request.analyst.name,
                    "amount": cost.amount,
                    "delta": cost.delta,
                    "guarantee": payer.allowance.guarantee.value,
                    "mechanisms": paid.asked.prices[fingerprint].mechanisms,
                    "data_version": self.version,
                    "at": self.now,
                    "idempotency_key": request.key,
                    "refund_of": None,
                }

    def _write_sightings(
        self, connection: Connection, charged: Sequence[Mapping[str, Any]]
    ) -> None:
        shown = {
            (paid.asked.request.query_id, fingerprint): release
            for paid in self.paid
            for fingerprint, release in paid.bill.shown.items()
        }
        rows = [
            {
                "charge_id": row["id"],
                "analyst": row["analyst"],
                "release_id": shown[row["query_id"], row["fingerprint"]],
            }
            for row in charged
            if row["holder"] == f"user:{row['analyst']}"
            and (row["query_id"], row["fingerprint"]) in shown
        ]
        if rows:
            connection.execute(_INSERT_SIGHTINGS, rows)
            stock.used(connection, {row["release_id"] for row in rows}, self.now)


def append_charges(
    connection: Connection, rows: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Add charges or refunds; the rows with the numbers that they got."""
    ids = connection.execute(_INSERT_CHARGES, rows).scalars().all()
    return [{**row, "id": number} for row, number in zip(rows, ids, strict=True)]


def said_of(row: Mapping[str, Any]) -> dict[str, object]:
    """What the audit record says of a charge's or refund's row."""
    return {
        "id": row["id"],
        "holder": row["holder"],
        "amount": row["amount"],
        "delta": row["delta"],
        "row": charge_digest(row),
    }


def charge_digest(fields: Mapping[str, Any]) -> str:
    """Hex SHA-256 of a whole charge row, by which the audit chain vouches for it."""
    plain = {**fields, "at": audit.moment(fields["at"])}
    plain["period_start"] = fields["period_start"].isoformat()
    return audit.digest(audit.canonical(plain))
