"""BEGIN, COMMIT, ROLLBACK and savepoints: a state that clients rely on, with nothing behind it.

Nothing is ever written, so there is nothing to commit or to take back; what a question has cost
stays charged when its transaction is rolled back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pygwire.constants import TransactionStatus
from pygwire.messages import NoticeResponse

from gateway.server.postgres.commands import Bound
from gateway.server.postgres.faults import Fault, Level, State, notice
from gateway.server.postgres.formats import Field
from gateway.server.postgres.results import Result
from gateway.server.postgres.settings import Settings
from gateway.server.postgres.statements import Statement

IDLE = TransactionStatus.IDLE
OPEN = TransactionStatus.IN_TRANSACTION
FAILED = TransactionStatus.ERROR_TRANSACTION


class Transaction:
    """A session's transaction. `on_end` drops what must not outlive it."""

    def __init__(self, settings: Settings, on_end: Callable[[], None]) -> None:
        self.status = IDLE
        self._settings = settings
        self._on_end = on_end
        self._savepoints: list[str] = []

    def begin(self) -> Result:
        """BEGIN."""
        if self.status is not IDLE:
            said = _warned(
                State.ACTIVE_SQL_TRANSACTION, "there is already a transaction in progress"
            )
            return Result(tag="BEGIN", notices=(said,))
        self.status = OPEN
        self._settings.begin()
        return Result(tag="BEGIN")

    def end(self, *, commit: bool, chain: bool) -> Result:
        """COMMIT or ROLLBACK; a failed transaction can only be rolled back."""
        word = "COMMIT" if commit and self.status is not FAILED else "ROLLBACK"
        if self.status is IDLE:
            said = _warned(State.NO_ACTIVE_SQL_TRANSACTION, "there is no transaction in progress")
            return Result(tag=word, notices=(said,))
        self._settings.end(committed=word == "COMMIT")
        self._savepoints.clear()
        self._on_end()
        self.status = IDLE
        if chain:
            self.begin()
        return Result(tag=word)

    def savepoint(self, name: str) -> Result:
        """SAVEPOINT name."""
        self._inside("SAVEPOINT")
        self._savepoints.append(name)
        return Result(tag="SAVEPOINT")

    def release(self, name: str) -> Result:
        """RELEASE name: it and those after it are gone."""
        self._inside("RELEASE SAVEPOINT")
        del self._savepoints[self._index(name) :]
        return Result(tag="RELEASE")

    def back_to(self, name: str) -> Result:
        """ROLLBACK TO name, which also ends the failed state."""
        self._inside("ROLLBACK TO SAVEPOINT")
        del self._savepoints[self._index(name) + 1 :]
        self.status = OPEN
        return Result(tag="ROLLBACK")

    def failed(self) -> None:
        """A statement failed: inside a transaction nothing but its end is run any more."""
        if self.status is OPEN:
            self.status = FAILED

    def _inside(self, what: str) -> None:
        if self.status is IDLE:
            raise Fault(
                State.NO_ACTIVE_SQL_TRANSACTION,
                f"{what} can only be used in transaction blocks",
                "Send BEGIN first.",
            )

    def _index(self, name: str) -> int:
        for index in reversed(range(len(self._savepoints))):
            if self._savepoints[index] == name:
                return index
        raise Fault(State.SAVEPOINT, f'savepoint "{name[:80]}" does not exist', "Make it first.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionCommand:
    """A statement that begins or ends something; `ends` ones are run in a failed transaction."""

    act: Callable[[], Result]
    ends: bool
    parameters: tuple[int, ...] = ()

    async def fields(self) -> tuple[Field, ...] | None:
        """None: there are no rows."""
        return None

    async def run(self, bound: Bound) -> Result:
        """Change the transaction's state."""
        return self.act()


def understood(statement: Statement, transaction: Transaction) -> TransactionCommand | None:
    """The command of a statement that is about transactions; None for any other."""
    words = statement.words
    if statement.begins("begin") or statement.begins("start", "transaction"):
        return TransactionCommand(act=transaction.begin, ends=False)
    if statement.begins("savepoint") and len(words) == 2:
        return TransactionCommand(act=lambda: transaction.savepoint(words[1].text), ends=False)
    if statement.begins("release") and len(words) in (2, 3):
        return TransactionCommand(act=lambda: transaction.release(words[-1].text), ends=False)
    if statement.begins("rollback", "to") or (
        statement.begins("rollback") and len(words) > 2 and words[2].means("to")
    ):
        return TransactionCommand(act=lambda: transaction.back_to(words[-1].text), ends=True)
    commit = statement.begins("commit") or statement.begins("end")
    rollback = statement.begins("rollback") or statement.begins("abort")
    if (not commit and not rollback) or (len(words) > 1 and words[1].means("prepared")):
        return None
    chain = words[-1].means("chain") and not words[-2].means("no")
    return TransactionCommand(act=lambda: transaction.end(commit=commit, chain=chain), ends=True)


def _warned(state: State, text: str) -> NoticeResponse:
    return notice(text, level=Level.WARNING, sqlstate=state.value)
