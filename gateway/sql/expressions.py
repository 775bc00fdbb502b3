"""Typed scalar expressions: what is left of the analyst's text after the allow-list.

A tree of these four nodes is the only thing from which SQL for protected rows is written, so what
has no node here, or no row in the table of functions, cannot reach an engine. Columns are told
apart by identity, never by name: redefining a column under its old name makes another column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from gateway.sql.types import Scalar, Type


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


Expr = Ref | Literal | Call | Case


def children(expr: Expr) -> tuple[Expr, ...]:
    """The direct parts of an expression, in order."""
    if isinstance(expr, Call):
        return expr.arguments
    if isinstance(expr, Case):
        return (*(part for branch in expr.branches for part in branch), expr.default)
    return ()


def columns_of(expr: Expr) -> Iterator[Column]:
    """Every column that an expression reads, with repeats."""
    if isinstance(expr, Ref):
        yield expr.column
    for part in children(expr):
        yield from columns_of(part)


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
    return expr
