"""`noisegate policy`: checking policy files, and drafting the first one."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli import options
from gateway.cli.failure import Commands

group = typer.Typer(cls=Commands, no_args_is_help=True, help="Checking and drafting policies.")


@group.command(epilog="Example: noisegate policy check policies/hospital.yaml")
def check(
    path: Annotated[Path, typer.Argument(help="A policy file, or a folder of them.")],
    offline: Annotated[
        bool, typer.Option("--offline", help="Check the files alone, without their databases.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Report every fault at once, in the files and against the schema; ends with 1 on any."""
    from gateway.policy.faults import Fault, PolicyFaults
    from gateway.start import open_datasets, read_policies

    faults: tuple[Fault, ...] = ()
    names: list[str] = []
    try:
        policies = read_policies(path)
        names = [policy.dataset for policy in policies]
        if not offline:
            with ExitStack() as opened:
                open_datasets(policies, opened)
    except PolicyFaults as error:
        faults = error.faults
    if as_json:
        told = [
            {
                "file": fault.file,
                "line": fault.line,
                "path": fault.path,
                "found": fault.found,
                "allowed": fault.allowed,
                "nearest": fault.nearest,
            }
            for fault in faults
        ]
        typer.echo(json.dumps({"valid": not faults, "datasets": names, "faults": told}))
    elif faults:
        for fault in faults:
            typer.echo(str(fault))
    else:
        typer.echo(f"Valid: {', '.join(names)}.")
    if faults:
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        typer.echo(f"noisegate: {count} in {path}.", err=True)
        raise typer.Exit(1)


@group.command(
    epilog="Example: noisegate policy draft duckdb:///data/hospital.duckdb > policies/hospital.yaml"
)
def draft(
    engine_url: Annotated[
        str, typer.Argument(help="duckdb:///FILE, or a path or glob of Parquet files.")
    ],
    as_json: options.Json = False,
) -> None:
    """Write a starting policy from a database's schema, reading no rows."""
    from gateway.policy.draft import draft as drafted

    text = drafted(engine_url)
    typer.echo(json.dumps({"policy": text}) if as_json else text, nl=as_json)
    typer.echo("Decide at every TODO, then run `noisegate policy check`.", err=True)


def install(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="policy")
