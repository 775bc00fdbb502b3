"""TPC-H at scale 0.01, made once: 1,500 customers, 15,000 orders, 60,000 lines."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import duckdb
import pytest

from gateway.start import Gateway
from tests.tpch.asking import TABLES, VARIANTS, gateway, wide

GENERATOR = Path(sys.executable).with_name("tpchgen-cli")


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("tpch")
    made = [str(GENERATOR), "parquet", "-s", "0.01", "--output-dir", str(folder)]
    subprocess.run(made, check=True, capture_output=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TPCH_DATA", str(folder))
        yield folder


@pytest.fixture(scope="session")
def silent(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """Without noise, under bounds that bind nobody."""
    with gateway(wide, tmp_path_factory.mktemp("wide")) as started:
        yield started


@pytest.fixture(scope="session")
def variants(
    data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, Gateway]]:
    with ExitStack() as opened:
        yield {
            name: opened.enter_context(gateway(change, tmp_path_factory.mktemp(name)))
            for name, change in VARIANTS.items()
        }


@pytest.fixture(scope="session")
def plain(data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB alone over the same files."""
    with duckdb.connect() as connection:
        for table in TABLES:
            connection.execute(f"CREATE VIEW {table} AS FROM '{data / table}.parquet'")
        yield connection
