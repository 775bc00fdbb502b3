"""Facts about expressions, from facts about columns: range, NULL, step, total. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from gateway.policy.model import Auto
from gateway.privacy.domains import (
    ANYTHING,
    Domain,
    Interval,
    Members,
    intersect,
    interval_of,
    number_of,
    union,
)
from gateway.privacy.relation import Facts
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
    conjuncts,
    parts_of,
)
from gateway.sql.functions import TABLE
from gateway.sql.functions.base import Nulls
from gateway.sql.types import Kind, Scalar, Type

NOTHING_KNOWN = Facts()
_DAY = 86_400_000_000
_MOST_BITS = 2_048
"""Of numerators and denominators; the largest double has 1,024."""


def domain_of(expr: Expr, facts: Mapping[Column, Facts]) -> Domain:
    """Where an expression's values lie while its columns keep to their declared domains.

    Interval arithmetic, function by function (`Function.range`). The result bounds nothing by
    itself: it is where values are clamped at the input of an aggregate.
    """
    if isinstance(expr, Ref):
        return facts.get(expr.column, NOTHING_KNOWN).domain
    if isinstance(expr, Literal):
        return Members((expr.value,))
    if isinstance(expr, Case):
        return _union_of([value for _, value in expr.branches] + [expr.default], facts)
    if isinstance(expr, Correlated):
        return expr.facts.domain
    if isinstance(expr, (Within, Given)):
        return ANYTHING
    found = TABLE[expr.function].range(expr, [domain_of(part, facts) for part in expr.arguments])
    sized = not isinstance(found, Interval) or (_sized(found.lo) and _sized(found.hi))
    return found if sized else ANYTHING


def _sized(number: Fraction) -> bool:
    """Whether a number is worth computing with: squares of squares double their digits each time,
    and no engine's number is as large or as fine."""
    return max(number.numerator.bit_length(), number.denominator.bit_length()) <= _MOST_BITS


def _union_of(values: list[Expr], facts: Mapping[Column, Facts]) -> Domain:
    found: Interval | None = None
    for value in values:
        if isinstance(value, Literal) and value.value is None:
            continue
        interval = interval_of(domain_of(value, facts))
        if interval is None:
            return ANYTHING
        found = union(found, interval) if found else interval
    return found or Members((None,))


def nullable(expr: Expr, facts: Mapping[Column, Facts]) -> bool:
    """Whether an expression may be NULL on a row whose columns keep to their facts."""
    if isinstance(expr, Ref):
        return facts.get(expr.column, NOTHING_KNOWN).nullable
    if isinstance(expr, Literal):
        return expr.value is None
    if isinstance(expr, Case):
        values = [*(value for _, value in expr.branches), expr.default]
        return any(nullable(value, facts) for value in values)
    if isinstance(expr, Within):
        return expr.value is not None
    if isinstance(expr, Correlated):
        return expr.facts.nullable
    if isinstance(expr, Given):
        return True
    nulls = TABLE[expr.function].nulls
    if expr.function == "coalesce":
        return all(nullable(part, facts) for part in expr.arguments)
    if nulls is Nulls.NEVER:
        return False
    if expr.function in _STRICT_UNLESS_ABSENT:
        return any(nullable(part, facts) for part in expr.arguments)
    sometimes = nulls in (Nulls.SOMETIMES, Nulls.OUTSIDE)
    return sometimes or any(nullable(part, facts) for part in expr.arguments)


def null_within(expr: Expr, facts: Mapping[Column, Facts]) -> bool:
    """Whether an expression may be NULL on a row whose columns keep to their facts and bounds.

    Unlike `nullable` it takes the bounds at their word, which stored values need not keep to: an
    infinite timestamp has no year. So it is for those alone who leave such rows out by a guard.
    """
    nulls = TABLE[expr.function].nulls if isinstance(expr, Call) else Nulls.SOMETIMES
    if not isinstance(expr, Call) or nulls not in (Nulls.STRICT, Nulls.OUTSIDE):
        return nullable(expr, facts)
    if nulls is Nulls.OUTSIDE and not _defined(expr, facts):
        return nullable(expr, facts)
    return any(null_within(part, facts) for part in expr.arguments)


def _defined(call: Call, facts: Mapping[Column, Facts]) -> bool:
    """Whether a function of class `Nulls.OUTSIDE` has a value for all arguments within bounds."""
    bounds = [
        interval_of(domain_of(part, facts)) for part in call.arguments if part.type.kind in _ORDERED
    ]
    known = [bound for bound in (*bounds, interval_of(domain_of(call, facts))) if bound is not None]
    # Numbers are brought to the result's scale before they are added.
    if len(known) <= len(bounds) or not all(_holds(call.type, bound) for bound in known):
        return False
    divisor = bounds[-1] if call.function == "divide" else None
    return divisor is None or not divisor.lo <= 0 <= divisor.hi


