"""Turns of writing: first come, first served, and who comes next may join what is not committed.

A durable commit waits for the disk, and while it waits nobody else may write. So writers of one
process share commits: whoever has done its statements hands the open transaction to the next in
the queue, and the last one commits for all of them (group commit). None of them returns before that
commit, and each works inside a savepoint of its own.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from enum import Enum

from sqlalchemy.engine import Connection


class Kind(Enum):
    """What a writer needs of the commit."""

    DURABLE = "durable"
    """On disk before it returns."""
    NOTE = "note"
    """A power cut may forget it."""
    ALONE = "alone"
    """A transaction that nobody shares."""


@dataclass(slots=True, kw_only=True, eq=False)
class Batch:
    """An open transaction with the writers that share it. `failed` is read once `ended` is set."""

    connection: Connection
    kind: Kind
    members: int = 0
    broken: bool = False
    failed: bool = False
    ended: threading.Event = field(default_factory=threading.Event)

    def takes(self, kind: Kind, most: int) -> bool:
        """Whether another writer may join: what a note commits is not durable enough for all."""
        fits = kind is Kind.NOTE or (kind is Kind.DURABLE and self.kind is Kind.DURABLE)
        return fits and not self.broken and self.members < most


@dataclass(slots=True, kw_only=True, eq=False)
class _Waiter:
    kind: Kind
    called: threading.Event = field(default_factory=threading.Event)


class Turns:
    """A fair lock whose holder can see what the next one wants."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._held = False
        self._queue: deque[_Waiter] = deque()

    def take(self, kind: Kind, seconds: float) -> bool:
        """Wait for a turn; False where none came in time, and then none will come."""
        with self._mutex:
            if not self._held:
                self._held = True
                return True
            waiter = _Waiter(kind=kind)
            self._queue.append(waiter)
        if waiter.called.wait(seconds):
            return True
        with self._mutex:
            if waiter.called.is_set():  # called while giving up: the turn is ours to take
                return True
            self._queue.remove(waiter)
            return False

    def hand_over(self, batch: Batch, most: int) -> bool:
        """Give the turn and the batch to the next in the queue; False where it cannot join."""
        with self._mutex:
            if not self._queue or not batch.takes(self._queue[0].kind, most):
                return False
            self._queue.popleft().called.set()
            return True

    def end(self) -> None:
        """Give the turn to the next in the queue, or to whoever comes."""
        with self._mutex:
            if self._queue:
                self._queue.popleft().called.set()
            else:
                self._held = False
