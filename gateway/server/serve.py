"""Running the application under uvicorn until a signal ends it."""

from __future__ import annotations

import contextlib
import gc
import signal
import socket
import threading
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

GRACE_SECONDS = 20
"""How long questions that run may take to end after SIGTERM or Ctrl-C."""


class _Announced(uvicorn.Server):
    """Says when it listens, and on which port where port 0 let the system choose."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[str], None]) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start as uvicorn does, then tell the address."""
        await super().startup(sockets)
        if not self.should_exit and self.servers:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            shown = f"[{host}]" if ":" in host else host
            self._listening(f"http://{shown}:{port}")


def serve(
    app: FastAPI,
    host: str,
    port: int,
    listening: Callable[[str], None],
    reload: Callable[[], object],
) -> bool:
    """Serve until SIGTERM or SIGINT, then let running questions end; False if it never started.

    `listening` is called once with the address, `reload` at each SIGHUP, in a thread of its own.
    """
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=GRACE_SECONDS,
        h11_max_incomplete_event_size=65_536,
    )
    server = _Announced(config, listening)
    # uvicorn raises the signal that ended it once more, for whoever handled it before. Nobody has
    # anything left to do then, and ending on request is no failure.
    before = signal.signal(signal.SIGTERM, lambda number, frame: None)
    hung_up = signal.signal(
        signal.SIGHUP,
        lambda number, frame: threading.Thread(target=reload, name="reload").start(),
    )
    # All that stands now stays. The collector need not walk it again and again while a question
    # waits, which was a third of the gateway's own time.
    gc.collect()
    gc.freeze()
    try:
        with contextlib.suppress(KeyboardInterrupt):
            server.run()
    finally:
        gc.unfreeze()
        signal.signal(signal.SIGTERM, before)
        signal.signal(signal.SIGHUP, hung_up)
    return server.started
