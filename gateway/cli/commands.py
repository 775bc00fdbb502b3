"""The command `noisegate` with all its groups."""

from __future__ import annotations

import io
import sys
from typing import Annotated

import typer

from gateway import __version__
from gateway.cli import audit, budget, data, demo, policy, query, serve, user
from gateway.cli.failure import Commands

app = typer.Typer(
    name="noisegate",
    cls=Commands,
    help="A differentially private SQL gateway: ordinary SQL in, noisy answers out.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"noisegate {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """A differentially private SQL gateway: ordinary SQL in, noisy answers out."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that knows no ε or ± shows a question mark rather than a stack trace.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


serve.install(app)
demo.install(app)
query.install(app)
policy.install(app)
user.install(app)
budget.install(app)
audit.install(app)
data.install(app)