_ORDERED = (
    *(Kind.INTEGER, Kind.DECIMAL, Kind.FLOAT, Kind.BOOLEAN),
    *(Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMPTZ),
)


def _holds(kind: Type, interval: Interval) -> bool:
    """Whether a type can hold all numbers of an interval."""
    match kind.kind:
        case Kind.INTEGER:
            most = 1 << (kind.bits - 1)
            return -most <= interval.lo and interval.hi < most
        case Kind.DECIMAL:
            return interval.magnitude < Fraction(10) ** (kind.precision - kind.scale)
        case Kind.FLOAT:
            return interval.magnitude < 1 << 1000
    return kind.temporal


_STRICT_UNLESS_ABSENT = {"and", "or", "between", "in", "greatest", "least"}
"""These give NULL only if some argument is NULL, though not always then."""


def step_of(expr: Expr, facts: Mapping[Column, Facts]) -> Fraction | None:
    """A step of which every value is a multiple, where one is known; None otherwise."""
    found = _step_of(expr, facts)
    return found if found is None or _sized(found) else None


def _step_of(expr: Expr, facts: Mapping[Column, Facts]) -> Fraction | None:
    kind = expr.type
    if kind.kind is Kind.INTEGER or kind.kind is Kind.BOOLEAN:
        return Fraction(1)
    if isinstance(expr, (Ref, Correlated)):
        found = expr.facts if isinstance(expr, Correlated) else facts.get(expr.column)
        return (found or NOTHING_KNOWN).step or _type_step(kind)
    if isinstance(expr, Literal):
        return _literal_step(expr.value)
    if isinstance(expr, Case):
        values = [*(value for _, value in expr.branches), expr.default]
        return common_step([step_of(value, facts) for value in values])
    if isinstance(expr, (Within, Given)):
        return None
    if expr.function in ("add", "subtract", "coalesce", "greatest", "least", "negate", "abs"):
        return common_step([step_of(part, facts) for part in expr.arguments])
    if expr.function == "square":
        root = step_of(expr.arguments[0], facts)
        return root * root if root else None
    if expr.function == "multiply":
        a, b = (step_of(part, facts) for part in expr.arguments)
        return a * b if a and b else None
    if expr.function in ("floor", "ceil", "trunc") or (
        expr.function == "round" and len(expr.arguments) == 1
    ):
        return Fraction(1)
    return _type_step(kind)


def _type_step(kind: Type) -> Fraction | None:
    return Fraction(1, 10**kind.scale) if kind.kind is Kind.DECIMAL else None


def _literal_step(value: Scalar) -> Fraction | None:
    if value is None:
        return Fraction(0)
    if isinstance(value, (int, float, Decimal)):
        exact = Fraction(str(value)) if number_of(value) is not None else Fraction(0)
        return Fraction(1, exact.denominator)
    return None


def common_step(steps: Iterable[Fraction | None]) -> Fraction | None:
    """A step of which all are multiples: 1 over the least common denominator; 0 fits any."""
    found = Fraction(0)
    for step in steps:
        if step is None:
            return None
        found = _gcd(found, step)
    return found or Fraction(1)


def _gcd(a: Fraction, b: Fraction) -> Fraction:
    while b:
        a, b = b, a % b
    return a


def estimates_of(expr: Expr, facts: Mapping[Column, Facts]) -> frozenset[str]:
    """The estimates from which the domain of an expression comes."""
    found = [facts.get(column, NOTHING_KNOWN).estimates for column in columns_of(expr)]
    found += [part.facts.estimates for part in parts_of(expr) if isinstance(part, Correlated)]
    return frozenset().union(*found)


def total_of(expr: Expr, facts: Mapping[Column, Facts]) -> Fraction | None:
    """The declared bound on one owner's sums, for a column and for parts of it by CASE."""
    if isinstance(expr, Ref):
        declared = facts.get(expr.column, NOTHING_KNOWN).max_total
        return None if isinstance(declared, Auto) else declared
    if isinstance(expr, Case):
        values = [*(value for _, value in expr.branches), expr.default]
        known = [total_of(v, facts) for v in values if not _is_nothing(v)]
        totals = [total for total in known if total is not None]
        return max(totals) if totals and len(totals) == len(known) else None
    return None


