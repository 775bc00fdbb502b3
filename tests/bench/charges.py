"""Charges per second by many clients at once, over several processes that share one ledger."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from gateway.budget.books import open_ledger
from gateway.budget.cost import Allowance, Cost
from gateway.edges import Analyst, ChargeRequest, ReleaseCharge
from gateway.policy.model import Guarantee, Renewal
from tests.bench.tables import milliseconds, table

CLIENTS = 32
GATEWAYS = (1, 2, 4)
"""Processes that the clients are spread over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charges:
    """New questions charged by `CLIENTS` clients, each of which asks the next one at once."""

    database: str
    gateways: int
    per_second: float
    median: float
    slowest_of_hundred: float


def measure(url: str, key: Path, database: str, gateways: int, seconds: float) -> Charges:
    """Charge for `seconds`, then hold every account against its charges.

    `key` is the file of the key that signs the trail.
    """
    open_ledger(url, signing_key=key).close()
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(gateways + 1)
    taken: multiprocessing.Queue[tuple[float, list[float]]] = context.Queue()
    workers = [
        context.Process(
            target=_work, args=(url, key, number, CLIENTS // gateways, seconds, ready, taken)
        )
        for number in range(gateways)
    ]
    for worker in workers:
        worker.start()
    ready.wait(timeout=120)
    results = [taken.get(timeout=120 + seconds) for _ in workers]
    for worker in workers:
        worker.join()
    books = open_ledger(url, signing_key=key)
    faults = books.verify()
    books.close()
    assert faults == (), faults
    latencies = sorted(latency for _, mine in results for latency in mine)
    return Charges(
        database=database,
        gateways=gateways,
        per_second=len(latencies) / max(whole for whole, _ in results),
        median=latencies[len(latencies) // 2],
        slowest_of_hundred=latencies[len(latencies) * 99 // 100],
    )


def _work(
    url: str,
    key: Path,
    gateway: int,
    clients: int,
    seconds: float,
    ready: threading.Barrier,
    taken: multiprocessing.Queue[tuple[float, list[float]]],
) -> None:
    books = open_ledger(url, signing_key=key)
    latencies: list[list[float]] = [[] for _ in range(clients)]

    def ask(client: int) -> None:
        until = time.perf_counter() + seconds
        while (begun := time.perf_counter()) < until:
            number = f"{gateway}-{client}-{len(latencies[client])}-{time.time_ns()}"
            books.ledger.charge(_request(f"user{gateway}-{client}", number))
            latencies[client].append(time.perf_counter() - begun)

    threads = [threading.Thread(target=ask, args=(client,)) for client in range(clients)]
    ready.wait(timeout=120)
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken.put((time.perf_counter() - begun, [one for mine in latencies for one in mine]))
    books.close()


def _request(name: str, number: str) -> ChargeRequest:
    release = ReleaseCharge(
        fingerprint=f"release {number}", cost=Cost(amount=10**9, delta=0), mechanisms="{}"
    )
    return ChargeRequest(
        query_id=number,
        analyst=Analyst(name=name, roles=("analyst",)),
        dataset="bench",
        sql="SELECT COUNT(*) FROM events",
        own=_allowance(f"user:{name}"),
        everyone=_allowance("everyone"),
        releases=(release,),
    )


def _allowance(holder: str) -> Allowance:
    return Allowance(
        holder=holder,
        guarantee=Guarantee.ZCDP,
        epsilon=Fraction(1_000_000),
        delta=Fraction(1, 10**7),
        renews=Renewal.MONTHLY,
    )


def shown(measured: Sequence[Charges]) -> str:
    """The table of charges."""
    return table(
        ["Ledger", "Gateways", "Charges per second", "Median, ms", "Slowest of a hundred, ms"],
        [
            [
                one.database,
                str(one.gateways),
                f"{one.per_second:.0f}",
                milliseconds(one.median),
                milliseconds(one.slowest_of_hundred),
            ]
            for one in measured
        ],
    )
