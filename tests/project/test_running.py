"""How the tests themselves are run."""

from __future__ import annotations

import pytest


def test_tests_of_one_group_stay_in_one_process(request: pytest.FixtureRequest) -> None:
    """pytest-xdist knows a group by the end of a test's name; where that fails, it tells nobody,
    and every process starts servers of its own."""
    if not hasattr(request.config, "workerinput"):
        pytest.skip("the tests run in one process")
    assert request.node.nodeid.endswith("@tests/project/test_running.py")
