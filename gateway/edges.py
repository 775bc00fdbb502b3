"""The edges of the line: everything with a side effect comes in through these protocols.

`Edges` holds one of each. Production values are made in `cli/` and `server/`; tests pass doubles.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from gateway.budget.cost import Allowance, Cost
from gateway.noise.tables import ExactTable, NoisyTable
from gateway.privacy.plan import Mechanism, Statement
from gateway.sql.types import Scalar, Type

if TYPE_CHECKING:
    import pyarrow as pa

    from gateway.postprocess.public import PublicShelf
    from gateway.postprocess.workbench import Workbench
    from gateway.recall import Recall
    from gateway.stop import Stop


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaColumn:
    """One column as the engine declares it."""

    name: str
    type: Type | None
    """None for a type that the gateway does not know; such a column cannot be used."""
    nullable: bool
    declared: str = ""
    """The type as the engine prints it, for messages to administrators."""
    read: str = "{0}"
    """SQL that reads the column, which stands for `{0}`, as a value of `type`: a total conversion
    where the stored type is not the gateway's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What engines differ in. Everything else they do alike: `tests/engines/conformance`."""

    remote: bool
    """Whether it is a server of its own, which may be out of reach, and back after a while."""
    declared_keys: bool
    """Whether keys that the database enforces are taken from its schema, without reading rows."""


class Engine(Protocol):
    """A database that holds the data. All of it is read-only.

    Every method raises `Refusal(ENGINE_UNAVAILABLE)` when the database does not answer; the
    engine's own text goes to the log under the query's id, never into the message.
    """

    dialect: str
    """Of its SQL: a name in `rewrite.dialects` and in the table of functions."""
    capabilities: Capabilities

    def describe(self, source: tuple[str, ...]) -> Sequence[SchemaColumn] | None:
        """The columns of a table, in order; None where there is no such table."""

    def is_key(self, source: tuple[str, ...], columns: Sequence[str]) -> bool:
        """Whether no two rows agree in all the columns and none of them is NULL.

        Asked at start only, about facts that the policy states.
        """

    def public_values(
        self, source: tuple[str, ...], column: str, most: int | None = None
    ) -> tuple[Scalar, ...]:
        """The distinct values of a column of a public table, in order, NULL last.

        At most the first `most` of them, so that a caller with a cap asks for one more than it.
        """

    def public_rows(
        self, source: tuple[str, ...], columns: Sequence[str], most: int | None = None
    ) -> pa.Table:
        """The rows of a public table, its columns in the given order; at most `most` of them."""

    def run(self, statement: Statement, query_id: str, stop: Stop | None = None) -> ExactTable:
        """Run a checked statement and return its exact result, which only `noise` can open.

        Raises `NothingRead` (ENGINE_UNAVAILABLE) where the statement did not begin, for a reason
        that is no row's; `Refusal`: ENGINE_UNAVAILABLE where it may have, CANCELLED once `stop` is
        asked, which ends it in the database too.
        """

    def healthy(self) -> bool:
        """Whether the database answers now."""

    def replaced(self) -> int:
        """How many of its processes, sessions or connections were lost and had to be replaced."""

    def close(self) -> None:
        """Let go of connections and files."""


class Clock(Protocol):
    """The time of day."""

    def now(self) -> dt.datetime:
        """Now, in UTC, zone aware."""

    def elapsed(self) -> float:
        """Seconds since some moment, on a clock that nobody sets and that never goes back."""


