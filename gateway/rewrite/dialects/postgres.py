"""PostgreSQL's SQL, for versions 15 and later.

SUM of BIGINT is added up in 128 bits there and comes as numeric, so it is neither slow nor able to
overflow. Squares of sums are numeric, of which there are few: one per owner and group.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from gateway.rewrite.dialects.base import Dialect
from gateway.rewrite.dialects.duckdb import quoted
from gateway.sql.expressions import Literal
from gateway.sql.functions.postgres import floats
from gateway.sql.functions.postgres.names import collated, once, postgres_type, quoted_text
from gateway.sql.types import Kind, Scalar, Type

_BIGINT = f"BETWEEN {-(2**63)} AND {2**63 - 1}"


def constant(literal: Literal) -> str:
    """A constant with its type."""
    value: Scalar = literal.value
    kind = postgres_type(literal.type)
    if value is None:
        return "NULL" if literal.type.kind is Kind.NULL else f"CAST(NULL AS {kind})"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"'{value!r}'::double precision"
    if isinstance(value, int):
        if literal.type.kind is Kind.INTEGER:
            return f"'{value}'::{kind}"
        return f"'{value}'::numeric"
    if isinstance(value, Decimal):
        return f"'{format(value, 'f')}'::numeric"
    if isinstance(value, dt.datetime):
        plain = value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
        zone = "+00" if value.tzinfo else ""
        return f"{kind.upper()} '{plain.isoformat(sep=' ')}{zone}'"
    if isinstance(value, dt.date):
        return f"DATE '{value.isoformat()}'"
    if literal.type.kind is Kind.INTERVAL:
        return f"INTERVAL '{value}'"
    return f"{quoted_text(value)}::text"


def _in_steps(value: str, step: Fraction) -> str:
    """Beyond 10²⁰⁰ and below 10⁻²⁰⁰ no step makes a difference, and the operation might fail."""
    if step == 1:
        return value
    made = "{0}"
    if step.denominator != 1:
        made = f"({made} * {floats.number(float(step.denominator))})"
    if step.numerator != 1:
        made = f"({made} / {floats.number(float(step.numerator))})"
    small, large = floats.number(1e-200), floats.number(1e200)
    return once(
        [value],
        lambda x: (
            f"CASE WHEN abs({x}) BETWEEN {small} AND {large} THEN {made.replace('{0}', x)} "
            f"WHEN abs({x}) < {small} THEN 0 ELSE {x} END"
        ),
    )


def _whole(text: str) -> str:
    return once(
        [floats.away(text)],
        lambda x: (
            f"CASE WHEN {x} >= {floats.number(-(2.0**63))} AND {x} < {floats.number(2.0**63)} "
            f"THEN CAST({x} AS bigint) END"
        ),
    )


def _narrowed_decimal(text: str, digits: int) -> str:
    kind = f"numeric({digits}, 0)"
    return f"CASE WHEN abs({text}) < {10**digits} THEN CAST({text} AS {kind}) END"


def _units(text: str, times: int) -> str:
    return once(
        [f"({text} * {times})"],
        lambda x: f"CASE WHEN round({x}) {_BIGINT} THEN CAST({x} AS bigint) END",
    )


def _shown(text: str, kind: Type) -> str:
    """As DuckDB writes the value: a double has its point, and a power of ten from 10¹⁶ on, which
    PostgreSQL writes from 10¹⁵ on."""
    shown = f"CAST({text} AS text)"
    if kind.kind is not Kind.FLOAT:
        return shown
    plain = f"abs({text}) BETWEEN 1e15 AND 9999999999999998"
    digits = f"CASE WHEN {plain} THEN CAST(CAST({shown} AS numeric) AS text) ELSE {shown} END"
    whole = f"abs({text}) < 1e16 AND {text} = trunc({text})"
    finite = f"({digits}) || CASE WHEN {whole} THEN '.0' ELSE '' END"
    words = f"replace(lower({shown}), 'infinity', 'inf')"
    return f"CASE WHEN {floats.finite(text)} THEN {finite} ELSE {words} END"


def _row(parts: Sequence[str], kinds: Sequence[Type]) -> str:
    """As an array of texts: of a row, PostgreSQL forgets the columns where it stands in a CASE."""
    texts = (
        f"CAST(({part} + 0.0) AS text)" if kind.kind is Kind.FLOAT else f"CAST({part} AS text)"
        for part, kind in zip(parts, kinds, strict=True)
    )
    return f"ARRAY[{', '.join(texts)}]"


def _guard(condition: str) -> str:
    """PostgreSQL expects of a condition on something computed that one row in 200 meets it, and
    after two of them that there is a single row, which it then joins by comparing all with all. Of
    what is computed it expects that hardly any is NULL (DEFAULT_NOT_UNK_SEL in its source)."""
    return f"CASE WHEN {condition} THEN 1 END IS NOT NULL"


POSTGRES = Dialect(
    name="postgres",
    title="PostgreSQL",
    double="double precision",
    quoted=quoted,
    type_name=postgres_type,
    constant=constant,
    protected=lambda name, select: f"{name} AS MATERIALIZED ({select})",
    few=lambda name, select: f"{name} AS MATERIALIZED ({select})",
    derived=lambda select: f"({select}) AS derived",
    # Arrays with NULL in them are equal, and joined by their hashes, unlike IS NOT DISTINCT FROM.
    same=lambda a, b: f"ARRAY[{a}] = ARRAY[{b}]",
    wide=lambda text: f"CAST({text} AS numeric)",
    quotient=lambda a, b: f"{a} / {b}",
    wide_quotient=lambda a, b: f"div({a}, {b})",
    summand=lambda text, kind: text if kind.bits == 64 else f"CAST({text} AS bigint)",
    narrowed=lambda text: f"CASE WHEN {text} {_BIGINT} THEN CAST({text} AS bigint) END",
    narrowed_decimal=_narrowed_decimal,
    decimal_rounded=lambda text, times: f"ROUND({text} * {times})",
    guard=_guard,
    narrow_decimals=False,
    decimal_units=_units,
    finite=lambda text, kind: (
        floats.finite(text) if kind.kind is Kind.FLOAT else f"isfinite({text})"
    ),
    in_steps=_in_steps,
    rounded=floats.away,
    rounded_whole=_whole,
    days=lambda a, b: f"{a} - {b}",
    microseconds=lambda text: f"(EXTRACT(EPOCH FROM {text}) * 1000000)",
    ordered=collated,
    row=_row,
    part=lambda row, number, kind: f"CAST(({row})[{number}] AS {postgres_type(kind)})",
    shown=_shown,
    count=lambda text: f"CAST({text} AS integer)",
)
