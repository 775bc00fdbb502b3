"""Refusals as `application/problem+json` (RFC 9457), those of the web framework included."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest

from gateway.errors import Code, Refusal

MEDIA_TYPE = "application/problem+json"


def document(refusal: Refusal, query_id: str | None = None) -> dict[str, object]:
    """The members of the problem document: RFC 9457's, `code`, `hint`, a position, facts."""
    members: dict[str, object] = {
        "type": f"urn:noisegate:error:{refusal.code.slug}",
        "title": refusal.code.value.title,
        "status": refusal.code.value.status,
        "detail": refusal.sentence,
        "code": refusal.code.slug,
        "hint": refusal.hint,
    }
    if refusal.position is not None:
        members["line"] = refusal.position.line
        members["column"] = refusal.position.column
        members["fragment"] = refusal.position.fragment
    if query_id is not None:
        members["query_id"] = query_id
    return members | {name: fact for name, fact in refusal.facts.items() if name not in members}


def response(refusal: Refusal, query_id: str | None = None, status: int | None = None) -> Response:
    """The HTTP answer of a refusal; `status` only where HTTP has a nearer one than the code."""
    members = document(refusal, query_id)
    if status is not None:
        members["status"] = status
    headers: dict[str, str] = {}
    if refusal.code is Code.UNAUTHENTICATED:
        headers["WWW-Authenticate"] = 'Bearer realm="noisegate", Basic realm="noisegate"'
    if refusal.code is Code.TOO_MANY_REQUESTS:
        wait = refusal.facts.get("retry_after", 1)
        headers["Retry-After"] = str(math.ceil(wait) if isinstance(wait, int | float) else 1)
    return Response(
        json.dumps(members, ensure_ascii=False),
        status_code=status or refusal.code.value.status,
        headers=headers,
        media_type=MEDIA_TYPE,
    )


def install(app: FastAPI) -> None:
    """Make every error of the app a problem document."""

    @app.exception_handler(Refusal)
    async def refused(request: HttpRequest, error: Refusal) -> Response:
        return response(error, query_id(request))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: HttpRequest, error: RequestValidationError) -> Response:
        return response(from_validation(error.errors()), query_id(request))

    @app.exception_handler(HTTPException)
    async def framework(request: HttpRequest, error: HTTPException) -> Response:
        refusal = from_http(error.status_code, request.method, request.url.path)
        answer = response(refusal, query_id(request), status=error.status_code)
        for name, value in (error.headers or {}).items():
            answer.headers[name] = value
        return answer


def query_id(request: HttpRequest) -> str | None:
    """The id that the envelope gave to this request."""
    state: Mapping[str, Any] = request.scope.get("state", {})
    found = state.get("query_id")
    return found if isinstance(found, str) else None


def from_http(status: int, method: str, path: str) -> Refusal:
    """What the framework itself refuses: no such path, wrong method, unreadable body."""
    if status == 404:
        return Refusal(
            Code.NOT_FOUND,
            f"There is nothing at {path[:200]}.",
            "The paths are listed at /openapi.json; questions go to POST /v1/query.",
        )
    if status == 405:
        return Refusal(
            Code.INVALID_REQUEST,
            f"{method[:20]} is not possible at {path[:200]}.",
            "The Allow header and /openapi.json name the methods of each path.",
        )
    return Refusal(
        Code.INVALID_REQUEST,
        "The request's body cannot be read.",
        'Send UTF-8 JSON, such as {"sql": "SELECT COUNT(*) FROM …"}.',
    )


def from_validation(errors: Sequence[Mapping[str, Any]]) -> Refusal:
    """All faults of a request's body or parameters as one refusal; values are not repeated."""
    sentences: list[str] = []
    hints: list[str] = []
    for error in errors:
        sentence, hint = _fault(error)
        if sentence not in sentences:
            sentences.append(sentence)
        if hint not in hints:
            hints.append(hint)
    return Refusal(Code.INVALID_REQUEST, " ".join(sentences[:8]), " ".join(hints[:8]))


def _fault(error: Mapping[str, Any]) -> tuple[str, str]:
    kind = str(error.get("type", ""))
    where = [str(part) for part in error.get("loc", ()) if part not in ("body", "query", "path")]
    # A union's branches stand behind the index in `loc` ("parameters", 0, "bool").
    name = where[0] if where else ""
    if kind == "json_invalid":
        return (
            "The request's body is not JSON.",
            'Send UTF-8 JSON, such as {"sql": "SELECT COUNT(*) FROM …"}.',
        )
    if kind == "unknown_member":
        context = error.get("ctx", {})
        return str(error["msg"]), str(context.get("hint", ""))
    if not name:
        return (
            "The request has no JSON object as its body.",
            "Send one with the header Content-Type: application/json.",
        )
    if kind == "missing":
        return f"`{name[:100]}` is missing.", f"Add `{name[:100]}`; /openapi.json has an example."
    message = str(error.get("msg", "not valid")).removeprefix("Value error, ")
    return (
        f"`{name[:100]}` is not valid: {message[:1].lower()}{message[1:]}.",
        "/openapi.json lists every member with its type and an example.",
    )
