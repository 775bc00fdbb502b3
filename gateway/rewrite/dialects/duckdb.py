"""DuckDB's SQL, which post-processing speaks, too."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from gateway.rewrite.dialects.base import Dialect
from gateway.sql.expressions import Literal
from gateway.sql.functions.conversion import duckdb_type
from gateway.sql.types import Kind, Scalar


def quoted(name: str) -> str:
    """An identifier."""
    return '"' + name.replace('"', '""') + '"'


def constant(literal: Literal) -> str:
    """A constant, with its type where the text alone would not tell it."""
    value: Scalar = literal.value
    if value is None:
        kind = literal.type.kind
        return "NULL" if kind is Kind.NULL else f"CAST(NULL AS {duckdb_type(literal.type)})"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"CAST('{value!r}' AS DOUBLE)"
    if isinstance(value, (int, Decimal)):
        text = format(value, "f") if isinstance(value, Decimal) else str(value)
        return f"({text})" if text.startswith("-") else text
    if isinstance(value, dt.datetime):
        plain = value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
        if value.tzinfo:
            return f"TIMESTAMPTZ '{plain.isoformat(sep=' ')}+00'"
        return f"TIMESTAMP '{plain.isoformat(sep=' ')}'"
    if isinstance(value, dt.date):
        return f"DATE '{value.isoformat()}'"
    text = "'" + value.replace("'", "''") + "'"
    return f"INTERVAL {text}" if literal.type.kind is Kind.INTERVAL else text


def _in_steps(value: str, step: Fraction) -> str:
    if step.denominator != 1:
        value = f"({value} * CAST({float(step.denominator)!r} AS DOUBLE))"
    if step.numerator != 1:
        value = f"({value} / CAST({float(step.numerator)!r} AS DOUBLE))"
    return value


MOST_GUARD = 2_000
"""Characters of a guard by cases. Of a longer one, a list of values, DuckDB makes a hash table."""


def _guard(condition: str) -> str:
    """DuckDB expects a condition to keep a fifth of the rows, and after two of them makes a join's
    hash table of the larger side. What it cannot read it leaves out of account."""
    if len(condition) > MOST_GUARD:
        return condition
    return f"CASE WHEN {condition} THEN TRUE ELSE FALSE END"


DUCKDB = Dialect(
    name="duckdb",
    title="DuckDB",
    double="DOUBLE",
    quoted=quoted,
    type_name=duckdb_type,
    constant=constant,
    closed_to_subqueries="TRY(",
    stored=lambda name, read: name,  # the engine's views have converted it
    keeps=True,
    guard=_guard,
    protected=lambda name, select: f"{name} AS ({select})",
    derived=lambda select: f"({select})",
    same=lambda a, b: f"{a} IS NOT DISTINCT FROM {b}",
    wide=lambda text: f"CAST({text} AS HUGEINT)",
    quotient=lambda a, b: f"{a} // {b}",
    wide_quotient=lambda a, b: f"{a} // {b}",
    summand=lambda text, kind: text,
    narrowed=lambda text: f"TRY_CAST({text} AS BIGINT)",
    narrowed_decimal=lambda text, digits: f"TRY_CAST({text} AS DECIMAL({digits}, 0))",
    decimal_rounded=lambda text, times: f"ROUND({text} * {times})",
    decimal_units=lambda text, times: f"TRY_CAST(TRY({text} * {times}) AS BIGINT)",
    finite=lambda text, kind: f"isfinite({text})",
    in_steps=_in_steps,
    rounded=lambda text: f"ROUND({text})",
    rounded_whole=lambda text: f"TRY_CAST(ROUND({text}) AS BIGINT)",
    days=lambda a, b: f"{a} - {b}",
    microseconds=lambda text: f"epoch_us({text})",
    ordered=lambda text, kind: text,
    row=lambda parts, kinds: f"ROW({', '.join(parts)})",
    part=lambda row, number, kind: f"struct_extract({row}, {number})",
    shown=lambda text, kind: f"CAST({text} AS VARCHAR)",
    count=lambda text: text,
)
