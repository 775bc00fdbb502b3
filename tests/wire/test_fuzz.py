"""Random and truncated messages: they end one connection at most, and leave nothing behind."""

from __future__ import annotations

import contextlib
import random
import socket
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bench.memory import resident
from tests.wire import fuzzing
from tests.wire.served import Served

_SECONDS = 60
"""How long an answer may take, on a machine that is busy with something else."""
_ABORT = struct.pack("ii", 1, 0)
"""SO_LINGER of a socket that is torn down without a goodbye."""


@contextlib.contextmanager
def raw(served: Served) -> Iterator[socket.socket]:
    with socket.create_connection((served.host, served.port), timeout=_SECONDS) as connection:
        yield connection


@contextlib.contextmanager
def logged_in(served: Served) -> Iterator[socket.socket]:
    """The socket of a client that has logged in."""
    with psycopg.connect(served.url(), autocommit=True) as connection:
        channel = socket.socket(fileno=connection.pgconn.socket)
        try:
            channel.setblocking(True)
            channel.settimeout(_SECONDS)
            yield channel
        finally:
            channel.detach()


def spoken(channel: socket.socket, data: bytes) -> None:
    """Send all, then read until the server closes; TimeoutError where it hangs."""
    try:
        channel.sendall(data)
        channel.shutdown(socket.SHUT_WR)
        while channel.recv(65_536):
            pass
    except TimeoutError:
        raise
    except OSError:
        return  # the server has closed it already


def torn(channel: socket.socket, data: bytes) -> None:
    """Send what goes out at once, then tear the connection down without reading."""
    channel.setblocking(False)
    with contextlib.suppress(OSError):
        channel.send(data)
    channel.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)


def one(served: Served, seed: int) -> None:
    """One hostile connection."""
    chance = random.Random(-seed)
    if chance.random() < 0.3:
        with raw(served) as channel:
            spoken(channel, fuzzing.beginning(seed))
        return
    with logged_in(served) as channel:
        (torn if chance.random() < 0.2 else spoken)(channel, fuzzing.conversation(seed))


class Bystander:
    """Somebody else, who asks all the while; `slowest` is in seconds."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self.answers = 0
        self.slowest = 0.0
        self.failed: Exception | None = None

    def __enter__(self) -> Bystander:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _ask(self) -> None:
        asked = b"SELECT ward, COUNT(*) FROM visits GROUP BY ward ORDER BY ward"
        try:
            with psycopg.connect(self._served.url("ben"), autocommit=True) as connection:
                first = connection.execute(asked).fetchall()
                while not self._over.wait(0.02):
                    begun = time.monotonic()
                    assert connection.execute(asked).fetchall() == first
                    assert connection.execute("SELECT 1").fetchall() == [(1,)]
                    self.slowest = max(self.slowest, time.monotonic() - begun)
                    self.answers += 1
        except Exception as error:  # noqa: BLE001 - told to the test, which fails by it
            self.failed = error


@contextlib.contextmanager
def stalled(served: Served, count: int) -> Iterator[None]:
    """Connections that have sent a part of a message and say nothing more."""
    with contextlib.ExitStack() as open_ones:
        for number in range(count):
            connect = logged_in if number % 2 else raw
            channel = open_ones.enter_context(connect(served))
            channel.sendall(b"Q\x00\x00\x10\x00SELECT" if number % 2 else b"\x00\x00")
        yield


def attacked(served: Served, seeds: range) -> None:
    """Hostile connections one after the other, while a bystander asks and others stall."""
    with stalled(served, 6), Bystander(served) as bystander:
        for seed in seeds:
            try:
                one(served, seed)
            except OSError as error:
                raise AssertionError(f"the conversation of seed {seed} was not ended") from error
            assert bystander.failed is None, f"seed {seed}: {bystander.failed!r}"
    assert bystander.answers > 0
    assert bystander.slowest < _SECONDS


def blameless(served: Served) -> None:
    """The server goes on, and none of its own faults is in its log."""
    with psycopg.connect(served.url(), connect_timeout=_SECONDS) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    for line in served.running.lines():
        assert line["level"] not in ("error", "critical"), line


def descriptors(served: Served) -> int:
    """How many files and sockets the server has open."""
    folder = Path(f"/proc/{served.running.process.pid}/fd")
    if not folder.exists():
        pytest.skip("this system has no /proc to count open files in")
    return len(list(folder.iterdir()))


@pytest.mark.once
@given(data=st.binary(max_size=200))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_before_the_login_end_one_connection_at_most(served: Served, data: bytes) -> None:
    with raw(served) as channel:
        spoken(channel, data)


@pytest.mark.once
def test_hostile_conversations_end_one_connection_at_most(served: Served) -> None:
    attacked(served, range(150))
    blameless(served)


@pytest.mark.once
def test_who_leaves_while_much_is_sent_is_no_fault(served: Served) -> None:
    for _ in range(5):
        with logged_in(served) as channel:
            channel.sendall(fuzzing.asking("SELECT n, label FROM numbers ORDER BY n"))
            assert channel.recv(100)
            torn(channel, b"")
    blameless(served)


@pytest.mark.once
def test_a_conversation_that_was_broken_off_leaves_no_socket(served: Served) -> None:
    attacked(served, range(1000, 1010))
    before = descriptors(served)
    attacked(served, range(1010, 1040))
    until = time.monotonic() + _SECONDS
    while descriptors(served) > before + 3 and time.monotonic() < until:
        time.sleep(0.1)
    assert descriptors(served) <= before + 3  # connections of the catalog's pool come and go


@pytest.mark.audit
def test_many_hostile_conversations_leak_nothing(served: Served) -> None:
    """The second half of a long run may not make the server grow."""
    attacked(served, range(2_000, 7_000))
    files, megabytes = descriptors(served), resident(served.running.process.pid)
    attacked(served, range(7_000, 12_000))
    assert resident(served.running.process.pid) < megabytes + 10
    assert descriptors(served) <= files + 12
    blameless(served)
