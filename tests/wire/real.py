"""A real PostgreSQL with the schema that analysts see of these tests' gateway, to compare with.

What a client finds in its catalog, and what it reads from the public tables, must be the same at
both. The schema is written down here once more, not made by the gateway's own code. Columns with a
public domain are NOT NULL, for rows outside of it take no part in questions.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from gateway.server.postgres.catalog.cluster import binaries
from gateway.server.postgres.catalog.lockdown import OWNER
from tests.wire.served import KINDS, ROWS, Served

_SECONDS = 60
_PASSWORD = "it's p@ss/word"
_ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/bin:/bin"}
_SCHEMA = f"""
COMMENT ON DATABASE clinic IS 'Made up for tests of the protocol.';
SET TimeZone = 'UTC';
CREATE TABLE visits (
    ward text NOT NULL, days bigint, cost numeric(10, 2), seen date, kind bigint NOT NULL
);
COMMENT ON TABLE visits IS 'One row for each visit.';
COMMENT ON COLUMN visits.days IS 'Days in hospital.';
{KINDS.replace("DOUBLE", "double precision").replace("VARCHAR", "text")}
ALTER TABLE kinds ADD PRIMARY KEY (id);
CREATE TABLE numbers AS
    SELECT i AS n, 'label ' || i AS label FROM generate_series(0::bigint, {ROWS - 1}) AS r(i);
ALTER TABLE numbers ADD PRIMARY KEY (n);
ALTER TABLE visits ADD FOREIGN KEY (kind) REFERENCES kinds (id);
CREATE VIEW long_stays AS SELECT ward, days FROM visits WHERE days > 7;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a client connects to, and as whom."""

    host: str
    port: int
    database: str
    user: str
    password: str

    @property
    def url(self) -> str:
        """The address as libpq reads it."""
        login = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}"
        return f"postgresql://{login}@{self.host}:{self.port}/{self.database}"

    def connect(self) -> psycopg.Connection:
        """A connection in autocommit mode."""
        return psycopg.connect(self.url, autocommit=True)


def target(served: Served, user: str = "ana") -> Target:
    """A gateway as one of its users sees it."""
    return Target(
        host=served.host,
        port=served.port,
        database="clinic",
        user=user,
        password=served.keys[user],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RealPostgres:
    """A server that runs. `ana` is a user as the gateway's are, `owner` a superuser."""

    ana: Target
    owner: Target


@contextmanager
def real_postgres() -> Iterator[RealPostgres]:
    """A server with a database like the gateway's."""
    with server(OWNER) as owner:
        ana = replace(owner, database="clinic", user="ana", password="ana's own")
        _fill(owner, ana)
        yield RealPostgres(ana=ana, owner=owner)


@contextmanager
def server(superuser: str) -> Iterator[Target]:
    """A new server from the wheel's binaries on a port of its own, as its superuser sees it.

    Its users prove a password, also the superuser. The wheel's PostgreSQL knows no TLS.
    """
    folder = Path(tempfile.mkdtemp(prefix="noisegate-real-"))
    account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    user = None if account is None else account.pw_uid
    try:
        (folder / "password").write_text(_PASSWORD)
        for path in (folder, folder / "password"):
            if account is not None:
                os.chown(path, account.pw_uid, account.pw_gid)
        subprocess.run(
            [
                str(binaries() / "initdb"), "-D", f"{folder}/data", "-U", superuser, "--no-sync",
                "--auth=scram-sha-256", f"--pwfile={folder}/password", "--encoding=UTF8",
                "--locale=C", "--no-instructions",
            ],
            capture_output=True, check=True, env=_ENVIRONMENT, user=user, cwd="/",
        )  # fmt: skip
        with _started(folder, superuser, user) as found:
            yield found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fill(owner: Target, ana: Target) -> None:
    with owner.connect() as connection:
        connection.execute("CREATE DATABASE clinic")
        made = sql.SQL("CREATE ROLE ana LOGIN NOINHERIT PASSWORD {}").format(ana.password)
        connection.execute(made)
    with replace(owner, database="clinic").connect() as connection:
        connection.execute(_SCHEMA.encode())


@contextmanager
def _started(folder: Path, superuser: str, user: int | None) -> Iterator[Target]:
    """Its superuser. It is stopped when the block ends."""
    settings = {"listen_addresses": "127.0.0.1", "fsync": "off", "jit": "off", "TimeZone": "UTC"}
    for _ in range(10):  # somebody else may have taken the port just now
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        command = [str(binaries() / "postgres"), "-D", f"{folder}/data", "-k", str(folder)]
        for name, value in {**settings, "port": port}.items():
            command += ["-c", f"{name}={value}"]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=_ENVIRONMENT,
                user=user, cwd="/",
            )  # fmt: skip
        owner = Target(
            host="127.0.0.1", port=port, database="postgres", user=superuser, password=_PASSWORD
        )
        try:
            if _answers(process, owner):
                yield owner
                return
        finally:
            process.send_signal(signal.SIGINT)  # which ends connections, too
            process.wait(timeout=_SECONDS)
    raise AssertionError(f"PostgreSQL did not start: {(folder / 'log').read_text()}")


def _answers(process: subprocess.Popen[bytes], owner: Target) -> bool:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(psycopg.OperationalError), owner.connect():  # not up yet
            return True
        time.sleep(0.05)
    return False
