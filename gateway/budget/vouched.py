"""The rows that the audit chain vouches for, compared with what its records say of them.

A charge's record holds the digest of the charge's whole row; the records of the other append-only
tables hold the row itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.budget.audit import AuditRecord, as_said
from gateway.budget.paying import charge_digest
from gateway.budget.replay import ReplayedAccount, replayed
from gateway.budget.tables import (
    budget_decisions,
    budget_requests,
    charges,
    grants,
    signing_keys,
)
from gateway.budget.tampering import AuditFault, Tampering


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A table whose rows stand in records of one kind, each under `key` in the record's body."""

    kind: str
    noun: str
    table: sa.Table
    key: str


_KEPT = (
    _Kept(kind="grant", noun="grant", table=grants, key="id"),
    _Kept(kind="budget_request", noun="budget request", table=budget_requests, key="id"),
    _Kept(
        kind="budget_decision",
        noun="decision on budget request",
        table=budget_decisions,
        key="request_id",
    ),
    _Kept(kind="signing_key", noun="signing key", table=signing_keys, key="key_id"),
)


@dataclass(slots=True)
class Vouched:
    """What the records read so far say of rows in other tables."""

    charges: dict[Any, Any] = field(default_factory=dict)
    rows: dict[str, dict[Any, Any]] = field(
        default_factory=lambda: {kept.kind: {} for kept in _KEPT}
    )

    def read(self, record: AuditRecord) -> None:
        """Take in one record, which may be damaged in any way."""
        if record.kind in ("charge", "refund"):
            said = self.charges
        elif record.kind in self.rows:
            said = self.rows[record.kind]
        else:
            return
        try:
            body = json.loads(record.body)
            if record.kind in self.rows:
                key = next(kept.key for kept in _KEPT if kept.kind == record.kind)
                said[body[key]] = body
            else:
                said.update({entry["id"]: entry["row"] for entry in body["charges"]})
        except (ValueError, KeyError, TypeError):
            return  # such a record does not fit its hash, which is reported, and so are its rows


def faults(connection: Connection, vouched: Vouched) -> Iterator[AuditFault]:
    """Rows that were added, changed or removed behind the records' back, and accounts that do not
    hold the sum of their charges."""
    yield from _charges(connection, vouched.charges)
    for account in replayed(connection):
        if not account.agrees:
            yield _account(account)
    for kept in _KEPT:
        yield from _rows(connection, kept, vouched.rows[kept.kind])


def _charges(connection: Connection, said: Mapping[Any, Any]) -> Iterator[AuditFault]:
    missing = dict(said)
    rows = connection.execution_options(yield_per=1000).execute(
        sa.select(charges).order_by(charges.c.id)
    )
    for row in rows.mappings():
        wanted = missing.pop(row["id"], None)
        if wanted is None:
            yield _fault(Tampering.ADDED, "charge", row["id"])
        elif wanted != charge_digest(dict(row)):
            yield _fault(Tampering.CHANGED, "charge", row["id"])
    for number in missing:
        yield _fault(Tampering.REMOVED, "charge", number)


def _rows(connection: Connection, kept: _Kept, said: Mapping[Any, Any]) -> Iterator[AuditFault]:
    missing = dict(said)
    for row in connection.execute(
        sa.select(kept.table).order_by(kept.table.c[kept.key])
    ).mappings():
        wanted = missing.pop(row[kept.key], None)
        if wanted is None:
            yield _fault(Tampering.ADDED, kept.noun, row[kept.key])
        # Records of an earlier version lack the columns that were added since, which are NULL then.
        elif dict.fromkeys(row.keys()) | wanted != as_said(dict(row)):
            yield _fault(Tampering.CHANGED, kept.noun, row[kept.key])
    for number in missing:
        yield _fault(Tampering.REMOVED, kept.noun, number)


_SENTENCES = {
    Tampering.ADDED: "has no audit record",
    Tampering.CHANGED: "is not as it was written",
    Tampering.REMOVED: "is missing",
}


def _fault(tampering: Tampering, noun: str, number: object) -> AuditFault:
    where = f"{noun} {number}"
    sentence = f"{where[0].upper()}{where[1:]} {_SENTENCES[tampering]}."
    return AuditFault(tampering=tampering, where=where, sentence=sentence)


def _account(account: ReplayedAccount) -> AuditFault:
    where = f"account {account.holder} of {account.dataset} from {account.period_start}"
    missing = account.held_amount is None
    fault = "is missing" if missing else "does not hold the sum of its charges"
    return AuditFault(tampering=Tampering.ACCOUNT, where=where, sentence=f"The {where} {fault}.")
