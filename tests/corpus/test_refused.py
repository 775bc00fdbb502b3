"""Every query of `refused/` is refused with its code, fact, hint and place, whatever the rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gateway.answer import answer, explain
from gateway.budget.allowances import allowance_for, everyone_for
from gateway.budget.cost import NOTHING
from gateway.errors import Refusal
from gateway.start import Gateway
from tests.corpus.asking import ANALYST, request
from tests.corpus.conftest import Gateways
from tests.corpus.reading import Entry, refused

ENTRIES = refused()


def refusal(entry: Entry, gateway: Gateway, door: Callable[..., object]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        door(request(entry), gateway.catalog, gateway.edges)
    return caught.value


def spoken(found: Refusal) -> tuple[object, ...]:
    return (found.code, found.sentence, found.hint, found.position, tuple(found.facts.items()))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_it_is_refused_with_a_reason_and_a_way_out(entry: Entry, variants: Gateways) -> None:
    found = refusal(entry, variants(entry.policy), explain)
    assert found.code.slug == entry.code
    assert entry.fact
    assert entry.fact in found.sentence
    assert entry.hint
    assert entry.hint in found.hint
    place = found.position
    assert (f"{place.line}:{place.column}" if place else "") == entry.at


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_no_row_decides_and_nothing_is_charged(
    entry: Entry, variants: Gateways, other_rows: Gateways
) -> None:
    """Over no rows, over rows of every kind, and whether a plan or an answer is asked for."""
    empty, full = variants(entry.policy), other_rows(entry.policy)
    said = spoken(refusal(entry, empty, explain))
    assert spoken(refusal(entry, full, explain)) == said
    assert spoken(refusal(entry, full, answer)) == said
    policy = full.catalog.datasets[entry.dataset].policy
    for allowance in (allowance_for(policy, ANALYST), everyone_for(policy)):
        assert allowance is not None
        assert full.edges.ledger.balance(entry.dataset, allowance).spent == NOTHING


def test_the_corpus_of_refusals_is_large_and_spread() -> None:
    assert len(ENTRIES) >= 80
    assert len({entry.construct for entry in ENTRIES}) >= 20
