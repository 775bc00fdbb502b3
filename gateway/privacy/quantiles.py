"""Quantiles as the analyst writes them: of what, which fractions, cut into which histogram."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from sqlglot import exp

from gateway.errors import Code, Position, Refusal
from gateway.privacy.domains import Interval, interval_of, number_of
from gateway.privacy.histograms import Histogram, Reading, Statistic, cut
from gateway.privacy.known import domain_of, step_of
from gateway.privacy.measures import MOST_STEPS, default_step, missing_bounds
from gateway.privacy.outputs import QUANTILE_NAMES
from gateway.privacy.relation import Facts
from gateway.sql.bind import Binder, refuse
from gateway.sql.expressions import Case, Column, Expr, Literal
from gateway.sql.parse import position_of
from gateway.sql.types import DOUBLE, Kind, ordinal

ENDS = (Statistic.LEAST, Statistic.GREATEST)
ENDS_NOTE = (
    "MIN and MAX are the outermost values that noise does not hide: few rows beyond them do not "
    "show, and the interval reaches to the declared bound."
)
_ENDS: dict[type[exp.Expr], Statistic] = {exp.Min: Statistic.LEAST, exp.Max: Statistic.GREATEST}
_PERCENTILES: dict[type[exp.Expr], Statistic] = {
    exp.PercentileCont: Statistic.CONTINUOUS,
    exp.PercentileDisc: Statistic.DISCRETE,
}
_WITH_FRACTION: dict[type[exp.Expr], Statistic] = {
    exp.Quantile: Statistic.CONTINUOUS,
    exp.ApproxQuantile: Statistic.CONTINUOUS,
}
_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Quantile:
    """One aggregate of the question that is read off a histogram of `value`.

    `listed` says that the fractions were given as an array, and come back as one. `place` is where
    it stands.
    """

    statistic: Statistic
    value: Expr
    fractions: tuple[Fraction, ...]
    descending: bool
    listed: bool
    label: str
    place: Position | None = field(default=None, compare=False)

    def readings(self, apart: tuple[str, ...]) -> Iterator[Reading]:
        """What is read off the histogram for it, one for each fraction."""
        continuous = self.statistic is Statistic.CONTINUOUS and not self.value.type.temporal
        for fraction in self.fractions:
            yield Reading(
                statistic=self.statistic,
                fraction=fraction,
                descending=self.descending,
                type=DOUBLE if continuous else self.value.type,
                apart=apart,
            )


def read(node: exp.Expr, binder: Binder) -> Quantile | None:
    """A quantile, MIN or MAX, with its FILTER folded into the value; None for other aggregates.

    Raises Refusal for forms that are not answered, such as a fraction that is no constant.
    """
    call, condition = node, None
    if isinstance(node, exp.Filter):
        condition, call = node.expression.this, node.this
    found = _parts(call)
    if found is None:
        return None
    statistic, argument, fraction, descending = found
    if isinstance(argument, exp.Distinct):
        if statistic not in ENDS or len(argument.expressions) != 1:
            raise refuse(node, "A quantile of distinct values", "Leave DISTINCT out.")
        argument = argument.expressions[0]
    value = binder.bind(argument)
    if not (value.type.numeric or value.type.temporal):
        raise Refusal(
            Code.UNSUPPORTED_SQL,
            f"{_name(call)} needs a number, date or timestamp, not {value.type.name}.",
            "Use a numeric column or expression, or group by the column and count.",
            position_of(call),
        )
    if condition is not None:
        bound = binder.condition(condition)
        value = Case(((bound, value),), Literal(None, value.type), value.type)
    listed = isinstance(fraction, exp.Array)
    parts = list(fraction.expressions) if isinstance(fraction, exp.Array) else [fraction]
    return Quantile(
        statistic=statistic,
        value=value,
        fractions=tuple(_fraction(part, binder, call) for part in parts),
        descending=descending,
        listed=listed,
        label=node.sql(dialect="postgres"),
        place=position_of(call),
    )


def element(quantile: Quantile, node: exp.Bracket) -> Quantile:
    """The quantile of one of several fractions, counted from 1.

    Raises Refusal for an index that is no constant, or that no fraction has.
    """
    (index,) = node.expressions if len(node.expressions) == 1 else (None,)
    text = index.name if isinstance(index, exp.Literal) and not index.is_string else ""
    number = int(text) - 1 if text.isdigit() else -1
    if not 0 <= number < len(quantile.fractions):
        raise refuse(
            node,
            "This element of several quantiles",
            f"Use a number from 1 to {len(quantile.fractions)}.",
        )
    return replace(quantile, fractions=(quantile.fractions[number],), listed=False)


Parts = tuple[Statistic, exp.Expr, exp.Expr | None, bool]
"""Statistic, argument, the fraction's syntax (None for ends and median), descending order."""


