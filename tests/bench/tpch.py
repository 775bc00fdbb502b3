"""TPC-H on an engine: each answered query against the plain one on the same engine.

`python -m tests.bench.tpch ENGINE SCALE` measures one engine at one scale and writes its part of
`docs/benchmarks.md`; what others measured before stays there. An engine is one line in `SIDES`.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import psycopg
import typer

from gateway.answer import answer
from gateway.edges import Engine
from gateway.engines.duckdb import DuckDBEngine
from gateway.engines.postgres import PostgresEngine
from gateway.engines.spark import SparkEngine
from gateway.noise.tables import ExactTable
from gateway.privacy.plan import Statement
from gateway.recall import Recall
from gateway.start import Gateway
from gateway.stop import Stop
from tests import postgres
from tests.bench import machine, memory
from tests.bench.datasets import ROOT
from tests.bench.memory import parent_of, peak, peak_of_one
from tests.bench.tables import milliseconds, table
from tests.spark import CLUSTER, EXECUTORS, spark_server
from tests.tpch import asking
from tests.tpch.asking import ANSWERED, EXACT, QUERIES
from tests.tpch.elsewhere import generated, in_postgres, in_spark, load_files, on_postgres, on_spark

FOLDER = ROOT / "build" / "tpch"
KNOWN = FOLDER / "measured.json"
PAGE = ROOT / "docs" / "benchmarks.md"
HEADING = "## TPC-H"
MOST_MEDIAN, MOST_WORST = 2.0, 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """An engine as it is measured: `plain` runs the query itself, through the same connection and
    threads as the gateway's statements; `peak` runs something and gives the megabytes that the
    engine's processes held at most meanwhile, None where it cannot be told."""

    gateway: Gateway
    engine: Engine
    plain: Callable[[str], object]
    peak: Callable[[Callable[[], object]], float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One query. Seconds are medians of runs that took turns; `first` is the private statements'
    when the engine has nothing kept. Megabytes are peaks of the engine's processes."""

    query: int
    plain: float
    private: float
    first: float
    plain_peak: float | None
    private_peak: float | None

    @property
    def ratio(self) -> float:
        return self.private / self.plain


@dataclass
class Watched:
    """An engine that notes the statements that it runs."""

    engine: Engine
    seen: list[Statement] = field(default_factory=list)

    def __getattr__(self, name: str) -> object:
        return getattr(self.engine, name)

    def run(self, statement: Statement, query_id: str, stop: Stop | None = None) -> ExactTable:
        self.seen.append(statement)
        return self.engine.run(statement, query_id, stop)


@contextlib.contextmanager
def duckdb_side(scale: str) -> Iterator[Side]:
    """The files, in the worker of the gateway's own engine."""
    os.environ["TPCH_DATA"] = str(generated(scale, FOLDER))
    with (
        tempfile.TemporaryDirectory() as folder,
        asking.gateway(asking.large, Path(folder)) as started,
    ):
        engine = started.edges.engines["tpch"]
        assert isinstance(engine, DuckDBEngine)
        process = engine._workers._current().process
        yield Side(
            gateway=started,
            engine=engine,
            plain=lambda sql: engine._table(sql, "plain"),
            peak=lambda run: peak_of_one(process, run),
        )


def _elsewhere(started: Gateway, in_its_words: Callable[[str], str], server: int) -> Side:
    """An engine whose `server` is a process, with others that it starts."""
    engine = started.edges.engines["tpch"]
    assert isinstance(engine, (PostgresEngine, SparkEngine))
    return Side(
        gateway=started,
        engine=engine,
        plain=lambda sql: engine._table(in_its_words(sql), "plain"),
        peak=lambda run: peak(server, run),
    )


@contextlib.contextmanager
def postgres_side(scale: str) -> Iterator[Side]:
    """PostgreSQL 18 as it comes, with the tables' primary keys."""
    with (
        postgres.server_of("18") as server,
        server.database() as name,
        tempfile.TemporaryDirectory() as folder,
    ):
        load_files(server, name, generated(scale, FOLDER))
        with psycopg.connect(server.url(name)) as connection:
            main_process = parent_of(connection.info.backend_pid)
        change = on_postgres(server.reader(name), asking.large, "1800s")
        with asking.gateway(change, Path(folder)) as started:
            yield _elsewhere(started, in_postgres, main_process)


@contextlib.contextmanager
def spark_side(scale: str) -> Iterator[Side]:
    """Two executors, each a process of its own, on the same files."""
    os.environ["TPCH_DATA"] = str(generated(scale, FOLDER))
    with (
        tempfile.TemporaryDirectory() as folder,
        spark_server(Path(folder), master=CLUSTER, settings=EXECUTORS) as url,
        asking.gateway(on_spark(url, asking.large, "1800s"), Path(folder)) as started,
    ):
        yield _elsewhere(started, in_spark, memory.started("SparkConnectServer", os.getpid()))


SIDES: Mapping[str, Callable[[str], contextlib.AbstractContextManager[Side]]] = {
    "duckdb": duckdb_side,
    "postgres": postgres_side,
    "spark": spark_side,
}


def measure(side: Side, number: int, runs: int) -> Measured:
    """One query."""
    watched = Watched(side.engine)
    edges = replace(side.gateway.edges, engines={"tpch": watched})  # type: ignore[dict-item]
    sql = QUERIES[number]

    def whole() -> None:
        new = replace(edges, recall=Recall())
        answer(asking.request(sql), side.gateway.catalog, new)

    whole()
    statements = tuple(watched.seen)

    def private() -> None:
        if number in EXACT:
            whole()  # nothing is released: all of it is post-processing of public tables
        for statement in statements:
            side.engine.run(statement, "bench")

    def first() -> None:
        for statement in statements:
            side.engine.run(replace(statement, kept=None), "bench")

    ways: dict[str, Callable[[], object]] = {"plain": lambda: side.plain(sql), "private": private}
    times: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(runs + 1):
        for name, way in ways.items():
            taken = _timed(way)
            if turn:  # the first run warms caches
                times[name].append(taken)
    keeps = any(statement.kept is not None for statement in statements)
    taken_first = _timed(first) if keeps else median(times["private"])
    peaks = {name: side.peak(way) for name, way in ways.items()}
    return Measured(
        query=number,
        plain=median(times["plain"]),
        private=median(times["private"]),
        first=taken_first,
        plain_peak=peaks["plain"],
        private_peak=peaks["private"],
    )


def _timed(way: Callable[[], object]) -> float:
    begun = time.perf_counter()
    way()
    return time.perf_counter() - begun


def section(known: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """The part of the page about everything that was measured."""
    parts = [
        HEADING,
        "",
        "Each query that is answered, as a ratio to the plain query on the same engine: medians of "
        "runs that\ntook turns, of the statements alone. The customer is the unit "
        "(`tests/tpch/tpch.yaml`), an order line's\nowner stands two tables away. *Peak* is the "
        "most memory that the engine held in a run of its own, plain and\nprivate: DuckDB's worker "
        "as Linux counts it; PostgreSQL's and Spark's server with all that they start, what\nthey "
        "share counted once, as five looks a second find it. Java's heaps grow up to what they are "
        "given\nand hardly shrink, so Spark's peak is that of the queries before, too.\n"
        "*Without what is kept* "
        "is the time of the statement as it is shown by `explain`, before the engine knows\nwhich "
        "owners have many rows.",
    ]
    for name, rows in known.items():
        measured = [Measured(**row) for row in rows]
        ratios = [one.ratio for one in measured]
        parts += [
            "",
            f"### {name}",
            "",
            f"Median {median(ratios):.1f}× (aim: at most {MOST_MEDIAN:.0f}), worst "
            f"{max(ratios):.1f}× (aim: at most {MOST_WORST:.0f}).",
            "",
            shown(measured),
        ]
    costly = [f"- Query {number}: {why}" for number, why in sorted(SPENT_ON.items())]
    parts += ["", "What the cost above twice the plain query's is spent on:", "", *costly]
    return "\n".join(parts) + "\n"


def shown(measured: Sequence[Measured]) -> str:
    """The table of one engine at one scale."""
    head = ["Query", "Plain, ms", "Private, ms", "Ratio", "Without what is kept, ms", "Peak, MB"]
    return table(
        head,
        [
            [
                str(one.query),
                milliseconds(one.plain),
                milliseconds(one.private),
                f"{one.ratio:.1f}×",
                milliseconds(one.first),
                _megabytes(one.plain_peak, one.private_peak),
            ]
            for one in measured
        ],
    )


def _megabytes(plain: float | None, private: float | None) -> str:
    return "" if plain is None or private is None else f"{plain:.0f} / {private:.0f}"


SPENT_ON: Mapping[int, str] = {
    2: "nothing is released, as in 11 and 16: what is measured is the gateway's own planning, and "
    "one thread for what runs on public tables",
    1: "lines are joined to their orders, for the owner; five sums are of values that are rounded "
    "and clamped, two of them of products in 128 bits. PostgreSQL keeps the checked rows on its "
    "disk between two passes, and works on decimals digit by digit",
    4: "`EXISTS` holds for lines of the same owner, so lines are joined to their orders within it",
    6: "the join of lines to their orders; the plain query reads one table and keeps 2% of it",
    8: "on Spark, as in 9, a row per owner and group, and its shuffle by owner, after the joins",
    12: "the join of lines to their orders a second time, for their owner",
    14: "the join of lines to their orders; the plain query joins the small `part` alone",
    15: "the join of lines to their orders; owners of each supplier, counted for a threshold",
    21: "`EXISTS` and `NOT EXISTS` join lines to their orders, for their owner",
}


def spliced(page: str, part: str) -> str:
    """The page with the section that has the part's heading replaced, or added at its end."""
    heading = part.splitlines(keepends=True)[0]
    before, found, rest = page.partition(heading)
    after = rest.partition("\n## ")
    tail = f"\n## {after[2]}" if found and after[1] else ""
    return f"{before.rstrip()}\n\n{part}{tail}"


def main(
    engine: Annotated[str, typer.Argument(help="One of SIDES.")] = "duckdb",
    scale: Annotated[str, typer.Argument(help="TPC-H's scale factor.")] = "1",
    runs: Annotated[int, typer.Option(help="Runs of each query; medians are shown.")] = 5,
    only: Annotated[list[int], typer.Option(help="These queries; others stay as known.")] = [],  # noqa: B006
    write: Annotated[Path, typer.Option(help="The page that is written.")] = PAGE,
) -> None:
    """Measure one engine at one scale."""
    known = json.loads(KNOWN.read_text()) if KNOWN.exists() else {}
    found: list[Measured] = []
    with SIDES[engine](scale) as side:
        for number in sorted(only or (*ANSWERED, *EXACT)):
            found.append(measure(side, number, runs))
            one = found[-1]
            typer.echo(f"{number}: {one.plain:.3f} s, {one.ratio:.2f}", err=True)
    name = f"{engine}, scale {scale} ({machine.facts().rstrip('.')})"
    kept = [row for row in known.get(name, []) if only and row["query"] not in only]
    known[name] = sorted([*kept, *map(asdict, found)], key=lambda row: int(row["query"]))
    KNOWN.write_text(json.dumps(known, indent=1))
    write.write_text(spliced(write.read_text(encoding="utf-8"), section(known)), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
