"""`POST /v1/query` and `POST /v1/explain`."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header
from fastapi.responses import JSONResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest

from gateway.edges import Analyst
from gateway.exchange import Request
from gateway.pages import Pages
from gateway.server import documents, render
from gateway.server.bodies import QueryBody, exact
from gateway.server.caller import TheAnalyst, TheDesk, TheId
from gateway.server.desk import ADMIN
from gateway.server.presence import while_connected

router = APIRouter(tags=["questions"])

_FORMATS: dict[int | str, dict[str, Any]] = {
    200: {
        "model": documents.QueryAnswer,
        "description": "The noisy answer. CSV and Arrow carry cost and accuracy in headers.",
        "content": {
            render.CSV: {"schema": {"type": "string"}},
            render.ARROW: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@router.post("/v1/query", responses=_FORMATS, response_class=Response)
async def query(
    body: QueryBody,
    connection: HttpRequest,
    who: TheAnalyst,
    desk: TheDesk,
    query_id: TheId,
    accept: Annotated[str | None, Header()] = None,
    idempotency_key: Annotated[
        str | None,
        Header(description="A repeat with the same key and body returns the same answer, free."),
    ] = None,
) -> Response:
    """Ask a question. It is charged before a protected row is read, and answered with noise.

    Closing the connection cancels it."""
    asked = desk.ask(request_of(body, who, query_id, idempotency_key))
    given = await while_connected(connection, asked)
    media_type = render.wanted(accept)
    whole: bytes | None = None
    with desk.metrics.seconds.labels("write").time():
        if isinstance(given.answer.rows, Pages):
            # Reading all rows for their types takes long enough for others to notice.
            document = await run_in_threadpool(render.answer_document, given.answer, media_type)
        else:
            document = render.answer_document(given.answer, media_type)
            whole = b"".join(document.pieces)
    headers = dict(document.headers)
    if given.replayed:
        headers["Idempotent-Replayed"] = "true"
    headers["Vary"] = "Accept, Authorization"
    if whole is not None:
        return Response(whole, media_type=document.media_type, headers=headers)
    # Each piece is written when the last one is on its way: a slow reader holds no rows in memory.
    return StreamingResponse(document.pieces, media_type=document.media_type, headers=headers)


@router.post("/v1/explain", responses={200: {"model": documents.ExplainAnswer}})
async def explain(body: QueryBody, who: TheAnalyst, desk: TheDesk, query_id: TheId) -> Response:
    """What a question would cost, and how its noise is made. Free; reads no protected row."""
    explanation = await desk.explain(request_of(body, who, query_id, None))
    shows_sql = explanation.show_sql or ADMIN in who.roles
    return JSONResponse(render.explanation_document(explanation, shows_sql))


def request_of(body: QueryBody, who: Analyst, query_id: str, key: str | None) -> Request:
    """The body as the line takes it, its numbers exact."""
    return Request(
        query_id=query_id,
        analyst=who,
        sql=body.sql,
        dataset=body.dataset,
        parameters=tuple(body.parameters),
        epsilon=exact(body.epsilon),
        max_error=exact(body.max_error),
        confidence=body.confidence,
        key=key,
    )
