"""Gateways over the shipped policies and their variants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from gateway.start import Gateway
from tests.corpus.policies import (
    DATASETS,
    VARIANTS,
    empty_copy,
    few_rows,
    gateway,
    shipped,
    write_policy,
)

Gateways = Callable[[str], Gateway]
Copying = Callable[[str, Path], Path]


@pytest.fixture(scope="session")
def variants(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateways]:
    """A gateway for each variant of the policies, without any protected row; made when asked."""
    with ExitStack() as opened:
        yield _made_when_asked(tmp_path_factory, opened, empty_copy)


@pytest.fixture(scope="session")
def other_rows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateways]:
    """The same over a few rows of the shipped data."""
    with ExitStack() as opened:
        yield _made_when_asked(tmp_path_factory, opened, few_rows)


def _made_when_asked(
    folders: pytest.TempPathFactory, opened: ExitStack, copying: Copying
) -> Gateways:
    made: dict[str, Gateway] = {}

    def find(variant: str) -> Gateway:
        if variant not in made:
            folder = folders.mktemp(variant)
            for dataset in DATASETS:
                document = shipped(dataset)
                if variant != "through" or dataset == "hospital":
                    VARIANTS[variant](document)
                copied = copying(dataset, folder / "data")
                files = {
                    name: copied
                    for name, table in document["tables"].items()
                    if not table.get("public")
                }
                write_policy(document, folder, files)
            made[variant] = opened.enter_context(gateway(folder))
        return made[variant]

    return find
