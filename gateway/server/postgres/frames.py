"""Messages on the wire: one is read as a whole, within limits, or the connection ends.

pygwire knows how each message is written. Its decoder and state machine are not used: the order of
messages is kept by `conversation`, and what is read here is read exactly.
"""

from __future__ import annotations

import asyncio
import struct
from typing import TypeVar

from pygwire.exceptions import PygwireError
from pygwire.messages import (
    Bind,
    Close,
    CopyData,
    CopyDone,
    CopyFail,
    Describe,
    Execute,
    Flush,
    FrontendMessage,
    FunctionCall,
    Parse,
    PGMessage,
    Query,
    SASLInitialResponse,
    SASLResponse,
    Sync,
    Terminate,
)

from gateway.server.postgres.faults import Fault, State

MOST_BYTES = 1_048_576
"""The largest message of a client who is known."""
MOST_LOGIN_BYTES = 4_096
"""The largest message of a client who is not known yet."""

M = TypeVar("M", bound=PGMessage)

_HEADER = struct.Struct("!cI")
_COMMANDS: dict[bytes, type[FrontendMessage]] = {
    b"Q": Query,
    b"P": Parse,
    b"B": Bind,
    b"D": Describe,
    b"E": Execute,
    b"C": Close,
    b"S": Sync,
    b"H": Flush,
    b"X": Terminate,
    b"F": FunctionCall,
    b"d": CopyData,
    b"c": CopyDone,
    b"f": CopyFail,
}


async def command(reader: asyncio.StreamReader) -> FrontendMessage:
    """The next message of a client who is known. Raises a fatal `Fault` for bytes that are none,
    `IncompleteReadError` where the client is gone."""
    tag, payload = await _frame(reader, MOST_BYTES)
    kind = _COMMANDS.get(tag)
    if kind is None:
        raise violation("a message of an unknown type")
    return decoded(kind, payload)


async def sasl_initial(reader: asyncio.StreamReader) -> SASLInitialResponse:
    """The first message of a login; raises as `command` does."""
    return decoded(SASLInitialResponse, await _login(reader))


async def sasl_response(reader: asyncio.StreamReader) -> SASLResponse:
    """The second message of a login; raises as `command` does."""
    return decoded(SASLResponse, await _login(reader))


async def _login(reader: asyncio.StreamReader) -> bytes:
    tag, payload = await _frame(reader, MOST_LOGIN_BYTES)
    if tag != b"p":
        raise violation("another message than a password's")
    return payload


async def _frame(reader: asyncio.StreamReader, most: int) -> tuple[bytes, bytes]:
    tag, length = _HEADER.unpack(await reader.readexactly(_HEADER.size))
    if length < 4:
        raise violation("a message that is shorter than its own length")
    if length > most:
        raise Fault(
            State.PROGRAM_LIMIT_EXCEEDED,
            f"A message is {length} bytes long; at most {most} are read.",
            "Shorten the SQL or send fewer parameters.",
            fatal=True,
        )
    return tag, await reader.readexactly(length - 4)


def decoded(kind: type[M], payload: bytes) -> M:
    """A payload as a message of a kind.

    It must be exactly what the message would be written as. So lengths that are negative or point
    beyond the end, which pygwire reads without a word, are refused.
    """
    try:
        message = kind.decode(memoryview(payload))
        exact = message.encode() == payload
    except (PygwireError, struct.error, IndexError, ValueError):
        exact = False
    if not exact:
        raise violation(f"a malformed message of type {kind.__name__}")
    return message


def violation(what: str) -> Fault:
    """What ends a connection whose bytes are not the protocol's."""
    return Fault(
        State.PROTOCOL_VIOLATION,
        f"The client sent {what}.",
        "Connect with a PostgreSQL client of protocol 3.",
        fatal=True,
    )
