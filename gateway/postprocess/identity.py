"""What tells the rows of a SELECT over noisy tables apart: the same in the answer and each draw.

Noise changes numbers, never keys. So rows are told apart by the group keys of the noisy tables
that they come from, whether the analyst selects them or not.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from gateway.postprocess.lineage import Direct, of_expression, selects, sources
from gateway.privacy.group_keys import has_sets, leaves
from gateway.privacy.outputs import aggregate_calls
from gateway.privacy.plan import Release
from gateway.privacy.read_off import key_names

_MARK = "identity "
"""Begins the name of a column that the gateway adds."""


class Identities:
    """Finds, and where it must adds, the columns by which rows of one query are told apart."""

    def __init__(self, releases: Mapping[str, Release], direct: Direct) -> None:
        self._releases = releases
        self._direct = direct
        self._added = 0

    def of(self, query: exp.Select) -> list[exp.Expr]:
        """Expressions over the sources of a SELECT that tell its rows apart, without those that
        it selects anyway. Subqueries in FROM get hidden columns where they must."""
        shown = {item.unalias().sql() for item in query.expressions}
        return [node for node in self._all(query) if node.sql() not in shown]

    def hide(self, query: exp.Select, found: list[exp.Expr]) -> list[str]:
        """Add expressions to the SELECT list; the names that they got."""
        names: list[str] = []
        taken = {item.alias_or_name for item in query.expressions}
        for node in found:
            self._added += 1
            while f"{_MARK}{self._added}" in taken:  # an analyst may have quoted just this
                self._added += 1
            names.append(f"{_MARK}{self._added}")
            query.append("expressions", exp.alias_(node.copy(), names[-1], quoted=True))
        return names

    def _all(self, query: exp.Select) -> list[exp.Expr]:
        group = query.args.get("group")
        if group is not None:
            keys = [node for node in leaves(group) if self._kept(node, query)]
            if not has_sets(query):
                return [key.copy() for key in keys]
            totals = [exp.Grouping(expressions=[key.copy()]) for key in keys]
            return [*(key.copy() for key in keys), *totals]
        if any(True for item in query.expressions for _ in aggregate_calls(item)):
            return []
        return [
            node for name, source in sources(query).items() for node in self._from(name, source)
        ]

    def _kept(self, node: exp.Expr, query: exp.Select) -> bool:
        return not of_expression(node, query, self._releases, self._direct).noisy

    def _from(self, name: str, source: exp.Expr) -> list[exp.Expr]:
        if isinstance(source, exp.Table):
            release = self._releases.get(source.name)
            keys = key_names(release) if release else ()
            return [exp.column(key, table=name, quoted=True) for key in keys]
        if not isinstance(source, exp.Subquery):
            return []
        inner = source.this
        if isinstance(inner, exp.Select) and not inner.args.get("distinct"):
            known = {item.unalias().sql(): item.alias_or_name for item in inner.expressions}
            wanted = self._all(inner)
            names = [known[node.sql()] for node in wanted if node.sql() in known]
            names += self.hide(inner, [node for node in wanted if node.sql() not in known])
        else:
            names = [item.alias_or_name for item in selects(source)]
            names = [n for n in names if self._kept_name(n, source)]
        return [exp.column(column, table=name, quoted=True) for column in names]

    def _kept_name(self, name: str, source: exp.Subquery) -> bool:
        """Whether a column of a subquery whose rows are told apart by its values is free of
        noise."""
        around = exp.select("*").from_(source.copy())
        column = exp.column(name, table=source.alias_or_name, quoted=True)
        return self._kept(column, around)
