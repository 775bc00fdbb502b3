"""How a question's cost on Spark grows with rows, with owners and with groups, each apart.

`python -m tests.bench.growth` starts a Spark with two executors, varies one of the three while the
others stay at their middle size, compares the exact integers with DuckDB's, and writes its section
of `docs/operator/spark.md`: times, a straight line through them, and by how much each is off it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Annotated

import typer

from gateway.edges import Engine
from gateway.privacy.plan import Statement
from tests.bench import machine
from tests.bench.datasets import ROOT
from tests.bench.growing import (
    DATASET,
    FOLDER,
    MAX_GROUPS,
    MAX_ROWS,
    QUESTIONS,
    Point,
    gateway,
    generated,
    over,
)
from tests.bench.lines import Axis, fitted, straight
from tests.bench.tables import table
from tests.bench.tpch import spliced
from tests.spark import CLUSTER, EXECUTORS, spark_server
from tests.tpch.asking import request
from tests.tpch.on_spark import alike, exact, plainly, timed

PAGE = ROOT / "docs" / "operator" / "spark.md"
HEADING = "## How it grows with rows, owners and groups"
UNITS = {"rows": 1_000_000, "owners": 100_000, "groups": 100_000}
FAR_OFF = 0.1
"""The part of a measured time beyond which the line is said not to hold there."""

_INTRODUCTION = """Written by `python -m tests.bench.growth`. It ran on `{master}`, with Spark's \
server and the gateway on the same machine:
{machine}

One of rows, owners and groups was varied, and the other two stayed. The events are generated. \
Owners have a heavy tail: the
heaviest has a hundred times the mean and more. The kinds of one owner are eight at most. The \
policy has `max_rows: {max_rows}` and
`max_groups: {max_groups}`. *Weighed* are the owners above these bounds, whom a private statement \
has to find and weight. Seconds are
medians of {runs} runs that took turns over all sizes, after one that was not counted. The exact \
integers {same} DuckDB's at every
size. There are four questions:

{questions}

The kind is a private group key: the gateway counts its owners for a threshold. The code is a \
public one. *Released* are the
groups above the threshold, before noise; the engine works out all of them."""

Seconds = dict[str, list[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question at one point: seconds of each run, plain and private, the groups that it
    releases where noise is zero, the owners who weigh less in it, and whether DuckDB has the same
    exact integers."""

    point: Point
    question: str
    statements: Mapping[str, Sequence[Statement]]
    released: int
    over: int
    same: bool
    seconds: Seconds = field(default_factory=lambda: {"plain": [], "private": []})

    def middle(self, way: str) -> float:
        """The median of the runs, in seconds."""
        return median(self.seconds[way])


