"""DISTINCT over the rows of protected tables, where it is more than a GROUP BY."""

from __future__ import annotations

from sqlglot import exp

from gateway.errors import Code, Refusal
from gateway.privacy.group_keys import key_node
from gateway.privacy.outputs import aliases_of, inside
from gateway.privacy.per_owner import one_owner_each
from gateway.privacy.relation import Relation
from gateway.privacy.scope import Scope, name_of
from gateway.privacy.windows import owner_name
from gateway.sql.bind import Binder, refuse
from gateway.sql.parse import position_of


def is_of_windows(query: exp.Select) -> bool:
    """Whether DISTINCT is asked of what window functions give: they come first."""
    if not query.args.get("distinct") or query.args.get("group"):
        return False
    return any(_has_window(inside(item)) for item in query.expressions)


def _has_window(node: exp.Expr) -> bool:
    if isinstance(node, exp.Window):
        return True
    return not isinstance(node, exp.Query) and any(map(_has_window, node.iter_expressions()))


def of_all(query: exp.Select) -> exp.Select:
    """SELECT DISTINCT * of the rows that the query gives without DISTINCT, in its order."""
    made = exp.select("*").distinct()
    for part in ("order", "limit", "offset", "fetch"):
        if query.args.get(part):
            made.set(part, query.args[part].copy())
    return made


def first_of_each(
    query: exp.Select, relation: Relation, scope: Scope, binder: Binder
) -> exp.Select:
    """SELECT DISTINCT ON (a, b) … ORDER BY a, b, c as the rows numbered 1 by a window.

    PostgreSQL keeps the first row in the order asked, any one where several tie. The window breaks
    the ties (`windows.ordered_by_key`). Raises NOT_PRIVATE where the rows that it picks from belong
    to several owners.
    """
    clause = query.args["distinct"]
    on = clause.args["on"]
    nodes = [_meant(node, query, scope) for node in _listed(on)]
    if any(query.args.get(part) for part in ("group", "having", "qualify")):
        raise refuse(clause, "DISTINCT ON beside GROUP BY or QUALIFY", "Use one of them.")
    keys = [binder.bind(node) for node in nodes]
    if not one_owner_each(keys, relation):
        raise Refusal(
            Code.NOT_PRIVATE,
            "DISTINCT ON would pick one owner's row and drop another's.",
            f"Add the owner: DISTINCT ON ({owner_name(relation)}, …). Or aggregate.",
            position_of(on),
        )
    order = query.args.get("order")
    entries = [part.copy() for part in order.expressions] if order else []
    for entry in entries:
        entry.set("this", _meant(entry.this, query, scope).copy())
    if any(entry.this not in nodes for entry in entries[: len(nodes)]):
        raise refuse(
            order or clause,
            "DISTINCT ON with another order",
            "Begin ORDER BY with the expressions of DISTINCT ON, as PostgreSQL asks.",
        )
    window = exp.Window(
        this=exp.RowNumber(),
        partition_by=[node.copy() for node in nodes],
        order=exp.Order(expressions=entries) if entries else None,
        over="OVER",
    )
    made = query.copy()
    made.set("distinct", None)
    made.set("order", None)
    made.set("qualify", exp.Qualify(this=exp.EQ(this=window, expression=exp.Literal.number(1))))
    return made


def _listed(on: exp.Expr) -> list[exp.Expr]:
    if isinstance(on, exp.Tuple):
        return list(on.expressions)
    return [on.this if isinstance(on, exp.Paren) else on]


def _meant(node: exp.Expr, query: exp.Select, scope: Scope) -> exp.Expr:
    """What an entry of ORDER BY stands for: an output's position or alias, else an expression."""
    if isinstance(node, exp.Column) and not node.args.get("table"):
        named = aliases_of(query).get(name_of(node.this))
        if named is not None:
            return named
    return key_node(node, query, scope)
