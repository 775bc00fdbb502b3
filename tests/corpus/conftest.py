"""Gateways over the shipped policies and their variants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from gateway.start import Gateway
from tests.corpus.policies import DATASETS, VARIANTS, empty_copy, gateway, shipped, write_policy

Gateways = Callable[[str], Gateway]


@pytest.fixture(scope="session")
def variants(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateways]:
    """A gateway for each variant of the policies, without any protected row; made when asked."""
    made: dict[str, Gateway] = {}
    with ExitStack() as opened:

        def find(variant: str) -> Gateway:
            if variant not in made:
                folder = tmp_path_factory.mktemp(variant)
                for dataset in DATASETS:
                    document = shipped(dataset)
                    if variant != "through" or dataset == "hospital":
                        VARIANTS[variant](document)
                    files = {
                        table: empty_copy(dataset, folder / "empty")
                        for table in document["tables"]
                        if not document["tables"][table].get("public")
                    }
                    write_policy(document, folder, files)
                made[variant] = opened.enter_context(gateway(folder))
            return made[variant]

        yield find
