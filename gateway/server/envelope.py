"""Around every HTTP request: its id, a bound on its body, security headers, the last net."""

from __future__ import annotations

import asyncio
import logging
import uuid
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.errors import Code, Refusal
from gateway.server import problems
from gateway.server.bodies import MAX_BODY_BYTES

log = logging.getLogger("gateway.http")

BODY_SECONDS = 30.0
"""A body that has not arrived by then is refused."""

_HEADERS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


class Envelope:
    """ASGI middleware. The body is read here, at most `MAX_BODY_BYTES`, before the app sees it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; whatever fails becomes a problem document with the request's id."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        query_id = uuid.uuid4().hex
        scope.setdefault("state", {})["query_id"] = query_id
        started = False

        async def sealed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = list(message.get("headers", []))
                names = {name.lower() for name, _ in headers}
                headers += [pair for pair in _HEADERS if pair[0] not in names]
                headers.append((b"noisegate-request-id", query_id.encode()))
                message = {**message, "headers": headers}
            await send(message)

        try:
            body = await _body(scope, receive)
            await self.app(scope, _replay(body, receive), sealed)
        except Refusal as refusal:
            await problems.response(refusal, query_id)(scope, receive, sealed)
        except Exception:
            # The trace may quote anything, so it goes to the log alone.
            facts = {"query_id": query_id, "code": "internal", "path": scope["path"]}
            log.exception("unexpected error", extra=facts)
            if started:
                raise
            await problems.response(internal(), query_id)(scope, receive, sealed)


def internal() -> Refusal:
    """What the analyst is told of a fault of the gateway itself."""
    return Refusal(
        Code.INTERNAL,
        "The gateway failed on this request; what happened is in its log.",
        "Tell the administrator the query_id.",
    )


async def _body(scope: Scope, receive: Receive) -> bytes:
    if _announced(scope) > MAX_BODY_BYTES:
        raise _too_large()
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            more = True
            while more:
                message: dict[str, Any] = dict(await receive())
                if message["type"] != "http.request":
                    break
                body += message.get("body", b"")
                if len(body) > MAX_BODY_BYTES:
                    raise _too_large()
                more = message.get("more_body", False)
    except TimeoutError as error:
        raise Refusal(
            Code.INVALID_REQUEST,
            f"The request's body did not arrive within {BODY_SECONDS:.0f} seconds.",
            "Send it again on a faster connection.",
        ) from error
    return bytes(body)


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


def _too_large() -> Refusal:
    return Refusal(
        Code.INVALID_REQUEST,
        f"The request's body is larger than {MAX_BODY_BYTES} bytes.",
        "Shorten the SQL or send fewer parameters.",
    )


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed
