"""Aggregates per owner: GROUP BY that includes the owner. Nothing is released here.

Claim: each group holds rows of one owner only, for the owner is always among what is grouped by
(it is added where columns that determine it are named). So the group's row belongs to that owner,
and depends on that owner's rows alone: sums are of exact integers, never of floating-point numbers,
whose last digits would depend on the order in which other owners' rows come by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from sqlglot import exp

from gateway.errors import Code, Refusal
from gateway.privacy.domains import interval_of
from gateway.privacy.estimates import Estimates
from gateway.privacy.known import domain_of, estimates_of, nullable, step_of
from gateway.privacy.measures import missing_bounds
from gateway.privacy.outputs import is_aggregate
from gateway.privacy.own_groups import OwnGroups
from gateway.privacy.relation import Determinant, Facts, Group, Relation, Summary
from gateway.privacy.scope import Scope
from gateway.privacy.trace import Numbers
from gateway.sql.bind import Binder, refuse
from gateway.sql.expressions import Case, Column, Expr, Literal, Ref, columns_of
from gateway.sql.parse import position_of
from gateway.sql.types import BIGINT, DOUBLE, Kind, Type, decimal

_KINDS: dict[type[exp.Expr], str] = {
    exp.Count: "count",
    exp.Sum: "sum",
    exp.Avg: "avg",
    exp.Min: "min",
    exp.Max: "max",
}


def one_owner_each(keys: Sequence[Expr], relation: Relation) -> bool:
    """Whether groups by these keys hold one owner's rows each."""
    columns = {key.column for key in keys if isinstance(key, Ref)}
    if relation.owner in columns:
        return True
    return any(set(decided) <= columns for _, decided in relation.determinants)


def _kept(found: Sequence[Determinant], columns: set[Column]) -> tuple[Determinant, ...]:
    return tuple((name, decided) for name, decided in found if set(decided) <= columns)


class GroupBinder(Binder):
    """Binds the SELECT list and HAVING over groups: keys and aggregates become columns.

    `rows` binds what stands inside the aggregates.
    """

    def __init__(
        self,
        relation: Relation,
        scope: Scope,
        keys: Sequence[Expr],
        rows: Binder,
        numbers: Numbers,
        estimates: Estimates,
    ) -> None:
        super().__init__(scope.lookup)
        self._estimates = estimates
        self._rows = rows
        self._relation = relation
        self._numbers = numbers
        self._summaries: dict[Summary, Column] = {}
        self._keys: dict[Expr, Column] = {}
        for key in keys:
            named = key.column if isinstance(key, Ref) else numbers.column("key", key.type)
            self._keys.setdefault(key, named)

    def bind(self, node: exp.Expr) -> Expr:
        """The expression over the groups that a node stands for."""
        if is_aggregate(node):
            return Ref(self._summary(node))
        if any(is_aggregate(part) or isinstance(part, exp.Window) for part in node.walk()):
            return super().bind(node)
        bound = self._rows.bind(node)
        if bound in self._keys:
            return Ref(self._keys[bound])
        for column in columns_of(bound):
            if Ref(column) not in self._keys:
                if not isinstance(node, exp.Column):
                    return super().bind(node)  # a part of it may be a key
                raise Refusal(
                    Code.NOT_PRIVATE,
                    f'"{column.name}" is neither grouped nor aggregated.',
                    f'Add "{column.name}" to GROUP BY, or aggregate it.',
                    position_of(node),
                )
        return bound

    def grouped(self) -> Relation:
        """The relation of the groups, after everything was bound."""
        source = self._relation
        if source.owner is None:
            raise AssertionError("grouped rows have an owner")
        keys = {**self._keys}
        keys.setdefault(Ref(source.owner), source.owner)
        columns = frozenset(keys.values())
        decided = all(part in source.by_owner for key in keys for part in columns_of(key))
        facts = {**self.facts(), source.owner: self._key_facts(Ref(source.owner))}
        survives = {column for key, column in keys.items() if isinstance(key, Ref)}
        return replace(
            source,
            tree=Group(
                source=source.tree,
                keys=tuple((column, key) for key, column in keys.items()),
                items=tuple((column, summary) for summary, column in self._summaries.items()),
            ),
            visible=(),
            facts=facts,
            keys=(frozenset([source.owner]),) if decided else (columns,),
            by_owner=frozenset(facts) if decided else source.by_owner & columns,
            conditions=tuple(c for c in source.conditions if set(columns_of(c)) <= survives),
            scans={column: scan for column, scan in source.scans.items() if column in survives},
            definitions={},
            determinants=_kept(source.determinants, survives),
            optional=_kept(source.optional, survives),
        )

    def facts(self) -> dict[Column, Facts]:
        """What is known of the keys and of the aggregates that were bound so far."""
        known = {column: self._key_facts(key) for key, column in self._keys.items()}
        groups = OwnGroups(
            relation=self._relation, keys=tuple(self._keys), estimates=self._estimates
        )
        for summary, column in self._summaries.items():
            known[column] = groups.facts(summary)
        return known

    def _key_facts(self, key: Expr) -> Facts:
        facts = self._relation.facts
        if isinstance(key, Ref):
            return facts[key.column]
        return Facts(
            domain=domain_of(key, facts),
            nullable=nullable(key, facts),
            step=step_of(key, facts),
            estimates=estimates_of(key, facts),
        )

    def _summary(self, node: exp.Expr) -> Column:
        summary = read_summary(node, self._rows, self._relation.facts)
        if summary not in self._summaries:
            name = node.sql(dialect="postgres")[:40]
            self._summaries[summary] = self._numbers.column(name, summary.type)
        return self._summaries[summary]


