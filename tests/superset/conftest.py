"""Starts everything once. Without `--superset` these tests are skipped, for they take minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.superset import serving
from tests.superset.measured import MEASURED, table
from tests.superset.tap import tapped

if TYPE_CHECKING:
    from tests.superset.building import World

HERE = Path(__file__).parent
Pictures = Callable[[str], None]
"""Takes a picture of the page under a name."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Only `make superset` runs what stands here."""
    if not config.getoption("superset"):
        skip = pytest.mark.skip(reason="minutes with Superset and a browser: `make superset`")
        for item in items:
            if item.path.is_relative_to(HERE):
                item.add_marker(skip)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was measured, at the end of `make superset`."""
    if MEASURED:
        terminalreporter.section("Superset on Noisegate")
        terminalreporter.write_line(table(MEASURED))


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Servers, charts and a browser."""
    lacking = serving.missing()
    if lacking is not None:
        pytest.fail(lacking)
    # Only here: the browser's driver is installed by `make superset`.
    from tests.superset.api import Superset
    from tests.superset.browser import browsing
    from tests.superset.building import build

    folder = tmp_path_factory.mktemp("superset")
    with ExitStack() as held:
        gateway = held.enter_context(serving.gateway(folder))
        tap = held.enter_context(tapped(*gateway.place))
        url = held.enter_context(serving.superset(folder))
        session = Superset(url)
        held.callback(session.close)
        program = serving.chromium() or ""
        browser = held.enter_context(browsing(url, program, folder / "profile"))
        plain = held.enter_context(serving.plain())
        yield build(gateway, tap, session, browser, plain)


@pytest.fixture
def pictures(world: World, pytestconfig: pytest.Config, tmp_path: Path) -> Pictures:
    """Into the documentation where the command asks for it, otherwise beside the test."""
    folder = serving.ROOT / "docs" / "pictures" if pytestconfig.getoption("pictures") else tmp_path
    return lambda name: world.browser.photograph(folder / f"superset-{name}.png")
