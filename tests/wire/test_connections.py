"""Logins, TLS, cancel requests, revoked keys, many connections, bytes that are no protocol."""

from __future__ import annotations

import asyncio
import contextlib
import select
import socket
import sqlite3
import ssl
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519
from psycopg import errors

from gateway.budget.books import open_ledger
from gateway.clock import SystemClock
from gateway.server.postgres.catalog import address
from gateway.server.postgres.catalog.backend import connected
from gateway.server.postgres.encryption import end_point
from gateway.server.postgres.faults import Fault
from tests.wire.certificates import EC_KEY, certificate, signed
from tests.wire.served import Served, serving

MANY = 300
SSL_REQUEST = struct.pack("!II", 8, 80877103)
GSS_REQUEST = struct.pack("!II", 8, 80877104)


def answers(served: Served) -> bool:
    """Whether the server still answers somebody new."""
    with psycopg.connect(served.url(), connect_timeout=20) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


@contextlib.contextmanager
def raw(served: Served) -> Iterator[socket.socket]:
    with socket.create_connection((served.host, served.port), timeout=20) as connection:
        yield connection


def received(connection: socket.socket) -> bytes:
    """All that comes until the server closes the connection."""
    found = b""
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(65_536):
            found += part
    return found


def refused(url: str) -> psycopg.OperationalError:
    with pytest.raises(psycopg.OperationalError) as raised:
        psycopg.connect(url, connect_timeout=20)
    return raised.value


@pytest.mark.parametrize(
    ("user", "key", "dataset", "said"),
    [
        ("ana", "ng_wrong", "clinic", "password authentication failed"),
        ("stranger", "ng_wrong", "clinic", "password authentication failed"),
        ("ana", None, "other", 'database "other" does not exist'),
        ("nobody", None, "clinic", "no budget for any dataset"),
    ],
)
def test_who_is_sent_away(
    served: Served, user: str, key: str | None, dataset: str, said: str
) -> None:
    secret = key or served.keys[user]
    url = f"postgresql://{user}:{secret}@{served.host}:{served.port}/{dataset}"
    assert said in str(refused(url))


@pytest.mark.parametrize("database", ["", "ana", "postgres"])
def test_the_database_may_be_left_out_where_there_is_one_dataset(
    served: Served, database: str
) -> None:
    with psycopg.connect(served.url(dataset=database)) as connection:
        assert connection.execute("SELECT current_database()").fetchone() == ("clinic",)


