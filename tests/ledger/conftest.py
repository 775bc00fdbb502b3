"""A fresh ledger for each test, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.budget import signing
from gateway.budget.books import Books, open_ledger
from tests.ledger.desk import Hands
from tests.postgres import PostgresServer


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Tests that ask for a ledger run once on each kind of database."""
    kind: str = request.param
    return kind


@pytest.fixture(scope="session")
def migrated(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """A PostgreSQL database with an empty ledger, to copy from, and the key of its trail."""
    key = tmp_path_factory.mktemp("migrated") / "key"
    with postgres.database() as name:
        open_ledger(postgres.url(name), Hands(), signing_key=key).close()
        yield name, key


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A SQLite file with an empty ledger, to copy from, and the key of its trail."""
    file = tmp_path_factory.mktemp("migrated") / "ledger.db"
    key = file.with_name("key")
    open_ledger(f"sqlite:///{file}", Hands(), signing_key=key).close()
    assert not file.with_name("ledger.db-wal").exists()
    return file, key


@pytest.fixture
def url(
    backend: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    """The address of a ledger; the key of its trail lies where opening it looks by default."""
    if backend == "sqlite":
        template, key = request.getfixturevalue("migrated_file")
        url = f"sqlite:///{tmp_path / 'ledger.db'}"
        shutil.copy(template, tmp_path / "ledger.db")
        shutil.copy(key, signing.default_file(url))
        yield url
        return
    monkeypatch.chdir(tmp_path)
    server: PostgresServer = request.getfixturevalue("postgres")
    template, key = request.getfixturevalue("migrated")
    with server.database(template) as name:
        shutil.copy(key, tmp_path / signing.default_file(server.url(name)))
        yield server.url(name)


@pytest.fixture
def books(url: str, clock: Hands) -> Iterator[Books]:
    opened = open_ledger(url, clock, patience_seconds=0)
    yield opened
    assert opened.verify() == ()  # whatever a test did, the chain and the accounts agree
    opened.close()
