"""Joins of relations: with public tables, and of protected ones on their owner.

Claim: where both sides are protected, every pair has one owner, for the join itself asks for equal
owners (`owners` below adds that condition). A join is only accepted where the analyst's condition
implies it, so that adding it changes nothing: the condition equates columns that hold the owner, or
columns that determine the owner on both sides (two lines of one order). A row that an outer join
keeps for want of a partner depends on rows of its own owner alone. (PRIVACY promise, "who owns a
row".)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gateway.privacy.known import narrowed
from gateway.privacy.relation import Join, Relation
from gateway.sql.expressions import Call, Column, Expr, Ref, columns_of, conjuncts
from gateway.sql.functions.logic import compared_as_they_are
from gateway.sql.types import BOOLEAN


def owners_equal(left: Relation, right: Relation, condition: Expr) -> bool:
    """Whether a condition on two protected relations implies that both rows have one owner.

    Columns of a side that an outer join left without a row are NULL, and equal nothing: where the
    condition holds there is a row, and it is the owner's.
    """
    pairs = set(_equalities(condition))
    return any(
        name == other and all(pair in pairs for pair in zip(columns, others, strict=True))
        for name, columns in (*left.determinants, *left.optional)
        for other, others in (*right.determinants, *right.optional)
    )


def joined(left: Relation, right: Relation, condition: Expr, *, outer: bool) -> Relation:
    """Pairs of rows of two relations.

    Both may be protected where `owners_equal`; equality of their owners is then part of what is
    sent to the engine. With `outer`, `left` keeps the rows that find no pair, and must be protected
    if `right` is: a public row without a pair would appear or vanish with other owners' rows.

    A key of the left side stays a key where the right side's key is matched: each left row then
    meets at most one right row.
    """
    owned = left if left.owner else right
    if left.owner and right.owner:
        same = Call("eq", (Ref(left.owner), Ref(right.owner)), BOOLEAN)
        condition = Call("and", (condition, same), BOOLEAN)
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
    # Where a row finds no pair its right columns are NULL, whatever its owner's other rows have.
    by_owner = set(left.by_owner if outer else left.by_owner | right.by_owner)
    if one_to_one and left.owner and _decided(condition, right, left.by_owner):
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
        definitions=left.definitions if outer else {**left.definitions, **right.definitions},
        determinants=left.determinants if outer else (*left.determinants, *right.determinants),
        optional=(*left.optional, *right.optional, *(right.determinants if outer else ())),
        max_rows=_rows_of(left, right, one_to_one, one_from_left and not outer),
        max_groups=_groups_of(left, right),
        tables=tuple(dict.fromkeys((*left.tables, *right.tables))),
    )


def _rows_of(left: Relation, right: Relation, to_one: bool, from_one: bool) -> int | None:
    """The bound on an owner's rows per group: of the side whose rows are not multiplied, or the
    product. It bounds by weights, so any number is sound; this one loses least."""
    if not left.owner or not right.owner:
        return left.max_rows if left.owner else right.max_rows
    if to_one:
        return left.max_rows
    if from_one:
        return right.max_rows
    known = left.max_rows is not None and right.max_rows is not None
    return (left.max_rows or 0) * (right.max_rows or 0) if known else None


def _groups_of(left: Relation, right: Relation) -> int | None:
    sides = [side.max_groups for side in (left, right) if side.owner]
    known = [groups for groups in sides if groups is not None]
    return max(known) if known and len(known) == len(sides) else None


def _equalities(condition: Expr) -> Iterator[tuple[Column, Column]]:
    """The pairs of columns whose values are one where a condition is true.

    Claim: a value on one side equals at most one value on the other, so that a row meets at most
    one row of a key. Test: tests/neighbours/test_key_types.py.
    """
    for part in conjuncts(condition):
        if isinstance(part, Call) and part.function == "eq":
            a, b = part.arguments
            if isinstance(a, Ref) and isinstance(b, Ref) and compared_as_they_are(a.type, b.type):
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
