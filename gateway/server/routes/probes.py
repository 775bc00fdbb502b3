"""`/healthz`, `/readyz` and `/metrics`, for machines; no key is asked for, nothing private said."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from gateway import __version__
from gateway.errors import Code, Refusal
from gateway.server.caller import TheDesk
from gateway.server.metrics import MEDIA_TYPE

router = APIRouter(tags=["operation"])


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """Whether the process serves requests at all."""
    return {"status": "ok", "version": __version__}


@router.get("/readyz")
def readyz(desk: TheDesk) -> dict[str, object]:
    """Whether ledger and engines answer; `engine_unavailable` where one does not."""
    desk.gateway.books.healthy()
    down = [name for name, engine in desk.gateway.edges.engines.items() if not engine.healthy()]
    if down:
        raise Refusal(
            Code.ENGINE_UNAVAILABLE,
            f"The database of {', '.join(down)} does not answer.",
            "Other datasets can be asked; the log says more.",
        )
    return {"status": "ready", "datasets": list(desk.gateway.catalog.datasets)}


@router.get("/metrics", response_class=Response)
def metrics(desk: TheDesk) -> Response:
    """Counters, latencies, engines and the budget of everyone, for Prometheus."""
    return Response(desk.metrics.text(), media_type=MEDIA_TYPE)
