"""Spark's SQL, in ANSI mode and under the settings of `engines.spark_settings`.

Wide integers are DECIMAL(38, 0), which holds 126 bits: statements keep their sums of squares within
124 (`rewrite.emit`, `rewrite.sizes`). A product of two has 38 digits, too, and fails beyond them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from gateway.privacy.sensitivity import MOST_ROWS
from gateway.rewrite.dialects.base import Dialect
from gateway.sql.expressions import (
    Column,
    Correlated,
    Expr,
    Literal,
    Ref,
    Within,
    children,
    parts_of,
)
from gateway.sql.functions.spark.forms import (
    days,
    finite,
    micros,
    number,
    spark_type,
    text_literal,
)
from gateway.sql.functions.spark.intervals import interval_literal
from gateway.sql.types import Kind, Scalar, Type


def quoted(name: str) -> str:
    """An identifier."""
    return "`" + name.replace("`", "``") + "`"


def constant(literal: Literal) -> str:
    """A constant, with its type where the text alone would not tell it."""
    value: Scalar = literal.value
    kind = literal.type.kind
    if value is None:
        return "NULL" if kind is Kind.NULL else f"CAST(NULL AS {spark_type(literal.type)})"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) or (kind is Kind.FLOAT and isinstance(value, int)):
        return number(float(value))
    if isinstance(value, (int, Decimal)):
        return _number(value, literal)
    if isinstance(value, dt.datetime):
        plain = value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
        if value.tzinfo:
            return f"TIMESTAMP_LTZ '{plain.isoformat(sep=' ')}+00:00'"
        return f"TIMESTAMP_NTZ '{plain.isoformat(sep=' ')}'"
    if isinstance(value, dt.date):
        return f"DATE '{value.isoformat()}'"
    return interval_literal(value) if kind is Kind.INTERVAL else text_literal(value)


def _number(value: int | Decimal, literal: Literal) -> str:
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    if literal.type.kind is Kind.DECIMAL:
        return f"CAST('{text}' AS {spark_type(literal.type)})"
    text = f"{text}L" if literal.type.bits == 64 else text
    return f"({text})" if text.startswith("-") else text


def _in_steps(value: str, step: Fraction) -> str:
    if step.denominator != 1:
        value = f"({value} * {number(float(step.denominator))})"
    if step.numerator != 1:
        value = f"({value} / {number(float(step.numerator))})"
    return value


def _wide(text: str) -> str:
    return f"CAST({text} AS DECIMAL(38, 0))"


def _unable(expr: Within | Correlated) -> str:
    """Spark finds a column in the query itself and in the next one out, and no further."""
    for part in parts_of(expr.condition):
        if isinstance(part, (Within, Correlated)) and _free(part) - expr.inner:
            return "a subquery within it names a column of the outermost query"
    return ""


def _free(expr: Expr) -> set[Column]:
    """The columns that an expression takes from outside."""
    if isinstance(expr, Ref):
        return {expr.column}
    found: set[Column] = set()
    for part in children(expr):
        found |= _free(part)
    return found - expr.inner if isinstance(expr, (Within, Correlated)) else found


_LOW = 23
_ROWS = MOST_ROWS.bit_length() - 1


def _added(text: str, most: int) -> str:
    """Spark's SUM of BIGINT is a BIGINT, and fails beyond it; its DECIMAL is slow.

    Claim: with R = 40 bits of rows no sum here leaves 63 bits. Values of B bits: B + R ≤ 63, or
    else the 23 lower bits (23 + R = 63) and the others (B - 23 + R ≤ 63 for B ≤ 46) are added up
    apart. A value is the higher part times 2²³ plus the lower one, negative ones too, for a shift
    to the right rounds down. Test: tests/engines/test_spark.py.
    """
    bits = most.bit_length()
    if bits + _ROWS <= 63:
        return f"SUM({text})"
    if bits + 2 * _ROWS <= 126:
        high = _wide(f"SUM(shiftright({text}, {_LOW}))")
        return f"({high} * {2**_LOW} + SUM(({text}) & {2**_LOW - 1}L))"
    return f"SUM({_wide(text)})"


def _row(parts: Sequence[str], kinds: Sequence[Type]) -> str:
    named = (f"'f{number}', {part}" for number, part in enumerate(parts, 1))
    return f"named_struct({', '.join(named)})"


def _let(name: str, value: str, body: str) -> str:
    """A value under a name, computed once."""
    return f"transform(array({value}), {name} -> {body})[0]"


def _shown(text: str, kind: Type) -> str:
    """As DuckDB writes the value: with the fewest digits that tell a number from all others, and
    a power of ten from 10¹⁶ on and below 10⁻⁴. Java 17 writes now and then a digit or two too many
    (JDK-4511638), so it is tried without the last ones. Of numbers with 17 digits one in thousands
    still has another last digit than in DuckDB; of those with up to 15 none has."""
    if kind.kind is not Kind.FLOAT:
        return f"CAST({text} AS STRING)"
    mantissa = "substring_index(t, 'E', 1)"
    power = "CASE WHEN instr(t, 'E') > 0 THEN CAST(substring_index(t, 'E', -1) AS INT) ELSE 0 END"
    digits = (
        f"named_struct('m', CAST(replace({mantissa}, '.', '') AS BIGINT), "
        f"'q', {power} - length(substring_index({mantissa}, '.', -1)))"
    )
    scientific = "concat(CAST({0}.m AS STRING), 'E', CAST({0}.q AS STRING))"

    def shorter(longer: str) -> str:
        """With a digit less, the nearer one or else the other, if that is the same number still."""
        near = f"named_struct('m', ({longer}.m + 5L) div 10L, 'q', {longer}.q + 1)"
        step = f"CASE WHEN {longer}.m % 10 < 5 THEN 1L ELSE -1L END"
        other = f"named_struct('m', f.m + {step}, 'q', f.q)"
        same = f"CAST({scientific.format('{0}')} AS DOUBLE) = abs({text})"
        second = _let("g", other, f"CASE WHEN {same.format('g')} THEN g ELSE {longer} END")
        return _let("f", near, f"CASE WHEN {same.format('f')} THEN f ELSE {second} END")

    plain = f"CAST(CAST({scientific.format('d')} AS DECIMAL(38, 21)) AS STRING)"
    whole = f"regexp_replace(regexp_replace({plain}, '0+$', ''), '[.]$', '.0')"
    first = "regexp_replace(concat(substr(s, 1, 1), '.', substr(s, 2)), '[.]?0*$', '')"
    signed = "CASE WHEN e < 0 THEN 'e-' ELSE 'e+' END, CASE WHEN abs(e) < 10 THEN '0' ELSE '' END"
    powered = f"concat({first}, {signed}, CAST(abs(e) AS STRING))"
    written = _let(
        "s",
        "CAST(d.m AS STRING)",
        _let(
            "e",
            "length(s) - 1 + d.q",
            f"CASE WHEN e BETWEEN -4 AND 15 THEN {whole} ELSE {powered} END",
        ),
    )
    body = _let("p", digits, _let("o", shorter("p"), _let("d", shorter("o"), written)))
    body = _let("t", f"CAST(abs({text}) AS STRING)", body)
    infinity = "double('infinity')"
    return (
        f"CASE WHEN isnan({text}) THEN 'nan' WHEN {text} = {infinity} THEN 'inf' "
        f"WHEN {text} = -({infinity}) THEN '-inf' "
        # What most numbers are is known to be right, and written at once.
        f"WHEN {text} = 0 OR abs({text}) >= 1e-3 AND abs({text}) < 1e7 "
        f"AND length(CAST({text} AS STRING)) < 17 THEN CAST({text} AS STRING) "
        f"ELSE concat(CASE WHEN {text} < 0 THEN '-' ELSE '' END, {body}) END"
    )


SPARK = Dialect(
    name="spark",
    title="Spark",
    double="DOUBLE",
    quoted=quoted,
    type_name=spark_type,
    constant=constant,
    unable=_unable,
    protected=lambda name, select: f"{name} AS ({select})",
    shares=False,
    derived=lambda select: f"({select})",
    same=lambda a, b: f"{a} <=> {b}",
    wide=_wide,
    quotient=lambda a, b: f"({a}) div {b}",
    added=_added,
    wide_quotient=lambda a, b: f"{a} div {b}",
    # Of integers of up to 64 bits, fewer than 2⁶³ of them.
    summand=lambda text, kind: _wide(text),
    narrowed=lambda text: f"try_cast({text} AS BIGINT)",
    narrowed_decimal=lambda text, digits: f"try_cast({text} AS DECIMAL({digits}, 0))",
    decimal_rounded=lambda text, times: f"ROUND({text} * {times}, 0)",
    decimal_units=lambda text, times: (
        f"try_cast(try_multiply({text}, {_wide(str(times))}) AS BIGINT)"
    ),
    finite=lambda text, kind: finite(text, kind.kind),
    in_steps=_in_steps,
    rounded=lambda text: f"ROUND({text})",
    # 2^63 counts as fitting in Spark, and becomes the last BIGINT.
    rounded_whole=lambda text: f"try_cast(nullif(ROUND({text}), {number(2.0**63)}) AS BIGINT)",
    days=lambda a, b: f"{days(a)} - {days(b)}",
    microseconds=micros,
    ordered=lambda text, kind: text,
    row=_row,
    part=lambda row, number, kind: f"({row}).f{number}",
    shown=_shown,
    # With a BIGINT, Spark takes the frame that LAG implies for one that the query gives.
    count=lambda text: f"CAST({text} AS INT)",
    frames_by_groups=False,
)
