"""How a question is ended whose asker no longer waits."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator


class Stop:
    """Ends the work for a question whose asker no longer waits. Safe between threads.

    Whoever begins something that takes long does it within `ending`, and says how it is ended.
    """

    __slots__ = ("_asked", "_ends", "_lock")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked = False
        self._ends: list[Callable[[], None]] = []

    @property
    def asked(self) -> bool:
        """Whether the work shall end."""
        return self._asked

    def ask(self) -> None:
        """End what runs, and whatever is begun later; a second call does nothing more."""
        with self._lock:
            if not self._asked:
                self._asked = True
                for end in self._ends:
                    end()

    @contextlib.contextmanager
    def ending(self, end: Callable[[], None]) -> Iterator[None]:
        """While the block runs `end` is how its work is ended; it is called once at most, at once
        where that was asked already, and never after the block. It must not wait for the block."""
        with self._lock:
            self._ends.append(end)
            if self._asked:
                end()
        try:
            yield
        finally:
            with self._lock:
                self._ends.remove(end)
