"""Putting the gateway together: policies, engines, ledger, clock and noise, checked before use."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gateway.budget.books import Books, open_ledger
from gateway.budget.stock import DEFAULT_MEGABYTES
from gateway.clock import SystemClock
from gateway.edges import Edges, Engine
from gateway.policy.catalog import Catalog
from gateway.policy.model import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """A gateway that is ready to answer. `close` lets go of engines and ledger."""

    catalog: Catalog
    edges: Edges
    books: Books

    def close(self) -> None:
        """Close every engine, the workbench and the ledger."""
        self.edges.workbench.close()
        for engine in self.edges.engines.values():
            engine.close()
        self.books.close()


def start(
    policies: Path,
    ledger_url: str,
    signing_key: Path | None = None,
    answer_megabytes: int = DEFAULT_MEGABYTES,
) -> Gateway:
    """Load and check all policies against their engines, then open the ledger.

    `policies` is a folder of policy files, or one file; `signing_key` the file of the key that
    signs the audit trail, in which each policy is recorded; `answer_megabytes` what stored answers
    may take. Raises `PolicyFaults` with every fault
    of the files or of their fit to the data, `Refusal(ENGINE_UNAVAILABLE)` where an engine or the
    ledger does not answer, `Refusal(INTERNAL)` where the key is not the ledger's, ValueError for a
    ledger URL that cannot hold one. Whatever was opened before a failure is closed again.
    """
    # OpenDP is large; what only names a Gateway does without it.
    from gateway.noise.sample import OpenDPEntropy
    from gateway.postprocess.public import PublicShelf
    from gateway.postprocess.workbench import Workbench
    from gateway.recall import Recall

    with contextlib.ExitStack() as opened:
        catalog, engines = open_datasets(read_policies(policies), opened)
        books = open_ledger(ledger_url, signing_key=signing_key, answer_megabytes=answer_megabytes)
        opened.callback(books.close)
        books.terms.adopt([dataset.policy for dataset in catalog.datasets.values()])
        for dataset in catalog.datasets.values():
            books.audit.policy_loaded(dataset.policy, dataset.digest)
        workbench = Workbench()
        opened.callback(workbench.close)
        edges = Edges(
            engines=engines,
            ledger=books.ledger,
            answers=books.answers,
            clock=SystemClock(),
            entropy=OpenDPEntropy(),
            workbench=workbench,
            shelves={name: PublicShelf(engine, workbench) for name, engine in engines.items()},
            recall=Recall(),
        )
        opened.pop_all()
        return Gateway(catalog=catalog, edges=edges, books=books)


def reloaded(gateway: Gateway, policies: Path, by: str) -> Gateway:
    """A gateway by the policies as they are now, on the same ledger; the old one is left as it is.

    Engines whose settings did not change are shared with the old one. What was worked out before is
    not, as public tables are read anew. Raises as `start` does, and
    then nothing was changed and whatever was opened is closed again.
    """
    from gateway.postprocess.public import PublicShelf
    from gateway.recall import Recall

    read = read_policies(policies)
    before = gateway.catalog.datasets
    shared = {
        policy.dataset: gateway.edges.engines[policy.dataset]
        for policy in read
        if policy.dataset in before
        and (before[policy.dataset].policy.engine, set(before[policy.dataset].policy.tables))
        == (policy.engine, set(policy.tables))
    }
    with contextlib.ExitStack() as opened:
        catalog, engines = open_datasets(read, opened, shared)
        gateway.books.terms.adopt([dataset.policy for dataset in catalog.datasets.values()])
        for name, dataset in catalog.datasets.items():
            if name not in before or before[name].digest != dataset.digest:
                gateway.books.audit.policy_loaded(dataset.policy, dataset.digest, by)
        workbench = gateway.edges.workbench
        shelves = {name: PublicShelf(engine, workbench) for name, engine in engines.items()}
        edges = replace(gateway.edges, engines=engines, shelves=shelves, recall=Recall())
        opened.pop_all()
        return Gateway(catalog=catalog, edges=edges, books=gateway.books)


def read_policies(path: Path) -> tuple[Policy, ...]:
    """One policy file, or all of a folder; raises `PolicyFaults` with the faults of all files."""
    from gateway.policy.load import load, load_all

    return (load(path, os.environ),) if path.is_file() else load_all(path, os.environ)


def open_datasets(
    policies: Sequence[Policy],
    opened: contextlib.ExitStack,
    shared: Mapping[str, Engine] | None = None,
) -> tuple[Catalog, Mapping[str, Engine]]:
    """Open each policy's engine and check the policy against its schema.

    Closing the engines is put on `opened`, but for those in `shared`, by dataset, which are open
    already. Raises `PolicyFaults` with the faults of all policies,
    `Refusal(ENGINE_UNAVAILABLE)` where an engine does not answer.
    """
    # DuckDB is large, too.
    from gateway.engines.open import open_engine
    from gateway.policy.check import build_catalog
    from gateway.policy.faults import Fault, PolicyFaults
    from gateway.views import with_views

    engines: dict[str, Engine] = dict(shared or {})
    faults: list[Fault] = []
    for policy in policies:
        if policy.dataset in engines:
            continue
        try:
            engine = open_engine(policy)
        except PolicyFaults as error:
            faults.extend(error.faults)
            continue
        opened.callback(engine.close)
        engines[policy.dataset] = engine
    try:
        catalog = build_catalog([one for one in policies if one.dataset in engines], engines)
    except PolicyFaults as error:
        raise PolicyFaults([*faults, *error.faults]) from None
    if faults:
        raise PolicyFaults(faults)
    return with_views(catalog, engines), engines
