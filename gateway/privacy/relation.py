"""Relations over protected and public rows, with what is known of their columns and owners.

A relation's tree says how to compute it; its facts say what must hold whatever the rows are. Facts
belong to columns by identity, so a column that is computed anew never inherits another's facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from gateway.policy.catalog import Table
from gateway.policy.model import Auto
from gateway.privacy.domains import ANYTHING, Domain
from gateway.sql.expressions import Column, Expr
from gateway.sql.types import Scalar, Type


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a column: `domain` of its values but NULL (Members may list NULL).

    `domain` is what the policy declares: a row may hold other values, which are clamped at an
    aggregate's input or left out of a grouping. `step` is the granularity of fractional values,
    `max_total` the bound on the norm of one owner's sums, declared or left to an estimate.
    `estimates` are the private estimates from which `domain` comes, by their SQL.
    """

    domain: Domain = ANYTHING
    nullable: bool = True
    step: Fraction | None = None
    max_total: Fraction | Auto | None = None
    estimates: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """The rows of a table; `columns` are the ones that are read."""

    table: Table
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """Rows that earlier releases of the same question gave, and public ones: no protected row.

    `token` stands for the table in the statement; no text of an analyst can hold it.
    """

    token: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """The rows of `source` for which `condition` is true."""

    source: Tree
    condition: Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class Compute:
    """`source` with further columns, each an expression over its row."""

    source: Tree
    items: tuple[tuple[Column, Expr], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """Pairs of rows for which `condition` is true; with `outer`, also left rows without a pair."""

    left: Tree
    right: Tree
    condition: Expr
    outer: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """An exact aggregate over one owner's rows: count, count_distinct, sum, avg, min or max.

    `value` is what is aggregated, None for COUNT(*). Sums and averages are of whole `step`s.
    """

    kind: str
    value: Expr | None
    type: Type
    step: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One row per combination of `keys`, the owner always among them, with summaries."""

    source: Tree
    keys: tuple[tuple[Column, Expr], ...]
    items: tuple[tuple[Column, Summary], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """The rows of two sides, one after the other; each column stands for one of either side."""

    left: Tree
    right: Tree
    columns: tuple[tuple[Column, Column, Column], ...]


@dataclass(frozen=True, slots=True)
class Ordering:
    """One expression of an ORDER BY."""

    value: Expr
    descending: bool = False
    nulls_first: bool = False


@dataclass(frozen=True, slots=True)
class FrameEnd:
    """Where a frame begins or ends: `side` is PRECEDING, CURRENT ROW or FOLLOWING; `amount` counts
    rows, groups of peers, or units of the ordering (microseconds for time); None: unbounded."""

    side: str
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """The rows of a partition that a window function reads: `mode` is ROWS, RANGE or GROUPS."""

    mode: str
    start: FrameEnd
    end: FrameEnd


@dataclass(frozen=True, slots=True)
class Over:
    """A window function over the rows of a partition, which holds rows of one owner alone.

    `function` is its name, with `arguments`; where it is an aggregate, `summary` says which.
    """

    function: str
    arguments: tuple[Expr, ...]
    summary: Summary | None
    partition: tuple[Expr, ...]
    order: tuple[Ordering, ...]
    frame: Frame | None
    type: Type


@dataclass(frozen=True, slots=True, kw_only=True)
class Windowed:
    """`source` with further columns, each a window function over the rows of one owner."""

    source: Tree
    items: tuple[tuple[Column, Over], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Constants:
    """Rows that the question itself writes down."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Scalar, ...], ...]

    def of(self, names: Sequence[str]) -> tuple[tuple[Scalar, ...], ...]:
        """The rows, of the columns with these names."""
        places = [[column.name for column in self.columns].index(name) for name in names]
        return tuple(tuple(row[place] for place in places) for row in self.rows)


Tree = Scan | Constants | Released | Filter | Compute | Join | Group | Both | Windowed


KeyName = tuple[str, tuple[str, ...]]
"""A protected table and the columns of its key, in order of name; or `OWNER`."""
OWNER: KeyName = ("", ())
"""What stands for the owner itself: a column that holds it decides it."""


Determinant = tuple[KeyName, tuple[Column, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A tree with its visible columns, its owner and its facts.

    `visible`   the names that SQL sees, each with its column
    `owner`     the column that names each row's owner; None for public relations
    `facts`     by column
    `keys`      sets of columns in which no two rows agree
    `by_owner`  columns whose value the owner alone determines
    `conditions` boolean expressions that hold (are true) for every row
    `scans`     the public tables whose every row-wise combination of values is public, by column
    `definitions` the expression of each computed column
    `determinants` columns that decide the owner: columns equal to it, under the name `OWNER`; or
                the key of a protected table, by the table's name and key columns
    `optional`  the same of the side that an outer join may leave without a row: where its columns
                are not NULL they decide the owner, and where they are NULL they say nothing
    `max_rows`, `max_groups`  the policy's bounds; None where it says `auto`
    `tables`    names of the protected tables below, for messages
    """

    tree: Tree
    visible: tuple[tuple[str, Column], ...]
    owner: Column | None
    facts: Mapping[Column, Facts]
    keys: tuple[frozenset[Column], ...] = ()
    by_owner: frozenset[Column] = frozenset()
    conditions: tuple[Expr, ...] = ()
    scans: Mapping[Column, PublicScan] = field(default_factory=dict)
    definitions: Mapping[Column, Expr] = field(default_factory=dict)
    determinants: tuple[Determinant, ...] = ()
    optional: tuple[Determinant, ...] = ()
    max_rows: int | None = None
    max_groups: int | None = None
    tables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicScan:
    """One reading of public rows; their columns take values together, as the rows have them.

    With `outer`, all of them may also be NULL together.
    """

    number: int
    source: Table | Constants
    outer: bool = False
