"""Which columns of the answer carry noise, and which are one released number as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from gateway.privacy.outputs import plain
from gateway.privacy.plan import Release
from gateway.privacy.read_off import reading_column
from gateway.sql.noise_ends import argument_of, end_of


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an answer's column comes from.

    `noisy` says whether noise is in it; `direct` names the release and measure of which it is
    exactly the one number, in the analyst's units; None for anything computed.
    """

    noisy: bool
    direct: tuple[str, str] | None


Direct = Mapping[str, tuple[str, str]]
"""For `TABLE: SQL` of an expression over a noisy table: its release and measure."""


def origins(query: exp.Expr, releases: Mapping[str, Release], direct: Direct) -> list[Origin]:
    """The origin of each column of a qualified query, in order."""
    return [_origin(query, i, releases, direct) for i in range(len(selects(query)))]


def selects(query: exp.Expr) -> list[exp.Expr]:
    """The SELECT list of a query, of the first one of a set operation."""
    while isinstance(query, (exp.SetOperation, exp.Subquery)):
        query = query.this
    return list(query.expressions) if isinstance(query, exp.Select) else []


def _origin(query: exp.Expr, index: int, releases: Mapping[str, Release], direct: Direct) -> Origin:
    if isinstance(query, exp.Subquery):
        return _origin(query.this, index, releases, direct)
    if isinstance(query, exp.SetOperation):
        sides = [_origin(side, index, releases, direct) for side in (query.left, query.right)]
        return Origin(any(side.noisy for side in sides), None)
    if not isinstance(query, exp.Select) or index >= len(query.expressions):
        return Origin(True, None)
    item = query.expressions[index]
    return of_expression(item.unalias(), query, releases, direct)


def of_expression(
    node: exp.Expr, query: exp.Select, releases: Mapping[str, Release], direct: Direct
) -> Origin:
    """The origin of an expression over the sources of a SELECT. The end of a number's interval
    moves with the number."""
    while isinstance(node, exp.Paren) or end_of(node):
        node = argument_of(node) if end_of(node) else node.this
    if isinstance(node, exp.Column):
        return _of_column(node, query, releases, direct)
    found = node.find_all(exp.AggFunc, exp.Window, exp.Query)
    across = any(not isinstance(part, exp.Grouping) for part in found)
    if across and _reads_noise(query, releases):
        return Origin(True, None)
    parts = [_of_column(column, query, releases, direct) for column in node.find_all(exp.Column)]
    known = None if query.args.get("group") else direct.get(_shown(node, query))
    return Origin(any(part.noisy for part in parts), known)


def _shown(node: exp.Expr, query: exp.Select) -> str:
    """The key of `Direct` for an expression over one noisy table."""
    tables = {
        source.name
        for column in node.find_all(exp.Column)
        if isinstance(source := sources(query).get(column.table), exp.Table)
    }
    return f"{tables.pop() if len(tables) == 1 else ''}: {plain(node)}"


def _of_column(
    node: exp.Column, query: exp.Select, releases: Mapping[str, Release], direct: Direct
) -> Origin:
    source = sources(query).get(node.table)
    if isinstance(source, exp.Table):
        release = releases.get(source.name)
        return Origin(release is not None and node.name in _numbers(release), None)
    if isinstance(source, exp.Subquery):
        names = [item.alias_or_name for item in selects(source)]
        if node.name in names:
            return _origin(source, names.index(node.name), releases, direct)
    return Origin(_reads_noise(query, releases), None)


def _numbers(release: Release) -> set[str]:
    """The columns of a noisy table that hold numbers, not keys."""
    if release.histogram is not None:
        return {reading_column(release.name, number) for number in range(len(release.readings))}
    return {measure.column for measure in release.measures}


def sources(query: exp.Select) -> dict[str, exp.Expr]:
    """What stands in FROM, by the name it goes by."""
    found: dict[str, exp.Expr] = {}
    clause = query.args.get("from_")
    for node in [clause.this if clause else None, *(j.this for j in query.args.get("joins") or [])]:
        if node is not None:
            found[node.alias_or_name] = node
    return found


def _reads_noise(query: exp.Expr, releases: Mapping[str, Release]) -> bool:
    return any(table.name in releases for table in query.find_all(exp.Table))
