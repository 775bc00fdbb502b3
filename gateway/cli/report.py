"""`noisegate budget report`: the month that a privacy officer files."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

import typer

from gateway.cli import options
from gateway.cli.client import Client
from gateway.cli.failure import Failure


class Format(StrEnum):
    """How the report is written."""

    HTML = "html"
    CSV = "csv"
    JSON = "json"


def report(
    month: Annotated[
        str | None, typer.Option(help="Such as 2026-11; the last one that is over if left out.")
    ] = None,
    kind: Annotated[
        Format, typer.Option("--format", help="html prints well; csv is for a spreadsheet.")
    ] = Format.HTML,
    output: Annotated[
        Path | None, typer.Option(help="A file to write; standard output if left out.")
    ] = None,
    url: options.Url = options.DEFAULT_URL,
    key: options.Key = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """Write the report of a month: accounts, charges, questions, grants, trail; for role admin."""
    asked = {"format": "json" if as_json else kind.value} | ({"month": month} if month else {})
    reply = Client(url=url, key=key).get(f"/v1/admin/report?{urlencode(asked)}")
    if output is None:
        typer.echo(reply.body, nl=False)
        return
    try:
        output.write_bytes(reply.body)
    except OSError as error:
        raise Failure(
            f"{output} cannot be written ({error.strerror}).", hint="Give another --output."
        ) from error
    typer.echo(f"Wrote {output}.", err=True)


def install(group: typer.Typer) -> None:
    """Add the command to `noisegate budget`."""
    group.command(epilog="Example: noisegate budget report --month 2026-11 --output report.html")(
        report
    )
