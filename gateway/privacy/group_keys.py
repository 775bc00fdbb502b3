"""What a SELECT groups by: GROUP BY with names, ordinals and aliases, grouping sets, DISTINCT."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from sqlglot import exp

from gateway.errors import Code, Refusal
from gateway.privacy.outputs import aliases_of, inside, is_aggregate
from gateway.privacy.scope import Scope, name_of
from gateway.sql.bind import Binder, refuse
from gateway.sql.expressions import Expr
from gateway.sql.parse import position_of
from gateway.sql.types import Kind

_SETS = (exp.Rollup, exp.Cube, exp.GroupingSets)
MOST_SETS = 512
"""Levels of totals in one SELECT."""
_HOLDERS = (exp.Tuple, exp.Paren, *_SETS)


def group_keys(query: exp.Select, scope: Scope, binder: Binder) -> list[Expr]:
    """Every expression that the SELECT groups by, at the finest level.

    SELECT DISTINCT a, b groups by a and b where nothing else does. Raises Refusal for what cannot
    be grouped by, and for GROUP BY ALL.
    """
    group = query.args.get("group")
    if group is not None:
        for part, value in group.args.items():
            if value and part != "expressions":
                raise refuse(group, f"GROUP BY {part.upper()}", "List the columns.")
    keys = [(node, binder.bind(node)) for node in key_nodes(query, scope)]
    for node, key in keys:
        if key.type.kind is Kind.INTERVAL:
            # An interval has several spellings, as 30 days and 1 month, which engines show apart.
            raise refuse(node, "An interval as a group", "Group by extract(epoch FROM …) of it.")
    return [key for _, key in keys]


def key_nodes(query: exp.Select, scope: Scope) -> list[exp.Expr]:
    """The syntax of each key, in the order of `group_keys`."""
    group, distinct = query.args.get("group"), query.args.get("distinct")
    if group is not None:
        return [key_node(node, query, scope) for node in leaves(group)]
    if not distinct:
        return []
    if distinct.args.get("on"):
        raise refuse(distinct, "DISTINCT ON", "Use GROUP BY.")
    nodes = [inside(item) for item in select_items(query, scope)]
    if any(is_aggregate(part) for node in nodes for part in node.walk()):
        return []
    return nodes


def has_sets(query: exp.Select) -> bool:
    """Whether the SELECT asks for totals by ROLLUP, CUBE or GROUPING SETS."""
    group = query.args.get("group")
    return group is not None and any(isinstance(part, _SETS) for part in group.expressions)


def grouping_sets(query: exp.Select, scope: Scope) -> list[list[exp.Expr]]:
    """The keys of each level of totals, in the order of GROUP BY: what ROLLUP, CUBE and GROUPING
    SETS stand for, each with every other where several stand in one GROUP BY.

    Raises Refusal where there are more than `MOST_SETS`.
    """
    group = query.args["group"]
    found: list[list[exp.Expr]] = [[]]
    for part in group.expressions:
        found = [[*before, *own] for before in found for own in _sets_of(part, group)]
        _check_sets(found, group)
    return [[key_node(node, query, scope) for node in one] for one in found]


def _sets_of(node: exp.Expr, group: exp.Expr) -> list[list[exp.Expr]]:
    parts = node.expressions
    if isinstance(node, exp.Rollup):
        return [_together(parts[:n]) for n in range(len(parts), -1, -1)]
    if isinstance(node, exp.Cube):
        _check_sets([[]] * 2 ** min(len(parts), 20), group)
        sizes = range(len(parts), -1, -1)
        return [_together(chosen) for n in sizes for chosen in combinations(parts, n)]
    if isinstance(node, exp.GroupingSets):
        return [one for part in parts for one in _sets_of(part, group)]
    return [_together([node])]


def _together(parts: Sequence[exp.Expr]) -> list[exp.Expr]:
    """Entries that are grouped by together, out of their parentheses."""
    return [leaf for part in parts for leaf in _unfolded(part)]


def _unfolded(node: exp.Expr) -> list[exp.Expr]:
    if isinstance(node, exp.Tuple):
        return _together(node.expressions)
    return _unfolded(node.this) if isinstance(node, exp.Paren) else [node]


def _check_sets(found: Sequence[object], group: exp.Expr) -> None:
    if len(found) > MOST_SETS:
        raise refuse(group, f"Over {MOST_SETS} levels of totals", "Group by fewer keys at once.")


def leaves(node: exp.Expr) -> Iterator[exp.Expr]:
    """The single entries of GROUP BY, also within grouping sets."""
    for part in node.iter_expressions():
        if isinstance(part, _HOLDERS):
            yield from leaves(part)
        else:
            yield part


def key_node(node: exp.Expr, query: exp.Select, scope: Scope) -> exp.Expr:
    """What an entry of GROUP BY stands for: a position, an input column, or an output's alias.

    PostgreSQL looks for an input column first, then for an alias.
    """
    if isinstance(node, exp.Literal) and not node.is_string:
        position = int(node.this) if str(node.this).isdigit() else 0
        items = select_items(query, scope)
        if not 1 <= position <= len(items):
            raise Refusal(
                Code.UNKNOWN_COLUMN,
                f"GROUP BY {node.this} names no column of the SELECT list.",
                f"Use a number from 1 to {len(items)}.",
                position_of(query),
            )
        return inside(items[position - 1])
    if isinstance(node, exp.Column) and not node.args.get("table"):
        name = name_of(node.this)
        if not scope.shows(name):
            return aliases_of(query).get(name, node)
    return node


def select_items(query: exp.Select, scope: Scope) -> list[exp.Expr]:
    """The SELECT list with every star written out."""
    items: list[exp.Expr] = []
    for item in query.expressions:
        if isinstance(item, exp.Star) or (isinstance(item, exp.Column) and item.is_star):
            table = name_of(item.args.get("table")) if isinstance(item, exp.Column) else ""
            for name, _ in scope.star(table):
                column = exp.column(name, table=table or None, quoted=True)
                items.append(exp.alias_(column, name, quoted=True))
        else:
            items.append(item)
    return items
