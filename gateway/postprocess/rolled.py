"""Roll-ups worked out: a noisy table made of a finer one that is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from gateway.budget.cost import NOTHING
from gateway.noise.tables import NoisyTable
from gateway.postprocess.arrow import noisy, raw_name, view
from gateway.postprocess.workbench import Workbench
from gateway.privacy.plan import Mechanism, Release, Rolled
from gateway.privacy.rollups import RollUp, accurate_enough, roll_up
from gateway.rewrite.expressions import quoted
from gateway.sql.types import Scalar


def rolled(
    asked: Release, finer: Release, table: NoisyTable, workbench: Workbench
) -> Rolled | None:
    """What a stored release says of the one that is asked for.

    None where it does not follow, where a group is missing, or where it would be less accurate.
    """
    found = roll_up(asked, finer)
    if found is None or asked.groups is None or not accurate_enough(asked, found, 1):
        return None  # sums of several groups are less accurate still
    raw = raw_name(finer.name)
    with workbench.tables({raw: noisy(finer, table)}) as sheet:
        sheet.make([f"CREATE TEMP VIEW {quoted(finer.name)} AS {view(finer, raw)}"])
        rows = sheet.rows(_sql(found, finer.name))
    width = len(found.keys)
    values = {tuple(row[:width]): row[width:] for row in rows}
    if set(values) != set(asked.groups):
        return None
    most = max((_whole(row[-1]) for row in values.values()), default=1)
    if not accurate_enough(asked, found, max(1, most)):
        return None
    made = NoisyTable(
        keys=tuple(key.name for key in asked.keys),
        measures=tuple(measure.column for measure in asked.measures),
        rows=tuple((*group, *_measures(found, values[group])) for group in asked.groups),
    )
    return Rolled(release=_noised(asked, found, max(1, most)), table=made, finer=finer)


def _sql(found: RollUp, table: str) -> str:
    """One row per group: keys, sums of measures, and how many finer groups it is made of."""
    sums = [f"SUM({quoted(column)})" for column, _ in found.measures]
    items = ", ".join([*found.keys, *sums, "COUNT(*)"])
    where = f" WHERE {' AND '.join(found.conditions)}" if found.conditions else ""
    places = ", ".join(str(i + 1) for i in range(len(found.keys)))
    group = f" GROUP BY {places}" if places else ""
    return f"SELECT {items} FROM {quoted(table)}{where}{group}"


def _measures(found: RollUp, sums: Sequence[Scalar]) -> list[int]:
    worths = [worth for _, worth in found.measures]
    return [round(_whole(value) * worth) for value, worth in zip(sums[:-1], worths, strict=True)]


def _whole(value: Scalar) -> int:
    """A sum as an integer; of no groups it is 0."""
    return int(value) if isinstance(value, (int, Decimal)) else 0


def _noised(asked: Release, found: RollUp, most: int) -> Release:
    """The release with the noise that sums of up to `most` stored numbers have."""
    finer = {measure.column: measure.mechanism for measure in found.finer.measures}
    measures = tuple(
        replace(
            measure,
            mechanism=Mechanism(
                noise=finer[column].noise,
                scale=finer[column].scale * float(worth) * most**0.5,
            ),
        )
        for measure, (column, worth) in zip(asked.measures, found.measures, strict=True)
    )
    return replace(asked, measures=measures, cost=NOTHING)