class Entropy(Protocol):
    """Exact noise. The one in production draws from OpenDP's samplers."""

    def draw(self, mechanism: Mechanism, count: int) -> Sequence[int]:
        """`count` independent draws of a mechanism's integer noise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Analyst:
    """Who asks: a user name and the roles it holds."""

    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseCharge:
    """The price of one release.

    `fingerprint` names its exact plan (hex SHA-256); `mechanisms` is JSON with the exact
    parameters of every measure, which the ledger keeps with the charge.
    """

    fingerprint: str
    cost: Cost
    mechanisms: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeRequest:
    """What `Ledger.charge` debits, all or nothing.

    `own` is the analyst's account, `everyone` the dataset's cap. `key` is the idempotency key.
    """

    query_id: str
    analyst: Analyst
    dataset: str
    sql: str
    own: Allowance
    everyone: Allowance | None
    releases: tuple[ReleaseCharge, ...]
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """The state of one account in its present period."""

    allowance: Allowance
    limit: Cost
    spent: Cost
    renews_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a charge did: what the analyst's account paid, the account after it, and the releases
    that were paid for. Of these `drawn` are to be drawn: nobody's draw was stored by then."""

    charged: Cost
    balance: Balance
    fingerprints: frozenset[str] = frozenset()
    drawn: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What a charge would take off the analyst's account now, and off everyone's."""

    own: Cost
    everyone: Cost


class Ledger(Protocol):
    """The durable account of every charge."""

    def due(self, request: ChargeRequest) -> Due:
        """What `charge` would debit now; nothing for what was seen, or paid and not used yet."""

    def charge(self, request: ChargeRequest) -> Receipt:
        """Debit the analyst's and everyone's account in one durable transaction.

        A release that is stored debits the analyst's account only, and nothing where this analyst
        has seen it. Raises `Refusal(BUDGET_EXHAUSTED)` with `needed`, `left` and `renews_at`, and
        then nothing was debited.
        """

    def refund(self, query_id: str) -> None:
        """Give a charge back; only for failures that cannot depend on rows (no connection)."""

    def balance(self, dataset: str, allowance: Allowance) -> Balance:
        """An account as it stands now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A stored release, and whether the analyst who asks has paid for it."""

    table: NoisyTable
    seen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What a release counts, for roll-ups: releases of one `family` count the same rows; `text` is
    its plan as JSON (`budget.release_json`)."""

    family: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finer:
    """A stored release that its analyst has seen, with its plan as JSON."""

    text: str
    table: NoisyTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Evicted:
    """Releases that an analyst has seen and that were removed to make room: the `fingerprints` of
    those that are asked for, and the plans, as JSON, of all that are of the same families."""

    fingerprints: frozenset[str]
    finer: tuple[str, ...]


class AnswerStore(Protocol):
    """Releases that were paid for, kept so that asking again is free."""

    def find(self, dataset: str, fingerprints: Sequence[str], analyst: str) -> Mapping[str, Stored]:
        """The stored releases among `fingerprints` that still stand for the data."""

    def keep(
        self,
        dataset: str,
        tables: Mapping[str, NoisyTable],
        analyst: str,
        refresh_seconds: float | None,
        described: Mapping[str, Described] = ...,
        *,
        relied_on: bool = False,
    ) -> Mapping[str, NoisyTable]:
        """Store releases as seen by the analyst, all or nothing; `relied_on` by other releases.

        Returns the tables to show, by fingerprint: where somebody else's draw was stored first,
        that one.
        """

    def evicted(self, dataset: str, families: Mapping[str, str | None], analyst: str) -> Evicted:
        """What the analyst has seen of these releases, or of others of their families (by
        fingerprint), that was removed to make room."""

    def finer(
        self, dataset: str, families: Mapping[str, str], analyst: str
    ) -> Mapping[str, Sequence[Finer]]:
        """For each of these releases that the analyst has not seen, the stored ones of its family
        that the analyst has seen and that still stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """Everything outside the pure line, in one place."""

    engines: Mapping[str, Engine]
    """By dataset."""
    ledger: Ledger
    answers: AnswerStore
    clock: Clock
    entropy: Entropy
    workbench: Workbench
    """Where post-processing runs."""
    shelves: Mapping[str, PublicShelf]
    """Public rows for planning and post-processing, by dataset."""
    recall: Recall
    """Plans and rows that were worked out before."""
