import gc
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from gateway.engines.duckdb import DuckDBEngine
from gateway.engines.duckdb_open import FALLIBLE, open_data
from gateway.errors import Code, Refusal
from gateway.privacy.plan import Statement
from tests.engines.data import of_database, of_files

secret_rows = pa.table({"n": [1]})
"""A Python variable that a query could see if replacement scans were on."""


def refusal(engine: DuckDBEngine, sql: str) -> Refusal:
    with pytest.raises(Refusal) as refused:
        engine.run(Statement(sql=sql, dialect="duckdb", columns=("n",)), "q")
    return refused.value


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT COUNT(*) AS n FROM read_parquet('{other}')",
        "SELECT COUNT(*) AS n FROM '{other}'",
        "SELECT COUNT(*) AS n FROM read_text('{other}')",
        "SELECT COUNT(*) AS n FROM read_csv('/etc/passwd')",
        "SELECT COUNT(*) AS n FROM glob('{folder}/*')",
        "SELECT COUNT(*) AS n FROM secret_rows",
        "SELECT COUNT(*) AS n FROM read_parquet('https://localhost:1/x.parquet')",
    ],
)
def test_nothing_outside_the_policy_s_files_can_be_read(
    engine: DuckDBEngine, visits: Path, sql: str
) -> None:
    other = visits.with_name("other.parquet")
    other.write_bytes(visits.read_bytes())
    text = sql.format(other=other, folder=visits.parent)
    assert refusal(engine, text).code is Code.ENGINE_UNAVAILABLE


@pytest.mark.parametrize(
    "sql",
    [
        "SET threads = 8",
        "SET enable_external_access = true",
        "RESET lock_configuration",
        "PRAGMA memory_limit='1TB'",
        "ATTACH '{folder}/x.duckdb'",
        "COPY (SELECT 1 AS n) TO '{folder}/x.csv'",
        "COPY (SELECT 1 AS n) TO '{file}' (USE_TMP_FILE false)",
        "CREATE TABLE x AS SELECT 1 AS n",
        "DROP VIEW visits",
        "INSTALL httpfs",
        "LOAD httpfs",
        "EXPLAIN ANALYZE SELECT 1 AS n",
        "CALL pragma_version()",
        "SELECT 1 AS n; SELECT 2 AS n",
        "COMMIT; CREATE TABLE x AS SELECT 1 AS n",
        "",
    ],
)
def test_anything_but_one_select_is_refused(engine: DuckDBEngine, visits: Path, sql: str) -> None:
    before = visits.read_bytes()
    text = sql.format(folder=visits.parent, file=visits)
    assert refusal(engine, text).code in (Code.INTERNAL, Code.ENGINE_UNAVAILABLE)
    assert visits.read_bytes() == before
    assert [path.name for path in visits.parent.iterdir()] == ["visits.parquet"]
    count = Statement(sql='SELECT COUNT(*) AS "n" FROM "visits"', dialect="duckdb", columns=("n",))
    assert engine.run(count, "q")._open().to_pylist() == [{"n": 1000}]


def test_settings_stay_locked_for_a_connection_that_gets_past_the_guard(visits: Path) -> None:
    opened = open_data(of_files({"visits": str(visits)}))
    with opened.connection.cursor() as cursor:
        for statement in (
            "SET threads = 8",
            "SET GLOBAL enable_external_access = true",
            "SET GLOBAL allowed_paths = ['/etc/passwd']",
            "SET TimeZone = 'Europe/Paris'",
            f"ATTACH '{visits.parent}/x.duckdb'",
        ):
            with pytest.raises(duckdb.Error):
                cursor.execute(statement)
    opened.connection.close()


def test_a_select_that_writes_changes_nothing(tmp_path: Path) -> None:
    csv = tmp_path / "t.csv"
    csv.write_text("n,m\n1,a\n2,b\n")
    engine = DuckDBEngine(of_files({"t": str(csv)}))
    sql = "WITH w AS (INSERT INTO \"t\" VALUES (3, 'c') RETURNING n) SELECT n FROM w"
    assert refusal(engine, sql).code is Code.ENGINE_UNAVAILABLE
    assert engine.public_values(("t",), "n") == (1, 2)
    engine.close()


def test_a_database_file_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "d.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS n")
    gc.collect()
    opened = open_data(of_database(path, ["t"]))
    with opened.connection.cursor() as cursor, pytest.raises(duckdb.Error, match="read-only"):
        cursor.execute("INSERT INTO attached.main.t VALUES (2)")
    opened.connection.close()


def test_rows_are_no_reason_to_rewrite_a_statement(tmp_path: Path, visits: Path) -> None:
    """What DuckDB knows of the least and greatest values of a column decides no plan."""
    file = tmp_path / "visits.duckdb"
    with duckdb.connect(str(file)) as made:
        made.execute("CREATE TABLE visits (n INTEGER)")
    sql = "SELECT current_setting('disabled_optimizers') AS n"
    for data in (of_files({"visits": str(visits)}), of_database(file, ["visits"])):
        engine = DuckDBEngine(data)
        found = engine.run(Statement(sql=sql, dialect="duckdb", columns=("n",)), "q")
        (setting,) = found._open().column("n").to_pylist()
        engine.close()
        assert set(setting.split(",")) == set(FALLIBLE.split(","))
