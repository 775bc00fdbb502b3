"""Which groups a query can have, known without reading protected rows.

Where every key's values are public, the groups are enumerated: every combination is reported, also
empty ones. Otherwise the groups are private and are found by a threshold.

Keys are functions of *factors*: columns, or parts of expressions, whose possible values are public.
Enumerating means evaluating the keys over all combinations of the factors' values that satisfy
the query's conditions. Rows in which a factor takes another value than these are left out of the
grouping by the factor's guard, so no row can reach a group that was not enumerated.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from gateway.policy.catalog import Table
from gateway.privacy.domains import Interval, Members, interval_of
from gateway.privacy.known import NOTHING_KNOWN, domain_of, null_within
from gateway.privacy.relation import Constants, PublicScan, Relation
from gateway.privacy.trace import Numbers
from gateway.sql.expressions import (
    Call,
    Case,
    Column,
    Correlated,
    Expr,
    Given,
    Literal,
    Ref,
    Within,
    columns_of,
)
from gateway.sql.functions import TABLE
from gateway.sql.functions.base import Nulls
from gateway.sql.functions.time import cuts_between
from gateway.sql.types import BOOLEAN, Kind, Scalar, from_ordinal

MOST_VALUES = 10_000
"""The most values of one factor; a column with more is treated as private."""
MOST_COMBINATIONS = 500_000
"""The most combinations of factors that are enumerated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """Columns that take values together: `rows` lists every combination they can have.

    `guard` is a condition that holds for exactly the rows whose values are listed; None where no
    row can have others.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Scalar, ...], ...]
    guard: Expr | None


class PublicFacts(Protocol):
    """What planning may look up: public rows, and expressions evaluated over public values."""

    def rows(
        self, table: Table, columns: Sequence[str], most: int
    ) -> tuple[tuple[Scalar, ...], ...] | None:
        """The rows of a public table; None where it has more than `most`."""

    def evaluate(
        self, keys: Sequence[Expr], factors: Sequence[Factor], conditions: Sequence[Expr]
    ) -> tuple[tuple[Scalar, ...], ...]:
        """The distinct values of `keys` over all combinations of factors, in key order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """The groups of a release: enumerated (`groups`), or private (`groups` is None).

    `guards` are conditions on rows that keep every row inside the enumerated groups; `per_owner`
    is the most groups that one owner can be in, where that is known for free.
    """

    groups: tuple[tuple[Scalar, ...], ...] | None
    guards: tuple[Expr, ...]
    per_owner: int | None


def partition(
    keys: Sequence[Expr], relation: Relation, public: PublicFacts, numbers: Numbers
) -> Partition:
    """The groups of `relation` by `keys`.

    Claim: with `groups`, every row that satisfies all `guards` falls into one of them, and `groups`
    depends on policy and public tables alone. `per_owner` m: after the guards no owner has rows in
    more than m groups, for (a) no keys: one group; (b) keys that the owner determines never differ
    between an owner's rows; (c) the other keys take at most as many values together as `groups`
    shows. Tests: tests/neighbours (group counts per owner), tests/noiseless (nothing is missing).
    """
    own = [_by_owner(key, relation) for key in keys]
    if all(own):
        per_owner: int | None = 1
    else:
        per_owner = None
    factors = _Factors(relation, public, numbers)
    rewritten = [factors.over(key) for key in keys]
    known = [key for key in rewritten if key is not None]
    if len(known) < len(keys) or factors.combinations() > MOST_COMBINATIONS:
        guards = tuple(_of_our_era(key) for key in keys if key.type.temporal)
        return Partition(groups=None, guards=guards, per_owner=per_owner)
    found = factors.found()
    stated = [factors.about_these(condition) for condition in relation.conditions]
    conditions = [condition for condition in stated if condition is not None]
    groups = public.evaluate(known, found, conditions) if keys else ((),)
    guards = tuple(factor.guard for factor in found if factor.guard is not None)
    if per_owner is None:
        rest = [i for i, decided in enumerate(own) if not decided]
        per_owner = max(1, len({tuple(group[i] for i in rest) for group in groups}))
    return Partition(groups=groups, guards=guards, per_owner=per_owner)


def _by_owner(key: Expr, relation: Relation) -> bool:
    return all(column in relation.by_owner for column in columns_of(key))


def _of_our_era(key: Expr) -> Expr:
    """A condition that leaves out moments that no answer can hold: infinite ones, and those
    outside the years 1 to 9999. A failure to show one would tell that a row has it."""
    first: dt.date = dt.datetime.min
    last: dt.date = dt.datetime.max
    if key.type.kind is Kind.TIMESTAMPTZ:
        first, last = (
            moment.replace(tzinfo=dt.UTC) for moment in (dt.datetime.min, dt.datetime.max)
        )
    if key.type.kind is Kind.DATE:
        first, last = dt.date.min, dt.date.max
    ends = (Literal(first, key.type), Literal(last, key.type))
    null = Call("is_null", (key,), BOOLEAN)
    return Call("or", (Call("between", (key, *ends), BOOLEAN), null), BOOLEAN)


