"""One gateway with a double of the line, shared by the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.http.process import Running, running


@pytest.fixture(scope="session")
def double(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("double")
    with running(["-m", "tests.http.double", str(folder)], folder / "log") as gateway:
        yield gateway


@pytest.fixture
def ana(double: Running) -> Iterator[httpx.Client]:
    with double.client(double.announced["keys"]["ana"]) as client:
        yield client


@pytest.fixture
def root(double: Running) -> Iterator[httpx.Client]:
    with double.client(double.announced["keys"]["root"]) as client:
        yield client


@pytest.fixture
def anonymous(double: Running) -> Iterator[httpx.Client]:
    with double.client() as client:
        yield client
