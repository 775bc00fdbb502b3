"""Where the boundary runs: which SELECTs become releases, and what is left above them.

Each SELECT is either *below* (its rows have owners: a `Relation`), or *above* (it reads noisy and
public tables only: syntax for the in-memory DuckDB). A SELECT over a relation that aggregates is
the boundary: its FROM and WHERE go below, and what it selects is rewritten over the noisy table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from gateway.errors import Code, Refusal
from gateway.policy.catalog import Dataset, Table
from gateway.privacy.aggregates import Aggregate, outer_expression
from gateway.privacy.boundary import Release, cross
from gateway.privacy.drafts import Draft, draft
from gateway.privacy.group_keys import group_keys
from gateway.privacy.measures import Measure
from gateway.privacy.outputs import aggregates, named, output_name, plain
from gateway.privacy.partitions import PublicFacts
from gateway.privacy.per_owner import GroupBinder, one_owner_each
from gateway.privacy.plan import PublicTable
from gateway.privacy.relation import Relation
from gateway.privacy.renumber import renumbered
from gateway.privacy.scope import Scope, name_of
from gateway.privacy.sources import (
    Binding,
    Combined,
    Entry,
    combine,
    renamed,
    source_name,
    table_of,
)
from gateway.privacy.subqueries import within
from gateway.privacy.trace import Numbers, computed, filtered, scan
from gateway.rewrite.expressions import constant
from gateway.sql.bind import Binder, refuse
from gateway.sql.expressions import Expr, Literal, Ref
from gateway.sql.parse import position_of
from gateway.sql.tree import rebuilt
from gateway.sql.types import Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class Above:
    """A query over noisy and public tables: `query` rewritten, `original` as the analyst wrote
    it, for reading it again as a public relation where it meets protected rows."""

    query: exp.Query
    original: exp.Expr


MOST_NODES = 20_000
"""Nodes that reading common table expressions may add: each reading is a copy."""

Found = Relation | Above
Env = Mapping[str, Found]
_NOT_READ = ("laterals", "pivots", "sample", "connect", "match", "locks", "into", "hint", "kind")


class Splitter:
    """Splits one question. `drafts` and `public_tables` gather what the result reads, by name;
    `direct` gathers which expressions over a noisy table show one released number as it is."""

    def __init__(
        self,
        dataset: Dataset,
        public: PublicFacts,
        parameters: tuple[Scalar, ...],
        noise: float,
    ) -> None:
        self.drafts: dict[str, Draft] = {}
        self.public_tables: dict[str, PublicTable] = {}
        self.direct: dict[str, tuple[str, str]] = {}
        self._dataset = dataset
        self._public = public
        self._parameters = parameters
        self._noise = noise
        self._numbers = Numbers()
        self._inlined = 0

    def split(self, query: exp.Query) -> exp.Query:
        """The post-processing of a question, over the tables that were gathered.

        What is defined and never read, such as an unused common table expression, is not released.
        Raises Refusal, NOT_PRIVATE where the result would show rows of individuals.
        """
        found = self._query(query, {})
        if isinstance(found, Relation):
            raise Refusal(
                Code.NOT_PRIVATE,
                f"The query would return rows of single {self._dataset.policy.privacy.unit}s.",
                "Aggregate: for example SELECT column, COUNT(*) FROM … GROUP BY column.",
                position_of(query),
            )
        read = {table.name for table in found.query.find_all(exp.Table)}
        self.drafts = {name: made for name, made in self.drafts.items() if name in read}
        self.public_tables = {n: table for n, table in self.public_tables.items() if n in read}
        return found.query

    # queries

    def _query(self, query: exp.Expr, env: Env) -> Found:
        if isinstance(query, exp.Subquery):
            return self._subquery(query, env)
        if isinstance(query, exp.SetOperation):
            return self._set_operation(query, env)
        if isinstance(query, exp.Select):
            return self._select(query, env)
        raise refuse(query, "This kind of query", "Write a SELECT.")

    def _subquery(self, query: exp.Subquery, env: Env) -> Found:
        inner = self._query(query.this, self._with(query, env))
        rest = [
            part for part, v in query.args.items() if v and part not in ("this", "alias", "with_")
        ]
        if not rest:
            return inner
        if isinstance(inner, Relation):
            raise refuse(query, f"{rest[0].upper()} over rows of individuals", "Aggregate first.")
        copy = query.copy()
        copy.set("this", inner.query)
        copy.set("with_", None)
        return Above(query=copy, original=query)

    def _with(self, query: exp.Expr, env: Env) -> Env:
        clause = query.args.get("with_")
        if clause is None:
            return env
        if clause.args.get("recursive"):
            raise refuse(clause, "WITH RECURSIVE", "Write the steps out.")
        found = dict(env)
        for table in clause.expressions:
            made = self._query(table.this, found)
            name = name_of(table.args["alias"].this)
            if isinstance(made, Relation):
                found[name] = replace(made, visible=renamed(table, made))
            else:
                names = [name_of(part) for part in table.args["alias"].columns]
                found[name] = Above(query=_renaming(made.query, names), original=table.this)
        return found

    def _set_operation(self, query: exp.SetOperation, env: Env) -> Found:
        inner_env = self._with(query, env)
        copy = query.copy()
        copy.set("with_", None)
        for part in ("this", "expression"):
            side = self._query(query.args[part], inner_env)
            if isinstance(side, Relation):
                raise refuse(
                    query,
                    f"{type(query).__name__.upper()} over rows of individuals",
                    "Aggregate each part, then combine the results.",
                )
            copy.set(part, _operand(query.args[part], side.query))
        for part, value in query.args.items():
            if part not in ("this", "expression", "with_"):
                copy.set(part, self._above_parts(value, inner_env))
        return Above(query=copy, original=query)

    def _select(self, query: exp.Select, env: Env) -> Found:
        for part in _NOT_READ:
            if query.args.get(part):
                raise refuse(query, f"{part.upper()} in SELECT", "Leave it out.")
        inner_env = self._with(query, env)
        nodes = _from_nodes(query)
        found = [self._source(node, inner_env) for node, _ in nodes]
        if not any(isinstance(source, Relation) for source in found):
            return self._above_select(query, inner_env)
        combined = self._combined(query, found, inner_env)
        relation, scope = combined.relation, combined.scope
        binder = self._binding(inner_env, [relation])(scope)
        if not aggregates(query):
            return self._rows(query, relation, scope, binder)
        keys = group_keys(query, scope, binder)
        if one_owner_each(keys, relation):
            return self._groups(query, relation, scope, keys, binder)
        made = cross(
            query,
            relation,
            scope,
            binder,
            lambda node: self._above(node, inner_env),
            lambda keys, asked, totals: self._release(relation, keys, asked, totals),
        )
        return Above(query=made, original=query)

    # below the boundary

    def _source(self, node: exp.Expr, env: Env) -> Found | Table | None:
        """What a node in FROM reads: protected rows, a query above, a public table, constants."""
        if isinstance(node, exp.Table):
            name = name_of(node.this)
            if not node.args.get("db") and name in env:
                known = env[name]
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
            def test(node: exp.Expr, value: Expr | None) -> Expr:
                return self._within(node, value, scope, relations, env)

            return Binder(scope.lookup, self._parameters, test)

        return bound

    def _within(
        self, node: exp.Expr, value: Expr | None, scope: Scope, outers: list[Relation], env: Env
    ) -> Expr:
        """EXISTS (node), or value IN (node), as a test of the outer row."""
        query = node.this if isinstance(node, exp.Subquery) else node
        if not isinstance(query, exp.Select) or not _from_nodes(query):
            raise refuse(node, "This subquery below the aggregates", "Use a plain SELECT.")
        inner_env = self._with(query, env)
        found = [self._source(part, inner_env) for part, _ in _from_nodes(query)]
        inner = self._combined(query, found, inner_env, scope, outers)
        _refuse_picking(query)
        relation, item = inner.relation, None
        if aggregates(query):
            relation = self._grouped_test(node, query, inner, inner_env)
        if value is not None:
            binder = self._binding(inner_env, [relation])(inner.scope)
            items = (
                [(name, Ref(column)) for name, column in relation.visible]
                if aggregates(query)
                else self._bound_items(query, inner.scope, binder)
            )
            if len(items) != 1:
                raise refuse(node, "IN with several columns", "Select one column.")
            item = items[0][1]
        made = within(outers, relation, inner.correlated, value, item)
        if made is None:
            raise Refusal(
                Code.NOT_PRIVATE,
                "The subquery would test a row against rows of other owners.",
                "Correlate it on the owner, or ask for the inner result in a query of its own.",
                position_of(node),
            )
        return made

    def _grouped_test(
        self, node: exp.Expr, query: exp.Select, inner: Combined, env: Env
    ) -> Relation:
        """What an EXISTS or IN reads that groups its rows: groups of one owner each."""
        binder = self._binding(env, [inner.relation])(inner.scope)
        keys = group_keys(query, inner.scope, binder)
        if not one_owner_each(keys, inner.relation) or inner.correlated:
            raise refuse(
                node,
                "A subquery that groups rows of several owners, below the aggregates,",
                "Group by the owner, or ask for the inner result in a query of its own.",
            )
        return self._groups(query, inner.relation, inner.scope, keys, binder)

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
            for (node, join), source in zip(_from_nodes(query), found, strict=True)
        ]
        where = query.args.get("where")
        binding = self._binding(env, [*(entry.relation for entry in entries), *outers])
        return combine(entries, where.this if where else None, binding, parent)

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
        """A query over public tables alone, as a relation that protected rows can be joined to."""
        query = source.original if source else node
        while isinstance(query, exp.Subquery):
            query = query.this
        if isinstance(query, exp.Select) and not aggregates(query) and _from_nodes(query):
            inner_env = self._with(query, env)
            found = [self._source(part, inner_env) for part, _ in _from_nodes(query)]
            combined = self._combined(query, found, inner_env)
            binder = self._binding(inner_env, [combined.relation])(combined.scope)
            return self._rows(query, combined.relation, combined.scope, binder)
        raise refuse(
            node,
            "A join of protected rows with results",
            "Join protected tables with public tables, and combine results in an outer query.",
        )

    def _rows(
        self, query: exp.Select, relation: Relation, scope: Scope, binder: Binder
    ) -> Relation:
        """A SELECT without aggregates, below the boundary: other columns of the same rows."""
        _refuse_picking(query)
        items = self._bound_items(query, scope, binder)
        return computed(relation, tuple(items), self._numbers)

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
        binder = GroupBinder(relation, scope, keys, rows, self._numbers)
        items = self._bound_items(query, scope, binder)
        having = query.args.get("having")
        condition = binder.condition(having.this) if having else None
        grouped = binder.grouped()
        if condition is not None:
            grouped = filtered(grouped, condition)
        return computed(grouped, tuple(items), self._numbers)

    def _release(
        self,
        relation: Relation,
        keys: Sequence[Expr],
        asked: Sequence[Aggregate],
        totals: bool,
    ) -> Release:
        made, formulas = draft(
            relation,
            keys,
            asked,
            guarantee=self._dataset.policy.privacy.guarantee,
            noise=self._noise,
            dialect=self._dataset.dialect,
            public=self._public,
            numbers=self._numbers,
        )
        name = self._name_for(made)
        if totals:
            _refuse_owner_totals(asked)

        def column(measure: Measure) -> str:
            return f"SUM({made.column(measure)})" if totals else made.column(measure)

        values = tuple(
            outer_expression(formula, column, made.bounds.row_unit, made.bounds.owner_unit)
            for formula in formulas
        )
        for formula, value in zip(formulas, values, strict=True):
            measure = formula.only
            if measure is not None and not totals:
                self.direct[f"{name}: {plain(value)}"] = (name, made.column(measure))
        table = exp.Table(this=exp.to_identifier(name, quoted=True))
        columns = {key: made.key(key) for key in keys}
        return Release(table=table, keys=columns, values=values)

    def _name_for(self, made: Draft) -> str:
        for name, known in self.drafts.items():
            if known.written.statement == made.written.statement and known.groups == made.groups:
                return name
        name = f"noisy_{len(self.drafts) + 1}"
        self.drafts[name] = made
        return name

    # above the boundary

    def _above_select(self, query: exp.Select, env: Env) -> Above:
        copy = named(query.copy())
        copy.set("with_", None)
        for part, value in list(copy.args.items()):
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
            bound = Binder(_no_columns, self._parameters).bind(node)
            return exp.maybe_parse(_literal(bound), dialect="duckdb")
        if isinstance(node, exp.Lateral):
            raise refuse(node, "LATERAL", "Write a join.")
        return rebuilt(node, lambda part: self._above(part, env))

    def _above_query(self, node: exp.Query, env: Env) -> exp.Expr:
        found = self._query(node, env)
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


def _from_nodes(query: exp.Select) -> list[tuple[exp.Expr, exp.Join | None]]:
    clause = query.args.get("from_")
    if clause is None:
        return []
    first: exp.Expr = clause.this
    joins = [*(first.args.get("joins") or []), *(query.args.get("joins") or [])]
    return [(first, None), *((join.this, join) for join in joins)]


def _refuse_owner_totals(asked: Sequence[Aggregate]) -> None:
    if any(aggregate.kind == "owners" for aggregate in asked):
        raise Refusal(
            Code.UNSUPPORTED_SQL,
            "Counts of distinct owners do not add up: one owner may be in several groups.",
            "Ask for each level of totals in a query of its own.",
        )


def _refuse_picking(query: exp.Select) -> None:
    for part in ("limit", "offset", "fetch", "qualify", "windows"):
        if query.args.get(part):
            raise Refusal(
                Code.NOT_PRIVATE,
                f"{part.upper()} would pick rows of individuals.",
                "Aggregate first; LIMIT and windows work on the results.",
                position_of(query),
            )


def _operand(written: exp.Expr, query: exp.Query) -> exp.Query:
    """One side of a set operation, in parentheses where it was, or has an order of its own."""
    own = any(query.args.get(part) for part in ("order", "limit", "offset", "fetch"))
    if isinstance(query, exp.Subquery) or not (own or isinstance(written, exp.Subquery)):
        return query
    return exp.Subquery(this=query)


def _renaming(query: exp.Query, names: list[str]) -> exp.Query:
    """The same query with its columns renamed, as `WITH t (a, b) AS …` does."""
    if not names:
        return query
    columns = [exp.to_identifier(name, quoted=True) for name in names]
    alias = exp.TableAlias(this=exp.to_identifier("renamed"), columns=columns)
    return exp.select("*").from_(exp.Subquery(this=query, alias=alias))


def _star(node: exp.Expr, scope: Scope) -> list[tuple[str, Expr]]:
    if isinstance(node, exp.Star) or (isinstance(node, exp.Column) and node.is_star):
        star = node if isinstance(node, exp.Star) else node.this
        if any(star.args.values()):
            raise refuse(node, "EXCEPT, REPLACE or RENAME of *", "Name the columns.")
        table = name_of(node.args.get("table")) if isinstance(node, exp.Column) else ""
        return [(name, Ref(column)) for name, column in scope.star(table)]
    return []


def _no_columns(node: exp.Column) -> Expr:
    raise refuse(node, "A column here", "Use a constant.")


def _literal(bound: Expr) -> str:
    if not isinstance(bound, Literal):
        raise AssertionError("a parameter is a constant")
    return constant(bound)
