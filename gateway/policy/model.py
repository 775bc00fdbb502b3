"""A policy file after checking: frozen, with exact numbers. `load` makes it, nothing changes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from pathlib import Path

from gateway.sql.types import Scalar


class Guarantee(Enum):
    """How charges compose (PRIVACY promise, "cost and composition")."""

    PURE = "pure"
    APPROXIMATE = "approximate"
    ZCDP = "zcdp"


class Auto(Enum):
    """A bound that is left to a private estimate."""

    AUTO = "auto"


class Renewal(Enum):
    """When a budget starts anew, by calendar in the policy's time zone."""

    NEVER = "never"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSettings:
    """Where the data lies. `files` maps a table to a Parquet or CSV path or glob, all absolute.

    `threads`, `memory` (such as `4GB`), `spill` (what may go to disk, such as `10GB`) and
    `spill_directory` are for DuckDB; None means its defaults here.
    """

    type: str
    database: str | None = None
    files: Mapping[str, str] | None = None
    url: str | None = None
    schema: str | None = None
    timeout_seconds: float = 60.0
    refresh_seconds: float | None = None
    threads: int | None = None
    memory: str | None = None
    spill: str | None = None
    spill_directory: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Privacy:
    """The promise: unit, guarantee, the account's total delta, a query's cost in epsilon."""

    unit: str
    guarantee: Guarantee
    delta: Fraction
    per_query: Fraction
    max_per_query: Fraction
    show_sql: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Through:
    """Rows belong to the owner of the row of `table` they reference; `on`: own to its columns."""

    table: str
    on: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnPolicy:
    """What an administrator declares of one column."""

    name: str
    values: tuple[Scalar, ...] | None = None
    bounds: tuple[Scalar, Scalar] | None = None
    step: Fraction | None = None
    max_total: Fraction | Auto | None = None
    hidden: bool = False
    references: tuple[str, str] | None = None
    nullable: bool | None = None
    """False: no NULL is expected, so groupings report no NULL group. None: as the engine says."""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePolicy:
    """One table: public, or protected with the unit column or the reference to its owner.

    `max_rows` and `max_groups` are None where the policy says `auto`.
    """

    name: str
    public: bool
    unit: str | Through | None
    key: tuple[str, ...]
    max_rows: int | None
    max_groups: int | None
    columns: Mapping[str, ColumnPolicy]
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewPolicy:
    """One view: a query that analysts can name like a table. `reads` are the views in it."""

    name: str
    sql: str
    reads: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """One line of `budgets`: for `user:NAME`, `role:NAME` or `everyone`."""

    holder: str
    epsilon: Fraction
    renews: Renewal


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One dataset's policy file."""

    dataset: str
    description: str
    engine: EngineSettings
    privacy: Privacy
    tables: Mapping[str, TablePolicy]
    budgets: tuple[Budget, ...]
    file: Path
    digest: str
    """Hex SHA-256 of the file's text after expansion: the policy's version."""
    timezone: str = "UTC"
    """The time zone (IANA name) whose midnights budgets renew at."""
    views: Mapping[str, ViewPolicy] = field(default_factory=dict)
    """Those that others read come first."""
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)
    """Line of each key path of the file, such as `tables.encounters.columns.age`; from 1."""
