"""One gateway for each guarantee and test, whose analysts have budget enough for what is asked."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from gateway.answer import answer, explain
from gateway.edges import Analyst
from gateway.exchange import Answer, Explanation, Request
from gateway.start import Gateway
from tests.corpus.policies import DATASETS, VARIANTS, gateway, shipped, write_policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Questions at a price, from one analyst or another."""

    started: Gateway

    def request(self, sql: str, price: str, who: str, dataset: str) -> Request:
        return Request(
            query_id=uuid.uuid4().hex,
            analyst=Analyst(name=who, roles=("analyst",)),
            sql=sql,
            dataset=dataset,
            epsilon=Fraction(price),
        )

    def ask(
        self, sql: str, price: str = "0.2", who: str = "ana", dataset: str = "hospital"
    ) -> Answer:
        request = self.request(sql, price, who, dataset)
        return answer(request, self.started.catalog, self.started.edges)

    def explain(self, sql: str, price: str = "0.2", dataset: str = "hospital") -> Explanation:
        request = self.request(sql, price, "ana", dataset)
        return explain(request, self.started.catalog, self.started.edges)


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Callable[[str], Asking]]:
    """A gateway under a guarantee (`shipped` is zcdp)."""
    with ExitStack() as stack:

        def opened(policy: str = "shipped") -> Asking:
            folder = tmp_path / policy
            folder.mkdir()
            for dataset in DATASETS:
                document = shipped(dataset)
                VARIANTS[policy](document)
                write_policy(document, folder)
            return Asking(started=stack.enter_context(gateway(folder)))

        yield opened
