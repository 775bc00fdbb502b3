"""Keys and references of two columns: neither column alone says whose a row is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from gateway.errors import Code, Refusal
from gateway.exchange import Request
from gateway.planning import plan
from gateway.privacy.plan import Release
from gateway.start import Gateway
from tests.corpus.asking import ANALYST
from tests.corpus.policies import gateway
from tests.neighbours.claims import broken
from tests.neighbours.laboratory import Cells

POLICY = """
dataset: clinic
engine: {type: duckdb, files: {visits: visits.parquet, labs: labs.parquet}}
privacy: {unit: person, guarantee: zcdp, delta: 1.0e-7, per_query: 1, max_per_query: 1}
tables:
  visits:
    unit: person
    key: [site, visit]
    max_rows: 2
    max_groups: 2
    columns: {person: {}, site: {}, visit: {}, kind: {values: [a, b]}}
  labs:
    unit: {through: visits, on: {lab_site: site, lab_visit: visit}}
    key: [lab_site, lab_visit, number]
    max_rows: 3
    max_groups: 2
    columns: {lab_site: {}, lab_visit: {}, number: {}, value: {bounds: [0, 10]}}
budgets: [{for: everyone, epsilon: 5}]
"""
# Visit 1 of site 1 is person 1's, visit 1 of site 2 person 2's: one column is not enough.
VISITS = "VALUES (1, 1, 1, 'a'), (2, 2, 1, 'b'), (1, 2, 2, 'b'), (3, 1, 2, 'a'), (NULL, 3, 1, 'a')"
LABS = (
    "VALUES (1, 1, 1, 4), (1, 1, 2, 9), (2, 1, 1, 7), (2, 1, 2, 2), (2, 2, 1, 5), (1, 2, 1, 10), "
    "(3, 1, 1, 3), (9, 9, 1, 1)"
)


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Gateway]:
    with duckdb.connect(":memory:") as made:
        for name, rows in tables().items():
            made.execute(f"COPY ({rows}) TO '{tmp_path / name}.parquet' (FORMAT parquet)")
    (tmp_path / "clinic.yaml").write_text(POLICY, encoding="utf-8")
    with gateway(tmp_path) as started:
        yield started


def tables() -> dict[str, str]:
    """The rows of each table."""
    return {
        "visits": f"SELECT * FROM ({VISITS}) AS v(person, site, visit, kind)",
        "labs": f"SELECT * FROM ({LABS}) AS l(lab_site, lab_visit, number, value)",
    }


def release(clinic: Gateway, sql: str) -> Release:
    request = Request(query_id="composite", analyst=ANALYST, sql=sql, dataset="clinic")
    (found,) = plan(request, clinic.catalog, clinic.edges)[0].releases
    return found


def measured(found: Release, without: int | None) -> Cells:
    """The statement's result; `without` leaves out a person's visits and their labs."""
    with duckdb.connect(":memory:") as made:
        for name, rows in tables().items():
            made.execute(f"CREATE TABLE {name} AS {rows}")
        if without is not None:
            made.execute(
                "DELETE FROM labs WHERE (lab_site, lab_visit) IN "
                f"(SELECT (site, visit) FROM visits WHERE person = {without})"
            )
            made.execute(f"DELETE FROM visits WHERE person = {without}")
        width = len(found.keys)
        rows = made.execute(found.statement.sql).fetchall()
    return {tuple(map(repr, row[:width])): tuple(map(int, row[width:])) for row in rows}


TOGETHER = "a.lab_site = b.lab_site AND a.lab_visit = b.lab_visit"
ANSWERED = {
    "through two columns": ("SELECT COUNT(*) FROM labs", 6),
    "two rows of one key": (f"SELECT COUNT(*) FROM labs a JOIN labs b ON {TOGETHER}", 10),
    "the row that is referenced": (
        "SELECT COUNT(*) FROM visits v JOIN labs l ON v.site = l.lab_site "
        "AND v.visit = l.lab_visit WHERE v.kind = 'b'",
        3,
    ),
    "per key, which decides the owner": (
        "SELECT COUNT(*) FROM (SELECT lab_site, lab_visit, COUNT(*) AS n FROM labs "
        "GROUP BY lab_site, lab_visit) t WHERE n = 2",
        2,
    ),
    "a window by the key": (
        "SELECT COUNT(*) FROM (SELECT ROW_NUMBER() OVER (PARTITION BY lab_site, lab_visit "
        "ORDER BY value DESC) AS place FROM labs) t WHERE place = 1",
        4,
    ),
    "a subquery tied by the key": (
        "SELECT COUNT(*) FROM labs a "
        f"WHERE value > (SELECT AVG(value) FROM labs b WHERE {TOGETHER})",
        2,
    ),
    "a test by the key": (
        "SELECT COUNT(*) FROM visits WHERE (site, visit) IN "
        "(SELECT lab_site, lab_visit FROM labs WHERE value > 8)",
        2,
    ),
}


@pytest.mark.parametrize("case", ANSWERED)
def test_both_columns_together_decide_the_owner(clinic: Gateway, case: str) -> None:
    sql, rows = ANSWERED[case]
    found = release(clinic, sql)
    everyone = measured(found, None)
    (counted,) = everyone.values()
    assert counted[0] * found.measures[0].unit_of_scale == rows
    for person in (1, 2, 3):
        assert not broken(found, everyone, measured(found, person))


ONE_COLUMN = {
    "a join": "SELECT COUNT(*) FROM labs a JOIN labs b ON a.lab_visit = b.lab_visit",
    "another join": "SELECT COUNT(*) FROM visits v JOIN labs l ON v.site = l.lab_site",
    "the columns exchanged": (
        "SELECT COUNT(*) FROM visits v JOIN labs l ON v.site = l.lab_visit AND v.visit = l.lab_site"
    ),
    "a window": (
        "SELECT COUNT(*) FROM (SELECT COUNT(*) OVER (PARTITION BY lab_visit) AS n FROM labs) t"
    ),
    "a test": "SELECT COUNT(*) FROM visits WHERE visit IN (SELECT lab_visit FROM labs)",
}


@pytest.mark.parametrize("case", ONE_COLUMN)
def test_one_column_alone_does_not(clinic: Gateway, case: str) -> None:
    with pytest.raises(Refusal) as caught:
        release(clinic, ONE_COLUMN[case])
    assert caught.value.code is Code.NOT_PRIVATE
