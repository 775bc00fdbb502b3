"""Typed expressions to SQL, through the renderings in the table of functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from gateway.errors import Code, Refusal
from gateway.rewrite.dialects import DIALECTS
from gateway.rewrite.dialects.base import Dialect
from gateway.rewrite.dialects.duckdb import constant, quoted
from gateway.sql.expressions import (
    Call,
    Case,
    Column,
    Correlated,
    Expr,
    Given,
    Literal,
    Ref,
    Within,
)
from gateway.sql.functions import TABLE
from gateway.sql.functions.base import Rendering

__all__ = ["constant", "quoted", "write"]
"""`constant` and `quoted` are DuckDB's, for post-processing."""

MOST_TEXT = 400_000
"""Characters of one written expression, which may list the values of a domain. Total forms repeat
their arguments, and what repeats within what repeats grows by a factor with each level."""


def write(expr: Expr, names: Mapping[Column, str], dialect: str) -> str:
    """The SQL of an expression; `names` says how each column is written. Raises UNSUPPORTED_SQL
    where it grows too long."""
    text = _written(expr, names, dialect)
    if len(text) > MOST_TEXT and not isinstance(expr, (Within, Correlated, Given)):
        raise Refusal(
            Code.UNSUPPORTED_SQL,
            "An expression over protected rows grows too large when it is written out.",
            "Use functions and computed columns within one another less often.",
        )
    return text


def _written(expr: Expr, names: Mapping[Column, str], dialect: str) -> str:
    if isinstance(expr, Ref):
        return names[expr.column]
    if isinstance(expr, Literal):
        return DIALECTS[dialect].constant(expr)
    if isinstance(expr, Case):
        branches = " ".join(
            f"WHEN {write(condition, names, dialect)} THEN {write(value, names, dialect)}"
            for condition, value in expr.branches
        )
        return f"(CASE {branches} ELSE {write(expr.default, names, dialect)} END)"
    if isinstance(expr, Given):
        return _given(expr, names, dialect)
    if isinstance(expr, (Within, Correlated)):
        # A subquery is written with blocks, which are written with expressions.
        from gateway.rewrite.within import written

        return written(expr, names, dialect)
    arguments = [write(part, names, dialect) for part in expr.arguments]
    render = rendering(expr, DIALECTS[dialect])
    return beside_subqueries(arguments, lambda texts: render(expr, texts), DIALECTS[dialect])


def rendering(call: Call, dialect: Dialect) -> Rendering:
    """How a dialect writes a function. Raises UNSUPPORTED_SQL where it has no total form of it."""
    row = TABLE[call.function]
    found = row.render.get(dialect.name)
    if found is not None:
        return found
    raise Refusal(
        Code.UNSUPPORTED_SQL,
        f"{row.name} cannot be computed over protected rows in {dialect.title}: "
        f"{row.lacking.get(dialect.name, 'it has no total form there')}.",
        "Leave it out, or apply it to the results of the aggregation, above GROUP BY.",
    )


def beside_subqueries(
    arguments: Sequence[str], render: Callable[[Sequence[str]], str], dialect: Dialect
) -> str:
    """What `render` makes of arguments of which some are subqueries: DuckDB takes none inside TRY,
    so there they are columns of a table of one row."""
    if not dialect.closed_to_subqueries:
        return render(arguments)
    asked = {f"a{i}": text for i, text in enumerate(arguments) if "(SELECT " in text}
    if not asked:
        return render(arguments)
    places = [f"s.a{i}" if f"a{i}" in asked else text for i, text in enumerate(arguments)]
    made = render(places)
    if dialect.closed_to_subqueries not in made:
        return render(arguments)
    columns = ", ".join(f"{text} AS {name}" for name, text in asked.items())
    return f"(SELECT {made} FROM (SELECT {columns}) AS s)"


def _given(expr: Given, names: Mapping[Column, str], dialect: str) -> str:
    """A token alone, or a look-up in the rows that will stand for it."""
    if not expr.keys:
        return expr.token
    columns = ", ".join(f"key{i}" for i in range(len(expr.keys)))
    same = " AND ".join(
        f"given.key{i} = {write(key, names, dialect)}" for i, key in enumerate(expr.keys)
    )
    return f"(SELECT given.v FROM {expr.token} AS given(v, {columns}) WHERE {same})"
