"""`noisegate audit`: whether the ledger is what the gateway wrote."""

from __future__ import annotations

import json
import re
from typing import Annotated

import typer

from gateway.cli import options
from gateway.cli.failure import Commands
from gateway.cli.opening import books

group = typer.Typer(
    cls=Commands, no_args_is_help=True, help="Whether the ledger is what the gateway wrote."
)

_HEAD = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")


@group.command(epilog="Example: noisegate audit verify --head 1042:9f86d0...")
def verify(
    ledger: options.LedgerUrl = options.DEFAULT_LEDGER,
    head: Annotated[
        str | None,
        typer.Option(help="NUMBER:HASH noted earlier; finds a chain that was rewritten whole."),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Check every record, charge, grant and account; ends with 1 where anything was changed."""
    from gateway.budget.audit import AuditHead

    known = None
    if head is not None:
        parts = _HEAD.fullmatch(head)
        if parts is None:
            raise typer.BadParameter("it is NUMBER:HASH, with 64 hexadecimal digits")
        known = AuditHead(sequence=int(parts[1]), hash=parts[2])
    with books(ledger) as open_books:
        faults = open_books.verify(known)
        now = open_books.audit.head()
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "intact": not faults,
                    "head": {"sequence": now.sequence, "hash": now.hash},
                    "faults": [
                        {
                            "tampering": fault.tampering.value,
                            "where": fault.where,
                            "sentence": fault.sentence,
                        }
                        for fault in faults
                    ],
                }
            )
        )
    elif faults:
        for fault in faults:
            typer.echo(f"{fault.tampering.value}: {fault.where}: {fault.sentence}")
    else:
        typer.echo(f"{now.sequence}:{now.hash}")
        typer.echo(
            f"Intact: {now.sequence} records. Note the line above elsewhere for --head.", err=True
        )
    if faults:
        typer.echo(f"noisegate: the ledger has {len(faults)} faults.", err=True)
        raise typer.Exit(1)


def install(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="audit")
