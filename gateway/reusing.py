"""What stored releases spare an analyst, and which of them had to go.

Claim of `with_rollups`: what is worked out from numbers that an analyst has seen tells that analyst
nothing new, so it is free, whoever paid for them. (Post-processing; `privacy.rollups`.)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from gateway.budget.release_json import decode_release, encode_release
from gateway.edges import Described, Edges, Finer
from gateway.exchange import Request
from gateway.policy.catalog import Dataset
from gateway.postprocess.rolled import rolled
from gateway.privacy.plan import Plan, Release, Rolled
from gateway.privacy.rollups import accurate_enough, roll_up

NOTE = (
    "Worked out from finer groups that you have seen before, so it cost nothing: each number is "
    "one of theirs or their sum, with their noise."
)


EVICTED_NOTE = (
    "This was answered to you before, but what was released then has been removed from the store "
    "of answers to make room for newer ones. So noise is drawn anew, which costs as any new "
    "question does, and the numbers differ from those of before by their noise."
)


EVICTED_FINER_NOTE = (
    "An answer with finer groups, of which this may be a sum or a part at no cost, was given to "
    "you before, but what was released then has been removed from the store of answers to make "
    "room for newer ones. So noise is drawn anew, which costs as any new question does."
)


def with_evictions(
    found: Plan, charged: Collection[str], request: Request, dataset: Dataset, edges: Edges
) -> Plan:
    """The plan, with a note where the analyst pays for a release, among those `charged`, of which
    a draw that was seen before has been evicted, or one that it may follow from.

    May, as nobody knows any more how many of its groups make up one: `with_rollups` would not have
    taken it where that are too many for the accuracy that is asked for.
    """
    families = {p.fingerprint: family_of(p, dataset) for p in found.charged}
    families = {name: family for name, family in families.items() if name in charged}
    gone = edges.answers.evicted(found.dataset, families, request.analyst.name)
    if gone.fingerprints:
        return replace(found, notes=(*found.notes, EVICTED_NOTE))
    paid = [part for part in found.charged if part.fingerprint in families]
    finer = [decode_release(text) for text in gone.finer]
    if any(_may_follow(part, one) for part in paid for one in finer):
        return replace(found, notes=(*found.notes, EVICTED_FINER_NOTE))
    return found


def _may_follow(asked: Release, finer: Release) -> bool:
    way = roll_up(asked, finer)
    return way is not None and accurate_enough(asked, way, most_groups=1)


def with_rollups(found: Plan, request: Request, dataset: Dataset, edges: Edges) -> Plan:
    """The plan with every release that follows from a stored one taken from there.

    Only where it is no less accurate than what was asked. Releases that the analyst has seen are
    left alone, as they are free already; so are those on which another release is built.
    """
    built_on = {name for r in found.releases for value in r.earlier for name in value.reads}
    asked = [
        part
        for part in found.releases
        if part.name not in built_on and family_of(part, dataset) is not None
    ]
    if not asked or found.pending:
        return found
    families = {p.fingerprint: f for p in asked if (f := family_of(p, dataset)) is not None}
    known = edges.answers.finer(found.dataset, families, request.analyst.name)
    made = tuple(
        one
        for part in asked
        if (one := _rolled(part, known.get(part.fingerprint, ()), edges)) is not None
    )
    if not made:
        return found
    by_name = {one.release.name: one.release for one in made}
    return replace(
        found,
        releases=tuple(by_name.get(part.name, part) for part in found.releases),
        rolled=made,
        notes=(*found.notes, NOTE),
    )


def _rolled(part: Release, known: Sequence[Finer], edges: Edges) -> Rolled | None:
    for one in known:
        made = rolled(part, decode_release(one.text), one.table, edges.workbench)
        if made is not None:
            return made
    return None


def described(part: Release, dataset: Dataset) -> Mapping[str, Described]:
    """What is kept with a release, by fingerprint, for coarser questions to build on."""
    family = family_of(part, dataset)
    if family is None:
        return {}
    return {part.fingerprint: Described(family=family, text=encode_release(part))}


def family_of(part: Release, dataset: Dataset) -> str | None:
    """What releases have in common that count the same rows under the same policy; None for a
    release that is no part of a roll-up."""
    if part.shape is None or part.groups is None or part.threshold is not None:
        return None
    return f"{dataset.meaning} {part.shape.source}"
