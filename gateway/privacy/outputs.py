"""The select list: what its columns are called, and whether a SELECT aggregates."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from sqlglot import exp

from gateway.privacy.scope import name_of

UNNAMED = "?column?"
"""What PostgreSQL calls a column that has no name."""
AGGREGATES = (exp.AggFunc, exp.CountIf, exp.WithinGroup)
QUANTILE_NAMES = frozenset({"quantile_cont", "quantile_disc", "approx_percentile"})
"""Aggregates that the parser knows as plain functions."""


def output_name(node: exp.Expr) -> str:
    """An output column's name as PostgreSQL gives it: alias, column, function, or ?column?."""
    if isinstance(node, exp.Alias):
        return name_of(node.args["alias"])
    inner = node.unnest() if isinstance(node, exp.Paren) else node
    if isinstance(inner, exp.Column):
        return name_of(inner.this)
    if isinstance(inner, (exp.Window, exp.Filter, exp.WithinGroup)):
        return output_name(inner.this)
    if isinstance(inner, exp.Cast):
        inside = output_name(inner.this)
        return inside if inside != UNNAMED else inner.to.sql(dialect="postgres").lower()
    if isinstance(inner, exp.Case):
        return "case"
    if isinstance(inner, exp.Extract):
        return "extract"
    if isinstance(inner, exp.TimestampTrunc):
        return "date_trunc"
    if isinstance(inner, exp.Anonymous):
        return inner.name.lower()
    if isinstance(inner, exp.Func) and not isinstance(inner, (exp.And, exp.Or)):
        return inner.sql_name().lower()
    return UNNAMED


def named(query: exp.Select) -> exp.Select:
    """The same SELECT with every output column named, so that no rewriting renames it."""
    items: list[exp.Expr] = []
    for node in query.expressions:
        if isinstance(node, (exp.Alias, exp.Star)) or (
            isinstance(node, exp.Column) and node.is_star
        ):
            items.append(node)
        else:
            items.append(exp.alias_(node.copy(), output_name(node), quoted=True, copy=False))
    query.set("expressions", items)
    return query


def aggregates(query: exp.Select) -> bool:
    """Whether a SELECT makes groups of its rows: GROUP BY, DISTINCT, HAVING or an aggregate."""
    if any(query.args.get(part) for part in ("group", "distinct", "having")):
        return True
    order = query.args.get("order")
    nodes = [*query.expressions, *(order.expressions if order else [])]
    return any(True for node in nodes for _ in aggregate_calls(node))


def aggregate_calls(node: exp.Expr) -> Iterator[exp.Expr]:
    """The aggregates of a node's own SELECT: not those of subqueries, nor windows themselves."""
    if isinstance(node, (exp.Query, exp.Subquery, exp.Exists)):
        return
    if isinstance(node, exp.Window):
        wrapped = isinstance(node.this, (exp.Filter, exp.IgnoreNulls, exp.RespectNulls))
        function = node.this.this if wrapped else node.this
        for part in function.iter_expressions():
            yield from aggregate_calls(part)
        for part in node.iter_expressions():
            if part is not node.this:
                yield from aggregate_calls(part)
        return
    if is_aggregate(node):
        yield node
        return
    for part in node.iter_expressions():
        yield from aggregate_calls(part)


def is_aggregate(node: exp.Expr) -> bool:
    """Whether a node is an aggregate call, with or without FILTER."""
    inner = node.this if isinstance(node, exp.Filter) else node
    if isinstance(inner, exp.Anonymous):
        return inner.name.lower() in QUANTILE_NAMES
    return isinstance(inner, AGGREGATES) and not isinstance(inner, exp.Grouping)


def inside(item: exp.Expr) -> exp.Expr:
    """An item of the SELECT list without its alias."""
    inner: exp.Expr = item.this if isinstance(item, exp.Alias) else item
    return inner


def aliases_of(query: exp.Select) -> dict[str, exp.Expr]:
    """What each alias of the SELECT list stands for."""
    items = [item for item in query.expressions if isinstance(item, exp.Alias)]
    return {name_of(item.args["alias"]): item.this for item in items}


def plain(node: exp.Expr) -> str:
    """An expression's SQL without table names, quotes and parentheses, for comparing."""
    holder = exp.Tuple(expressions=[node.copy()])
    for column in list(holder.find_all(exp.Column)):
        column.replace(exp.column(column.name))
    for paren in reversed(list(holder.find_all(exp.Paren))):
        paren.replace(paren.this)
    text: str = holder.expressions[0].sql(dialect="duckdb", comments=False, copy=False)
    return text


def is_empty(query: exp.Expr) -> bool:
    """Whether a query can have no rows whatever the data: LIMIT 0, or WHERE that is never true.

    An aggregate without GROUP BY has one row even then.
    """
    limit = query.args.get("limit")
    if limit is not None and _value(limit.expression) == 0:
        return True
    if isinstance(query, exp.Subquery):
        return is_empty(query.this)
    if not isinstance(query, exp.Select) or (aggregates(query) and not query.args.get("group")):
        return False
    where, clause = query.args.get("where"), query.args.get("from_")
    if where is not None and _never(where.this):
        return True
    if clause is None or query.args.get("joins"):
        return False
    return isinstance(clause.this, exp.Subquery) and is_empty(clause.this)


def without_picking(query: exp.Query) -> exp.Query:
    """A query without ORDER BY and LIMIT, also of what it selects from.

    For one that has no rows in any case, whose types alone are shown: which of none are picked, and
    in what order, decides nothing.
    """
    copy = query.copy()
    inner: exp.Expr | None = copy
    while isinstance(inner, (exp.Select, exp.Subquery)):
        for part in ("limit", "offset", "fetch", "order"):
            inner.set(part, None)
        clause = inner.args.get("from_")
        inner = inner.this if isinstance(inner, exp.Subquery) else clause.this if clause else None
    return copy


def _never(node: exp.Expr) -> bool:
    if isinstance(node, exp.Paren):
        return _never(node.this)
    if isinstance(node, exp.And):
        return _never(node.left) or _never(node.right)
    if isinstance(node, exp.Boolean):
        return not node.this
    if not isinstance(node, exp.EQ):
        return False
    left, right = _value(node.left), _value(node.right)
    return left is not None and right is not None and left != right


def _value(node: exp.Expr) -> Decimal | None:
    plain = isinstance(node, exp.Literal) and not node.is_string
    return Decimal(str(node.this)) if plain else None
