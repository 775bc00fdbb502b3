"""What a worker keeps: statements give the same with it, and nothing is kept of other data."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from gateway.engines import duckdb_kept
from gateway.engines.duckdb import DuckDBEngine
from gateway.engines.duckdb_kept import Kept as Asked
from gateway.engines.duckdb_kept import Shelf
from gateway.engines.duckdb_open import open_data
from gateway.privacy.plan import Kept, Statement
from tests.engines.data import of_files

TOTALS = 'SELECT "patient" AS u, COUNT(*) AS n FROM "visits" GROUP BY "patient" HAVING COUNT(*) > 4'
LIGHT = "SELECT 1 AS n"


def statement(limit: int) -> Statement:
    """Counts the owners with more rows than the limit; where there is none, `LIGHT` says so."""
    sql = f"SELECT COUNT(*) AS n FROM ({TOTALS}) AS totals WHERE n > {limit}"
    kept = Kept(totals=TOTALS, limit=limit, light=LIGHT)
    return Statement(sql=sql, dialect="duckdb", columns=("n",), kept=kept)


def write(path: Path, rows: int, owners: int = 10) -> None:
    """Rows of so many owners; into a new file that takes the place of the old one."""
    made = path.with_suffix(".new")
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT i AS visit, i % {owners} AS patient FROM range({rows}) t(i)) "
            f"TO '{made}' (FORMAT parquet)"
        )
    made.replace(path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "visits.parquet"
    write(path, 100)
    return path


@pytest.fixture
def opened(file: Path) -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine(of_files({"visits": str(file)}))
    yield engine
    engine.close()


def number(engine: DuckDBEngine, limit: int) -> int:
    return int(engine.run(statement(limit), "q")._open().column("n")[0].as_py())


def test_the_light_statement_runs_where_nobody_has_more_than_the_limit(
    opened: DuckDBEngine,
) -> None:
    for _ in range(2):
        assert number(opened, 9) == 10
        assert number(opened, 10) == 1, "the light statement's"


def test_what_is_kept_ends_with_the_data(opened: DuckDBEngine, file: Path) -> None:
    assert number(opened, 10) == 1
    write(file, 200)
    assert number(opened, 10) == 10
    write(file, 55)
    assert number(opened, 5) == 5
    write(file, 50)
    assert number(opened, 5) == 1


def test_no_statement_can_name_it(opened: DuckDBEngine) -> None:
    assert number(opened, 9) == 10
    sql = "SELECT COUNT(*) AS n FROM duckdb_tables() WHERE schema_name = 'kept'"
    found = opened.run(Statement(sql=sql, dialect="duckdb", columns=("n",)), "q")
    assert found._open().column("n").to_pylist() == [1], "it is there"
    # Names in statements are those of the policy's tables, which stand in the schema main.
    assert opened.describe(("kept", "t1")) is None
    assert opened.describe(("t1",)) is None


def test_a_file_that_changes_meanwhile_spoils_what_was_chosen(file: Path) -> None:
    """The worker compares the version before it gives a result away."""
    data = open_data(of_files({"visits": str(file)}))
    shelf = Shelf([str(file)])
    asked = statement(9)
    kept = Asked(totals=TOTALS, limit=9, light=LIGHT)
    chosen = shelf.chosen(data.connection, asked.sql, kept)
    assert chosen is not None
    assert '"kept"' in chosen.sql
    assert chosen.version == shelf.version()
    os.utime(file, ns=(1, 1))
    assert chosen.version != shelf.version()
    again = shelf.chosen(data.connection, asked.sql, kept)
    assert again is not None
    assert again.sql != chosen.sql, "it was made anew"
    tables = data.connection.execute("SELECT count(*) FROM duckdb_tables()").fetchall()
    assert tables == [(1,)], "what was kept of the old data is gone"
    data.connection.close()


def test_too_many_owners_are_not_kept(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duckdb_kept, "MOST_OWNERS", 9)
    data = open_data(of_files({"visits": str(file)}))
    shelf = Shelf([str(file)])
    kept = Asked(totals=TOTALS, limit=9, light=LIGHT)
    assert shelf.chosen(data.connection, statement(9).sql, kept) is None
    assert data.connection.execute("SELECT count(*) FROM duckdb_tables()").fetchall() == [(0,)]
    data.connection.close()


def test_one_that_fails_to_be_made_is_tried_again(file: Path) -> None:
    data = open_data(of_files({"visits": str(file)}))
    shelf = Shelf([str(file)])
    broken = Asked(totals="SELECT u, n FROM nothing", limit=9, light=LIGHT)
    for _ in range(2):
        with pytest.raises(duckdb.Error):
            shelf.chosen(data.connection, f"SELECT 1 AS n FROM ({broken.totals})", broken)
    data.connection.close()
