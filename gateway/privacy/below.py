"""SELECTs below the boundary: sources, joins, tests and groups of one owner's rows each."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeGuard

from sqlglot import exp

from gateway.errors import Code, Refusal
from gateway.policy.catalog import Dataset, Table
from gateway.privacy.above import no_columns
from gateway.privacy.constants import constants
from gateway.privacy.estimates import Estimates
from gateway.privacy.found import Above, Env, Found, from_nodes
from gateway.privacy.group_keys import group_keys, has_sets
from gateway.privacy.outputs import aggregates, aliases_of, output_name
from gateway.privacy.per_owner import GroupBinder, one_owner_each
from gateway.privacy.relation import Relation
from gateway.privacy.renumber import renumbered
from gateway.privacy.results import PICKING
from gateway.privacy.scope import Scope, Source, name_of
from gateway.privacy.sources import (
    Binding,
    Combined,
    Entry,
    combine,
    of_dataset,
    renamed,
    source_name,
    table_of,
)
from gateway.privacy.subqueries import (
    CorrelatedBinder,
    compared,
    same_owner,
    sides_of_in,
    tied_columns,
    within,
)
from gateway.privacy.trace import Numbers, all_of, computed, filtered, scan
from gateway.privacy.windows import Windows
from gateway.sql.bind import Binder, Comparison, refuse
from gateway.sql.expressions import Expr, Ref
from gateway.sql.parse import position_of
from gateway.sql.tree import rebuilt
from gateway.sql.types import Scalar

Tied = Callable[[exp.Select, Sequence[Found | Table | None]], Expr | None]
"""A scalar subquery, given its sources, as a value of rows of the same owner; None for others."""


class Below(ABC):
    """The half of the splitter that makes relations. `_query` and `_with` are the whole's."""

    def __init__(
        self, dataset: Dataset, parameters: tuple[Scalar, ...], estimates: Estimates
    ) -> None:
        self.estimates = estimates
        self._dataset = dataset
        self._parameters = parameters
        self._numbers = Numbers()
        self._views: Env = {}

    @abstractmethod
    def _query(self, query: exp.Expr, env: Env) -> Found:
        """What a query turns out to be."""

    @abstractmethod
    def _scalar(self, node: exp.Expr, env: Env, binder: Binder, tied: Tied) -> Expr:
        """The one value of a subquery: of rows of the same owner (`tied`), or released before the
        rows are read."""

    @abstractmethod
    def _results(self, query: exp.Query, node: exp.Expr) -> Relation:
        """A query above the boundary as a table that is filled in before rows are read."""

    @abstractmethod
    def _with(self, query: exp.Expr, env: Env) -> Env:
        """The common table expressions that a query sees."""

    def _source(self, node: exp.Expr, env: Env) -> Found | Table | None:
        """What a node in FROM reads: protected rows, a query above, a public table, constants."""
        if isinstance(node, exp.Table):
            name = name_of(node.this)
            known = env.get(name)
            if node.args.get("db"):
                known = self._views.get(name) if of_dataset(node, self._dataset) else None
            if known is not None:
                # Each reading of a common table expression has columns of its own.
                return renumbered(known, self._numbers) if isinstance(known, Relation) else known
            table = table_of(node, self._dataset)
            return table if table.public else scan(table, self._dataset.tables, self._numbers)
        if isinstance(node, exp.Subquery):
            return self._query(node, env)
        if isinstance(node, exp.Values):
            return None
        raise refuse(node, f"{type(node).__name__.upper()} in FROM", "Read a table or a subquery.")

    def _binding(self, env: Env, relations: list[Relation]) -> Binding:
        """Binders whose subqueries test the rows of these relations."""

        def bound(scope: Scope) -> Binder:
            def test(node: exp.Expr, value: Expr | None, comparison: Comparison | None) -> Expr:
                return self._within(node, value, comparison, scope, relations, env)

            def scalar(node: exp.Expr) -> Expr:
                return self._scalar(node, env, binder, tied)

            def tied(query: exp.Select, found: Sequence[Found | Table | None]) -> Expr | None:
                return self._correlated(query, found, scope, relations, env)

            binder = Binder(scope.lookup, self._parameters, test, scalar)
            return binder

        return bound

    def _correlated(
        self,
        query: exp.Select,
        found: Sequence[Found | Table | None],
        scope: Scope,
        outers: list[Relation],
        env: Env,
    ) -> Expr | None:
        """What a scalar subquery gives that is tied to the outer row's owner; None for others."""
        where = query.args.get("where")
        sources = [
            Source(name=source_name(node), visible=renamed(node, source))
            for (node, _), source in zip(from_nodes(query), found, strict=True)
            if isinstance(source, Relation)
        ]
        ties = tied_columns(where.this if where else None, Scope(sources, parent=scope).find)
        owned = [source for source in found if isinstance(source, Relation) and source.owner]
        if not any(same_owner(outers, source, ties) for source in owned):
            return None
        for part in ("group", "having", "distinct", *PICKING):
            if query.args.get(part):
                raise refuse(
                    query,
                    f"{part.upper()} in a subquery that gives one value for each row",
                    "Ask for one aggregate, such as MIN, MAX or COUNT; for the row before or "
                    "after use LAG or LEAD.",
                )
        if len(query.expressions) != 1:
            raise refuse(query, "A subquery of several columns here", "Select one column.")
        inner = self._combined(query, found, env, scope, outers)
        owners = same_owner(outers, inner.relation, inner.correlated)
        if owners is None:
            raise _of_several_owners(query)
        binder = CorrelatedBinder(
            self._binding(env, [inner.relation, *outers])(inner.scope),
            outers,
            inner.relation,
            all_of([*inner.correlated, owners]),
            inner.scope,
            self.estimates,
        )
        return binder.bind(query.expressions[0].unalias())

    def _within(
        self,
        node: exp.Expr,
        value: Expr | None,
        comparison: Comparison | None,
        scope: Scope,
        outers: list[Relation],
        env: Env,
    ) -> Expr:
        """EXISTS (node), value IN (node), or a comparison with rows of node, as a test of the
        outer row."""
        query = node.this if isinstance(node, exp.Subquery) else node
        if not isinstance(query, exp.Select) or not from_nodes(query):
            return self._within_results(node, query, value, comparison, env)
        inner_env = self._with(query, env)
        found = [self._source(part, inner_env) for part, _ in from_nodes(query)]
        public = not any(isinstance(source, Relation) for source in found)
        picks = any(query.args.get(part) for part in PICKING)
        if public and (aggregates(query) or picks):
            return self._within_results(node, query, value, comparison, env)
        inner = self._combined(query, found, inner_env, scope, outers)
        relation, item = inner.relation, None
        made: Expr | None
        if aggregates(query):
            binder = self._binding(inner_env, [relation])(inner.scope)
            keys = group_keys(query, inner.scope, binder)
            if not one_owner_each(keys, relation):
                return self._within_results(node, query, value, comparison, env, inner.correlated)
            if inner.correlated:
                raise _of_several_owners(node)
            relation = self._groups(query, relation, inner.scope, keys, binder)
        else:
            _refuse_picking(query, "qualify", "windows")
        items: list[Expr] = []
        if value is not None or comparison is not None:
            binder = self._binding(inner_env, [relation])(inner.scope)
            items = (
                [Ref(column) for _, column in relation.visible]
                if aggregates(query)
                else [item for _, item in self._bound_items(query, inner.scope, binder)]
            )
        if value is not None:
            value, item = sides_of_in(value, _only(node, items), node)
        if comparison is not None:
            made = compared(outers, relation, inner.correlated, comparison(items))
        else:
            made = within(outers, relation, inner.correlated, value, item)
        if made is None:
            raise Refusal(
                Code.NOT_PRIVATE,
                "The subquery would test a row against rows of other owners.",
                "Correlate it on the owner, or ask for the inner result in a query of its own.",
                position_of(node),
            )
        return made

    def _within_results(
        self,
        node: exp.Expr,
        query: exp.Expr,
        value: Expr | None,
        comparison: Comparison | None,
        env: Env,
        correlated: Sequence[Expr] = (),
    ) -> Expr:
        """A test against what is released first, or public: the same for every row around it."""
        if correlated:
            raise _of_several_owners(node)
        found = self._query(query, env)
        if isinstance(found, Relation):
            raise refuse(node, "This subquery below the aggregates", "Use a plain SELECT.")
        relation = self._results(found.query, node)
        items: list[Expr] = [Ref(column) for _, column in relation.visible]
        made: Expr | None
        if comparison is not None:
            made = compared((), relation, (), comparison(items))
        elif value is not None:
            made = within((), relation, (), *sides_of_in(value, _only(node, items), node))
        else:
            made = within((), relation, (), None, None)
        if made is None:
            raise AssertionError("results have no owner")
        return made

    def _combined(
        self,
        query: exp.Select,
        found: Sequence[Found | Table | None],
        env: Env,
        parent: Scope | None = None,
        outers: Sequence[Relation] = (),
    ) -> Combined:
        entries = [
            self._entry(node, join, source, env)
            for (node, join), source in zip(from_nodes(query), found, strict=True)
        ]
        where = query.args.get("where")
        binding = self._binding(env, [*(entry.relation for entry in entries), *outers])
        return combine(entries, where.this if where else None, binding, parent, self._numbers)

    def _entry(
        self, node: exp.Expr, join: exp.Join | None, source: Found | Table | None, env: Env
    ) -> Entry:
        if isinstance(source, Table):
            source = scan(source, self._dataset.tables, self._numbers)
        if not isinstance(source, Relation):
            source = self._public_relation(node, source, env)
        shown = replace(source, visible=renamed(node, source))
        return Entry(name=source_name(node), relation=shown, join=join)

    def _public_relation(self, node: exp.Expr, source: Above | None, env: Env) -> Relation:
        found = self._unnamed_relation(node, source, env)
        given = source.names if source else ()
        shown = [
            (given[i] if i < len(given) else name, column)
            for i, (name, column) in enumerate(found.visible)
        ]
        return replace(found, visible=tuple(shown))

    def _unnamed_relation(self, node: exp.Expr, source: Above | None, env: Env) -> Relation:
        """A query over public tables alone, or over results, as a relation that protected rows
        can be joined to. A plain SELECT of public tables is joined where the rows are; whatever
        else is computed first."""
        query = source.original if source else node
        while isinstance(query, exp.Subquery):
            query = query.this
        if _plain(query):
            seen = env if source is None or source.env is None else source.env
            inner_env = self._with(query, seen)
            found = [self._source(part, inner_env) for part, _ in from_nodes(query)]
            combined = self._combined(query, found, inner_env)
            binder = self._binding(inner_env, [combined.relation])(combined.scope)
            return self._rows(query, combined.relation, combined.scope, binder)
        if isinstance(query, exp.Values):
            held = constants(query, Binder(no_columns, self._parameters).bind, self._numbers)
            if held is not None:
                return held
        if source is not None:
            return self._results(source.query, node)
        rows = self._query(exp.select("*").from_(_without_alias(node)), env)
        if isinstance(rows, Relation):
            raise AssertionError("constants are nobody's rows")
        return self._results(rows.query, node)

    def _rows(
        self, query: exp.Select, relation: Relation, scope: Scope, binder: Binder
    ) -> Relation:
        """A SELECT without aggregates, below the boundary: other columns of the same rows."""
        if not query.args.get("distinct"):  # DISTINCT of windows picks from its result, later
            _refuse_picking(query)
        windows = Windows(query, binder, lambda: relation.facts, self._numbers, self.estimates)
        shown = binder.with_windows(windows.bind)
        items = self._bound_items(query, scope, shown)
        kept = self._qualify(query, shown)
        relation = windows.over(relation)
        if kept is not None:
            relation = filtered(relation, kept)
        return computed(relation, tuple(items), self._numbers)

    @staticmethod
    def _qualify(query: exp.Select, binder: Binder) -> Expr | None:
        """QUALIFY: a condition on window functions, where an alias stands for what it names."""
        clause = query.args.get("qualify")
        if clause is None:
            return None
        aliases = aliases_of(query)

        def written(node: exp.Expr) -> exp.Expr:
            if (
                isinstance(node, exp.Column)
                and not node.args.get("table")
                and name_of(node.this) in aliases
                and not binder.knows(node)
            ):
                return aliases[name_of(node.this)].copy()
            return rebuilt(node, written)

        return binder.condition(written(clause.this))

    @staticmethod
    def _bound_items(query: exp.Select, scope: Scope, binder: Binder) -> list[tuple[str, Expr]]:
        items: list[tuple[str, Expr]] = []
        for node in query.expressions:
            inner = node.this if isinstance(node, exp.Alias) else node
            items += _star(inner, scope) or [(output_name(node), binder.bind(inner))]
        return items

    def _groups(
        self,
        query: exp.Select,
        relation: Relation,
        scope: Scope,
        keys: list[Expr],
        rows: Binder,
    ) -> Relation:
        """A SELECT that groups by owner, below the boundary: one row per group of one owner."""
        _refuse_picking(query)
        if has_sets(query):
            raise refuse(
                query,
                "ROLLUP, CUBE or GROUPING SETS over groups of one owner's rows",
                "GROUP BY the owner alone, and ask for totals in an outer query.",
            )
        if query.args.get("distinct") and query.args.get("group"):
            raise refuse(
                query,
                "DISTINCT over groups of one owner's rows",
                "Leave DISTINCT out, and GROUP BY the value in an outer query.",
            )
        binder = GroupBinder(relation, scope, keys, rows, self._numbers, self.estimates)
        windows = Windows(query, binder, binder.facts, self._numbers, self.estimates)
        shown = binder.with_windows(windows.bind)
        items = self._bound_items(query, scope, shown)
        having = query.args.get("having")
        condition = binder.condition(having.this) if having else None
        kept = self._qualify(query, shown)
        grouped = binder.grouped()
        if condition is not None:
            grouped = filtered(grouped, condition)
        grouped = windows.over(grouped)
        if kept is not None:
            grouped = filtered(grouped, kept)
        return computed(grouped, tuple(items), self._numbers)


