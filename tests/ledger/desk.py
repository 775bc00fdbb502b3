"""A clock that tests turn, and short ways to ask the ledger for something."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from collections.abc import Callable, Iterable
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import psycopg

from gateway.budget.books import Books
from gateway.budget.cost import Allowance, Cost
from gateway.budget.tables import APPEND_ONLY
from gateway.edges import Analyst, ChargeRequest, ReleaseCharge
from gateway.errors import Code, Refusal
from gateway.noise.tables import NoisyTable
from gateway.policy.model import (
    Budget,
    EngineSettings,
    Guarantee,
    Policy,
    Privacy,
    Renewal,
    TablePolicy,
    Through,
)

START = dt.datetime(2024, 2, 28, 12, 0, tzinfo=dt.UTC)
TABLE = NoisyTable(keys=("age",), measures=("n",), rows=(("[0-10)", 153), ("[10-20)", -4)))
OTHER = NoisyTable(keys=("age",), measures=("n",), rows=(("[0-10)", 161), ("[10-20)", 2)))
EPSILON = 10**12


class Hands:
    """A clock that stands where a test puts it.

    Turned ahead, that much time passes; `leap` sets it ahead in no time. Turned back, none passes.
    """

    def __init__(self) -> None:
        self._time = START
        self._elapsed = 0.0

    @property
    def time(self) -> dt.datetime:
        return self._time

    @time.setter
    def time(self, time: dt.datetime) -> None:
        self._elapsed += max(0.0, (time - self._time).total_seconds())
        self._time = time

    def leap(self, by: dt.timedelta) -> None:
        self._time += by

    def now(self) -> dt.datetime:
        return self._time

    def elapsed(self) -> float:
        return self._elapsed


def allowance(
    holder: str,
    epsilon: str = "1",
    delta: str = "0.001",
    renews: Renewal = Renewal.NEVER,
    guarantee: Guarantee = Guarantee.APPROXIMATE,
) -> Allowance:
    return Allowance(
        holder=holder,
        guarantee=guarantee,
        epsilon=Fraction(epsilon),
        delta=Fraction(delta),
        renews=renews,
    )


def price(fingerprint: str, amount: int, delta: int = 0) -> ReleaseCharge:
    return ReleaseCharge(
        fingerprint=fingerprint,
        cost=Cost(amount=amount, delta=delta),
        mechanisms='[{"noise":"discrete_laplace","scale":80.0}]',
    )


def ask(
    query_id: str,
    *releases: ReleaseCharge,
    name: str = "ann",
    own: Allowance | None = None,
    everyone: Allowance | None = None,
    key: str | None = None,
) -> ChargeRequest:
    return ChargeRequest(
        query_id=query_id,
        analyst=Analyst(name=name, roles=("analyst",)),
        dataset="hospital",
        sql="SELECT COUNT(*) FROM encounters",
        own=allowance(f"user:{name}") if own is None else own,
        everyone=everyone,
        releases=releases,
        key=key,
    )


def table(name: str, unit: str | Through | None) -> TablePolicy:
    return TablePolicy(
        name=name,
        public=unit is None,
        unit=unit,
        key=(),
        max_rows=None,
        max_groups=None,
        columns={},
    )


def policy(
    guarantee: Guarantee = Guarantee.APPROXIMATE,
    unit: str = "patient",
    renews: Renewal = Renewal.NEVER,
    epsilon: int = 1,
    **tables: str | Through | None,
) -> Policy:
    return Policy(
        dataset="hospital",
        description="",
        engine=EngineSettings(type="duckdb"),
        privacy=Privacy(
            unit=unit,
            guarantee=guarantee,
            delta=Fraction(0 if guarantee is Guarantee.PURE else 1, 1000),
            per_query=Fraction(1, 4),
            max_per_query=Fraction(1),
        ),
        tables={
            name: table(name, owner) for name, owner in (tables or {"stays": "patient_nbr"}).items()
        },
        budgets=(Budget(holder="role:analyst", epsilon=Fraction(epsilon), renews=renews),),
        file=Path("hospital.yaml"),
        digest="",
    )


def spent(books: Books, own: Allowance) -> int:
    return books.ledger.balance("hospital", own).spent.amount


def keep(books: Books, fingerprint: str, name: str = "ann", table: NoisyTable = TABLE) -> None:
    books.answers.keep("hospital", {fingerprint: table}, name, None)


def evicted(
    books: Books, fingerprints: Iterable[str], name: str = "ann", dataset: str = "hospital"
) -> frozenset[str]:
    """Which of these releases somebody has seen that were removed to make room."""
    return books.answers.evicted(dataset, dict.fromkeys(fingerprints), name).fingerprints


def tamper(url: str, *statements: str) -> None:
    """Change the database as somebody would who owns it: triggers and foreign keys are off."""
    if url.startswith("postgresql"):
        with psycopg.connect(url) as other:
            other.execute("SET session_replication_role = replica")
            for statement in statements:
                other.execute(statement.encode())
        return
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as raw, raw:
        for table in APPEND_ONLY:
            for verb in ("update", "delete"):
                raw.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
        for statement in statements:
            raw.execute(statement)


def together(count: int, work: Callable[[int], None]) -> list[Code | None]:
    """Run `work(i)` in `count` threads that start at once; the code each was refused with."""
    gate = threading.Barrier(count)
    results: list[Code | None] = []
    faults: list[BaseException] = []

    def run(number: int) -> None:
        gate.wait()
        try:
            work(number)
            results.append(None)
        except Refusal as refusal:
            results.append(refusal.code)
        except BaseException as fault:  # noqa: BLE001 - shown below, in the test's own thread
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(results) == count
    return results