class _Factors:
    """Collects the factors of one set of keys."""

    def __init__(self, relation: Relation, public: PublicFacts, numbers: Numbers) -> None:
        self._relation = relation
        self._public = public
        self._numbers = numbers
        self._single: dict[Column, Factor] = {}
        self._joint: dict[int, Factor] = {}
        self._closed: dict[Expr, Factor] = {}

    def found(self) -> tuple[Factor, ...]:
        """All factors so far."""
        return (*self._single.values(), *self._joint.values(), *self._closed.values())

    def combinations(self) -> int:
        """How many combinations of the factors' values there are."""
        product = 1
        for factor in self.found():
            product *= max(1, len(factor.rows))
        return product

    def about_these(self, expr: Expr) -> Expr | None:
        """An expression over the factors that there are; None where it asks about more.

        Claim: a row's factors have the values that its expressions have, so a condition that no
        combination of a group's factors meets is met by none of the group's rows.
        """
        if expr in self._closed:
            return Ref(self._closed[expr].columns[0])
        if isinstance(expr, Literal):
            return expr
        if isinstance(expr, Ref):
            there = any(expr.column in factor.columns for factor in self.found())
            return expr if there else None
        if isinstance(expr, Call):
            parts = [self.about_these(part) for part in expr.arguments]
            known = tuple(part for part in parts if part is not None)
            return Call(expr.function, known, expr.type) if len(known) == len(parts) else None
        if not isinstance(expr, Case):
            return None
        branches = [(self.about_these(a), self.about_these(b)) for a, b in expr.branches]
        pairs = tuple((a, b) for a, b in branches if a is not None and b is not None)
        default = self.about_these(expr.default)
        if default is None or len(pairs) < len(branches):
            return None
        return Case(pairs, default, expr.type)

    def over(self, expr: Expr) -> Expr | None:
        """The expression over factors' columns; None where a part's values are private."""
        if isinstance(expr, Literal):
            return expr
        if isinstance(expr, Ref):
            if self._column(expr.column):
                return expr
            definition = self._relation.definitions.get(expr.column)
            return self.over(definition) if definition is not None else None
        if isinstance(expr, (Correlated, Given)):
            return None  # its value is not known while groups are enumerated
        if isinstance(expr, Within):
            return self._as_factor(expr, (False, True, *([None] if expr.value else [])))
        closed = self._closed_values(expr)
        if closed is not None:
            return self._as_factor(expr, closed, _not_null(expr) if None not in closed else None)
        if isinstance(expr, Case):
            return self._case(expr)
        return self._over_parts(expr) or self._ranged(expr)

    def _over_parts(self, expr: Call) -> Expr | None:
        single, joint, closed = dict(self._single), dict(self._joint), dict(self._closed)
        parts = [self.over(part) for part in expr.arguments]
        known = tuple(part for part in parts if part is not None)
        if len(known) == len(parts):
            return Call(expr.function, known, expr.type)
        # What was found on the way to nowhere must not guard rows.
        self._single, self._joint, self._closed = single, joint, closed
        return None

    def _ranged(self, expr: Call) -> Expr | None:
        """Whole numbers, dates and cuts of time between declared bounds, guarded by those."""
        interval = interval_of(domain_of(expr, self._relation.facts))
        if interval is None:
            return None
        values = _cuts(expr, interval) if expr.function == "date_trunc" else _wholes(expr, interval)
        if not values:
            return None
        ends = [Literal(value, expr.type) for value in (values[0], values[-1])]
        guard: Expr = Call("between", (expr, *ends), BOOLEAN)
        if null_within(expr, self._relation.facts):
            values = (*values, None)
            guard = Call("or", (guard, Call("is_null", (expr,), BOOLEAN)), BOOLEAN)
        return self._as_factor(expr, values, guard)

    def _case(self, expr: Case) -> Expr | None:
        single, joint, closed = dict(self._single), dict(self._joint), dict(self._closed)
        branches: list[tuple[Expr, Expr]] = []
        for condition, value in expr.branches:
            a, b = self.over(condition), self.over(value)
            if a is None or b is None:
                self._single, self._joint, self._closed = single, joint, closed
                return None
            branches.append((a, b))
        default = self.over(expr.default)
        return None if default is None else Case(tuple(branches), default, expr.type)

    def _closed_values(self, expr: Call | Case) -> tuple[Scalar, ...] | None:
        """All values that an expression can have whatever the rows hold, but for a NULL where the
        policy expects none, which needs a guard."""
        facts = self._relation.facts
        if isinstance(expr, Case):
            values = [*(value for _, value in expr.branches), expr.default]
            if all(isinstance(value, Literal) for value in values):
                return tuple(dict.fromkeys(v.value for v in values if isinstance(v, Literal)))
            return None
        members = TABLE[expr.function].members
        values_of = members(expr) if members else None
        if values_of is None:
            return None
        may_be_null = null_within(expr, facts)
        known = tuple(value for value in values_of if value is not None)
        return (*known, None) if may_be_null else known

    def _as_factor(self, expr: Expr, values: tuple[Scalar, ...], guard: Expr | None = None) -> Expr:
        if expr not in self._closed:
            column = self._numbers.column("part", expr.type)
            rows = tuple((value,) for value in values)
            self._closed[expr] = Factor(columns=(column,), rows=rows, guard=guard)
        return Ref(self._closed[expr].columns[0])

    def _column(self, column: Column) -> bool:
        public = self._relation.scans.get(column)
        if public is not None:
            return self._public_scan(public)
        if column in self._single:
            return True
        values = _values_of(column, self._relation)
        if values is None:
            return False
        self._single[column] = Factor(
            columns=(column,),
            rows=tuple((value,) for value in values),
            guard=_guard(column, values, self._relation),
        )
        return True

    def _public_scan(self, scan: PublicScan) -> bool:
        if scan.number in self._joint:
            return True
        columns = tuple(
            sorted(
                (c for c, s in self._relation.scans.items() if s.number == scan.number),
                key=lambda column: column.number,
            )
        )
        names = [column.name for column in columns]
        source = scan.source
        rows = (
            source.of(names)
            if isinstance(source, Constants)
            else self._public.rows(source, names, MOST_VALUES)
        )
        if rows is None or len(rows) > MOST_VALUES:
            return False
        if scan.outer:
            rows = (*rows, (None,) * len(columns))
        self._joint[scan.number] = Factor(columns=columns, rows=rows, guard=None)
        return True