def _only(node: exp.Expr, items: Sequence[Expr]) -> Expr:
    if len(items) != 1:
        raise refuse(node, "IN with several columns", "Select one column.")
    return items[0]


def _plain(query: exp.Expr) -> TypeGuard[exp.Select]:
    """Whether a query only reads columns of the rows of its sources."""
    if not isinstance(query, exp.Select) or aggregates(query) or not from_nodes(query):
        return False
    return not any(query.args.get(part) for part in PICKING) and not query.find(exp.Window)


def _without_alias(node: exp.Expr) -> exp.Expr:
    copy = node.copy()
    copy.set("alias", None)
    return copy


def _of_several_owners(node: exp.Expr) -> Refusal:
    return refuse(
        node,
        "A subquery tied to the row that groups rows of several owners, below the aggregates,",
        "Group by the owner, or join a grouped subquery that is not tied to the row.",
    )


def _refuse_picking(query: exp.Select, *more: str) -> None:
    for part in ("limit", "offset", "fetch", *more):
        if query.args.get(part):
            raise Refusal(
                Code.NOT_PRIVATE,
                f"{part.upper()} would pick rows of individuals.",
                "Aggregate first; LIMIT and windows work on the results.",
                position_of(query),
            )


def _star(node: exp.Expr, scope: Scope) -> list[tuple[str, Expr]]:
    if isinstance(node, exp.Star) or (isinstance(node, exp.Column) and node.is_star):
        star = node if isinstance(node, exp.Star) else node.this
        if any(star.args.values()):
            raise refuse(node, "EXCEPT, REPLACE or RENAME of *", "Name the columns.")
        table = name_of(node.args.get("table")) if isinstance(node, exp.Column) else ""
        return [(name, Ref(column)) for name, column in scope.star(table)]
    return []
