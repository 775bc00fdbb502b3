"""`noisegate query` and `noisegate explain`: questions to a running gateway."""

from __future__ import annotations

import json
import sys
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli import options, tables
from gateway.cli.client import Client
from gateway.cli.failure import Failure


class Format(Enum):
    """How `query` writes the answer."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


Sql = Annotated[str, typer.Argument(help="One SELECT, or - to read it from standard input.")]
Epsilon = Annotated[
    float | None, typer.Option(help="What the question may cost; the policy's price by default.")
]
MaxError = Annotated[float | None, typer.Option(help="Half-width wanted, instead of --epsilon.")]
Confidence = Annotated[float, typer.Option(help="Of the half-widths.")]


def query(
    sql: Sql,
    url: options.Url = options.DEFAULT_URL,
    key: options.Key = None,
    dataset: options.Dataset = None,
    epsilon: Epsilon = None,
    max_error: MaxError = None,
    confidence: Confidence = 0.95,
    form: Annotated[Format, typer.Option("--format", help="Of the answer.")] = Format.TABLE,
    out: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file instead of standard output.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Ask a question; the answer goes to standard output, its price to standard error."""
    form = Format.JSON if as_json else form
    if form is Format.PARQUET and out is None and sys.stdout.isatty():
        raise typer.BadParameter(
            "Parquet is binary: give --output FILE or redirect.", param_hint="--format"
        )
    body = _body(sql, dataset, epsilon, max_error, confidence)
    client = Client(url=url, key=key)
    if form is Format.CSV:
        reply = client.post("/v1/query", body, accept="text/csv")
        _write(reply.body, out)
        typer.echo(tables.price(json.loads(reply.headers["noisegate-privacy"])), err=True)
        return
    if form is Format.PARQUET:
        reply = client.post("/v1/query", body, accept="application/vnd.apache.arrow.stream")
        _write(_parquet(reply.body), out)
        typer.echo(tables.price(json.loads(reply.headers["noisegate-privacy"])), err=True)
        return
    reply = client.post("/v1/query", body)
    answer = reply.document
    if form is Format.JSON:
        _write(reply.body + b"\n", out)
    elif out is not None:
        raise typer.BadParameter(
            "a table is for reading: use csv, json or parquet", param_hint="-o"
        )
    else:
        tables.output().print(tables.answer_grid(answer))
    for note in answer.get("notes", []):
        typer.echo(f"note: {note}", err=True)
    typer.echo(tables.price(answer["privacy"]), err=True)


def explain(
    sql: Sql,
    url: options.Url = options.DEFAULT_URL,
    key: options.Key = None,
    dataset: options.Dataset = None,
    epsilon: Epsilon = None,
    max_error: MaxError = None,
    confidence: Confidence = 0.95,
    as_json: options.Json = False,
) -> None:
    """Show what a question would cost and how it stays private; free, reads no protected row."""
    body = _body(sql, dataset, epsilon, max_error, confidence)
    reply = Client(url=url, key=key).post("/v1/explain", body)
    if as_json:
        typer.echo(reply.body)
        return
    console = tables.output()
    for line in _explained(reply.document):
        console.print(line, markup=False)


def _body(
    sql: str,
    dataset: str | None,
    epsilon: float | None,
    max_error: float | None,
    confidence: float,
) -> dict[str, Any]:
    if epsilon is not None and max_error is not None:
        raise typer.BadParameter("--epsilon and --max-error exclude each other")
    text = sys.stdin.read() if sql == "-" else sql
    body: dict[str, Any] = {"sql": text, "confidence": confidence}
    chosen = {"dataset": dataset, "epsilon": epsilon, "max_error": max_error}
    return body | {name: value for name, value in chosen.items() if value is not None}


def _explained(plan: dict[str, Any]) -> list[Any]:
    cost = plan["cost"]
    price = (
        "nothing: these releases are paid for" if plan["reused"] else f"ε = {cost['epsilon']:.4g}"
    )
    if cost["delta"]:
        price += f", δ = {cost['delta']:.3g}"
    lines: list[Any] = [f"Costs {price}. " + ("" if plan["affordable"] else "More than is left.")]
    for number, release in enumerate(plan["releases"], 1):
        keys = ", ".join(release["key_names"]) or "none"
        purpose = " to estimate bounds" if release["purpose"] == "bounds" else ""
        lines.append(
            f"\nRelease {number}{purpose}: group keys {keys} ({release['key_domain']} domain)"
        )
        if "sql" in release:
            lines.append(release["sql"])
        measured = [
            [m["for"], m["norm"], m["sensitivity"], m["mechanism"], m["scale"], m["unit_of_scale"]]
            for m in release["measures"]
        ]
        headings = ["measure", "norm", "sensitivity", "mechanism", "scale", "unit"]
        lines.append(tables.grid(headings, measured, [False, False, True, False, True, True]))
        threshold = release["threshold"]
        if threshold:
            lines.append(
                f"Groups whose noisy {threshold['column']} is below "
                f"{threshold['value']:,} are withheld."
            )
        if release["groups_of"]:
            lines.append(f"Its groups are those that {release['groups_of']} has shown.")
    lines.append("\nPost-processing, on noisy tables only:")
    lines.append(plan["post_processing"])
    lines += [f"note: {note}" for note in plan["notes"]]
    return lines


def _write(data: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        out.write_bytes(data)
    except OSError as error:
        raise Failure(f"{out} cannot be written: {error.strerror}.") from error


def _parquet(arrow: bytes) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(pa.ipc.open_stream(arrow).read_all(), sink)
    return bytes(sink.getvalue().to_pybytes())


def install(app: typer.Typer) -> None:
    """Add both commands."""
    app.command(
        epilog='Example: noisegate query "SELECT age, COUNT(*) FROM encounters GROUP BY age" '
        "--dataset hospital --format csv"
    )(query)
    app.command(
        epilog='Example: noisegate explain "SELECT COUNT(*) FROM encounters" --dataset hospital'
    )(explain)
