from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from gateway.engines.duckdb import DuckDBEngine
from tests.engines.data import of_files


@pytest.fixture
def visits(tmp_path: Path) -> Path:
    """A Parquet file of 1,000 visits of 100 patients, with awkward types."""
    path = tmp_path / "visits.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"""COPY (SELECT i AS visit, i % 100 AS patient,
                   CASE WHEN i % 7 = 0 THEN NULL ELSE 'w' || (i % 3) END AS ward,
                   CAST(i % 200 AS UTINYINT) AS small,
                   TIMESTAMP_NS '2020-01-01 10:00:00' AS at_ns,
                   [i] AS list
                FROM range(1000) t(i)) TO '{path}'"""
        )
    return path


@pytest.fixture
def engine(visits: Path) -> Iterator[DuckDBEngine]:
    opened = DuckDBEngine(of_files({"visits": str(visits)}), timeout_seconds=20)
    yield opened
    opened.close()
