"""The gateway that serves now, and those before it that still have questions to end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from gateway.edges import Engine
from gateway.start import Gateway


class Serving:
    """Holds one gateway; another one may take its place while questions run.

    A question keeps the gateway that it began with. An engine is closed when neither the present
    gateway nor one that still has a question to end uses it.
    """

    def __init__(self, gateway: Gateway) -> None:
        self._current = gateway
        self._lock = threading.Lock()
        self._questions: list[Gateway] = []
        """The gateway of each question that runs."""
        self._unclosed: dict[int, Engine] = {}
        self._note(gateway)

    @property
    def current(self) -> Gateway:
        """The gateway that new questions are answered by."""
        return self._current

    @contextmanager
    def using(self) -> Iterator[Gateway]:
        """The present gateway, which stays open until the block ends."""
        with self._lock:
            gateway = self._current
            self._questions.append(gateway)
        try:
            yield gateway
        finally:
            with self._lock:
                self._questions.remove(gateway)
            self._close_unused()

    def replace(self, gateway: Gateway) -> None:
        """Let another gateway answer from now on."""
        with self._lock:
            self._current = gateway
            self._note(gateway)
        self._close_unused()

    def _note(self, gateway: Gateway) -> None:
        self._unclosed |= {id(engine): engine for engine in gateway.edges.engines.values()}

    def _close_unused(self) -> None:
        with self._lock:
            serving = [self._current, *self._questions]
            used = {id(engine) for one in serving for engine in one.edges.engines.values()}
            unused = [self._unclosed.pop(number) for number in self._unclosed.keys() - used]
        for engine in unused:
            engine.close()
