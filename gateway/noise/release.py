"""Exact integers to a noisy table. The one place where a release's protected rows are opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from gateway.edges import Entropy
from gateway.noise.tables import ExactTable, NoisyTable
from gateway.privacy.plan import Release
from gateway.sql.types import Kind, Scalar, Type

Row = tuple[Scalar, ...]

_LOT = 65_536
"""Exact rows that are looked at together."""


def release(
    plan: Release,
    exact: ExactTable,
    entropy: Entropy,
    shown: Mapping[str, NoisyTable] = MappingProxyType({}),
) -> NoisyTable:
    """The noisy table of a release; `shown` are those of the question's releases before it.

    Public groups: every one of `plan.groups` gets noise on every measure, zero where the engine
    had no rows of it; what the engine returned beyond them is left out. Private groups: those
    whose exact owners' count is above zero get noise on it, and are kept where the noisy count
    reaches the threshold (`noise.threshold` has the proof); no others leave this function. A
    histogram of private groups has all its nodes in the groups that another release has shown,
    which are public by now: nodes in others are left out.

    Every cell gets a draw of its own, whatever its value. Rows come out in key order, so that the
    engine's order tells nothing.

    Claim: what comes out has the distribution that it has where each candidate group gets a draw
    on every measure before the threshold is looked at. Proof: which groups are kept depends on
    the draws on owners' counts alone. The others are independent of these and of one another, so
    given the groups that are kept, the draws on theirs have the same joint distribution whether or
    not any were made for groups that are left out, of which nothing comes out.
    Tests: tests/noise/test_release.py, tests/distribution/test_line_loss.py.
    """
    width = len(plan.keys)
    groups = _public_groups(plan, shown)
    if groups is not None:
        found = [row for lot in _lots(plan, exact) for row in lot]
        by_key = {row[:width]: row[width:] for row in found}
        if len(by_key) != len(found):
            raise ValueError("the engine returned one group twice")
        nothing = (0,) * len(plan.measures)
        rows = [(key, by_key.get(key, nothing)) for key in plan.cells(groups)]
        noisy = _noisy(plan, rows, entropy)
    else:
        reaching = _reaching(plan, _lots(plan, exact), entropy)
        noisy = sorted(reaching, key=lambda row: [_order(v) for v in row[:width]])
    return NoisyTable(
        keys=tuple(key.name for key in plan.keys),
        measures=tuple(measure.column for measure in plan.measures),
        rows=tuple(noisy),
    )


def _noisy(
    plan: Release,
    rows: list[tuple[Row, Row]],
    entropy: Entropy,
    drawn: Mapping[str, Sequence[int]] = MappingProxyType({}),
) -> list[Row]:
    """The rows with noise on every measure; `drawn` are the draws of some measures, by column."""
    noise = [
        drawn[measure.column]
        if measure.column in drawn
        else entropy.draw(measure.mechanism, len(rows))
        for measure in plan.measures
    ]
    return [
        (*key, *(_whole(value) + draws[i] for value, draws in zip(values, noise, strict=True)))
        for i, (key, values) in enumerate(rows)
    ]


def _public_groups(plan: Release, shown: Mapping[str, NoisyTable]) -> tuple[Row, ...] | None:
    if plan.groups_of is None:
        return plan.groups
    width = len(plan.group_keys)
    return tuple(row[:width] for row in shown[plan.groups_of].rows)


def _lots(plan: Release, exact: ExactTable) -> Iterator[list[Row]]:
    """The rows, some at a time: as Python's values they take many times the room."""
    kinds = [key.type for key in plan.keys]
    for batch in exact._open().to_batches(max_chunksize=_LOT):
        columns = [batch.column(name).to_pylist() for name in plan.statement.columns]
        yield [
            (*(_key(v, kind) for v, kind in zip(row, kinds, strict=False)), *row[len(kinds) :])
            for row in zip(*columns, strict=True)
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


def _reaching(plan: Release, lots: Iterable[list[Row]], entropy: Entropy) -> list[Row]:
    """The noisy rows of the groups whose noisy owners' count reaches the threshold."""
    if plan.threshold is None:
        raise ValueError("private groups need a threshold")
    width = len(plan.keys)
    index = [measure.column for measure in plan.measures].index(plan.threshold.column)
    count = plan.measures[index]
    kept: list[tuple[Row, int]] = []
    for lot in lots:
        candidates = [row for row in lot if _whole(row[width + index]) > 0]
        draws = entropy.draw(count.mechanism, len(candidates))
        kept += [
            (row, draw)
            for row, draw in zip(candidates, draws, strict=True)
            if _whole(row[width + index]) + draw >= plan.threshold.least
        ]
    rows = [(row[:width], row[width:]) for row, _ in kept]
    return _noisy(plan, rows, entropy, {count.column: [draw for _, draw in kept]})


def _order(value: Scalar) -> tuple[int, str, Scalar]:
    """Key order: by kind, then value, NULL last, NaN before it."""
    if value is None:
        return (2, "", 0)
    if isinstance(value, float) and value != value:
        return (1, "", 0)
    kind = "number" if isinstance(value, (int, float, Decimal)) else type(value).__name__
    return (0, kind, value)
