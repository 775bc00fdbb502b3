"""One gateway about neighbouring databases for the tests of the whole line."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.distribution.line import Neighbours, neighbours


@pytest.fixture(scope="session")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbours]:
    with neighbours(tmp_path_factory.mktemp("neighbours")) as found:
        yield found
