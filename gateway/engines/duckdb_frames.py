"""Messages between the gateway and a worker process, over a stream socket.

On a channel both sides send frames: one byte that says what it is, four that say how long, and so
many bytes. A socket holds a few hundred kilobytes at most, so whoever sends waits for whoever
reads: a large result takes no more memory than the socket and the piece in hand.
"""

from __future__ import annotations

import json
import socket
import struct
from typing import Any

OPEN = b"o"
"""To a worker: open the data that the JSON describes. Answered by SCHEMA or NOT_OPENED."""
SELECT = b"q"
"""To a worker: JSON with a `number`, one SELECT, `sql`, and what may be `kept`. Answered by BEGUN,
ARROW…, and DONE or FAILED."""
SCHEMA = b"s"
NOT_OPENED = b"n"
BEGUN = b"b"
"""The statement was received whole and runs; before this nothing was read for it."""
ARROW = b"a"
"""A piece of the result, an Arrow IPC stream."""
DONE = b"d"
FAILED = b"f"
"""JSON: `kind`, one of those below, and `text`, DuckDB's own, for the log alone."""

INTERRUPTED = "interrupted"
MEMORY = "memory"
SPILL = "spill"
REFUSED = "refused"
ERROR = "error"

_HEAD = struct.Struct("!cI")
_PIECE = 1 << 20


class Sender:
    """A writable file whose bytes go out in frames of about a megabyte."""

    closed = False

    def __init__(self, sending: socket.socket, kind: bytes) -> None:
        self._socket = sending
        self._kind = kind
        self._held = bytearray()

    def write(self, data: Any) -> int:
        """Take bytes; send them once there are enough."""
        self._held += data
        if len(self._held) >= _PIECE:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Send what is held."""
        if self._held:
            send(self._socket, self._kind, bytes(self._held))
            self._held.clear()


def send(sending: socket.socket, kind: bytes, payload: bytes = b"") -> None:
    """Send one frame; raises OSError where the other side is gone."""
    sending.sendall(_HEAD.pack(kind, len(payload)) + payload)


def send_json(sending: socket.socket, kind: bytes, value: object) -> None:
    """Send one frame of JSON."""
    send(sending, kind, json.dumps(value).encode())


def read_json(payload: bytes) -> dict[str, Any]:
    """What `send_json` sent of a JSON object."""
    found = json.loads(payload)
    if not isinstance(found, dict):
        raise TypeError("a worker sends objects")
    return found


def receive(receiving: socket.socket) -> tuple[bytes, bytes]:
    """One frame; raises EOFError where the other side is gone, TimeoutError as the socket does.

    A time-out between two frames loses nothing. One within a frame would, so the rest of a frame
    that has begun is waited for without one.
    """
    first = receiving.recv(_HEAD.size)
    if not first:
        raise EOFError
    limit = receiving.gettimeout()
    receiving.settimeout(None)
    try:
        kind, length = _HEAD.unpack(first + _exactly(receiving, _HEAD.size - len(first)))
        return kind, _exactly(receiving, length)
    finally:
        receiving.settimeout(limit)


def _exactly(receiving: socket.socket, length: int) -> bytes:
    if length <= 0:
        return b""
    piece = receiving.recv(length)
    if len(piece) == length:
        return piece
    pieces, left = [piece], length - len(piece)
    while left:
        if not piece:
            raise EOFError
        piece = receiving.recv(min(left, _PIECE))
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)
