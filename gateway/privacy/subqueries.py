"""Subqueries below the boundary that read rows of the same owner, or public rows: EXISTS and IN
as tests of one row, and aggregates as values of one row.

Claim: the subquery reads rows of the outer row's own owner, or public rows, alone: where it is over
a protected relation the condition must imply equal owners (`joins.owners_equal`), and that equality
is added to what the engine runs. So a row stays its owner's whatever is tested or computed of it.
Aggregates are exact integers (`rewrite.summaries`), so that no order of rows decides a digit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from sqlglot import exp

from gateway.errors import Code, Refusal
from gateway.privacy.domains import ANYTHING, Interval, interval_of
from gateway.privacy.estimates import Estimates
from gateway.privacy.joins import owners_equal
from gateway.privacy.outputs import is_aggregate
from gateway.privacy.own_groups import OwnGroups
from gateway.privacy.per_owner import read_summary
from gateway.privacy.relation import Facts, Relation, Summary
from gateway.privacy.scope import Scope
from gateway.privacy.trace import TRUE, all_of
from gateway.sql.bind import Binder
from gateway.sql.expressions import (
    Call,
    Case,
    Column,
    Correlated,
    Expr,
    Literal,
    Ref,
    Within,
    columns_of,
)
from gateway.sql.functions.arithmetic import shared
from gateway.sql.functions.logic import compared_as_they_are
from gateway.sql.overloads import coerced
from gateway.sql.parse import position_of
from gateway.sql.types import BOOLEAN, Kind


def same_owner(
    outers: Sequence[Relation], inner: Relation, conditions: Sequence[Expr]
) -> Expr | None:
    """The equality of owners that conditions imply between a protected inner relation and one of
    the outer ones; None where they imply none."""
    owned = [outer for outer in outers if outer.owner is not None]
    same = next((o for o in owned if owners_equal(o, inner, all_of(conditions))), None)
    if same is None or same.owner is None or inner.owner is None:
        return None
    return Call("eq", (Ref(same.owner), Ref(inner.owner)), BOOLEAN)


def within(
    outers: Sequence[Relation],
    inner: Relation,
    correlated: Sequence[Expr],
    value: Expr | None,
    item: Expr | None,
) -> Within | None:
    """The test of an outer row against `inner`; None where it would read other owners' rows.

    `outers` are the relations whose columns the outer row has; `correlated` are the conditions
    of the subquery that read outer columns; `value` and `item` are the two sides of IN.
    """
    conditions = list(correlated)
    if inner.owner is not None:
        implied = [*conditions]
        if value is not None and item is not None:
            implied.append(Call("eq", (value, item), BOOLEAN))
        owners = same_owner(outers, inner, implied)
        if owners is None:
            return None
        conditions.append(owners)
    return Within(
        tree=inner.tree,
        inner=frozenset(inner.facts),
        condition=all_of(conditions),
        value=value,
        item=item,
    )


def sides_of_in(value: Expr, item: Expr, node: exp.Expr) -> tuple[Expr, Expr]:
    """Both sides of `value IN (SELECT item …)` as one type.

    Claim: the comparison never fails. An engine's own cast does, of a date beyond the last
    timestamp; and of texts and numbers engines compare none. Test: tests/neighbours.
    """
    value, item = coerced([value, item])
    if Kind.NULL in (value.type.kind, item.type.kind) or compared_as_they_are(
        value.type, item.type
    ):
        return value, item
    kind = shared(value.type, item.type)
    if kind is None:
        raise Refusal(
            Code.UNSUPPORTED_SQL,
            f"IN compares {value.type.name} with {item.type.name}.",
            "Cast one side to the other's type.",
            position_of(node),
        )
    one, other = (
        side if side.type == kind else Call("cast", (side,), kind) for side in (value, item)
    )
    return one, other


def compared(
    outers: Sequence[Relation],
    inner: Relation,
    correlated: Sequence[Expr],
    comparison: Expr,
) -> Expr | None:
    """Whether a comparison of an outer row holds for some row of `inner`; NULL where it holds for
    none and is not known for some. None where it would read other owners' rows.

    SQL's ANY and IN of several columns, as two tests. A comparison that implies equal owners is
    false for rows of others, so that leaving those out changes nothing.
    """
    conditions = list(correlated)
    if inner.owner is not None:
        owners = same_owner(outers, inner, [*conditions, comparison])
        if owners is None:
            return None
        conditions.append(owners)

    def some(asked: Expr) -> Expr:
        condition = all_of([*conditions, asked])
        columns = frozenset(inner.facts)
        return Within(tree=inner.tree, inner=columns, condition=condition, value=None, item=None)

    unknown = Call("is_null", (comparison,), BOOLEAN)
    branches = ((some(comparison), TRUE), (some(unknown), Literal(None, BOOLEAN)))
    return Case(branches, Literal(False, BOOLEAN), BOOLEAN)


class CorrelatedBinder(Binder):
    """Binds what a correlated subquery selects as an expression over the outer row, in which each
    aggregate is one value. `rows` binds what is aggregated, `condition` ties the rows together."""

    def __init__(
        self,
        rows: Binder,
        outers: Sequence[Relation],
        inner: Relation,
        condition: Expr,
        scope: Scope,
        estimates: Estimates,
    ) -> None:
        super().__init__(scope.lookup)
        self._estimates = estimates
        self._rows = rows
        known = {column: facts for outer in outers for column, facts in outer.facts.items()}
        self._inner = replace(inner, facts={**known, **inner.facts})
        self._columns = frozenset(inner.facts)
        self._condition = condition

    def bind(self, node: exp.Expr) -> Expr:
        """The expression over the outer row that a node stands for."""
        if is_aggregate(node):
            summary = read_summary(node, self._rows, self._inner.facts)
            return Correlated(
                tree=self._inner.tree,
                inner=self._columns,
                condition=self._condition,
                summary=summary,
                facts=_facts(summary, self._inner, self._estimates),
            )
        if any(map(is_aggregate, node.walk())):
            return super().bind(node)
        bound = self._rows.bind(node)
        several = next((c for c in columns_of(bound) if c in self._columns), None)
        if several is not None:
            raise Refusal(
                Code.NOT_PRIVATE,
                f'"{several.name}" is not aggregated: the subquery would give several rows.',
                "Aggregate it, for example by MIN or MAX.",
                position_of(node),
            )
        return bound


def _facts(summary: Summary, inner: Relation, estimates: Estimates) -> Facts:
    """What is known of an aggregate over rows that may be none: then a count is 0, and all else
    NULL. The rest is as for groups of all rows of an owner (`own_groups`)."""
    found = OwnGroups(relation=inner, keys=(), estimates=estimates).facts(summary)
    if not summary.kind.startswith("count"):
        return replace(found, nullable=True)
    most = interval_of(found.domain)
    return replace(found, domain=Interval(Fraction(0), most.hi) if most else ANYTHING)


def tied_columns(
    condition: exp.Expr | None, find: Callable[[exp.Column], Column | None]
) -> list[Expr]:
    """The equalities of two columns that a WHERE joins by AND, as far as names are found."""
    parts = [condition] if condition is not None else []
    found: list[Expr] = []
    while parts:
        part = parts.pop()
        if isinstance(part, exp.Paren):
            parts.append(part.this)
        elif isinstance(part, exp.And):
            parts += [part.left, part.right]
        elif isinstance(part, exp.EQ):
            sides = [side for side in (part.left, part.right) if isinstance(side, exp.Column)]
            columns = [column for side in sides if (column := find(side)) is not None]
            if len(columns) == 2:
                found.append(Call("eq", tuple(map(Ref, columns)), BOOLEAN))
    return found
