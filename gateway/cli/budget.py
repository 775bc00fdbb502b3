"""`noisegate budget show|history|grant`; the other commands of the group stand beside it."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote, urlencode

import typer

from gateway.cli import budget_requests, forecast, options, rebase, report, tables
from gateway.cli.client import Client
from gateway.cli.failure import Commands

group = typer.Typer(
    cls=Commands, no_args_is_help=True, help="What is left, what was asked, and grants."
)


@group.command(epilog="Example: noisegate budget show")
def show(
    url: options.Url = options.DEFAULT_URL,
    key: options.Key = None,
    everyone: Annotated[bool, typer.Option("--all", help="Every account; for role admin.")] = False,
    as_json: options.Json = False,
) -> None:
    """Show the budget of each of your datasets, or with --all every account."""
    path = "/v1/admin/budgets" if everyone else "/v1/budget"
    reply = Client(url=url, key=key).get(path)
    if as_json:
        typer.echo(reply.body)
        return
    rows = [
        [
            budget["dataset"],
            budget["account"],
            budget["spent"]["epsilon"],
            budget["remaining"]["epsilon"],
            budget["limit"]["epsilon"],
            budget["remaining"]["renews_at"] or "never",
        ]
        for budget in reply.document["budgets"]
    ]
    headings = ["dataset", "account", "spent ε", "left ε", "limit ε", "renews"]
    tables.output().print(tables.grid(headings, rows, [False, False, True, True, True, False]))


@group.command(epilog="Example: noisegate budget history --limit 20")
def history(
    url: options.Url = options.DEFAULT_URL,
    key: options.Key = None,
    dataset: options.Dataset = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="The newest so many.")] = 20,
    as_json: options.Json = False,
) -> None:
    """Show your own questions with what they cost, newest first."""
    asked: dict[str, Any] = {"limit": limit} | ({"dataset": dataset} if dataset else {})
    reply = Client(url=url, key=key).get(f"/v1/history?{urlencode(asked)}")
    if as_json:
        typer.echo(reply.body)
        return
    rows = [
        [
            past["at"][:19].replace("T", " "),
            past["dataset"],
            past["cost"]["epsilon"],
            past["outcome"],
            " ".join(past["sql"].split()),
        ]
        for past in reply.document["questions"]
    ]
    headings = ["asked (UTC)", "dataset", "ε", "outcome", "sql"]
    tables.output().print(tables.grid(headings, rows, [False, False, True, False, False]))


@group.command(
    epilog='Example: noisegate budget grant ana 2.5 --dataset hospital --reason "quarterly report"'
)
def grant(
    user: Annotated[str, typer.Argument(help="A user, or `everyone` for the cap of all.")],
    epsilon: Annotated[float, typer.Argument(min=0, help="Added to the account's limit.")],
    dataset: Annotated[str, typer.Option(help="The dataset of the account.")],
    reason: Annotated[str, typer.Option(help="Kept in the audit trail.")],
    days: budget_requests.Days = None,
    url: options.Url = options.DEFAULT_URL,
    key: options.Key = None,
    as_json: options.Json = False,
) -> None:
    """Add to an account's budget for its present period; for role admin."""
    body = {"dataset": dataset, "epsilon": epsilon, "reason": reason, "days": days}
    reply = Client(url=url, key=key).post(f"/v1/admin/budgets/{quote(user, safe='')}/grants", body)
    if as_json:
        typer.echo(reply.body)
        return
    budget = reply.document
    typer.echo(
        f"{budget['account']} has ε = {budget['remaining']['epsilon']:.4g} left "
        f"of {budget['limit']['epsilon']:.4g} on {budget['dataset']}."
    )


def install(app: typer.Typer) -> None:
    """Add the group."""
    budget_requests.install(group)
    forecast.install(group)
    report.install(group)
    rebase.install(group)
    app.add_typer(group, name="budget")
