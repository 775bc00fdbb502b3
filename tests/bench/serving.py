"""The real server: requests per second for stored answers, and its memory over many questions."""

from __future__ import annotations

import contextlib
import http.client
import json
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from gateway.budget.books import open_ledger
from tests.bench.memory import resident
from tests.bench.questions import ANALYST, HOSPITAL, Measured
from tests.bench.tables import milliseconds, table
from tests.http.process import Running, running

KEPT_PRICE = 0.005
NEW_SHARE = 3
"""Of the long run one question in so many is new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Stored answers over HTTP by clients that ask again at once."""

    clients: int
    per_second: float
    median: float
    slowest_of_hundred: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Resident megabytes after so many questions."""

    questions: int
    megabytes: float


class Client:
    """One kept-alive connection, closed when the block ends."""

    def __init__(self, url: str, key: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname
        self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=120)
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def ask(self, question: Measured, epsilon: float) -> bool:
        """Ask; whether the answer was stored."""
        body = {"sql": question.sql, "dataset": question.dataset, "epsilon": epsilon}
        self._connection.request("POST", "/v1/query", json.dumps(body), self._headers)
        response = self._connection.getresponse()
        document = json.loads(response.read())
        assert response.status == 200, document
        reused = document["privacy"]["reused"]
        assert isinstance(reused, bool)
        return reused


@contextlib.contextmanager
def served(policies: Path, folder: Path) -> Iterator[tuple[Running, str]]:
    """A gateway in a process of its own with both doors and a new ledger, and an analyst's key."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("served.sqlite*"):
        old.unlink()
    ledger = f"sqlite:///{folder / 'served.sqlite'}"
    books = open_ledger(ledger)
    key = books.users.add(ANALYST.name, list(ANALYST.roles))
    books.close()
    arguments = ["-m", "gateway", "serve", "--policies", str(policies), "--ledger", ledger]
    arguments += ["--http", "127.0.0.1:0", "--postgres", "127.0.0.1:0", "--json"]
    with running(arguments, folder / "log") as gateway:
        yield gateway, key


def rates(gateway: Running, key: str, clients: Sequence[int], seconds: float) -> list[Rate]:
    """Ask one stored question as fast as answers come, by so many clients at once."""
    question = HOSPITAL[1]
    with Client(gateway.url, key) as client:
        client.ask(question, KEPT_PRICE)
    return [_rate(gateway, key, question, count, seconds) for count in clients]


def _rate(gateway: Running, key: str, question: Measured, count: int, seconds: float) -> Rate:
    taken: list[list[float]] = [[] for _ in range(count)]
    begun = time.perf_counter()

    def work(mine: list[float]) -> None:
        with Client(gateway.url, key) as client:
            while (now := time.perf_counter()) < begun + seconds:
                assert client.ask(question, KEPT_PRICE), "the answer was not stored"
                mine.append(time.perf_counter() - now)

    threads = [threading.Thread(target=work, args=(mine,)) for mine in taken]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = time.perf_counter() - begun
    latencies = sorted(latency for mine in taken for latency in mine)
    assert all(taken), "a client got no answer"
    return Rate(
        clients=count,
        per_second=len(latencies) / whole,
        median=latencies[len(latencies) // 2],
        slowest_of_hundred=latencies[len(latencies) * 99 // 100],
    )


def memory(gateway: Running, key: str, checkpoints: Sequence[int]) -> list[Memory]:
    """Resident memory when idle, and after so many questions, some of them new."""
    found = [Memory(questions=0, megabytes=resident(gateway.process.pid))]
    with Client(gateway.url, key) as client:
        for number in range(max(checkpoints)):
            question = HOSPITAL[(number // NEW_SHARE) % len(HOSPITAL)]
            new = number % NEW_SHARE == 0
            client.ask(question, round(0.01 + number * 1e-7, 9) if new else KEPT_PRICE)
            if number + 1 in checkpoints:
                size = resident(gateway.process.pid)
                found.append(Memory(questions=number + 1, megabytes=size))
    return found


def rates_shown(measured: Sequence[Rate]) -> str:
    """The table of rates."""
    return table(
        ["Clients", "Answers per second", "Median, ms", "Slowest of a hundred, ms"],
        [
            [
                str(rate.clients),
                f"{rate.per_second:.0f}",
                milliseconds(rate.median),
                milliseconds(rate.slowest_of_hundred),
            ]
            for rate in measured
        ],
    )


def memory_shown(measured: Sequence[Memory]) -> str:
    """The table of memory."""
    return table(
        ["Questions", "Memory, MB"],
        [[f"{one.questions:,}", f"{one.megabytes:.0f}"] for one in measured],
    )