def _parts(call: exp.Expr) -> Parts | None:
    if type(call) in _ENDS:
        if call.expressions:
            raise refuse(call, f"{_name(call)} of several values", "Use LEAST or GREATEST.")
        return _ENDS[type(call)], call.this, None, False
    if isinstance(call, exp.Median):
        return Statistic.CONTINUOUS, call.this, None, False
    if isinstance(call, exp.WithinGroup) and type(call.this) in _PERCENTILES:
        return _within_group(call, call.this)
    if type(call) in _PERCENTILES:
        return _PERCENTILES[type(call)], call.this, call.args.get("expression"), False
    if type(call) in _WITH_FRACTION:
        return _WITH_FRACTION[type(call)], call.this, call.args["quantile"], False
    if isinstance(call, exp.Anonymous) and call.name.lower() in QUANTILE_NAMES:
        if len(call.expressions) != 2:
            raise refuse(call, "This form of quantile", "Write PERCENTILE_CONT(0.5) WITHIN GROUP …")
        discrete = call.name.lower().endswith("disc")
        statistic = Statistic.DISCRETE if discrete else Statistic.CONTINUOUS
        return statistic, call.expressions[0], call.expressions[1], False
    return None


def _within_group(call: exp.WithinGroup, percentile: exp.Expr) -> Parts:
    order = call.expression.expressions
    if len(order) != 1 or percentile.args.get("expression"):
        raise refuse(
            call,
            "This form of percentile",
            "Write PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY a), of one value.",
        )
    (ordered,) = order
    descending = bool(ordered.args.get("desc"))
    return _PERCENTILES[type(percentile)], ordered.this, percentile.this, descending


def _fraction(node: exp.Expr | None, binder: Binder, call: exp.Expr) -> Fraction:
    if node is None:
        return _HALF
    bound = binder.bind(node)
    if isinstance(bound, Literal) and bound.type.numeric and number_of(bound.value) is not None:
        fraction = Fraction(str(bound.value))
        if 0 <= fraction <= 1:
            return fraction
    raise Refusal(
        Code.UNSUPPORTED_SQL,
        f"The fraction of {_name(call)} is no constant between 0 and 1.",
        "Write a number such as 0.5, or ARRAY[0.25, 0.5, 0.75].",
        position_of(node) or position_of(call),
    )


def _name(call: exp.Expr) -> str:
    text: str = call.sql(dialect="postgres").partition("(")[0].upper()
    return text


def histogram_of(quantile: Quantile, facts: Mapping[Column, Facts], groups: int) -> Histogram:
    """The histogram over the bounds of a quantile's argument, found by interval arithmetic.

    Values beyond them count in the outermost leaves, as they are clamped. Raises MISSING_BOUNDS
    naming the columns that lack bounds.
    """
    value = quantile.value
    interval = interval_of(domain_of(value, facts))
    if interval is None:
        raise missing_bounds(value, facts, quantile.place, "quantile")
    if value.type.temporal:
        first, last = _our_era(value.type.kind)
        lo = min(max(math.floor(interval.lo), first), last)
        hi = min(max(math.ceil(interval.hi), first), last)
        return cut(lo, hi, Fraction(1), groups)
    step = step_of(value, facts) or default_step(interval)
    while interval.magnitude / step > MOST_STEPS:
        step *= 10
    return cut(*_in_steps(interval, step), step, groups)


def _in_steps(interval: Interval, step: Fraction) -> tuple[int, int]:
    return math.floor(interval.lo / step), math.ceil(interval.hi / step)


def _our_era(kind: Kind) -> tuple[int, int]:
    """The years 1 to 9999, as ordinals."""
    if kind is Kind.DATE:
        return ordinal(dt.date.min), ordinal(dt.date.max)
    return ordinal(dt.datetime.min), ordinal(dt.datetime.max)
