"""How many rows each owner has before the analyst's conditions: what an engine may keep.

Only owners with more rows than C can need a weight, and a condition only takes rows away. So the
owners who may need one under any condition are known from the tables alone, and an engine that
keeps them until the data change need not group all rows by owner for every question.
"""

from __future__ import annotations

from collections.abc import Iterator

from gateway.privacy.relation import Compute, Filter, Join, Relation, Scan, Tree
from gateway.privacy.trace import all_of
from gateway.rewrite.blocks import block
from gateway.rewrite.expressions import write
from gateway.sql.expressions import Call, Column, Expr, Ref, columns_of, conjuncts


def totals(relation: Relation, limit: int, dialect: str) -> str | None:
    """A SELECT of owners `u` and their `n` rows, of all that have more than `limit` and of others
    that have more than half as many; None where no such relation is found.

    Claim: for each owner n is at least its number of rows in `relation` (`widest`). The limit is
    rounded down to a power of two, so that few SELECTs serve many questions. Tests:
    tests/tpch/test_kept.py, tests/neighbours.
    """
    tree = None if relation.owner is None else widest(relation.tree)
    if tree is None or relation.owner not in set(_columns(tree)):
        return None
    source = block(tree, dialect)
    owner = write(Ref(relation.owner), source.names, dialect)
    conditions = " AND ".join([*source.conditions, f"{owner} IS NOT NULL"])
    floor = 1 << (limit.bit_length() - 1) if limit else 0
    return (
        f"SELECT {owner} AS u, COUNT(*) AS n FROM {source.source} WHERE {conditions} "
        f"GROUP BY {owner} HAVING COUNT(*) > {floor}"
    )


def widest(tree: Tree) -> Tree | None:
    """A tree of which each row of this one is a row, or comes from one that no other comes from.

    Claim: there is a map from this tree's rows to the other's that takes no two to the same and
    keeps every column that both have. Conditions and computed columns are left out, which adds rows
    or leaves them; so is a public table that a row is joined to by its key, for a row has one
    partner there at most. None for trees of other kinds.
    """
    match tree:
        case Scan():
            return tree
        case Filter() | Compute():
            return widest(tree.source)
        case Join():
            return _join(tree)
        case _:
            return None


def _join(tree: Join) -> Tree | None:
    if _one_public(tree.right, tree.condition):
        return widest(tree.left)
    if not tree.outer and _one_public(tree.left, tree.condition):
        return widest(tree.right)
    left, right = widest(tree.left), widest(tree.right)
    if left is None or right is None:
        return None
    kept = [part for part in conjuncts(tree.condition) if _equates(part, left, right)]
    if not kept:
        return None  # all pairs of rows would be counted
    return Join(left=left, right=right, condition=all_of(kept), outer=tree.outer)


def _one_public(tree: Tree, condition: Expr) -> bool:
    """Whether a tree is of public tables alone, and the condition finds one row of it at most: by
    the key of each, from columns of the other side or of a table that is found before."""
    scans, conditions = _public(tree)
    if not scans or any(not scan.table.public or not scan.table.key for scan in scans):
        return False
    parts = [part for each in (condition, *conditions) for part in conjuncts(each)]
    waiting = list(scans)
    while waiting:
        unknown = {column for scan in waiting for column in scan.columns}
        found = [scan for scan in waiting if _found(scan, parts, unknown)]
        if not found:
            return False
        waiting = [scan for scan in waiting if scan not in found]
    return True


def _public(tree: Tree) -> tuple[list[Scan], list[Expr]]:
    """The tables of a tree and its conditions; none where it is no plain join of tables."""
    match tree:
        case Scan():
            return [tree], []
        case Filter():
            scans, conditions = _public(tree.source)
            return scans, [*conditions, tree.condition]
        case Compute():
            return _public(tree.source)
        case Join(outer=False):
            left, right = _public(tree.left), _public(tree.right)
            if not left[0] or not right[0]:
                return [], []
            return [*left[0], *right[0]], [*left[1], *right[1], tree.condition]
        case _:
            return [], []


def _found(scan: Scan, parts: list[Expr], unknown: set[Column]) -> bool:
    """Whether its key equals what is known."""
    fixed = {
        side.column.name
        for part in parts
        for side, other in _sides(part)
        if isinstance(side, Ref)
        and side.column in set(scan.columns)
        and not unknown & set(columns_of(other))
    }
    return set(scan.table.key) <= fixed


def _equates(part: Expr, left: Tree, right: Tree) -> bool:
    ours, theirs = set(_columns(left)), set(_columns(right))
    return any(
        isinstance(a, Ref) and isinstance(b, Ref) and a.column in ours and b.column in theirs
        for a, b in _sides(part)
    )


def _sides(part: Expr) -> Iterator[tuple[Expr, Expr]]:
    if isinstance(part, Call) and part.function == "eq":
        a, b = part.arguments
        yield a, b
        yield b, a


def _columns(tree: Tree) -> Iterator[Column]:
    match tree:
        case Scan():
            yield from tree.columns
        case Join():
            yield from _columns(tree.left)
            yield from _columns(tree.right)
