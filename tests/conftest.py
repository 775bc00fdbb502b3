"""How hard the tests try: `make test` once and briefly, `make audit` many times and long.

Tests marked `audit` hold many trials themselves: `make test` leaves them out, `make audit` runs
them once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import spark as spark_of_tests
from tests.postgres import PostgresServer, missing, postgres_server, server_of

main = sys.modules["__main__"]
if not hasattr(main, "__file__"):
    # Spark's client takes a process that runs no file, as those of pytest-xdist do, for a doctest
    # of its own, and ends it. This file does nothing when it is run.
    main.__file__ = str(Path(__file__).with_name("__init__.py"))

# No deadline: a machine that is busy with something else is no fault of the code.
settings.register_profile("default", deadline=None)
settings.register_profile(
    "audit",
    deadline=None,
    max_examples=2000,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--rounds N` runs every collected test N times; `--superset` those of tests/superset."""
    parser.addoption("--rounds", type=int, default=1, help="run each test so many times")
    parser.addoption("--superset", action="store_true", help="run the tests with Superset, too")
    parser.addoption("--pictures", action="store_true", help="renew those of docs/pictures")


LONGEST = ("neighbours", "noiseless", "ledger", "http", "wire")
"""Folders that are begun first, so that at the end no process waits long for another."""
SHARING = ("distribution", "estimates", "tpch", "wire")
"""Folders whose tests share what is costly to make, such as a server: one process runs them all."""


@pytest.hookimpl(tryfirst=True)  # pytest-xdist reads the groups in the same hook
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only an audit runs, unless an audit runs; say which tests stay together."""
    for item in items:
        if "spark" in getattr(item, "fixturenames", ()) or "spark" in item.nodeid.partition("[")[2]:
            item.add_marker(pytest.mark.xdist_group("spark"))
    if config.getoption("rounds") == 1:
        long = [item for item in items if item.get_closest_marker("audit")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if not item.get_closest_marker("audit")]
    for item in items:
        if not item.get_closest_marker("xdist_group"):
            folder = item.path.parent.name
            together = folder if folder in SHARING else str(item.path.relative_to(config.rootpath))
            item.add_marker(pytest.mark.xdist_group(together))
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    folder = item.path.parent.name
    return LONGEST.index(folder) if folder in LONGEST else len(LONGEST)


COUNTS = "counts"
"""What a test records under this name is printed at the end of the run."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The counts that tests recorded, which would be lost in another process's output."""
    reports = [one for many in terminalreporter.stats.values() for one in many]
    found = [
        value
        for report in reports
        if getattr(report, "when", None) == "call"
        for name, value in report.user_properties
        if name == COUNTS
    ]
    if found:
        terminalreporter.section("counts")
        for value in found:
            terminalreporter.write_line(str(value))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test per round."""
    rounds = metafunc.config.getoption("rounds")
    alone = any(metafunc.definition.get_closest_marker(name) for name in ("audit", "once"))
    if rounds > 1 and not alone:
        metafunc.fixturenames.append("round_of_audit")
        metafunc.parametrize("round_of_audit", range(1, rounds + 1))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One PostgreSQL server for all tests of this process, started when the first one asks."""
    with postgres_server(durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_of(postgres: PostgresServer) -> Iterator[Callable[[str], PostgresServer]]:
    """A server of each version that a test asks for; it is skipped where the machine lacks one."""
    with ExitStack() as started:
        servers = {"16": postgres}

        def find(version: str) -> PostgresServer:
            if reason := missing(version):
                pytest.skip(reason)
            if version not in servers:
                servers[version] = started.enter_context(server_of(version))
            return servers[version]

        yield find


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one Spark Connect server for all tests of this process. Those that ask for it
    run in one process, so that there is one server in a run."""
    if reason := spark_of_tests.missing():
        pytest.skip(reason)
    with spark_of_tests.spark_server(tmp_path_factory.mktemp("spark")) as url:
        yield url