def test_settings_come_with_the_login(served: Served) -> None:
    url = served.url(
        application_name="report",
        options="-c%20noisegate.epsilon%3D0.5%20-c%20TimeZone%3DEurope/Berlin",
    )
    with psycopg.connect(url, autocommit=True) as connection:
        assert connection.execute("SHOW noisegate.epsilon").fetchone() == ("0.5",)
        assert connection.info.parameter_status("application_name") == "report"
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("RESET ALL")
        assert connection.execute("SHOW TimeZone").fetchone() == ("Europe/Berlin",)
    assert "unrecognized configuration parameter" in str(
        refused(served.url(options="-c%20nothing%3D1"))
    )


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway with a certificate, which the tests give to clients as `sslrootcert`."""
    folder = tmp_path_factory.mktemp("secured")
    arguments = ("--postgres-certificate", str(certificate(folder)))
    with serving(folder, *arguments, users=("ana", "old", "gone")) as served:
        yield served


@pytest.mark.parametrize("mode", ["prefer", "require", "verify-full"])
def test_tls_is_used_where_there_is_a_certificate(secured: Served, mode: str) -> None:
    file = secured.policy.parents[1] / "certificate.pem"
    url = secured.url(sslmode=mode, sslrootcert=str(file), gssencmode="disable")
    with psycopg.connect(url) as connection:
        assert connection.pgconn.ssl_in_use
        rows = connection.execute("SELECT n FROM numbers ORDER BY n LIMIT 5000").fetchall()
        assert len(rows) == 5000


def test_a_login_can_require_channel_binding(secured: Served, served: Served) -> None:
    with psycopg.connect(secured.url(sslmode="require", channel_binding="require")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    with psycopg.connect(secured.url(sslmode="require", channel_binding="disable")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert "channel binding" in str(refused(served.url(channel_binding="require")))


def test_who_stands_between_with_another_certificate_is_found_out(
    secured: Served, tmp_path: Path
) -> None:
    """libpq does not check the certificate with sslmode=require; its hash is in the proof."""
    file = certificate(tmp_path)
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(file)
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    ours.check_hostname = False
    ours.verify_mode = ssl.CERT_NONE

    def pass_on(near: ssl.SSLSocket, far: ssl.SSLSocket) -> None:
        # In one thread: OpenSSL's connections are not to be read and written by two at once.
        near.setblocking(False)
        far.setblocking(False)
        while True:
            waiting = [end for end in (near, far) if end.pending()]
            for source in waiting or select.select([near, far], [], [])[0]:
                try:
                    part = source.recv(65_536)
                except ssl.SSLWantReadError:  # a record of TLS's own, such as a session ticket
                    continue
                if not part:
                    return
                (far if source is near else near).sendall(part)

    def stand_between(listening: socket.socket) -> None:
        with contextlib.suppress(OSError):  # the test is over
            while True:
                victim, _ = listening.accept()
                victim.recv(len(SSL_REQUEST), socket.MSG_WAITALL)
                victim.sendall(b"S")
                with (
                    theirs.wrap_socket(victim, server_side=True) as near,
                    raw(secured) as beyond,
                ):
                    beyond.sendall(SSL_REQUEST)
                    beyond.recv(1)
                    with ours.wrap_socket(beyond) as far:
                        pass_on(near, far)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        between = threading.Thread(target=stand_between, args=(listening,), daemon=True)
        between.start()
        port = listening.getsockname()[1]
        url = f"postgresql://ana:{secured.keys['ana']}@127.0.0.1:{port}/clinic"
        unbound = f"{url}?sslmode=require&gssencmode=disable&channel_binding=disable"
        with psycopg.connect(unbound) as connection:  # it stands between indeed
            assert connection.execute("SELECT 1").fetchone() == (1,)
        said = str(refused(f"{url}?sslmode=require&gssencmode=disable"))
        assert "bound to another login or certificate" in said
        listening.shutdown(socket.SHUT_RDWR)
        between.join(timeout=20)


@pytest.mark.parametrize(
    ("algorithm", "expected"),
    [(hashes.SHA256(), 32), (hashes.SHA384(), 48), (hashes.SHA512(), 64), (None, None)],
)
def test_the_hash_is_that_of_the_certificates_own_signature(
    algorithm: hashes.HashAlgorithm | None, expected: int | None
) -> None:
    """RFC 5929; Ed25519 signs without a hash of its own, so that there is no binding."""
    key = ed25519.Ed25519PrivateKey.generate() if algorithm is None else EC_KEY
    found = end_point(signed(key, algorithm))
    assert (None if found is None else len(found)) == expected


def test_the_way_to_an_external_catalog_is_encrypted(secured: Served, tmp_path: Path) -> None:
    """Here a gateway is the server: the PostgreSQL of the wheel knows no TLS."""
    own = secured.policy.parents[1] / "certificate.pem"
    other = certificate(tmp_path)

    async def asked(parameters: str) -> object:
        place = address.parsed(f"{secured.url()}{parameters}")
        backend = await connected(place.address, place.login, place.database)
        try:
            return await backend.execute("SELECT 1")
        finally:
            backend.close()

    assert asyncio.run(asked("sslmode=require")) == [("1",)]
    assert asyncio.run(asked(f"sslmode=verify-full&sslrootcert={own}")) == [("1",)]
    with pytest.raises(ssl.SSLCertVerificationError):
        asyncio.run(asked(f"sslmode=verify-full&sslrootcert={other}"))
    with pytest.raises(Fault, match="over TLS only"):
        asyncio.run(asked("sslmode=disable"))


def test_nobody_logs_in_without_tls_where_there_is_a_certificate(secured: Served) -> None:
    assert "over TLS only" in str(refused(secured.url(sslmode="disable")))
    with raw(secured) as connection:
        # What is sent before the handshake must not count as sent under its protection.
        connection.sendall(SSL_REQUEST + struct.pack("!II", 8, 0x30000))
        assert connection.recv(1) == b"S"
        assert b"R\x00" not in received(connection)


def test_a_key_from_before_is_told_to_be_made_anew(secured: Served) -> None:
    with sqlite3.connect(secured.ledger.removeprefix("sqlite:///")) as ledger:
        ledger.execute("UPDATE keys SET verifier = NULL WHERE user_name = 'old'")
    said = str(refused(secured.url("old")))
    assert "made before" in said
    assert "noisegate user add old" in said


def test_a_revoked_key_is_of_no_use_from_the_next_statement_on(secured: Served) -> None:
    with psycopg.connect(secured.url("gone"), autocommit=True) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        books = open_ledger(secured.ledger, SystemClock())
        books.users.revoke("gone")
        books.close()
        with pytest.raises(errors.InvalidAuthorizationSpecification, match="revoked"):
            connection.execute("SELECT 1")
        assert connection.closed
    assert "authentication failed" in str(refused(secured.url("gone")))


def test_without_a_certificate_encryption_is_declined_politely(served: Served) -> None:
    with raw(served) as connection:
        for request in (GSS_REQUEST, SSL_REQUEST):
            connection.sendall(request)
            assert connection.recv(1) == b"N"
        connection.sendall(struct.pack("!II", 18, 0x30000) + b"user\x00ana\x00\x00")
        assert connection.recv(1) == b"R"
    with psycopg.connect(served.url(sslmode="prefer")) as connection:
        assert not connection.pgconn.ssl_in_use
    assert "SSL" in str(refused(served.url(sslmode="require")))


@pytest.mark.parametrize("version", [0x20000, 0x40000])
def test_other_protocols_are_refused(served: Served, version: int) -> None:
    with raw(served) as connection:
        connection.sendall(struct.pack("!II", 8, version))
        assert b"unsupported frontend protocol" in received(connection)


def test_a_newer_minor_protocol_is_negotiated(served: Served) -> None:
    parameters = b"user\x00ana\x00_pq_.new\x001\x00\x00"
    with raw(served) as connection:
        connection.sendall(struct.pack("!II", 8 + len(parameters), 0x30009) + parameters)
        head = connection.recv(5)
        assert head[:1] == b"v"
        (length,) = struct.unpack("!I", head[1:])
        body = connection.recv(length - 4)
        assert body == struct.pack("!II", 0x30002, 1) + b"_pq_.new\x00"


def test_a_cancel_request_ends_a_statement_that_runs(served: Served) -> None:
    slow = "SELECT count(*) FROM pg_attribute a, pg_attribute b, pg_attribute c"
    with psycopg.connect(served.url(), autocommit=True) as connection:
        ended = threading.Event()

        def cancel() -> None:
            # One that comes before the statement has begun ends nothing; so they are repeated.
            while not ended.wait(0.2):
                connection.cancel_safe()

        cancelling = threading.Thread(target=cancel)
        cancelling.start()
        try:
            with pytest.raises(errors.QueryCanceled, match="user request"):
                connection.execute(slow)
        finally:
            ended.set()
            cancelling.join()
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_closed_connection_ends_its_question_in_the_database(served: Served) -> None:
    """The question is counted as cancelled only when the database has stopped."""
    slow = "SELECT sum(v.days) FROM visits v, numbers a, numbers b WHERE a.n < 100"
    before = outcomes(served, "cancelled")
    with psycopg.connect(served.url(), autocommit=True) as connection:
        connection.pgconn.send_query(slow.encode())
        until = time.monotonic() + 20
        while not inside(served):
            assert time.monotonic() < until, "the question does not begin"
            time.sleep(0.02)
        time.sleep(0.5)
        connection.pgconn.finish()
    until = time.monotonic() + 20
    while outcomes(served, "cancelled") == before:
        assert time.monotonic() < until, "the question goes on"
        time.sleep(0.05)
    assert inside(served) == 0


def outcomes(served: Served, code: str) -> float:
    return metric(served, f'noisegate_questions_total{{dataset="clinic",outcome="{code}"}}') + (
        metric(served, f'noisegate_questions_total{{dataset="",outcome="{code}"}}')
    )


def inside(served: Served) -> float:
    return metric(served, "noisegate_questions_inside")


def metric(served: Served, name: str) -> float:
    with served.running.client() as client:
        lines = client.get("/metrics").text.splitlines()
    return next((float(line.split()[-1]) for line in lines if line.startswith(f"{name} ")), 0)


def test_a_cancel_request_needs_the_secret(served: Served) -> None:
    with psycopg.connect(served.url(), autocommit=True) as connection:
        process = connection.info.backend_pid
        done: list[object] = []

        def ask() -> None:
            slow = "SELECT count(*) FROM pg_attribute a, pg_attribute b WHERE a.attnum < 3"
            done.append(connection.execute(slow).fetchone())

        asking = threading.Thread(target=ask)
        asking.start()
        for secret in (b"\x00\x00\x00\x00", b"", b"x" * 32):
            with raw(served) as other:
                packet = struct.pack("!II", 80877102, process) + secret
                other.sendall(struct.pack("!I", 4 + len(packet)) + packet)
                assert received(other) == b""
        asking.join()
        assert len(done) == 1


def test_hundreds_of_idle_connections_disturb_nobody(served: Served) -> None:
    with contextlib.ExitStack() as open_ones:
        idle = [
            open_ones.enter_context(psycopg.connect(served.url(), autocommit=True))
            for _ in range(MANY)
        ]
        assert answers(served)
        for connection in idle[::50]:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    assert answers(served)


def test_busy_connections_are_all_answered(served: Served) -> None:
    found: list[object] = []

    def ask() -> None:
        with psycopg.connect(served.url(), autocommit=True) as connection:
            for _ in range(3):
                asked = "SELECT COUNT(*) FROM visits WHERE days = 3"
                found.append(connection.execute(asked).fetchone())

    threads = [threading.Thread(target=ask) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 150
    assert len(set(found)) == 1
