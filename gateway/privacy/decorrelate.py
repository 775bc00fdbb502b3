"""A correlated scalar subquery over protected rows, above the boundary, as one grouped release.

`(SELECT SUM(x) FROM t WHERE t.a = outer.a AND …)` asks one number for each outer row. Released once
for every value of `a`, the numbers come back as a table in which each outer row finds its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlglot import exp

from gateway.privacy.outputs import aggregate_calls

Pairs = list[tuple[exp.Expr, exp.Expr]]
"""Inner expressions with the outer ones that they must equal."""


def decorrelated(
    query: exp.Select,
    inside: Callable[[exp.Column], bool],
    narrow: Callable[[exp.Select, Pairs], exp.Select],
) -> exp.Select | None:
    """The same subquery as a look-up in a grouped one; None where `grouped` finds no shape.

    A plain count is 0 where the look-up finds nothing. `narrow` leaves out groups that are never
    looked up.
    """
    counts = _is_count(query)
    found = grouped(query, inside, counts=counts)
    if found is None:
        return None
    looked_up = _lookup(narrow(*found), found[1])
    if not counts:
        return looked_up
    zero = exp.Literal.number(0)
    return exp.select(exp.Coalesce(this=exp.Subquery(this=looked_up), expressions=[zero]))


def _is_count(query: exp.Select) -> bool:
    """Whether a subquery gives one count, as it is."""
    item = query.expressions[0] if len(query.expressions) == 1 else None
    inner = item.unalias() if item is not None else None
    inner = inner.this if isinstance(inner, exp.Filter) else inner
    return isinstance(inner, (exp.Count, exp.CountIf))


def grouped(
    query: exp.Select, inside: Callable[[exp.Column], bool], *, counts: bool = False
) -> tuple[exp.Select, Pairs] | None:
    """The subquery grouped by what ties it to the outer row: columns value, key0, key1 …

    `inside` says whether a column is one of the subquery's own sources. The conditions that tie
    it to the outer row must be equalities of an inner with an outer expression; None where there
    are none. Counts (unless `counts`: the caller minds them), COALESCE and whatever else is not
    NULL over no rows are left alone, for there a look-up finds nothing; so is what picks among
    rows, for all outer rows' rows are together.
    """
    where = query.args.get("where")
    if where is None or any(query.args.get(part) for part in _APART) or len(query.expressions) != 1:
        return None
    if not counts and not _null_over_nothing(query.expressions[0]):
        return None
    kept: list[exp.Expr] = []
    pairs: Pairs = []
    for part in where.this.flatten() if isinstance(where.this, exp.And) else [where.this]:
        pair = _pair(part, inside)
        if pair:
            pairs.append(pair)
        else:
            kept.append(part.copy())
    return (_grouped(query, kept, pairs), pairs) if pairs else None


_APART = ("group", "limit", "offset", "fetch", "distinct", "qualify")
_STRICT = (
    *(exp.Alias, exp.Paren, exp.Neg, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod),
    *(exp.Cast, exp.Round, exp.Floor, exp.Ceil, exp.Abs, exp.Literal),
)
"""NULL where a part is NULL."""


def _null_over_nothing(node: exp.Expr) -> bool:
    """Whether an expression aggregates, and is NULL where there are no rows."""
    calls = list(aggregate_calls(node))
    if not calls or any(call.find(exp.Count, exp.CountIf) for call in calls):
        return False
    inside = {id(part) for call in calls for part in call.walk()}
    return all(isinstance(part, _STRICT) for part in _scalars(node) if id(part) not in inside)


def _scalars(node: exp.Expr) -> Iterator[exp.Expr]:
    """The expressions of a tree, without the identifiers and types among them."""
    return (part for part in node.walk() if not isinstance(part, (exp.Identifier, exp.DataType)))


def _pair(node: exp.Expr, inside: Callable[[exp.Column], bool]) -> tuple[exp.Expr, exp.Expr] | None:
    if not isinstance(node, exp.EQ):
        return None
    for inner, outer in ((node.left, node.right), (node.right, node.left)):
        own, other = list(inner.find_all(exp.Column)), list(outer.find_all(exp.Column))
        if own and other and all(map(inside, own)) and not any(map(inside, other)):
            return inner, outer
    return None


def _grouped(query: exp.Select, kept: list[exp.Expr], pairs: Pairs) -> exp.Select:
    made = query.copy()
    made.set("where", exp.Where(this=exp.and_(*kept)) if kept else None)
    item = made.expressions[0]
    value = exp.alias_(item.this if isinstance(item, exp.Alias) else item, "value", quoted=True)
    keys = [inner.copy() for inner, _ in pairs]
    named = [exp.alias_(key.copy(), f"key{i}", quoted=True) for i, key in enumerate(keys)]
    made.set("expressions", [value, *named])
    made.set("group", exp.Group(expressions=keys))
    return made


def _lookup(source: exp.Select, pairs: Pairs) -> exp.Select:
    conditions = [
        exp.EQ(this=exp.column(f"key{i}", table="lookup", quoted=True), expression=outer.copy())
        for i, (_, outer) in enumerate(pairs)
    ]
    alias = exp.TableAlias(this=exp.to_identifier("lookup"))
    chosen = exp.select(exp.column("value", table="lookup", quoted=True))
    return chosen.from_(exp.Subquery(this=source, alias=alias)).where(exp.and_(*conditions))
