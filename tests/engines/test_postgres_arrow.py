"""Results of PostgreSQL as Arrow tables, read in lots of rows."""

from __future__ import annotations

from decimal import Decimal

import psycopg
import pyarrow as pa
import pytest

from gateway.engines import postgres_arrow
from tests.postgres import PostgresServer

SQL = """
SELECT g AS n, CASE WHEN g % 7 > 0 THEN 'row ' || g END AS word,
       CASE WHEN g < 50 THEN g::numeric WHEN g < 90 THEN g + 0.125 END AS grows,
       CASE WHEN g = 99 THEN 1e45 ELSE 1 END AS huge, sum(g) OVER () AS total,
       g::numeric(10, 2) AS declared, DATE '2000-02-28' + g AS day
FROM generate_series(1, 100) AS g ORDER BY g
"""


def read(url: str, sql: str) -> pa.Table:
    with psycopg.connect(url, autocommit=True) as connection:
        postgres_arrow.prepare(connection)
        with connection.cursor(binary=True) as cursor:
            return postgres_arrow.table_of(cursor, sql)


@pytest.mark.parametrize("lot", [1, 7, 50, 99, 100, 101])
def test_lots_of_any_size_give_the_same_values(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch, lot: int
) -> None:
    monkeypatch.setattr(postgres_arrow, "_LOT", lot)
    found = read(postgres.url("postgres"), SQL)
    assert found.num_rows == 100
    rows = found.to_pylist()
    assert [row["n"] for row in rows] == list(range(1, 101))
    assert rows[6]["word"] is None
    assert (rows[0]["grows"], rows[49]["grows"], rows[94]["grows"]) == (
        Decimal(1),
        Decimal("50.125"),
        None,
    )
    assert (rows[0]["huge"], rows[98]["huge"]) == (Decimal(1), Decimal("1e45"))
    assert {row["total"] for row in rows} == {5050}
    assert found.schema.field("declared").type == pa.decimal128(10, 2)


def test_a_result_without_rows_has_its_columns(postgres: PostgresServer) -> None:
    full = read(postgres.url("postgres"), SQL)
    empty = read(postgres.url("postgres"), f"SELECT * FROM ({SQL}) AS one WHERE n < 0")
    assert empty.num_rows == 0
    assert empty.column_names == full.column_names
    for name in ("n", "word", "total", "declared", "day"):
        assert empty.schema.field(name).type == full.schema.field(name).type
