"""The half-width of every noisy number: exact for released ones, by redrawing for derived ones.

A column that is one released measure has the quantile of its known noise. Anything computed gets
its interval by redrawing the noise around the released values and running the post-processing on
every draw: the half-width is the quantile, at the confidence asked, of the distance between the
drawn and the shown value. It speaks of noise only; clamping may bias beside it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
import pyarrow as pa

from gateway.errors import Refusal
from gateway.noise.redraw import DRAWS, redrawn
from gateway.noise.tables import NoisyTable
from gateway.noise.tails import half_width
from gateway.postprocess.arrow import noisy, raw_name, view
from gateway.postprocess.workbench import Sheet
from gateway.privacy.plan import Outer, OutputColumn, Plan, Release
from gateway.rewrite.expressions import quoted
from gateway.sql.types import Scalar

MOST_DRAWN_ROWS = 2_000_000
"""Rows of redrawn tables, over all draws, beyond which derived numbers get no interval."""
_FEWEST_DRAWS = 100
_NUMERIC = ("smallint", "integer", "bigint", "numeric", "double precision")

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


def half_widths(
    plan: Plan,
    tables: Mapping[str, NoisyTable],
    rows: Sequence[tuple[Scalar, ...]],
    sheet: Sheet,
    confidence: float,
) -> tuple[Widths, tuple[str, ...]]:
    """For each noisy column one half-width, or None, per row; and notes on those that have none.

    `sheet` is where the post-processing ran, with the tables still on it.
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
            if column.type in _NUMERIC:
                derived.append(index)
    if not derived or not rows:
        return found, ()
    try:
        by_key = _redrawn_widths(plan, tables, sheet, derived, confidence)
    except Refusal:
        return found, ("No interval could be computed for the derived columns.",)
    if by_key is None:
        return found, ("The result is too large for intervals of derived columns.",)
    keys = _key_positions(plan.outer.columns)
    named = [tuple(row[i] for i in keys) for row in rows]
    once = {key for key, count in Counter(named).items() if count == 1}
    for position, index in enumerate(derived):
        found[plan.outer.columns[index].name] = tuple(
            by_key[key][position] if key in once and key in by_key else None for key in named
        )
    return found, ()


def _key_positions(columns: Sequence[OutputColumn]) -> list[int]:
    return [index for index, column in enumerate(columns) if not column.noisy]


def _redrawn_widths(
    plan: Plan,
    tables: Mapping[str, NoisyTable],
    sheet: Sheet,
    derived: list[int],
    confidence: float,
) -> dict[tuple[Scalar, ...], tuple[float | None, ...]] | None:
    size = sum(max(1, len(tables[release.name].rows)) for release in plan.releases)
    draws = min(DRAWS, MOST_DRAWN_ROWS // size)
    if draws < _FEWEST_DRAWS:
        return None
    for release in plan.releases:
        _register(release, tables[release.name], sheet, draws)
    keys = _key_positions(plan.outer.columns)
    rows = sheet.rows(_quantiles(plan.outer, keys, derived, draws, confidence))
    width = len(keys)
    return {
        tuple(row[:width]): tuple(
            value if isinstance(value, float) else None for value in row[width:]
        )
        for row in rows
    }


def _register(release: Release, table: NoisyTable, sheet: Sheet, draws: int) -> None:
    """The view `drawn_NAME`: every row once per draw, with redrawn noise; draw -1 has none."""
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
    raw = raw_name(f"drawn_{release.name}")
    sheet.register(raw, pa.table(columns, names=names))
    body = view(release, raw).replace("SELECT ", 'SELECT "draw", ', 1)
    sheet.make([f"CREATE TEMP VIEW {quoted(f'drawn_{release.name}')} AS {body}"])


def _quantiles(
    outer: Outer, keys: list[int], derived: list[int], draws: int, confidence: float
) -> str:
    """For each row of the answer, the quantile of the distance from its draws to itself."""
    labels = ", ".join(f"c{i}" for i in range(len(outer.columns)))
    same = " AND ".join(f"b.c{i} IS NOT DISTINCT FROM q.c{i}" for i in keys) or "TRUE"
    distances = [
        f"quantile_disc(abs(CAST(q.c{i} AS DOUBLE) - CAST(b.c{i} AS DOUBLE)), {confidence!r})"
        for i in derived
    ]
    chosen = ", ".join([*(f"b.c{i}" for i in keys), *distances])
    drawn = (
        f"SELECT draws.draw, l.* FROM range(-1, {draws}) AS draws(draw), "
        f"LATERAL ({outer.redraw}) AS l({labels})"
    )
    group = f" GROUP BY {', '.join(f'b.c{i}' for i in keys)}" if keys else ""
    return (
        f"WITH q(draw, {labels}) AS MATERIALIZED ({drawn}) SELECT {chosen} FROM q AS b "
        f"JOIN q ON {same} WHERE b.draw = -1 AND q.draw >= 0{group}"
    )
