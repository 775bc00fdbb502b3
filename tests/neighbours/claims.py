"""What a plan claims of two results that differ in one owner, checked in exact arithmetic."""

from __future__ import annotations

from fractions import Fraction

from gateway.noise.threshold import weight
from gateway.privacy.plan import Norm, Release, ReleasedMeasure
from tests.neighbours.laboratory import Cells


def broken(release: Release, everyone: Cells, without: Cells) -> list[str]:
    """The claims that these two results break, in words; none where the plan is right."""
    found = [
        f"{measure.label} moved by {size} in {measure.sensitivity.norm.value}, claimed {claimed}"
        for index, measure in enumerate(release.measures)
        if (size := _moved(index, measure, everyone, without)) > (claimed := _bound(measure))
    ]
    if release.threshold is not None:
        found += _uncovered(release, everyone, without)
    return found


def _bound(measure: ReleasedMeasure) -> Fraction:
    """The sensitivity, or its square in L2, so that no root is needed."""
    value = measure.sensitivity.value
    return value if measure.sensitivity.norm is Norm.L1 else value * value


def _moved(index: int, measure: ReleasedMeasure, everyone: Cells, without: Cells) -> int:
    """The norm of the change over all groups (its square in L2); a missing group holds zero."""
    changes = [
        _value(everyone, key, index) - _value(without, key, index)
        for key in everyone.keys() | without.keys()
    ]
    if measure.sensitivity.norm is Norm.L1:
        return sum(map(abs, changes))
    return sum(change * change for change in changes)


def _value(cells: Cells, key: tuple[object, ...], index: int) -> int:
    return cells[key][index] if key in cells else 0


def _uncovered(release: Release, everyone: Cells, without: Cells) -> list[str]:
    """Groups that vanish with the owner, beyond what `noise.threshold` counts on."""
    assert release.threshold is not None
    names = [measure.column for measure in release.measures]
    index = names.index(release.threshold.column)
    owners = release.measures[index]
    unit, most = owner_unit(owners), most_groups(owners)
    appeared = [key for key in without if key not in everyone]
    alone = [
        _value(everyone, key, index)
        for key in everyone
        if _value(everyone, key, index) > 0 and _value(without, key, index) == 0
    ]
    found = [f"{len(appeared)} groups appear when the owner leaves"] if appeared else []
    if unit == 1 and len(alone) > most:
        found.append(f"an owner stands alone in {len(alone)} groups of at most {most}")
    allowed = weight(owners.sensitivity.norm, unit, most, max(1, len(alone)))
    if alone and max(alone) > allowed:
        found.append(f"an owner alone in {len(alone)} groups adds {max(alone)} of {allowed}")
    return found


def owner_unit(owners: ReleasedMeasure) -> int:
    """The integer that stands for one whole owner."""
    unit = 1 / owners.unit_of_scale
    assert unit.denominator == 1
    return int(unit)


def most_groups(owners: ReleasedMeasure) -> int:
    """The bound on groups, read off the sensitivity: U·m in L1, U·√m in L2."""
    ratio = owners.sensitivity.value / owner_unit(owners)
    return round(ratio if owners.sensitivity.norm is Norm.L1 else ratio * ratio)
