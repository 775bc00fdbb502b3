"""`noisegate data changed`: stored answers no longer stand for the data."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from gateway.cli import options
from gateway.cli.failure import Commands
from gateway.cli.opening import books, operator, told

group = typer.Typer(cls=Commands, no_args_is_help=True, help="Telling the gateway about data.")


@group.command(epilog="Example: noisegate data changed hospital")
def changed(
    dataset: Annotated[str, typer.Argument(help="A dataset of the policies.")],
    policies: options.Policies = options.DEFAULT_POLICIES,
    ledger: options.LedgerUrl = options.DEFAULT_LEDGER,
    signing_key: options.SigningKey = None,
    as_json: options.Json = False,
) -> None:
    """Say that a dataset's data changed: from now on the same question is asked, and paid, anew."""
    import os

    from gateway.policy.faults import PolicyFaults, nearest
    from gateway.policy.load import load_all

    try:
        known = [policy.dataset for policy in load_all(policies, os.environ)]
    except PolicyFaults as error:
        raise told(error) from error
    if dataset not in known:
        near = nearest(dataset, known)
        meant = f" (did you mean {near}?)" if near else ""
        raise typer.BadParameter(f"no dataset {dataset}{meant}; known are {', '.join(known)}")
    with books(ledger, signing_key) as open_books:
        version = open_books.answers.data_changed(dataset, operator())
    if as_json:
        typer.echo(json.dumps({"dataset": dataset, "version": version}))
    else:
        typer.echo(
            f"Stored answers of {dataset} no longer stand (data version {version}).", err=True
        )


def install(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="data")
