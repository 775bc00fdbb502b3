import datetime as dt
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from gateway.engines.duckdb import DuckDBEngine
from gateway.errors import Code, NothingRead, Refusal
from gateway.privacy.plan import Statement
from gateway.sql.types import BIGINT, DATE, INTEGER, SMALLINT, TEXT, TIMESTAMP, TIMESTAMPTZ
from tests.engines.data import of_database, of_files

SLOW = "SELECT COUNT(*) AS n FROM range(10000000) a, range(10000000) b WHERE (a.range*b.range)%7=3"


def select(sql: str, *columns: str) -> Statement:
    return Statement(sql=sql, dialect="duckdb", columns=columns)


def test_describe_gives_the_types_of_the_gateway(engine: DuckDBEngine) -> None:
    columns = engine.describe(("visits",))
    assert columns is not None
    assert [(column.name, column.type) for column in columns] == [
        ("visit", BIGINT),
        ("patient", BIGINT),
        ("ward", TEXT),
        ("small", SMALLINT),
        ("at_ns", TIMESTAMP),
        ("list", None),
    ]
    assert {column.name: column.declared for column in columns}["list"] == "BIGINT[]"
    assert engine.describe(("nothing",)) is None
    assert engine.describe(("main", "visits")) is None


def test_run_gives_exact_integers_in_the_plan_s_columns(engine: DuckDBEngine) -> None:
    sql = (
        'SELECT "ward", SUM(CAST(10 AS HUGEINT) * 10000000000000000000000000000 + "visit") AS "s" '
        'FROM "visits" GROUP BY "ward" ORDER BY "ward" NULLS LAST'
    )
    rows = engine.run(select(sql, "ward", "s"), "q1")._open().to_pylist()
    expected: dict[str | None, int] = {}
    for i in range(1000):
        ward = None if i % 7 == 0 else f"w{i % 3}"
        expected[ward] = expected.get(ward, 0) + 10**29 + i
    assert {row["ward"]: int(row["s"]) for row in rows} == expected


def test_columns_are_seen_in_types_that_cannot_overflow(engine: DuckDBEngine) -> None:
    sql = 'SELECT MIN("small" - 300) AS "m", MAX("at_ns") AS "t" FROM "visits"'
    row = engine.run(select(sql, "m", "t"), "q1")._open().to_pylist()[0]
    assert row == {"m": -300, "t": dt.datetime(2020, 1, 1, 10)}


def test_is_key(engine: DuckDBEngine) -> None:
    assert engine.is_key(("visits",), ["visit"])
    assert engine.is_key(("visits",), ["patient", "visit"])
    assert not engine.is_key(("visits",), ["patient"])
    assert not engine.is_key(("visits",), ["visit", "ward"]), "a key is never NULL"


def test_public_values_are_sorted_with_null_last(engine: DuckDBEngine) -> None:
    assert engine.public_values(("visits",), "ward") == ("w0", "w1", "w2", None)
    assert engine.public_values(("visits",), "ward", most=2) == ("w0", "w1")


def test_public_rows_keep_the_order_of_columns(engine: DuckDBEngine) -> None:
    table = engine.public_rows(("visits",), ["ward", "visit"])
    assert table.column_names == ["ward", "visit"]
    assert table.num_rows == 1000


def test_moments_with_a_zone_come_in_utc(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT TIMESTAMPTZ '2020-06-01 12:00:00+02' AS at, DATE '2020-06-01' AS day, "
            f"1.50::DECIMAL(10,2) AS price) TO '{path}'"
        )
    engine = DuckDBEngine(of_files({"t": str(path)}))
    assert engine.public_values(("t",), "at") == (dt.datetime(2020, 6, 1, 10, tzinfo=dt.UTC),)
    assert engine.public_values(("t",), "day") == (dt.date(2020, 6, 1),)
    assert engine.public_values(("t",), "price") == (Decimal("1.50"),)
    described = {column.name: column.type for column in engine.describe(("t",)) or ()}
    assert (described["at"], described["day"]) == (TIMESTAMPTZ, DATE)
    sql = 'SELECT EXTRACT(hour FROM "at") AS h, current_setting(\'TimeZone\') AS z FROM "t"'
    assert engine.run(select(sql, "h", "z"), "q")._open().to_pylist() == [{"h": 10, "z": "UTC"}]
    engine.close()


