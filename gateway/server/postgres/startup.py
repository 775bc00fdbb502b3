"""From the first byte to a login: TLS, protocol version, who it is, which dataset."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import socket
import ssl
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from pygwire.constants import StartupRequestCode
from pygwire.messages import (
    AuthenticationOk,
    AuthenticationSASL,
    AuthenticationSASLContinue,
    AuthenticationSASLFinal,
    BackendKeyData,
    BackendMessage,
    CancelRequest,
    NegotiateProtocolVersion,
    ParameterStatus,
    StartupMessage,
)

from gateway.budget.verifiers import ITERATIONS, Challenge, Verifier
from gateway.edges import Analyst
from gateway.errors import Code, Refusal
from gateway.server.desk import Desk
from gateway.server.postgres import frames, scram
from gateway.server.postgres.catalog.shadow import Shadow
from gateway.server.postgres.encryption import Encryption
from gateway.server.postgres.faults import Fault, State, of_refusal
from gateway.server.postgres.session import Login, Session

_PACKET = struct.Struct("!II")
MOST_STARTUP_BYTES = 10_000
"""PostgreSQL's own limit of a startup packet."""
_ENCRYPTION = (StartupRequestCode.SSL_REQUEST, StartupRequestCode.GSSENC_REQUEST)
_UNNAMED = ("", "postgres", "template1")
"""Databases that clients connect to where they are told none: the user's name is another."""
_MOCK = secrets.token_bytes(32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Streams:
    """A connection whose encryption is settled, and the head of the packet that comes then.

    `certificate_hash` is None without TLS, and where channel binding has no hash for it.
    """

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    secure: bool
    certificate_hash: bytes | None = None
    length: int
    code: int


async def negotiated(raw: socket.socket, encryption: Encryption | None) -> Streams:
    """Settle the encryption; raises OSError or `IncompleteReadError` where the client is gone.

    Until then the socket is read as far as the protocol says and not a byte further, so nothing
    that was sent before the handshake can pass for something sent under its protection.
    """
    loop = asyncio.get_running_loop()
    length, code = _PACKET.unpack(await _exactly(raw, _PACKET.size))
    asked = set()
    while code in _ENCRYPTION and length == _PACKET.size and code not in asked:
        asked.add(code)
        if code == StartupRequestCode.SSL_REQUEST and encryption is not None:
            await loop.sock_sendall(raw, b"S")
            reader, writer = await _streams(raw, encryption.context)
            length, code = _PACKET.unpack(await reader.readexactly(_PACKET.size))
            return Streams(
                reader=reader,
                writer=writer,
                secure=True,
                certificate_hash=encryption.certificate_hash,
                length=length,
                code=code,
            )
        await loop.sock_sendall(raw, b"N")
        length, code = _PACKET.unpack(await _exactly(raw, _PACKET.size))
    reader, writer = await _streams(raw, None)
    return Streams(reader=reader, writer=writer, secure=False, length=length, code=code)


async def wished(here: Streams, *, encrypted: bool) -> StartupMessage | CancelRequest:
    """What the client wants: to log in, or to cancel something. Raises a fatal `Fault`.

    `encrypted` says that nobody logs in without TLS.
    """
    length, code = here.length, here.code
    if not _PACKET.size <= length <= MOST_STARTUP_BYTES:
        raise frames.violation("a startup packet of a length that is not allowed")
    payload = struct.pack("!I", code) + await here.reader.readexactly(length - _PACKET.size)
    if code == StartupRequestCode.CANCEL_REQUEST:
        return frames.decoded(CancelRequest, payload)
    if code >> 16 != 3:
        raise Fault(
            State.FEATURE_NOT_SUPPORTED,
            f"unsupported frontend protocol {code >> 16}.{code & 0xFFFF}",
            "Connect with a PostgreSQL client of protocol 3.",
            fatal=True,
        )
    if encrypted and not here.secure:
        raise Fault(
            State.INVALID_AUTHORIZATION,
            "This server is reached over TLS only.",
            "Connect with sslmode=require, or verify-full where you have its certificate.",
            fatal=True,
        )
    return frames.decoded(StartupMessage, payload)


async def say(writer: asyncio.StreamWriter, fault: Fault) -> None:
    """Tell a client why it cannot stay."""
    writer.write(fault.response.to_wire())
    await writer.drain()


async def logged_in(
    here: Streams,
    wish: StartupMessage,
    desk: Desk,
    shadow: Shadow,
    process: int,
    secret: bytes,
) -> Session:
    """Prove who the client is, and open its session. Raises a fatal `Fault`."""
    told = _negotiated(wish)
    if told is not None:
        here.writer.write(told.to_wire())
    wishes = wish.params
    user = wishes.get("user", "")
    if not user:
        raise Fault(
            State.INVALID_AUTHORIZATION,
            "no PostgreSQL user name specified in startup packet",
            "Connect with your user name, and your key as the password.",
            fatal=True,
        )
    verifiers = desk.gateway.books.verifiers
    challenge = await asyncio.to_thread(verifiers.challenge, user)
    await _proved(here, user, challenge)
    analyst = None
    if challenge is not None:
        analyst = await asyncio.to_thread(verifiers.holder, challenge.key_id)
    if challenge is None or analyst is None:
        raise _wrong(user)
    session = Session(
        desk,
        shadow,
        Login(
            key_id=challenge.key_id,
            user=analyst.name,
            database=_database(wishes.get("database", ""), desk, analyst),
            process=process,
        ),
    )
    _settle(session, wishes)
    out: list[BackendMessage] = [AuthenticationOk()]
    out += [ParameterStatus(name=n, value=v) for n, v in session.settings.reported().items()]
    out.append(BackendKeyData(process_id=process, secret_key=secret))
    here.writer.write(b"".join(message.to_wire() for message in out))
    return session


async def _exactly(raw: socket.socket, count: int) -> bytes:
    loop = asyncio.get_running_loop()
    found = b""
    while len(found) < count:
        part = await loop.sock_recv(raw, count - len(found))
        if not part:
            raise asyncio.IncompleteReadError(found, count)
        found += part
    return found


async def _streams(
    raw: socket.socket, tls: ssl.SSLContext | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=65_536)
    transport, protocol = await loop.connect_accepted_socket(
        lambda: asyncio.StreamReaderProtocol(reader), raw, ssl=tls
    )
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


def _negotiated(message: StartupMessage) -> NegotiateProtocolVersion | None:
    """What the client asks beyond protocol 3.2 and is told not to use."""
    newest = min(message.protocol_version, int(StartupRequestCode.V3_2))
    extensions = [name for name in message.params if name.startswith("_pq_.")]
    if newest == message.protocol_version and not extensions:
        return None
    return NegotiateProtocolVersion(newest_minor=newest, unrecognized=extensions)


async def _proved(here: Streams, user: str, challenge: Challenge | None) -> None:
    """Run SCRAM-SHA-256, bound to the certificate where the client can.

    An unknown user is led through it all the same, and fails at its end.
    """
    if challenge is not None and challenge.verifier is None:
        raise Fault(
            State.INVALID_AUTHORIZATION,
            "This user's key was made before keys could be proved by SCRAM-SHA-256.",
            "It works over HTTP still. For this protocol ask an administrator for a new key: "
            f"`noisegate user revoke {user}`, then `noisegate user add {user}`.",
            fatal=True,
        )
    verifier = challenge.verifier if challenge is not None and challenge.verifier else _mock(user)
    mechanisms = scram.offered(here.certificate_hash)
    here.writer.write(AuthenticationSASL(mechanisms=mechanisms).to_wire())
    await here.writer.drain()
    initial = await frames.sasl_initial(here.reader)
    try:
        exchange = scram.begun(
            verifier,
            initial.data,
            secrets.token_urlsafe(18),
            mechanism=initial.mechanism,
            certificate_hash=here.certificate_hash,
        )
        reply = AuthenticationSASLContinue(data=exchange.reply.encode())
        here.writer.write(reply.to_wire())
        await here.writer.drain()
        final = scram.finished(exchange, (await frames.sasl_response(here.reader)).data)
    except scram.Malformed as fault:
        raise frames.violation(f"no login that can be read: {fault}") from None
    if final is None or challenge is None:
        raise _wrong(user)
    here.writer.write(AuthenticationSASLFinal(data=final.encode()).to_wire())


def _mock(user: str) -> Verifier:
    """A verifier that no key fits, the same for a name each time, as a user's own is."""

    def derived(purpose: bytes) -> bytes:
        return hmac.new(_MOCK, purpose + user.encode(), hashlib.sha256).digest()

    return Verifier(
        salt=derived(b"salt")[:16],
        iterations=ITERATIONS,
        stored_key=derived(b"stored"),
        server_key=derived(b"server"),
    )


def _wrong(user: str) -> Fault:
    return Fault(
        State.WRONG_KEY,
        f'password authentication failed for user "{user[:80]}"',
        "The password is your key; an administrator makes one with `noisegate user add`.",
        fatal=True,
    )


def _database(name: str, desk: Desk, analyst: Analyst) -> str:
    """The dataset that the connection is about: the one named, or the only one there is."""
    seen = list(desk.visible(analyst).datasets)
    if name in seen:
        return name
    if not seen:
        refusal = Refusal(
            Code.FORBIDDEN,
            "You have no budget for any dataset.",
            "The administrator can add a line for you or one of your roles to the `budgets` of a "
            "policy.",
        )
        fault = of_refusal(refusal)
        fault.fatal = True
        raise fault
    if name in (*_UNNAMED, analyst.name) and len(seen) == 1:
        return seen[0]
    raise Fault(
        State.UNKNOWN_DATABASE,
        f'database "{name[:80]}" does not exist',
        f"Connect to a dataset: {', '.join(seen)}.",
        fatal=True,
    )


def _settle(session: Session, wishes: Mapping[str, str]) -> None:
    """Take the settings that stand in the startup message. Raises a fatal `Fault`."""
    settings = {
        name: value
        for name, value in wishes.items()
        if name not in ("user", "database", "options", "replication")
        and not name.startswith("_pq_.")
    }
    words = iter(wishes.get("options", "").split())
    for word in words:
        given = next(words, "") if word == "-c" else word.removeprefix("-c").removeprefix("--")
        name, equals, value = given.partition("=")
        if not equals:
            raise frames.violation("options that are not of the form -c name=value")
        settings[name.replace("-", "_")] = value
    if wishes.get("replication", "false") not in ("false", "off", "no", "0"):
        raise Fault(
            State.FEATURE_NOT_SUPPORTED,
            "There is nothing to replicate.",
            "Connect without the parameter replication.",
            fatal=True,
        )
    try:
        for name, value in settings.items():
            session.settings.start(name, value)
    except Fault as fault:
        fault.fatal = True
        raise
