"""`noise_low(x)` and `noise_high(x)` as the analyst writes them: the ends of a number's interval.

Their argument is an alias of the same SELECT, or an expression. Aliases are replaced by what they
stand for before anything else is read, for in PostgreSQL they mean nothing beside themselves.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from gateway.errors import Code, Refusal
from gateway.sql.bind import refuse
from gateway.sql.parse import position_of

_ENDS = {"noise_low": -1, "noise_high": 1}


def end_of(node: exp.Expr) -> int:
    """-1 for a call of noise_low, 1 for one of noise_high, 0 for anything else."""
    return _ENDS.get(node.name.lower(), 0) if isinstance(node, exp.Anonymous) else 0


def argument_of(node: exp.Expr) -> exp.Expr:
    """The number whose interval a call asks for."""
    found: exp.Expr = node.expressions[0]
    return found


def calls(node: exp.Expr) -> Iterator[exp.Expr]:
    """Every call in a node, also in subqueries."""
    return (part for part in node.find_all(exp.Anonymous) if end_of(part))


def with_arguments(query: exp.Query) -> exp.Query:
    """The query with every alias that stands in a call replaced by its expression.

    Raises Refusal for a call without one plain argument, or within another.
    """
    if not any(True for _ in calls(query)):
        return query
    made = query.copy()
    for call in list(calls(made)):
        _check(call)
        call.meta["place"] = position_of(call)  # its argument is from elsewhere in the text
        select, argument = call.parent_select, argument_of(call)
        if not isinstance(select, exp.Select) or not isinstance(argument, exp.Column):
            continue
        if argument.args.get("table"):
            continue
        meant = _aliased(select, argument)
        if meant is not None:
            call.set("expressions", [exp.Paren(this=meant.copy())])
    return made


def _aliased(select: exp.Select, column: exp.Column) -> exp.Expr | None:
    """What an alias stands for, unless it is a call's own: then the name is a column's."""
    name = _folded(column.this)
    for item in select.expressions:
        if isinstance(item, exp.Alias) and _folded(item.args["alias"]) == name:
            inner: exp.Expr = item.this
            return None if any(True for _ in calls(inner)) else inner
    return None


def _folded(identifier: exp.Expr) -> str:
    quoted = isinstance(identifier, exp.Identifier) and identifier.args.get("quoted")
    return identifier.name if quoted else identifier.name.lower()


def _check(call: exp.Expr) -> None:
    name, arguments = call.name.lower(), call.expressions
    if len(arguments) != 1 or isinstance(arguments[0], (exp.Star, exp.Distinct, exp.Query)):
        raise Refusal(
            Code.UNSUPPORTED_SQL,
            f"{name} takes one number: an alias of the SELECT list, or an expression.",
            f"Write for example SELECT COUNT(*) AS n, {name}(n) AS edge.",
            position_of(call) if arguments else None,
        )
    if any(True for _ in calls(arguments[0])):
        raise refuse(call, f"{name} of the end of an interval", f"Write {name} of the number.")
