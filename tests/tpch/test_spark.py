"""The queries on Spark give DuckDB's exact integers.

`python -m tests.tpch.on_spark` does the same at scale 1 on two executors, and says what it costs.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.start import Gateway
from tests.tpch.asking import ANSWERED, EXACT, gateway, wide
from tests.tpch.elsewhere import on_spark
from tests.tpch.on_spark import compared, public


@pytest.fixture(scope="module")
def spread(spark: str, data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """Over Spark, without noise, under bounds that bind nobody."""
    with gateway(on_spark(spark, wide), tmp_path_factory.mktemp("spread")) as started:
        yield started


def test_sums_under_weights_are_the_same_integers(spread: Gateway, silent: Gateway) -> None:
    compared(1, spread, silent)


@pytest.mark.audit
@pytest.mark.parametrize("number", ANSWERED)
def test_all_give_the_same_integers(number: int, spread: Gateway, silent: Gateway) -> None:
    compared(number, spread, silent)


@pytest.mark.audit
@pytest.mark.parametrize("number", EXACT)
def test_what_is_public_is_the_same(number: int, spread: Gateway, silent: Gateway) -> None:
    assert public(number, silent, spread)
