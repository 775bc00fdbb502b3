"""One gateway without noise over real data, and DuckDB beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from gateway.noise import redraw
from gateway.postprocess import intervals
from gateway.start import Gateway
from tests.corpus.policies import DATASETS, gateway, sample, shipped, write_policy
from tests.noiseless.plainly import Plain
from tests.noiseless.silence import Silence
from tests.noiseless.wide import retail_lines, wide


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("wide")


@pytest.fixture(scope="session")
def files(folder: Path) -> Mapping[str, Mapping[str, Path]]:
    """The file of each table, by dataset."""
    found = {d: {t: sample(f) for t, f in shipped(d)["engine"]["files"].items()} for d in DATASETS}
    found["retail"]["lines"] = retail_lines(folder / "data")
    return found


@pytest.fixture(autouse=True)
def silent_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is redrawn around a number, and the half-width of a released one, is none as well."""
    monkeypatch.setattr(redraw, "_draw", lambda mechanism, generator, shape: np.zeros(shape))
    monkeypatch.setattr(intervals, "half_width", lambda mechanism, confidence: 0)


@pytest.fixture(scope="session")
def silent(folder: Path, files: Mapping[str, Mapping[str, Path]]) -> Iterator[Gateway]:
    for dataset in DATASETS:
        write_policy(wide(dataset), folder, files[dataset])
    with gateway(folder, Silence()) as started:
        yield started


@pytest.fixture(scope="session")
def plain(silent: Gateway, files: Mapping[str, Mapping[str, Path]]) -> Mapping[str, Plain]:
    found = {}
    for dataset in DATASETS:
        tables = silent.catalog.datasets[dataset].tables
        columns = {
            name: [c.name for c in table.columns.values() if c.usable]
            for name, table in tables.items()
        }
        found[dataset] = Plain(dataset, files[dataset], columns)
        for view in silent.catalog.datasets[dataset].views.values():
            found[dataset].add_view(view.name, view.sql)
    return found
