"""`noisegate budget rebase`: charges mean something else from now on, by an explicit word."""

from __future__ import annotations

import json
import os
from typing import Annotated

import typer

from gateway.cli import options
from gateway.cli.opening import books, operator, told


def rebase(
    dataset: Annotated[str, typer.Argument(help="A dataset of the policies.")],
    reason: Annotated[str, typer.Option(help="Kept in the audit trail.")],
    policies: options.Policies = options.DEFAULT_POLICIES,
    ledger: options.LedgerUrl = options.DEFAULT_LEDGER,
    signing_key: options.SigningKey = None,
    as_json: options.Json = False,
) -> None:
    """Take over a changed guarantee or unit: close all accounts of a dataset and open new ones.

    What was spent before stays as history, and what it revealed adds to what the new accounts may.
    """
    from gateway.policy.faults import PolicyFaults
    from gateway.policy.load import load_all

    try:
        known = {policy.dataset: policy for policy in load_all(policies, os.environ)}
    except PolicyFaults as error:
        raise told(error) from error
    if dataset not in known:
        raise typer.BadParameter(f"no dataset {dataset}; known are {', '.join(known)}")
    policy = known[dataset]
    with books(ledger, signing_key) as open_books:
        closed = open_books.terms.rebase(policy, operator(), reason)
    privacy = policy.privacy
    if as_json:
        stated = {"guarantee": privacy.guarantee.value, "unit": privacy.unit}
        typer.echo(json.dumps({"dataset": dataset, "closed": list(closed), **stated}))
    else:
        typer.echo(
            f"{dataset} is now kept per {privacy.unit} under {privacy.guarantee.value}; "
            f"{len(closed)} accounts were closed and opened anew.",
            err=True,
        )


def install(group: typer.Typer) -> None:
    """Add the command."""
    group.command(
        epilog='Example: noisegate budget rebase hospital --reason "zcdp from January, decision 12"'
    )(rebase)
