import logging
from pathlib import Path

import duckdb
import pytest

from gateway.engines.duckdb import DuckDBEngine
from gateway.engines.duckdb_open import NotOpened
from tests.engines.data import of_database, of_files


def write(path: Path, select: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({select}) TO '{path}'")


def test_a_glob_reads_all_its_files(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    write(tmp_path / "a.parquet", "SELECT 1 AS n")
    write(tmp_path / "deep" / "b.parquet", "SELECT 2 AS n")
    engine = DuckDBEngine(of_files({"t": str(tmp_path / "**" / "*.parquet")}))
    assert engine.public_values(("t",), "n") == (1, 2)
    engine.close()


def test_files_with_other_columns_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", "SELECT 1 AS n")
    write(tmp_path / "b.parquet", "SELECT 'x' AS n")
    with pytest.raises(NotOpened) as refused:
        DuckDBEngine(of_files({"t": str(tmp_path / "*.parquet")}))
    assert refused.value.table == "t"
    assert refused.value.found == "b.parquet with other columns than a.parquet"


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("{folder}/none.parquet", "no file at {folder}/none.parquet"),
        ("{folder}/*.none", "no file at {folder}/*.none"),
        ("{folder}/notes.txt", "files that end in .txt"),
        ("{folder}/*.*", "files that end in .parquet, .txt"),
        ("s3://bucket/x.parquet", "a remote address"),
        ("https://example.org/x.csv", "a remote address"),
    ],
)
def test_paths_that_cannot_be_opened(tmp_path: Path, pattern: str, found: str) -> None:
    write(tmp_path / "a.parquet", "SELECT 1 AS n")
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(NotOpened) as refused:
        DuckDBEngine(of_files({"t": pattern.format(folder=tmp_path)}))
    assert refused.value.found == found.format(folder=tmp_path)


def test_a_broken_parquet_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_text("not parquet at all, but long enough")
    with pytest.raises(NotOpened, match="data that DuckDB cannot open"):
        DuckDBEngine(of_files({"t": str(tmp_path / "x.parquet")}))


def test_a_csv_file_is_loaded_with_its_types(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("name,n,day\nann,1,2020-01-01\nbob,2,2020-01-02\n")
    engine = DuckDBEngine(of_files({"t": str(tmp_path / "x.csv")}))
    columns = engine.describe(("t",)) or ()
    assert [column.declared for column in columns] == ["VARCHAR", "BIGINT", "DATE"]
    assert engine.public_values(("t",), "name") == ("ann", "bob")
    engine.close()


def test_a_tsv_file_has_tabs(tmp_path: Path) -> None:
    (tmp_path / "x.tsv").write_text("name\tn\nann, jr\t1\n")
    engine = DuckDBEngine(of_files({"t": str(tmp_path / "x.tsv")}))
    assert engine.public_values(("t",), "name") == ("ann, jr",)
    engine.close()


def test_a_csv_row_that_cannot_be_read_fails_at_start_without_its_text(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "x.csv").write_text('a,b\n1,2\n3,4,secretvalue,6\n"7,8\n')
    with caplog.at_level(logging.ERROR), pytest.raises(NotOpened) as refused:
        DuckDBEngine(of_files({"t": str(tmp_path / "x.csv")}))
    assert "secretvalue" not in str(refused.value)
    assert caplog.records


def test_a_database_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(NotOpened, match="no file at"):
        DuckDBEngine(of_database(tmp_path / "none.duckdb", ["t"]))
    (tmp_path / "x.duckdb").write_text("not a database")
    with pytest.raises(NotOpened, match="data that DuckDB cannot open"):
        DuckDBEngine(of_database(tmp_path / "x.duckdb", ["t"]))


def test_paths_with_links_and_dots_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "policies").mkdir()
    write(tmp_path / "real" / "a.parquet", "SELECT 1 AS n")
    (tmp_path / "link.parquet").symlink_to(tmp_path / "real" / "a.parquet")
    monkeypatch.chdir(tmp_path / "real")
    files = {"linked": f"{tmp_path}/policies/../link.parquet", "relative": "a.parquet"}
    engine = DuckDBEngine(of_files(files))
    monkeypatch.chdir(tmp_path)
    assert engine.public_values(("linked",), "n") == (1,)
    assert engine.public_values(("relative",), "n") == (1,)
    engine.close()
