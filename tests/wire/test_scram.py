"""SCRAM-SHA-256: the RFC's own example, wrong keys, and messages that are not SCRAM's."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from gateway.budget.verifiers import verifier_of
from gateway.server.postgres import scram

CLIENT_NONCE = "rOprNGfwEbeRWgbNEkqO"
SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
VERIFIER = verifier_of("pencil", base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ=="))
FIRST = f"n,,n=user,r={CLIENT_NONCE}".encode()
FINAL = (
    f"c=biws,r={CLIENT_NONCE}{SERVER_NONCE},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
).encode()


def test_the_example_of_rfc_7677() -> None:
    exchange = scram.begun(VERIFIER, FIRST, SERVER_NONCE)
    assert exchange.reply == f"r={CLIENT_NONCE}{SERVER_NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    final = scram.finished(exchange, FINAL)
    assert final == "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="


def test_another_key_proves_nothing() -> None:
    other = verifier_of("pencils", VERIFIER.salt)
    assert scram.finished(scram.begun(other, FIRST, SERVER_NONCE), FINAL) is None


def test_an_old_proof_is_worth_nothing_in_a_new_login() -> None:
    exchange = scram.begun(VERIFIER, FIRST, "another-nonce")
    with pytest.raises(scram.Malformed, match="does not belong"):
        scram.finished(exchange, FINAL)


@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"\xff",
        b"n,,n=user",
        b"n,,r=abc",
        b"n,,n=user,r=",
        b"p=tls-server-end-point,,n=,r=abc",
        b"n,,m=ext,n=user,r=abc",
    ],
)
def test_first_messages_that_are_refused(first: bytes) -> None:
    with pytest.raises(scram.Malformed):
        scram.begun(VERIFIER, first, SERVER_NONCE)


HASH = bytes(range(32))
"""Of a certificate."""


def proved(first: bytes, server_nonce: str, bound: bytes) -> bytes:
    """The last message of a client that knows the key and binds its login to `bound`."""
    bare = first.split(b",", 2)[2]
    nonce = bare.partition(b"r=")[2].decode() + server_nonce
    salt = base64.b64encode(VERIFIER.salt).decode()
    final = f"c={base64.b64encode(bound).decode()},r={nonce}"
    signed = f"{bare.decode()},r={nonce},s={salt},i={VERIFIER.iterations},{final}".encode()
    salted = hashlib.pbkdf2_hmac("sha256", b"pencil", VERIFIER.salt, VERIFIER.iterations)
    key = hmac.digest(salted, b"Client Key", "sha256")
    signature = hmac.digest(hashlib.sha256(key).digest(), signed, "sha256")
    proof = bytes(a ^ b for a, b in zip(key, signature, strict=True))
    return f"{final},p={base64.b64encode(proof).decode()}".encode()


def test_a_login_is_bound_to_the_certificate() -> None:
    first = b"p=tls-server-end-point,,n=,r=abc"
    exchange = scram.begun(VERIFIER, first, "def", mechanism=scram.BOUND, certificate_hash=HASH)
    header = b"p=tls-server-end-point,,"
    found = scram.finished(exchange, proved(first, "def", header + HASH))
    assert found is not None
    assert found.startswith("v=")
    for bound in (header, header + bytes(32), header + HASH + b"x", b"n,,", b"n,," + HASH):
        with pytest.raises(scram.Malformed, match="bound to another"):
            scram.finished(exchange, proved(first, "def", bound))


@pytest.mark.parametrize(
    ("first", "mechanism", "certificate_hash"),
    [
        (b"p=tls-server-end-point,,n=,r=abc", scram.BOUND, None),  # not offered without TLS
        (b"p=tls-unique,,n=,r=abc", scram.BOUND, HASH),
        (b"n,,n=,r=abc", scram.BOUND, HASH),
        (b"p=tls-server-end-point,,n=,r=abc", scram.PLAIN, HASH),
        (b"y,,n=,r=abc", scram.PLAIN, HASH),  # somebody between has hidden the offer
        (b"n,,n=,r=abc", "PLAIN", HASH),
    ],
)
def test_bindings_that_are_refused(
    first: bytes, mechanism: str, certificate_hash: bytes | None
) -> None:
    with pytest.raises(scram.Malformed):
        scram.begun(VERIFIER, first, "def", mechanism=mechanism, certificate_hash=certificate_hash)


def test_a_client_without_channel_binding_logs_in_over_tls() -> None:
    first = b"n,,n=,r=abc"
    exchange = scram.begun(VERIFIER, first, "def", certificate_hash=HASH)
    assert scram.finished(exchange, proved(first, "def", b"n,,")) is not None


@pytest.mark.parametrize("first", [b"n,,n=,r=abc", b"y,,n=,r=abc", b"n,,n=*,r=abc,x=1"])
def test_first_messages_of_clients_that_are_about(first: bytes) -> None:
    """libpq sends an empty name, JDBC a star."""
    assert scram.begun(VERIFIER, first, "def").reply.startswith("r=abcdef,")


@pytest.mark.parametrize(
    "final",
    [
        b"",
        b"\xff",
        FINAL.replace(b"biws", b"eSws"),  # the header of another first message
        FINAL.replace(b"biws", b"b"),
        FINAL.replace(b"r=r", b"r=s"),
        FINAL.split(b",p=")[0],
        FINAL.split(b",p=")[0] + b",p=YQ==",
        FINAL.split(b",p=")[0] + b",p=Y",
    ],
)
def test_final_messages_that_are_refused(final: bytes) -> None:
    exchange = scram.begun(VERIFIER, FIRST, SERVER_NONCE)
    with pytest.raises(scram.Malformed):
        scram.finished(exchange, final)
