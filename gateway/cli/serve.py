"""`noisegate serve`: the gateway itself."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from gateway.cli import options
from gateway.cli.failure import Failure

Http = Annotated[
    str,
    typer.Option("--http", envvar="NOISEGATE_HTTP", help="HOST:PORT to serve HTTP on."),
]
Postgres = Annotated[
    str | None,
    typer.Option(
        "--postgres",
        envvar="NOISEGATE_POSTGRES",
        help="HOST:PORT for the PostgreSQL protocol; comes with a later version.",
    ),
]


Webhook = Annotated[
    str | None,
    typer.Option(
        "--alert-webhook",
        envvar="NOISEGATE_ALERT_WEBHOOK",
        help="URL that is told when an account passes 50, 80 and 100%.",
    ),
]


def serve(
    policies: options.Policies = options.DEFAULT_POLICIES,
    ledger: options.LedgerUrl = options.DEFAULT_LEDGER,
    signing_key: options.SigningKey = None,
    http: Http = "127.0.0.1:8080",
    postgres: Postgres = None,
    alert_webhook: Webhook = None,
    as_json: options.Json = False,
) -> None:
    """Check the policies against their data, then answer questions until a signal ends it."""
    if postgres:
        raise typer.BadParameter(
            "the PostgreSQL protocol comes with a later version; leave it out",
            param_hint="--postgres",
        )
    if alert_webhook is not None and not alert_webhook.startswith(("https://", "http://")):
        # The value is not repeated, for it may hold a secret.
        raise typer.BadParameter("it is no http(s) URL", param_hint="--alert-webhook")
    host, port = address(http)
    # What follows is heavy, and `noisegate --help` does without it.
    from gateway.answer import answer, explain
    from gateway.cli.opening import opened
    from gateway.server import logs
    from gateway.server.app import build_app
    from gateway.server.desk import Line
    from gateway.server.serve import serve as run

    logs.install()
    gateway = opened(policies, ledger, signing_key)
    names = list(gateway.catalog.datasets)

    def listening(url: str) -> None:
        if as_json:
            typer.echo(json.dumps({"url": url, "datasets": names}))
        else:
            typer.echo(f"Noisegate answers at {url} for {', '.join(names)}.", err=True)

    app = build_app(gateway, Line(answer=answer, explain=explain), alert_webhook=alert_webhook)
    if not run(app, host, port, listening):
        raise Failure(
            f"The gateway could not listen on {http}.",
            hint="Another process may use the port; choose one with --http HOST:PORT.",
        )


def address(text: str) -> tuple[str, int]:
    """HOST:PORT in parts; port 0 lets the system choose. Raises `typer.BadParameter`."""
    host, found, port = text.rpartition(":")
    if not found or not host or not port.isascii() or not port.isdigit() or int(port) > 65_535:
        raise typer.BadParameter(
            f"{text!r} is not HOST:PORT, such as 127.0.0.1:8080", param_hint="--http"
        )
    return host.removeprefix("[").removesuffix("]"), int(port)


def install(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        epilog="Example: noisegate serve --policies policies --ledger sqlite:///ledger.sqlite "
        "--http 127.0.0.1:8080"
    )(serve)
