"""A gateway to ask, and the command in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from click.testing import Result
from typer.testing import CliRunner

from gateway.cli import app
from tests.http.process import Running, running

Command = Callable[..., Result]


@pytest.fixture(scope="session")
def double(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("double")
    with running(["-m", "tests.http.double", str(folder)], folder / "log") as gateway:
        yield gateway


@pytest.fixture
def noisegate(monkeypatch: pytest.MonkeyPatch) -> Command:
    for name in ("URL", "KEY", "LEDGER", "POLICIES", "DATASET", "HTTP", "POSTGRES"):
        monkeypatch.delenv(f"NOISEGATE_{name}", raising=False)

    def run(*arguments: str, **options: object) -> Result:
        return CliRunner().invoke(app, list(arguments), **options)  # type: ignore[arg-type]

    return run


@pytest.fixture
def ana(noisegate: Command, double: Running) -> Command:
    return asking(noisegate, double, "ana")


@pytest.fixture
def root(noisegate: Command, double: Running) -> Command:
    return asking(noisegate, double, "root")


def asking(noisegate: Command, double: Running, name: str) -> Command:
    """The command with the address and a user's key in its environment."""
    env = {"NOISEGATE_URL": double.url, "NOISEGATE_KEY": double.announced["keys"][name]}

    def run(*arguments: str, **options: object) -> Result:
        return noisegate(*arguments, env=env, **options)

    return run
