"""FROM and WHERE to one relation whose every row has one owner.

Claim: each row of a relation with owner o depends only on the rows of o's own in the protected
tables, and on public rows. So taking one owner's rows out of the database takes exactly the rows
with that owner out of the relation. By induction over the tree: a scan's row is its owner's; a
filter or computed column reads one row; a join with a public table multiplies an owner's rows
alone. (PRIVACY promise, "who owns a row". Tests: tests/neighbours.)
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from gateway.errors import Code, Refusal
from gateway.policy.catalog import Table
from gateway.policy.model import Through
from gateway.privacy.known import domain_of, narrowed, nullable, step_of, total_of
from gateway.privacy.relation import (
    Compute,
    Facts,
    Filter,
    Join,
    PublicScan,
    Relation,
    Scan,
)
from gateway.sql.expressions import Call, Column, Expr, Ref, columns_of, conjuncts
from gateway.sql.types import Type


class Numbers:
    """Gives out column numbers, so that no two columns of one question are the same."""

    def __init__(self) -> None:
        self._next = itertools.count(1)

    def column(self, name: str, kind: Type) -> Column:
        """A new column."""
        return Column(next(self._next), name, kind)

    def scan(self) -> int:
        """A new number for the reading of a public table."""
        return next(self._next)


def scan(table: Table, numbers: Numbers) -> Relation:
    """A table of the catalog as a relation: protected with its owner, or public."""
    if isinstance(table.unit, Through):
        raise Refusal(
            Code.UNSUPPORTED_SQL,
            f'The owner of rows of "{table.name}" is found through "{table.unit.table}", '
            "which this version does not answer yet.",
            f'Ask about "{table.unit.table}", or about a table that names its owner itself.',
        )
    columns = {name: numbers.column(name, known.type) for name, known in table.columns.items()}
    facts = {
        columns[name]: Facts(
            domain=known.domain,
            nullable=known.nullable,
            step=known.step,
            max_total=known.max_total,
        )
        for name, known in table.columns.items()
    }
    visible = tuple((name, columns[name]) for name, known in table.columns.items() if known.usable)
    key = frozenset(columns[name] for name in table.key if name in columns)
    keys = (key,) if key and len(key) == len(table.key) else ()
    owner = columns[table.unit] if isinstance(table.unit, str) else None
    by_owner: frozenset[Column] = frozenset([owner]) if owner else frozenset()
    if owner and frozenset([owner]) in keys:
        by_owner = frozenset(columns.values())
    public = PublicScan(number=numbers.scan(), table=table)
    return Relation(
        tree=Scan(table=table, columns=tuple(columns.values())),
        visible=visible,
        owner=owner,
        facts=facts,
        keys=keys,
        by_owner=by_owner,
        scans={} if owner else dict.fromkeys(columns.values(), public),
        max_rows=table.max_rows,
        max_groups=table.max_groups,
        tables=(table.name,) if owner else (),
    )


def filtered(relation: Relation, condition: Expr) -> Relation:
    """The rows for which a condition is true."""
    return replace(
        relation,
        tree=Filter(source=relation.tree, condition=condition),
        facts=narrowed(relation.facts, condition),
        conditions=(*relation.conditions, *conjuncts(condition)),
    )


def computed(relation: Relation, items: tuple[tuple[str, Expr], ...], numbers: Numbers) -> Relation:
    """The relation that shows these named expressions and nothing else.

    A bare column keeps its identity and so its facts; anything else is a new column.
    """
    made: list[tuple[Column, Expr]] = []
    visible: list[tuple[str, Column]] = []
    facts = dict(relation.facts)
    by_owner = set(relation.by_owner)
    for name, expr in items:
        if isinstance(expr, Ref):
            visible.append((name, expr.column))
            continue
        column = numbers.column(name, expr.type)
        facts[column] = Facts(
            domain=domain_of(expr, relation.facts),
            nullable=nullable(expr, relation.facts),
            step=step_of(expr, relation.facts),
            max_total=total_of(expr, relation.facts),
        )
        if all(part in relation.by_owner for part in columns_of(expr)):
            by_owner.add(column)
        made.append((column, expr))
        visible.append((name, column))
    tree = Compute(source=relation.tree, items=tuple(made)) if made else relation.tree
    return replace(
        relation,
        tree=tree,
        visible=tuple(visible),
        facts=facts,
        by_owner=frozenset(by_owner),
        definitions={**relation.definitions, **dict(made)},
    )


def joined(left: Relation, right: Relation, condition: Expr, *, outer: bool) -> Relation:
    """Pairs of rows of two relations of which at most one is protected.

    With `outer`, `left` keeps the rows that find no pair. A public row that finds none would
    appear or vanish with other owners' rows, so the protected side is never the optional one.

    A key of the left side stays a key where the right side's key is matched: each left row then
    meets at most one right row.
    """
    owned = left if left.owner else right
    matched = _matched_columns(condition, right)
    one_to_one = any(key <= matched for key in right.keys)
    other = _matched_columns(condition, left)
    one_from_left = any(key <= other for key in left.keys)
    keys: tuple[frozenset[Column], ...] = ()
    if one_to_one:
        keys += left.keys
    if one_from_left and not outer:
        keys += right.keys
    facts = {**left.facts, **right.facts}
    scans = {**left.scans, **right.scans}
    by_owner = set(left.by_owner | right.by_owner)
    if one_to_one and owned is left and _decided(condition, right, left.by_owner):
        by_owner |= set(right.facts)
    conditions = left.conditions
    if outer:
        for column in right.facts:
            facts[column] = replace(right.facts[column], nullable=True)
        for column, public in right.scans.items():
            scans[column] = replace(public, outer=True)
    else:
        facts = narrowed(facts, condition)
        conditions = (*left.conditions, *right.conditions, *conjuncts(condition))
    return Relation(
        tree=Join(left=left.tree, right=right.tree, condition=condition, outer=outer),
        visible=(*left.visible, *right.visible),
        owner=owned.owner,
        facts=facts,
        keys=keys,
        by_owner=frozenset(by_owner),
        conditions=conditions,
        scans=scans,
        definitions={**left.definitions, **right.definitions},
        max_rows=owned.max_rows,
        max_groups=owned.max_groups,
        tables=owned.tables,
    )


def _equalities(condition: Expr) -> Iterator[tuple[Column, Column]]:
    for part in conjuncts(condition):
        if isinstance(part, Call) and part.function == "eq":
            a, b = part.arguments
            if isinstance(a, Ref) and isinstance(b, Ref):
                yield a.column, b.column
                yield b.column, a.column


def _matched_columns(condition: Expr, side: Relation) -> frozenset[Column]:
    """Columns of one side that the condition equates with columns of the other."""
    return frozenset(
        a for a, b in _equalities(condition) if a in side.facts and b not in side.facts
    )


def _decided(condition: Expr, right: Relation, by_owner: frozenset[Column]) -> bool:
    """Whether the owner decides which right row is met, and the condition asks nothing else."""
    decided = frozenset(a for a, b in _equalities(condition) if a in right.facts and b in by_owner)
    return any(key <= decided for key in right.keys) and all(
        column in right.facts or column in by_owner for column in columns_of(condition)
    )
