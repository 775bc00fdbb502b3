"""A fresh ledger in a file for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.budget.books import Books, open_ledger
from tests.ledger.desk import Hands


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'ledger.db'}"


@pytest.fixture
def books(url: str, clock: Hands) -> Iterator[Books]:
    opened = open_ledger(url, clock)
    yield opened
    assert opened.verify() == ()  # whatever a test did, the chain and the accounts agree
    opened.close()
