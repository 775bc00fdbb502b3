"""Typed scalar expressions: what is left of the analyst's text after the allow-list.

A tree of these nodes is the only thing from which SQL for protected rows is written, so what
has no node here, or no row in the table of functions, cannot reach an engine. Columns are told
apart by identity, never by name: redefining a column under its old name makes another column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gateway.sql.types import BOOLEAN, Scalar, Type

if TYPE_CHECKING:
    from gateway.privacy.relation import Facts, Summary, Tree


@dataclass(frozen=True, slots=True)
class Column:
    """A column of one relation in one question. `number` is unique within the question."""

    number: int
    name: str = field(compare=False)
    type: Type = field(compare=False)

    @property
    def label(self) -> str:
        """Its name in generated SQL."""
        return f"c{self.number}"


@dataclass(frozen=True, slots=True)
class Ref:
    """The value of a column."""

    column: Column

    @property
    def type(self) -> Type:
        """The column's type."""
        return self.column.type


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant. Intervals are text such as `1 months 0 days 0 microseconds`."""

    value: Scalar
    type: Type


@dataclass(frozen=True, slots=True)
class Call:
    """A function or operator of the table in `sql.functions`, applied."""

    function: str
    arguments: tuple[Expr, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Case:
    """CASE WHEN condition THEN value … ELSE default END; conditions are boolean."""

    branches: tuple[tuple[Expr, Expr], ...]
    default: Expr
    type: Type


@dataclass(frozen=True, slots=True)
class Within:
    """Whether a row of a relation meets a condition: EXISTS, or with `value` the test `value IN`.

    `tree` computes the relation, `inner` are its columns, `item` what IN compares with. The
    condition reads columns of both sides. NULLs count as SQL counts them in IN.
    """

    tree: Tree
    inner: frozenset[Column]
    condition: Expr
    value: Expr | None
    item: Expr | None

    @property
    def type(self) -> Type:
        """Boolean."""
        return BOOLEAN


@dataclass(frozen=True, slots=True)
class Correlated:
    """One aggregate over the rows of a relation that meet a condition: a scalar subquery.

    `tree` computes the relation, `inner` are its columns; the condition and what is aggregated
    read columns of both sides. `facts` is what is known of the value.
    """

    tree: Tree
    inner: frozenset[Column]
    condition: Expr
    summary: Summary
    facts: Facts

    @property
    def type(self) -> Type:
        """The aggregate's."""
        return self.summary.type


@dataclass(frozen=True, slots=True)
class Given:
    """A value that an earlier release of the same question gives: constant when rows are read.

    `token` stands for it in the statement; no text of an analyst can hold it. With `keys` it is
    the value that a released table holds for these, NULL where it holds none.
    """

    token: str
    type: Type
    keys: tuple[Expr, ...] = ()


Expr = Ref | Literal | Call | Case | Within | Correlated | Given


def children(expr: Expr) -> tuple[Expr, ...]:
    """The direct parts of an expression, in order."""
    if isinstance(expr, Call):
        return expr.arguments
    if isinstance(expr, Case):
        return (*(part for branch in expr.branches for part in branch), expr.default)
    if isinstance(expr, Given):
        return expr.keys
    if isinstance(expr, Within):
        return tuple(p for p in (expr.value, expr.item, expr.condition) if p is not None)
    if isinstance(expr, Correlated):
        return tuple(p for p in (expr.summary.value, expr.condition) if p is not None)
    return ()


def columns_of(expr: Expr) -> Iterator[Column]:
    """Every column that an expression reads, with repeats."""
    if isinstance(expr, Ref):
        yield expr.column
    for part in children(expr):
        yield from columns_of(part)


def parts_of(expr: Expr) -> Iterator[Expr]:
    """An expression and all its parts."""
    yield expr
    for part in children(expr):
        yield from parts_of(part)


def conjuncts(expr: Expr) -> Iterator[Expr]:
    """The parts of an expression that AND joins."""
    if isinstance(expr, Call) and expr.function == "and":
        for part in expr.arguments:
            yield from conjuncts(part)
    else:
        yield expr


def map_columns(expr: Expr, change: Callable[[Column], Expr]) -> Expr:
    """The same expression with every column replaced by an expression."""
    if isinstance(expr, Ref):
        return change(expr.column)
    if isinstance(expr, Call):
        parts = tuple(map_columns(part, change) for part in expr.arguments)
        return Call(expr.function, parts, expr.type)
    if isinstance(expr, Case):
        branches = tuple(
            (map_columns(condition, change), map_columns(value, change))
            for condition, value in expr.branches
        )
        return Case(branches, map_columns(expr.default, change), expr.type)
    if isinstance(expr, Given):
        return Given(expr.token, expr.type, tuple(map_columns(key, change) for key in expr.keys))
    if isinstance(expr, (Within, Correlated)):
        return _map_subquery(expr, change)
    return expr


def _map_subquery(expr: Within | Correlated, change: Callable[[Column], Expr]) -> Expr:
    """The columns of the inner relation are its own, and stay."""

    def outside(column: Column) -> Expr:
        return Ref(column) if column in expr.inner else change(column)

    if isinstance(expr, Correlated):
        value = expr.summary.value
        mapped = map_columns(value, outside) if value is not None else None
        return replace(
            expr,
            condition=map_columns(expr.condition, outside),
            summary=replace(expr.summary, value=mapped),
        )
    return Within(
        tree=expr.tree,
        inner=expr.inner,
        condition=map_columns(expr.condition, outside),
        value=map_columns(expr.value, change) if expr.value is not None else None,
        item=expr.item,
    )
