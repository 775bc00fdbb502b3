"""Listening for PostgreSQL clients: connections, their limits, cancel requests, the end."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
import secrets
import socket
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from pygwire.constants import StartupRequestCode
from pygwire.messages import CancelRequest, StartupMessage

from gateway.server.desk import Desk
from gateway.server.postgres.catalog.address import Place
from gateway.server.postgres.catalog.shadow import Shadow
from gateway.server.postgres.conversation import Conversation, Gone
from gateway.server.postgres.encryption import Encryption, encryption
from gateway.server.postgres.faults import Fault, State
from gateway.server.postgres.startup import Streams, logged_in, negotiated, say, wished

log = logging.getLogger("gateway.postgres")

MOST_CONNECTIONS = 1_000
"""The most connections at once; idle ones cost memory only."""
LOGIN_SECONDS = 30.0
"""How long a client may take until it has logged in."""
_BACKLOG = 256
_PAUSE_SECONDS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where PostgreSQL clients come in: a listening socket, and TLS if it is configured."""

    listening: socket.socket
    encryption: Encryption | None
    catalog: Place | None = None
    """The PostgreSQL that answers introspection; None for one of the gateway's own."""
    most: int = MOST_CONNECTIONS

    @property
    def url(self) -> str:
        """The address, as clients write it."""
        host, port = self.listening.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        return f"postgresql://{shown}:{port}"


def bound(
    host: str, port: int, certificate: Path | None, key: Path | None, catalog: Place | None = None
) -> Door:
    """A door that listens. Raises OSError where the address is taken or a file cannot be read,
    `ssl.SSLError` where they hold no certificate and key."""
    used = None if certificate is None else encryption(certificate, key)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    listening.setblocking(False)
    return Door(listening=listening, encryption=used, catalog=catalog)


class Listener:
    """Every connection of one door."""

    def __init__(self, door: Door, desk: Desk) -> None:
        self._door = door
        self._desk = desk
        self._shadow = Shadow(desk.gateway.catalog.datasets.values(), door.catalog)
        self._tasks: set[asyncio.Task[None]] = set()
        self._talking: dict[int, tuple[bytes, Conversation]] = {}
        self._last = 0

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Accept connections while the block runs; then tell the clients that it ends."""
        self._shadow.start()
        accepting = asyncio.create_task(self._accept())
        try:
            yield
        finally:
            accepting.cancel()
            self._door.listening.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(accepting, *self._tasks, return_exceptions=True)
            await self._shadow.stop()

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                raw, _ = await loop.sock_accept(self._door.listening)
            except OSError as error:
                # Out of descriptors, or the client is gone again: those that are here go on.
                log.warning("a connection was not accepted: %s", error.strerror)
                await asyncio.sleep(_PAUSE_SECONDS)
                continue
            raw.setblocking(False)
            with contextlib.suppress(OSError):  # not for sockets of another family
                raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            task = asyncio.create_task(self._one(raw))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _one(self, raw: socket.socket) -> None:
        writer: asyncio.StreamWriter | None = None
        try:
            async with asyncio.timeout(LOGIN_SECONDS):
                here = await negotiated(raw, self._door.encryption)
                writer = here.writer
                wish = await wished(here, encrypted=self._door.encryption is not None)
            if isinstance(wish, CancelRequest):
                self._cancel(wish)
            else:
                await self._talk(here, wish)
        except (OSError, ssl.SSLError, asyncio.IncompleteReadError, TimeoutError, Gone):
            return  # the client is gone, or never became one
        except Fault as fault:
            with contextlib.suppress(OSError):
                if writer is not None:
                    await say(writer, fault)
        finally:
            if writer is None:
                raw.close()
            else:
                writer.close()

    async def _talk(self, here: Streams, wish: StartupMessage) -> None:
        if len(self._tasks) > self._door.most:
            raise Fault(
                State.TOO_MANY_CONNECTIONS,
                f"{self._door.most} clients are connected already.",
                "Close connections that are not needed.",
                fatal=True,
            )
        process, secret = self._number(), self._secret(wish)
        try:
            async with asyncio.timeout(LOGIN_SECONDS):
                session = await logged_in(here, wish, self._desk, self._shadow, process, secret)
            facts = {"user": session.login.user, "dataset": session.login.database}
            log.info("a client logged in", extra=facts)
            conversation = Conversation(here.reader, here.writer, session)
            self._talking[process] = secret, conversation
            await conversation.run()
        except Fault as fault:
            await say(here.writer, fault)
            log.info("a client was sent away", extra={"code": fault.sqlstate})
        except asyncio.CancelledError:
            ends = Fault(State.ADMIN_SHUTDOWN, "The gateway shuts down.", "Connect again later.")
            ends.fatal = True
            with contextlib.suppress(OSError):
                here.writer.write(ends.response.to_wire())
            raise
        finally:
            self._talking.pop(process, None)

    def _number(self) -> int:
        """A number that no connection has now; clients show it as the process id."""
        while True:
            self._last = self._last % (2**31 - 1) + 1
            if self._last not in self._talking:
                return self._last

    def _secret(self, wish: StartupMessage) -> bytes:
        """What a cancel request must know; protocol 3.0 has room for four bytes only."""
        return secrets.token_bytes(32 if wish.protocol_version >= StartupRequestCode.V3_2 else 4)

    def _cancel(self, wish: CancelRequest) -> None:
        secret, conversation = self._talking.get(wish.process_id, (b"", None))
        if conversation is not None and hmac.compare_digest(secret, wish.secret_key):
            conversation.cancel()
