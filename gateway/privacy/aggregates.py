"""The analyst's aggregates to measures, and the measures back to the analyst's numbers.

All measures of a release share one charge, so equal ones are counted once: SUM, COUNT and AVG of
one column need two, and their answers agree. An average is the noisy sum of the distance from the
middle of the bounds, over the noisy count, plus the middle; where a count is at hand anyway, a sum
is put together from the same two numbers, which is never less exact: the noise of
`Σ(x-c) + c·n` has variance (hi² + lo²)/2 in units where that of Σx has max(hi, -lo)².
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache

import sqlglot
from sqlglot import exp

from gateway.errors import Code, Position, Refusal
from gateway.privacy.known import nullable
from gateway.privacy.measures import Measure, OwnerCount, RowCount, Total, countable, total
from gateway.privacy.relation import Relation
from gateway.privacy.sensitivity import WEIGHT_ONE
from gateway.sql.bind import Binder, refuse
from gateway.sql.expressions import Call, Case, Expr, Literal, Ref
from gateway.sql.parse import position_of
from gateway.sql.types import BIGINT, BOOLEAN, DOUBLE, Kind, Type, decimal


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One aggregate of the question: `kind` is count, owners, sum or avg; `place` is where."""

    kind: str
    value: Expr | None
    condition: Expr | None
    label: str
    place: Position | None = field(default=None, compare=False)


def read(node: exp.Expr, binder: Binder, relation: Relation) -> Aggregate:
    """An aggregate call, with its FILTER folded into the condition or value.

    Raises Refusal for aggregates that are not answered.
    """
    label = node.sql(dialect="postgres")
    condition: Expr | None = None
    call = node
    if isinstance(node, exp.Filter):
        condition = binder.condition(node.expression.this)
        call = node.this
    if isinstance(call, exp.Count):
        return _count(call, binder, relation, condition, label)
    if isinstance(call, exp.CountIf):
        condition = _both(condition, binder.condition(call.this))
        return Aggregate("count", None, condition, label)
    if type(call) in (exp.Sum, exp.Avg):
        return _sum(call, binder, condition, label)
    raise refuse(
        node,
        f"The aggregate {call.sql(dialect='postgres').partition('(')[0].lower()}",
        "Use COUNT, SUM, AVG or COUNT(DISTINCT the unit).",
    )


def _count(
    call: exp.Count, binder: Binder, relation: Relation, condition: Expr | None, label: str
) -> Aggregate:
    argument = call.this
    if isinstance(argument, exp.Star):
        return Aggregate("count", None, condition, label)
    if isinstance(argument, exp.Distinct):
        parts = argument.expressions
        value = binder.bind(parts[0]) if len(parts) == 1 else None
        unit = Ref(relation.owner) if relation.owner else None
        if value is None or value != unit:
            owner = relation.owner.name if relation.owner else "the unit column"
            raise refuse(
                call,
                "COUNT(DISTINCT …) of anything but the privacy unit",
                f"COUNT(DISTINCT {owner}) counts the protected entities themselves.",
            )
        return Aggregate("owners", None, condition, label)
    value = binder.bind(argument)
    known = not nullable(value, relation.facts)
    present = None if known else Call("is_not_null", (value,), BOOLEAN)
    return Aggregate("count", None, _both(condition, present), label)


def _sum(call: exp.Expr, binder: Binder, condition: Expr | None, label: str) -> Aggregate:
    kind = "sum" if isinstance(call, exp.Sum) else "avg"
    if isinstance(call.this, exp.Distinct):
        raise refuse(call, f"{kind.upper()}(DISTINCT …)", f"Use {kind.upper()} without DISTINCT.")
    value = binder.bind(call.this)
    if not countable(value):
        raise Refusal(
            Code.UNSUPPORTED_SQL,
            f"{kind.upper()} needs a number, not {value.type.name}.",
            "Sum a numeric column or expression.",
            position_of(call),
        )
    if condition is not None:
        value = Case(((condition, value),), Literal(None, value.type), value.type)
    return Aggregate(kind, value, condition, label, position_of(call))


