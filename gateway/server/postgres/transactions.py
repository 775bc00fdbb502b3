"""BEGIN, COMMIT, ROLLBACK and savepoints: a state that clients rely on, with nothing behind it.

Nothing is ever written, so there is nothing to commit or to take back; what a question has cost
stays charged when its transaction is rolled back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pygwire.constants import TransactionStatus
from pygwire.messages import NoticeResponse

from gateway.server.postgres.commands import Bound
from gateway.server.postgres.faults import Fault, Level, State, notice
from gateway.server.postgres.formats import Field
from gateway.server.postgres.results import Result
from gateway.server.postgres.settings import Settings
from gateway.server.postgres.statements import Statement, Word

IDLE = TransactionStatus.IDLE
OPEN = TransactionStatus.IN_TRANSACTION
FAILED = TransactionStatus.ERROR_TRANSACTION


class Ended(Protocol):
    """Is called at the end of a transaction."""

    def __call__(self, *, committed: bool) -> None:
        """It was committed, or rolled back."""


class Transaction:
    """A session's transaction. `on_end` drops what must not outlive it, and is told how it ends."""

    def __init__(self, settings: Settings, on_end: Ended) -> None:
        self.status = IDLE
        self._settings = settings
        self._on_end = on_end
        self._savepoints: list[str] = []

    def begin(self, modes: Mapping[str, str]) -> Result:
        """BEGIN with its modes, as settings of this transaction alone."""
        if self.status is not IDLE:
            said = _warned(
                State.ACTIVE_SQL_TRANSACTION, "there is already a transaction in progress"
            )
            return Result(tag="BEGIN", notices=(said,))
        self.status = OPEN
        self._settings.begin()
        for name, value in modes.items():
            self._settings.change(f"transaction_{name}", value, local=True)
        return Result(tag="BEGIN")

    def end(self, *, commit: bool, chain: bool) -> Result:
        """COMMIT or ROLLBACK; a failed transaction can only be rolled back."""
        word = "COMMIT" if commit and self.status is not FAILED else "ROLLBACK"
        if self.status is IDLE:
            said = _warned(State.NO_ACTIVE_SQL_TRANSACTION, "there is no transaction in progress")
            return Result(tag=word, notices=(said,))
        self._settings.end(committed=word == "COMMIT")
        self._savepoints.clear()
        self._on_end(committed=word == "COMMIT")
        self.status = IDLE
        if chain:
            self.begin({})
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
        behind = 2 if len(words) > 1 and words[1].means("work", "transaction") else 1
        wanted = modes(words[behind:])
        return TransactionCommand(act=lambda: transaction.begin(wanted), ends=False)
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


def modes(words: Sequence[Word]) -> dict[str, str]:
    """What BEGIN and SET TRANSACTION name, as the ends of settings: isolation, read_only, …

    Nothing is ever written, so each answer is as it would be at any level; what was asked for is
    kept, because drivers ask what it is. Raises `Fault` for other words.
    """
    found: dict[str, str] = {}
    rest = [word.text for word in words if not word.means(",")]
    while rest:
        for spelled, name, value in _MODES:
            if rest[: len(spelled)] == spelled:
                found[name] = value
                del rest[: len(spelled)]
                break
        else:
            raise Fault(
                State.SYNTAX_ERROR,
                f"The transaction's mode {rest[0].upper()[:40]} cannot be read.",
                "Modes are ISOLATION LEVEL …, READ ONLY, READ WRITE, DEFERRABLE, NOT DEFERRABLE.",
            )
    return found


_MODES = [
    *(
        (["isolation", "level", *level.split()], "isolation", level)
        for level in ("serializable", "repeatable read", "read committed", "read uncommitted")
    ),
    (["read", "only"], "read_only", "on"),
    (["read", "write"], "read_only", "off"),
    (["deferrable"], "deferrable", "on"),
    (["not", "deferrable"], "deferrable", "off"),
]


def _warned(state: State, text: str) -> NoticeResponse:
    return notice(text, level=Level.WARNING, sqlstate=state.value)
