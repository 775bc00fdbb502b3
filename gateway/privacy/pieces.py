"""Queries above the boundary that are made of others: empty ones, operands, renamed ones."""

from __future__ import annotations

import sqlglot
from sqlglot import exp

from gateway.privacy.relation import Relation
from gateway.rewrite.expressions import quoted
from gateway.sql.functions.conversion import duckdb_type


def no_rows(relation: Relation) -> exp.Query:
    """The columns of a relation with no row at all."""
    items = [
        f"CAST(NULL AS {duckdb_type(column.type)}) AS {quoted(name)}"
        for name, column in relation.visible
    ]
    made = sqlglot.parse_one("SELECT " + ", ".join(items) + " WHERE FALSE", dialect="duckdb")
    if not isinstance(made, exp.Query):
        raise AssertionError("a SELECT")
    return made


def operand(written: exp.Expr, query: exp.Query) -> exp.Query:
    """One side of a set operation, in parentheses where it was, or has an order of its own."""
    own = any(query.args.get(part) for part in ("order", "limit", "offset", "fetch"))
    if isinstance(query, exp.Subquery) or not (own or isinstance(written, exp.Subquery)):
        return query
    return exp.Subquery(this=query)


def renaming(query: exp.Query, names: list[str]) -> exp.Query:
    """The same query with its columns renamed, as `WITH t (a, b) AS …` does."""
    if not names:
        return query
    columns = [exp.to_identifier(name, quoted=True) for name in names]
    alias = exp.TableAlias(this=exp.to_identifier("renamed"), columns=columns)
    return exp.select("*").from_(exp.Subquery(this=query, alias=alias))
