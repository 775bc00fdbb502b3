"""Plans of the whole corpus under each tight policy, and databases to run them on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.errors import Code, Refusal
from gateway.privacy.plan import Release
from gateway.start import Gateway
from tests.corpus.asking import planned
from tests.corpus.policies import DATASETS
from tests.corpus.reading import Entry, accepted
from tests.neighbours.bench import Bench, Gateways
from tests.neighbours.given import given
from tests.neighbours.laboratory import Laboratory


class Plans:
    """Each release of the corpus once, under each tight policy; planned when asked for."""

    def __init__(self, gateways: Gateways) -> None:
        self._gateways = gateways
        self._kept: dict[tuple[str, str], dict[str, Release]] = {}

    def __repr__(self) -> str:
        return "Plans()"  # hypothesis shows arguments

    def of(self, policy: str, dataset: str) -> dict[str, Release]:
        """The releases, by the title of the first query that needs each."""
        if (policy, dataset) not in self._kept:
            found: dict[str, Release] = {}
            known: set[str] = set()
            started = self._gateways.of(dataset, policy)
            for entry in (entry for entry in accepted() if entry.dataset == dataset):
                for release in _releases(entry, policy, started):
                    if release.fingerprint not in known:
                        known.add(release.fingerprint)
                        found[f"{entry.id} ({release.name})"] = release
            self._kept[policy, dataset] = found
        return self._kept[policy, dataset]


class Laboratories:
    """The laboratory of each dataset."""

    def __init__(self) -> None:
        self._made = {dataset: Laboratory(dataset) for dataset in DATASETS}

    def __repr__(self) -> str:
        return "Laboratories()"

    def of(self, dataset: str) -> Laboratory:
        """One dataset's."""
        return self._made[dataset]


@pytest.fixture(scope="session")
def gateways(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateways]:
    found = Gateways(tmp_path_factory.mktemp("tight"))
    with found.stack:
        yield found


@pytest.fixture(scope="session")
def plans(gateways: Gateways) -> Plans:
    return Plans(gateways)


def _releases(entry: Entry, policy: str, started: Gateway) -> tuple[Release, ...]:
    """A query's releases; none where it is refused because `pure` finds no private groups."""
    try:
        return tuple(map(given, planned(entry, started).charged))
    except Refusal as refusal:
        if policy == "pure" and refusal.code is Code.NOT_PRIVATE:
            return ()
        raise


@pytest.fixture
def bench(gateways: Gateways) -> Bench:
    return Bench(gateways)


@pytest.fixture(scope="session")
def laboratories() -> Laboratories:
    return Laboratories()
