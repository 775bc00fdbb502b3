"""A gateway whose line is a double, for faults and delays that the real line does not have.

`python -m tests.http.double FOLDER [WEBHOOK]` serves on a port that the system chooses and prints
one JSON line with the address and keys. What it does depends on the SQL: see `Double`.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import typer

from gateway.budget.allowances import allowance_for, everyone_for
from gateway.budget.books import open_ledger
from gateway.budget.cost import Cost
from gateway.clock import SystemClock
from gateway.edges import ChargeRequest, Edges, ReleaseCharge, SchemaColumn
from gateway.errors import Code, Position, Refusal, cancelled
from gateway.exchange import Answer, Explanation, Request
from gateway.noise.tables import ExactTable
from gateway.policy.catalog import Catalog, Dataset, Table, TableColumn
from gateway.policy.load import load_all
from gateway.postprocess.workbench import Workbench
from gateway.privacy.domains import ANYTHING, Interval, Members
from gateway.privacy.plan import Mechanism, Statement
from gateway.recall import Recall
from gateway.server import logs
from gateway.server.app import Limits, build_app
from gateway.server.desk import Line
from gateway.server.serve import serve
from gateway.sql.types import BIGINT, DATE, TEXT, Scalar
from gateway.start import Gateway
from gateway.stop import Stop
from tests.http.exchanges import ANSWER, EXPLANATION

POLICY = """
dataset: {name}
description: Made up.
engine:
  type: duckdb
  database: nowhere.duckdb
privacy:
  unit: patient
  guarantee: approximate
  delta: 1.0e-7
  per_query: 0.25
  max_per_query: 1.0
tables:
  encounters:
    unit: patient_nbr
    max_rows: 1
    max_groups: 1
    columns:
      age: {{values: [young, old]}}
budgets:
  - {{for: "{holder}", epsilon: 1}}
  - {{for: everyone, epsilon: 4}}
"""


class NoEngine:
    """An engine that no question of these tests may reach; it is up unless a file says not."""

    dialect = "duckdb"

    def __init__(self, down: Path) -> None:
        self._down = down

    def describe(self, source: tuple[str, ...]) -> Sequence[SchemaColumn] | None:
        raise AssertionError

    def is_key(self, source: tuple[str, ...], columns: Sequence[str]) -> bool:
        raise AssertionError

    def public_values(
        self, source: tuple[str, ...], column: str, most: int | None = None
    ) -> tuple[Scalar, ...]:
        raise AssertionError

    def public_rows(self, source: tuple[str, ...], columns: Sequence[str]) -> object:
        raise AssertionError

    def run(self, statement: Statement, query_id: str, stop: Stop | None = None) -> ExactTable:
        raise AssertionError

    def replaced(self) -> int:
        return 0

    def healthy(self) -> bool:
        return not self._down.exists()

    def close(self) -> None:
        return


class NoEntropy:
    """No noise is drawn here."""

    def draw(self, mechanism: Mechanism, count: int) -> Sequence[int]:
        raise AssertionError


def answer(request: Request, catalog: Catalog, edges: Edges) -> Answer:
    """What the double answers, by the SQL's first word."""
    first, _, rest = request.sql.partition(" ")
    if first == "BROKEN":
        raise RuntimeError("secret-of-a-row")
    if first == "REFUSED":
        raise Refusal(
            Code.UNKNOWN_COLUMN,
            'There is no column "agee".',
            'Did you mean "age"?',
            Position(line=1, column=9, fragment="agee"),
        )
    if first == "SLOW":
        time.sleep(float(rest))
    if first == "ENDLESS":
        ended = threading.Event()
        with request.stop.ending(ended.set):
            ended.wait(60)
        raise cancelled() if request.stop.asked else AssertionError("nobody ended it")
    if first == "CHARGE":
        return _charged(request, catalog, edges, rest)
    said = (request.sql, *(repr(value) for value in request.parameters))
    return replace(
        ANSWER,
        query_id=request.query_id,
        notes=(*said, str(request.epsilon), str(request.max_error), *catalog.datasets),
    )


