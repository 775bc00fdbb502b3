"""What a query turns out to be: rows with owners, or post-processing over released tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from gateway.privacy.relation import Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Above:
    """A query over noisy and public tables: `query` rewritten, `original` as the analyst wrote
    it, for reading it again as a public relation where it meets protected rows."""

    query: exp.Query
    original: exp.Expr


Found = Relation | Above
Env = Mapping[str, Found]
"""Common table expressions by name."""


def from_nodes(query: exp.Select) -> list[tuple[exp.Expr, exp.Join | None]]:
    """What stands in FROM, each with the join that brings it in."""
    clause = query.args.get("from_")
    if clause is None:
        return []
    first: exp.Expr = clause.this
    joins = [*(first.args.get("joins") or []), *(query.args.get("joins") or [])]
    return [(first, None), *((join.this, join) for join in joins)]
