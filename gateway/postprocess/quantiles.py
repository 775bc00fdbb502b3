"""Released histograms as tables of the numbers that are read off them, and of redrawn ones.

A histogram NAME is registered as `raw_NAME` and read through a view NAME: one row per group, with
its keys and a column for each reading.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gateway.noise.quantiles import (
    Leaves,
    bound,
    deviation,
    edge_of,
    leaf_of,
    leaves_of,
    read_off,
    redrawn_of,
)
from gateway.noise.redraw import redrawn
from gateway.noise.tables import NoisyTable
from gateway.noise.trees import Numbers, estimates
from gateway.postprocess.arrow import key_array
from gateway.privacy.histograms import Histogram, Reading
from gateway.privacy.plan import Release
from gateway.privacy.quantiles import ENDS
from gateway.privacy.read_off import key_column, reading_column
from gateway.rewrite.expressions import quoted
from gateway.sql.functions.conversion import duckdb_type
from gateway.sql.types import Kind, Scalar, Type

_WHOLE = (Kind.INTEGER, Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMPTZ)


def read_table(release: Release, table: NoisyTable | None) -> pa.Table:
    """The groups of a histogram with what is read off each; none where there is no table yet."""
    released = _Released(release, table)
    columns = [released.read(reading) for reading in release.readings]
    return _arrow(release, released.groups, columns)


def drawn_table(release: Release, table: NoisyTable, draws: int) -> pa.Table:
    """Every group once per draw, as it would be had the noise been another; draw -1 is as shown.

    The noise of the histogram's nodes is drawn again, and tells how far on which side of its rank
    each quantile's count may be (`noise.quantiles.redrawn_of`): readings of one histogram move
    together as they do in truth. For an end the noise says nothing of values too few to be seen:
    its draws stand in turn at the declared bound and at the inner edge of its leaf, between which
    it lies.
    """
    released = _Released(release, table)
    noise = released.noise(draws)
    columns = [
        np.concatenate([released.read(reading)[None, :], released.drawn(reading, noise)])
        for reading in release.readings
    ]
    groups = released.groups * (draws + 1)
    made = _arrow(release, groups, [column.reshape(-1) for column in columns])
    numbers = np.repeat(np.arange(-1, draws), len(released.groups))
    return made.append_column("draw", pa.array(numbers))


class _Released:
    """The estimated leaves of each group of one histogram, in values."""

    def __init__(self, release: Release, table: NoisyTable | None) -> None:
        if release.histogram is None:
            raise ValueError("no histogram")
        self._release = release
        self._histogram: Histogram = release.histogram
        (measure,) = release.measures
        self._unit = float(measure.unit_of_scale)
        self._law = measure.mechanism
        width, nodes = len(release.group_keys), len(self._histogram.nodes)
        rows = table.rows if table else ()
        self.groups = [row[:width] for row in rows[::nodes]]
        counts = np.array([float(int(str(row[-1]))) for row in rows])
        self._by_keys: dict[tuple[str, ...], tuple[Leaves, NDArray[np.int64]]] = {}
        self._leaves = estimates(self._histogram, counts.reshape(-1, nodes) * self._unit)

    def read(self, reading: Reading) -> Numbers:
        """A reading of every group, in the units of its column; NaN where it is NULL."""
        merged, place = self._merged(reading)
        return self._in_units(read_off(merged, reading), reading)[place]

    def drawn(self, reading: Reading, noise: Numbers) -> Numbers:
        """The reading with other noise, of shape (draws, groups).

        `noise` is that of the counts up to each leaf, of shape (draws, groups, leaves).
        """
        merged, place = self._merged(reading)
        draws, groups = len(noise), len(self.groups)
        if reading.statistic in ENDS:
            ends = np.empty((draws, len(merged.counts)))
            ends[0::2] = bound(self._histogram, reading.statistic)
            ends[1::2] = edge_of(merged, reading.statistic)
            return self._in_units(ends, reading)[:, place]
        at = leaf_of(merged, reading)[place]
        below = _added_up(noise[:, np.arange(groups), at], place, len(merged.counts))
        every = _added_up(noise[:, :, -1], place, len(merged.counts))
        found = redrawn_of(merged, reading, below, every)
        return self._in_units(found, reading)[:, place]

    def noise(self, draws: int) -> Numbers:
        """Redrawn noise of the count up to each leaf, of shape (draws, groups, leaves)."""
        nodes = len(self._histogram.nodes)
        drawn = redrawn(self._release, 0, len(self.groups) * nodes, draws) * self._unit
        leaves = estimates(self._histogram, drawn.reshape(draws, len(self.groups), nodes))
        return np.cumsum(leaves, axis=-1, out=leaves)

    def _merged(self, reading: Reading) -> tuple[Leaves, NDArray[np.int64]]:
        if reading.apart not in self._by_keys:
            self._by_keys[reading.apart] = self._added_up(reading)
        return self._by_keys[reading.apart]

    def _added_up(self, reading: Reading) -> tuple[Leaves, NDArray[np.int64]]:
        """The histograms of groups that the reading does not keep apart, added up; and for each
        group which of these is its own."""
        names = [key.name for key in self._release.group_keys]
        kept = [names.index(name) for name in reading.apart]
        numbers: dict[tuple[Scalar, ...], int] = {}
        place = np.array(
            [numbers.setdefault(tuple(g[i] for i in kept), len(numbers)) for g in self.groups],
            dtype=np.int64,
        )
        counts = np.zeros((len(numbers), self._histogram.leaves))
        np.add.at(counts, place, self._leaves)
        size = np.bincount(place, minlength=len(numbers))
        spread = deviation(self._law) * self._unit * np.sqrt(size)
        return leaves_of(self._histogram, counts, self._law.noise, spread), place

    def _in_units(self, steps: Numbers, reading: Reading) -> Numbers:
        step = self._histogram.step
        found: Numbers = steps * float(step.numerator) / float(step.denominator)
        return np.floor(found) if reading.type.kind in _WHOLE else found


def _added_up(noise: Numbers, place: NDArray[np.int64], count: int) -> Numbers:
    """Noise of shape (draws, groups), added up over the groups that are read together."""
    made = np.zeros((count, len(noise)))
    np.add.at(made, place, noise.T)
    return made.T


def _arrow(
    release: Release, groups: Sequence[tuple[Scalar, ...]], columns: Sequence[Numbers]
) -> pa.Table:
    made = {
        key_column(release.name, key.name): key_array([group[i] for group in groups], key.type)
        for i, key in enumerate(release.group_keys)
    }
    for number, (reading, values) in enumerate(zip(release.readings, columns, strict=True)):
        missing = np.isnan(values)
        if reading.type.kind in _WHOLE:
            values = np.where(missing, 0, values).astype(np.int64)
        made[reading_column(release.name, number)] = pa.array(values, mask=missing)
    return pa.table(made)


def read_view(release: Release, source: str) -> str:
    """The SELECT that gives the columns of a histogram's table their types, reading `source`."""
    items = []
    for key in release.group_keys:
        label = quoted(key_column(release.name, key.name))
        items.append(f"CAST({label} AS {duckdb_type(key.type)}) AS {label}")
    for number, reading in enumerate(release.readings):
        label = quoted(reading_column(release.name, number))
        items.append(f"{_typed(label, reading.type)} AS {label}")
    return f"SELECT {', '.join(items)} FROM {quoted(source)}"


def _typed(label: str, kind: Type) -> str:
    """A number in the units of its column (ordinals for points in time) as SQL of its type."""
    match kind.kind:
        case Kind.DATE:
            return f"(DATE '1970-01-01' + CAST({label} AS INTEGER))"
        case Kind.TIMESTAMP:
            return f"make_timestamp(CAST({label} AS BIGINT))"
        case Kind.TIMESTAMPTZ:
            return f"CAST(make_timestamp(CAST({label} AS BIGINT)) AS TIMESTAMPTZ)"
    return f"CAST({label} AS {duckdb_type(kind)})"
