"""Measure, show the tables, and write `docs/benchmarks.md`."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Annotated

import typer

from tests.bench import against_plain, charges, datasets, doors, planning, serving, stages
from tests.bench.page import Results, page
from tests.bench.questions import EVENTS, HOSPITAL
from tests.postgres import postgres_server

PAGE = datasets.ROOT / "docs" / "benchmarks.md"
FOLDER = datasets.ROOT / "build" / "bench"


def bench(
    rows: Annotated[int, typer.Option(help="Rows of the generated table.")] = datasets.ROWS,
    runs: Annotated[int, typer.Option(help="Runs of each query; medians are shown.")] = 9,
    questions: Annotated[int, typer.Option(help="Questions of the run for memory.")] = 10_000,
    seconds: Annotated[float, typer.Option(help="How long each rate is measured.")] = 5.0,
    write: Annotated[Path, typer.Option(help="The page that is written.")] = PAGE,
    folder: Annotated[Path, typer.Option(help="Where the generated table is kept.")] = FOLDER,
) -> None:
    """Measure time and memory."""
    results = measured(folder, rows=rows, runs=runs, questions=questions, seconds=seconds)
    text = page(results)
    write.write_text(text, encoding="utf-8")
    typer.echo(text)
    typer.echo(f"Written to {write}.", err=True)


def measured(folder: Path, *, rows: int, runs: int, questions: int, seconds: float) -> Results:
    """All measurements, one after the other."""
    _say(f"a table of {rows:,} rows")
    policies = datasets.policies(folder, rows)
    with datasets.gateway(folder, rows) as gateway:
        # as the server does
        gc.collect()
        gc.freeze()
        _say("the gateway's own time")
        own = [stages.measure(gateway, question, 5 * runs) for question in HOSPITAL]
        _say("private against plain, the hospital")
        hospital = [against_plain.measure(gateway, question, 3 * runs) for question in HOSPITAL]
        _say(f"private against plain, {rows:,} rows")
        events = [against_plain.measure(gateway, question, runs) for question in EVENTS]
        gc.unfreeze()
    _say("the corpus, from text to plan")
    planned = planning.measure(3)
    with serving.served(datasets.demo(folder), folder) as (server, key):
        _say(f"memory over {questions:,} questions")
        steps = [questions // 10, questions // 2, questions]
        memory = serving.memory(server, key, steps)
    with serving.served(policies, folder) as (server, key):
        _say("stored answers over HTTP")
        rates = serving.rates(server, key, [1, 4, 8], seconds)
        _say("stored answers by PostgreSQL's protocol")
        asked = doors.measure(server, key, 15 * runs)
        crowd = doors.crowd(server, key, doors.IDLE, doors.BUSY, seconds)
    _say(f"charges by {charges.CLIENTS} clients")
    charged = charges_of(folder, seconds)
    return Results(
        rows=rows,
        hospital=hospital,
        events=events,
        own=own,
        planning=planned,
        rates=rates,
        doors=asked,
        crowd=crowd,
        memory=memory,
        charges=charged,
    )


def charges_of(folder: Path, seconds: float) -> list[charges.Charges]:
    """Charges per second on SQLite and on PostgreSQL, by one gateway and by several."""
    found = []
    for gateways in charges.GATEWAYS:
        for old in folder.glob("charges.sqlite*"):
            old.unlink()
        url = f"sqlite:///{folder / 'charges.sqlite'}"
        found.append(
            charges.measure(url, folder / "charges.sqlite.key", "SQLite", gateways, seconds)
        )
    with postgres_server(durable=True) as server:
        for gateways in charges.GATEWAYS:
            with server.database() as name:
                key = folder / f"{name}.key"
                key.unlink(missing_ok=True)
                found.append(
                    charges.measure(server.url(name), key, "PostgreSQL", gateways, seconds)
                )
    return found


def _say(what: str) -> None:
    typer.echo(f"Measuring: {what}", err=True)


if __name__ == "__main__":
    typer.run(bench)
