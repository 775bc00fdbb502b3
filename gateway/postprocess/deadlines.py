"""Stopping what runs for too long, with one thread that sleeps until the next deadline."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count


class Deadlines:
    """Deadlines that all lie equally far ahead. Safe to share between threads.

    A thread for each of them would cost more than most of the work that they watch.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._changed = threading.Condition()
        self._running: dict[int, tuple[float, Callable[[], None]]] = {}
        self._numbers = count()
        self._idle = False
        self._watching = False
        self._closed = False

    @contextmanager
    def within(self, stop: Callable[[], None]) -> Iterator[None]:
        """Call `stop`, in another thread, if the block runs for longer than the deadline."""
        number = next(self._numbers)
        with self._changed:
            self._running[number] = (time.monotonic() + self._seconds, stop)
            if not self._watching:
                self._watching = True
                threading.Thread(target=self._watch, name="deadlines", daemon=True).start()
            elif self._idle:
                self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                self._running.pop(number, None)

    def close(self) -> None:
        """Let the thread end."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _watch(self) -> None:
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                # in the order of their deadlines, as all lie equally far ahead
                for number, (deadline, stop) in list(self._running.items()):
                    if deadline > now:
                        break
                    del self._running[number]
                    stop()
                first = next(iter(self._running.values()), None)
                self._idle = first is None
                self._changed.wait(None if first is None else first[0] - now)
                self._idle = False
