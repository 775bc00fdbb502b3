"""From text to plan: every accepted query of the corpus, planned anew."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from unittest.mock import patch

from gateway.planning import plan
from gateway.recall import Recent
from gateway.start import Gateway
from tests.bench.tables import milliseconds, table
from tests.corpus.asking import request
from tests.corpus.policies import DATASETS, gateway, shipped, write_policy
from tests.corpus.reading import Entry, accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class Planning:
    """Seconds from text to plan, the best of some runs for each query; sorted."""

    seconds: Sequence[float]

    def part(self, percent: int) -> float:
        """What this share of the queries stays under."""
        return quantiles(self.seconds, n=100)[percent - 1]


def measure(runs: int) -> Planning:
    """Plan every accepted query about the shipped policies so many times."""
    entries = [entry for entry in accepted() if entry.policy == "shipped"]
    with tempfile.TemporaryDirectory() as folder:
        for dataset in DATASETS:
            write_policy(shipped(dataset), Path(folder))
        with gateway(Path(folder)) as started:
            return Planning(seconds=sorted(_best(started, entry, runs) for entry in entries))


def _best(started: Gateway, entry: Entry, runs: int) -> float:
    found = []
    # nothing is remembered, so that every run is a first one
    with patch.object(Recent, "get", lambda self, key: None):
        for _ in range(runs):
            begun = time.perf_counter()
            plan(request(entry), started.catalog, started.edges)
            found.append(time.perf_counter() - begun)
    return min(found)


def shown(measured: Planning) -> str:
    """The table of shares."""
    rows = [
        ["half of them", milliseconds(measured.part(50))],
        ["nine in ten", milliseconds(measured.part(90))],
        ["the slowest", milliseconds(measured.seconds[-1])],
    ]
    return table([f"Of {len(measured.seconds)} queries", "planned in ms"], rows)
