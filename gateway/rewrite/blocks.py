"""Relations to FROM and WHERE. Names depend on the tree's shape alone, so that the same relation
is written the same way in every question, whatever the analyst called things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gateway.errors import Code, Refusal
from gateway.privacy.relation import (
    Both,
    Compute,
    Constants,
    Filter,
    Group,
    Join,
    Released,
    Scan,
    Tree,
    Windowed,
)
from gateway.rewrite.dialects import DIALECTS
from gateway.rewrite.dialects.base import Dialect
from gateway.rewrite.expressions import write
from gateway.rewrite.summaries import summarised
from gateway.rewrite.windows import counted, windowed
from gateway.sql.expressions import Call, Column, Literal, Ref, conjuncts
from gateway.sql.types import Type

MOST_TEXT = 50_000
"""Characters of one computed column: columns that use one another are written out in full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """FROM and WHERE of one SELECT, and how each column is written in it.

    `tables` counts the aliases given out so far, so that every alias is new.
    """

    source: str
    conditions: tuple[str, ...]
    names: Mapping[Column, str]
    tables: int

    @property
    def text(self) -> str:
        """`FROM … WHERE …`."""
        where = f" WHERE {' AND '.join(self.conditions)}" if self.conditions else ""
        return f"FROM {self.source}{where}"


def block(tree: Tree, dialect: str, tables: int = 0) -> Block:
    """A tree as one block; `tables` is where the numbering of aliases starts."""
    match tree:
        case Scan():
            alias = f"t{tables + 1}"
            ways, stored = DIALECTS[dialect], tree.table.columns
            table = ".".join(ways.quoted(part) for part in tree.table.source)
            names = {
                column: ways.stored(f"{alias}.{ways.quoted(column.name)}", stored[column.name].read)
                for column in tree.columns
            }
            return Block(
                source=f"{table} AS {alias}", conditions=(), names=names, tables=tables + 1
            )
        case Constants() | Released():
            return _listed(tree, DIALECTS[dialect], tables)
        case Filter():
            inner = block(tree.source, dialect, tables)
            condition = write(tree.condition, inner.names, dialect)
            return replace(inner, conditions=(*inner.conditions, condition))
        case Compute():
            inner = block(tree.source, dialect, tables)
            written = {column: write(expr, inner.names, dialect) for column, expr in tree.items}
            if any(len(text) > MOST_TEXT for text in written.values()):
                raise Refusal(
                    Code.UNSUPPORTED_SQL,
                    "An expression over protected rows grows too large when it is written out.",
                    "Use computed columns within one another less often.",
                )
            return replace(inner, names={**inner.names, **written})
        case Group():
            return _grouped(tree, dialect, tables)
        case Both():
            return _both(tree, dialect, tables)
        case Windowed():
            return _windowed(tree, dialect, tables)
        case Join():
            return _joined(tree, dialect, tables)


def _joined(tree: Join, dialect: str, tables: int) -> Block:
    left = block(tree.left, dialect, tables)
    right = block(tree.right, dialect, left.tables)
    kind = "LEFT JOIN" if tree.outer else "JOIN"
    right_source, right_names, seen = _optional(right, dialect) if tree.outer else _plain(right)
    names = {**left.names, **right_names}
    on, conditions = _on(tree, names, dialect), left.conditions
    if not tree.outer:
        # Spark takes no subquery in ON. Of an inner join WHERE says the same.
        asking = [part for part in on if "(SELECT " in part]
        on = [part for part in on if part not in asking]
        conditions = (*left.conditions, *right.conditions, *asking)
    joined = f"{left.source} {kind} {right_source} ON {' AND '.join(on) or 'TRUE'}"
    return Block(source=joined, conditions=conditions, names=names, tables=seen)


def _on(tree: Join, names: Mapping[Column, str], dialect: str) -> list[str]:
    """The condition of a join, in the parts that AND joins where one of them has a subquery."""
    whole = write(tree.condition, names, dialect)
    if "(SELECT " not in whole:
        return [whole]
    return [write(part, names, dialect) for part in conjuncts(tree.condition)]


def _values(tree: Constants, dialect: Dialect) -> str:
    rows = [
        [
            dialect.constant(Literal(value, c.type))
            for value, c in zip(row, tree.columns, strict=True)
        ]
        for row in tree.rows
    ]
    return f"(VALUES {', '.join('(' + ', '.join(row) + ')' for row in rows)})"


