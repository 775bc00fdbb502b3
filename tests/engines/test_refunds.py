"""A failure that cannot depend on rows is given back; one that may is not."""

from __future__ import annotations

import os
import signal
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.answer import answer
from gateway.budget.allowances import allowance_for, everyone_for
from gateway.edges import Analyst, Balance, Engine
from gateway.engines.duckdb import DuckDBEngine
from gateway.errors import Code, Refusal
from gateway.exchange import Request
from gateway.noise.tables import ExactTable
from gateway.privacy.plan import Statement
from gateway.start import Gateway, start
from gateway.stop import Stop
from tests.engines.test_duckdb import SLOW

POLICY = """
dataset: clinic
engine: {{type: duckdb, files: {{visits: {visits}}}}}
privacy: {{unit: patient, guarantee: zcdp, delta: 1.0e-6, per_query: 0.5, max_per_query: 1}}
tables:
  visits:
    unit: patient
    max_rows: 20
    max_groups: 2
    columns:
      ward: {{values: [w0, w1, w2]}}
budgets:
  - {{for: "role:analyst", epsilon: 5}}
  - {{for: everyone, epsilon: 20}}
"""
ANA = Analyst(name="ana", roles=("analyst",))


@pytest.fixture
def clinic(visits: Path, tmp_path: Path) -> Iterator[Gateway]:
    policy = tmp_path / "clinic.yaml"
    policy.write_text(POLICY.format(visits=visits))
    started = start(policy, f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    try:
        yield started
    finally:
        started.close()


def question(sql: str = "SELECT ward, COUNT(*) FROM visits GROUP BY ward") -> Request:
    return Request(query_id=uuid.uuid4().hex, analyst=ANA, sql=sql)


def accounts(gateway: Gateway) -> tuple[Balance, ...]:
    policy = gateway.catalog.datasets["clinic"].policy
    everyone = everyone_for(policy)
    assert everyone is not None
    ledger = gateway.edges.ledger
    return tuple(ledger.balance("clinic", one) for one in (allowance_for(policy, ANA), everyone))


def spent(gateway: Gateway) -> int:
    own, everyone = (balance.spent.amount for balance in accounts(gateway))
    assert own == everyone
    return own


def test_a_missing_file_costs_nothing(clinic: Gateway, visits: Path, tmp_path: Path) -> None:
    before = accounts(clinic)
    away = visits.rename(tmp_path / "away.parquet")
    with pytest.raises(Refusal, match="missing") as refused:
        answer(question(), clinic.catalog, clinic.edges)
    assert refused.value.code is Code.ENGINE_UNAVAILABLE
    assert "given back" in refused.value.hint
    assert accounts(clinic) == before
    away.rename(visits)
    answer(question(), clinic.catalog, clinic.edges)
    assert accounts(clinic) != before


class Before(DuckDBEngine):
    """An engine before whose statements something happens; `happens` gives what runs instead."""

    def __init__(self, engine: Engine, happens: Callable[[Statement], Statement]) -> None:
        self._engine = engine
        self._happens = happens

    def run(self, statement: Statement, query_id: str, stop: Stop | None = None) -> ExactTable:
        return self._engine.run(self._happens(statement), query_id, stop)


def test_what_an_earlier_release_of_the_question_read_stays_charged(
    clinic: Gateway, visits: Path, tmp_path: Path
) -> None:
    """The file goes between the two releases of one question: the first one was read."""
    away = tmp_path / "away.parquet"
    asked: list[Statement] = []

    def happens(statement: Statement) -> Statement:
        asked.append(statement)
        if len(asked) == 2:
            visits.rename(away)
        return statement

    engine = Before(clinic.edges.engines["clinic"], happens)
    edges = replace(clinic.edges, engines={"clinic": engine})
    both = "SELECT (SELECT COUNT(*) FROM visits WHERE ward = 'w1'), COUNT(*) FROM visits"
    with pytest.raises(Refusal, match="missing"):
        answer(question(both), clinic.catalog, edges)
    half = spent(clinic)
    assert half > 0
    away.rename(visits)
    answer(question(both), clinic.catalog, clinic.edges)
    assert spent(clinic) == 2 * half, "the first release was the analyst's already"


def test_a_worker_that_dies_while_it_runs_is_not_given_back(clinic: Gateway) -> None:
    engine = clinic.edges.engines["clinic"]
    assert isinstance(engine, DuckDBEngine)
    killer = threading.Timer(0.5, os.kill, (engine._workers._current().process, signal.SIGKILL))
    killer.start()
    slow = Before(engine, lambda statement: replace(statement, sql=SLOW))
    with pytest.raises(Refusal) as refused:
        answer(question(), clinic.catalog, replace(clinic.edges, engines={"clinic": slow}))
    killer.join()
    assert refused.value.code is Code.ENGINE_UNAVAILABLE
    assert "charge stands" in refused.value.hint
    assert spent(clinic) > 0


def test_a_question_that_was_cancelled_before_its_charge_costs_nothing(clinic: Gateway) -> None:
    asked = question()
    asked.stop.ask()
    with pytest.raises(Refusal) as refused:
        answer(asked, clinic.catalog, clinic.edges)
    assert refused.value.code is Code.CANCELLED
    assert spent(clinic) == 0
