"""One question over rows written by hand, and what breaks when an owner is taken out."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from gateway.exchange import Request
from gateway.planning import plan
from gateway.privacy.plan import Plan, Release
from gateway.recall import Recall
from gateway.start import Gateway
from tests.corpus.asking import ANALYST
from tests.corpus.policies import OWNER, PROTECTED, empty_copy, gateway, write_policy
from tests.neighbours.claims import broken
from tests.neighbours.databases import Row, Value, kinds
from tests.neighbours.given import given
from tests.neighbours.laboratory import Cells, Laboratory
from tests.neighbours.tight import POLICIES


def row(dataset: str, owner: int | None, number: int = 0, **values: Value) -> Row:
    """A row with these values, and NULL or zero elsewhere; `number` is the stay's own."""
    made: dict[str, Value] = {
        name: 0 if kind.type == "BIGINT" else None for name, kind in kinds(dataset).items()
    }
    made |= {OWNER[dataset]: owner, **values}
    if dataset == "hospital":
        made["encounter_id"] = number
    return made


class Gateways:
    """Gateways over tables without rows, each opened when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened: dict[tuple[str, str], Gateway] = {}
        self.stack = ExitStack()

    def of(self, dataset: str, policy: str) -> Gateway:
        """A gateway that remembers no plan: a rule may have been changed since one was made."""
        if (dataset, policy) not in self._opened:
            folder = self._folder / f"{policy} {dataset}"
            files = {PROTECTED[dataset]: empty_copy(dataset, folder / "data")}
            write_policy(POLICIES[policy].document(dataset), folder, files)
            self._opened[dataset, policy] = self.stack.enter_context(gateway(folder))
        found = self._opened[dataset, policy]
        return replace(found, edges=replace(found.edges, recall=Recall()))


class Bench:
    """Plans made anew, and what breaks on rows written by hand."""

    def __init__(self, gateways: Gateways) -> None:
        self._gateways = gateways

    def plan(self, sql: str, dataset: str, policy: str = "zcdp") -> Plan:
        """The plan of a question."""
        started = self._gateways.of(dataset, policy)
        request = Request(query_id="bench", analyst=ANALYST, sql=sql, dataset=dataset)
        return plan(request, started.catalog, started.edges)[0]

    def release(self, sql: str, dataset: str, policy: str = "zcdp") -> Release:
        """The one release of a question."""
        (found,) = self.plan(sql, dataset, policy).releases
        return found

    def faults(
        self, sql: str, dataset: str, rows: Sequence[Row], policy: str = "zcdp"
    ) -> list[str]:
        """What owner 1 breaks by leaving."""
        return self._faults(self.release(sql, dataset, policy), dataset, rows)

    def last_faults(
        self, sql: str, dataset: str, rows: Sequence[Row], policy: str = "zcdp"
    ) -> list[str]:
        """The same for the last release of a question, with values in place of earlier ones."""
        return self._faults(given(self.plan(sql, dataset, policy).releases[-1]), dataset, rows)

    def _faults(self, release: Release, dataset: str, rows: Sequence[Row]) -> list[str]:
        laboratory = Laboratory(dataset)
        laboratory.put(tuple(rows))
        everyone = laboratory.measured(release)
        laboratory.without(1)
        return broken(release, everyone, laboratory.measured(release))

    def measured(self, sql: str, dataset: str, rows: Sequence[Row], policy: str = "zcdp") -> Cells:
        """What the statement of a question gives."""
        laboratory = Laboratory(dataset)
        laboratory.put(tuple(rows))
        return laboratory.measured(self.release(sql, dataset, policy))
