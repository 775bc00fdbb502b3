"""Stored questions over HTTP and over PostgreSQL's protocol, and many connections at once."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlsplit

import psycopg

from tests.bench.memory import resident
from tests.bench.questions import ANALYST, HOSPITAL, Measured
from tests.bench.serving import KEPT_PRICE, Client
from tests.bench.tables import milliseconds, table
from tests.http.process import Running

IDLE, BUSY = 300, 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """Medians in seconds of one stored question's three ways, over runs that took turns."""

    question: Measured
    http: float
    simple: float
    prepared: float

    @property
    def dearer(self) -> float:
        """By how many seconds the slower way of PostgreSQL's protocol is slower than HTTP."""
        return max(self.simple, self.prepared) - self.http


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Connections that are open and idle, and those that ask as fast as answers come."""

    idle: int
    busy: int
    megabytes: float
    """By which the idle ones have made the process grow."""
    per_second: float
    median: float
    slowest_of_hundred: float


def measure(gateway: Running, key: str, runs: int) -> list[Doors]:
    """Ask each question over HTTP, by the simple protocol and prepared, in turn."""
    with Client(gateway.url, key) as client, connected(gateway, key) as connection:
        return [_measured(question, client, connection, runs) for question in HOSPITAL]


def crowd(gateway: Running, key: str, idle: int, busy: int, seconds: float) -> Crowd:
    """Open idle connections, then let others ask one stored question at once."""
    question = HOSPITAL[1].sql.encode()
    with contextlib.ExitStack() as open_ones:
        first = open_ones.enter_context(connected(gateway, key))
        first.execute(question)
        before = resident(gateway.process.pid)
        for _ in range(idle - 1):
            open_ones.enter_context(connected(gateway, key))
        grown = resident(gateway.process.pid) - before
        taken: list[list[float]] = [[] for _ in range(busy)]
        begun = time.perf_counter()

        def work(mine: list[float]) -> None:
            with connected(gateway, key) as connection:
                while (now := time.perf_counter()) < begun + seconds or not mine:
                    assert connection.execute(question).fetchall()
                    mine.append(time.perf_counter() - now)

        threads = [threading.Thread(target=work, args=(mine,)) for mine in taken]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        whole = time.perf_counter() - begun
        assert all(taken), "a busy connection got no answer"
        assert first.execute(question).fetchall(), "an idle connection was forgotten"
    latencies = sorted(latency for mine in taken for latency in mine)
    return Crowd(
        idle=idle,
        busy=busy,
        megabytes=grown,
        per_second=len(latencies) / whole,
        median=latencies[len(latencies) // 2],
        slowest_of_hundred=latencies[len(latencies) * 99 // 100],
    )


@contextlib.contextmanager
def connected(gateway: Running, key: str) -> Iterator[psycopg.Connection]:
    """A connection that asks at the price of stored answers."""
    parts = urlsplit(str(gateway.announced["postgres"]))
    with psycopg.connect(
        host=parts.hostname, port=parts.port, dbname=HOSPITAL[0].dataset, user=ANALYST.name,
        password=key, options=f"-c noisegate.epsilon={KEPT_PRICE}", autocommit=True,
    ) as connection:  # fmt: skip
        yield connection


def _measured(
    question: Measured, client: Client, connection: psycopg.Connection, runs: int
) -> Doors:
    ways: dict[str, Callable[[], object]] = {
        "http": lambda: client.ask(question, KEPT_PRICE),
        "simple": lambda: connection.execute(question.sql.encode(), prepare=False).fetchall(),
        "prepared": lambda: connection.execute(question.sql.encode(), prepare=True).fetchall(),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(runs + 2):
        for name, way in ways.items():
            begun = time.perf_counter()
            way()
            if number > 1:  # the first one pays, the second one prepares
                times[name].append(time.perf_counter() - begun)
    return Doors(question=question, **{name: median(taken) for name, taken in times.items()})


def shown(measured: Sequence[Doors]) -> str:
    """The table of questions."""
    return table(
        ["Question", "HTTP, ms", "Simple protocol, ms", "Prepared, ms", "Dearer by, ms"],
        [
            [
                doors.question.shape,
                milliseconds(doors.http),
                milliseconds(doors.simple),
                milliseconds(doors.prepared),
                f"{doors.dearer * 1000:.1f}",
            ]
            for doors in measured
        ],
    )


def crowd_shown(measured: Crowd) -> str:
    """The table of many connections."""
    return table(
        [
            "Idle", "They take, MB", "Busy", "Answers per second", "Median, ms",
            "Slowest of a hundred, ms",
        ],
        [
            [
                str(measured.idle),
                f"{measured.megabytes:.0f}",
                str(measured.busy),
                f"{measured.per_second:.0f}",
                milliseconds(measured.median),
                milliseconds(measured.slowest_of_hundred),
            ]
        ],
    )  # fmt: skip