def _charged(request: Request, catalog: Catalog, edges: Edges, name: str) -> Answer:
    policy = catalog.datasets["hospital"].policy
    edges.ledger.charge(
        ChargeRequest(
            query_id=request.query_id,
            analyst=request.analyst,
            dataset="hospital",
            sql=request.sql,
            own=allowance_for(policy, request.analyst),
            everyone=everyone_for(policy),
            releases=(
                ReleaseCharge(
                    fingerprint=name * 8,
                    cost=Cost(
                        amount=int((request.epsilon or Fraction(1, 4)) * 10**12), delta=10**9
                    ),
                    mechanisms="[]",
                ),
            ),
            key=request.key,
        )
    )
    return replace(ANSWER, query_id=request.query_id)


def explain(request: Request, catalog: Catalog, edges: Edges) -> Explanation:
    """The same explanation for every question, its SQL hidden where the question says so.

    GONE is about a dataset that a reload has taken away since it was planned.
    """
    if request.sql == "BROKEN":
        raise RuntimeError("secret-of-a-row")
    if request.sql == "GONE":
        return replace(EXPLANATION, plan=replace(EXPLANATION.plan, dataset="gone"))
    return replace(EXPLANATION, show_sql=request.sql != "HIDDEN")


def column(name: str, **facts: object) -> TableColumn:
    given: dict[str, object] = {
        "type": BIGINT, "domain": ANYTHING, "nullable": True, "usable": True,
    }  # fmt: skip
    return TableColumn(name=name, **{**given, **facts})  # type: ignore[arg-type]


def main(folder: Path, webhook: str | None = None) -> None:
    for name, holder in (("hospital", "role:analyst"), ("closed", "user:nobody")):
        (folder / f"{name}.yaml").write_text(POLICY.format(name=name, holder=holder))
    columns = (
        column("age", type=TEXT, domain=Members(("young", "old", None)), nullable=False),
        column("days", domain=Interval(Fraction(1), Fraction(14)), step=Fraction(1, 10)),
        column("born", type=DATE, domain=Interval(Fraction(0), Fraction(365))),
        column("patient_nbr", usable=False),
    )
    table = Table(
        name="encounters", source=("encounters",), public=False, unit="patient_nbr", key=(),
        max_rows=1, max_groups=1, columns={each.name: each for each in columns},
    )  # fmt: skip
    clock = SystemClock()
    books = open_ledger(f"sqlite:///{folder / 'ledger.sqlite'}", clock)
    policies = load_all(folder, os.environ)
    gateway = Gateway(
        catalog=Catalog(
            datasets={
                policy.dataset: Dataset(
                    policy=policy,
                    dialect="duckdb",
                    tables={"encounters": table},
                    digest="0",
                    meaning="0",
                )
                for policy in policies
            }
        ),
        edges=Edges(
            engines={policy.dataset: NoEngine(folder / "down") for policy in policies},  # type: ignore[misc]
            ledger=books.ledger,
            answers=books.answers,
            clock=clock,
            entropy=NoEntropy(),
            workbench=Workbench(),
            shelves={},
            recall=Recall(),
        ),
        books=books,
    )
    keys = {
        name: books.users.add(name, roles)
        for name, roles in (
            ("ana", ["analyst"]),
            ("ben", ["analyst"]),
            ("poor", ["analyst"]),
            ("stranger", []),
            ("root", ["admin"]),
        )
    }
    logs.install()
    app = build_app(
        gateway, Line(answer=answer, explain=explain), Limits(at_once=2, waiting=2), webhook
    )
    serve(
        app,
        "127.0.0.1",
        0,
        lambda url: typer.echo(json.dumps({"url": url, "keys": keys})),
        lambda: None,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
