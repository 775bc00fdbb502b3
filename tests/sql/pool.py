"""Arguments of every type for the table of functions: columns of extreme values, and constants."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from decimal import Decimal

import duckdb

from gateway.rewrite.expressions import write
from gateway.sql.expressions import Call, Column, Expr, Literal, Ref
from gateway.sql.functions import TABLE
from gateway.sql.functions.conversion import duckdb_type
from gateway.sql.literals import interval
from gateway.sql.spellings import SPELLINGS
from gateway.sql.types import (
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    INTEGER,
    INTERVAL,
    NULL,
    SMALLINT,
    TEXT,
    TIMESTAMP,
    TIMESTAMPTZ,
    Scalar,
    Type,
    decimal,
)

NUMBERS = itertools.count(1)

EXTREMES: dict[Type, Sequence[str]] = {
    SMALLINT: ("-32768", "32767", "0", "1", "-1"),
    INTEGER: ("-2147483648", "2147483647", "0", "1", "-1", "60"),
    BIGINT: ("-9223372036854775808", "9223372036854775807", "0", "1", "-1", "7", "-7", "100000"),
    decimal(10, 2): ("99999999.99", "-99999999.99", "0.00", "0.01", "-2.50"),
    decimal(38, 0): ("9" * 38, "-" + "9" * 38, "0", "1"),
    decimal(38, 30): ("9" * 8 + "." + "9" * 30, "-" + "9" * 8 + "." + "9" * 30, "0"),
    DOUBLE: (
        *("'NaN'", "'Infinity'", "'-Infinity'", "1.7976931348623157e308", "5e-324", "'-0.0'"),
        *("0.0", "0.5", "-2.5", "9.3e18", "1e300", "-1e300"),
    ),
    TEXT: (
        "''",
        "' '",
        "'abc'",
        "'%'",
        "'\\'",
        "'2011-01-01'",
        "'1e400'",
        "'ẞ💊'",
        "'NaN'",
        "'99999999999'",
    ),
    BOOLEAN: ("TRUE", "FALSE"),
    DATE: (
        *("'2011-02-28'", "'0001-01-01'", "'9999-12-31'", "'infinity'", "'-infinity'"),
        *("'5877642-06-25 (BC)'", "'5881580-07-10'", "'1970-01-01'"),
    ),
    TIMESTAMP: (
        *("'2011-02-28 23:59:59.999999'", "'infinity'", "'-infinity'", "'0001-01-01 00:00:00'"),
        *("'290309-12-22 (BC) 00:00:00'", "'294247-01-10 04:00:54.775806'"),
    ),
    INTERVAL: (
        *("'0 days'", "'1 month'", "'-5 days 26 hours'", "'30 days'", "'12 hours'"),
        *("'178956970 years'", "'2147483647 days'", "'-2147483647 days'"),
        "'2562047788 hours'",
    ),
    TIMESTAMPTZ: (
        *("'2011-02-28 23:59:59.999999+00'", "'infinity'", "'-infinity'"),
        *("'290309-12-22 (BC) 00:00:00+00'", "'294247-01-10 04:00:54.775806+00'"),
    ),
}
"""The edges of each type, as SQL; NULL is added to each."""


def ref(kind: Type) -> Ref:
    """A column of a type."""
    return Ref(Column(next(NUMBERS), "c", kind))


def literal(value: Scalar, kind: Type) -> Literal:
    """A constant."""
    return Literal(value, kind)


def spans() -> list[Literal]:
    """Intervals, short, long and backwards."""
    found = [interval(text) for text in ("1 month", "-999999 years", "999999 days", "1 second")]
    return [one for one in found if one is not None]


CONSTANTS: list[Expr] = [
    literal(None, NULL),
    literal(0, INTEGER),
    literal(-1, INTEGER),
    literal(2, INTEGER),
    literal(15, INTEGER),
    literal(2**63 - 1, BIGINT),
    literal(Decimal("1.5"), decimal(2, 1)),
    literal(Decimal("0." + "1" * 30), decimal(31, 30)),
    literal(Decimal(10) ** 37, decimal(38, 0)),
    literal(1e308, DOUBLE),
    literal("%a\\%_", TEXT),
    literal("", TEXT),
    literal("month", TEXT),
    literal("week", TEXT),
    literal("quarter", TEXT),
    literal("isoyear", TEXT),
    literal("second", TEXT),
    literal("century", TEXT),
    literal("epoch", TEXT),
    literal("microseconds", TEXT),
    literal("Europe/Paris", TEXT),
    literal("America/New_York", TEXT),
    literal("YYYY-MM-DD HH24:MI:SS.US", TEXT),
    literal('FMDD Mon IYYY"W"IW Q D ID DDD Month AM MS', TEXT),
    literal("(a+)[^a]*", TEXT),
    literal(100, INTEGER),
    literal(62, INTEGER),
    literal(dt.date(2011, 1, 31), DATE),
    literal(dt.datetime(2011, 1, 31), TIMESTAMP),
    *spans(),
]


def columns() -> list[Expr]:
    """A column of each type."""
    return [ref(kind) for kind in EXTREMES]


_COUNTS: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(("is_null", "is_not_null", "is_true", "is_false", "cast", "square"), (1,)),
    **dict.fromkeys(("trim", "ltrim", "rtrim"), (1, 2)),
    **dict.fromkeys(("octet_length", "initcap", "chr", "log10", "isfinite", "to_timestamp"), (1,)),
    **dict.fromkeys(("negate_interval",), (1,)),
    **dict.fromkeys(("lpad", "rpad"), (2, 3)),
    **dict.fromkeys(("date_part", "date_trunc", "shift", "shift_back", "add_days"), (2,)),
    **dict.fromkeys(("subtract_days", "days_between", "seconds_between"), (2,)),
    **dict.fromkeys(("between_moments", "age", "interval_part", "add_intervals"), (2,)),
    **dict.fromkeys(("subtract_intervals", "multiply_interval", "at_time_zone"), (2,)),
    **dict.fromkeys(("to_char", "to_date", "to_timestamp_by", "gcd", "lcm", "log"), (2,)),
    **dict.fromkeys(("regexp_like", "regexp_ilike", "regexp_substring"), (2,)),
    **dict.fromkeys(("regexp_substr", "regexp_count"), (2,)),
    **dict.fromkeys(("num_nulls", "num_nonnulls"), (1, 2)),
    "regexp_replace": (3, 4),
    "concat_ws": (2, 3),
    "width_bucket_between": (2, 3),
    "width_bucket": (4,),
    "date_bin": (3,),
    "make_date": (3,),
    "make_timestamp": (6,),
}
"""How many arguments the binder gives where `SPELLINGS` does not tell."""
_OF_ANY = {"in", "coalesce", "greatest", "least", "concatenate", "and", "or"}


def takes(name: str, count: int) -> bool:
    """Whether the binder ever gives a function so many arguments."""
    if name in _COUNTS:
        return count in _COUNTS[name]
    kind, spelling = next((kind, s) for kind, s in SPELLINGS.items() if s.function == name)
    required = sum(1 for part in spelling.parts if kind.arg_types.get(part))
    return required <= count and (name in _OF_ANY or count <= len(spelling.parts))


def calls(arity: int, pool: Sequence[Sequence[Expr]]) -> Iterator[Call]:
    """Every call of every function with so many arguments of the pools that the table admits."""
    for name, function in TABLE.items():
        if not takes(name, arity):
            continue
        for arguments in itertools.product(*pool[:arity]):
            result = function.result(arguments)
            if result is not None:
                yield Call(name, arguments, result)


def table(connection: duckdb.DuckDBPyConnection, name: str, kinds: Sequence[Type]) -> None:
    """A table with a column per type, holding the type's extremes; shorter ones end in NULL."""
    items = ", ".join(f"c{i} {duckdb_type(kind)}" for i, kind in enumerate(kinds))
    connection.execute(f"CREATE TABLE {name} ({items})")
    length = max(len(EXTREMES[kind]) for kind in kinds) + 1
    for row in range(length):
        values = [
            f"CAST({EXTREMES[kind][row]} AS {duckdb_type(kind)})"
            if row < len(EXTREMES[kind])
            else "NULL"
            for kind in kinds
        ]
        connection.execute(f"INSERT INTO {name} VALUES ({', '.join(values)})")


def written(call: Expr, places: Sequence[Sequence[Expr]]) -> str:
    """The call's SQL: the columns of the first pool stand in table a, of the second in b, …"""
    names = {
        expr.column: f"{chr(97 + i)}.c{[c for c in pool if isinstance(c, Ref)].index(expr)}"
        for i, pool in enumerate(places)
        for expr in pool
        if isinstance(expr, Ref)
    }
    return write(call, names, "duckdb")
