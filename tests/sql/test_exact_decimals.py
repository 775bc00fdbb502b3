"""Decimals whose digits suffice: the exact number, without NULL and without an error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal, localcontext
from fractions import Fraction

import duckdb
import psycopg
import pytest

from gateway.privacy.measures import Total
from gateway.rewrite.clamp import clamped
from gateway.rewrite.dialects import DIALECTS
from gateway.rewrite.dialects.base import Dialect
from gateway.rewrite.expressions import write
from gateway.sql.expressions import Call, Column, Expr, Literal, Ref
from gateway.sql.functions.arithmetic import digits
from gateway.sql.types import Type, decimal
from tests.postgres import PostgresServer

DATABASE = duckdb.connect()
SYMBOLS = {"add": "+", "subtract": "-", "multiply": "*"}
WIDTHS = [(1, 0), (9, 9), (15, 2), (18, 0), (18, 6), (19, 2), (30, 2), (38, 10)]


def ends(kind: Type) -> list[Decimal]:
    """The largest and smallest values of a type, and some between."""
    with localcontext(prec=60):
        most = (Decimal(10) ** kind.precision - 1).scaleb(-kind.scale)
        least = Decimal(1).scaleb(-kind.scale)
        return [most, -most, least, -least, Decimal(0).quantize(least)]


def computed(sql: str, values: dict[str, tuple[Decimal, Type]]) -> object:
    columns = ", ".join(
        f"CAST('{value:f}' AS DECIMAL({kind.precision}, {kind.scale})) AS {name}"
        for name, (value, kind) in values.items()
    )
    # Of a table's row, for constants would be worked out before.
    DATABASE.execute(f"CREATE OR REPLACE TABLE t AS SELECT {columns}")
    return DATABASE.execute(f"SELECT {sql} FROM t").fetchall()[0][0]


@pytest.mark.parametrize("name", SYMBOLS)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_ends_of_types_give_the_exact_number_or_null_beyond_38_digits(
    name: str, width: tuple[int, int]
) -> None:
    for other in WIDTHS:
        kinds = (decimal(*width), decimal(*other))
        a, b = Column(1, "a", kinds[0]), Column(2, "b", kinds[1])
        scale = sum(k.scale for k in kinds) if name == "multiply" else max(k.scale for k in kinds)
        if scale > 20:
            continue
        call = Call(name, (Ref(a), Ref(b)), decimal(38, scale))
        sql = write(call, {a: "a", b: "b"}, "duckdb")
        whole = digits(call)
        proven = whole is not None and whole + scale <= 38
        assert proven != sql.startswith("TRY(")
        for x, y in zip(ends(kinds[0]), ends(kinds[1]), strict=True):
            with localcontext(prec=90):
                exact = {"add": x + y, "subtract": x - y, "multiply": x * y}[name]
            found = computed(sql, {"a": (x, kinds[0]), "b": (y, kinds[1])})
            if proven:
                assert found == exact
            else:
                assert found in (None, exact)


def test_what_is_within_counts() -> None:
    """A product of three with as many digits as there is room for, and one more."""
    price, rate = Column(1, "p", decimal(15, 2)), Column(2, "d", decimal(4, 2))
    one = Literal(1, decimal(1, 0))
    less = Call("subtract", (one, Ref(rate)), decimal(38, 2))
    once: Expr = Call("multiply", (Ref(price), less), decimal(38, 4))
    assert (digits(less), digits(once)) == (3, 16)
    assert digits(Call("multiply", (once, once), decimal(38, 8))) is None


Compute = Callable[[str, str, Type], object]
"""The value of a form over the column `x` of a type that holds this number."""


@pytest.fixture(params=["duckdb", "postgres"])
def engine(request: pytest.FixtureRequest) -> Iterator[tuple[Dialect, Compute]]:
    """A dialect, and its engine over a table of one row."""
    dialect = DIALECTS[request.param]

    def inside(sql: str, value: str, kind: Type) -> str:
        cell = f"CAST({value} AS {dialect.type_name(kind)})"
        return f"SELECT {sql} FROM (SELECT {cell} AS x OFFSET 0) AS t"

    if request.param == "duckdb":
        yield dialect, lambda *asked: DATABASE.execute(inside(*asked)).fetchall()[0][0]
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        yield dialect, lambda *asked: connection.execute(inside(*asked).encode()).fetchall()[0][0]


@pytest.mark.parametrize("precision", [6, 15, 38])
@pytest.mark.parametrize("times", [1, 10, 100, 8, 3, 700])
@pytest.mark.parametrize("off", [0, 1])
def test_decimals_are_rounded_to_their_step_and_clamped(
    engine: tuple[Dialect, Compute], precision: int, times: int, off: int
) -> None:
    """As by exact fractions: halves away from zero, nothing beyond the bounds, which may lie `off`
    the last decimal place, NULL for NULL."""
    dialect, compute = engine
    kind = decimal(precision, 2)
    lo, hi = -5 * times - off, 12 * times + off
    measure = Total(Ref(Column(1, "x", kind)), Fraction(1, times), lo, hi, center=3)
    sql = clamped("x", measure, dialect)
    values = ["-9999.99", "-5.01", "-5", "-4.99", "-0.05", "0", "0.04", "0.05", "0.15", "11.99",
              "12", "12.01", "12.02", "9999.99"]  # fmt: skip
    for value in values:
        exact = min(max(_rounded(Fraction(value) * times), lo), hi) - 3
        assert compute(sql, f"'{value}'", kind) == exact, value
    assert compute(sql, "NULL", kind) is None


@pytest.mark.parametrize("digits", [8, 13, 15, 16, 17, 20])
@pytest.mark.parametrize("times", [1, 10, 10**6, 3 * 10**8])
def test_bounds_of_many_digits_do_not_overflow(
    engine: tuple[Dialect, Compute], digits: int, times: int
) -> None:
    dialect, compute = engine
    kind = decimal(38, 2)
    measure = Total(Ref(Column(1, "x", kind)), Fraction(1, times), -(10**17), 10**17)
    most = min(10**17 // times, 10**digits)
    sql = clamped("x", measure, dialect)
    for value in (most, -most, most + 1, 10**30, -(10**30)):
        exact = min(max(value * times, -(10**17)), 10**17)
        assert compute(sql, f"'{value}'", kind) == exact, value


def _rounded(value: Fraction) -> int:
    whole = int(abs(value) + Fraction(1, 2))
    return whole if value >= 0 else -whole
