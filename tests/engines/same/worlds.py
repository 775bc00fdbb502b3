"""Gateways over the same rows on each engine."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gateway.start import Gateway
from tests.corpus.policies import Document, gateway
from tests.engines.loading import load
from tests.postgres import SELDOM, VERSIONS

Tables = Mapping[str, pa.Table]
Settings = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class World:
    """An engine: `hold` keeps tables in it, and gives a policy's `engine` section for them. Of the
    queries `make test` asks one in `one_in`; where that is not each, an audit asks all."""

    name: str
    hold: Callable[[pytest.FixtureRequest, Tables], contextlib.AbstractContextManager[Settings]]
    dialect: str
    one_in: int = 1
    seldom: bool = False
    """Whether audits alone ask it."""
    refused: frozenset[str] = frozenset()
    """Queries that this engine cannot do, which are refused before a charge."""


def _files(request: pytest.FixtureRequest, tables: Tables) -> dict[str, str]:
    folder: Path = request.getfixturevalue("tmp_path_factory").mktemp("files")
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    return {name: str(folder / f"{name}.parquet") for name in tables}


@contextlib.contextmanager
def _duckdb(request: pytest.FixtureRequest, tables: Tables) -> Iterator[Settings]:
    yield {"type": "duckdb", "files": _files(request, tables)}


@contextlib.contextmanager
def _spark(request: pytest.FixtureRequest, tables: Tables) -> Iterator[Settings]:
    url = request.getfixturevalue("spark")
    files = _files(request, tables)
    yield {"type": "spark", "url": url, "timeout": "300s", "files": files}


def _postgres(version: str) -> World:
    @contextlib.contextmanager
    def hold(request: pytest.FixtureRequest, tables: Tables) -> Iterator[Settings]:
        server = request.getfixturevalue("postgres_of")(version)
        with server.database() as name:
            load(server.url(name), tables)
            yield {"type": "postgres", "url": server.reader(name)}

    name, seldom = f"postgres {version}", version in SELDOM
    return World(name=name, hold=hold, dialect="postgres", one_in=6, seldom=seldom)


DUCKDB = World(name="duckdb", hold=_duckdb, dialect="duckdb")
WORLDS = [
    *map(_postgres, VERSIONS),
    World(
        name="spark",
        hold=_spark,
        dialect="spark",
        refused=frozenset({"exists_and_in: one within the other"}),
        seldom=True,
    ),
]
"""The engines that are compared with DuckDB."""


@contextlib.contextmanager
def opened(
    world: World, request: pytest.FixtureRequest, document: Document, tables: Tables
) -> Iterator[Gateway]:
    """A gateway over the tables in an engine, under a policy."""
    import yaml

    folder: Path = request.getfixturevalue("tmp_path_factory").mktemp("policy")
    with world.hold(request, tables) as settings:
        made = {**document, "engine": settings}
        path = folder / f"{document['dataset']}.yaml"
        path.write_text(yaml.safe_dump(made, sort_keys=False), encoding="utf-8")
        with gateway(folder) as started:
            yield started