def _both(a: Expr | None, b: Expr | None) -> Expr | None:
    if a is None or b is None:
        return a or b
    return Call("and", (a, b), BOOLEAN)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The measures of a release, each with the label of what asked for it first.

    `formulas` gives for each aggregate, in order, the measures that it is computed from.
    """

    measures: tuple[tuple[Measure, str], ...]
    formulas: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """How one aggregate follows from measures: `count` and `total` may both be needed."""

    kind: str
    count: Measure | None
    total: Total | None
    type: Type

    @property
    def only(self) -> Measure | None:
        """The one measure of which the aggregate is exactly the number; None if it needs two."""
        if self.count is not None and self.total is not None:
            return None
        return self.total or self.count


def choose(
    aggregates: Sequence[Aggregate],
    relation: Relation,
    tight: Callable[[Total], bool],
    most_steps: int,
) -> Chosen:
    """The least set of measures from which every aggregate can be computed.

    `tight` says whether a sum's own declared bound is below the one that weights of rows give it.
    """
    averaged = {aggregate.value for aggregate in aggregates if aggregate.kind == "avg"}
    counted = {a.condition for a in aggregates if a.kind == "count"}
    totals = {
        a.value: total(a.value, relation.facts, most_steps, a.place)
        for a in aggregates
        if a.value is not None
    }
    measures: dict[Measure, str] = {}
    formulas: list[Formula] = []
    for aggregate in aggregates:
        formula = _formula(aggregate, relation, averaged, counted, totals, tight)
        for measure in (formula.count, formula.total):
            if measure is not None:
                measures.setdefault(measure, aggregate.label)
        formulas.append(formula)
    return Chosen(tuple(measures.items()), tuple(formulas))


def _formula(
    aggregate: Aggregate,
    relation: Relation,
    averaged: set[Expr | None],
    counted: set[Expr | None],
    totals: dict[Expr, Total],
    tight: Callable[[Total], bool],
) -> Formula:

    if aggregate.kind == "count":
        return Formula("count", RowCount(aggregate.condition), None, BIGINT)
    if aggregate.kind == "owners":
        return Formula("count", OwnerCount(aggregate.condition), None, BIGINT)
    if aggregate.value is None:
        raise AssertionError("a sum has a value")
    value, kind = aggregate.value, aggregate.value.type
    whole = totals[value]
    present = _present(value, relation)
    shares_count = value in averaged or present in counted
    own_bound = tight(whole) and value not in averaged
    if aggregate.kind == "avg" or (shares_count and not own_bound):
        centered = replace(whole, center=(whole.lo + whole.hi) // 2, most=None)
        return Formula(
            aggregate.kind,
            RowCount(present),
            centered,
            DOUBLE if aggregate.kind == "avg" else _sum_type(kind),
        )
    alone = whole if own_bound else replace(whole, most=None)
    return Formula("sum", None, alone, _sum_type(kind))


def _present(value: Expr, relation: Relation) -> Expr | None:
    """The condition under which a summed value is not NULL, in the form that COUNT gives it."""
    if isinstance(value, Case) and len(value.branches) == 1:
        condition, inner = value.branches[0]
        if isinstance(value.default, Literal) and value.default.value is None:
            present = (
                Call("is_not_null", (inner,), BOOLEAN) if nullable(inner, relation.facts) else None
            )
            return _both(condition, present)
    return Call("is_not_null", (value,), BOOLEAN) if nullable(value, relation.facts) else None


def _sum_type(kind: Type) -> Type:

    if kind.kind is Kind.DECIMAL:
        return decimal(38, kind.scale)
    return BIGINT if kind.kind is Kind.INTEGER else kind


def outer_expression(
    formula: Formula, column: Callable[[Measure], str], row_unit: int, owner_unit: int
) -> exp.Expr:
    """A formula as DuckDB SQL over the noisy table, whose columns hold the noisy integers."""
    if formula.total is None:
        if formula.count is None:
            raise AssertionError("a formula has a measure")
        unit = owner_unit if isinstance(formula.count, OwnerCount) else row_unit
        return _parsed(_whole(column(formula.count), Fraction(1, unit)))
    measure = formula.total
    name = column(measure)
    if formula.count is None:
        unit = row_unit if measure.most is None else WEIGHT_ONE
        return _parsed(_typed(name, measure.step / unit, formula.type))
    count = column(formula.count)
    if formula.kind == "avg":
        step = measure.step
        lo, hi = (float(end * step) for end in (measure.lo, measure.hi))
        mean = f"(({name} / CAST(GREATEST({count}, {row_unit}) AS DOUBLE)) + {measure.center})"
        return _parsed(f"LEAST(GREATEST({_scaled(mean, step)}, {lo!r}), {hi!r})")
    joined = f"({name} + {measure.center} * {count})"
    return _parsed(_typed(joined, measure.step / row_unit, formula.type))


def _typed(text: str, factor: Fraction, kind: Type) -> str:
    if kind.kind is Kind.INTEGER:
        return _whole(text, factor)
    if kind.kind is Kind.DECIMAL:
        if factor == Fraction(1, 10**kind.scale) and kind.scale <= 8:
            step = (
                f"CAST('{float(factor):.{kind.scale}f}' AS DECIMAL({kind.scale + 1}, {kind.scale}))"
            )
            return f"CAST(CAST({text} AS DECIMAL(29, 0)) * {step} AS DECIMAL(38, {kind.scale}))"
        rounded = f"ROUND({_scaled(text, factor)}, {kind.scale})"
        return f"CAST({rounded} AS DECIMAL(38, {kind.scale}))"
    return _scaled(text, factor)


def _whole(text: str, factor: Fraction) -> str:
    if factor == 1:
        return f"CAST({text} AS BIGINT)"
    return f"CAST(ROUND({_scaled(text, factor)}) AS BIGINT)"


def _scaled(text: str, factor: Fraction) -> str:
    scaled = f"CAST({text} AS DOUBLE)"
    if factor.numerator != 1:
        scaled = f"({scaled} * {float(factor.numerator)!r})"
    if factor.denominator != 1:
        scaled = f"({scaled} / {float(factor.denominator)!r})"
    return scaled


@lru_cache(maxsize=1024)
def _parsed(sql: str) -> exp.Expr:
    """Shared between questions: it is copied into a query, never put there itself."""
    return sqlglot.parse_one(sql, dialect="duckdb")
