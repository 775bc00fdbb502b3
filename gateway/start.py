"""Putting the gateway together: policies, engines, ledger, clock and noise, checked before use."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from gateway.budget.books import Books, open_ledger
from gateway.clock import SystemClock
from gateway.edges import Edges, Engine
from gateway.policy.catalog import Catalog


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """A gateway that is ready to answer. `close` lets go of engines and ledger."""

    catalog: Catalog
    edges: Edges
    books: Books

    def close(self) -> None:
        """Close every engine and the ledger."""
        for engine in self.edges.engines.values():
            engine.close()
        self.books.close()


def start(policies: Path, ledger_url: str) -> Gateway:
    """Load and check all policies against their engines, then open the ledger.

    Raises `PolicyFaults` with every fault of the files or of their fit to the data,
    `Refusal(ENGINE_UNAVAILABLE)` where an engine or the ledger does not answer, ValueError for a
    ledger URL that cannot hold one. Whatever was opened before a failure is closed again.
    """
    # DuckDB and OpenDP are large; what only names a Gateway does without them.
    from gateway.engines.open import open_engine
    from gateway.noise.sample import OpenDPEntropy
    from gateway.policy.check import build_catalog
    from gateway.policy.load import load_all

    clock = SystemClock()
    with contextlib.ExitStack() as opened:
        loaded = load_all(policies, os.environ)
        engines: dict[str, Engine] = {}
        for policy in loaded:
            engine = open_engine(policy)
            opened.callback(engine.close)
            engines[policy.dataset] = engine
        catalog = build_catalog(loaded, engines)
        books = open_ledger(ledger_url, clock)
        opened.callback(books.close)
        edges = Edges(
            engines=engines,
            ledger=books.ledger,
            answers=books.answers,
            clock=clock,
            entropy=OpenDPEntropy(),
        )
        opened.pop_all()
        return Gateway(catalog=catalog, edges=edges, books=books)
