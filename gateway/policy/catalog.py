"""Policy plus the engine's schema: what analysts can ask about, with types and domains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from gateway.policy.model import Auto, Policy, Through
from gateway.privacy.domains import Domain
from gateway.sql.types import Type


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumn:
    """One column as the engine has it, with what the policy says of it.

    `domain` is what the policy promises: Members (declared values, or the referenced public
    column's), Interval (bounds) or Anything. `nullable` is whether NULL is expected.
    `usable` is False for columns that exist only for the gateway: not listed, or hidden.
    """

    name: str
    type: Type
    domain: Domain
    nullable: bool
    usable: bool
    step: Fraction | None = None
    max_total: Fraction | Auto | None = None
    references: tuple[str, str] | None = None
    description: str = ""
    read: str = "{0}"
    """How the engine's SQL reads it as a value of `type` (`edges.SchemaColumn`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of a dataset. `source` is its name in the engine's SQL, in identifier parts."""

    name: str
    source: tuple[str, ...]
    public: bool
    unit: str | Through | None = field(hash=False)
    key: tuple[str, ...]
    max_rows: int | None
    max_groups: int | None
    columns: Mapping[str, TableColumn] = field(hash=False)
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewColumn:
    """One column of a view, with what is known of it."""

    name: str
    type: Type
    domain: Domain
    nullable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A query of the policy that is expanded where a question names it.

    `protected` where its rows have owners; `releases` where it aggregates them, so that reading it
    costs.
    """

    name: str
    sql: str
    columns: tuple[ViewColumn, ...]
    protected: bool
    releases: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """One dataset, checked against its engine. `digest` changes with the policy or the schema;
    `meaning` with what of them decides the meaning of an answer (`policy.meaning`)."""

    policy: Policy
    dialect: str
    tables: Mapping[str, Table]
    digest: str
    meaning: str
    views: Mapping[str, View] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The dataset's name in SQL, HTTP and budgets."""
        return self.policy.dataset


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """All datasets that the gateway serves, by name."""

    datasets: Mapping[str, Dataset]
