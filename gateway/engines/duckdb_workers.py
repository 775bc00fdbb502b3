"""Statements in the worker process that is there now, and a new one in its place when it ends.

What became of a statement when its worker ends:
- it was the one that did not stop in time, or whose asker has gone: that is what it ends with;
- the worker was killed because of another statement: it goes on in the new worker, in what is left
  of its time. It reads only, so running it twice is as running it once;
- the worker died of itself (out of memory, a crash): it may be what killed it, and is not tried
  again;
- it had not begun: it is sent to the new worker, once more.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from socket import socket as Socket

from gateway.engines import duckdb_frames as frames
from gateway.engines.duckdb_open import Data, DeclaredColumn, NotOpened
from gateway.engines.duckdb_processes import NoWorker, WorkerProcess
from gateway.privacy.plan import Kept
from gateway.stop import Stop

_LOG = logging.getLogger("gateway.engines")

GRACE_SECONDS = 2.0
"""How long a statement that was told to stop may go on before its worker is killed."""
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When a statement is told to end, in seconds from now, and by whom else."""

    seconds: float
    stop: Stop = field(default_factory=Stop)
    grace_seconds: float | None = GRACE_SECONDS
    """None: nothing is killed; whoever waits gives up."""


class Ended(Exception):
    """A statement without a result: `why` is one of the kinds of `duckdb_frames`, or one of those
    below; `text` DuckDB's own, for the log."""

    def __init__(self, why: str, text: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.text = text


CANCELLED = "cancelled"
TOO_SLOW = "too slow"
DIED = "died"
NOT_BEGUN = "not begun"
CLOSED = "closed"


class Workers:
    """One worker at a time for one dataset's data. Safe between threads."""

    def __init__(self, data: Data) -> None:
        """Start the first. Raises `NotOpened` as `open_data` does, `Ended` where none starts."""
        self._data = data
        self._lock = threading.Lock()
        self._closed = False
        self.replaced = 0
        """How many took the place of another."""
        self._worker: WorkerProcess | None = None
        try:
            self._worker = WorkerProcess(data)
        except NoWorker as error:
            raise Ended(NOT_BEGUN, str(error)) from None
        self.schema: Mapping[str, tuple[DeclaredColumn, ...]] = self._worker.schema

    def select(
        self, sql: str, limits: Limits, take: Callable[[bytes], None], kept: Kept | None = None
    ) -> None:
        """Run one SELECT; its Arrow IPC stream goes to `take` piece by piece. Raises `Ended`."""
        request = {"sql": sql, "kept": None if kept is None else asdict(kept)}
        deadline = time.monotonic() + limits.seconds
        given = False

        def taking(piece: bytes) -> None:
            nonlocal given
            given = True
            take(piece)

        for attempt in range(1, _ATTEMPTS + 1):
            worker = self._current()
            left = max(deadline - time.monotonic(), 0)
            try:
                _Statement(worker, request, limits, partial(self._kill, worker)).run(left, taking)
            except Ended as ended:
                again = ended.why == NOT_BEGUN or (ended.why == DIED and worker.killed)
                if ended.why in (NOT_BEGUN, DIED):
                    self._discard(worker)
                if given or not again or attempt == _ATTEMPTS:
                    raise
            else:
                return

    def close(self) -> None:
        """End the worker; a second call does nothing."""
        with self._lock:
            self._closed = True
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.end()

    def _current(self) -> WorkerProcess:
        with self._lock:
            if self._closed:
                raise Ended(CLOSED)
            if self._worker is None:
                self._worker = self._replaced()
            return self._worker

    def _replaced(self) -> WorkerProcess:
        try:
            worker = WorkerProcess(self._data)
        except NoWorker as error:
            raise Ended(NOT_BEGUN, str(error)) from None
        except NotOpened as error:
            raise Ended(NOT_BEGUN, f"the data cannot be opened again: {error}") from None
        if worker.schema != self.schema:
            worker.end()
            raise Ended(NOT_BEGUN, "the columns of the data have changed since the start")
        self.replaced += 1
        _LOG.warning("a new DuckDB worker has taken the place of one that ended")
        return worker

    def _discard(self, worker: WorkerProcess) -> None:
        with self._lock:
            if self._worker is worker:
                self._worker = None
        worker.end()

    def _kill(self, worker: WorkerProcess) -> None:
        _LOG.warning("a DuckDB worker is killed: a statement did not stop when it was told to")
        worker.kill()
        self._discard(worker)


class _Statement:
    """One statement on its way through one worker."""

    def __init__(
        self,
        worker: WorkerProcess,
        request: Mapping[str, object],
        limits: Limits,
        kill: Callable[[], None],
    ) -> None:
        self._worker = worker
        self._request = request
        self._limits = limits
        self._kill = kill
        self._timer: threading.Timer | None = None
        self._late = False

    def run(self, seconds: float, take: Callable[[bytes], None]) -> None:
        """Raises `Ended`."""
        failed: Ended | None = None
        try:
            with self._worker.channel() as channel:
                channel.statement += 1
                number = channel.statement
                end = partial(self._end, partial(self._worker.interrupt, channel, number))
                with self._limits.stop.ending(end), self._spared():
                    request = {"number": number, **self._request}
                    try:
                        frames.send_json(channel.socket, frames.SELECT, request)
                    except OSError:
                        raise Ended(NOT_BEGUN, "the worker is gone") from None
                    channel.socket.settimeout(max(seconds, 0.001))
                    failed = self._followed(channel.socket, end, take)
        except NoWorker as error:
            raise Ended(NOT_BEGUN, str(error)) from None
        if failed is not None:
            raise failed

    def _followed(
        self, socket: Socket, end: Callable[[], None], take: Callable[[bytes], None]
    ) -> Ended | None:
        """What the statement failed with, None where its result is whole. Raises `Ended` where the
        channel is of no further use."""
        begun = False
        while True:
            try:
                kind, payload = frames.receive(socket)
            except TimeoutError:
                if self._limits.grace_seconds is None:
                    raise Ended(TOO_SLOW) from None
                self._late = True
                socket.settimeout(None)
                end()
                continue
            except (OSError, EOFError):
                raise self._ended(DIED if begun else NOT_BEGUN) from None
            if kind == frames.BEGUN:
                begun = True
            elif kind == frames.ARROW:
                take(payload)
            elif kind == frames.DONE:
                return None
            else:
                told = frames.read_json(payload)
                if told["kind"] == frames.INTERRUPTED:
                    return self._ended(frames.ERROR, told["text"])
                return Ended(told["kind"], told["text"])

    def _ended(self, otherwise: str, text: str = "") -> Ended:
        if self._limits.stop.asked:
            return Ended(CANCELLED)
        return Ended(TOO_SLOW) if self._late else Ended(otherwise, text)

    def _end(self, interrupt: Callable[[], None]) -> None:
        """Tell the statement to stop, and kill its worker where it does not."""
        if self._timer is None and self._limits.grace_seconds is not None:
            self._timer = threading.Timer(self._limits.grace_seconds, self._kill)
            self._timer.daemon = True
            self._timer.start()
        interrupt()

    @contextlib.contextmanager
    def _spared(self) -> Iterator[None]:
        """No worker is killed for a statement that is over."""
        try:
            yield
        finally:
            if self._timer is not None:
                self._timer.cancel()