def summed_column(expr: Expr, facts: Mapping[Column, Facts]) -> Column | None:
    """The column whose sums per owner are left to an estimate, where the expression is it, or
    parts of it by CASE; None for everything else."""
    if isinstance(expr, Ref):
        known = facts.get(expr.column, NOTHING_KNOWN)
        return expr.column if known.max_total is Auto.AUTO else None
    if isinstance(expr, Case):
        values = [*(value for _, value in expr.branches), expr.default]
        found = {summed_column(v, facts) for v in values if not _is_nothing(v)}
        return found.pop() if len(found) == 1 else None
    return None


def _is_nothing(expr: Expr) -> bool:
    return isinstance(expr, Literal) and (expr.value is None or expr.value == 0)


def narrowed(facts: Mapping[Column, Facts], condition: Expr) -> dict[Column, Facts]:
    """Facts about the rows for which a condition is true.

    Comparisons of a column with constants narrow its domain and exclude NULL. Where the declared
    domain and the comparison have nothing in common the domain stays as it was: only rows outside
    the declared domain are left, and their values are clamped into it.
    """
    found = dict(facts)
    for part in conjuncts(condition):
        if not isinstance(part, Call):
            continue
        if part.function == "is_not_null" and isinstance(part.arguments[0], Ref):
            column = part.arguments[0].column
            found[column] = _without_null(found.get(column, NOTHING_KNOWN))
            continue
        for column, low, high, values in _comparisons(part):
            known = _without_null(found.get(column, NOTHING_KNOWN))
            domain = _narrow(known.domain, low, high, values, column.type)
            found[column] = replace(known, domain=domain)
    return found


def _without_null(facts: Facts) -> Facts:
    domain = facts.domain
    if isinstance(domain, Members) and None in domain.values and len(domain.values) > 1:
        domain = Members(tuple(value for value in domain.values if value is not None))
    return replace(facts, domain=domain, nullable=False)


_Comparison = tuple[Column, Fraction | None, Fraction | None, tuple[Scalar, ...] | None]
_MIRROR = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq"}


def _comparisons(call: Call) -> list[_Comparison]:
    name, parts = call.function, call.arguments
    if name in _MIRROR and isinstance(parts[0], Literal):
        name, parts = _MIRROR[name], (parts[1], parts[0])
    if not parts or not isinstance(parts[0], Ref):
        return []
    column = parts[0].column
    constants = [part for part in parts[1:] if isinstance(part, Literal)]
    if len(constants) != len(parts) - 1 or any(part.value is None for part in constants):
        return []
    numbers = [_in_units_of(column.type, part) for part in constants]
    first = numbers[0] if numbers else None
    match name:
        case "eq":
            return [(column, first, first, (constants[0].value,))]
        case "lt" | "le":
            return [(column, None, first, None)]
        case "gt" | "ge":
            return [(column, first, None, None)]
        case "between":
            return [(column, first, numbers[1], None)]
        case "in":
            known = [number for number in numbers if number is not None]
            all_known = len(known) == len(numbers)
            low = min(known) if all_known else None
            high = max(known) if all_known else None
            return [(column, low, high, tuple(part.value for part in constants))]
    return []


def _in_units_of(target: Type, literal: Literal) -> Fraction | None:
    """A constant as a number in the units of a column: dates and timestamps may be mixed."""
    number = number_of(literal.value)
    if number is None:
        return None
    if target.kind is Kind.DATE and isinstance(literal.value, dt.datetime):
        return number / _DAY
    if target.kind in (Kind.TIMESTAMP, Kind.TIMESTAMPTZ) and literal.type.kind is Kind.DATE:
        return number * _DAY
    return number


def _narrow(
    domain: Domain,
    low: Fraction | None,
    high: Fraction | None,
    values: tuple[Scalar, ...] | None,
    kind: Type,
) -> Domain:
    if isinstance(domain, Members):
        kept = tuple(
            value
            for value in domain.values
            if (values is None or any(value == other for other in values))
            and _within(number_of(value), low, high)
        )
        return Members(kept) if kept else domain
    if values is not None and not isinstance(domain, Interval) and kind.kind is Kind.TEXT:
        return Members(tuple(dict.fromkeys(values)))
    if isinstance(domain, Interval):
        lo = domain.lo if low is None else max(domain.lo, low)
        hi = domain.hi if high is None else min(domain.hi, high)
        return intersect(domain, Interval(lo, hi)) or domain if lo <= hi else domain
    if low is not None and high is not None and low <= high:
        return Interval(low, high)
    return domain


def _within(number: Fraction | None, low: Fraction | None, high: Fraction | None) -> bool:
    if number is None:
        return True
    return (low is None or number >= low) and (high is None or number <= high)
