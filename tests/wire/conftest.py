"""The gateway of this folder's tests, and a connection to it for each test."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.wire.real import RealPostgres, Target, real_postgres, target
from tests.wire.served import Served, serving, unset


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    unset()
    folder = tmp_path_factory.mktemp("wire")
    with serving(folder, users=("ana", "ben", "poor", "nobody")) as found:
        yield found


@pytest.fixture
def ana(served: Served) -> Iterator[psycopg.Connection]:
    with psycopg.connect(served.url(), autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def real() -> Iterator[RealPostgres]:
    unset()
    with real_postgres() as found:
        yield found


@pytest.fixture(scope="session", params=["gateway", "postgresql"])
def either(request: pytest.FixtureRequest) -> Target:
    """The gateway and a real PostgreSQL, one after the other: clients find the same at both."""
    if request.param == "gateway":
        return target(request.getfixturevalue("served"))
    found: RealPostgres = request.getfixturevalue("real")
    return found.ana


@pytest.fixture
def anyone(either: Target) -> Iterator[psycopg.Connection]:
    with either.connect() as connection:
        yield connection
