"""A gateway whose policies leave every bound to an estimate."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from gateway.answer import answer, explain
from gateway.budget.allowances import allowance_for, everyone_for
from gateway.budget.cost import Cost
from gateway.edges import Analyst
from gateway.exchange import Answer, Explanation, Request
from gateway.start import Gateway
from tests.corpus.policies import DATASETS, VARIANTS, Change, gateway, shipped, write_policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Questions to one gateway over the real data."""

    started: Gateway

    def request(
        self,
        sql: str,
        who: str = "ana",
        dataset: str = "hospital",
        epsilon: Fraction | None = None,
        max_error: Fraction | None = None,
    ) -> Request:
        """A question of its own."""
        return Request(
            query_id=uuid.uuid4().hex,
            analyst=Analyst(name=who, roles=("analyst",)),
            sql=sql,
            dataset=dataset,
            epsilon=epsilon,
            max_error=max_error,
        )

    def answer(self, request: Request) -> Answer:
        """Its answer."""
        return answer(request, self.started.catalog, self.started.edges)

    def explain(self, request: Request) -> Explanation:
        """Its plan and price."""
        return explain(request, self.started.catalog, self.started.edges)

    def ask(self, sql: str, who: str = "ana", dataset: str = "hospital") -> Answer:
        """The answer to SQL at the policy's price."""
        return self.answer(self.request(sql, who, dataset))

    def spent(self, who: str, dataset: str = "hospital") -> Cost:
        """What an analyst's account has paid."""
        policy = self.started.catalog.datasets[dataset].policy
        allowance = allowance_for(policy, Analyst(name=who, roles=("analyst",)))
        return self.started.edges.ledger.balance(dataset, allowance).spent

    def spent_together(self, dataset: str = "hospital") -> Cost:
        """What everyone's account has paid."""
        policy = self.started.catalog.datasets[dataset].policy
        allowance = everyone_for(policy)
        assert allowance is not None
        return self.started.edges.ledger.balance(dataset, allowance).spent


Opening = Callable[..., Asking]


def written(folder: Path, *changes: Change) -> Path:
    """The shipped policies under `auto`, further changed."""
    for dataset in DATASETS:
        document = shipped(dataset)
        for change in (VARIANTS["auto"], *changes):
            change(document)
        write_policy(document, folder)
    return folder


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opening]:
    """A gateway under `auto`, further changed as a test asks."""
    with ExitStack() as stack:
        yield lambda *changes: Asking(
            started=stack.enter_context(gateway(written(tmp_path, *changes)))
        )


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """One gateway under `auto` for tests whose analysts are their own."""
    with gateway(written(tmp_path_factory.mktemp("auto"))) as started:
        yield Asking(started=started)
