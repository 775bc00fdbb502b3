"""`noisegate budget request|requests|approve|refuse`: more budget, asked for and decided on."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

import typer

from gateway.cli import options, tables
from gateway.cli.client import Client

Number = Annotated[int, typer.Argument(min=1, help="The request's number.")]
Reason = Annotated[
    str, typer.Option(help="Seen by the analyst, and kept in the audit trail.", show_default=False)
]
Days = Annotated[
    int | None,
    typer.Option(min=1, help="So many days; the account's period where it is left out."),
]


def request(
    epsilon: Annotated[float, typer.Argument(min=0, help="How much more is needed.")],
    dataset: Annotated[
        str, typer.Option(envvar="NOISEGATE_DATASET", help="The dataset of the account.")
    ],
    purpose: Annotated[str, typer.Option(help="What the answers are for.")],
    days: Days = None,
    url: options.Url = options.DEFAULT_URL,
    key: options.Key = None,
    as_json: options.Json = False,
) -> None:
    """Ask an administrator for more budget in your own account."""
    body = {"dataset": dataset, "epsilon": epsilon, "purpose": purpose, "days": days}
    reply = Client(url=url, key=key).post("/v1/budget/requests", body)
    if as_json:
        typer.echo(reply.body)
        return
    asked = reply.document
    typer.echo(
        f"Request {asked['id']} for ε = {asked['epsilon']:.4g} on {asked['dataset']} waits for a "
        f"decision until {asked['expires_at'][:10]}."
    )


def requests(
    url: options.Url = options.DEFAULT_URL,
    key: options.Key = None,
    everybody: Annotated[bool, typer.Option("--all", help="Of everybody; for role admin.")] = False,
    state: Annotated[
        str | None, typer.Option(help="With --all: open, expired, approved or refused.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """List your requests for budget, or with --all everybody's, newest first."""
    path = "/v1/budget/requests"
    if everybody:
        path = "/v1/admin/budget-requests"
        path += f"?{urlencode({'state': state})}" if state else ""
    elif state:
        raise typer.BadParameter("goes with --all only", param_hint="--state")
    reply = Client(url=url, key=key).get(path)
    if as_json:
        typer.echo(reply.body)
        return
    rows = [_row(asked) for asked in reply.document["requests"]]
    headings = ["number", "asked (UTC)", "dataset", "account", "ε", "days", "state", "purpose"]
    right = [True, False, False, False, True, True, False, False, False]
    tables.output().print(tables.grid([*headings, "decision"], rows, right))


def approve(
    number: Number,
    reason: Reason,
    epsilon: Annotated[
        float | None, typer.Option(min=0, help="Instead of what was asked for.")
    ] = None,
    days: Days = None,
    url: options.Url = options.DEFAULT_URL,
    key: options.Key = None,
    as_json: options.Json = False,
) -> None:
    """Grant a request, or a part of it; for role admin."""
    body = {"reason": reason, "epsilon": epsilon, "days": days}
    reply = Client(url=url, key=key).post(f"/v1/admin/budget-requests/{number}/approve", body)
    if as_json:
        typer.echo(reply.body)
        return
    document = reply.document
    granted = document["request"]
    typer.echo(f"Granted ε = {granted['decision']['epsilon']:.4g} to {granted['account']}.")
    for name in ("account", "everyone"):
        account = document[name]
        if account is not None:
            typer.echo(
                f"{account['account']} has ε = {account['remaining']['epsilon']:.4g} left "
                f"of {account['limit']['epsilon']:.4g} on {account['dataset']}."
            )


def refuse(
    number: Number,
    reason: Reason,
    url: options.Url = options.DEFAULT_URL,
    key: options.Key = None,
    as_json: options.Json = False,
) -> None:
    """Turn a request down; for role admin."""
    reply = Client(url=url, key=key).post(
        f"/v1/admin/budget-requests/{number}/refuse", {"reason": reason}
    )
    if as_json:
        typer.echo(reply.body)
        return
    typer.echo(f"Refused request {number} of {reply.document['request']['account']}.")


def _row(asked: dict[str, Any]) -> list[object]:
    decision = asked["decision"]
    told = "" if decision is None else f"{decision['by']}: {decision['reason']}"
    if decision is not None and decision["epsilon"] not in (None, asked["epsilon"]):
        told = f"ε = {decision['epsilon']:.4g}, {told}"
    return [
        asked["id"],
        asked["asked_at"][:19].replace("T", " "),
        asked["dataset"],
        asked["account"],
        float(asked["epsilon"]),
        asked["days"],
        asked["state"],
        asked["purpose"],
        told,
    ]


def install(group: typer.Typer) -> None:
    """Add the commands to `noisegate budget`."""
    group.command(
        epilog='Example: noisegate budget request 2 --dataset hospital --purpose "Q3 report"'
    )(request)
    group.command(epilog="Example: noisegate budget requests --all --state open")(requests)
    group.command(
        epilog='Example: noisegate budget approve 7 --epsilon 1.5 --reason "agreed by the board"'
    )(approve)
    group.command(
        epilog='Example: noisegate budget refuse 7 --reason "the published tables answer this"'
    )(refuse)
