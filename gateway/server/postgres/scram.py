"""SCRAM-SHA-256 as PostgreSQL's server speaks it (RFC 5802, RFC 7677). Pure: text in, text out.

The user's name comes from the startup message: libpq sends an empty `n=`, and PostgreSQL ignores
what stands there, as this does.

Over TLS the login can be bound to the server's certificate (RFC 5929, `tls-server-end-point`): a
client that saw another certificate, because somebody stands between, proves something else.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

from gateway.budget.verifiers import Verifier

PLAIN = "SCRAM-SHA-256"
BOUND = "SCRAM-SHA-256-PLUS"

_BINDING = "p=tls-server-end-point"
_FIRST = re.compile(
    r"(?P<header>(?P<flag>[ny]|p=[A-Za-z0-9.-]+),(?:a=[^,]*)?,)"
    r"n=[^,]*,r=(?P<nonce>[!-+\--~]+)(?:,.*)?"
)
_FINAL = re.compile(
    r"(?P<signed>c=(?P<binding>[A-Za-z0-9+/=]+),r=(?P<nonce>[!-+\--~]+)(?:,[^p].*)?),"
    r"p=(?P<proof>[A-Za-z0-9+/=]+)"
)
_PROOF_BYTES = 32


class Malformed(Exception):
    """A message of the exchange that is not what RFC 5802 lets a client send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One login, after the client's first message. `reply` is the server's first message.

    `bound` is what the client's last message must repeat: its own header, and for channel binding
    the certificate's hash behind it.
    """

    verifier: Verifier
    bound: bytes
    client_first: str
    nonce: str
    reply: str


def offered(certificate_hash: bytes | None) -> list[str]:
    """The mechanisms of a login, the better one first; channel binding needs a certificate."""
    return [PLAIN] if certificate_hash is None else [BOUND, PLAIN]


def begun(
    verifier: Verifier,
    client_first: bytes,
    server_nonce: str,
    *,
    mechanism: str = PLAIN,
    certificate_hash: bytes | None = None,
) -> Exchange:
    """The exchange that a client's first message begins. Raises `Malformed`.

    `server_nonce` must be fresh for every login, or an old proof could be played again.
    `certificate_hash` is that of the connection's TLS certificate where channel binding was
    offered. A client that supports binding and believes that it was not (`y`) was lied to by
    somebody between, and is refused.
    """
    if mechanism not in offered(certificate_hash):
        raise Malformed("the SCRAM mechanism is none of those that were offered")
    found = _FIRST.fullmatch(_text(client_first))
    if found is None:
        raise Malformed("the first SCRAM message cannot be read")
    flag = found["flag"]
    if (mechanism == BOUND) != flag.startswith("p"):
        raise Malformed("channel binding is asked for where the mechanism has none, or the reverse")
    if mechanism == BOUND and flag != _BINDING:
        raise Malformed("the only channel binding is tls-server-end-point")
    if flag == "y" and certificate_hash is not None:
        raise Malformed("the client supports channel binding and was not told that it is offered")
    header = found["header"]
    nonce = found["nonce"] + server_nonce
    salt = base64.b64encode(verifier.salt).decode()
    data = certificate_hash if mechanism == BOUND and certificate_hash is not None else b""
    return Exchange(
        verifier=verifier,
        bound=header.encode() + data,
        client_first=found.string.removeprefix(header),
        nonce=nonce,
        reply=f"r={nonce},s={salt},i={verifier.iterations}",
    )


def finished(exchange: Exchange, client_final: bytes) -> str | None:
    """The server's last message, which proves that it knows the verifier; None for a wrong key.

    Raises `Malformed`.
    """
    found = _FINAL.fullmatch(_text(client_final))
    if found is None:
        raise Malformed("the last SCRAM message cannot be read")
    if found["nonce"] != exchange.nonce:
        raise Malformed("the last SCRAM message does not belong to the first")
    if _bytes(found["binding"]) != exchange.bound:
        raise Malformed("the last SCRAM message is bound to another login or certificate")
    proof = _bytes(found["proof"])
    if len(proof) != _PROOF_BYTES:
        raise Malformed("the SCRAM proof has another length than SHA-256 gives")
    signed = ",".join((exchange.client_first, exchange.reply, found["signed"])).encode()
    verifier = exchange.verifier
    signature = hmac.digest(verifier.stored_key, signed, "sha256")
    client_key = bytes(a ^ b for a, b in zip(proof, signature, strict=True))
    if not hmac.compare_digest(hashlib.sha256(client_key).digest(), verifier.stored_key):
        return None
    answer = hmac.digest(verifier.server_key, signed, "sha256")
    return f"v={base64.b64encode(answer).decode()}"


def _text(message: bytes) -> str:
    try:
        return message.decode()
    except UnicodeDecodeError:
        raise Malformed("a SCRAM message is not UTF-8") from None


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Malformed("a SCRAM message holds no base64 where it should") from None
