"""The half-width of every noisy number: exact for released ones, by redrawing for derived ones.

A column that is one released measure has the quantile of its known noise. Anything computed gets
its interval by redrawing the noise around the released values and running the post-processing on
every draw: the half-width is the quantile, at the confidence asked, of the distance between the
drawn and the shown value. It speaks of noise only; clamping may bias beside it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

import numpy as np
import pyarrow as pa

from gateway.errors import Refusal
from gateway.noise.redraw import DRAWS, redrawn
from gateway.noise.tables import NoisyTable
from gateway.noise.tails import half_width
from gateway.postprocess.arrow import noisy, raw_name
from gateway.postprocess.quantiles import drawn_table
from gateway.postprocess.sheets import shown_view
from gateway.postprocess.workbench import Sheet
from gateway.privacy.plan import Interval, Outer, Plan, Release, half_of
from gateway.rewrite.expressions import quoted
from gateway.sql.types import Scalar

MOST_DRAWN_ROWS = 2_000_000
"""Rows of redrawn tables, over all draws, beyond which derived numbers get no interval."""
MOST_SHOWN_ROWS = 100_000
"""Rows of an answer beyond which derived numbers get no interval: every row is drawn anew."""
MOST_DRAWN_NODES = 4_000_000
"""The same of the nodes of histograms, which are redrawn in memory."""
_FEWEST_DRAWS = 100
_NUMERIC = ("smallint", "integer", "bigint", "numeric", "double precision")
_DISTANCES = {
    "date": "CAST(date_diff('day', {b}, {q}) AS DOUBLE)",
    "timestamp": "(CAST(epoch_us({q}) - epoch_us({b}) AS DOUBLE) / 1e6)",
    "timestamptz": "(CAST(epoch_us({q}) - epoch_us({b}) AS DOUBLE) / 1e6)",
}
"""Half-widths of points in time: days for dates, seconds for others."""
_NUMBER = "(CAST({q} AS DOUBLE) - CAST({b} AS DOUBLE))"

Widths = Mapping[str, tuple[float | None, ...]]


def released_half_width(
    release: Release, measure: str, confidence: float, grain: Fraction | None = None
) -> float:
    """The half-width of a released number in the analyst's units.

    Where the number is shown rounded to multiples of `grain`, the half-width is rounded up to one:
    if x is a multiple and |Z| ≤ h, then |round(x + Z) - x| = |round(Z)| ≤ ⌈h⌉.
    """
    found = next(m for m in release.measures if m.column == measure)
    width = half_width(found.mechanism, confidence) * found.unit_of_scale
    return float(width if grain is None else math.ceil(width / grain) * grain)


class Redrawing:
    """The redrawn noise of one plan on a sheet: made when it is first asked for.

    `sheet` is where the post-processing runs, with the noisy tables on it. Where the tables are
    too large `draws` is 0, and derived numbers have no interval.
    """

    def __init__(
        self, plan: Plan, tables: Mapping[str, NoisyTable], sheet: Sheet, confidence: float
    ) -> None:
        self._plan = plan
        self._tables = tables
        self._sheet = sheet
        self._confidence = confidence
        self._drawn = False
        size = sum(len(tables[r.name].rows) for r in plan.releases if r.histogram is None)
        draws = min(DRAWS, MOST_DRAWN_ROWS // max(1, size), _draws_of_nodes(plan, tables))
        self.draws = draws if draws >= _FEWEST_DRAWS else 0

    def make_intervals(self) -> None:
        """The tables of half-widths that the post-processing reads."""
        for interval in self._plan.outer.intervals:
            if not self.draws:
                self._sheet.make([made(interval, no_widths(interval))])
                continue
            text = self.widths(
                interval.redraw, len(interval.columns), interval.keys, interval.values
            )
            self._sheet.make([made(interval, text)])

    def widths(
        self,
        redraw: str,
        columns: int,
        keys: Sequence[int],
        values: Sequence[int],
        kinds: Mapping[int, str] = MappingProxyType({}),
    ) -> str:
        """SQL for one row per row of a query: its keys, and for each of `values` the quantile of
        the distance from its draws to itself. Rows that their keys do not tell apart are left
        out. `kinds` are the types of the values that are points in time."""
        if not self._drawn:
            for release in self._plan.releases:
                _register(release, self._tables[release.name], self._sheet, self.draws)
            self._drawn = True
        distances = {
            i: _DISTANCES.get(kinds.get(i, ""), _NUMBER).format(b=f"b.c{i}", q=f"q.c{i}")
            for i in values
        }
        return _quantiles(redraw, columns, keys, distances, self.draws, self._confidence)


def _draws_of_nodes(plan: Plan, tables: Mapping[str, NoisyTable]) -> int:
    nodes = sum(len(tables[r.name].rows) for r in plan.releases if r.histogram is not None)
    return MOST_DRAWN_NODES // max(1, nodes)


def half_widths(
    plan: Plan,
    tables: Mapping[str, NoisyTable],
    rows: Sequence[tuple[Scalar, ...]],
    sheet: Sheet,
    confidence: float,
    redrawing: Redrawing | None = None,
) -> tuple[Widths, tuple[str, ...]]:
    """For each noisy column one half-width, or None, per row; and notes on those that have none.

    `rows` hold the hidden columns, too; `sheet` is where the post-processing ran, with the tables
    still on it.
    """
    releases = {release.name: release for release in plan.releases}
    found: dict[str, tuple[float | None, ...]] = {}
    derived: list[int] = []
    for index, column in enumerate(plan.outer.columns):
        if column.released is not None:
            name, measure = column.released
            width = released_half_width(releases[name], measure, confidence, column.grain)
            found[column.name] = tuple(None if row[index] is None else width for row in rows)
        elif column.noisy:
            found[column.name] = (None,) * len(rows)
            if column.type in (*_NUMERIC, *_DISTANCES):
                derived.append(index)
    if not derived or not rows:
        return found, ()
    drawing = redrawing or Redrawing(plan, tables, sheet, confidence)
    if not drawing.draws or len(rows) > MOST_SHOWN_ROWS:
        return found, ("The result is too large for intervals of derived columns.",)
    keys = _key_positions(plan.outer)
    width = len(plan.outer.columns) + plan.outer.hidden
    kinds = {index: plan.outer.columns[index].type for index in derived}
    try:
        drawn = sheet.rows(drawing.widths(plan.outer.redraw, width, keys, derived, kinds))
    except Refusal:
        return found, ("No interval could be computed for the derived columns.",)
    by_key = {row[: len(keys)]: row[len(keys) :] for row in drawn}
    named = [by_key.get(tuple(row[i] for i in keys)) for row in rows]
    for position, index in enumerate(derived):
        found[plan.outer.columns[index].name] = tuple(
            _width(widths[position]) if widths else None for widths in named
        )
    return found, ()


def _width(value: Scalar) -> float | None:
    return value if isinstance(value, float) else None


def _key_positions(outer: Outer) -> list[int]:
    shown = [index for index, column in enumerate(outer.columns) if not column.noisy]
    return [*shown, *(len(outer.columns) + index for index in range(outer.hidden))]


def _register(release: Release, table: NoisyTable, sheet: Sheet, draws: int) -> None:
    """The view `drawn_NAME`: every row once per draw, with redrawn noise; draw -1 has none."""
    raw = raw_name(f"drawn_{release.name}")
    if release.histogram is None:
        sheet.register(raw, _drawn(release, table, draws))
    else:
        sheet.register(raw, drawn_table(release, table, draws))
    body = shown_view(release, raw).replace("SELECT ", 'SELECT "draw", ', 1)
    sheet.make([f"CREATE TEMP VIEW {quoted(f'drawn_{release.name}')} AS {body}"])


def _drawn(release: Release, table: NoisyTable, draws: int) -> pa.Table:
    count = len(table.rows)
    base = noisy(release, table)
    order = pa.array(np.tile(np.arange(count), draws + 1))
    columns = [base.column(key.name).take(order) for key in release.keys]
    for index, measure in enumerate(release.measures):
        values = np.array([float(v) for v in base.column(measure.column).to_pylist()])
        noise = np.zeros((draws + 1, count))
        noise[1:] = redrawn(release, index, count, draws)
        columns.append(pa.chunked_array([pa.array((values + noise).reshape(-1))]))
    columns.append(pa.chunked_array([pa.array(np.repeat(np.arange(-1, draws), count))]))
    names = [*base.column_names, "draw"]
    return pa.table(columns, names=names)


def _quantiles(
    redraw: str,
    columns: int,
    keys: Sequence[int],
    distances: Mapping[int, str],
    draws: int,
    confidence: float,
) -> str:
    labels = ", ".join(f"c{i}" for i in range(columns))
    listed = ", ".join(f"c{i}" for i in keys)
    same = " AND ".join(f"b.c{i} IS NOT DISTINCT FROM q.c{i}" for i in keys) or "TRUE"
    quantiles = [f"quantile_disc(abs({text}), {confidence!r})" for text in distances.values()]
    chosen = ", ".join([*(f"b.c{i}" for i in keys), *quantiles])
    drawn = (
        f"SELECT draws.draw, l.* FROM range(-1, {draws}) AS draws(draw), "
        f"LATERAL ({redraw}) AS l({labels})"
    )
    within = f"PARTITION BY {listed}" if keys else ""
    once = f"SELECT * FROM q WHERE draw = -1 QUALIFY COUNT(*) OVER ({within}) = 1"
    group = f" GROUP BY {', '.join(f'b.c{i}' for i in keys)}" if keys else ""
    return (
        f"WITH q(draw, {labels}) AS MATERIALIZED ({drawn}), b AS ({once}) SELECT {chosen} FROM b "
        f"JOIN q ON {same} WHERE q.draw >= 0{group}"
    )


def made(interval: Interval, body: str) -> str:
    """The statement that makes an interval's table of what `body` gives."""
    names = [interval.columns[i] for i in interval.keys]
    names += [half_of(interval.columns[i]) for i in interval.values]
    columns = ", ".join(map(quoted, names))
    return f"CREATE TEMP TABLE {quoted(interval.name)} AS SELECT * FROM ({body}) AS t({columns})"


def no_widths(interval: Interval) -> str:
    """The rows of an interval's table where there are none."""
    keys = [quoted(interval.columns[i]) for i in interval.keys]
    items = ", ".join([*keys, *("CAST(NULL AS DOUBLE)" for _ in interval.values)])
    return f"SELECT {items} FROM ({interval.sql}) WHERE FALSE"
