"""One real gateway for the tests of this folder, on data made here, with both doors open."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import duckdb

from gateway.budget.books import open_ledger
from gateway.clock import SystemClock
from tests.http.process import Running, running

ROWS = 20_000
"""Of the table that makes big results."""
KINDS = """
CREATE TABLE kinds (
    id INTEGER, flag BOOLEAN, small SMALLINT, whole INTEGER, big BIGINT, exact DECIMAL(12, 3),
    approximate DOUBLE, word VARCHAR, day DATE, moment TIMESTAMP, zoned TIMESTAMPTZ
);
INSERT INTO kinds VALUES
    (1, true, 7, -2000000000, 9000000000000000000, 12345.678, 0.1, 'plain', '2024-02-29',
     '2024-02-29 12:34:56.789', '2024-02-29 12:34:56+02'),
    (2, false, -32768, 0, -1, -0.001, 1e300, 'tab\t, "quote" and \\ ü €', '1969-12-31',
     '1999-12-31 23:59:59.999999', '1970-01-01 00:00:00+00'),
    (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (4, true, 0, 10000, 100000000, 10000.000, 1e15, '', '0001-01-01', '2000-01-01 00:00:00',
     '2000-06-01 00:00:00+00');
"""
POLICY = """
dataset: clinic
description: Made up for tests of the protocol.
engine:
  type: duckdb
  database: {database}
privacy:
  unit: patient
  guarantee: zcdp
  delta: 1.0e-7
  per_query: 1
  max_per_query: 100
tables:
  visits:
    description: One row for each visit.
    unit: patient
    max_rows: 3
    max_groups: 2
    columns:
      ward: {{values: [east, west]}}
      days: {{bounds: [0, 30], description: Days in hospital.}}
      cost: {{bounds: [0, 1000], step: 0.01}}
      seen: {{bounds: [2020-01-01, 2024-12-31]}}
      kind: {{references: kinds.id}}
      patient: {{hidden: true}}
  kinds:
    public: true
    key: id
    columns:
      {{id: {{}}, flag: {{}}, small: {{}}, whole: {{}}, big: {{}}, exact: {{}}, approximate: {{}},
        word: {{}}, day: {{}}, moment: {{}}, zoned: {{}}}}
  numbers:
    public: true
    key: n
    columns: {{n: {{}}, label: {{}}}}
views:
  long_stays: SELECT ward, days FROM visits WHERE days > 7
budgets:
  - {{for: "role:analyst", epsilon: 1000, renews: monthly}}
  - {{for: "user:poor", epsilon: 0.001}}
  - {{for: everyone, epsilon: 100000}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A gateway that serves; `keys` by user."""

    running: Running
    policy: Path
    keys: dict[str, str]
    ledger: str

    @property
    def host(self) -> str:
        return urlsplit(str(self.running.announced["postgres"])).hostname or ""

    @property
    def port(self) -> int:
        return urlsplit(str(self.running.announced["postgres"])).port or 0

    def url(self, user: str = "ana", dataset: str = "clinic", **parameters: str) -> str:
        """The address as libpq reads it."""
        asked = "&".join(f"{name}={value}" for name, value in parameters.items())
        return f"postgresql://{user}:{self.keys[user]}@{self.host}:{self.port}/{dataset}?{asked}"


def policies(folder: Path) -> Path:
    """The policies and the data of these tests."""
    database = folder / "clinic.duckdb"
    with duckdb.connect(str(database)) as made:
        made.execute("SET TimeZone = 'UTC'")
        made.execute(KINDS)
        made.execute(
            f"CREATE TABLE numbers AS SELECT i AS n, 'label ' || i AS label FROM range({ROWS}) r(i)"
        )
        made.execute(
            "CREATE TABLE visits AS SELECT i % 1500 AS patient, "
            "CASE WHEN i % 3 = 0 THEN 'east' ELSE 'west' END AS ward, i % 30 AS days, "
            "CAST(i % 1000 AS DECIMAL(10, 2)) AS cost, "
            "DATE '2020-01-01' + CAST(i % 1000 AS INTEGER) AS seen, 1 + i % 4 AS kind "
            "FROM range(3000) r(i)"
        )
    rules = folder / "policies"
    rules.mkdir()
    (rules / "clinic.yaml").write_text(POLICY.format(database=database))
    return rules


@contextmanager
def serving(folder: Path, *arguments: str, users: Sequence[str] = ("ana",)) -> Iterator[Served]:
    """A gateway with users who are analysts; `poor` has hardly a budget, `nobody` none."""
    ledger = f"sqlite:///{folder / 'ledger.sqlite'}"
    books = open_ledger(ledger, SystemClock())
    keys = {
        name: books.users.add(name, [] if name in ("poor", "nobody") else ["analyst"])
        for name in users
    }
    books.close()
    command = ["-m", "gateway", "serve", "--json", "--http", "127.0.0.1:0"]
    rules = policies(folder)
    command += ["--postgres", "127.0.0.1:0", "--policies", str(rules)]
    command += ["--ledger", ledger, *arguments]
    with running(command, folder / "log") as found:
        yield Served(running=found, policy=rules / "clinic.yaml", keys=keys, ledger=ledger)


def unset() -> None:
    """No variable of the machine may say where to connect."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]
