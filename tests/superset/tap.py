"""What Superset sends to the gateway: a relay between the two that reads the messages it passes on.

psycopg2 speaks the simple protocol without TLS here, so each statement is one message, and the
answer to it ends with ReadyForQuery.
"""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_CHUNK = 65_536


@dataclass(slots=True)
class Sent:
    """A message of SQL: the number of its connection and when it began; `seconds` to the end of the
    answer, `error` as the gateway said it, and whether a charge was told."""

    sql: str
    connection: int
    begun: float
    seconds: float = 0.0
    error: str | None = None
    charged: bool = False


@dataclass(slots=True)
class Tap:
    """The statements so far, over all connections, in the order in which they were sent."""

    port: int = 0
    connections: int = 0
    sent: list[Sent] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def since(self, mark: int) -> list[Sent]:
        """What was sent after so many statements."""
        with self.lock:
            return self.sent[mark:]

    @property
    def mark(self) -> int:
        with self.lock:
            return len(self.sent)


@contextmanager
def tapped(host: str, port: int) -> Iterator[Tap]:
    """A relay to the gateway's PostgreSQL port, for as long as the block runs."""
    tap = Tap()

    class Relay(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            client: socket.socket = self.request
            with socket.create_connection((host, port)) as gateway:
                for one in (client, gateway):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                waiting: list[Sent] = []
                answers = threading.Thread(
                    target=_answers, args=(gateway, client, waiting), daemon=True
                )
                answers.start()
                _questions(client, gateway, tap, waiting)
                answers.join(timeout=30)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Relay) as server:
        tap.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield tap
        finally:
            server.shutdown()
            thread.join()


def _questions(
    client: socket.socket, gateway: socket.socket, tap: Tap, waiting: list[Sent]
) -> None:
    """Passes on what the client says, and notes its statements before they leave."""
    started, held = False, b""
    with tap.lock:
        number = tap.connections = tap.connections + 1
    while data := _read(client):
        held += data
        while len(held) >= 5:
            # The first messages have no type: a request for TLS, then the startup itself.
            head = 1 if started else 0
            length = struct.unpack_from("!I", held, head)[0] + head
            if len(held) < length:
                break
            message, held = held[:length], held[length:]
            if not started:
                started = struct.unpack_from("!I", message, 4)[0] >> 16 == 3
            elif message[:1] == b"Q":
                one = Sent(sql=message[5:-1].decode(), connection=number, begun=time.monotonic())
                waiting.append(one)
                with tap.lock:
                    tap.sent.append(one)
        gateway.sendall(data)
    _half_closed(gateway)


def _answers(gateway: socket.socket, client: socket.socket, waiting: list[Sent]) -> None:
    """Passes on what the gateway says, and notes errors, charges and ends of answers."""
    held, plain = b"", True
    while data := _read(gateway):
        held += data
        if plain and held[:1] in (b"N", b"S") and len(held) == 1:
            held = b""  # the answer to the request for TLS is a single letter
        plain = False
        while len(held) >= 5:
            length = struct.unpack_from("!I", held, 1)[0] + 1
            if len(held) < length:
                break
            message, held = held[:length], held[length:]
            if waiting and message[:1] == b"E":
                waiting[0].error = _field(message, b"M")
            elif waiting and message[:1] == b"N":
                waiting[0].charged |= _field(message, b"M").startswith("Charged")
            elif waiting and message[:1] == b"Z":
                one = waiting.pop(0)
                one.seconds = time.monotonic() - one.begun
        client.sendall(data)
    _half_closed(client)


def _field(message: bytes, name: bytes) -> str:
    parts = message[5:].split(b"\0")
    return next((part[1:].decode() for part in parts if part[:1] == name), "")


def _read(one: socket.socket) -> bytes:
    try:
        return one.recv(_CHUNK)
    except ConnectionError:
        return b""


def _half_closed(one: socket.socket) -> None:
    try:
        one.shutdown(socket.SHUT_WR)
    except OSError:
        one.close()
