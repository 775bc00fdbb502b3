"""`GET /v1/admin/report`: the month that a privacy officer files."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from fastapi.responses import HTMLResponse, JSONResponse, Response

from gateway.server.caller import TheAdministrator, TheDesk
from gateway.server.report.as_csv import as_csv
from gateway.server.report.as_html import as_html
from gateway.server.report.document import report

router = APIRouter(tags=["administration"])


class Format(Enum):
    """How the report is written."""

    JSON = "json"
    CSV = "csv"
    HTML = "html"


_ACCEPTED = {"text/csv": Format.CSV, "text/html": Format.HTML, "application/json": Format.JSON}
_CONTENT: dict[int | str, dict[str, Any]] = {
    200: {"content": {name: {"schema": {"type": "string"}} for name in ("text/csv", "text/html")}}
}


@router.get("/v1/admin/report", responses=_CONTENT)
def monthly(
    who: TheAdministrator,
    desk: TheDesk,
    month: Annotated[
        str | None, Query(max_length=20, description="`2026-11`; the last one that is over.")
    ] = None,
    format: Annotated[Format | None, Query(description="Instead of the Accept header.")] = None,
    accept: Annotated[str | None, Header()] = None,
) -> Response:
    """A month's accounts, charges, questions, grants and requests, and the state of the trail."""
    document = report(desk.gateway.books, desk.gateway.catalog, month)
    match format or _wanted(accept):
        case Format.CSV:
            name = f"noisegate-{document['month']}.csv"
            headers = {"Content-Disposition": f'attachment; filename="{name}"'}
            return Response(as_csv(document), media_type="text/csv", headers=headers)
        case Format.HTML:
            # The page needs its style and nothing else; what people wrote in it can run nothing.
            policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
            return HTMLResponse(as_html(document), headers={"Content-Security-Policy": policy})
        case Format.JSON:
            return JSONResponse(document)


def _wanted(accept: str | None) -> Format:
    """The first media type of an Accept header that the report has; JSON where it has none."""
    for part in (accept or "").split(","):
        found = _ACCEPTED.get(part.partition(";")[0].strip().lower())
        if found is not None:
            return found
    return Format.JSON
