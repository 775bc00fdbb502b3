"""The queries on Spark beside DuckDB: the same exact integers, and what they cost.

    python -m tests.tpch.on_spark --scale 1

starts a Spark with two executors, each a process of its own (`local-cluster[2,1,2048]`), and prints
one row per answered query. `--scales 0.25 --scales 0.5 --scales 1` measures how cost grows, fits a
line through the times and says by how much each is off it.
"""

from __future__ import annotations

import math
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Annotated

import pytest
import typer

from gateway.edges import Engine
from gateway.exchange import Request
from gateway.noise.release import release as released
from gateway.noise.tables import NoisyTable
from gateway.planning import plan
from gateway.postprocess.earlier import filled
from gateway.privacy.plan import Release, Statement
from gateway.start import Gateway
from tests.bench.lines import Axis, fitted
from tests.bench.tables import table
from tests.noiseless.silence import Silence
from tests.spark import CLUSTER, EXECUTORS, spark_server
from tests.tpch.asking import ANSWERED, ASKED, EXACT, QUERIES, gateway, large, request
from tests.tpch.elsewhere import generated, in_spark, on_spark

FOLDER = Path(__file__).parents[2] / "build" / "tpch"


@dataclass(frozen=True, slots=True)
class Exact:
    """One release: its rows before noise, how many of them are above the threshold, if there is
    one, and the statement that gave them."""

    rows: frozenset[tuple[object, ...]]
    above: int
    statement: Statement


def exact(question: Request, started: Gateway) -> dict[str, Exact]:
    """The exact rows of each release of a question, by name; earlier releases are without noise."""
    found, _ = plan(question, started.catalog, started.edges)
    tables: dict[str, NoisyTable] = {}
    made: dict[str, Exact] = {}
    for part in found.charged:
        statement = filled(part, found, tables, started.edges)
        rows = started.edges.engines[found.dataset].run(statement, uuid.uuid4().hex)
        tables[part.name] = released(part, rows, Silence(), tables)
        made[part.name] = Exact(
            rows=_whole(rows._open().to_pylist(), part),
            above=len(tables[part.name].rows),
            statement=statement,
        )
    return made


def compared(number: int, there: Gateway, here: Gateway) -> None:
    """Each release of a query has the same exact rows in two gateways, and some."""
    ours, theirs = (exact(request(ASKED[number]), one) for one in (there, here))
    assert ours.keys() == theirs.keys()
    for name, one in ours.items():
        assert one.rows == theirs[name].rows
        assert one.rows


def alike(ours: Mapping[str, Exact], theirs: Mapping[str, Exact]) -> bool:
    """Whether two gateways have the same releases with the same exact rows."""
    return ours.keys() == theirs.keys() and all(
        ours[name].rows == theirs[name].rows for name in ours
    )


