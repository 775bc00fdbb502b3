"""Groups that are public and carry no number: put into the query as constants, free of charge."""

from __future__ import annotations

from collections.abc import Mapping

import sqlglot
from sqlglot import exp

from gateway.privacy.drafts import Draft
from gateway.rewrite.expressions import constant, quoted
from gateway.sql.expressions import Literal
from gateway.sql.functions.conversion import duckdb_type


def inlined(query: exp.Expr, drafts: Mapping[str, Draft]) -> exp.Expr:
    """The query with these tables replaced by their groups.

    `SELECT DISTINCT age` over a public domain is the domain: nothing protected is read for it.
    """

    if not drafts:
        return query

    def replaced(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Table) and node.name in drafts:
            return _constants(node.name, drafts[node.name])
        return node

    return query.transform(replaced)


def _constants(name: str, draft: Draft) -> exp.Expr:
    keys = draft.written.keys
    columns = [
        f"CAST({quoted(label)} AS {duckdb_type(key.type)}) AS {quoted(label)}"
        for key, label in keys
    ]
    rows = [
        "("
        + ", ".join(
            constant(Literal(value, key.type)) for value, (key, _) in zip(group, keys, strict=True)
        )
        + ")"
        for group in draft.groups or ()
    ]
    labels = ", ".join(quoted(label) for _, label in keys)
    if rows:
        body = f"(VALUES {', '.join(rows)}) AS v({labels})"
    else:
        nothing = ", ".join(f"NULL AS {quoted(label)}" for _, label in keys)
        body = f"(SELECT {nothing} WHERE FALSE) AS v"
    sql = f"SELECT {', '.join(columns)} FROM {body}"
    alias = exp.TableAlias(this=exp.to_identifier(name, quoted=True))
    return exp.Subquery(this=sqlglot.parse_one(sql, dialect="duckdb"), alias=alias)
