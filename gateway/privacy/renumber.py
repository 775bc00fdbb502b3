"""The same relation with columns of its own, so that it can be joined with itself."""

from __future__ import annotations

from dataclasses import replace

from gateway.privacy.relation import (
    Both,
    Compute,
    Constants,
    Determinant,
    Filter,
    Group,
    Join,
    Over,
    PublicScan,
    Relation,
    Released,
    Scan,
    Summary,
    Tree,
    Windowed,
)
from gateway.privacy.trace import Numbers
from gateway.sql.expressions import Column, Expr, Ref, map_columns


def renumbered(relation: Relation, numbers: Numbers) -> Relation:
    """A relation equal to this one in all but the identity of its columns."""
    return renumbering(relation, numbers)[0]


def renumbering(relation: Relation, numbers: Numbers) -> tuple[Relation, dict[Column, Column]]:
    """The relation with columns of its own, and which of them stands for which."""
    fresh = _Fresh(numbers)
    tree = fresh.tree(relation.tree)
    made = replace(
        relation,
        tree=tree,
        visible=tuple((name, fresh.column(column)) for name, column in relation.visible),
        owner=fresh.column(relation.owner) if relation.owner else None,
        facts={fresh.column(column): facts for column, facts in relation.facts.items()},
        keys=tuple(frozenset(map(fresh.column, key)) for key in relation.keys),
        by_owner=frozenset(map(fresh.column, relation.by_owner)),
        conditions=tuple(map(fresh.expr, relation.conditions)),
        scans={fresh.column(column): fresh.scan(scan) for column, scan in relation.scans.items()},
        definitions={
            fresh.column(column): fresh.expr(expr) for column, expr in relation.definitions.items()
        },
        determinants=tuple(map(fresh.determinant, relation.determinants)),
        optional=tuple(map(fresh.determinant, relation.optional)),
    )
    return made, fresh.columns


class _Fresh:
    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self.columns: dict[Column, Column] = {}
        self._scans: dict[int, int] = {}

    def column(self, column: Column) -> Column:
        if column not in self.columns:
            self.columns[column] = self._numbers.column(column.name, column.type)
        return self.columns[column]

    def determinant(self, determinant: Determinant) -> Determinant:
        name, columns = determinant
        return name, tuple(map(self.column, columns))

    def scan(self, scan: PublicScan) -> PublicScan:
        if scan.number not in self._scans:
            self._scans[scan.number] = self._numbers.scan()
        return replace(scan, number=self._scans[scan.number])

    def expr(self, expr: Expr) -> Expr:
        return map_columns(expr, lambda column: Ref(self.column(column)))

    def summary(self, summary: Summary) -> Summary:
        value = self.expr(summary.value) if summary.value is not None else None
        return replace(summary, value=value)

    def over(self, over: Over) -> Over:
        return replace(
            over,
            arguments=tuple(map(self.expr, over.arguments)),
            summary=self.summary(over.summary) if over.summary is not None else None,
            partition=tuple(map(self.expr, over.partition)),
            order=tuple(replace(part, value=self.expr(part.value)) for part in over.order),
        )

    def tree(self, tree: Tree) -> Tree:
        match tree:
            case Scan():
                return replace(tree, columns=tuple(map(self.column, tree.columns)))
            case Constants() | Released():
                return replace(tree, columns=tuple(map(self.column, tree.columns)))
            case Filter():
                return Filter(source=self.tree(tree.source), condition=self.expr(tree.condition))
            case Compute():
                items = tuple((self.column(c), self.expr(e)) for c, e in tree.items)
                return Compute(source=self.tree(tree.source), items=items)
            case Group():
                return Group(
                    source=self.tree(tree.source),
                    keys=tuple((self.column(c), self.expr(e)) for c, e in tree.keys),
                    items=tuple((self.column(c), self.summary(s)) for c, s in tree.items),
                )
            case Windowed():
                items_over = tuple((self.column(c), self.over(o)) for c, o in tree.items)
                return Windowed(source=self.tree(tree.source), items=items_over)
            case Both():
                return Both(
                    left=self.tree(tree.left),
                    right=self.tree(tree.right),
                    columns=tuple(
                        (self.column(c), self.column(a), self.column(b)) for c, a, b in tree.columns
                    ),
                )
            case Join():
                return replace(
                    tree,
                    left=self.tree(tree.left),
                    right=self.tree(tree.right),
                    condition=self.expr(tree.condition),
                )
