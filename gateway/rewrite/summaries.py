"""Exact aggregates over one owner's rows, as SQL that needs no order of rows and never fails."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.privacy.relation import Summary
from gateway.rewrite.dialects import DIALECTS
from gateway.rewrite.dialects.base import Dialect
from gateway.rewrite.expressions import beside_subqueries, write
from gateway.sql.expressions import Column
from gateway.sql.types import BIGINT, Kind, decimal


def summarised(summary: Summary, names: Mapping[Column, str], dialect: str, over: str = "") -> str:
    """SQL for a summary. Sums are of whole steps: of integers, exact in any order.

    `over` is the OVER clause of each aggregate, where the summary is of a window's frame.
    """
    if summary.value is None:
        return f"COUNT(*){over}"
    text, ways = write(summary.value, names, dialect), DIALECTS[dialect]
    match summary.kind:
        case "count":
            return f"COUNT({text}){over}"
        case "count_distinct":
            return f"COUNT(DISTINCT {text}){over}"
        case "min" | "max":
            return f"{summary.kind.upper()}({ways.ordered(text, summary.value.type)}){over}"
        case "sum":
            return _sum(summary, text, over, ways)
    steps = _steps(summary, text, ways)
    total = _scaled(f"CAST(SUM({steps}){over} AS {ways.double})", summary, ways)
    return f"({total} / NULLIF(COUNT({steps}){over}, 0))"


def _sum(summary: Summary, text: str, over: str, dialect: Dialect) -> str:
    steps = f"SUM({_steps(summary, text, dialect)}){over}"
    if summary.type.kind is Kind.INTEGER:
        return dialect.narrowed(steps)
    if summary.type.kind is Kind.DECIMAL:
        # Of 37 - scale digits, so that the product has no more than 38 and cannot fail.
        scale = summary.type.scale
        digits = dialect.narrowed_decimal(steps, 38 - scale - 1)
        return f"({digits} * {_decimal_unit(scale, dialect)})"
    return _scaled(f"CAST({steps} AS {dialect.double})", summary, dialect)


def _decimal_unit(scale: int, dialect: Dialect) -> str:
    unit = f"0.{'1'.rjust(scale, '0')}" if scale else "1"
    return f"CAST('{unit}' AS {dialect.type_name(decimal(scale + 1, scale))})"


def _steps(summary: Summary, text: str, dialect: Dialect) -> str:
    """A value in whole steps, a BIGINT; NULL where it does not fit one."""
    kind = summary.value.type if summary.value is not None else None
    if kind is None or kind.kind is Kind.INTEGER:
        return text if kind is None else dialect.summand(text, kind)
    if kind.kind is Kind.DECIMAL:
        units = 10**kind.scale
        steps = beside_subqueries([text], lambda x: dialect.decimal_units(x[0], units), dialect)
    else:
        steps = dialect.rounded_whole(dialect.in_steps(text, summary.step))
    return dialect.summand(steps, BIGINT)


def _scaled(text: str, summary: Summary, dialect: Dialect) -> str:
    kind = summary.value.type if summary.value is not None else None
    if kind is None or kind.kind is Kind.INTEGER:
        return text
    if kind.kind is Kind.DECIMAL:
        return f"({text} / CAST({float(10**kind.scale)!r} AS {dialect.double}))"
    if summary.step.denominator != 1:
        text = f"({text} / CAST({float(summary.step.denominator)!r} AS {dialect.double}))"
    if summary.step.numerator != 1:
        text = f"({text} * CAST({float(summary.step.numerator)!r} AS {dialect.double}))"
    return text
