"""Every query of the corpus gives the same plan and the same exact integers on every engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from gateway.errors import Code, Refusal
from gateway.start import Gateway
from tests.corpus.policies import DATASETS
from tests.corpus.reading import accepted
from tests.engines.same.asking import asked, claims
from tests.engines.same.data import ROWS, tables
from tests.engines.same.worlds import DUCKDB, WORLDS, World, opened
from tests.neighbours.tight import POLICIES

ENTRIES = accepted()
POLICIES_ASKED = ("zcdp", "pure", "approximate")
QUICK = {
    (world, POLICIES_ASKED[n % 3], ROWS)
    for n, world in enumerate(world for world in WORLDS if not world.seldom)
} | {(WORLDS[0], "zcdp", 0)}
"""Each PostgreSQL under one of the policies, and one of them without a row; Spark, which takes a
second for a question, and what else is seldom asked, in an audit."""


def cases() -> Iterator[object]:
    """What `make test` asks: of slow engines one query in so many; and all, as an audit asks."""
    for world in WORLDS:
        for policy in POLICIES_ASKED:
            for rows in (0, ROWS):
                name = f"{world.name} {policy} {rows}"
                quick = (world, policy, rows) in QUICK
                if quick:
                    yield pytest.param(world, policy, rows, world.one_in, id=name)
                if not quick or world.one_in > 1:
                    long = pytest.mark.audit
                    yield pytest.param(world, policy, rows, 1, marks=long, id=f"{name} whole")


class Gateways:
    def __init__(self, request: pytest.FixtureRequest, stack: ExitStack) -> None:
        self._request = request
        self._stack = stack
        self._made: dict[tuple[str, str, str, int], Gateway] = {}

    def of(self, world: World, policy: str, dataset: str, rows: int) -> Gateway:
        key = (world.name, policy, dataset, rows)
        if key not in self._made:
            document = POLICIES[policy].document(dataset)
            made = opened(world, self._request, document, tables(dataset, rows))
            self._made[key] = self._stack.enter_context(made)
        return self._made[key]


@pytest.fixture(scope="module")
def gateways(request: pytest.FixtureRequest) -> Iterator[Gateways]:
    with ExitStack() as stack:
        yield Gateways(request, stack)


@pytest.mark.once
@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize(("world", "policy", "rows", "one_in"), [*cases()])
def test_the_integers_are_the_same(
    world: World,
    policy: str,
    dataset: str,
    rows: int,
    one_in: int,
    gateways: Gateways,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Every query, or one in so many, on DuckDB and on another engine."""
    there = gateways.of(world, policy, dataset, rows)
    here = gateways.of(DUCKDB, policy, dataset, rows)
    compared, differing = 0, {}
    entries = [e for e in ENTRIES if e.dataset == dataset and e.policy == "shipped"]
    # Each policy begins elsewhere, so that together they ask more of them.
    for entry in entries[sum(map(ord, policy)) % one_in :: one_in]:
        try:
            ours = asked(entry, here)
        except Refusal:
            assert policy != "zcdp", entry.id
            continue  # a pure guarantee has no thresholds, for example
        if entry.id in world.refused:
            with pytest.raises(Refusal) as refused:
                asked(entry, there)
            assert refused.value.code is Code.UNSUPPORTED_SQL
            continue
        try:
            theirs = asked(entry, there)
        except Refusal as refusal:
            said = " ".join(r.getMessage() for r in caplog.records[-2:])[:300]
            differing[entry.id] = f"{refusal} {said}"
            continue
        assert claims(ours[0]) == claims(theirs[0]), entry.id
        for name, exact in ours[1].items():
            compared += 1
            if exact != theirs[1][name]:
                only = (exact - theirs[1][name], theirs[1][name] - exact)
                differing[f"{entry.id}, {name}"] = repr([list(side)[:2] for side in only])
    assert not differing, "\n".join(f"{title}: {what}" for title, what in differing.items())
    assert compared > 40 // one_in
