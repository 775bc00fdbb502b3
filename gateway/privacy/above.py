"""SELECTs above the boundary: the analyst's own syntax, its tables and subqueries replaced."""

from __future__ import annotations

from abc import ABC, abstractmethod

from sqlglot import exp

from gateway.errors import Code, Refusal
from gateway.policy.catalog import Table
from gateway.privacy.decorrelate import Pairs, decorrelated
from gateway.privacy.found import Above, Env, Found, from_nodes, own_columns
from gateway.privacy.outputs import aggregates, named
from gateway.privacy.plan import PublicTable
from gateway.privacy.relation import Relation
from gateway.privacy.scope import name_of
from gateway.privacy.sources import source_name
from gateway.rewrite.expressions import constant
from gateway.sql.bind import Binder, refuse
from gateway.sql.expressions import Expr, Literal
from gateway.sql.parse import position_of
from gateway.sql.tree import rebuilt
from gateway.sql.types import Scalar

MOST_NODES = 20_000
"""Nodes that reading common table expressions may add: each reading is a copy."""


class AboveBoundary(ABC):
    """The half of the splitter that rewrites post-processing. `public_tables` gathers what it
    reads besides noisy tables."""

    def __init__(self, parameters: tuple[Scalar, ...]) -> None:
        self.public_tables: dict[str, PublicTable] = {}
        self._constants = parameters
        self._inlined = 0

    @abstractmethod
    def _query(self, query: exp.Expr, env: Env) -> Found:
        """What a query turns out to be."""

    @abstractmethod
    def _source(self, node: exp.Expr, env: Env) -> Found | Table | None:
        """What a node in FROM reads."""

    @abstractmethod
    def _narrowed(self, made: exp.Select, pairs: Pairs, node: exp.Expr, env: Env) -> exp.Select:
        """A subquery's groups without those that the rows around it cannot ask for."""

    def _above_select(self, query: exp.Select, env: Env) -> Above:
        copy = named(query.copy())
        copy.set("with_", None)
        for part in list(copy.args):
            # The nodes themselves where no name was added: what they are is known by then.
            value = copy.args[part] if part == "expressions" else query.args.get(part)
            if value:
                copy.set(part, self._above_parts(value, env))
        return Above(query=copy, original=query)

    def _above_parts(self, value: object, env: Env) -> object:
        if isinstance(value, list):
            return [self._above_parts(part, env) for part in value]
        return self._above(value, env) if isinstance(value, exp.Expr) else value

    def _above(self, node: exp.Expr, env: Env) -> exp.Expr:
        """A node above the boundary, with the tables and subqueries inside it replaced."""
        if isinstance(node, exp.Table):
            return self._above_table(node, env)
        if isinstance(node, exp.Query):
            return self._above_query(node, env)
        if isinstance(node, exp.Parameter):
            bound = Binder(no_columns, self._constants).bind(node)
            return exp.maybe_parse(_literal(bound), dialect="duckdb")
        if isinstance(node, exp.Lateral):
            raise refuse(node, "LATERAL", "Write a join.")
        return rebuilt(node, lambda part: self._above(part, env))

    def _above_query(self, node: exp.Query, env: Env) -> exp.Expr:
        found = self._query(self._looked_up(node, env), env)
        if isinstance(found, Relation):
            raise Refusal(
                Code.NOT_PRIVATE,
                "The subquery would return rows of individuals.",
                "Aggregate inside the subquery.",
                position_of(node),
            )
        if isinstance(node, exp.Subquery) and not isinstance(found.query, exp.Subquery):
            return exp.Subquery(this=found.query, alias=node.args.get("alias"))
        return found.query

    def _looked_up(self, node: exp.Query, env: Env) -> exp.Query:
        """A correlated scalar subquery over protected rows as a look-up; others as they are."""
        inner = node.this if isinstance(node, exp.Subquery) else node
        in_from = isinstance(node.parent, (exp.From, exp.Join))
        if not isinstance(inner, exp.Select) or in_from or inner.args.get("with_"):
            return node
        sources = [(source_name(n), self._source(n, env)) for n, _ in from_nodes(inner)]
        if not any(isinstance(source, Relation) for _, source in sources):
            return node
        made = decorrelated(
            inner, own_columns(sources), lambda made, pairs: self._narrowed(made, pairs, node, env)
        )
        if made is None:
            _refuse_tied(inner, {name for name, _ in sources})
            return node
        return exp.Subquery(this=made)

    def _above_table(self, node: exp.Table, env: Env) -> exp.Expr:
        name = name_of(node.this)
        alias = node.args.get("alias") or exp.TableAlias(this=exp.to_identifier(name, quoted=True))
        source = self._source(node, env)
        if isinstance(source, Above):
            self._inlined += sum(1 for _ in source.query.walk())
            if self._inlined > MOST_NODES:
                raise refuse(node, "Reading results so many times over", "Repeat them less often.")
            return exp.Subquery(this=source.query.copy(), alias=alias)
        if not isinstance(source, Table):
            raise AssertionError("a protected source stands below the boundary")
        shown = f"public_{source.name}"
        self.public_tables[shown] = PublicTable(
            name=shown,
            source=source.source,
            columns=tuple((c.name, c.type) for c in source.columns.values() if c.usable),
        )
        return exp.Table(this=exp.to_identifier(shown, quoted=True), alias=alias)


def _refuse_tied(query: exp.Select, own: set[str]) -> None:
    """Refuse a subquery over protected rows that reads a result's row in a way that no released
    table answers."""
    for node in query.find_all(exp.Column):
        table = name_of(node.args.get("table"))
        if table and table not in own and node.parent_select is query:
            what, instead = (
                ("Asking whether protected rows exist for", "Compare a COUNT(*) with a number")
                if not aggregates(query)
                else ("A subquery over protected rows that is tied in this way to", _INSTEAD)
            )
            raise refuse(node, f"{what} a row of a result", f"{instead}.")


_INSTEAD = "Tie it by equalities alone, without LIMIT or DISTINCT, or join a grouped subquery"


def no_columns(node: exp.Column) -> Expr:
    """A binder's look-up where only constants may stand."""
    raise refuse(node, "A column here", "Use a constant.")


def _literal(bound: Expr) -> str:
    if not isinstance(bound, Literal):
        raise AssertionError("a parameter is a constant")
    return constant(bound)
