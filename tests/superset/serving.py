"""The servers of these tests: a gateway on the bundled data, the same data in PostgreSQL, and
Superset beside them."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pyarrow.parquet as pq

from gateway.budget.books import open_ledger
from gateway.clock import SystemClock
from tests.engines.loading import load
from tests.http.process import Running, running
from tests.postgres import postgres_server

ROOT = Path(__file__).parents[2]
ENVIRONMENT = ROOT / ".superset"
"""What `make superset` installs: Superset's own `venv`, and its empty `metadata.sqlite`."""
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
SAMPLES = {"hospital": "encounters", "retail": "lines"}
"""The datasets with the table that the charts ask of each."""
PLAIN = "_plain"
"""What the names of the tables in PostgreSQL end with."""
ANALYST = "lead_analyst"
"""The user with the largest budget in the bundled policies."""
_START = 120
"""Seconds that Superset may take to answer."""


def chromium() -> str | None:
    """The browser's path, where the machine has one."""
    return next((path for name in CHROMIUM if (path := shutil.which(name))), None)


def missing() -> str | None:
    """What these tests lack, in words; None where nothing is."""
    if not (ENVIRONMENT / ".installed").exists():
        return "Superset is not installed: `make superset` does it"
    if chromium() is None:
        return "Chromium is not installed: `apt-get install chromium`"
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """A gateway with both doors open, and the key of its one analyst."""

    running: Running
    key: str

    @property
    def place(self) -> tuple[str, int]:
        """Where PostgreSQL clients connect."""
        found = urlsplit(str(self.running.announced["postgres"]))
        return found.hostname or "", found.port or 0

    def spent(self) -> dict[str, float]:
        """What the analyst has spent of each dataset, as rho: exact, and never smaller."""
        with self.running.client(self.key) as client:
            budgets = client.get("/v1/budget").raise_for_status().json()["budgets"]
        return {one["dataset"]: one["spent"]["rho"] for one in budgets}

    def uri(self, port: int, dataset: str, epsilon: float | None = None) -> str:
        """What is typed into Superset; `epsilon` is the price of each question."""
        login = f"postgresql+psycopg2://{ANALYST}:{self.key}@127.0.0.1:{port}/{dataset}"
        return login if epsilon is None else f"{login}?options=-c%20noisegate.epsilon%3D{epsilon}"


@contextmanager
def gateway(folder: Path) -> Iterator[Gateway]:
    """The gateway, on the policies and the data that come with it."""
    ledger = f"sqlite:///{folder / 'ledger.sqlite'}"
    books = open_ledger(ledger, SystemClock())
    key = books.users.add(ANALYST, ["analyst"])
    books.close()
    command = ["-m", "gateway", "serve", "--json", "--policies", str(ROOT / "policies")]
    command += ["--http", "127.0.0.1:0", "--postgres", "127.0.0.1:0", "--ledger", ledger]
    with running(command, folder / "gateway.log") as found:
        yield Gateway(running=found, key=key)


@contextmanager
def plain() -> Iterator[dict[str, str]]:
    """The bundled data in PostgreSQL, unprotected; addresses for Superset, by dataset."""
    with postgres_server(durable=False) as server, ExitStack() as held:
        found = {}
        for dataset, table in SAMPLES.items():
            database = held.enter_context(server.database())
            file = ROOT / "gateway" / "samples" / f"{dataset}_{table}.parquet"
            load(server.url(database), {table + PLAIN: pq.read_table(file)})
            login = f"postgresql+psycopg2://postgres@/{database}"
            found[dataset] = f"{login}?host={server.host}"
        yield found


@contextmanager
def superset(folder: Path) -> Iterator[str]:
    """Superset's address. It has its own copy of the empty metadata, and is stopped afterwards."""
    metadata = folder / "metadata.sqlite"
    shutil.copy(ENVIRONMENT / "metadata.sqlite", metadata)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [ENVIRONMENT / "venv" / "bin" / "gunicorn", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "2", "--worker-class", "gthread", "--threads", "8"]
    command += ["--timeout", "120", "superset.app:create_app()"]
    settings = {
        "SUPERSET_CONFIG_PATH": str(Path(__file__).with_name("superset_config.py")),
        "SUPERSET_METADATA": str(metadata),
        "SUPERSET_CACHES": str(folder / "caches"),
        "SUPERSET_SECRET_KEY": secrets.token_urlsafe(42),
    }
    log = folder / "superset.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=out, cwd=folder, env=os.environ | settings
        )
    try:
        _wait(f"http://127.0.0.1:{port}", process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START
    while time.monotonic() < deadline:
        assert process.poll() is None, f"Superset did not start: {log.read_text()[-4000:]}"
        try:
            if httpx.get(f"{url}/health", trust_env=False, timeout=10).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.5)
    raise AssertionError(f"Superset does not answer: {log.read_text()[-4000:]}")
