"""Whether the client of an HTTP request still waits: a question ends when nobody does."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import Request as HttpRequest

from gateway.errors import cancelled

T = TypeVar("T")


async def while_connected(connection: HttpRequest, work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, which is cancelled where the client closes the connection before.

    Raises what `work` raises, and `Refusal(CANCELLED)`, which nobody reads, for a client that went.
    """
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_left(connection))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise cancelled()
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()


async def _left(connection: HttpRequest) -> None:
    """Returns when the client is gone; to be called once the body was read."""
    while (await connection.receive())["type"] != "http.disconnect":
        pass
