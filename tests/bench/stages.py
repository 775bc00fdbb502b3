"""The gateway's own time per question, stage by stage, without the engine's."""

from __future__ import annotations

import contextlib
import importlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import Any
from unittest.mock import patch

from gateway.answer import answer
from gateway.start import Gateway
from tests.bench.questions import Measured
from tests.bench.tables import milliseconds, table

ENGINE = "engine"
REST = "rest"

_PLANNING = importlib.import_module("gateway.planning")
_ANSWER = importlib.import_module("gateway.answer")
_PRESENT = importlib.import_module("gateway.postprocess.present")
_WORKBENCH = importlib.import_module("gateway.postprocess.workbench")

STAGES = {
    "parse": "text to syntax tree",
    "split": "names, types, owners, the statement",
    "price": "noise scales and thresholds",
    "outer": "post-processing made ready",
    "describe": "post-processing checked on empty tables",
    "charge": "debit in the ledger, durable",
    "find": "look for stored releases, and for evicted ones",
    "noise": "OpenDP's draws added",
    "keep": "store the release, durable",
    "present": "post-processing on the noisy tables",
    "intervals": "half-widths, by redrawing where derived",
    REST: "what lies between",
}


class Stopwatch:
    """Seconds by stage, each without the stages that run inside it."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._open: list[float] = []

    def timed(self, stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """The same function; its time is added to a stage."""

        def run(*arguments: Any, **named: Any) -> Any:
            begun = time.perf_counter()
            self._open.append(0.0)
            try:
                return work(*arguments, **named)
            finally:
                whole = time.perf_counter() - begun
                self.seconds[stage] += whole - self._open.pop()
                if self._open:
                    self._open[-1] += whole

        return run


@contextlib.contextmanager
def watched(gateway: Gateway) -> Iterator[Stopwatch]:
    """Put a stopwatch around every stage of the real line."""
    edges, watch = gateway.edges, Stopwatch()
    (engine,) = {type(engine) for engine in edges.engines.values()}
    places: list[tuple[str, Any, str]] = [
        ("parse", _PLANNING, "parse"),
        ("split", _PLANNING.Splitter, "split"),
        ("price", _PLANNING, "priced"),
        ("outer", _PLANNING, "outer"),
        ("describe", _WORKBENCH.Sheet, "describe"),
        ("charge", type(edges.ledger), "charge"),
        ("find", type(edges.answers), "find"),
        ("find", type(edges.answers), "finer"),
        ("find", type(edges.answers), "evicted"),
        ("keep", type(edges.answers), "keep"),
        (ENGINE, engine, "run"),
        ("noise", _ANSWER, "release"),
        ("present", _ANSWER, "present"),
        ("intervals", _PRESENT, "half_widths"),
    ]
    with contextlib.ExitStack() as patches:
        for stage, owner, name in places:
            work = watch.timed(stage, getattr(owner, name))
            patches.enter_context(patch.object(owner, name, work))
        yield watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """Medians in seconds of one question: by stage when new, in all when stored."""

    question: Measured
    stages: Mapping[str, float]
    new: float
    stored: float


def measure(gateway: Gateway, question: Measured, runs: int) -> Own:
    """Ask a question as a new one, then as one whose answer is stored."""
    line = gateway.catalog, gateway.edges
    new: list[Mapping[str, float]] = []
    stored: list[float] = []
    known = Fraction("0.03")
    answer(question.at(known), *line)
    with watched(gateway) as watch:
        for _ in range(runs):
            new.append(_seconds(watch, lambda: answer(question.new(), *line)))
            again = _seconds(watch, lambda: answer(question.at(known), *line))
            assert not again.get(ENGINE), "a stored answer was asked of the engine"
            stored.append(sum(again.values()))
    return Own(
        question=question,
        stages={stage: median(run.get(stage, 0.0) for run in new) for stage in STAGES},
        new=median(sum(run.values()) - run[ENGINE] for run in new),
        stored=median(stored),
    )


def _seconds(watch: Stopwatch, work: Callable[[], object]) -> Mapping[str, float]:
    watch.seconds.clear()
    watch.timed(REST, work)()
    return dict(watch.seconds)


def shown(measured: Sequence[Own]) -> str:
    """The questions beside one another, a line per stage."""
    head = ["Stage", "What happens", *(own.question.shape for own in measured)]
    rows = [
        [stage, what, *(milliseconds(own.stages[stage]) for own in measured)]
        for stage, what in STAGES.items()
    ]
    rows.append(["**new**", "all of it", *(milliseconds(own.new) for own in measured)])
    rows.append(["**stored**", "asked again", *(milliseconds(own.stored) for own in measured)])
    return table(head, rows)