def _not_null(expr: Call | Case) -> Expr | None:
    if isinstance(expr, Case) or TABLE[expr.function].nulls is Nulls.NEVER:
        return None
    return Call("is_not_null", (expr,), BOOLEAN)


def _cuts(expr: Call, interval: Interval) -> tuple[Scalar, ...] | None:
    grain, moment = expr.arguments
    ends = [from_ordinal(int(end), expr.type.kind) for end in (interval.lo, interval.hi)]
    first, last = (
        end.replace(tzinfo=None) if isinstance(end, dt.datetime) else None for end in ends
    )
    if first is None or last is None or not isinstance(grain, Literal):
        return None
    cuts = cuts_between(str(grain.value), first, last)
    if cuts is None:
        return None
    zone = dt.UTC if moment.type.kind is Kind.TIMESTAMPTZ else None
    return tuple(cut.replace(tzinfo=zone) for cut in cuts)


_WHOLE = ("floor", "ceil", "round", "trunc")


def _wholes(expr: Call, interval: Interval) -> tuple[Scalar, ...] | None:
    lo, hi = int(-(-interval.lo // 1)), int(interval.hi // 1)
    if not 0 <= hi - lo < MOST_VALUES:
        return None
    if expr.type.kind is Kind.INTEGER:
        return tuple(range(lo, hi + 1))
    if expr.type.kind is Kind.DATE:
        return tuple(from_ordinal(number, Kind.DATE) for number in range(lo, hi + 1))
    if expr.function in _WHOLE and len(expr.arguments) == 1 and expr.type.kind is Kind.FLOAT:
        return tuple(float(number) for number in range(lo, hi + 1))
    return None


def _values_of(column: Column, relation: Relation) -> tuple[Scalar, ...] | None:
    facts = relation.facts.get(column, NOTHING_KNOWN)
    domain = facts.domain
    if isinstance(domain, Members):
        if len(domain.values) > MOST_VALUES:
            return None
        known = tuple(value for value in domain.values if value is not None)
        return (*known, None) if facts.nullable else known
    null: tuple[Scalar, ...] = (None,) if facts.nullable else ()
    if column.type == BOOLEAN:
        return (False, True, *null)
    if isinstance(domain, Interval) and column.type.kind in (Kind.INTEGER, Kind.DATE):
        lo, hi = -(-domain.lo // 1), domain.hi // 1
        if 0 <= hi - lo < MOST_VALUES:
            numbers = range(int(lo), int(hi) + 1)
            if column.type.kind is Kind.DATE:
                return (*(from_ordinal(number, Kind.DATE) for number in numbers), *null)
            return (*numbers, *null)
    return None


def _guard(column: Column, values: tuple[Scalar, ...], relation: Relation) -> Expr | None:
    if column.type == BOOLEAN and len(values) == 3:
        return None
    subject = Ref(column)
    known = [Literal(value, column.type) for value in values if value is not None]
    domain = relation.facts.get(column, NOTHING_KNOWN).domain
    if not known:
        return Call("is_null", (subject,), BOOLEAN)
    if isinstance(domain, Interval):
        guard = Call("between", (subject, known[0], known[-1]), BOOLEAN)
    else:
        guard = Call("in", (subject, *known), BOOLEAN)
    if None in values:
        return Call("or", (guard, Call("is_null", (subject,), BOOLEAN)), BOOLEAN)
    return guard
