"""Every release of the corpus keeps its claims on databases made by hypothesis."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.privacy.plan import Release
from tests.corpus.policies import DATASETS, OWNER
from tests.neighbours.claims import broken
from tests.neighbours.conftest import Laboratories, Plans
from tests.neighbours.databases import OWNERS, Drawn, Rows, Sketch, rows_of, sketches
from tests.neighbours.laboratory import Laboratory
from tests.neighbours.tight import POLICIES

SHARDS = 4
"""Each database is tried on a part of the releases, so that more databases are tried."""

AUDIT = settings().max_examples > 100
LEFT_TO_AUDITS = {("auto in L1", "hospital"), ("auto in L2", "retail")}
"""Policies that estimate are tried on one dataset each by `make test`."""


def policies() -> list[object]:
    """Each policy with each dataset. Planning the corpus takes longer than trying it: one process
    does what needs the same plans."""
    return [
        pytest.param(policy, dataset, marks=pytest.mark.xdist_group(f"plans of {policy}"))
        for policy in POLICIES
        for dataset in DATASETS
        if AUDIT or (policy, dataset) not in LEFT_TO_AUDITS
    ]


AT_ONCE = 4 if AUDIT else 1
"""Of the owners of the database by hand, how many each release is tried without."""
thorough = settings(
    max_examples=160 if AUDIT else 3,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def check(
    releases: Mapping[str, Release],
    dataset: str,
    laboratory: Laboratory,
    rows: Rows,
    at_once: int = len(OWNERS),
) -> int:
    """Take owners out, of each release so many in turn; the number of results compared."""
    laboratory.put(rows)
    everyone = {title: laboratory.measured(release) for title, release in releases.items()}
    owners = {owner for row in rows if isinstance(owner := row[OWNER[dataset]], int)}
    compared = 0
    for place, owner in enumerate(sorted(owners)):
        laboratory.without(owner)
        for number, (title, release) in enumerate(releases.items()):
            if (place - number) % len(owners) < at_once:
                faults = broken(release, everyone[title], laboratory.measured(release))
                assert not faults, f"{title}, owner {owner}: {faults}\n{release.statement.sql}"
                compared += 1
    return compared


def tried(releases: Mapping[str, Release], policy: str) -> dict[str, Release]:
    """Of policies that estimate bounds only the estimates: the rest is as under tight bounds."""
    every = not policy.startswith("auto")
    return {title: one for title, one in releases.items() if every or "(bounds_" in title}


def shard(releases: Mapping[str, Release], policy: str, number: int) -> dict[str, Release]:
    """One of so many parts."""
    found = tried(releases, policy)
    return {title: found[title] for title in list(found)[number::SHARDS]}


@pytest.mark.parametrize(("policy", "dataset"), policies())
def test_every_release_keeps_its_claims_on_rows_of_all_kinds(
    policy: str, dataset: str, plans: Plans, laboratories: Laboratories
) -> None:
    """One database by hand, on which each release is tried: of heavy owners, none like another."""
    sketch = tuple(
        Drawn(owner=owner, seed=seed, copies=seed % 3 + 1, spread=(1, 1, 1, 1, 5, 200)[seed % 6])
        for seed, owner in enumerate(OWNERS * 6)
    )
    releases = tried(plans.of(policy, dataset), policy)
    assert releases
    rows = rows_of(sketch, dataset)
    compared = check(releases, dataset, laboratories.of(dataset), rows, AT_ONCE)
    assert compared >= len(releases) * AT_ONCE


@pytest.mark.parametrize(("policy", "dataset"), policies())
@thorough
@given(sketch=sketches, part=st.integers(0, SHARDS - 1))
def test_one_owner_moves_every_measure_within_its_sensitivity(
    policy: str,
    dataset: str,
    plans: Plans,
    laboratories: Laboratories,
    sketch: Sketch,
    part: int,
) -> None:
    releases = shard(plans.of(policy, dataset), policy, part)
    check(releases, dataset, laboratories.of(dataset), rows_of(sketch, dataset))
