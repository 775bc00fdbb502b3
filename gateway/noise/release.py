"""Exact integers to a noisy table. The one place where a release's protected rows are opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from gateway.edges import Entropy
from gateway.noise.tables import ExactTable, NoisyTable
from gateway.privacy.plan import Release
from gateway.sql.types import Kind, Scalar, Type

Row = tuple[Scalar, ...]


def release(
    plan: Release,
    exact: ExactTable,
    entropy: Entropy,
    shown: Mapping[str, NoisyTable] = MappingProxyType({}),
) -> NoisyTable:
    """The noisy table of a release; `shown` are those of the question's releases before it.

    Public groups: every one of `plan.groups` gets noise on every measure, zero where the engine
    had no rows of it; what the engine returned beyond them is left out. Private groups: those
    whose exact owners' count is above zero get noise, and are kept where the noisy count reaches
    the threshold (`noise.threshold` has the proof); no others leave this function. A histogram of
    private groups has all its nodes in the groups that another release has shown, which are public
    by now: nodes in others are left out.

    Every cell gets a draw of its own, whatever its value. Rows come out in key order, so that the
    engine's order tells nothing.
    """
    found = _rows(plan, exact)
    width = len(plan.keys)
    groups = _public_groups(plan, shown)
    if groups is not None:
        by_key = {row[:width]: row[width:] for row in found}
        if len(by_key) != len(found):
            raise ValueError("the engine returned one group twice")
        nothing = (0,) * len(plan.measures)
        rows = [(key, by_key.get(key, nothing)) for key in plan.cells(groups)]
    else:
        rows = [(row[:width], row[width:]) for row in found]
        rows = _candidates(plan, rows)
    noise = [entropy.draw(measure.mechanism, len(rows)) for measure in plan.measures]
    noisy = [
        (*key, *(_whole(value) + draws[i] for value, draws in zip(values, noise, strict=True)))
        for i, (key, values) in enumerate(rows)
    ]
    if groups is None:
        noisy = sorted(_reaching(plan, noisy), key=lambda row: [_order(v) for v in row[:width]])
    return NoisyTable(
        keys=tuple(key.name for key in plan.keys),
        measures=tuple(measure.column for measure in plan.measures),
        rows=tuple(noisy),
    )


def _public_groups(plan: Release, shown: Mapping[str, NoisyTable]) -> tuple[Row, ...] | None:
    if plan.groups_of is None:
        return plan.groups
    width = len(plan.group_keys)
    return tuple(row[:width] for row in shown[plan.groups_of].rows)


def _rows(plan: Release, exact: ExactTable) -> list[Row]:
    table = exact._open()
    columns = [table.column(name).to_pylist() for name in plan.statement.columns]
    kinds = [key.type for key in plan.keys]
    rows = zip(*columns, strict=True) if columns else ()
    return [
        (*(_key(v, kind) for v, kind in zip(row, kinds, strict=False)), *row[len(kinds) :])
        for row in rows
    ]


def _key(value: Scalar, kind: Type) -> Scalar:
    """A key as enumerated groups hold it: whole numbers as int, aware timestamps in UTC."""
    if isinstance(value, Decimal) and kind.kind is Kind.INTEGER:
        return int(value)
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return value.astimezone(dt.UTC)
    return value


def _whole(value: Scalar) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)) or value != int(value):
        raise TypeError("a measure is not an exact integer")
    return int(value)


def _owners(plan: Release) -> int:
    """Where the owners' count stands among the measures."""
    if plan.threshold is None:
        raise ValueError("private groups need a threshold")
    return [measure.column for measure in plan.measures].index(plan.threshold.column)


def _candidates(plan: Release, rows: list[tuple[Row, Row]]) -> list[tuple[Row, Row]]:
    index = _owners(plan)
    return [(key, values) for key, values in rows if _whole(values[index]) > 0]


def _reaching(plan: Release, rows: list[Row]) -> list[Row]:
    index = len(plan.keys) + _owners(plan)
    least = plan.threshold.least if plan.threshold else 0
    return [row for row in rows if _whole(row[index]) >= least]


def _order(value: Scalar) -> tuple[int, str, Scalar]:
    """Key order: by kind, then value, NULL last, NaN before it."""
    if value is None:
        return (2, "", 0)
    if isinstance(value, float) and value != value:
        return (1, "", 0)
    kind = "number" if isinstance(value, (int, float, Decimal)) else type(value).__name__
    return (0, kind, value)