def points(sizes: Mapping[str, Sequence[int]]) -> Mapping[str, Sequence[Point]]:
    """For each of rows, owners and groups the points that differ in it alone."""
    middle = Point(**{name: sorted(some)[len(some) // 2] for name, some in sizes.items()})
    return {
        name: [replace(middle, **{name: size}) for size in sorted(some)]
        for name, some in sizes.items()
    }


def measured(varied: Mapping[str, Sequence[Point]], url: str, runs: int) -> list[Asked]:
    """Each question at the points of what it is asked for. Runs take turns over ways, questions and
    points, so that what else the machine does, and what Java has compiled by then, falls on all
    sizes alike."""
    with ExitStack() as opened:
        asked: list[tuple[Engine, Asked]] = []
        for point in dict.fromkeys(point for places in varied.values() for point in places):
            factors = [factor for factor, places in varied.items() if point in places]
            files = generated(point, FOLDER)
            weighed = over(files)
            folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
            for name in ("spark", "duckdb"):
                (folder / name).mkdir()
            there = opened.enter_context(gateway(files, folder / "spark", url))
            engine = there.edges.engines[DATASET]
            with gateway(files, folder / "duckdb") as here:
                for question in QUESTIONS:
                    if not any(map(question.asked, factors)):
                        continue
                    put = request(question.sql, dataset=DATASET)
                    ours, theirs = exact(put, there), exact(put, here)
                    ways = {
                        "plain": [plainly(question.sql)],
                        "private": [release.statement for release in ours.values()],
                    }
                    found = Asked(
                        point=point,
                        question=question.name,
                        statements=ways,
                        released=sum(release.above for release in ours.values()),
                        over=weighed[question.name],
                        same=alike(ours, theirs),
                    )
                    timed(engine, ways["plain"])  # warms what the private one has warmed by now
                    typer.echo(f"{point}, {question.name}: same integers: {found.same}", err=True)
                    asked.append((engine, found))
        for turn in range(runs):
            for engine, one in asked:
                for way, statements in one.statements.items():
                    one.seconds[way].append(timed(engine, statements))
            typer.echo(f"{turn + 1} of {runs} runs", err=True)
        return [one for _, one in asked]


def section(
    varied: Mapping[str, Sequence[Point]], asked: Sequence[Asked], runs: int, master: str
) -> str:
    """The part of the page, with a table and lines for each of rows, owners and groups."""
    found = {(one.point, one.question): one for one in asked}
    same = "are" if all(one.same for one in asked) else "are NOT"
    questions = "\n".join(f"- *{one.name}*: `{one.sql}`" for one in QUESTIONS)
    numbers = {"max_rows": MAX_ROWS, "max_groups": MAX_GROUPS, "runs": runs, "same": same}
    facts = {"master": master, "machine": machine.facts(), "questions": questions}
    parts = [f"{HEADING}\n\n{_INTRODUCTION.format(**numbers, **facts)}"]
    for factor, places in varied.items():
        series = {
            one.name: [found[point, one.name] for point in places]
            for one in QUESTIONS
            if one.asked(factor)
        }
        parts += ["", *_part(factor, series)]
    return "\n".join(parts) + "\n"


def _part(factor: str, series: Mapping[str, Sequence[Asked]]) -> Iterator[str]:
    """What was measured of one factor, by question."""
    (some, *_) = series.values()
    sizes = [getattr(one.point, factor) for one in some]
    stayed = (f"{getattr(some[0].point, name):,} {name}" for name in UNITS if name != factor)
    yield f"### By {factor}\n\nAt each size there were {' and '.join(stayed)}.\n"
    head = [factor.capitalize(), "Question", "Plain, s", "Private, s", "Ratio"]
    rows = [
        _row(size, one) for asked in series.values() for size, one in zip(sizes, asked, strict=True)
    ]
    yield table([*head, "Released", "Weighed"], rows)
    if len(sizes) > 2:
        yield from _lines(factor, sizes, series)


def _row(size: int, one: Asked) -> list[str]:
    plain, private = one.middle("plain"), one.middle("private")
    times = [f"{plain:.2f}", f"{private:.2f}", f"{private / plain:.1f}×"]
    return [f"{size:,}", one.question, *times, f"{one.released:,}", f"{one.over:,}"]


def _lines(
    factor: str, sizes: Sequence[int], series: Mapping[str, Sequence[Asked]]
) -> Iterator[str]:
    """The lines through what was measured of one factor, and where they do not hold."""
    unit = UNITS[factor]
    per = f"million {factor}" if unit == 1_000_000 else f"{unit:,} {factor}"
    axis = Axis(of="Question", size=lambda size: f"{size:,.0f}", per=per, unit=unit)
    times = {
        way: {name: [one.middle(way) for one in asked] for name, asked in series.items()}
        for way in ("private", "plain")
    }
    both = {f"{name}, {way}": times[way][name] for name in series for way in times}
    yield f"\n{fitted(axis, sizes, both)}\n"
    more = {
        way: sorted(straight(sizes, some).slope * unit for some in times[way].values())
        for way in times
    }
    private, plain = (f"{slopes[0]:.2f} to {slopes[-1]:.2f} s" for slopes in more.values())
    many = f"a {per}" if unit == 1_000_000 else per
    yield f"By these lines, {many} more cost a private statement {private}, a plain one {plain}."
    off = list(_off(sizes, times["private"]))
    if off:
        yield f"The line of a private statement is off by more than {FAR_OFF:.0%} of its time at\n"
        yield from off
    else:
        yield f"No private statement's time is further than {FAR_OFF:.0%} from its line."


def _off(sizes: Sequence[int], times: Mapping[str, Sequence[float]]) -> Iterator[str]:
    """The sizes at which a line is far off what was measured, a question in a line."""
    for question, some in times.items():
        line = straight(sizes, some)
        found = [
            f"{size:,} ({time:.2f} s, by the line {line.at(size):.2f} s)"
            for size, time, left in zip(sizes, some, line.residuals, strict=True)
            if abs(left) > FAR_OFF * time
        ]
        if found:
            yield f"- *{question}*: {', '.join(found)}"


def main(
    rows: Annotated[list[int], typer.Option(help="Sizes.")] = [750_000, 1_500_000, 3_000_000],  # noqa: B006
    owners: Annotated[list[int], typer.Option(help="Sizes.")] = [50_000, 200_000, 800_000],  # noqa: B006
    groups: Annotated[list[int], typer.Option(help="Sizes.")] = [10, 1_000, 100_000],  # noqa: B006
    runs: Annotated[int, typer.Option(help="Timed runs; medians are shown.")] = 3,
    master: Annotated[str, typer.Option(help="Spark's master.")] = CLUSTER,
    write: Annotated[Path, typer.Option(help="The page that is written.")] = PAGE,
) -> None:
    """Measure on Spark how cost grows with rows, owners and groups; the middle sizes stay."""
    varied = points({"rows": rows, "owners": owners, "groups": groups})
    with (
        tempfile.TemporaryDirectory() as folder,
        spark_server(Path(folder), master=master, settings=EXECUTORS) as url,
    ):
        asked = measured(varied, url, runs)
    part = section(varied, asked, runs, master)
    typer.echo(part)
    write.write_text(spliced(write.read_text(encoding="utf-8"), part), encoding="utf-8")
    raise typer.Exit(0 if all(one.same for one in asked) else 1)


if __name__ == "__main__":
    typer.run(main)
