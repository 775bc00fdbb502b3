"""Generated events whose rows, owners and groups are chosen apart, and gateways over them.

Every number comes from the row's own, so a size always gives the same file. Owners have a heavy
tail: owner number o has about mean / 2 · √(owners / o) rows. An owner's rows are in at most eight
kinds, half of them in one, a quarter in the next and so on, whatever the number of kinds is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import yaml

from gateway.start import Gateway
from tests.bench.datasets import ROOT
from tests.tpch.asking import Change, noiseless, shipped
from tests.tpch.elsewhere import on_spark

FOLDER = ROOT / "build" / "growth"
DATASET = "growth"
MAX_ROWS, MAX_GROUPS = 100, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """How many rows, owners and groups; never more owners than rows, nor groups than owners."""

    rows: int
    owners: int
    groups: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, which owners then weigh less, of `_PROFILES`, and the one thing whose growth
    it is asked for, where it is not asked for all three."""

    name: str
    sql: str
    over: str
    alone: str = ""

    def asked(self, factor: str) -> bool:
        """Whether it is asked where this is varied."""
        return self.alone in ("", factor)


QUESTIONS = (
    Question(
        name="all rows",
        sql="SELECT COUNT(*) AS events, SUM(amount) AS total FROM events",
        over=f"n > {MAX_ROWS}",
    ),
    Question(
        name="by kind",
        sql="SELECT kind, COUNT(*) AS events, SUM(amount) AS total FROM events GROUP BY kind",
        over=f"squares > {MAX_ROWS**2 * MAX_GROUPS}",
    ),
    Question(
        name="owners by kind",
        sql="SELECT kind, COUNT(DISTINCT owner) AS owners FROM events GROUP BY kind",
        over=f"kinds > {MAX_GROUPS}",
    ),
    Question(
        name="by public code",
        sql="SELECT code, COUNT(*) AS events, SUM(amount) AS total FROM events GROUP BY code",
        over=f"squares > {MAX_ROWS**2 * MAX_GROUPS}",
        alone="groups",
    ),
)
"""Weights are those of decision 3: an owner's rows in each group as a vector, its L2 norm at most
√max_groups · max_rows; and of ones for counts of owners, at most √max_groups."""

# The first `owners` numbers j are one row of each owner, in its first kind; the first `groups`
# owners have the kinds of their own number for that. Multiplying by a prime spreads these rows over
# the file.
_EVENTS = """
WITH numbered AS (
    SELECT i * 2654435761 % {rows} AS j, (hash(i * 4) >> 11) / 9007199254740992.0 AS u,
        (hash(i * 4 + 1) >> 11) / 9007199254740992.0 AS v,
        (hash(i * 4 + 2) >> 11) / 9007199254740992.0 AS w
    FROM range({rows}) AS r(i)
), owned AS (
    SELECT w, CASE WHEN j < {owners} THEN j ELSE CAST(floor({owners} * u * u) AS BIGINT) END AS o,
        CASE WHEN j < {owners} THEN 0
        ELSE least(7, CAST(floor(-log2(1 - v)) AS BIGINT)) END AS choice
    FROM numbered
), chosen AS (
    SELECT w, o, CASE WHEN choice = 0 AND o < {groups} THEN o ELSE CAST(floor({groups}
        * pow((hash(o * 8 + choice + 3) >> 11) / 9007199254740992.0, 2)) AS BIGINT) END AS k
    FROM owned
)
SELECT o AS owner, 'kind ' || k AS kind, 'code ' || k AS code,
    CAST(round(-20 * ln(1 - w), 2) AS DECIMAL(9, 2)) AS amount
FROM chosen
"""

_CODES = "SELECT 'code ' || k AS code FROM range({groups}) AS r(k)"

_PROFILES = """
SELECT owner, SUM(m) AS n, SUM(m * m) AS squares, COUNT(*) AS kinds
FROM (SELECT owner, kind, COUNT(*) AS m FROM '{events}' GROUP BY ALL) GROUP BY owner
"""

_POLICY = f"""
dataset: {DATASET}
description: Generated events of owners with a heavy tail.
engine: {{type: duckdb, timeout: 600s}}
privacy: {{unit: owner, guarantee: zcdp, delta: 1.0e-7, per_query: 1, max_per_query: 10}}
tables:
  events:
    unit: owner
    max_rows: {MAX_ROWS}
    max_groups: {MAX_GROUPS}
    columns:
      owner: {{}}
      kind: {{nullable: false}}
      code: {{references: codes.code, nullable: false}}
      amount: {{bounds: [0, 200], step: 0.01, nullable: false}}
  codes: {{public: true, key: code}}
budgets: [{{for: everyone, epsilon: 100}}]
"""


def generated(point: Point, parent: Path) -> Mapping[str, Path]:
    """The Parquet file of each table, made once."""
    if not point.groups <= point.owners <= point.rows:
        raise ValueError(f"every group needs an owner and every owner a row: {point}")
    folder = parent / f"{point.rows}-{point.owners}-{point.groups}"
    numbers = {"rows": point.rows, "owners": point.owners, "groups": point.groups}
    if not folder.exists():
        unfinished = folder.with_suffix(".part")
        unfinished.mkdir(parents=True, exist_ok=True)
        with duckdb.connect() as made:
            for name, sql in (("events", _EVENTS), ("codes", _CODES)):
                file = unfinished / f"{name}.parquet"
                made.execute(f"COPY ({sql.format(**numbers)}) TO '{file}'")
        unfinished.rename(folder)
    return {name: folder / f"{name}.parquet" for name in ("events", "codes")}


def over(files: Mapping[str, Path]) -> Mapping[str, int]:
    """For each question by name: the owners who have more than the bounds let count in full."""
    counted = ", ".join(f"COUNT(*) FILTER ({question.over})" for question in QUESTIONS)
    with duckdb.connect() as made:
        row = made.execute(
            f"SELECT {counted} FROM ({_PROFILES.format(events=files['events'])})"
        ).fetchone()
    assert row is not None
    return {question.name: number for question, number in zip(QUESTIONS, row, strict=True)}


@contextmanager
def gateway(files: Mapping[str, Path], folder: Path, spark: str = "") -> Iterator[Gateway]:
    """A gateway without noise over the files, on DuckDB or on the Spark of an address."""
    document = yaml.safe_load(_POLICY)
    document["engine"]["files"] = {name: str(file) for name, file in files.items()}
    change: Change = on_spark(spark, shipped) if spark else shipped
    change(document)
    with noiseless(document, folder) as started:
        yield started
