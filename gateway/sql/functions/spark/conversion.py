"""Spark's casts and bucketing."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from gateway.sql.expressions import Call, Expr, Literal
from gateway.sql.functions.base import Rendering
from gateway.sql.functions.spark.forms import (
    INFINITE,
    as_double,
    as_moment,
    finite,
    number,
    spark_type,
    text_literal,
)
from gateway.sql.types import Kind, Type

_SPACE = r"[ \t\n\r\f\x0b]*"
_FLOAT = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?"
_SPELLED = {
    Kind.INTEGER: r"[+-]?[0-9]+",
    Kind.DECIMAL: _FLOAT,
    Kind.FLOAT: rf"{_FLOAT}|[+-]?(inf|infinity|nan)",
    Kind.DATE: r"[0-9]{4,7}-[0-9]{1,2}-[0-9]{1,2}",
    Kind.TIMESTAMP: r"[0-9]{4,6}-[0-9]{1,2}-[0-9]{1,2}"
    r"([ t][0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}(\.[0-9]{1,6})?)?)?",
    Kind.TIMESTAMPTZ: r"[0-9]{4,6}-[0-9]{1,2}-[0-9]{1,2}"
    r"([ t][0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}(\.[0-9]{1,6})?)?(z|[+-][0-9]{1,2}(:?[0-9]{2})?)?)?",
}
"""What a text looks like that is read as a value; Spark reads more, such as 1.5d."""
_TRUE = "('t', 'true', 'y', 'yes', 'on', '1')"
_FALSE = "('f', 'false', 'n', 'no', 'off', '0')"


def _cast(call: Call, arguments: Sequence[str]) -> str:
    return cast(arguments[0], call.arguments[0].type, call.type)


def cast(text: str, source: Type, target: Type) -> str:
    """A value as another type, NULL where it has none there."""
    if source.kind is Kind.NULL:
        return f"CAST(NULL AS {spark_type(target)})"
    if source == target:
        return text
    if target.kind is Kind.TEXT:
        return as_text(text, source)
    if source.kind is Kind.TEXT:
        return _read(text, target)
    if target.temporal:
        return _moment(text, source, target)
    if target.kind is Kind.INTEGER:
        return _whole(text, source, target)
    if source.kind is Kind.FLOAT and target.kind is Kind.DECIMAL:
        return _of_float(text, target)
    return f"try_cast({text} AS {spark_type(target)})"


def _of_float(text: str, target: Type) -> str:
    """A DOUBLE times the power of ten that makes it whole, rounded there, and exact from there on,
    as DuckDB has it; Spark would round what it shows of the number."""
    scaled = f"round({text} * {number(10.0**target.scale)})"
    fits = f"abs({scaled}) < {number(10.0**target.precision)}"
    if target.precision <= 18:
        whole = f"CAST({scaled} AS BIGINT)"
    else:
        # Of 53 bits, which lie in three parts of 64, 32 and 32 bits; [0] is always there.
        high, rest = f"floor(x / {_TWO_64})", f"(x - floor(x / {_TWO_64}) * {_TWO_64})"
        middle = f"floor({rest} / {_TWO_32})"
        low = f"CAST({rest} - {middle} * {_TWO_32} AS BIGINT)"
        parts = (
            f"try_multiply(CAST({high} AS DECIMAL(19, 0)), {2**64}BD) + "
            f"CAST({middle} AS DECIMAL(10, 0)) * {2**32}BD + CAST({low} AS DECIMAL(10, 0))"
        )
        exact = f"transform(array(abs({scaled})), x -> {parts})[0]"
        whole = f"CASE WHEN {text} < 0.0D THEN try_multiply({exact}, -1BD) ELSE {exact} END"
    unit = f"CAST('1e-{target.scale}' AS DECIMAL({target.scale + 1}, {target.scale}))"
    made = f"try_multiply(CAST({whole} AS DECIMAL(38, 0)), {unit})" if target.scale else whole
    return f"CASE WHEN {fits} THEN try_cast({made} AS {spark_type(target)}) END"


_TWO_32, _TWO_64 = number(2.0**32), number(2.0**64)


def _whole(text: str, source: Type, target: Type) -> str:
    if source.kind is Kind.FLOAT:
        # 2^63 counts as fitting in Spark, and becomes the last BIGINT.
        rounded = f"nullif(rint({text}), {number(2.0**63)})"
        return f"try_cast({rounded} AS {spark_type(target)})"
    rounded = f"round({text}, 0)" if source.kind is Kind.DECIMAL else text
    return f"try_cast({rounded} AS {spark_type(target)})"


def _moment(text: str, source: Type, target: Type) -> str:
    if source.kind is Kind.DATE:
        return as_moment(text, target)
    if target.kind is not Kind.DATE:
        return f"CAST({text} AS {spark_type(target)})"
    low, high = INFINITE[Kind.DATE]
    return (
        f"CASE WHEN {finite(text, source.kind)} THEN CAST({text} AS DATE) "
        f"WHEN {text} > {INFINITE[source.kind][0]} THEN {high} "
        f"WHEN {text} IS NOT NULL THEN {low} END"
    )


def _read(text: str, target: Type) -> str:
    """A text as PostgreSQL reads it, with spaces around."""
    bare = f"lower(regexp_replace({text}, {text_literal(f'^{_SPACE}|{_SPACE}$')}, ''))"
    if target.kind is Kind.BOOLEAN:
        return f"CASE WHEN {bare} IN {_TRUE} THEN TRUE WHEN {bare} IN {_FALSE} THEN FALSE END"
    pattern = text_literal(f"^(?:{_SPELLED[target.kind]})\\z")
    value = bare
    if target.kind is Kind.FLOAT:
        value = f"replace({bare}, 'infinity', 'inf')"
    elif target.kind in (Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMPTZ):
        value = f"concat('+', upper({bare}))"
    found = f"try_cast({value} AS {spark_type(target)})"
    if target.kind in (Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMPTZ):
        low, high = INFINITE[target.kind]
        timed = ""
        if target.kind is Kind.DATE:
            of_clock = text_literal(f"^(?:{_SPELLED[Kind.TIMESTAMPTZ]})\\z")
            day = f"CAST(try_cast({value} AS TIMESTAMP_NTZ) AS DATE)"
            timed = f"WHEN {bare} RLIKE {of_clock} THEN {day} "
        return (
            f"CASE WHEN {bare} IN ('infinity', 'inf') THEN {high} WHEN {bare} IN ('-infinity', "
            f"'-inf') THEN {low} WHEN {bare} RLIKE {pattern} THEN {found} {timed}END"
        )
    return f"CASE WHEN {bare} RLIKE {pattern} THEN {found} END"


def as_text(text: str, source: Type) -> str:
    """A value as text, as PostgreSQL writes it."""
    if source.kind is Kind.NULL:
        return "CAST(NULL AS STRING)"
    if source.kind is Kind.TEXT:
        return text
    shown = f"CAST({text} AS STRING)"
    if not source.temporal:
        return shown
    low, high = INFINITE[source.kind]
    zone = "+00" if source.kind is Kind.TIMESTAMPTZ else ""
    # Spark writes a sign before years of five digits, and numbers years before Christ from 0.
    before = f"CAST(1 - year({text}) AS STRING)"
    era = f"lpad({before}, GREATEST(4, length({before})), '0')"
    rest = f"regexp_extract({shown}, '^-?[0-9]+(-[0-9]+-[0-9]+)(.*)$', 1)"
    clock = f"regexp_extract({shown}, '^-?[0-9]+(-[0-9]+-[0-9]+)(.*)$', 2)"
    return (
        f"CASE WHEN {text} = {high} THEN 'infinity' WHEN {text} = {low} THEN '-infinity' "
        f"WHEN year({text}) < 1 THEN concat({era}, {rest}, ' (BC)', {clock}, '{zone}') "
        f"ELSE concat(trim(LEADING '+' FROM {shown}), '{zone}') END"
    )


def _number(expr: Expr) -> Fraction:
    value = expr.value if isinstance(expr, Literal) else None
    return Fraction(str(value))


def _between(call: Call, arguments: Sequence[str]) -> str:
    value = as_double(arguments[0])
    ends = [float(_number(end)) for end in call.arguments[1:]]
    steps = " ".join(f"WHEN {value} < {number(end)} THEN {i}" for i, end in enumerate(ends))
    return f"CASE WHEN {value} IS NULL OR isnan({value}) THEN NULL {steps} ELSE {len(ends)} END"


def _bucket(call: Call, arguments: Sequence[str]) -> str:
    value = as_double(arguments[0])
    lo, hi = (_number(end) for end in call.arguments[1:3])
    count = arguments[3]
    low, high = float(min(lo, hi)), float(max(lo, hi))
    if lo < hi:
        below, above = f"{value} < {number(low)}", f"{value} >= {number(high)}"
        share = f"({value} - {number(low)}) / {number(high - low)}"
    else:
        below, above = f"{value} > {number(high)}", f"{value} <= {number(low)}"
        share = f"({number(high)} - {value}) / {number(high - low)}"
    # Cast by try_cast, for what lies outside is a bucket of its own, and yet may be computed.
    inside = f"CAST(least(1L + try_cast(floor({share} * {count}) AS INT), {count}) AS INT)"
    return (
        f"CASE WHEN {value} IS NULL OR isnan({value}) THEN NULL WHEN {below} THEN 0 "
        f"WHEN {above} THEN {count} + 1 ELSE {inside} END"
    )


RENDERINGS: dict[str, Rendering] = {
    "cast": _cast,
    "width_bucket": _bucket,
    "width_bucket_between": _between,
}
