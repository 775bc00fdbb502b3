"""`noisegate serve`: the gateway itself."""

from __future__ import annotations

import contextlib
import json
import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli import options
from gateway.cli.failure import Failure

if TYPE_CHECKING:
    from gateway.server.postgres.listener import Door

Http = Annotated[
    str,
    typer.Option("--http", envvar="NOISEGATE_HTTP", help="HOST:PORT to serve HTTP on."),
]
Postgres = Annotated[
    str | None,
    typer.Option(
        "--postgres",
        envvar="NOISEGATE_POSTGRES",
        help="HOST:PORT to serve PostgreSQL's protocol on; not served if not given.",
    ),
]
Certificate = Annotated[
    Path | None,
    typer.Option(
        "--postgres-certificate",
        envvar="NOISEGATE_POSTGRES_CERTIFICATE",
        help="Certificate chain in PEM: PostgreSQL clients must then use TLS.",
    ),
]
CertificateKey = Annotated[
    Path | None,
    typer.Option(
        "--postgres-certificate-key",
        envvar="NOISEGATE_POSTGRES_CERTIFICATE_KEY",
        help="The certificate's private key, where it is not in the same file.",
    ),
]
Catalog = Annotated[
    str | None,
    typer.Option(
        "--postgres-catalog",
        envvar="NOISEGATE_POSTGRES_CATALOG",
        help="URL of a PostgreSQL 18 that answers introspection, in place of the gateway's own.",
    ),
]

AnswerMegabytes = Annotated[
    int | None,
    typer.Option(
        "--answer-megabytes",
        envvar="NOISEGATE_ANSWER_MEGABYTES",
        min=1,
        help="What stored answers may take, 1000 if not given; those unused for longest make room.",
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
    certificate: Certificate = None,
    certificate_key: CertificateKey = None,
    catalog: Catalog = None,
    alert_webhook: Webhook = None,
    answer_megabytes: AnswerMegabytes = None,
    as_json: options.Json = False,
) -> None:
    """Check the policies against their data, then answer questions until a signal ends it."""
    if alert_webhook is not None and not alert_webhook.startswith(("https://", "http://")):
        # The value is not repeated, for it may hold a secret.
        raise typer.BadParameter("it is no http(s) URL", param_hint="--alert-webhook")
    host, port = address(http)
    door = _door(postgres, certificate, certificate_key, catalog)
    # What follows is heavy, and `noisegate --help` does without it.
    from gateway.answer import answer, explain
    from gateway.budget.stock import DEFAULT_MEGABYTES
    from gateway.cli.opening import opened
    from gateway.errors import Refusal
    from gateway.server import logs
    from gateway.server.app import build_app
    from gateway.server.desk import Line
    from gateway.server.serve import serve as run
    from gateway.start import reloaded

    logs.install()
    gateway = opened(policies, ledger, signing_key, answer_megabytes or DEFAULT_MEGABYTES)
    names = list(gateway.catalog.datasets)

    def listening(url: str) -> None:
        if as_json:
            places = {"url": url} | ({"postgres": door.url} if door else {})
            typer.echo(json.dumps(places | {"datasets": names}))
        else:
            where = f"{url} and {door.url}" if door else url
            typer.echo(f"Noisegate answers at {where} for {', '.join(names)}.", err=True)

    app = build_app(
        gateway,
        Line(answer=answer, explain=explain),
        alert_webhook=alert_webhook,
        door=door,
        reloaded=lambda old, by: reloaded(old, policies, by),
    )

    def reload() -> None:
        # A refusal is in the log, and what was served goes on.
        with contextlib.suppress(Refusal):
            app.state.desk.reload("operator")

    if not run(app, host, port, listening, reload):
        raise Failure(
            f"The gateway could not listen on {http}.",
            hint="Another process may use the port; choose one with --http HOST:PORT.",
        )


def _door(
    postgres: str | None, certificate: Path | None, key: Path | None, catalog: str | None
) -> Door | None:
    """The listening socket for PostgreSQL clients. Raises `typer.BadParameter`, `Failure`."""
    if postgres is None:
        if certificate is not None or key is not None:
            raise typer.BadParameter("give --postgres, too", param_hint="--postgres-certificate")
        if catalog is not None:
            raise typer.BadParameter("give --postgres, too", param_hint="--postgres-catalog")
        return None
    host, port = address(postgres, "--postgres")
    if key is not None and certificate is None:
        raise typer.BadParameter("the certificate is missing", param_hint="--postgres-certificate")
    for file in (certificate, key):
        if file is not None and not file.is_file():
            raise typer.BadParameter(f"there is no {file}", param_hint="--postgres-certificate")
    from gateway.server.postgres.catalog.address import parsed
    from gateway.server.postgres.listener import bound

    try:
        place = None if catalog is None else parsed(catalog)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--postgres-catalog") from None
    try:
        return bound(host, port, certificate, key, place)
    except ssl.SSLError as error:
        raise Failure(
            f"The certificate cannot be used: {error.reason or error}.",
            hint="Give the chain in PEM with --postgres-certificate and its private key, without a "
            "passphrase, with --postgres-certificate-key.",
        ) from error
    except OSError as error:
        raise Failure(
            f"The gateway could not listen on {postgres}: {error.strerror}.",
            hint="Another process may use the port; choose one with --postgres HOST:PORT.",
        ) from error


def address(text: str, option: str = "--http") -> tuple[str, int]:
    """HOST:PORT in parts; port 0 lets the system choose. Raises `typer.BadParameter`."""
    host, found, port = text.rpartition(":")
    if not found or not host or not port.isascii() or not port.isdigit() or int(port) > 65_535:
        raise typer.BadParameter(
            f"{text!r} is not HOST:PORT, such as 127.0.0.1:8080", param_hint=option
        )
    return host.removeprefix("[").removesuffix("]"), int(port)


def install(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        epilog="Example: noisegate serve --policies policies --ledger sqlite:///ledger.sqlite "
        "--http 127.0.0.1:8080"
    )(serve)
