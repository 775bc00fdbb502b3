"""A relation's rows without the analyst's conditions, for estimates that serve every filter.

Whatever an earlier answer of the same question decides is left out too: an estimate is released
before all else. What is left may hold other rows than the question's, which moves a bound and with
it accuracy, never privacy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from gateway.privacy.relation import (
    Both,
    Compute,
    Constants,
    Facts,
    Filter,
    Group,
    Join,
    Over,
    Released,
    Scan,
    Tree,
    Windowed,
)
from gateway.privacy.trace import all_of
from gateway.sql.expressions import (
    Column,
    Correlated,
    Expr,
    Given,
    Within,
    columns_of,
    conjuncts,
    parts_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfiltered:
    """A tree without conditions, and the columns that it still has."""

    tree: Tree
    columns: frozenset[Column]

    def has(self, expr: Expr) -> bool:
        """Whether an expression can be computed from a row, before any answer is given."""
        own = {c for p in parts_of(expr) if isinstance(p, (Within, Correlated)) for c in p.inner}
        return set(columns_of(expr)) <= self.columns | own and not _waits(expr)


def unfiltered(tree: Tree) -> Unfiltered:
    """The same tree without its filters on protected rows; those on public rows alone stay.

    Claim: each row still has one owner, for what makes owners equal is part of a join's own
    condition (`joins.joined`), and a group's keys hold the owner. So what is counted per owner
    depends on that owner's rows and on public rows alone. Tests: tests/neighbours, whose policies
    `auto` run every estimate of the corpus.
    """
    match tree:
        case Scan() | Released() | Constants():
            return Unfiltered(tree=tree, columns=frozenset(tree.columns))
        case Windowed():
            source = unfiltered(tree.source)
            windows = tuple(
                (column, over) for column, over in tree.items if all(map(source.has, reads(over)))
            )
            return Unfiltered(
                tree=replace(tree, source=source.tree, items=windows) if windows else source.tree,
                columns=source.columns | {column for column, _ in windows},
            )
        case Filter():
            source = unfiltered(tree.source)
            keeps = _is_public(tree.source) and source.has(tree.condition)
            return replace(source, tree=replace(tree, source=source.tree)) if keeps else source
        case Compute():
            source = unfiltered(tree.source)
            items = tuple((column, expr) for column, expr in tree.items if source.has(expr))
            return Unfiltered(
                tree=replace(tree, source=source.tree, items=items),
                columns=source.columns | {column for column, _ in items},
            )
        case Group():
            return _group(tree)
        case Both():
            left, right = unfiltered(tree.left), unfiltered(tree.right)
            columns = tuple(
                (column, a, b)
                for column, a, b in tree.columns
                if a in left.columns and b in right.columns
            )
            return Unfiltered(
                tree=Both(left=left.tree, right=right.tree, columns=columns),
                columns=frozenset(column for column, _, _ in columns),
            )
        case Join():
            return _join(tree)


def reads(over: Over) -> Iterator[Expr]:
    """What a window function reads of the rows."""
    yield from over.arguments
    yield from over.partition
    yield from (part.value for part in over.order)
    if over.summary is not None and over.summary.value is not None:
        yield over.summary.value


def _group(tree: Group) -> Unfiltered:
    source = unfiltered(tree.source)
    keys = tuple((column, key) for column, key in tree.keys if source.has(key))
    items = tuple(
        (column, summary)
        for column, summary in tree.items
        if summary.value is None or source.has(summary.value)
    )
    return Unfiltered(
        tree=Group(source=source.tree, keys=keys, items=items),
        columns=frozenset(column for column, _ in (*keys, *items)),
    )


def _join(tree: Join) -> Unfiltered:
    """A side that holds results of the question alone is left out."""
    for kept, other in ((tree.left, tree.right), (tree.right, tree.left)):
        if _is_public(other) and _holds_results(other):
            return unfiltered(kept)
    left, right = unfiltered(tree.left), unfiltered(tree.right)
    together = Unfiltered(tree=tree, columns=left.columns | right.columns)
    condition = all_of(part for part in conjuncts(tree.condition) if together.has(part))
    made = replace(tree, left=left.tree, right=right.tree, condition=condition)
    return replace(together, tree=made)


def _waits(expr: Expr) -> bool:
    """Whether an expression reads an earlier answer of the same question."""
    return any(
        isinstance(part, Given)
        or (isinstance(part, (Within, Correlated)) and _holds_results(part.tree))
        for part in parts_of(expr)
    )


def _holds_results(tree: Tree) -> bool:
    match tree:
        case Scan() | Constants():
            return False
        case Released():
            return True
        case Windowed():
            waits = any(_waits(expr) for _, over in tree.items for expr in reads(over))
            return waits or _holds_results(tree.source)
        case Filter():
            return _waits(tree.condition) or _holds_results(tree.source)
        case Compute():
            waits = any(_waits(expr) for _, expr in tree.items)
            return waits or _holds_results(tree.source)
        case Group():
            return any(_waits(key) for _, key in tree.keys) or _holds_results(tree.source)
        case Join():
            sides = (tree.left, tree.right)
            return _waits(tree.condition) or any(map(_holds_results, sides))
        case Both():
            return any(map(_holds_results, (tree.left, tree.right)))


def _is_public(tree: Tree) -> bool:
    match tree:
        case Scan():
            return tree.table.public
        case Released() | Constants():
            return True
        case Filter() | Compute() | Group() | Windowed():
            return _is_public(tree.source)
        case Join() | Both():
            return _is_public(tree.left) and _is_public(tree.right)


def declared_facts(tree: Tree) -> dict[Column, Facts]:
    """What the policy says of the columns that a tree scans, before any condition narrowed it."""
    match tree:
        case Scan():
            known = tree.table.columns
            return {
                column: Facts(domain=known[column.name].domain, step=known[column.name].step)
                for column in tree.columns
            }
        case Filter() | Compute() | Group() | Windowed():
            return declared_facts(tree.source)
        case Join() | Both():
            return declared_facts(tree.left) | declared_facts(tree.right)
        case Released() | Constants():
            return {}
