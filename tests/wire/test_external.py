"""A catalog on a PostgreSQL that an administrator runs, and that may hold what is not ours."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from gateway.server.postgres.catalog import address, entry
from gateway.server.postgres.catalog.backend import connected
from gateway.server.postgres.faults import Fault
from tests.wire.real import Target, server
from tests.wire.served import Served, serving
from tests.wire.test_psycopg import KINDS

TABLES = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1"


@pytest.fixture(scope="module")
def administrators() -> Iterator[Target]:
    """A server whose superuser is the administrator, with a database and a user of their own."""
    with server("boss") as boss:
        with boss.connect() as connection:
            connection.execute("CREATE DATABASE payroll")
            connection.execute("CREATE ROLE ben LOGIN PASSWORD 'of his own'")
        yield boss


@pytest.fixture(scope="module")
def shown(administrators: Target, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway that is given the server's URL by its variable."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NOISEGATE_POSTGRES_CATALOG", administrators.url)
        with serving(tmp_path_factory.mktemp("shown"), users=("ana", "ben")) as found:
            yield found


def rows(connection: psycopg.Connection, sql: str) -> list[tuple[object, ...]]:
    return connection.execute(sql.encode()).fetchall()


def test_the_catalog_is_answered_there(shown: Served, administrators: Target) -> None:
    with psycopg.connect(shown.url(), autocommit=True) as ana:
        assert rows(ana, TABLES) == [
            (name,)
            for name in ("kinds", "kinds_pkey", "long_stays", "numbers", "numbers_pkey", "visits")
        ]
        assert rows(ana, "SELECT id FROM kinds ORDER BY id") == [(kind[0],) for kind in KINDS]
        ((port,),) = rows(ana, "SELECT current_setting('port') FROM pg_am LIMIT 1")
        assert port == str(administrators.port)
    with administrators.connect() as boss:
        owned = rows(
            boss,
            "SELECT datname, pg_get_userbyid(datdba) FROM pg_database "
            "WHERE datname IN ('clinic', 'payroll') ORDER BY 1",
        )
        assert owned == [("clinic", "noisegate+owner"), ("payroll", "boss")]
        ((rights,),) = rows(
            boss,
            "SELECT concat_ws(' ', rolsuper, rolcreatedb, rolcreaterole, rolreplication, "
            "rolbypassrls) FROM pg_roles WHERE rolname = 'ana'",
        )
        assert rights == "f f f f f"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT pg_sleep(0)",
        "SELECT pg_advisory_lock(1)",
        "SELECT * FROM pg_authid",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT set_config('role', 'noisegate+users', false)",
        "SELECT set_config('role', 'boss', false)",
        "SELECT set_config('session_authorization', 'boss', false)",
    ],
)
def test_its_users_can_do_nothing(shown: Served, sql: str) -> None:
    with (
        psycopg.connect(shown.url(), autocommit=True) as ana,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        ana.execute(sql.encode())


def test_what_is_the_administrators_is_hidden(shown: Served) -> None:
    with psycopg.connect(shown.url(), autocommit=True) as ana:
        assert rows(ana, "SELECT datname::text FROM pg_database") == [("clinic",)]
        users = "SELECT rolname::text FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY 1"
        assert rows(ana, users) == [("ana",), ("noisegate+owner",)]
        settings = "SELECT count(*) FROM pg_db_role_setting"
        assert rows(ana, settings) == [(0,)]


def test_a_user_of_the_administrators_is_never_logged_in_as(
    shown: Served, administrators: Target
) -> None:
    with psycopg.connect(shown.url("ben"), autocommit=True) as ben:
        with pytest.raises(errors.FeatureNotSupported, match="not the gateway's"):
            ben.execute(TABLES.encode())
        assert rows(ben, "SELECT id FROM kinds WHERE id = 1") == [(1,)]
    with administrators.connect() as boss:
        members = "SELECT count(*) FROM pg_auth_members WHERE member = 'ben'::regrole"
        assert rows(boss, members) == [(0,)]


def test_connections_that_the_server_ends_are_made_anew(
    shown: Served, administrators: Target
) -> None:
    ending = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ana'"
    with psycopg.connect(shown.url(), autocommit=True) as ana, administrators.connect() as boss:
        before = rows(ana, TABLES)
        assert rows(boss, ending)
        assert rows(ana, TABLES) == before


def test_a_second_gateway_takes_what_the_first_has_made(
    shown: Served,
    administrators: Target,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    made = "SELECT oid FROM pg_database WHERE datname IN ('clinic', 'noisegate+template')"
    with administrators.connect() as boss:
        before = rows(boss, made)
        monkeypatch.setenv("NOISEGATE_POSTGRES_CATALOG", administrators.url)
        with (
            serving(tmp_path) as second,
            psycopg.connect(second.url(), autocommit=True) as there,
            psycopg.connect(shown.url(), autocommit=True) as here,
        ):
            assert rows(there, TABLES) == rows(here, TABLES)
        assert rows(boss, made) == before


def test_a_catalog_that_somebody_has_dropped_is_made_anew(
    shown: Served, administrators: Target
) -> None:
    with psycopg.connect(shown.url(), autocommit=True) as ana:
        before = rows(ana, TABLES)
        with administrators.connect() as boss:
            boss.execute("DROP DATABASE clinic WITH (FORCE)")
            boss.execute("DROP ROLE ana")
        with pytest.raises(errors.FeatureNotSupported, match="lets nobody in"):
            ana.execute(TABLES.encode())
        assert rows(ana, TABLES) == before


def test_a_database_of_the_administrators_is_never_replaced(
    administrators: Target, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with administrators.connect() as boss:
        boss.execute("DROP DATABASE IF EXISTS clinic WITH (FORCE)")
        boss.execute("CREATE DATABASE clinic")
        before = rows(boss, "SELECT oid FROM pg_database WHERE datname = 'clinic'")
        monkeypatch.setenv("NOISEGATE_POSTGRES_CATALOG", administrators.url)
        with (
            serving(tmp_path) as served,
            psycopg.connect(served.url(), autocommit=True) as ana,
        ):
            with pytest.raises(errors.FeatureNotSupported, match="not the gateway's"):
                ana.execute(TABLES.encode())
            assert rows(ana, "SELECT id FROM kinds WHERE id = 1") == [(1,)]
        assert rows(boss, "SELECT oid FROM pg_database WHERE datname = 'clinic'") == before
        boss.execute("DROP DATABASE clinic")


def test_a_server_that_is_not_there_takes_nothing_but_the_catalog(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NOISEGATE_POSTGRES_CATALOG", "postgresql://boss:secret@127.0.0.1:1")
    with serving(tmp_path) as served, psycopg.connect(served.url(), autocommit=True) as ana:
        with pytest.raises(errors.FeatureNotSupported, match="was not reached"):
            ana.execute(TABLES.encode())
        assert rows(ana, "SELECT id FROM kinds WHERE id = 1") == [(1,)]
        assert "secret" not in served.running.log.read_text()


def test_a_server_that_comes_up_later_is_found(
    administrators: Target, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without a restart: a statement some seconds later tries again."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    later = administrators.url.replace(f":{administrators.port}", f":{port}")
    monkeypatch.setenv("NOISEGATE_POSTGRES_CATALOG", later)
    with serving(tmp_path) as served, psycopg.connect(served.url(), autocommit=True) as ana:
        with pytest.raises(errors.FeatureNotSupported, match="was not reached"):
            ana.execute(TABLES.encode())
        with relayed(port, administrators.port):
            deadline = time.monotonic() + 60
            while True:
                try:
                    found = rows(ana, TABLES)
                    break
                except errors.FeatureNotSupported:
                    assert time.monotonic() < deadline
                    time.sleep(0.5)
            assert ("visits",) in found


@contextmanager
def relayed(port: int, to: int) -> Iterator[None]:
    """Connections to one port of this machine reach another one while the block runs."""

    class Relay(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with socket.create_connection(("127.0.0.1", to)) as there:
                back = threading.Thread(target=_passed, args=(there, self.request), daemon=True)
                back.start()
                _passed(self.request, there)
                back.join(timeout=30)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", port), Relay) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield
        finally:
            server.shutdown()


def _passed(of: socket.socket, to: socket.socket) -> None:
    with contextlib.suppress(OSError):  # either side may go first
        while data := of.recv(65_536):
            to.sendall(data)
        to.shutdown(socket.SHUT_WR)


def test_a_wrong_password_is_told_to_nobody(administrators: Target) -> None:
    place = address.parsed(f"postgresql://boss:wrong@127.0.0.1:{administrators.port}")
    with pytest.raises(Fault, match="authentication failed"):
        asyncio.run(connected(place.address, place.login, place.database))


def test_the_clients_proof_is_that_of_rfc_7677() -> None:
    nonce = "rOprNGfwEbeRWgbNEkqO"
    joined = f"{nonce}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    reply = f"r={joined},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    final, signature = entry.proof("pencil", nonce, f"n=user,r={nonce}", reply)
    assert final == f"c=biws,r={joined},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
    assert signature == "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
    for wrong in (
        "",
        "r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        f"r={nonce},s=YQ==,i=4096",
        f"r={joined},s=?,i=1",
        f"r={joined},s=YQ==,i=0",
        f"r={joined},s=YQ==,i=99999999",
    ):
        with pytest.raises(Fault):
            entry.proof("pencil", nonce, f"n=user,r={nonce}", wrong)  # fmt: skip


@pytest.mark.parametrize(
    "url",
    [
        "secret", "mysql://boss:secret@host", "postgresql://secret@host", "postgresql://host/secret",
        "postgresql:///secret", "postgresql://boss:secret@host?sslmode=prefer",
        "postgresql://boss:secret@host?sslmode=verify-full&sslrootcert=/nowhere",
        "postgresql://boss:secret@host?application_name=x",
        "postgresql://boss:secret@/x?host=/run/postgresql&sslmode=require",
    ],
)  # fmt: skip
def test_urls_that_are_refused_are_not_repeated(url: str) -> None:
    with pytest.raises(ValueError, match=r"[a-z]{2}") as raised:
        address.parsed(url)
    assert "secret" not in str(raised.value)


def test_urls_that_are_understood() -> None:
    near = address.parsed("postgresql://boss:it%27s%20p%40ss@localhost/postgres")
    assert (near.login.password, near.address.port, near.address.tls) == ("it's p@ss", 5432, None)
    assert "p@ss" not in repr(near)
    far = address.parsed("postgresql://boss:x@db.example:6432/first")
    assert far.address.tls is not None
    assert (far.address.host, far.address.port, far.database) == ("db.example", 6432, "first")
    folder = address.parsed("postgresql://boss:x@/first?host=/run/postgresql")
    assert folder.address.socket == "/run/postgresql/.s.PGSQL.5432"