def _listed(tree: Constants | Released, dialect: Dialect, tables: int) -> Block:
    """A table of constants, or what stands for one until the statement runs, each column cast to
    its type."""
    rows = _values(tree, dialect) if isinstance(tree, Constants) else tree.token
    alias = f"t{tables + 1}"
    labels = [dialect.quoted(f"c{index}") for index in range(len(tree.columns))]
    items = [
        f"CAST({label} AS {dialect.type_name(column.type)}) AS {label}"
        for label, column in zip(labels, tree.columns, strict=True)
    ]
    source = f"(SELECT {', '.join(items)} FROM {rows} AS v({', '.join(labels)})) AS {alias}"
    names = {column: f"{alias}.{label}" for column, label in zip(tree.columns, labels, strict=True)}
    return Block(source=source, conditions=(), names=names, tables=tables + 1)


def _grouped(tree: Group, dialect: str, tables: int) -> Block:
    inner = block(tree.source, dialect, tables)
    alias = f"t{inner.tables + 1}"
    written = [(column, write(key, inner.names, dialect)) for column, key in tree.keys]
    written += [(column, summarised(s, inner.names, dialect)) for column, s in tree.items]
    items, names = _labelled(written, alias, dialect)
    positions = ", ".join(str(i + 1) for i in range(len(tree.keys)))
    body = f"SELECT {', '.join(items)} {inner.text} GROUP BY {positions}"
    return Block(source=f"({body}) AS {alias}", conditions=(), names=names, tables=inner.tables + 1)


def _windowed(tree: Windowed, dialect: str, tables: int) -> Block:
    """A subquery, so that conditions on the result apply after the window has seen every row."""
    inner = block(tree.source, dialect, tables)
    shown, items = [*inner.names], [*tree.items]
    if not DIALECTS[dialect].frames_by_groups:
        ranks, items = counted(tree.items)
        if ranks:
            written = [(rank, windowed(over, inner.names, dialect)) for rank, over in ranks]
            inner = _subquery([*inner.names.items(), *written], inner, dialect)
    written = [(column, inner.names[column]) for column in shown]
    written += [(column, windowed(over, inner.names, dialect)) for column, over in items]
    return _subquery(written, inner, dialect)


def _both(tree: Both, dialect: str, tables: int) -> Block:
    left = block(tree.left, dialect, tables)
    right = block(tree.right, dialect, left.tables)
    alias = f"t{right.tables + 1}"
    first, second, names = [], [], {}
    for index, (column, a, b) in enumerate(tree.columns):
        label = DIALECTS[dialect].quoted(f"c{index}")
        first.append(f"{_of_type(a, column.type, left.names, dialect)} AS {label}")
        second.append(f"{_of_type(b, column.type, right.names, dialect)} AS {label}")
        names[column] = f"{alias}.{label}"
    body = (
        f"SELECT {', '.join(first)} {left.text} UNION ALL SELECT {', '.join(second)} {right.text}"
    )
    return Block(source=f"({body}) AS {alias}", conditions=(), names=names, tables=right.tables + 1)


def _of_type(column: Column, kind: Type, names: Mapping[Column, str], dialect: str) -> str:
    """A column as a type that holds all of its values, by the cast that never fails: engines' own
    casts do, of a date beyond the last timestamp."""
    if column.type == kind:
        return f"CAST({names[column]} AS {DIALECTS[dialect].type_name(kind)})"
    return write(Call("cast", (Ref(column),), kind), names, dialect)


def _plain(right: Block) -> tuple[str, Mapping[Column, str], int]:
    source = right.source if " JOIN " not in right.source else f"({right.source})"
    return source, right.names, right.tables


def _optional(right: Block, dialect: str) -> tuple[str, Mapping[Column, str], int]:
    """The right side of a LEFT JOIN as a subquery, so that its own conditions apply before."""
    made = _subquery([*right.names.items()], right, dialect)
    return made.source, made.names, made.tables


def _subquery(written: Sequence[tuple[Column, str]], inner: Block, dialect: str) -> Block:
    """A block as one table of its own, with these columns."""
    alias = f"t{inner.tables + 1}"
    items, names = _labelled(written, alias, dialect)
    source = f"(SELECT {', '.join(items)} {inner.text}) AS {alias}"
    return Block(source=source, conditions=(), names=names, tables=inner.tables + 1)


def _labelled(
    written: Sequence[tuple[Column, str]], alias: str, dialect: str
) -> tuple[list[str], dict[Column, str]]:
    """A subquery's columns, and how each is named outside of it."""
    labels = [DIALECTS[dialect].quoted(f"c{index}") for index in range(len(written))]
    pairs = [*zip(written, labels, strict=True)]
    items = [f"{text} AS {label}" for (_, text), label in pairs]
    return items, {column: f"{alias}.{label}" for (column, _), label in pairs}
