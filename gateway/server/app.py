"""The HTTP application: the paths of the interface around one desk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI

from gateway import __version__
from gateway.server import problems
from gateway.server.crew import Crew
from gateway.server.desk import Desk, Line
from gateway.server.documents import Problem
from gateway.server.envelope import Envelope
from gateway.server.routes import (
    account,
    admin,
    budget_requests,
    datasets,
    probes,
    questions,
    report,
    trail,
)
from gateway.server.webhook import Webhook
from gateway.start import Gateway

if TYPE_CHECKING:
    from gateway.server.postgres.listener import Door

_DESCRIPTION = """Ordinary SQL in, differentially private answers out.

Every number that was computed from protected rows carries noise and comes with its half-width;
every answer says what it took from your privacy budget and what is left.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many questions run at once, and how many more may wait."""

    at_once: int = 4
    waiting: int = 64


class Application(FastAPI):
    """FastAPI, but OpenAPI says that refusals are problem documents and nothing else."""

    def openapi(self) -> dict[str, Any]:
        """The document of `/openapi.json`."""
        document = super().openapi()
        for operations in document["paths"].values():
            for operation in operations.values():
                operation["responses"]["default"]["content"].pop("application/json", None)
        return document


def build_app(
    gateway: Gateway,
    line: Line,
    limits: Limits | None = None,
    alert_webhook: str | None = None,
    door: Door | None = None,
    reloaded: Callable[[Gateway, str], Gateway] | None = None,
) -> FastAPI:
    """The application; it closes the gateway when it shuts down.

    `alert_webhook` is the URL that is told of budget alerts. Where a `door` is given, PostgreSQL
    clients are served beside it, on the same loop and crew. `reloaded` makes
    the gateway that serves after the policies were read again.
    """
    bounds = limits or Limits()
    crew = Crew(size=bounds.at_once, waiting=bounds.waiting)

    webhook = None if alert_webhook is None else Webhook(alert_webhook)
    desk = Desk(gateway=gateway, line=line, crew=crew, webhook=webhook, reloaded=reloaded)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            if door is None:
                yield
            else:
                from gateway.server.postgres.listener import Listener

                async with Listener(door, desk).serving():
                    yield
        finally:
            crew.close()
            desk.alerting.close()
            desk.gateway.close()

    app = Application(
        title="Noisegate",
        version=__version__,
        description=_DESCRIPTION,
        docs_url=None,  # its pages load scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
        responses=_problems(),
        # Spans would hold request bodies, and so SQL; logs and /metrics say what may be said.
        telemetry={
            "tracing": False,
            "metrics": False,
            "logs": False,
            "operation_spans": False,
            "auto_configure": False,
        },
    )
    app.state.desk = desk
    app.add_middleware(Envelope)
    problems.install(app)
    for router in (
        questions.router,
        account.router,
        datasets.router,
        admin.router,
        budget_requests.router,
        report.router,
        trail.router,
        probes.router,
    ):
        app.include_router(router)
    return app


def _problems() -> dict[int | str, dict[str, Any]]:
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "default": {
            "model": Problem,
            "description": "A refusal (RFC 9457), with a code, a fact and a hint.",
            "content": content,
        }
    }
