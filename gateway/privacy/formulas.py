"""From the analyst's aggregates to the measures of a release, and back to the analyst's numbers.

All measures of a release share one charge, so equal ones are counted once: SUM, COUNT and AVG of
one column need two, and their answers agree. An average is the noisy sum of the distance from the
middle of the bounds, over the noisy count, plus the middle; where a count is at hand anyway, a sum
is put together from the same two numbers, which is never less exact: the noise of
`Σ(x-c) + c·n` has variance (hi² + lo²)/2 in units where that of Σx has max(hi, -lo)². A variance
needs the sum of squared distances beside these two.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

import sqlglot
from sqlglot import exp

from gateway.privacy.aggregates import Aggregate
from gateway.privacy.measures import (
    MOST_TOTAL,
    DistinctCount,
    Measure,
    OwnerCount,
    RowCount,
    Total,
    total,
)
from gateway.privacy.moments import centered, present, product, scaled
from gateway.privacy.paired import Paired, is_paired, paired, paired_sql
from gateway.privacy.relation import Relation
from gateway.privacy.sensitivity import WEIGHT_ONE
from gateway.sql.expressions import Expr
from gateway.sql.types import BIGINT, BOOLEAN, DOUBLE, Kind, Type, decimal

TRUTHS = ("any", "all")
"""BOOL_OR: more rows are true than noise explains. BOOL_AND: no more are false than it explains."""
SPREADS = ("var_samp", "var_pop", "stddev_samp", "stddev_pop")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The measures of a release, each with the label of what asked for it first.

    `formulas` gives for each aggregate, in order, the measures that it is computed from.
    """

    measures: tuple[tuple[Measure, str], ...]
    formulas: tuple[Formula | Paired, ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """How one aggregate follows from measures: `count`, `total` and `square` as it needs them."""

    kind: str
    count: Measure | None
    total: Total | None
    type: Type
    square: Total | None = None

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What it is computed from."""
        found = (self.count, self.total, self.square)
        return tuple(measure for measure in found if measure is not None)

    @property
    def only(self) -> Measure | None:
        """The one measure of which the aggregate is exactly the number; None if it needs two."""
        if self.kind in TRUTHS or (self.count is not None and self.total is not None):
            return None
        return self.total or self.count


def choose(
    aggregates: Sequence[Aggregate],
    relation: Relation,
    tight: Callable[[Total], bool],
    most_steps: int,
    estimated: Callable[[Expr], Fraction | None],
) -> Chosen:
    """The least set of measures from which every aggregate can be computed.

    `estimated` gives the bound on an owner's sums where it is left to an estimate; it is asked
    for those sums alone that would use it.
    `tight` says whether a sum's own declared bound is below the one that weights of rows give it.
    """
    averaged = {a.value for a in aggregates if a.kind == "avg" or a.kind in SPREADS}
    averaged |= {v for a in aggregates if is_paired(a) for v in (a.value, a.other)}
    counted = {a.condition for a in aggregates if a.kind == "count"}
    totals = {
        value: total(value, relation.facts, most_steps, a.place)
        for a in aggregates
        for value in (a.value, a.other)
        if value is not None and a.kind != "distinct"
    }
    sums = dict.fromkeys(a.value for a in aggregates if a.kind == "sum" and a.value is not None)
    for value in sums:
        bound = None if value in averaged else estimated(value)
        if bound is not None:
            most = math.ceil(bound / totals[value].step)
            totals[value] = replace(totals[value], most=most if most < MOST_TOTAL else None)
    measures: dict[Measure, str] = {}
    formulas: list[Formula | Paired] = []
    for aggregate in aggregates:
        formula: Formula | Paired
        if is_paired(aggregate):
            formula = paired(aggregate, relation, totals, most_steps)
        else:
            formula = _formula(aggregate, relation, averaged, counted, totals, tight, most_steps)
        for measure in formula.measures:
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
    most_steps: int,
) -> Formula:
    if aggregate.kind == "count":
        return Formula("count", RowCount(aggregate.condition), None, BIGINT)
    if aggregate.kind in TRUTHS:
        return Formula(aggregate.kind, RowCount(aggregate.condition), None, BOOLEAN)
    if aggregate.kind == "owners":
        return Formula("count", OwnerCount(aggregate.condition), None, BIGINT)
    if aggregate.value is None:
        raise AssertionError("a sum has a value")
    if aggregate.kind == "distinct":
        measure = DistinctCount(aggregate.value, aggregate.beside, aggregate.condition)
        return Formula("count", measure, None, BIGINT)
    value, kind = aggregate.value, aggregate.value.type
    whole = totals[value]
    there = present(value, relation.facts)
    shares_count = value in averaged or there in counted
    own_bound = tight(whole) and value not in averaged
    middle = centered(whole)
    if aggregate.kind in SPREADS:
        square = product(middle, middle, relation.facts, most_steps, aggregate.place)
        return Formula(aggregate.kind, RowCount(there), middle, DOUBLE, square)
    if aggregate.kind == "avg" or (shares_count and not own_bound):
        made = DOUBLE if aggregate.kind == "avg" else _sum_type(kind)
        return Formula(aggregate.kind, RowCount(there), middle, made)
    alone = whole if own_bound else replace(whole, most=None)
    return Formula("sum", None, alone, _sum_type(kind))


_TRUE = {"any": "noise_low({}) > 0", "all": "noise_low({}) <= 0"}
"""Whether the interval of a count lies above zero, at the confidence of the question. Where no
row counts, noise alone puts it there in at most half of what the confidence leaves: 1 in 40."""


def _sum_type(kind: Type) -> Type:
    if kind.kind is Kind.DECIMAL:
        return decimal(38, kind.scale)
    return BIGINT if kind.kind is Kind.INTEGER else kind


def outer_expression(
    formula: Formula | Paired, column: Callable[[Measure], str], row_unit: int, owner_unit: int
) -> exp.Expr:
    """A formula as DuckDB SQL over the noisy table, whose columns hold the noisy integers."""
    if isinstance(formula, Paired):
        return _parsed(paired_sql(formula, column, row_unit))
    if formula.total is None:
        if formula.count is None:
            raise AssertionError("a formula has a measure")
        units = {OwnerCount: owner_unit, DistinctCount: 1}
        unit = units.get(type(formula.count), row_unit)
        whole = _whole(column(formula.count), Fraction(1, unit))
        return _parsed(_TRUE[formula.kind].format(whole) if formula.kind in _TRUE else whole)
    measure = formula.total
    name = column(measure)
    if formula.count is None:
        unit = row_unit if measure.most is None else WEIGHT_ONE
        return _parsed(_typed(name, measure.step / unit, formula.type))
    count = column(formula.count)
    if formula.square is not None:
        return _parsed(_spread(formula, name, count, column(formula.square), row_unit))
    if formula.kind == "avg":
        step = measure.step
        lo, hi = (float(end * step) for end in (measure.lo, measure.hi))
        mean = f"(({name} / CAST(GREATEST({count}, {row_unit}) AS DOUBLE)) + {measure.center})"
        return _parsed(f"LEAST(GREATEST({scaled(mean, step)}, {lo!r}), {hi!r})")
    joined = f"({name} + {measure.center} * {count})"
    return _parsed(_typed(joined, measure.step / row_unit, formula.type))


def _spread(formula: Formula, name: str, count: str, square: str, row_unit: int) -> str:
    """E[(x-c)²] - E[x-c]², never negative; for a sample times n/(n-1), NULL for n below 2."""
    if formula.total is None or formula.square is None:
        raise AssertionError("a spread has a sum and a sum of squares")
    rows = f"CAST(GREATEST({count}, {row_unit}) AS DOUBLE)"
    mean = scaled(f"({name} / {rows})", formula.total.step)
    mean_square = scaled(f"({square} / {rows})", formula.square.step)
    spread = f"GREATEST({mean_square} - ({mean} * {mean}), 0.0)"
    if formula.kind.endswith("_samp"):
        n = f"({rows} / {float(row_unit)!r})"
        spread = f"({spread} * {n} / CASE WHEN {n} >= 2 THEN {n} - 1.0 END)"
    return f"SQRT({spread})" if formula.kind.startswith("stddev") else spread


def _typed(text: str, factor: Fraction, kind: Type) -> str:
    if kind.kind is Kind.INTEGER:
        return _whole(text, factor)
    if kind.kind is Kind.DECIMAL:
        if factor == Fraction(1, 10**kind.scale) and kind.scale <= 8:
            step = (
                f"CAST('{float(factor):.{kind.scale}f}' AS DECIMAL({kind.scale + 1}, {kind.scale}))"
            )
            return f"CAST(CAST({text} AS DECIMAL(29, 0)) * {step} AS DECIMAL(38, {kind.scale}))"
        rounded = f"ROUND({scaled(text, factor)}, {kind.scale})"
        return f"CAST({rounded} AS DECIMAL(38, {kind.scale}))"
    return scaled(text, factor)


def _whole(text: str, factor: Fraction) -> str:
    if factor == 1:
        return f"CAST({text} AS BIGINT)"
    return f"CAST(ROUND({scaled(text, factor)}) AS BIGINT)"


@lru_cache(maxsize=1024)
def _parsed(sql: str) -> exp.Expr:
    """Shared between questions: it is copied into a query, never put there itself. It forgets
    where its parts stand, for that is not in the analyst's text."""
    made = sqlglot.parse_one(sql, dialect="duckdb")
    for part in made.walk():
        part.meta.clear()
    return made
