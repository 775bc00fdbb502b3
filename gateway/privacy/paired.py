"""Aggregates of two columns: covariance, correlation and the line of least squares.

All follow from at most six numbers over the rows where neither column is NULL: their count, the
sums of both columns' distances from the middle of their bounds, of the squares of these and of
their products. Each is a bounded measure like any other, so what is put together from them is
post-processing. AVG and VARIANCE of the same column over the same rows share them.

Symbols: y is the first argument, x the second, as in PostgreSQL; n the noisy count; ȳ and x̄ the
noisy means of distances; Cxy = Σxy/n - x̄·ȳ, Vx and Vy the same of one column.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from gateway.privacy.aggregates import Aggregate, both
from gateway.privacy.measures import Measure, RowCount, Total
from gateway.privacy.moments import centered, present, product, scaled
from gateway.privacy.relation import Relation
from gateway.sql.expressions import Expr
from gateway.sql.types import DOUBLE, Type

_NEEDED: Mapping[str, frozenset[str]] = {
    "covar_pop": frozenset({"y", "x", "xy"}),
    "covar_samp": frozenset({"y", "x", "xy"}),
    "corr": frozenset({"y", "x", "yy", "xx", "xy"}),
    "regr_slope": frozenset({"y", "x", "xx", "xy"}),
    "regr_intercept": frozenset({"y", "x", "xx", "xy"}),
    "regr_r2": frozenset({"y", "x", "yy", "xx", "xy"}),
    "regr_sxx": frozenset({"x", "xx"}),
    "regr_syy": frozenset({"y", "yy"}),
    "regr_sxy": frozenset({"y", "x", "xy"}),
}
"""Which sums each aggregate reads besides the count."""

_NOTHING = "1e-12"
"""A variance below this part of the mean square is what rounding leaves of none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """How an aggregate of two columns follows from measures; those it does not need are None."""

    kind: str
    count: RowCount
    y: Total | None
    x: Total | None
    yy: Total | None
    xx: Total | None
    xy: Total | None

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What it is computed from."""
        sums = (self.y, self.x, self.yy, self.xx, self.xy)
        return (self.count, *(measure for measure in sums if measure is not None))

    @property
    def only(self) -> Measure | None:
        """It is never one number as it was released."""
        return None

    @property
    def type(self) -> Type:
        """All of them are doubles."""
        return DOUBLE


def is_paired(aggregate: Aggregate) -> bool:
    """Whether an aggregate is computed from the measures of a pair."""
    return aggregate.kind in _NEEDED


def paired(
    aggregate: Aggregate, relation: Relation, totals: Mapping[Expr, Total], most_steps: int
) -> Paired:
    """The measures of an aggregate of two columns; `totals` are the bounded sums of both."""
    if aggregate.value is None or aggregate.other is None:
        raise AssertionError("a pair has two values")
    y, x = (centered(totals[value]) for value in (aggregate.value, aggregate.other))
    count = both(*(present(value, relation.facts) for value in (y.value, x.value)))
    needed = _NEEDED[aggregate.kind]

    def multiplied(a: Total, b: Total) -> Total:
        return product(a, b, relation.facts, most_steps, aggregate.place)

    return Paired(
        kind=aggregate.kind,
        count=RowCount(count),
        y=y if "y" in needed else None,
        x=x if "x" in needed else None,
        yy=multiplied(y, y) if "yy" in needed else None,
        xx=multiplied(x, x) if "xx" in needed else None,
        xy=multiplied(y, x) if "xy" in needed else None,
    )


def paired_sql(formula: Paired, column: Callable[[Measure], str], row_unit: int) -> str:
    """The aggregate as DuckDB SQL over the noisy table.

    NULL as in PostgreSQL where the noisy count is below 1 (below 2 for a sample), and where no
    variance is left to divide by. |Cxy| is kept within the product of half the bounds' widths
    (Cauchy and Schwarz with Popoviciu's inequality), a variance at 0 or above, a correlation
    within [-1, 1]: no data within the bounds could give anything else.
    """
    numbers = _Numbers(formula, column, row_unit)
    least = 2 if formula.kind == "covar_samp" else 1
    return f"CASE WHEN {numbers.n} >= {least} THEN {numbers.result()} END"


class _Numbers:
    """The parts of the formulas as SQL."""

    def __init__(self, formula: Paired, column: Callable[[Measure], str], row_unit: int) -> None:
        self._formula = formula
        self._column = column
        count = column(formula.count)
        self.n = scaled(count, Fraction(1, row_unit))
        self._rows = f"CAST(GREATEST({count}, {row_unit}) AS DOUBLE)"

    def result(self) -> str:
        """The aggregate, for a count that is large enough."""
        match self._formula.kind:
            case "covar_pop":
                return self._covariance()
            case "covar_samp":
                return f"{self._covariance()} * {self.n} / ({self.n} - 1.0)"
            case "corr":
                both_spread = self._spread("x"), self._spread("y")
                root = " * ".join(f"SQRT({spread})" for spread in both_spread)
                apart = " AND ".join(f"{spread} > 0" for spread in both_spread)
                ratio = f"{self._covariance()} / ({root})"
                return f"CASE WHEN {apart} THEN LEAST(GREATEST({ratio}, -1.0), 1.0) END"
            case "regr_slope":
                return f"CASE WHEN {self._spread('x')} > 0 THEN {self._slope()} END"
            case "regr_intercept":
                line = f"{self._average('y')} - {self._slope()} * {self._average('x')}"
                return f"CASE WHEN {self._spread('x')} > 0 THEN {line} END"
            case "regr_r2":
                explained = f"{self._slope()} * {self._covariance()} / {self._spread('y')}"
                kept = f"WHEN {self._spread('y')} > 0 THEN LEAST({explained}, 1.0) ELSE 1.0"
                return f"CASE WHEN {self._spread('x')} <= 0 THEN NULL {kept} END"
            case "regr_sxx":
                return f"{self.n} * {self._spread('x')}"
            case "regr_syy":
                return f"{self.n} * {self._spread('y')}"
            case "regr_sxy":
                return f"{self.n} * {self._covariance()}"
        raise AssertionError("an aggregate of two columns")

    def _slope(self) -> str:
        return f"({self._covariance()} / {self._spread('x')})"

    def _covariance(self) -> str:
        x, y = self._sum("x"), self._sum("y")
        most = float(_half_width(x) * _half_width(y))
        found = f"{self._mean('xy')} - {self._mean('x')} * {self._mean('y')}"
        return f"LEAST(GREATEST({found}, {-most!r}), {most!r})"

    def _spread(self, name: str) -> str:
        square = self._mean(name * 2)
        found = f"({square} - ({self._mean(name)} * {self._mean(name)}))"
        return f"(CASE WHEN {found} > {_NOTHING} * {square} THEN {found} ELSE 0.0 END)"

    def _average(self, name: str) -> str:
        measure = self._sum(name)
        lo, hi, middle = (
            float(end * measure.step) for end in (measure.lo, measure.hi, measure.center)
        )
        return f"LEAST(GREATEST({self._mean(name)} + {middle!r}, {lo!r}), {hi!r})"

    def _mean(self, name: str) -> str:
        measure = self._sum(name)
        return scaled(f"({self._column(measure)} / {self._rows})", measure.step)

    def _sum(self, name: str) -> Total:
        found: Total | None = getattr(self._formula, name)
        if found is None:
            raise AssertionError("a sum that the aggregate needs")
        return found


def _half_width(measure: Total) -> Fraction:
    return Fraction(measure.hi - measure.lo, 2) * measure.step
