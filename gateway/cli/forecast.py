"""`noisegate budget forecast`: when accounts run out at the present rate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from gateway.cli import options, tables
from gateway.cli.client import Client

_WORDS = {
    "idle": "nothing spent lately",
    "lasts": "lasts ten years or more",
    "renews": "renews before it runs out",
    "exhausted": "used up now",
}


def forecast(
    url: options.Url = options.DEFAULT_URL,
    key: options.Key = None,
    everyone: Annotated[bool, typer.Option("--all", help="Every account; for role admin.")] = False,
    as_json: options.Json = False,
) -> None:
    """Show when your accounts run out if the last four weeks go on, or with --all every account."""
    reply = Client(url=url, key=key).get("/v1/admin/budgets" if everyone else "/v1/budget")
    if as_json:
        typer.echo(reply.body)
        return
    rows = [
        [
            budget["dataset"],
            budget["account"],
            budget["forecast"]["since"][:10],
            budget["forecast"]["paid"]["epsilon"],
            budget["remaining"]["epsilon"],
            outlook(budget["forecast"]),
        ]
        for budget in reply.document["budgets"]
    ]
    headings = ["dataset", "account", "since", "spent since ε", "left ε", "forecast"]
    tables.output().print(tables.grid(headings, rows, [False, False, False, True, True, False]))


def outlook(forecast: Mapping[str, Any]) -> str:
    """A forecast in words."""
    if forecast["runs_out_at"] is not None:
        return f"runs out on {forecast['runs_out_at'][:10]}"
    return _WORDS[forecast["outlook"]]


def install(group: typer.Typer) -> None:
    """Add the command to `noisegate budget`."""
    group.command(epilog="Example: noisegate budget forecast --all")(forecast)
