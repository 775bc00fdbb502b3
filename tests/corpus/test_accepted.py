"""Every query of `accepted/` is answered, by exactly the statements that were reviewed."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.corpus.asking import planned, shown
from tests.corpus.conftest import Gateways
from tests.corpus.reading import Entry, accepted
from tests.corpus.record import EXPECTED

ENTRIES = accepted()
_TITLE = re.compile(r"^-- title: (.*)$", re.MULTILINE)


def expected(construct: str) -> dict[str, str]:
    """The snapshots of one file, by title."""
    text = (EXPECTED / f"{construct}.sql").read_text(encoding="utf-8")
    parts = _TITLE.split(text)[1:]
    return {title: body.strip() for title, body in zip(parts[::2], parts[1::2], strict=True)}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_the_statements_are_the_reviewed_ones(entry: Entry, variants: Gateways) -> None:
    """After a change that is meant: `python -m tests.corpus.record`, and read the difference."""
    found = shown(planned(entry, variants("shipped")))
    assert found == expected(entry.construct).get(entry.title)


def test_every_snapshot_belongs_to_a_query() -> None:
    kept = {(path.stem, title) for path in EXPECTED.glob("*.sql") for title in expected(path.stem)}
    assert kept == {(entry.construct, entry.title) for entry in ENTRIES}


def test_the_corpus_is_large_and_spread() -> None:
    assert len(ENTRIES) >= 110
    assert {entry.dataset for entry in ENTRIES} == {"hospital", "retail"}
    assert len({entry.construct for entry in ENTRIES}) >= 15


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_the_plan_is_the_same_whatever_the_rows(
    entry: Entry, variants: Gateways, other_rows: Gateways
) -> None:
    """Only the fingerprint differs, for it names the file that the policy reads."""
    over_none, over_some = (
        planned(entry, variants("shipped")),
        planned(entry, other_rows("shipped")),
    )
    assert len(over_none.releases) == len(over_some.releases)
    for a, b in zip(over_none.releases, over_some.releases, strict=True):
        assert replace(a, fingerprint="") == replace(b, fingerprint="")
    assert over_none.outer == over_some.outer
