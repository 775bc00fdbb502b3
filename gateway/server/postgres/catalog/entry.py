"""Connecting to a PostgreSQL: TLS and SCRAM-SHA-256 from the client's side (RFC 5802, RFC 7677)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import secrets
import socket
import struct
import unicodedata

from pygwire.messages import (
    ErrorResponse,
    SASLInitialResponse,
    SASLResponse,
    SSLRequest,
    StartupMessage,
)

from gateway.server.postgres import scram
from gateway.server.postgres.catalog.address import Address, Login
from gateway.server.postgres.faults import Fault, State

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

CONNECT_SECONDS = 10.0
"""How long a server may take to accept a connection."""
_HEADER = struct.Struct("!cI")
_MOST_BYTES = 10_000
"""Of one message of a login."""
_MOST_ITERATIONS = 1_000_000
_OK, _SASL, _CONTINUE, _FINAL = 0, 10, 11, 12


async def entered(address: Address, login: Login, database: str) -> Streams:
    """A connection that is logged in; what the server says of itself then is still to be read.

    Raises OSError, `IncompleteReadError`, and `Fault` where the login is refused or the server
    asks for a password in another way than by SCRAM-SHA-256, which would show it.
    """
    reader, writer = await _opened(address)
    try:
        told = {
            "user": login.user,
            "database": database,
            "client_encoding": "UTF8",
            "application_name": "noisegate",
        }
        writer.write(StartupMessage(params=told).to_wire())
        kind, data = await _asked(reader)
        if kind == _SASL:
            await _prove(reader, writer, login, data)
        elif kind != _OK:
            raise _refused("it asks for a password in another way than by SCRAM-SHA-256")
    except BaseException:
        writer.close()
        raise
    return reader, writer


async def _opened(address: Address) -> Streams:
    if address.socket is not None:
        return await asyncio.open_unix_connection(address.socket)
    loop = asyncio.get_running_loop()
    place = address.host, address.port
    raw = await asyncio.to_thread(socket.create_connection, place, CONNECT_SECONDS)
    try:
        raw.setblocking(False)
        if address.tls is None:
            return await asyncio.open_connection(sock=raw)
        await loop.sock_sendall(raw, SSLRequest().to_wire())
        # Not a byte more is read before the handshake: it would pass for something protected.
        if await loop.sock_recv(raw, 1) != b"S":
            raise _refused("it does not speak TLS")
        return await asyncio.open_connection(
            sock=raw, ssl=address.tls, server_hostname=address.host
        )
    except BaseException:
        raw.close()
        raise


async def _asked(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """The next message of the login: what is asked for, and with what."""
    tag, length = _HEADER.unpack(await reader.readexactly(_HEADER.size))
    if not 8 <= length <= _MOST_BYTES:
        raise _refused("it does not speak PostgreSQL's protocol")
    payload = await reader.readexactly(length - 4)
    if tag == b"E":
        said = ErrorResponse.decode(memoryview(payload))
        raise Fault(said.code or State.INTERNAL, said.message)
    if tag != b"R":
        raise _refused("it does not speak PostgreSQL's protocol")
    (kind,) = struct.unpack_from("!I", payload)
    return kind, payload[4:]


async def _prove(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, login: Login, offered: bytes
) -> None:
    if scram.PLAIN.encode() not in offered.split(b"\0") or login.password is None:
        raise _refused("it asks for a password in another way than by SCRAM-SHA-256")
    nonce = secrets.token_urlsafe(18)
    first = f"n=,r={nonce}"
    initial = SASLInitialResponse(mechanism=scram.PLAIN, data=f"n,,{first}".encode())
    writer.write(initial.to_wire())
    kind, data = await _asked(reader)
    if kind != _CONTINUE:
        raise _refused("its login is not SCRAM's")
    final, signature = proof(login.password, nonce, first, data.decode("ascii", "replace"))
    writer.write(SASLResponse(data=final.encode()).to_wire())
    kind, data = await _asked(reader)
    if kind != _FINAL or not hmac.compare_digest(data, f"v={signature}".encode()):
        raise _refused("it does not know the password itself")
    kind, _ = await _asked(reader)
    if kind != _OK:
        raise _refused("its login is not SCRAM's")


def proof(password: str, nonce: str, first: str, reply: str) -> tuple[str, str]:
    """The client's last message, and the signature with which the server must answer it.

    `first` is the client's first message without its header, `reply` the server's. Raises `Fault`.
    """
    parts = dict(part.split("=", 1) for part in reply.split(",") if "=" in part)
    try:
        joined, salt = parts["r"], base64.b64decode(parts["s"], validate=True)
        iterations = int(parts["i"])
    except (KeyError, ValueError):
        raise _refused("its login is not SCRAM's") from None
    if not joined.startswith(nonce) or joined == nonce or not 0 < iterations <= _MOST_ITERATIONS:
        raise _refused("its login is not SCRAM's")
    bare = f"c=biws,r={joined}"
    signed = f"{first},{reply},{bare}".encode()
    secret = unicodedata.normalize("NFKC", password).encode()
    salted = hashlib.pbkdf2_hmac("sha256", secret, salt, iterations)
    key = hmac.digest(salted, b"Client Key", "sha256")
    signature = hmac.digest(hashlib.sha256(key).digest(), signed, "sha256")
    proved = bytes(a ^ b for a, b in zip(key, signature, strict=True))
    expected = hmac.digest(hmac.digest(salted, b"Server Key", "sha256"), signed, "sha256")
    return f"{bare},p={_text(proved)}", _text(expected)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _refused(why: str) -> Fault:
    return Fault(State.INVALID_AUTHORIZATION, f"The catalog's PostgreSQL was not entered: {why}.")
