"""Without noise and at a boundless price, estimated bounds cover everybody: answers are those of
declared bounds that nobody exceeds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from gateway.answer import answer
from gateway.edges import Analyst
from gateway.start import Gateway
from tests.corpus.asking import request
from tests.corpus.policies import DATASETS, gateway, sample, shipped, write_policy
from tests.corpus.reading import Entry, accepted
from tests.noiseless.silence import Silence
from tests.noiseless.test_twins import Row, differences
from tests.noiseless.wide import retail_lines, wide

CONSTRUCTS = ("per_owner", "keys_private", "joins_on_owner", "sums", "distinct_values", "unions")
ENTRIES = [entry for entry in accepted() if entry.construct in CONSTRUCTS][::2]


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Gateway]]:
    """One gateway with declared bounds, one that estimates them, over the same data."""
    folder = tmp_path_factory.mktemp("twins")
    lines = retail_lines(folder / "data")
    for dataset in DATASETS:
        files = {t: sample(f) for t, f in shipped(dataset)["engine"]["files"].items()}
        files |= {"lines": lines} if dataset == "retail" else {}
        write_policy(wide(dataset), folder / "declared", files)
        document = wide(dataset)
        for table in document["tables"].values():
            for bound in ("max_rows", "max_groups"):
                table.pop(bound, None)
        write_policy(document, folder / "auto", files)
    with (
        gateway(folder / "declared", Silence()) as declared,
        gateway(folder / "auto", Silence()) as auto,
    ):
        yield {"declared": declared, "auto": auto}


def asked(entry: Entry, started: Gateway) -> list[Row]:
    analyst = Analyst(name=entry.id, roles=("analyst",))
    return list(answer(request(entry, analyst=analyst), started.catalog, started.edges).rows)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_an_estimated_bound_that_may_cost_nothing_takes_nothing(
    entry: Entry, twins: Mapping[str, Gateway]
) -> None:
    by_estimate, by_policy = asked(entry, twins["auto"]), asked(entry, twins["declared"])
    if len(by_estimate) > len(by_policy):
        # A count per owner of at most 90 rows is a public domain, one of 20,000 is private.
        assert entry.sql.rstrip().endswith("GROUP BY s")
        by_estimate = [row for row in by_estimate if row in by_policy]
    assert not differences(by_estimate, by_policy, ordered=False)


def test_the_twins_estimate_something() -> None:
    assert len(ENTRIES) > 25
