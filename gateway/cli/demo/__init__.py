"""`noisegate demo`: the gateway on real data, asked real questions through its own HTTP interface.

`questions` is what is asked, `server` the gateway in a process of its own, `story` asks and tells,
`drawing` makes the bars.
"""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli import options
from gateway.cli.failure import Failure

PREFERRED = "127.0.0.1:8080"


def demo(
    once: Annotated[
        bool, typer.Option("--once", help="Stop the server after the questions and exit.")
    ] = False,
    http: Annotated[
        str | None,
        typer.Option(help=f"HOST:PORT to serve on; {PREFERRED} or any free port by default."),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Start the gateway on the bundled data, ask it questions, and leave it running."""
    from gateway.cli.demo.server import serving
    from gateway.cli.demo.story import Story
    from gateway.cli.serve import address
    from gateway.cli.tables import output

    if http is not None:
        address(http)
    with serving(http, any_port=once) as server:
        story = Story(server=server, console=output(), quiet=as_json)
        failed = story.tell()
        if as_json:
            typer.echo(story.document())
        elif not once:
            story.invite()
        if not once:
            server.wait()
    if failed:
        raise Failure(
            f"{failed} of the demo's questions did not go as they should.",
            hint="What the server said is printed above." if server.log_shown else "",
        )


def install(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: noisegate demo --once")(demo)
