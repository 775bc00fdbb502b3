"""What the table claims of a function's result holds: its range, its NULLs, its few values.

Each call is evaluated over every combination of values that its columns' declared domains allow.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

import duckdb
import pytest

from gateway.privacy.domains import ANYTHING, Domain, Interval, Members, interval_of, number_of
from gateway.privacy.known import domain_of, null_within, nullable
from gateway.privacy.relation import Facts
from gateway.sql.expressions import Call, Case, Expr, Ref
from gateway.sql.functions import TABLE
from gateway.sql.functions.conversion import castable, duckdb_type
from gateway.sql.types import (
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    INTEGER,
    TEXT,
    TIMESTAMP,
    Kind,
    Scalar,
    Type,
    decimal,
    ordinal,
)
from tests.sql.pool import CONSTANTS, calls, literal, ref, written

AT_ONCE = 40


def between(low: Scalar, high: Scalar) -> Interval:
    a, b = number_of(low), number_of(high)
    assert a is not None
    assert b is not None
    return Interval(a, b)


_DAYS = (dt.date(2011, 1, 1), dt.date(2011, 5, 31), dt.date(2012, 2, 29), dt.date(2012, 3, 1))
_TIMES = tuple(dt.datetime(day.year, day.month, day.day, 23, 59, 59, 999_999) for day in _DAYS)
DECLARED: list[tuple[Type, Domain, Sequence[Scalar]]] = [
    (INTEGER, between(-3, 7), (-3, -1, 0, 1, 2, 7)),
    (BIGINT, between(0, 100), (0, 1, 50, 99, 100)),
    (BIGINT, Members((2, 5)), (2, 5)),
    (
        decimal(10, 2),
        between(Decimal("-1.50"), Decimal("2.25")),
        (Decimal("-1.50"), Decimal("-0.01"), Decimal("0.00"), Decimal("0.49"), Decimal("2.25")),
    ),
    (DOUBLE, between(-2.5, 3.5), (-2.5, -0.5, 0.0, 0.5, 1.5, 3.5)),
    (DOUBLE, between(0.25, 9.0), (0.25, 1.0, 2.5, 9.0)),
    (TEXT, ANYTHING, ("abc", "", " x ", "a%", "2011-01-01", "12")),
    (BOOLEAN, Members((False, True)), (False, True)),
    (DATE, between(_DAYS[0], _DAYS[-1]), _DAYS),
    (TIMESTAMP, between(_TIMES[0], _TIMES[-1]), _TIMES),
]
COLUMNS = [[ref(kind) for kind, _, _ in DECLARED] for _ in range(2)]
FACTS = {
    column.column: Facts(domain=domain, nullable=False)
    for place in COLUMNS
    for column, (_, domain, _) in zip(place, DECLARED, strict=True)
}
PLACES: list[list[Expr]] = [[*place, *CONSTANTS] for place in COLUMNS]


@pytest.fixture(scope="module")
def declared() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(":memory:", config={"threads": 1})
    connection.execute("SET TimeZone = 'UTC'")
    items = ", ".join(f"c{i} {duckdb_type(kind)}" for i, (kind, _, _) in enumerate(DECLARED))
    connection.execute(f"CREATE TABLE declared ({items})")
    length = max(len(values) for _, _, values in DECLARED)
    for row in range(length):
        values = [values[row % len(values)] for _, _, values in DECLARED]
        marks = ", ".join("?" for _ in values)
        connection.execute(f"INSERT INTO declared VALUES ({marks})", values)
    yield connection
    connection.close()


def results(
    connection: duckdb.DuckDBPyConnection, found: Sequence[Expr], places: Sequence[Sequence[Expr]]
) -> Iterator[tuple[Expr, list[Scalar]]]:
    """Each expression with its values."""
    tables = ", ".join(f"declared AS {chr(97 + i)}" for i in range(len(places)))
    for batch in _parts(found):
        items = ", ".join(f"{_shown(e, places)} AS r{i}" for i, e in enumerate(batch))
        rows = connection.execute(f"SELECT {items} FROM {tables}").fetchall()
        yield from zip(batch, map(list, zip(*rows, strict=True)), strict=True)


def _shown(expr: Expr, places: Sequence[Sequence[Expr]]) -> str:
    """Intervals as microseconds, the unit of their ranges: Python holds no long ones."""
    text = written(expr, places)
    if expr.type.kind is Kind.INTERVAL:
        return f"(date_part('epoch', {text}) * 1000000)"
    return text


def _parts(found: Sequence[Expr]) -> Iterator[Sequence[Expr]]:
    for start in range(0, len(found), AT_ONCE):
        yield found[start : start + AT_ONCE]


def untrue(expr: Expr, values: Sequence[Scalar]) -> list[str]:
    """What the values show to be wrong about an expression."""
    faults: list[str] = []
    if not nullable(expr, FACTS) and any(value is None for value in values):
        faults.append("is NULL")
    elif not null_within(expr, FACTS) and any(value is None for value in values):
        faults.append("is NULL within bounds")
    interval = interval_of(domain_of(expr, FACTS))
    if interval is not None:
        slack = (interval.magnitude + 1) / 10**9
        numbers = [n for value in values if (n := _number(value)) is not None]
        if any(not interval.lo - slack <= n <= interval.hi + slack for n in numbers):
            faults.append(f"leaves [{interval.lo}, {interval.hi}]")
    members = TABLE[expr.function].members if isinstance(expr, Call) else None
    listed = members(expr) if members and isinstance(expr, Call) else None
    if listed is not None and not set(values) - {None} <= set(listed):
        faults.append(f"is none of {listed}")
    return faults


def _number(value: Scalar) -> Fraction | None:
    if isinstance(value, (dt.date, dt.datetime)):
        return Fraction(ordinal(value))
    if isinstance(value, float) and not math.isfinite(value):
        return None  # becomes NULL before it is summed
    return number_of(value)


def faults(
    connection: duckdb.DuckDBPyConnection, found: Sequence[Expr], places: Sequence[Sequence[Expr]]
) -> list[str]:
    return [
        f"{written(expr, places)} {fault}"
        for expr, values in results(connection, found, places)
        for fault in untrue(expr, values)
    ]


def test_claims_about_one_argument(declared: duckdb.DuckDBPyConnection) -> None:
    found = list(calls(1, PLACES[:1]))
    assert len(found) > 120
    assert not faults(declared, found, PLACES[:1])


def test_claims_about_two_arguments(declared: duckdb.DuckDBPyConnection) -> None:
    found = list(calls(2, PLACES))
    assert len(found) > 2000
    assert not faults(declared, found, PLACES)


def test_claims_about_three_arguments(declared: duckdb.DuckDBPyConnection) -> None:
    third: list[Expr] = [literal(3, INTEGER), literal("a", TEXT), literal(1.5, DOUBLE)]
    places: list[Sequence[Expr]] = [COLUMNS[0], COLUMNS[1], third]
    found = list(calls(3, places))
    assert len(found) > 300
    assert not faults(declared, found, places[:2])


def test_claims_about_casts(declared: duckdb.DuckDBPyConnection) -> None:
    targets = [*dict.fromkeys(kind for kind, _, _ in DECLARED), decimal(4, 1)]
    found = [
        Call("cast", (column,), target)
        for column in COLUMNS[0]
        for target in targets
        if castable(column.type, target)
    ]
    assert not faults(declared, found, PLACES[:1])


def test_claims_about_buckets(declared: duckdb.DuckDBPyConnection) -> None:
    found: list[Expr] = []
    for column in COLUMNS[0]:
        for low, high, count in ((0, 80, 8), (3, -2, 5), (0, 1, 1)):
            arguments = (column, *(literal(n, INTEGER) for n in (low, high, count)))
            if TABLE["width_bucket"].result(arguments) is not None:
                found.append(Call("width_bucket", arguments, INTEGER))
    assert len(found) == 18
    assert not faults(declared, found, PLACES[:1])


def test_claims_about_case(declared: duckdb.DuckDBPyConnection) -> None:
    numbers = [column for column in COLUMNS[0] if column.type.numeric]
    found = [
        Case(((Call("gt", (a, literal(1, INTEGER)), BOOLEAN), a),), literal(None, a.type), a.type)
        for a in numbers
    ]
    assert not faults(declared, found, PLACES[:1])


def test_claims_about_expressions_within_expressions(declared: duckdb.DuckDBPyConnection) -> None:
    """Interval arithmetic composes: each function over each numeric result of another."""
    inner = [c for c in calls(1, [list(COLUMNS[0])]) if c.type.numeric]
    outer = [
        Call(name, (part,), result)
        for name in ("abs", "negate", "round", "floor", "ceil", "trunc", "sign", "sqrt")
        for part in inner
        if (result := TABLE[name].result((part,))) is not None
    ]
    both = [
        Call(name, (part, other), result)
        for name in ("add", "subtract", "multiply", "divide", "mod")
        for part in inner
        for other in COLUMNS[1]
        if (result := TABLE[name].result((part, other))) is not None
    ]
    assert len(both) > 300
    assert not faults(declared, [*outer, *both], PLACES)


def test_a_claim_that_is_untrue_is_caught(declared: duckdb.DuckDBPyConnection) -> None:
    """The test can fail: the same values against the facts of a narrower column."""
    wide = COLUMNS[0][0]
    assert isinstance(wide, Ref)
    negated = Call("negate", (wide,), wide.type)
    ((_, values),) = results(declared, [negated], PLACES[:1])
    assert not untrue(negated, values)
    assert untrue(negated, [*values, 4])
    assert nullable(negated, FACTS)  # for the least number of its type
    assert untrue(negated, [*values, None]) == ["is NULL within bounds"]
    quotient = Call("divide", (wide, wide), wide.type)
    ((_, values),) = results(declared, [quotient], PLACES[:1])
    assert None in values
    assert not untrue(quotient, values)  # zero lies within the bounds
    strict = Call("lower", (COLUMNS[0][6],), TEXT)
    assert untrue(strict, ["a", None]) == ["is NULL"]
