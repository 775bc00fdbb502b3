"""What a look-up is asked for: of a correlated subquery's groups only those that the public rows
around it can ask for are released.

`FROM lineitem, part WHERE part.brand = 'x' AND … (SELECT AVG(q) FROM lineitem WHERE partkey =
part.partkey)` asks about parts of one brand. Their keys are public, so the grouped release gets
`partkey IN (SELECT part.partkey FROM part WHERE part.brand = 'x')`.

Claim: no answer changes. A row around the subquery finds a value only by a key of its own public
row; if that row fails one of the conditions on it alone, WHERE drops what was made of it, whatever
the subquery gives. In a join's ON the subquery also decides which rows are padded with NULL, so
there nothing is narrowed. The condition added reads public rows alone, as one that the analyst
could have written. Tests: tests/noiseless and tests/neighbours, on the look-ups of
tests/corpus/accepted/scalar_subqueries.sql; tests/tpch; tests/corpus/test_hostile_plans.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlglot import exp

from gateway.policy.catalog import Table
from gateway.privacy.decorrelate import Pairs
from gateway.privacy.found import Found, from_nodes, own_columns
from gateway.privacy.scope import name_of
from gateway.privacy.sources import source_name

Reads = Callable[[exp.Expr], Found | Table | None]
"""What a node in FROM reads."""
MOST_NODES = 300
"""What is copied into a subquery is copied again into one within it, and twice where two columns
tie them."""


def narrowed(
    made: exp.Select,
    pairs: Pairs,
    node: exp.Expr,
    reads: Reads,
    readable: Callable[[exp.Select], bool],
) -> exp.Select:
    """The grouped subquery `made` without groups that nothing asks for.

    `node` is the subquery in the SELECT around it, `pairs` tie the two. `readable` says whether a
    SELECT of public rows can stand beside protected ones.
    """
    around = node.parent_select
    if around is None or isinstance(node.find_ancestor(exp.Join, exp.Select), exp.Join):
        return made
    conditions = []
    for inner, outer in pairs:
        asked = _asked(outer, around, reads, readable)
        if asked is not None:
            conditions.append(exp.In(this=inner.copy(), query=exp.Subquery(this=asked)))
    return made.where(*conditions) if conditions else made


def _asked(
    outer: exp.Expr,
    around: exp.Select,
    reads: Reads,
    readable: Callable[[exp.Select], bool],
) -> exp.Select | None:
    """The keys that rows of one public table can ask for; None where nothing is known of them."""
    where = around.args.get("where")
    table = _table_of(outer, around, reads)
    if where is None or table is None:
        return None
    found = [part for part in _conjuncts(where.this) if _about(part, around, table, reads)]
    if sum(1 for part in found for _ in part.walk()) > MOST_NODES:
        return None
    source = table[0].copy()
    source.set("joins", None)
    keys = exp.select(outer.copy()).from_(source)
    kept = [part.copy() for part in found if readable(keys.where(part.copy()))]
    return keys.where(*kept) if kept else None


def _table_of(outer: exp.Expr, around: exp.Select, reads: Reads) -> tuple[exp.Table, Table] | None:
    """The one public table from which all columns of an expression come.

    Tables alone are read: a subquery in FROM may hold further ones, and reading each anew at every
    level would take as long as all their products.
    """
    if outer.find(exp.Query):
        return None
    columns = list(outer.find_all(exp.Column))
    named = {name_of(column.args.get("table")) for column in columns}
    nodes = [node for node, _ in from_nodes(around)]
    if "" not in named:
        nodes = [node for node in nodes if source_name(node) in named]
    found = []
    for node in nodes:
        if not isinstance(node, exp.Table):
            return None
        source = reads(node)
        inside = own_columns([(source_name(node), source)])
        if any(map(inside, columns)):
            found.append((node, source, all(map(inside, columns))))
    if len(found) != 1:
        return None
    node, source, whole = found[0]
    return (node, source) if whole and isinstance(source, Table) else None


def _conjuncts(condition: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(condition, exp.And):
        yield from condition.flatten()
    else:
        yield condition


def _about(
    condition: exp.Expr, around: exp.Select, table: tuple[exp.Table, Table], reads: Reads
) -> bool:
    """Whether a condition names columns of this table alone, and its subqueries public tables."""
    if condition.find(exp.With):
        return False
    inside = own_columns([(source_name(table[0]), table[1])])
    own = [column for column in condition.find_all(exp.Column) if column.parent_select is around]
    read = [reads(node) for node in condition.find_all(exp.Table)]
    return bool(own) and all(map(inside, own)) and all(isinstance(one, Table) for one in read)
