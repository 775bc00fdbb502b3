"""The private statement, and the gateway's whole answer, against the plain query on DuckDB."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from gateway.answer import answer
from gateway.planning import plan
from gateway.privacy.plan import Statement
from gateway.start import Gateway
from tests.bench.questions import Measured
from tests.bench.tables import milliseconds, table


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Medians in seconds of one question's three ways, over runs that took turns."""

    question: Measured
    plain: float
    private: float
    whole: float


def measure(gateway: Gateway, question: Measured, runs: int) -> Times:
    """Run the plain query, the private statement and the whole question in turn.

    Plain and private go through the same connection, threads, guard and Arrow result. The whole
    question is new each time: planned, charged, run, given noise and kept.
    """
    engine = gateway.edges.engines[question.dataset]
    found, _ = plan(question.new(), gateway.catalog, gateway.edges)
    plain = Statement(sql=question.sql, dialect=engine.dialect, columns=question.columns)
    (private,) = (part.statement for part in found.releases)

    ways: dict[str, Callable[[], object]] = {
        "plain": lambda: engine.run(plain, uuid.uuid4().hex),
        "private": lambda: engine.run(private, uuid.uuid4().hex),
        "whole": lambda: answer(question.new(), gateway.catalog, gateway.edges),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(runs + 1):
        for name, way in ways.items():
            begun = time.perf_counter()
            way()
            if number:  # the first run warms caches
                times[name].append(time.perf_counter() - begun)
    return Times(question=question, **{name: median(taken) for name, taken in times.items()})


def shown(measured: Sequence[Times]) -> str:
    """The table of one dataset."""
    return table(
        ["Question", "Plain, ms", "Private, ms", "Ratio", "Whole answer, ms", "Ratio"],
        [
            [
                times.question.shape,
                milliseconds(times.plain),
                milliseconds(times.private),
                f"{times.private / times.plain:.1f}×",
                milliseconds(times.whole),
                f"{times.whole / times.plain:.1f}×",
            ]
            for times in measured
        ],
    )
