"""Where the boundary runs: which SELECTs become releases, and what is left above them.

Each SELECT is either *below* (its rows have owners: a `Relation`), or *above* (it reads noisy and
public tables only: syntax for the in-memory DuckDB). A SELECT over a relation that aggregates is
the boundary: its FROM and WHERE go below, and what it selects is rewritten over the noisy table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlglot import exp

from gateway.errors import Code, Refusal
from gateway.policy.catalog import Dataset
from gateway.postprocess.finish import column_types, finished
from gateway.postprocess.shapes import draft_schema, public_schema
from gateway.privacy.above import AboveBoundary
from gateway.privacy.below import Below, Tied
from gateway.privacy.boundary import cross
from gateway.privacy.declared import NOTE, declared_ends
from gateway.privacy.decorrelate import Pairs, grouped
from gateway.privacy.distinct import first_of_each, is_of_windows, of_all
from gateway.privacy.drafts import Draft
from gateway.privacy.estimates import Estimates, OwnersBySize, Sought
from gateway.privacy.found import Above, Env, Found, from_nodes, own_columns
from gateway.privacy.group_keys import group_keys
from gateway.privacy.narrowing import narrowed
from gateway.privacy.outputs import aggregates
from gateway.privacy.partitions import PublicFacts
from gateway.privacy.per_owner import one_owner_each
from gateway.privacy.pieces import no_rows, operand, renaming
from gateway.privacy.plan import number_of, table_token, token, tokens_in
from gateway.privacy.relation import Relation
from gateway.privacy.releasing import Releasing
from gateway.privacy.results import released, unique_columns
from gateway.privacy.scope import Scope, Source, name_of
from gateway.privacy.sources import renamed, source_name
from gateway.privacy.unions import both
from gateway.privacy.views import expanded
from gateway.sql.bind import Binder, refuse
from gateway.sql.expressions import Expr, Given
from gateway.sql.functions.logic import compared_as_they_are
from gateway.sql.noise_ends import calls
from gateway.sql.parse import position_of
from gateway.sql.types import Scalar, Type
from gateway.sql.wrappers import NO_WRAPPING, Wrapping

_NOT_READ = ("laterals", "pivots", "sample", "connect", "match", "locks", "into", "hint", "kind")


class Splitter(Below, AboveBoundary, Releasing):
    """Splits one question; `public_tables` gathers what the result reads beside its releases."""

    def __init__(
        self,
        dataset: Dataset,
        public: PublicFacts,
        parameters: tuple[Scalar, ...],
        noise: float,
        released: Mapping[str, OwnersBySize],
        wrapping: Wrapping = NO_WRAPPING,
    ) -> None:
        estimates = Estimates(released, noise, dataset.dialect, wrapping.max_rows)
        Below.__init__(self, dataset, parameters, estimates)
        AboveBoundary.__init__(self, parameters)
        Releasing.__init__(self, dataset, self._numbers, public, noise, wrapping, estimates)
        # The query and its environment are kept beside the result, so that their ids stay theirs.
        self._above_queries: dict[tuple[int, int], tuple[exp.Expr, Env, Above]] = {}

    def split(self, query: exp.Query, *, empty: bool = False) -> exp.Query:
        """The post-processing of a question, over the tables that were gathered.

        With `empty` it is known to have no rows, so that of rows of individuals the types may be
        shown. What is defined and never read, such as an unused common table expression, is not
        released.
        """
        self._views = expanded(query, self._dataset.policy.views, self._query)
        found = self._query(query, self._views)
        if isinstance(found, Relation) and empty:
            return no_rows(found)
        if isinstance(found, Relation):
            raise Refusal(
                Code.NOT_PRIVATE,
                f"The query would return rows of single {self._dataset.policy.privacy.unit}s.",
                "Aggregate: for example SELECT column, COUNT(*) FROM … GROUP BY column.",
                position_of(query),
            )
        read = self._read(found.query)
        self.drafts = {name: made for name, made in self.drafts.items() if name in read}
        self.public_tables = {n: table for n, table in self.public_tables.items() if n in read}
        return found.query

    def view(self, name: str) -> Found:
        """What a view of the policy turns out to be."""
        named = exp.Table(this=exp.to_identifier(name, quoted=True))
        return expanded(named, self._dataset.policy.views, self._query)[name]

    def _read(self, query: exp.Expr) -> set[str]:
        """The tables that a query reads, also by way of the values that its releases take."""
        read = {table.name for table in query.find_all(exp.Table)}
        for name in list(read):
            if name in self.drafts:
                for mark in tokens_in(self.drafts[name].written.statement.sql):
                    read |= self._read(self.earlier[mark][0])
        return read

    def estimates_of(self, drafts: Mapping[str, Draft]) -> dict[str, Sought]:
        """The estimates from which these drafts' bounds come, in the order they were sought."""
        used = {sql for made in drafts.values() for sql in made.estimates}
        return {sql: one for sql, one in self.estimates.sought.items() if sql in used}

    # queries

    def _query(self, query: exp.Expr, env: Env) -> Found:
        """What a query turns out to be. A SELECT looks at its sources to know on which side of the
        boundary it stands, and reads them again once it knows: results are kept in between, or
        each level of nesting would double the work."""
        place = (id(query), id(env))
        if place in self._above_queries:
            known = self._above_queries[place][2]
            return replace(known, query=known.query.copy())
        found = self._read_anew(query, env)
        if isinstance(found, Above):
            self._above_queries[place] = (query, env, found)
        return found

    def _read_anew(self, query: exp.Expr, env: Env) -> Found:
        if isinstance(query, exp.Subquery):
            return self._subquery(query, env)
        if isinstance(query, exp.SetOperation):
            return self._set_operation(query, env)
        if isinstance(query, exp.Values):
            every = exp.select("*").from_(query.copy())
            return replace(self._above_select(every, env), original=query)
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
                renamed_query = renaming(made.query, names)
                found[name] = Above(
                    query=renamed_query, original=table.this, env=dict(found), names=tuple(names)
                )
        return found

    def _set_operation(self, query: exp.SetOperation, env: Env) -> Found:
        inner_env = self._with(query, env)
        sides = [self._query(query.args[part], inner_env) for part in ("this", "expression")]
        if any(isinstance(side, Relation) for side in sides):
            return self._union_all(query, sides)
        copy = query.copy()
        copy.set("with_", None)
        for part, side in zip(("this", "expression"), sides, strict=True):
            if isinstance(side, Above):
                copy.set(part, operand(query.args[part], side.query))
        for part, value in query.args.items():
            if part not in ("this", "expression", "with_"):
                copy.set(part, self._above_parts(value, inner_env))
        return Above(query=copy, original=query)

    def _union_all(self, query: exp.SetOperation, sides: list[Found]) -> Relation:
        """UNION ALL of rows of individuals, which keeps each row and its owner."""
        left, right = sides
        parts = {part for part, value in query.args.items() if value}
        plain = isinstance(query, exp.Union) and parts <= {"this", "expression", "with_"}
        made = None
        if plain and isinstance(left, Relation) and isinstance(right, Relation):
            made = both(left, right, self._numbers)
        if made is None:
            raise refuse(
                query,
                f"{type(query).__name__.upper()} over rows of individuals",
                "Use UNION ALL of rows with the same columns, or aggregate each part first.",
            )
        return made

    def _select(self, query: exp.Select, env: Env) -> Found:
        for part in _NOT_READ:
            if query.args.get(part):
                raise refuse(query, f"{part.upper()} in SELECT", "Leave it out.")
        inner_env = self._with(query, env)
        nodes = from_nodes(query)
        found = [self._source(node, inner_env) for node, _ in nodes]
        if not any(isinstance(source, Relation) for source in found):
            return self._above_select(query, inner_env)
        combined = self._combined(query, found, inner_env)
        relation, scope = combined.relation, combined.scope
        binder = self._binding(inner_env, [relation])(scope)
        distinct = query.args.get("distinct")
        if distinct and distinct.args.get("on"):
            query = first_of_each(query, relation, scope, binder)
        if is_of_windows(query):
            relation = self._rows(query, relation, scope, binder)
            scope = Scope([Source(name="", visible=relation.visible)])
            query, binder = of_all(query), self._binding(inner_env, [relation])(scope)
        if not aggregates(query):
            return self._rows(query, relation, scope, binder)
        keys = group_keys(query, scope, binder)
        if one_owner_each(keys, relation):
            return self._groups(query, relation, scope, keys, binder)
        ends = declared_ends(query, relation, scope)
        if ends is not None:
            self.notes[NOTE] = None
            return Above(query=ends, original=query)
        made = cross(
            query,
            relation,
            scope,
            binder,
            lambda node: self._above(node, inner_env),
            lambda wanted: self.release(relation, wanted),
        )
        return Above(query=made, original=query)

    def _scalar(self, node: exp.Expr, env: Env, binder: Binder, tied: Tied) -> Expr:
        """A scalar subquery over rows of the same owner is a value of the row. One over other
        owners, or over public tables, is released first and comes back as a constant; a correlated
        one as a table in which each row finds its value."""
        query = node.this
        keys: tuple[Expr, ...] = ()
        if isinstance(query, exp.Select) and not query.args.get("with_"):
            sources = [(source_name(n), self._source(n, env)) for n, _ in from_nodes(query)]
            own = tied(query, [source for _, source in sources])
            if own is not None:
                return own
            made = grouped(query, own_columns(sources))
            if made is None:
                self._refuse_tie(query, {name for name, _ in sources}, binder)
            else:
                query = self._narrowed(*made, node, env)
                keys = tuple(binder.bind(outer) for _, outer in made[1])
        found = self._query(query, env)
        if isinstance(found, Relation):
            raise Refusal(
                Code.NOT_PRIVATE,
                "The subquery would return values of single rows.",
                "Aggregate inside the subquery.",
                position_of(node),
            )
        _, types = self.typed(found.query, node)
        if len(types) != 1 + len(keys):
            raise refuse(node, "A subquery of several columns here", "Select one column.")
        for key, kind in zip(keys, types[1:], strict=True):
            # Otherwise a row could find several values, or none because it cannot be compared;
            # both are errors of the engine, which would tell of the row.
            if not compared_as_they_are(key.type, kind):
                raise refuse(
                    node,
                    f"A subquery tied to the row by {key.type.name} = {kind.name}",
                    "Cast one side to the other's type.",
                )
        make = table_token if keys else token
        return Given(self._earlier(found.query, types, make), types[0], keys)

    def _narrowed(self, made: exp.Select, pairs: Pairs, node: exp.Expr, env: Env) -> exp.Select:
        def readable(query: exp.Select) -> bool:
            try:
                self._public_relation(query, None, env)
            except Refusal:
                return False  # what is computed above the boundary alone narrows nothing
            return True

        return narrowed(made, pairs, node, lambda source: self._source(source, env), readable)

    def _results(self, query: exp.Query, node: exp.Expr) -> Relation:
        names, types = self.typed(query, node)
        keys_of = {
            name: [column for _, column in made.written.keys]
            for name, made in self.drafts.items()
            if made.written.keys
        }
        mark = self._earlier(query, types, table_token)
        columns = list(zip(names, types, strict=True))
        return released(mark, columns, unique_columns(query, keys_of), self._numbers)

    def _earlier(
        self, query: exp.Query, types: tuple[Type, ...], make: Callable[[int], str]
    ) -> str:
        """The token of what a query gives; equal queries have one."""
        for mark, (known, _) in self.earlier.items():
            if known == query and mark == make(number_of(mark)):
                return mark
        mark = make(len(self.earlier) + 1)
        self.earlier[mark] = (query, types)
        return mark

    @staticmethod
    def _refuse_tie(query: exp.Select, own: set[str], binder: Binder) -> None:
        """Refuse a subquery that reads the row around it in a way that no look-up answers."""
        for node in query.find_all(exp.Column):
            table = name_of(node.args.get("table"))
            if table and table not in own and node.parent_select is query and binder.knows(node):
                raise refuse(
                    node,
                    "A subquery tied to the row in this way",
                    "Tie it by equalities alone and ask for a SUM or AVG, without COUNT, COALESCE "
                    "or LIMIT; or join a grouped subquery.",
                )

    def typed(self, query: exp.Query, node: exp.Expr) -> tuple[tuple[str, ...], tuple[Type, ...]]:
        """The names and types of the columns of a query that is released first."""
        for call in calls(query):
            raise refuse(
                node,
                f"{call.name.lower()} of a value that is released first",
                "Ask for the interval in a query of its own, and write its end as a constant.",
            )
        alias = exp.TableAlias(this=exp.to_identifier("result"))
        whole = exp.select("*").from_(exp.Subquery(this=query.unnest().copy(), alias=alias))
        ready = finished(whole, self.schema())
        kinds = column_types(ready)
        known = tuple(kind for kind in kinds if kind is not None)
        if len(known) < len(kinds):
            raise refuse(node, "A subquery of this type here", "Select numbers, dates or texts.")
        names = ready.named_selects if isinstance(ready, exp.Query) else []
        return tuple(names), known

    def schema(self) -> dict[str, dict[str, str]]:
        """The tables above the boundary so far, with their columns' DuckDB types."""
        found = {name: draft_schema(name, made) for name, made in self.drafts.items()}
        public = self.public_tables.items()
        return found | {name: public_schema(table) for name, table in public}
