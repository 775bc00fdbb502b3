"""Roll-ups: a release worked out from the groups of a finer one that is stored, at no cost.

Claim: what a roll-up gives is computed from released numbers alone, so it is post-processing and
costs nothing. Its value without noise is the sum of the finer release's groups that make up each of
its own; the finer release may weigh an owner's rows otherwise, as it bounds them over its groups.

Finer are: more keys (they are summed over), fewer conditions where the rest ask about keys alone
(groups are left out), and months where years are asked (their sums). Distinct counts of several
groups do not add up, so they are only ever narrowed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from gateway.privacy.plan import Noise, Release
from gateway.privacy.shape import KeyShape, Shape
from gateway.rewrite.expressions import quoted

COARSER: dict[str, frozenset[str]] = {
    "second": frozenset({"minute", "hour", "day", "week", "month", "quarter", "year"}),
    "minute": frozenset({"hour", "day", "week", "month", "quarter", "year"}),
    "hour": frozenset({"day", "week", "month", "quarter", "year"}),
    "day": frozenset({"week", "month", "quarter", "year"}),
    "month": frozenset({"quarter", "year"}),
    "quarter": frozenset({"year"}),
}
"""Which grains are made of whole ones of another: weeks begin in one month and end in the next."""
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")
_HELD = "\x00"
"""Stands for a text constant; no statement holds it besides tokens, and shapes hold no token."""
_ROW = re.compile(r"\bt\d+\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RollUp:
    """How a release follows from a finer one. All SQL is over the finer one's columns.

    `keys` in the order of the coarser release's keys; `measures` likewise, as the finer column and
    what one of its integers is worth in integers of the coarser one; `conditions` pick groups.
    """

    finer: Release
    keys: tuple[str, ...]
    measures: tuple[tuple[str, Fraction], ...]
    conditions: tuple[str, ...]
    adds: bool
    """Whether every measure may be summed over groups."""


def roll_up(asked: Release, finer: Release) -> RollUp | None:
    """How `asked` follows from `finer`; None where it does not, or not for sure."""
    if asked.shape is None or finer.shape is None or asked.groups is None:
        return None
    wanted, given = asked.shape, finer.shape
    if wanted.source != given.source or not set(given.conditions) <= set(wanted.conditions):
        return None
    keys = [_over(key, given.keys) for key in wanted.keys]
    more = [c for c in wanted.conditions if c not in given.conditions]
    conditions = [_rewritten(condition, given.keys) for condition in more]
    measures = _measures(asked, finer, wanted, given)
    if measures is None or None in keys or None in conditions:
        return None
    adding = {one.text: one.adds for one in given.measures}
    return RollUp(
        finer=finer,
        keys=tuple(key for key in keys if key is not None),
        measures=measures,
        conditions=tuple(condition for condition in conditions if condition is not None),
        adds=all(adding[one.text] for one in wanted.measures),
    )


def accurate_enough(asked: Release, found: RollUp, most_groups: int) -> bool:
    """Whether sums of up to `most_groups` groups are no less accurate than the release asked for.

    The standard deviation of a sum of k independent draws is √k times that of one. Sums are taken
    of Gaussian noise alone, whose sum is Gaussian again, so that half-widths stay true; of Laplace
    noise only single groups are.
    """
    finer = {measure.column: measure for measure in found.finer.measures}
    for measure, (column, worth) in zip(asked.measures, found.measures, strict=True):
        known = finer[column]
        if known.mechanism.noise is not measure.mechanism.noise:
            return False
        if most_groups > 1 and measure.mechanism.noise is not Noise.DISCRETE_GAUSSIAN:
            return False
        deviation = known.mechanism.scale * float(worth) * most_groups**0.5
        if deviation > measure.mechanism.scale * (1 + 1e-9):
            return False
    return most_groups <= 1 or found.adds


def _measures(
    asked: Release, finer: Release, wanted: Shape, given: Shape
) -> tuple[tuple[str, Fraction], ...] | None:
    columns = {one.text: one.column for one in given.measures}
    texts = {one.column: one.text for one in wanted.measures}
    units = {measure.column: measure.unit_of_scale for measure in finer.measures}
    found = []
    for measure in asked.measures:
        column = columns.get(texts[measure.column])
        if column is None:
            return None
        found.append((column, units[column] / measure.unit_of_scale))
    return tuple(found)


def _over(key: KeyShape, given: Sequence[KeyShape]) -> str | None:
    """A key as SQL over a finer release's keys."""
    for other in given:
        same_moment = key.base and key.base == other.base
        if same_moment and key.grain in COARSER.get(other.grain, frozenset()):
            return _rewritten(key.text, [KeyShape(column=other.column, text=key.base)])
    return _rewritten(key.text, given)


def _rewritten(text: str, given: Sequence[KeyShape]) -> str | None:
    """SQL about rows as SQL about groups: every key that stands in it as the key's column; None
    where something else of the row is left. Constants are left alone: they may look like SQL."""
    bare, held = _without_texts(text)
    for key in sorted(given, key=lambda one: -len(one.text)):
        pattern, parts = _without_texts(key.text)
        bare, held = _replaced(bare, held, pattern, parts, quoted(key.column))
    if _ROW.search(bare):
        return None
    pieces = bare.split(_HELD)
    return "".join(a + b for a, b in zip(pieces, [*held, ""], strict=True))


def _without_texts(text: str) -> tuple[str, list[str]]:
    """The SQL with a mark for every text constant, and the constants in order."""
    held: list[str] = []

    def kept(found: re.Match[str]) -> str:
        if found.group().startswith('"'):
            return found.group()
        held.append(found.group())
        return _HELD

    return _QUOTED.sub(kept, text), held


def _replaced(
    bare: str, held: list[str], pattern: str, parts: list[str], column: str
) -> tuple[str, list[str]]:
    """Each place where `pattern` stands with these constants, replaced by a column."""
    place = bare.find(pattern)
    while place >= 0:
        before = bare[:place].count(_HELD)
        if held[before : before + len(parts)] == parts:
            bare = bare[:place] + column + bare[place + len(pattern) :]
            held = held[:before] + held[before + len(parts) :]
            place = bare.find(pattern, place + len(column))
        else:
            place = bare.find(pattern, place + 1)
    return bare, held