def _whole(rows: Sequence[Mapping[str, object]], part: Release) -> frozenset[tuple[object, ...]]:
    """Rows with their measures as Python's integers, whichever type the engine counts in."""
    width = len(part.keys)
    listed = [tuple(row.values()) for row in rows]
    found = frozenset((*row[:width], *(int(str(value)) for value in row[width:])) for row in listed)
    assert len(found) == len(rows)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One query: seconds in the plain form and as private statements, and whether it agrees."""

    number: int
    plain: float
    private: float
    same: bool
    groups: int


def measured(numbers: Sequence[int], duckdb: Gateway, spark: Gateway, runs: int) -> Iterator[Line]:
    """Each query on both engines, then timed on Spark, plain and private in turn."""
    engine = spark.edges.engines["tpch"]
    for number in numbers:
        begun = time.perf_counter()
        ours = exact(request(QUERIES[number]), spark)
        first = time.perf_counter() - begun
        theirs = exact(request(QUERIES[number]), duckdb)
        ways = {
            "plain": [plainly(QUERIES[number])],
            "private": [one.statement for one in ours.values()],
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(runs):
            for name, way in ways.items():
                times[name].append(timed(engine, way))
        yield Line(
            number=number,
            plain=median(times["plain"] or [math.nan]),
            private=median(times["private"] or [first]),
            same=alike(ours, theirs),
            groups=sum(len(one.rows) for one in ours.values()),
        )


def plainly(sql: str) -> Statement:
    """A question as its user would put it to Spark, for `timed`."""
    return Statement(sql=in_spark(sql), dialect="spark", columns=())


def timed(engine: Engine, statements: Sequence[Statement]) -> float:
    """Seconds until every row of the statements has come; one without columns is run as it is."""
    begun = time.perf_counter()
    for statement in statements:
        if statement.columns:
            engine.run(statement, uuid.uuid4().hex)
        else:
            engine._table(statement.sql, uuid.uuid4().hex)  # type: ignore[attr-defined]
    return time.perf_counter() - begun


def public(number: int, duckdb: Gateway, spark: Gateway) -> bool:
    """Whether a query over public tables alone gives the same rows on both."""
    from gateway.answer import answer

    ours, theirs = (
        list(answer(request(QUERIES[number]), one.catalog, one.edges).rows)
        for one in (spark, duckdb)
    )
    return ours == theirs


@contextmanager
def both(scale: float, url: str) -> Iterator[tuple[Gateway, Gateway]]:
    """A gateway over DuckDB and one over Spark, on the same files, without noise, by the policy
    that ships as far as it fits large tables."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setenv("TPCH_DATA", str(generated(f"{scale:g}", FOLDER)))
        places = [Path(folder) / name for name in ("duckdb", "spark")]
        for place in places:
            place.mkdir()
        with (
            gateway(large, places[0]) as duckdb,
            gateway(on_spark(url, large), places[1]) as spark,
        ):
            yield duckdb, spark


def shown(lines: Sequence[Line], publics: Mapping[int, bool]) -> str:
    """The table of one scale."""
    rows = [
        [
            f"Q{line.number}",
            f"{line.plain:.2f}",
            f"{line.private:.2f}",
            f"{line.private / line.plain:.1f}×",
            f"{line.groups:,}",
            "yes" if line.same else "NO",
        ]
        for line in lines
    ]
    rows += [
        [f"Q{number}", "", "", "", "", "yes, public" if same else "NO"]
        for number, same in publics.items()
    ]
    head = ["Query", "Plain, s", "Private, s", "Ratio", "Groups", "DuckDB's exact integers"]
    ratios = sorted(line.private / line.plain for line in lines)
    summary = f"Median {median(ratios):.1f}×, worst {ratios[-1]:.1f}×."
    return f"{table(head, rows)}\n\n{summary}"


def main(
    scales: Annotated[list[float], typer.Option(help="Sizes, in gigabytes of text.")] = [1.0],  # noqa: B006
    queries: Annotated[list[int], typer.Option(help="Queries; all if none is given.")] = [],  # noqa: B006
    runs: Annotated[int, typer.Option(help="Timed runs; 0 compares alone, cold.")] = 3,
    master: Annotated[str, typer.Option(help="Spark's master.")] = CLUSTER,
) -> None:
    """Answer TPC-H through Spark, compare with DuckDB, and print what it costs."""
    chosen = [number for number in ANSWERED if not queries or number in queries]
    seconds: dict[int, list[float]] = {}
    agreed = True
    with (
        tempfile.TemporaryDirectory() as folder,
        spark_server(Path(folder), master=master, settings=EXECUTORS) as url,
    ):
        for scale in scales:
            with both(scale, url) as (duckdb, spark):
                lines = []
                for line in measured(chosen, duckdb, spark, runs):
                    typer.echo(f"SF {scale:g}: {line}", err=True)
                    lines.append(line)
                    seconds.setdefault(line.number, []).append(line.private)
                publics = {n: public(n, duckdb, spark) for n in EXACT if not queries}
            agreed = agreed and all(line.same for line in lines) and all(publics.values())
            typer.echo(f"\nScale {scale:g}, {master}\n\n{shown(lines, publics)}\n")
    if len(scales) > 2:
        axis = Axis(of="Query", size=lambda scale: f"SF {scale:g}", per="SF", unit=1)
        typer.echo(fitted(axis, scales, {f"Q{n}": times for n, times in seconds.items()}))
    raise typer.Exit(0 if agreed else 1)


if __name__ == "__main__":
    typer.run(main)
