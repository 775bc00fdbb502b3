"""Opening the ledger: one database, and everything that is kept in it."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.budget.answers import Answers
from gateway.budget.audit import AuditHead, AuditTrail
from gateway.budget.idempotency import Idempotency
from gateway.budget.ledger import BudgetLedger
from gateway.budget.questions import Questions
from gateway.budget.store import WAIT_SECONDS, Store
from gateway.budget.upgrade import upgrade
from gateway.budget.users import Users
from gateway.budget.verification import AuditFault, verify
from gateway.edges import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """All that one ledger database holds."""

    store: Store
    ledger: BudgetLedger
    answers: Answers
    questions: Questions
    idempotency: Idempotency
    users: Users
    audit: AuditTrail

    def verify(self, known: AuditHead | None = None) -> tuple[AuditFault, ...]:
        """All faults of the audit chain, charges, grants and accounts; see `verification`."""
        return verify(self.store, known)

    def healthy(self) -> bool:
        """Whether the ledger's database answers. Raises `Refusal(ENGINE_UNAVAILABLE)` if not."""
        return self.audit.head().sequence >= 0

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()


def open_ledger(url: str, clock: Clock, wait_seconds: float = WAIT_SECONDS) -> Books:
    """Open the ledger at a SQLAlchemy URL, creating or migrating its tables.

    `sqlite:///path/to/file` or `postgresql+DRIVER://…`. Raises ValueError for another kind of
    database or one in memory, `Refusal(ENGINE_UNAVAILABLE)` where it does not answer, and
    `Refusal(INTERNAL)` where a newer gateway has written it.
    """
    store = Store(url, wait_seconds)
    upgrade(store)
    return Books(
        store=store,
        ledger=BudgetLedger(store, clock),
        answers=Answers(store, clock),
        questions=Questions(store, clock),
        idempotency=Idempotency(store, clock),
        users=Users(store, clock),
        audit=AuditTrail(store),
    )
