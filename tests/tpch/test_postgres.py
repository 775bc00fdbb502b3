"""The queries on PostgreSQL give DuckDB's exact integers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gateway.start import Gateway
from tests.postgres import PostgresServer
from tests.tpch.asking import ANSWERED, EXACT, gateway, tight, wide
from tests.tpch.elsewhere import load_files, on_postgres
from tests.tpch.on_spark import compared, public

FEW = (1, 17, 22)
"""Of sums under weights, of a subquery released first, and of one below another."""


@pytest.fixture(scope="module")
def loaded(postgres_of: Callable[[str], PostgresServer], data: Path) -> Iterator[str]:
    server = postgres_of("18")
    with server.database() as name:
        load_files(server, name, data)
        yield server.reader(name)


@pytest.fixture(scope="module")
def there(loaded: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with gateway(on_postgres(loaded, wide), tmp_path_factory.mktemp("postgres")) as started:
        yield started


@pytest.mark.parametrize("number", FEW)
def test_a_few_give_the_same_integers(number: int, there: Gateway, silent: Gateway) -> None:
    compared(number, there, silent)


@pytest.mark.audit
@pytest.mark.parametrize("number", ANSWERED)
def test_all_give_the_same_integers(number: int, there: Gateway, silent: Gateway) -> None:
    compared(number, there, silent)


@pytest.mark.audit
@pytest.mark.parametrize("number", ANSWERED)
def test_all_give_the_same_under_bounds_that_bind(
    number: int, loaded: str, data: Path, tmp_path: Path
) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    with (
        gateway(tight, tmp_path / "here") as here,
        gateway(on_postgres(loaded, tight), tmp_path / "there") as there,
    ):
        compared(number, there, here)


@pytest.mark.audit
@pytest.mark.parametrize("number", EXACT)
def test_what_is_public_is_the_same(number: int, there: Gateway, silent: Gateway) -> None:
    assert public(number, silent, there)
