"""Reading the audit trail, and the records that no other part of the ledger writes."""

from __future__ import annotations

import json
from collections.abc import Iterator

import sqlalchemy as sa

from gateway.budget import audit as chain
from gateway.budget import keyring
from gateway.budget.audit import AuditHead, AuditRecord
from gateway.budget.exported import head_line
from gateway.budget.keyring import TrailKey
from gateway.budget.receipts import KIND, SignedReceipt
from gateway.budget.store import Store
from gateway.budget.tables import audit
from gateway.policy.model import Policy


class AuditTrail:
    """The chain of records, its keys, and what is asked of it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def head(self) -> AuditHead:
        """The last record's number and hash, signed; number 0 for an empty chain."""
        with self._store.reading() as connection:
            return AuditHead(**connection.execute(chain.HEAD).mappings().one())

    def public_keys(self) -> tuple[TrailKey, ...]:
        """The public keys that the trail is, or was, signed with, the oldest first."""
        with self._store.reading() as connection:
            return keyring.registered(connection)

    def records(self, *, before: int | None = None, limit: int = 100) -> tuple[AuditRecord, ...]:
        """The newest records, newest first, `limit` at most; `before` pages back by number."""
        query = sa.select(audit).order_by(audit.c.sequence.desc()).limit(limit)
        if before is not None:
            query = query.where(audit.c.sequence < before)
        with self._store.reading() as connection:
            return tuple(AuditRecord(**row) for row in connection.execute(query).mappings())

    def exported(self, after: int = 0) -> Iterator[str]:
        """Every record after number `after` as one line of JSON, the oldest first, then the end.

        A record's line has the members that its hash covers, `body` as an object, and `hash`; the
        last line is the signed end of the trail. `exported.faults` checks both.
        """
        query = sa.select(audit).where(audit.c.sequence > after).order_by(audit.c.sequence)
        with self._store.reading() as connection:
            rows = connection.execution_options(yield_per=1000).execute(query)
            for row in rows.mappings():
                yield chain.canonical(
                    dict(row) | {"at": chain.moment(row["at"]), "body": json.loads(row["body"])}
                )
            yield head_line(AuditHead(**connection.execute(chain.HEAD).mappings().one()))

    def holds(self, receipt: SignedReceipt) -> bool:
        """Whether the trail has the record that a receipt names, under that number."""
        query = sa.select(audit.c.hash, audit.c.kind).where(audit.c.sequence == receipt.sequence)
        with self._store.reading() as connection:
            row = connection.execute(query).one_or_none()
        return row is not None and (row.hash, row.kind) == (receipt.record, KIND)

    def client_named(
        self, *, analyst: str, application: str, dataset: str | None, query_id: str
    ) -> None:
        """Record the name that an analyst's client gives itself, before its first question under
        that name. It is what the client says, and proves nothing."""
        body: dict[str, object] = {
            "application": application,
            "dataset": dataset,
            "query_id": query_id,
        }
        with self._store.noting() as connection:
            now = self._store.now(connection)
            chain.append(connection, at=now, kind="client_named", actor=analyst, body=body)

    def policy_loaded(self, policy: Policy, digest: str, by: str = "gateway") -> None:
        """Record with which policy a dataset is served from now on.

        `digest` changes with the policy or the schema that it was checked against; the budgets
        stand in the record itself, for they are what later charges are measured by.
        """
        privacy = policy.privacy
        body: dict[str, object] = {
            "dataset": policy.dataset,
            "digest": digest,
            "unit": privacy.unit,
            "guarantee": privacy.guarantee.value,
            "delta": str(privacy.delta),
            "budgets": [
                {
                    "for": budget.holder,
                    "epsilon": str(budget.epsilon),
                    "renews": budget.renews.value,
                }
                for budget in policy.budgets
            ],
        }
        with self._store.writing() as connection:
            chain.append(
                connection,
                at=self._store.now(connection),
                kind="policy_loaded",
                actor=by,
                body=body,
            )
