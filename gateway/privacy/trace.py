"""FROM and WHERE to one relation whose every row has one owner.

Claim: each row of a relation with owner o depends only on the rows of o's own in the protected
tables, and on public rows. So taking one owner's rows out of the database takes exactly the rows
with that owner out of the relation. By induction over the tree: a scan's row is its owner's; a
filter or computed column reads one row; a join with a public table multiplies an owner's rows
alone. (PRIVACY promise, "who owns a row". Tests: tests/neighbours.)
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import replace

from gateway.policy.catalog import Table
from gateway.policy.model import Auto, Through
from gateway.privacy.known import (
    domain_of,
    estimates_of,
    narrowed,
    nullable,
    step_of,
    summed_column,
    total_of,
)
from gateway.privacy.relation import (
    OWNER,
    Compute,
    Facts,
    Filter,
    Join,
    KeyName,
    PublicScan,
    Relation,
    Scan,
)
from gateway.sql.expressions import Call, Column, Expr, Literal, Ref, columns_of, conjuncts
from gateway.sql.types import BOOLEAN, Type

TRUE = Literal(True, BOOLEAN)


def all_of(conditions: Iterable[Expr]) -> Expr:
    """Conditions joined by AND; TRUE where there are none."""
    parts = tuple(conditions)
    if not parts:
        return TRUE
    return parts[0] if len(parts) == 1 else Call("and", parts, BOOLEAN)


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


def scan(table: Table, tables: Mapping[str, Table], numbers: Numbers) -> Relation:
    """A table of the catalog as a relation: protected with its owner, or public.

    Where rows belong to the owner of a row they reference, that row is joined to them; where the
    reference is to the unit column itself, the referencing column already names the owner.
    """
    columns = {name: numbers.column(name, known.type) for name, known in table.columns.items()}
    own = _own_rows(table, columns, numbers)
    unit = table.unit
    if not isinstance(unit, Through):
        return own
    target = tables[unit.table]
    pairs = sorted((theirs, ours) for ours, theirs in unit.on.items())
    references = tuple(columns[ours] for _, ours in pairs)
    targets = tuple(theirs for theirs, _ in pairs)
    decided = ((target.name, targets), references)
    if targets == (target.unit,):
        return replace(
            own,
            owner=references[0],
            by_owner=frozenset(references),
            determinants=((OWNER, references), decided, *own.determinants),
        )
    parent = scan(target, tables, numbers)
    by_name = {column.name: column for column in parent.facts if column.name in target.columns}
    condition = all_of(
        Call("eq", (Ref(a), Ref(by_name[b])), BOOLEAN)
        for a, b in zip(references, targets, strict=True)
    )
    return replace(
        own,
        tree=Join(left=own.tree, right=parent.tree, condition=condition, outer=False),
        owner=parent.owner,
        facts={**parent.facts, **own.facts},
        by_owner=parent.by_owner,
        determinants=(*own.determinants, decided, *parent.determinants),
    )


def _own_rows(table: Table, columns: Mapping[str, Column], numbers: Numbers) -> Relation:
    """A table's rows as its own columns tell of them."""
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
    key = tuple(columns[name] for name in sorted(table.key) if name in columns)
    whole_key = bool(key) and len(key) == len(table.key)
    keys = (frozenset(key),) if whole_key else ()
    owner = columns[table.unit] if isinstance(table.unit, str) else None
    by_owner: frozenset[Column] = frozenset([owner]) if owner else frozenset()
    if owner and frozenset([owner]) in keys:
        by_owner = frozenset(columns.values())
    public = PublicScan(number=numbers.scan(), source=table)
    determinants: list[tuple[KeyName, tuple[Column, ...]]] = [(OWNER, (owner,))] if owner else []
    if whole_key and not table.public:
        determinants.append(((table.name, tuple(sorted(table.key))), key))
    return Relation(
        tree=Scan(table=table, columns=tuple(columns.values())),
        visible=visible,
        owner=owner,
        facts=facts,
        keys=keys,
        by_owner=by_owner,
        scans=dict.fromkeys(columns.values(), public) if table.public else {},
        determinants=tuple(determinants),
        max_rows=table.max_rows,
        max_groups=table.max_groups,
        tables=() if table.public else (table.name,),
    )


def filtered(relation: Relation, condition: Expr) -> Relation:
    """The rows for which a condition is true."""
    keys = _shorter_keys(relation.keys, condition)
    single = relation.owner is not None and any(key <= {relation.owner} for key in keys)
    facts = narrowed(relation.facts, condition)
    return replace(
        relation,
        tree=Filter(source=relation.tree, condition=condition),
        facts=facts,
        keys=keys,
        by_owner=frozenset(facts) if single else relation.by_owner,
        conditions=(*relation.conditions, *conjuncts(condition)),
    )


def _shorter_keys(
    keys: tuple[frozenset[Column], ...], condition: Expr
) -> tuple[frozenset[Column], ...]:
    """Keys of the rows for which a condition is true.

    Claim: where it fixes a column of a key to a constant, the rest of the key is a key: two rows
    that agree in the rest agree in the whole. So of rows numbered within their owner those with
    number 1 are one for each owner. The constant must be of the column's own kind: several whole
    numbers can equal one floating-point number. Test: tests/neighbours (the first rows of the
    corpus).
    """
    fixed = {
        side.column
        for part in conjuncts(condition)
        if isinstance(part, Call) and part.function == "eq"
        for side, other in (part.arguments, part.arguments[::-1])
        if isinstance(side, Ref)
        and isinstance(other, Literal)
        and side.type.kind is other.type.kind
    }
    return tuple(dict.fromkeys((*keys, *(key - fixed for key in keys))))


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
            max_total=Auto.AUTO
            if summed_column(expr, relation.facts)
            else total_of(expr, relation.facts),
            estimates=estimates_of(expr, relation.facts),
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