def read_summary(node: exp.Expr, rows: Binder, facts: Mapping[Column, Facts]) -> Summary:
    """The exact aggregate over one owner's rows that a call asks for; `rows` binds its argument,
    `facts` are those of the rows."""
    condition: Expr | None = None
    call = node
    if isinstance(node, exp.Filter):
        condition, call = rows.condition(node.expression.this), node.this
    kind = _KINDS.get(type(call))
    if kind is None:
        raise refuse(
            node,
            f"The aggregate {call.sql(dialect='postgres').partition('(')[0].lower()}",
            "Per owner, use COUNT, COUNT(DISTINCT …), SUM, AVG, MIN or MAX.",
        )
    argument, distinct = call.this, False
    if isinstance(argument, exp.Distinct):
        if kind != "count" or len(argument.expressions) != 1:
            raise refuse(node, f"{kind.upper()}(DISTINCT …)", "Leave DISTINCT out.")
        argument, distinct = argument.expressions[0], True
    value = None if isinstance(argument, exp.Star) else rows.bind(argument)
    if condition is not None:
        kept = value or Literal(1, BIGINT)
        value = Case(((condition, kept),), Literal(None, kept.type), kept.type)
    return _typed(kind, value, distinct, facts, node)


def _typed(
    kind: str,
    value: Expr | None,
    distinct: bool,
    facts: Mapping[Column, Facts],
    node: exp.Expr,
) -> Summary:
    if kind == "count" or value is None:
        return Summary("count_distinct" if distinct else "count", value, BIGINT, Fraction(1))
    if kind in ("min", "max"):
        return Summary(kind, value, value.type, Fraction(1))
    if not value.type.numeric:
        raise Refusal(
            Code.UNSUPPORTED_SQL,
            f"{kind.upper()} needs a number, not {value.type.name}.",
            "Use a numeric column or expression.",
            position_of(node),
        )
    step = step_of(value, facts)
    if step is None:
        interval = interval_of(domain_of(value, facts))
        if interval is None:
            raise missing_bounds(value, facts, position_of(node))
        step = Fraction(1, 10**6) if interval.magnitude < 10**9 else Fraction(1)
    result = DOUBLE if kind == "avg" else _sum_type(value.type)
    return Summary(kind, value, result, step)


def _sum_type(kind: Type) -> Type:
    if kind.kind is Kind.DECIMAL:
        return decimal(38, kind.scale)
    return BIGINT if kind.kind is Kind.INTEGER else DOUBLE
