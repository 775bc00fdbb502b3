"""Division above the aggregates means what PostgreSQL means, wherever it stands."""

from __future__ import annotations

import duckdb
import pytest
import sqlglot

from gateway.postprocess.finish import finished

SCHEMA = {"t": {"a": "BIGINT", "b": "BIGINT", "zero": "BIGINT", "x": "DOUBLE"}}
CASES = {
    "a / b": 5,
    "-a / b": -5,
    "a / b / 2": 2,
    "7 * a / b / 2": 19,
    "(a / b) * (a / (b / 2))": 85,
    "a % b % 2": 0,
    "a / 2 + a / b * 1.5": 15.5,
    "a / x / 2": 4.25,
    "a / zero": None,
    "a / zero / b": None,
    "a % zero % b": None,
    "a / (b / zero)": None,
    "a - a / (b - 3)": None,
    "(a / zero) / zero": None,
    "x / zero / zero": None,
}


@pytest.mark.parametrize("expression", CASES)
def test_division_cuts_and_never_fails(expression: str) -> None:
    query = sqlglot.parse_one(f"SELECT {expression} AS v FROM t", dialect="postgres")
    sql = finished(query, SCHEMA).sql(dialect="duckdb")
    with duckdb.connect(":memory:") as database:
        database.execute(
            "CREATE TABLE t AS SELECT 17::BIGINT a, 3::BIGINT b, 0::BIGINT zero, 2::DOUBLE x"
        )
        assert database.execute(sql).fetchone() == (CASES[expression],)