def test_a_timeout_stops_the_query_and_no_other(visits: Path) -> None:
    engine = DuckDBEngine(of_files({"visits": str(visits)}), timeout_seconds=0.3)
    started = time.monotonic()
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(engine.run, select(SLOW, "n"), "slow")
        quick = select('SELECT COUNT(*) AS "n" FROM "visits"', "n")
        while not slow.done():
            assert engine.run(quick, "quick")._open().to_pylist() == [{"n": 1000}]
        with pytest.raises(Refusal) as refused:
            slow.result()
    assert time.monotonic() - started < 5
    assert refused.value.code is Code.ENGINE_UNAVAILABLE
    assert refused.value.sentence == (
        "The query took longer than the 0.3 seconds that the policy allows."
    )
    engine.close()


def test_the_engine_s_text_goes_to_the_log_only(
    engine: DuckDBEngine, caplog: pytest.LogCaptureFixture
) -> None:
    sql = 'SELECT CAST("ward" AS INTEGER) AS "n" FROM "visits"'
    with caplog.at_level(logging.ERROR, "gateway.engines"), pytest.raises(Refusal) as refused:
        engine.run(select(sql, "n"), "query-7")
    assert refused.value.code is Code.ENGINE_UNAVAILABLE
    told = refused.value.sentence + refused.value.hint + str(refused.value.facts)
    assert "w1" not in told
    assert "w2" not in told
    assert refused.value.__cause__ is None
    assert "query-7" in caplog.text
    assert "Could not convert string" in caplog.text


def test_a_result_with_other_columns_is_refused(engine: DuckDBEngine) -> None:
    with pytest.raises(Refusal) as refused:
        engine.run(select('SELECT 1 AS "a"', "b"), "q")
    assert refused.value.code is Code.INTERNAL


def test_a_statement_of_another_dialect_is_refused(engine: DuckDBEngine) -> None:
    statement = Statement(sql="SELECT 1 AS a", dialect="postgres", columns=("a",))
    with pytest.raises(Refusal) as refused:
        engine.run(statement, "q")
    assert refused.value.code is Code.INTERNAL


def test_health_needs_the_files(visits: Path, tmp_path: Path) -> None:
    engine = DuckDBEngine(of_files({"visits": str(visits)}))
    assert engine.healthy()
    visits.rename(tmp_path / "moved.parquet")
    assert not engine.healthy()
    engine.close()


def test_after_close_nothing_runs_and_nothing_is_left(visits: Path, tmp_path: Path) -> None:
    spill = tmp_path / "spill"
    spill.mkdir()
    engine = DuckDBEngine(of_files({"visits": str(visits)}, spill_directory=str(spill)))
    assert [path.is_dir() for path in spill.iterdir()] == [True]
    engine.close()
    engine.close()
    assert not list(spill.iterdir())
    assert not engine.healthy()
    with pytest.raises(NothingRead) as refused:
        engine.run(select('SELECT 1 AS "n"', "n"), "q")
    assert refused.value.code is Code.ENGINE_UNAVAILABLE


def test_a_database_file_is_read_through_views(tmp_path: Path) -> None:
    path = tmp_path / "it's.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            '''CREATE SCHEMA clinic; CREATE TYPE clinic.mood AS ENUM ('good', 'bad');
            CREATE TABLE clinic."Odd ""name""" (id INTEGER PRIMARY KEY, u UUID, m clinic.mood);
            INSERT INTO clinic."Odd ""name""" VALUES (1, gen_random_uuid(), 'good');
            CREATE VIEW clinic.v AS SELECT id + 1 AS next FROM clinic."Odd ""name""";'''
        )
    tables = ['Odd "name"', "v", "missing"]
    engine = DuckDBEngine(of_database(path, tables, schema="clinic"))
    described = engine.describe(('Odd "name"',))
    assert described is not None
    assert [(c.name, c.type, c.nullable) for c in described] == [
        ("id", INTEGER, False),
        ("u", TEXT, True),
        ("m", TEXT, True),
    ]
    assert engine.describe(("missing",)) is None
    assert engine.public_values(('Odd "name"',), "m") == ("good",)
    assert engine.public_values(("v",), "next") == (2,)
    assert engine.healthy()
    engine.close()
