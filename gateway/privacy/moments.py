"""Sums of squares and products of distances from the middle: what spreads and pairs add up."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from gateway.errors import Position
from gateway.privacy.aggregates import both
from gateway.privacy.known import nullable
from gateway.privacy.measures import Total, total
from gateway.privacy.relation import Facts
from gateway.sql.expressions import Call, Case, Column, Expr, Literal
from gateway.sql.functions import TABLE
from gateway.sql.types import BOOLEAN, DOUBLE, Kind, Type


def centered(whole: Total) -> Total:
    """The same sum of distances from the middle of the bounds, bounded by the weight of rows."""
    return replace(whole, center=(whole.lo + whole.hi) // 2, most=None)


def product(
    a: Total,
    b: Total,
    facts: Mapping[Column, Facts],
    most_steps: int,
    place: Position | None,
) -> Total:
    """Σ (clamp(x) - c)·(clamp(y) - d) over the rows where neither is NULL; a square where a is b.

    Claim: each row adds at most `magnitude` steps, which is the interval product of the two
    distances' ranges, for x and y are clamped before they are multiplied. The order of a and b
    does not matter: what is asked both ways is one measure. Source: interval arithmetic
    (`Function.range`); the clamp of the product itself (`rewrite.clamp`) holds even were it
    wrong. Test: tests/neighbours/test_corpus.py, over the entries of `paired` and `spread`.
    """
    first, second = sorted((a, b), key=repr)
    if a == b:
        square = (_distance(a),)
        value = Call("square", square, TABLE["square"].result(square) or DOUBLE)
    else:
        parts = (_distance(first), _distance(second))
        value = Call("multiply", parts, TABLE["multiply"].result(parts) or DOUBLE)
    known = both(*(_finite(t.value) for t in (first, second)))
    if known is None:
        raise AssertionError("two conditions are one")
    whole = Case(((known, value),), Literal(None, value.type), value.type)
    return replace(total(whole, facts, most_steps, place), most=None)


def _finite(value: Expr) -> Expr:
    """That a value is neither NULL nor, being a float, NaN or infinite: NaN sorts above all."""
    if value.type.kind is not Kind.FLOAT:
        return Call("is_not_null", (value,), BOOLEAN)
    most = sys.float_info.max
    ends = (Literal(-most, DOUBLE), Literal(most, DOUBLE))
    return Call("between", (value, *ends), BOOLEAN)


def _distance(measure: Total) -> Expr:
    """clamp(x) - c, whose NULL is taken care of by the condition around it."""
    value = measure.value
    lo, hi, middle = (
        _number(end * measure.step, value.type) for end in (measure.lo, measure.hi, measure.center)
    )
    above = Call("greatest", (value, lo), value.type)
    inside = Call("least", (above, hi), value.type)
    return Call("subtract", (inside, middle), _difference(value.type))


def _difference(kind: Type) -> Type:
    made = TABLE["subtract"].result((Literal(None, kind), Literal(None, kind)))
    return made or DOUBLE


def _number(value: Fraction, kind: Type) -> Literal:
    if kind.kind is Kind.INTEGER:
        return Literal(round(value), kind)
    if kind.kind is Kind.DECIMAL:
        return Literal(Decimal(round(value * 10**kind.scale)).scaleb(-kind.scale), kind)
    return Literal(float(value), DOUBLE)


def present(value: Expr, facts: Mapping[Column, Facts]) -> Expr | None:
    """The condition under which a summed value is not NULL, in the form that COUNT gives it."""
    if isinstance(value, Case) and len(value.branches) == 1:
        condition, inner = value.branches[0]
        if isinstance(value.default, Literal) and value.default.value is None:
            return both(condition, _known(inner, facts))
    return _known(value, facts)


def _known(value: Expr, facts: Mapping[Column, Facts]) -> Expr | None:
    return Call("is_not_null", (value,), BOOLEAN) if nullable(value, facts) else None


def scaled(text: str, factor: Fraction) -> str:
    """DuckDB SQL for a noisy integer times a factor, as a double."""
    made = f"CAST({text} AS DOUBLE)"
    if factor.numerator != 1:
        made = f"({made} * {float(factor.numerator)!r})"
    if factor.denominator != 1:
        made = f"({made} / {float(factor.denominator)!r})"
    return made
