"""Opening the ledger: one database, and everything that is kept in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from gateway.budget import keyring, signing, timekeeping
from gateway.budget.alerts import Alerts
from gateway.budget.answers import Answers
from gateway.budget.audit import AuditHead
from gateway.budget.budget_requests import BudgetRequests
from gateway.budget.forecast import Forecasts
from gateway.budget.idempotency import Idempotency
from gateway.budget.ledger import PATIENCE_SECONDS, BudgetLedger
from gateway.budget.questions import Questions
from gateway.budget.replay import ReplayedAccount, replay
from gateway.budget.report import Reports
from gateway.budget.stock import DEFAULT_MEGABYTES, MEGABYTE
from gateway.budget.store import WAIT_SECONDS, Store
from gateway.budget.tampering import AuditFault
from gateway.budget.terms import DatasetTerms
from gateway.budget.trail import AuditTrail
from gateway.budget.upgrade import upgrade
from gateway.budget.users import Users
from gateway.budget.verification import verify
from gateway.budget.verifiers import Verifiers
from gateway.edges import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """All that one ledger database holds."""

    store: Store
    ledger: BudgetLedger
    terms: DatasetTerms
    answers: Answers
    questions: Questions
    idempotency: Idempotency
    users: Users
    verifiers: Verifiers
    audit: AuditTrail
    budget_requests: BudgetRequests
    alerts: Alerts
    forecasts: Forecasts
    reports: Reports

    def verify(
        self, known: AuditHead | None = None, signed_by: str | None = None
    ) -> tuple[AuditFault, ...]:
        """All faults of the audit chain and what it vouches for; see `verification`.

        Where this process has the trail's key, that is the key that counts unless another is named.
        """
        signer = self.store.signer
        trusted = signer.key_id if signed_by is None and signer is not None else signed_by
        return verify(self.store, known, trusted)

    def replay(self) -> tuple[ReplayedAccount, ...]:
        """Every account recomputed from its charges alone, beside what it holds."""
        return replay(self.store)

    def renew_key(self, file: Path, by: str) -> None:
        """Sign the audit trail with a new key from now on; the old one's file is kept beside."""
        keyring.renew(self.store, file, by)

    def accept_clock(self, by: str, reason: str) -> dt.datetime:
        """Say that the ledger's clock is right as it is now, which is returned."""
        with self.store.writing() as connection:
            now = self.store.now(connection)
            timekeeping.accept(connection, now, by, reason)
        return now

    def healthy(self) -> bool:
        """Whether the ledger's database answers. Raises `Refusal(ENGINE_UNAVAILABLE)` if not."""
        return self.audit.head().sequence >= 0

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()


def open_ledger(
    url: str,
    clock: Clock | None = None,
    wait_seconds: float = WAIT_SECONDS,
    signing_key: Path | None = None,
    patience_seconds: float = PATIENCE_SECONDS,
    answer_megabytes: int = DEFAULT_MEGABYTES,
) -> Books:
    """Open the ledger at a SQLAlchemy URL, creating or migrating its tables.

    `sqlite:///path/to/file` or `postgresql://…`; `clock` stands in for that of the database's
    machine, and `patience_seconds` is how long a question waits for one that draws the same
    release. `answer_megabytes` is what all stored answers may take. `signing_key` is the file of
    the key that signs the audit trail; a new ledger gets a new key there. Where the file does not
    hold a key of this ledger, the ledger can be read and not written. Raises ValueError for another
    kind of database or one in memory and for a file that cannot be the key's,
    `Refusal(ENGINE_UNAVAILABLE)` where it does not answer, and `Refusal(INTERNAL)` where a newer
    gateway has written it.
    """
    store = Store(url, clock, wait_seconds)
    try:
        upgrade(store)
        keyring.attach(store, signing_key or signing.default_file(url))
    except BaseException:
        store.close()
        raise
    return Books(
        store=store,
        ledger=BudgetLedger(store, patience_seconds),
        terms=DatasetTerms(store),
        answers=Answers(store, answer_megabytes * MEGABYTE),
        questions=Questions(store),
        idempotency=Idempotency(store),
        users=Users(store),
        verifiers=Verifiers(store),
        audit=AuditTrail(store),
        budget_requests=BudgetRequests(store),
        alerts=Alerts(store),
        forecasts=Forecasts(store),
        reports=Reports(store),
    )
