"""Typed expressions to SQL, through the renderings in the table of functions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from gateway.errors import Code, Refusal
from gateway.sql.expressions import Case, Column, Correlated, Expr, Given, Literal, Ref, Within
from gateway.sql.functions import TABLE
from gateway.sql.functions.conversion import duckdb_type
from gateway.sql.types import Kind, Scalar


def quoted(name: str) -> str:
    """An identifier."""
    return '"' + name.replace('"', '""') + '"'


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
        return constant(expr)
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
    render = TABLE[expr.function].render[dialect]
    return beside_subqueries(arguments, lambda texts: render(expr, texts))


def beside_subqueries(arguments: Sequence[str], render: Callable[[Sequence[str]], str]) -> str:
    """What `render` makes of arguments of which some are subqueries: DuckDB takes none inside TRY,
    so there they are columns of a table of one row."""
    asked = {f"a{i}": text for i, text in enumerate(arguments) if "(SELECT " in text}
    if not asked:
        return render(arguments)
    places = [f"s.a{i}" if f"a{i}" in asked else text for i, text in enumerate(arguments)]
    made = render(places)
    if "TRY(" not in made:
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


def constant(literal: Literal) -> str:
    """A constant, with its type where the text alone would not tell it."""
    value: Scalar = literal.value
    if value is None:
        kind = literal.type.kind
        return "NULL" if kind is Kind.NULL else f"CAST(NULL AS {duckdb_type(literal.type)})"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"CAST('{value!r}' AS DOUBLE)"
    if isinstance(value, (int, Decimal)):
        text = format(value, "f") if isinstance(value, Decimal) else str(value)
        return f"({text})" if text.startswith("-") else text
    if isinstance(value, dt.datetime):
        plain = value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
        if value.tzinfo:
            return f"TIMESTAMPTZ '{plain.isoformat(sep=' ')}+00'"
        return f"TIMESTAMP '{plain.isoformat(sep=' ')}'"
    if isinstance(value, dt.date):
        return f"DATE '{value.isoformat()}'"
    text = "'" + value.replace("'", "''") + "'"
    return f"INTERVAL {text}" if literal.type.kind is Kind.INTERVAL else text
