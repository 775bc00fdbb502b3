"""Worker processes as the gateway sees them: how they begin, are told to stop, and end."""

from __future__ import annotations

import atexit
import contextlib
import itertools
import logging
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace

from gateway.engines import duckdb_frames as frames
from gateway.engines.duckdb_nursery import FORK, KILL, NUMBER
from gateway.engines.duckdb_nursery import ORDER as NURSERY_ORDER
from gateway.engines.duckdb_open import Data, DeclaredColumn, NotOpened
from gateway.engines.duckdb_worker import CHANNEL, END
from gateway.engines.duckdb_worker import ORDER as WORKER_ORDER

_LOG = logging.getLogger("gateway.engines")

_SMALL = {
    # One thread in the nursery, which forks, and no memory kept for many.
    "OPENBLAS_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "MALLOC_ARENA_MAX": "2",
}


class NoWorker(Exception):
    """A worker could not be started, or is gone before a statement reached it."""


class Nursery:
    """The one process of this gateway that forks its workers; started when first needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def fork(self, control: socket.socket) -> int:
        """A new worker with this end of its control socket; its process id."""
        with self._lock:
            for attempt in (1, 2):
                try:
                    return self._asked(FORK, 0, [control.fileno()])
                except (OSError, EOFError) as error:
                    self._forget()
                    if attempt == 2:
                        raise NoWorker(str(error)) from None
        raise AssertionError("one of two attempts returns or raises")

    def kill(self, process: int) -> None:
        """End a worker by force, and wait until it is gone. Nothing where it is gone already."""
        # Where the nursery is gone the worker ends by itself when its control socket is closed.
        with self._lock, contextlib.suppress(OSError, EOFError):
            if self._socket is not None and self._owner == os.getpid():
                self._asked(KILL, process, [])

    def _asked(self, order: bytes, process: int, descriptors: list[int]) -> int:
        here = self._connected()
        socket.send_fds(here, [NURSERY_ORDER.pack(order, process)], descriptors)
        said = b""
        while len(said) < NUMBER.size:
            piece = here.recv(NUMBER.size - len(said))
            if not piece:
                raise EOFError
            said += piece
        (number,) = NUMBER.unpack(said)
        return int(number)

    def _connected(self) -> socket.socket:
        if self._socket is not None and self._owner == os.getpid():
            return self._socket
        here, there = socket.socketpair()
        with there:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-P", "-m", "gateway.engines.duckdb_nursery", str(there.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={**os.environ, **_SMALL},
                pass_fds=[there.fileno()],
                start_new_session=True,  # no signal of the terminal reaches it
            )
        self._socket, self._owner = here, os.getpid()
        return here

    def end(self) -> None:
        """Let go of it; the next worker starts another."""
        with self._lock:
            self._forget()

    def _forget(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket = None
        if self._process is not None and self._owner == os.getpid():
            self._process.kill()
            self._process.wait()
        self._process = None


NURSERY = Nursery()
atexit.register(NURSERY.end)


class Channel:
    """A connection to one worker, for one statement at a time."""

    def __init__(self, number: int, here: socket.socket) -> None:
        self.number = number
        self.socket = here
        self.statement = 0
        """The number of the last statement that was sent."""


class WorkerProcess:
    """One worker and the channels to it. Safe between threads."""

    def __init__(self, data: Data) -> None:
        """Start it and open the data. Raises `NoWorker`, or `NotOpened` as `open_data` does."""
        self._lock = threading.Lock()
        self._idle: list[Channel] = []
        self._numbers = itertools.count(1)
        self.killed = False
        """Whether it was ended here, on purpose."""
        self.spill = tempfile.TemporaryDirectory(
            prefix="noisegate-", dir=data.spill_directory or None, ignore_cleanup_errors=True
        )
        self._control, there = socket.socketpair()
        try:
            with there:
                self.process = NURSERY.fork(there)
            self.schema = self._opened(replace(data, spill_directory=self.spill.name))
        except BaseException:
            self.end()
            raise

    def _opened(self, data: Data) -> Mapping[str, tuple[DeclaredColumn, ...]]:
        try:
            with self.channel() as channel:
                frames.send_json(channel.socket, frames.OPEN, asdict(data))
                kind, payload = frames.receive(channel.socket)
        except (OSError, EOFError) as error:
            raise NoWorker(f"it ended while it opened the data: {error}") from None
        document = frames.read_json(payload)
        if kind == frames.NOT_OPENED:
            log = document.pop("log")
            if log:
                _LOG.error("opening %s failed: %s", document["table"] or "the database", log)
            raise NotOpened(**document)
        return {
            name: tuple(DeclaredColumn(**column) for column in columns)
            for name, columns in document.items()
        }

    @contextlib.contextmanager
    def channel(self) -> Iterator[Channel]:
        """A channel that nobody else uses meanwhile. One that a failure leaves in the middle of an
        answer is closed; raises `NoWorker` where there is none."""
        with self._lock:
            channel = self._idle.pop() if self._idle else None
        if channel is None:
            channel = self._new()
        try:
            yield channel
        except BaseException:
            channel.socket.close()
            raise
        channel.socket.settimeout(None)
        with self._lock:
            self._idle.append(channel)

    def _new(self) -> Channel:
        here, there = socket.socketpair()
        try:
            with there, self._lock:
                number = next(self._numbers)
                order = WORKER_ORDER.pack(CHANNEL, number, 0)
                socket.send_fds(self._control, [order], [there.fileno()])
        except OSError as error:
            here.close()
            raise NoWorker(str(error)) from None
        return Channel(number, here)

    def interrupt(self, channel: Channel, statement: int) -> None:
        """Have a statement end, if it still runs. Returns at once."""
        with self._lock, contextlib.suppress(OSError):
            self._control.sendall(WORKER_ORDER.pack(END, channel.number, statement))

    def kill(self) -> None:
        """End it by force, with whatever runs in it."""
        self.killed = True
        NURSERY.kill(self.process)

    def end(self) -> None:
        """Let it end, and take away what it spilled."""
        with self._lock:
            self._control.close()
            for channel in self._idle:
                channel.socket.close()
            self._idle.clear()
        self.spill.cleanup()
