"""Exact aggregates over one owner's rows, as SQL that needs no order of rows and never fails."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.privacy.relation import Summary
from gateway.rewrite.expressions import beside_subqueries, write
from gateway.sql.expressions import Column
from gateway.sql.types import Kind


def summarised(summary: Summary, names: Mapping[Column, str], dialect: str, over: str = "") -> str:
    """SQL for a summary. Sums are of whole steps: of integers, exact in any order.

    `over` is the OVER clause of each aggregate, where the summary is of a window's frame.
    """
    if summary.value is None:
        return f"COUNT(*){over}"
    text = write(summary.value, names, dialect)
    match summary.kind:
        case "count":
            return f"COUNT({text}){over}"
        case "count_distinct":
            return f"COUNT(DISTINCT {text}){over}"
        case "min" | "max":
            return f"{summary.kind.upper()}({text}){over}"
        case "sum":
            return _sum(summary, text, over)
    total = _scaled(f"CAST(SUM({_steps(summary, text)}){over} AS DOUBLE)", summary)
    return f"({total} / NULLIF(COUNT({_steps(summary, text)}){over}, 0))"


def _sum(summary: Summary, text: str, over: str) -> str:
    steps = f"SUM({_steps(summary, text)}){over}"
    if summary.type.kind is Kind.INTEGER:
        return f"TRY_CAST({steps} AS BIGINT)"
    if summary.type.kind is Kind.DECIMAL:
        scale = summary.type.scale
        unit = "CAST('1' AS DECIMAL(1, 0))" if scale == 0 else _decimal_unit(scale)
        # Of 37 - scale digits, so that the product has no more than 38 and cannot fail.
        return f"(TRY_CAST({steps} AS DECIMAL({38 - scale - 1}, 0)) * {unit})"
    return _scaled(f"CAST({steps} AS DOUBLE)", summary)


def _decimal_unit(scale: int) -> str:
    return f"CAST('0.{'1'.rjust(scale, '0')}' AS DECIMAL({scale + 1}, {scale}))"


def _steps(summary: Summary, text: str) -> str:
    """A value in whole steps, a BIGINT; NULL where it does not fit one."""
    kind = summary.value.type.kind if summary.value is not None else Kind.INTEGER
    if kind is Kind.INTEGER:
        return text
    if kind is Kind.DECIMAL and summary.value is not None:
        units = 10**summary.value.type.scale
        return beside_subqueries([text], lambda x: f"TRY_CAST(TRY({x[0]} * {units}) AS BIGINT)")
    scaled = text
    if summary.step.denominator != 1:
        scaled = f"({scaled} * CAST({float(summary.step.denominator)!r} AS DOUBLE))"
    if summary.step.numerator != 1:
        scaled = f"({scaled} / CAST({float(summary.step.numerator)!r} AS DOUBLE))"
    return f"TRY_CAST(ROUND({scaled}) AS BIGINT)"


def _scaled(text: str, summary: Summary) -> str:
    kind = summary.value.type if summary.value is not None else None
    if kind is None or kind.kind is Kind.INTEGER:
        return text
    if kind.kind is Kind.DECIMAL:
        return f"({text} / CAST({float(10**kind.scale)!r} AS DOUBLE))"
    if summary.step.denominator != 1:
        text = f"({text} / CAST({float(summary.step.denominator)!r} AS DOUBLE))"
    if summary.step.numerator != 1:
        text = f"({text} * CAST({float(summary.step.numerator)!r} AS DOUBLE))"
    return text
