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
from gateway.engines.postgres import PostgresEngine
from gateway.engines.spark import SparkEngine
from tests.engines.data import of_files
from tests.engines.loading import load
from tests.postgres import SELDOM, VERSIONS

Tables = Mapping[str, pa.Table]
Opening = contextlib.AbstractContextManager[Engine]


@dataclass(frozen=True, kw_only=True)
class Kit:
    """An engine as the suite needs it.

    `open` gives an engine over the tables, each to be named `source(table)`, with a timeout in
    seconds. `slow` is a SELECT of one column `n` that runs for minutes.
    """

    name: str
    dialect: str
    open: Callable[[pytest.FixtureRequest, Tables, float], Opening]
    slow: str
    source: Callable[[str], tuple[str, ...]] = lambda table: (table,)
    seldom: bool = False
    """Whether audits alone run it."""


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


def _postgres(version: str) -> Kit:
    @contextlib.contextmanager
    def opened(request: pytest.FixtureRequest, tables: Tables, timeout: float) -> Iterator[Engine]:
        server = request.getfixturevalue("postgres_of")(version)
        with server.database() as name:
            load(server.url(name), tables)
            engine = PostgresEngine(server.reader(name), timeout_seconds=timeout)
            try:
                yield engine
            finally:
                engine.close()

    return Kit(
        name=f"postgres {version}",
        dialect="postgres",
        open=opened,
        slow="SELECT COUNT(*) AS n FROM generate_series(1, 10000000) a(i), "
        "generate_series(1, 10000000) b(i) WHERE (a.i + b.i) % 7 = 3",
        source=lambda table: ("public", table),
        seldom=version in SELDOM,
    )


KITS = [
    Kit(
        name="duckdb",
        dialect="duckdb",
        open=_duckdb,
        slow="SELECT COUNT(*) AS n FROM range(10000000) a, range(10000000) b "
        "WHERE (a.range * b.range) % 7 = 3",
    ),
    *map(_postgres, VERSIONS),
    Kit(
        name="spark",
        dialect="spark",
        open=_spark,
        slow="SELECT COUNT(*) AS n FROM range(10000000) a, range(10000000) b "
        "WHERE (a.id * b.id) % 7 = 3",
    ),
]
