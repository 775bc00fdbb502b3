"""`noisegate user`: who may ask. Works on the ledger itself, on the administrator's machine."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from gateway.cli import options, tables
from gateway.cli.failure import Commands
from gateway.cli.opening import books, operator

group = typer.Typer(cls=Commands, no_args_is_help=True, help="Who may ask.")

Name = Annotated[str, typer.Argument(help="1 to 63 letters, digits, or _.@- inside.")]


@group.command(epilog="Example: noisegate user add ana --role analyst")
def add(
    name: Name,
    role: Annotated[
        list[str] | None, typer.Option("--role", help="May be given several times.")
    ] = None,
    ledger: options.LedgerUrl = options.DEFAULT_LEDGER,
    signing_key: options.SigningKey = None,
    as_json: options.Json = False,
) -> None:
    """Add a user and print the API key, once: it is not kept."""
    roles = sorted(set(role or []))
    with books(ledger, signing_key) as open_books:
        key = open_books.users.add(name, roles, operator())
    if as_json:
        typer.echo(json.dumps({"name": name, "roles": roles, "key": key}))
        return
    held = f" with {', '.join(roles)}" if roles else " without a role"
    typer.echo(f"Added {name}{held}. This key is shown once:", err=True)
    typer.echo(key)


@group.command(name="list", epilog="Example: noisegate user list --json")
def show(
    ledger: options.LedgerUrl = options.DEFAULT_LEDGER,
    signing_key: options.SigningKey = None,
    as_json: options.Json = False,
) -> None:
    """List all users with their roles and the beginnings of their keys."""
    with books(ledger, signing_key) as open_books:
        users = open_books.users.list()
    if as_json:
        typer.echo(
            json.dumps(
                [
                    {
                        "name": user.name,
                        "roles": list(user.roles),
                        "keys": list(user.prefixes),
                        "created_at": user.created_at.isoformat(),
                        "revoked_at": user.revoked_at and user.revoked_at.isoformat(),
                    }
                    for user in users
                ]
            )
        )
        return
    rows = [
        [
            user.name,
            ", ".join(user.roles) or "-",
            ", ".join(f"{prefix}..." for prefix in user.prefixes) or "-",
            f"{user.created_at:%Y-%m-%d}",
            f"revoked {user.revoked_at:%Y-%m-%d}" if user.revoked_at else "active",
        ]
        for user in users
    ]
    headings = ["user", "roles", "keys", "added", "state"]
    tables.output().print(tables.grid(headings, rows, [False] * 5))


@group.command(epilog="Example: noisegate user revoke ana")
def revoke(
    name: Name,
    ledger: options.LedgerUrl = options.DEFAULT_LEDGER,
    signing_key: options.SigningKey = None,
    as_json: options.Json = False,
) -> None:
    """Make a user's keys worthless at once; what the user spent stays spent."""
    with books(ledger, signing_key) as open_books:
        open_books.users.revoke(name, operator())
    if as_json:
        typer.echo(json.dumps({"name": name, "revoked": True}))
    else:
        typer.echo(f"Revoked {name}.", err=True)


def install(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="user")
