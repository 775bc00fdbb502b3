"""The engines under the suite: how each is given tables, opened, and kept busy."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gateway.edges import Engine
from gateway.engines.duckdb import DuckDBEngine
from gateway.engines.spark import SparkEngine
from tests.engines.data import of_files

Tables = Mapping[str, pa.Table]
Opening = contextlib.AbstractContextManager[Engine]


@dataclass(frozen=True, kw_only=True)
class Kit:
    """An engine as the suite needs it.

    `open` gives an engine over the tables, each to be named `source(table)`, with a timeout in
    seconds. `slow` is a SELECT of one column `n` that runs for minutes.
    """

    name: str
    open: Callable[[pytest.FixtureRequest, Tables, float], Opening]
    slow: str
    source: Callable[[str], tuple[str, ...]] = lambda table: (table,)


@contextlib.contextmanager
def _duckdb(request: pytest.FixtureRequest, tables: Tables, timeout: float) -> Iterator[Engine]:
    folder: Path = request.getfixturevalue("tmp_path_factory").mktemp("duckdb")
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    files = {name: str(folder / f"{name}.parquet") for name in tables}
    engine = DuckDBEngine(of_files(files), timeout_seconds=timeout)
    try:
        yield engine
    finally:
        engine.close()


@contextlib.contextmanager
def _spark(request: pytest.FixtureRequest, tables: Tables, timeout: float) -> Iterator[Engine]:
    url: str = request.getfixturevalue("spark")
    folder: Path = request.getfixturevalue("tmp_path_factory").mktemp("spark")
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    files = {name: str(folder / f"{name}.parquet") for name in tables}
    engine = SparkEngine(url, files=files, timeout_seconds=timeout)
    try:
        yield engine
    finally:
        engine.close()


KITS = [
    Kit(
        name="duckdb",
        open=_duckdb,
        slow="SELECT COUNT(*) AS n FROM range(10000000) a, range(10000000) b "
        "WHERE (a.range * b.range) % 7 = 3",
    ),
    Kit(
        name="spark",
        open=_spark,
        slow="SELECT COUNT(*) AS n FROM range(10000000) a, range(10000000) b "
        "WHERE (a.id * b.id) % 7 = 3",
    ),
]
