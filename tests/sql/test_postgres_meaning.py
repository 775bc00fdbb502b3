"""Values that PostgreSQL's documentation, or PostgreSQL itself, gives for an expression.

Each expression is bound by the gateway's own binder and evaluated on DuckDB in its rendering.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from gateway.rewrite.expressions import write
from gateway.sql.bind import Binder
from gateway.sql.expressions import Column, Expr, Ref
from gateway.sql.types import BIGINT, DATE, DOUBLE, SMALLINT, TEXT, TIMESTAMP, Scalar, Type, decimal

ROW: dict[str, tuple[Type, str]] = {
    "i": (BIGINT, "-7"),
    "two": (BIGINT, "2"),
    "small": (SMALLINT, "CAST(-7 AS SMALLINT)"),
    "huge": (BIGINT, "9223372036854775807"),
    "lowest": (BIGINT, "CAST(-9223372036854775808 AS BIGINT)"),
    "zero": (BIGINT, "0"),
    "half": (DOUBLE, "CAST(2.5 AS DOUBLE)"),
    "nan": (DOUBLE, "CAST('NaN' AS DOUBLE)"),
    "price": (decimal(10, 2), "CAST(2.50 AS DECIMAL(10, 2))"),
    "cent": (decimal(10, 2), "CAST(-0.05 AS DECIMAL(10, 2))"),
    "t": (TEXT, "'Grüße 💊'"),
    "blank": (TEXT, "'  x '"),
    "nothing": (TEXT, "CAST(NULL AS VARCHAR)"),
    "d": (DATE, "DATE '2011-01-31'"),
    "leap": (DATE, "DATE '2012-02-29'"),
    "ts": (TIMESTAMP, "TIMESTAMP '2011-12-31 23:59:59.5'"),
    "sunday": (DATE, "DATE '2011-01-02'"),
}
COLUMNS = {name: Column(n, name, kind) for n, (name, (kind, _)) in enumerate(ROW.items())}

MEANINGS: list[tuple[str, Scalar]] = [
    # division and remainder of integers cut towards zero
    ("i / two", -3),
    ("-i / two", 3),
    ("i % two", -1),
    ("mod(i, two)", -1),
    ("-i % -two", 1),
    ("small / 2", -3),
    ("i / zero", None),
    ("i % zero", None),
    ("i / 2.0", -3.5),
    ("lowest / -1", None),
    ("abs(lowest)", None),
    ("huge + 1", None),
    ("huge * two", None),
    ("-lowest", None),
    ("small * 32767", -229369),
    # halves: to even for double precision, away from zero for numeric
    ("round(half)", 2.0),
    ("round(half + 1)", 4.0),
    ("round(price)", 3.0),
    ("round(-price)", -3.0),
    ("round(i / 2.0)", -4.0),
    ("round(cent, 1)", "-0.10"),
    ("round(2.675, 2)", "2.680"),
    ("round(i, -1)", -10),
    ("round(huge, -1)", 9223372036854775807),
    ("trunc(-price)", -2.0),
    ("floor(-price)", -3.0),
    ("ceil(-price)", -2.0),
    ("sign(i)", -1.0),
    ("CAST(half AS integer)", 2),
    ("CAST(half + 1 AS bigint)", 4),
    ("CAST(price AS integer)", 3),
    ("CAST(nan AS integer)", None),
    ("CAST(huge AS integer)", None),
    ("power(two, 10)", 1024.0),
    ("two ^ 3", 8.0),
    ("sqrt(i)", None),
    ("ln(zero)", None),
    ("exp(zero)", 1.0),
    ("log(two * 50)", 2.0),
    # NULL
    ("nothing = 'a'", None),
    ("nothing IS NULL", True),
    ("nothing IS DISTINCT FROM 'a'", True),
    ("nothing IS NOT DISTINCT FROM NULL", True),
    ("NOT (nothing = 'a')", None),
    ("nothing = 'a' OR two = 2", True),
    ("nothing = 'a' AND two = 3", False),
    ("two IN (1, NULL)", None),
    ("two IN (2, NULL)", True),
    ("two NOT IN (1, 3)", True),
    ("(nothing = 'a') IS TRUE", False),
    ("(nothing = 'a') IS NOT TRUE", True),
    ("coalesce(nothing, 'b')", "b"),
    ("nullif(two, 2)", None),
    ("nullif(two, 3)", 2),
    ("greatest(two, NULL, 3)", 3),
    ("least(two, NULL, 3)", 2),
    ("nothing || 'a'", None),
    ("concat(nothing, 'a', two)", "a2"),
    ("CASE WHEN nothing = 'a' THEN 1 ELSE 2 END", 2),
    ("CASE two WHEN 2 THEN 'x' END", "x"),
    ("CASE two WHEN 3 THEN 'x' END", None),
    # NaN is equal to itself and greater than everything
    ("nan = nan", True),
    ("nan > 1e300", True),
    # text
    ("upper(left(t, 3))", "GRÜ"),
    ("lower(upper(left(t, 3)))", "grü"),
    ("length(t)", 7),
    ("left(t, 2)", "Gr"),
    ("left(t, -2)", "Grüße"),
    ("right(t, 1)", "💊"),
    ("right(t, -6)", "💊"),
    ("left(t, huge)", "Grüße 💊"),
    ("substring(t, 3, 2)", "üß"),
    ("substring(t FROM 3)", "üße 💊"),
    ("substring(t, -1, 4)", "Gr"),
    ("substring(t, 0, 2)", "G"),
    ("substring(t, 3, -1)", None),
    ("substring(t, lowest, huge)", ""),
    ("strpos(t, 'ß')", 4),
    ("position('ß' IN t)", 4),
    ("position('z' IN t)", 0),
    ("trim(blank)", "x"),
    ("ltrim(blank)", "x "),
    ("rtrim(blank)", "  x"),
    ("replace(t, 'ü', 'u')", "Gruße 💊"),
    ("t LIKE 'Gr_ße%'", True),
    ("t LIKE 'gr%'", False),
    ("t ILIKE 'gr%'", True),
    ("t NOT LIKE 'Gr%'", False),
    ("'50%' LIKE '50\\%'", True),
    ("'50x' LIKE '50\\%'", False),
    ("starts_with(t, 'Gr')", True),
    ("blank = '  x '", True),
    ("blank = '  x'", False),
    # time
    ("extract(year FROM d)", 2011),
    ("extract(quarter FROM ts)", 4),
    ("extract(month FROM d)", 1),
    ("extract(day FROM d)", 31),
    ("extract(dow FROM sunday)", 0),
    ("extract(isodow FROM sunday)", 7),
    ("extract(doy FROM leap)", 60),
    ("extract(week FROM sunday)", 52),
    ("extract(isoyear FROM sunday)", 2010),
    ("extract(hour FROM ts)", 23),
    ("extract(minute FROM ts)", 59),
    ("date_trunc('month', d)", dt.datetime(2011, 1, 1)),
    ("date_trunc('week', sunday)", dt.datetime(2010, 12, 27)),
    ("date_trunc('quarter', ts)", dt.datetime(2011, 10, 1)),
    ("date_trunc('minute', ts)", dt.datetime(2011, 12, 31, 23, 59)),
    ("d + interval '1 month'", dt.datetime(2011, 2, 28)),
    ("leap + interval '1 year'", dt.datetime(2013, 2, 28)),
    ("ts - interval '1 day'", dt.datetime(2011, 12, 30, 23, 59, 59, 500_000)),
    ("d + 1", dt.date(2011, 2, 1)),
    ("leap - d", 394),
    ("extract(epoch FROM ts - timestamp '2011-12-31')", 86399.5),
    ("d = '2011-01-31'", True),
    ("ts > '2011-12-31'", True),
    ("d < ts", True),
    ("CAST(ts AS date)", dt.date(2011, 12, 31)),
    # conversion
    ("CAST('12' AS integer)", 12),
    ("CAST(two AS text)", "2"),
    ("CAST(t AS integer)", None),
    ("two::float", 2.0),
    ("(two = 2)::integer", 1),
    ("width_bucket(half, 0, 10, 4)", 2),
    ("width_bucket(price, 0, 10, 4)", 2),
    ("width_bucket(i, 0, 10, 4)", 0),
    ("width_bucket(two, 0, 2, 4)", 5),
    ("width_bucket(two, 10, 0, 4)", 4),
]


@pytest.fixture(scope="module")
def row() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(":memory:")
    connection.execute("SET TimeZone = 'UTC'")
    items = ", ".join(f"{sql} AS {name}" for name, (_, sql) in ROW.items())
    connection.execute(f"CREATE TABLE r AS SELECT {items}")
    yield connection
    connection.close()


def lookup(node: exp.Column) -> Expr:
    return Ref(COLUMNS[node.name])


def value_of(text: str, connection: duckdb.DuckDBPyConnection) -> Scalar:
    tree = sqlglot.parse_one(f"SELECT {text}", dialect="postgres").expressions[0]
    bound = Binder(lookup).bind(tree)
    sql = write(bound, {column: f"r.{name}" for name, column in COLUMNS.items()}, "duckdb")
    (found,) = connection.execute(f"SELECT {sql} FROM r").fetchone() or (None,)
    return found  # type: ignore[no-any-return]


@pytest.mark.parametrize(("text", "expected"), MEANINGS, ids=str)
def test_an_expression_means_what_it_means_in_postgresql(
    text: str, expected: Scalar, row: duckdb.DuckDBPyConnection
) -> None:
    found = value_of(text, row)
    if isinstance(expected, float) and isinstance(found, float):
        assert math.isclose(found, expected, rel_tol=1e-12)
    elif isinstance(expected, str) and not isinstance(found, str):
        assert str(found) == expected
    else:
        assert found == expected
        assert (found is None) == (expected is None)
