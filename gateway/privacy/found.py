"""What a query turns out to be: rows with owners, or post-processing over released tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from gateway.policy.catalog import Table
from gateway.privacy.relation import Relation
from gateway.privacy.scope import name_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Above:
    """A query over noisy and public tables: `query` rewritten, `original` as the analyst wrote
    it, for reading it again as a public relation where it meets protected rows; `env` is what it
    saw where it was defined, None where that is what is seen at its place; `names` are those that
    a common table expression gives its columns."""

    query: exp.Query
    original: exp.Expr
    env: Env | None = None
    names: tuple[str, ...] = ()


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


def own_columns(
    sources: Sequence[tuple[str, Found | Table | None]],
) -> Callable[[exp.Column], bool]:
    """Whether a column is one that these sources of FROM show."""
    visible = {(name, column) for name, source in sources for column in _shown(source)}
    names = {column for _, column in visible}

    def inside(column: exp.Column) -> bool:
        table, name = name_of(column.args.get("table")), name_of(column.this)
        return (table, name) in visible if table else name in names

    return inside


def _shown(source: Found | Table | None) -> list[str]:
    if isinstance(source, Relation):
        return [name for name, _ in source.visible]
    if isinstance(source, Table):
        return [column.name for column in source.columns.values() if column.usable]
    return []
