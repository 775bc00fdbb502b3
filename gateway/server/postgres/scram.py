"""SCRAM-SHA-256 as PostgreSQL's server speaks it (RFC 5802, RFC 7677). Pure: text in, text out.

The user's name comes from the startup message: libpq sends an empty `n=`, and PostgreSQL ignores
what stands there, as this does. Channel binding is not offered.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

from gateway.budget.verifiers import Verifier

MECHANISM = "SCRAM-SHA-256"

_FIRST = re.compile(r"(?P<header>[ny],(?:a=[^,]*)?,)n=[^,]*,r=(?P<nonce>[!-+\--~]+)(?:,.*)?")
_FINAL = re.compile(
    r"(?P<signed>c=(?P<binding>[A-Za-z0-9+/=]+),r=(?P<nonce>[!-+\--~]+)(?:,[^p].*)?),"
    r"p=(?P<proof>[A-Za-z0-9+/=]+)"
)
_PROOF_BYTES = 32


class Malformed(Exception):
    """A message of the exchange that is not what RFC 5802 lets a client send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One login, after the client's first message. `reply` is the server's first message."""

    verifier: Verifier
    header: str
    client_first: str
    nonce: str
    reply: str


def begun(verifier: Verifier, client_first: bytes, server_nonce: str) -> Exchange:
    """The exchange that a client's first message begins. Raises `Malformed`.

    `server_nonce` must be fresh for every login, or an old proof could be played again.
    """
    text = _text(client_first)
    found = _FIRST.fullmatch(text)
    if found is None:
        raise Malformed("the first SCRAM message cannot be read, or asks for channel binding")
    header = found["header"]
    nonce = found["nonce"] + server_nonce
    salt = base64.b64encode(verifier.salt).decode()
    return Exchange(
        verifier=verifier,
        header=header,
        client_first=text.removeprefix(header),
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
    if found["nonce"] != exchange.nonce or _bytes(found["binding"]) != exchange.header.encode():
        raise Malformed("the last SCRAM message does not belong to the first")
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
