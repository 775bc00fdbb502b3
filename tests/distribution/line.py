"""The whole line on neighbouring databases, made so that one answer holds many trials.

Each of `CELLS` groups has `CROWD` owners with one row, and in the database *with* one more owner
with as many rows as the policy lets anybody count, at the largest value. The database *without*
lacks these owners. So each group is a pair of neighbours for itself, which differ by the whole
sensitivity, and each has noise of its own. An answer about all groups is `CELLS` independent
trials.

In `rare` every owner is alone in one group, in `spread` in `SPREAD` of them: as many as an owner
may be in and still count, which is where the threshold has least to spare.
"""

from __future__ import annotations

import contextlib
import itertools
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import duckdb

from gateway.answer import answer
from gateway.edges import Analyst, Edges, Entropy
from gateway.exchange import Answer, Request
from gateway.noise.sample import OpenDPEntropy
from gateway.noise.threshold import MOST_GROUPS_RATIO
from gateway.policy.model import Guarantee
from gateway.privacy.plan import Mechanism
from gateway.start import Gateway, start

CELLS = 200
CROWD = 400
MOST_ROWS = 4
MOST_VALUE = 10
LONERS = 1000
SPREAD = MOST_GROUPS_RATIO
SPREAD_LONERS = 60

PRICE = {Guarantee.PURE: 1, Guarantee.APPROXIMATE: 1, Guarantee.ZCDP: 8}
"""The ε of each answer, large enough that noise of a wrong size shows in thousands of trials."""
DELTA = 0.01

_TABLES = f"""
CREATE TABLE visits AS
SELECT
    i AS visit, i AS owner, i % {CELLS} AS cell, CAST((i // {CELLS}) % 11 AS INTEGER) AS x,
    i % 7 = 0 AS flag
FROM range({CELLS * CROWD}) AS r(i);
CREATE TABLE rare AS
SELECT i AS visit, i AS owner, 'g' || i AS place FROM range({LONERS}) AS r(i);
CREATE TABLE spread AS
SELECT i AS visit, i // {SPREAD} AS owner, 'g' || i AS place
FROM range({SPREAD_LONERS * SPREAD}) AS r(i);
"""
_HEAVY = f"""
INSERT INTO visits
SELECT
    {CELLS * CROWD} + i AS visit, {CELLS * CROWD} + i % {CELLS} AS owner, i % {CELLS} AS cell,
    {MOST_VALUE} AS x, TRUE AS flag
FROM range({CELLS * MOST_ROWS}) AS r(i)
"""

_POLICY = """
dataset: {dataset}
description: Neighbours.
engine: {{type: duckdb, database: {database}}}
privacy: {{unit: owner, guarantee: {guarantee}{delta}, per_query: {price}, max_per_query: {price}}}
tables:
  visits:
    unit: owner
    key: visit
    max_rows: {most_rows}
    max_groups: 1
    columns:
      owner: {{}}
      cell: {{values: [{cells}], nullable: false}}
      x: {{bounds: [0, {most_value}], nullable: false}}
      flag: {{nullable: false}}
  rare: &lonely
    unit: owner
    key: visit
    max_rows: 1
    max_groups: 1
    columns: {{owner: {{}}, place: {{nullable: false}}}}
  spread: *lonely
budgets:
  # As large as one question, so that each takes the whole δ; each is asked by somebody new.
  - {{for: "role:analyst", epsilon: {price}}}
"""

_number = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Rescaled:
    """Entropy whose noise has `factor` times the scale that the plan says."""

    factor: float

    def draw(self, mechanism: Mechanism, count: int) -> Sequence[int]:
        """Draws of the wrong scale."""
        wrong = replace(mechanism, scale=mechanism.scale * self.factor)
        return OpenDPEntropy().draw(wrong, count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """A gateway about both databases under each guarantee."""

    gateway: Gateway
    folder: Path

    def ask(
        self, guarantee: Guarantee, present: bool, sql: str, entropy: Entropy | None = None
    ) -> Answer:
        """A new answer, paid for in full by an analyst of its own.

        Each price is a little smaller than any before, so that no answer is one that is stored.
        """
        number = next(_number)
        request = Request(
            query_id=uuid.uuid4().hex,
            analyst=Analyst(name=f"analyst{number}", roles=("analyst",)),
            sql=sql,
            dataset=_name(guarantee, present),
            epsilon=PRICE[guarantee] - Fraction(number, 10**9),
        )
        edges: Edges = self.gateway.edges
        if entropy is not None:
            edges = replace(edges, entropy=entropy)
        found = answer(request, self.gateway.catalog, edges)
        assert not found.privacy.reused
        assert found.privacy.epsilon > 0
        return found

    def truth(self, present: bool, sql: str) -> list[tuple[object, ...]]:
        """The exact rows of a query."""
        with duckdb.connect(str(self.folder / f"{present}.duckdb"), read_only=True) as database:
            return database.execute(sql).fetchall()


@contextlib.contextmanager
def neighbours(folder: Path) -> Iterator[Neighbours]:
    """Make the databases and start the gateway."""
    for present in (True, False):
        with duckdb.connect(str(folder / f"{present}.duckdb")) as database:
            database.execute(_TABLES)
            if present:
                database.execute(_HEAVY)
    policies = folder / "policies"
    policies.mkdir()
    for guarantee, present in itertools.product(Guarantee, (True, False)):
        text = _POLICY.format(
            dataset=_name(guarantee, present),
            database=folder / f"{present}.duckdb",
            guarantee=guarantee.value,
            delta="" if guarantee is Guarantee.PURE else f", delta: {DELTA}",
            price=PRICE[guarantee],
            most_rows=MOST_ROWS,
            most_value=MOST_VALUE,
            cells=", ".join(map(str, range(CELLS))),
        )
        (policies / f"{_name(guarantee, present)}.yaml").write_text(text, encoding="utf-8")
    gateway = start(policies, f"sqlite:///{folder / 'ledger.sqlite'}")
    try:
        yield Neighbours(gateway=gateway, folder=folder)
    finally:
        gateway.close()


def _name(guarantee: Guarantee, present: bool) -> str:
    return f"{guarantee.value}_{'with' if present else 'without'}"
