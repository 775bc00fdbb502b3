"""Pieces that several of Spark's renderings are made of.

In ANSI mode Spark fails on what overflows. Most of it has a form that gives NULL instead
(`try_add`, `try_cast` …); for moments there is none but `attempt`. Spark has no infinite dates and
timestamps: the last and first number of each type stand for them, as in Parquet files of DuckDB.
"""

from __future__ import annotations

from gateway.sql.types import Kind, Type

_NAMES = {
    Kind.BOOLEAN: "BOOLEAN",
    Kind.FLOAT: "DOUBLE",
    Kind.TEXT: "STRING",
    Kind.DATE: "DATE",
    Kind.TIMESTAMP: "TIMESTAMP_NTZ",
    Kind.TIMESTAMPTZ: "TIMESTAMP_LTZ",
    Kind.INTERVAL: "STRUCT<m: INT, d: INT, u: BIGINT>",
}
INFINITE = {
    Kind.DATE: ("date_from_unix_date(-2147483647)", "date_from_unix_date(2147483647)"),
    Kind.TIMESTAMPTZ: (
        "timestamp_micros(-9223372036854775807L)",
        "timestamp_micros(9223372036854775807L)",
    ),
    Kind.TIMESTAMP: (
        "CAST(timestamp_micros(-9223372036854775807L) AS TIMESTAMP_NTZ)",
        "CAST(timestamp_micros(9223372036854775807L) AS TIMESTAMP_NTZ)",
    ),
    Kind.FLOAT: ("CAST('-Infinity' AS DOUBLE)", "CAST('Infinity' AS DOUBLE)"),
}
"""What stands for minus infinity and infinity in a type."""
DAY = 86_400_000_000
"""Microseconds."""


def spark_type(kind: Type) -> str:
    """A type's name in Spark. An interval is a row of months, days and microseconds, for Spark's
    own types hold only a part of these."""
    if kind.kind is Kind.INTEGER:
        return {16: "SMALLINT", 32: "INT"}.get(kind.bits, "BIGINT")
    if kind.kind is Kind.DECIMAL:
        return f"DECIMAL({kind.precision}, {kind.scale})"
    return _NAMES.get(kind.kind, "STRING")


def text_literal(text: str) -> str:
    """A text as a constant; Spark reads escapes in it."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def number(value: float) -> str:
    """A DOUBLE constant."""
    return f"CAST('{value!r}' AS DOUBLE)"


def as_double(text: str) -> str:
    """A number as DOUBLE."""
    return f"CAST({text} AS DOUBLE)"


def attempt(moment: str) -> str:
    """NULL where the computation of a timestamp fails: adding nothing catches what fails within.

    No part of it may be computed apart, so the engine keeps Spark from eliminating common
    subexpressions. Test: tests/engines/test_spark_functions.py.
    """
    return f"try_add({moment}, INTERVAL '0' SECOND)"


def finite(text: str, kind: Kind) -> str:
    """Whether a number or moment is neither infinite nor NaN, which Spark orders last; NULL for
    NULL."""
    low, high = INFINITE[kind]
    return f"({text} > {low} AND {text} < {high})"


def micros(text: str) -> str:
    """Microseconds since 1970 of a timestamp, with or without zone: a BIGINT, whatever it is."""
    return f"unix_micros(CAST({text} AS TIMESTAMP_LTZ))"


def from_micros(text: str, kind: Kind) -> str:
    """A timestamp from its microseconds since 1970."""
    moment = f"timestamp_micros({text})"
    return f"CAST({moment} AS TIMESTAMP_NTZ)" if kind is Kind.TIMESTAMP else moment


def days(text: str) -> str:
    """Days since 1970 of a date, a BIGINT."""
    return f"CAST(unix_date({text}) AS BIGINT)"


def as_moment(text: str, target: Type) -> str:
    """A date as a timestamp; dates beyond the range of timestamps become the infinite ones."""
    low, high = INFINITE[target.kind]
    return (
        f"CASE WHEN {text} BETWEEN DATE '-290308-12-22' AND DATE '+294247-01-10' "
        f"THEN CAST({text} AS {spark_type(target)}) "
        f"WHEN {text} > DATE '1970-01-01' THEN {high} WHEN {text} IS NOT NULL THEN {low} END"
    )


def floored(text: str) -> str:
    """The floor of a DOUBLE as a DOUBLE: Spark's own gives a BIGINT, which does not hold all."""
    return f"(rint({text}) - CASE WHEN rint({text}) > {text} THEN 1.0D ELSE 0.0D END)"


def ceiled(text: str) -> str:
    """The ceiling of a DOUBLE as a DOUBLE."""
    return f"(rint({text}) + CASE WHEN rint({text}) < {text} THEN 1.0D ELSE 0.0D END)"


def truncated(text: str) -> str:
    """A DOUBLE cut towards zero."""
    return f"(CASE WHEN {text} < 0.0D THEN {ceiled(text)} ELSE {floored(text)} END)"


def quotient(a: str, b: str) -> str:
    """Of two BIGINTs, cut towards zero; NULL where b is 0, and where it does not fit."""
    return (
        f"CASE WHEN {b} = -1 THEN try_subtract(0L, {a}) "
        f"ELSE ({a} div CASE WHEN {b} NOT IN (0, -1) THEN {b} END) END"
    )


def ascii_only(text: str) -> str:
    """Whether a text has no character beyond ASCII."""
    return f"(length({text}) = octet_length({text}))"
