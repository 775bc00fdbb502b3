"""Every function has a value or NULL for each input of its types: an error would tell of a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import duckdb
import pytest

from gateway.sql.expressions import Call, Expr, Literal
from gateway.sql.functions import TABLE
from gateway.sql.functions.conversion import castable
from gateway.sql.types import BIGINT, INTEGER, INTERVAL, TEXT, TIMESTAMP
from tests.sql.pool import CONSTANTS, EXTREMES, calls, columns, literal, ref, table, written

AT_ONCE = 40
CAST = "cast"


def _numbers(*values: int) -> list[Literal]:
    return [literal(value, INTEGER) for value in values]


def _texts(*values: str) -> list[Literal]:
    return [literal(value, TEXT) for value in values]


_QUARTER = literal("0 months 0 days 900000000 microseconds", INTERVAL)
LONG: list[tuple[str, list[Literal]]] = [
    ("width_bucket", _numbers(0, 80, 8)),
    ("width_bucket_between", _numbers(-5, 0, 80)),
    ("make_date", _numbers(2012, 2, 29)),
    ("make_timestamp", _numbers(2012, 2, 29, 23, 59, 59)),
    ("date_bin", [_QUARTER, literal(dt.datetime(2001, 1, 1), TIMESTAMP)]),
    ("overlay", [*_texts("xyz"), *_numbers(2, 1)]),
    ("split_part", [*_texts("b"), *_numbers(-1)]),
    ("lpad", [*_numbers(7), *_texts("ab")]),
    ("rpad", _numbers(0)),
    ("translate", _texts("abc", "x")),
    ("regexp_replace", _texts("([a-z])[0-9]*", "<\\1>", "g")),
]


@pytest.fixture(scope="module")
def extremes() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(":memory:", config={"threads": 1})
    connection.execute("SET TimeZone = 'UTC'")
    table(connection, "extremes", list(EXTREMES))
    yield connection
    connection.close()


def failing(
    connection: duckdb.DuckDBPyConnection, found: Sequence[Call], places: Sequence[Sequence[Expr]]
) -> list[str]:
    """The calls that raise an error on some row; many are tried at once, then one by one."""
    tables = ", ".join(f"extremes AS {chr(97 + i)}" for i in range(len(places)))
    texts = [written(call, places) for call in found]
    faults: list[str] = []
    for start in range(0, len(texts), AT_ONCE):
        batch = texts[start : start + AT_ONCE]
        if _error(connection, batch, tables) is not None:
            faults += [
                f"{text}: {fault}"
                for text in batch
                if (fault := _error(connection, [text], tables)) is not None
            ]
    return faults


def _error(connection: duckdb.DuckDBPyConnection, texts: Sequence[str], tables: str) -> str | None:
    items = ", ".join(f"{text} AS r{i}" for i, text in enumerate(texts))
    try:
        # Into a table: a query's result would be planned twice, once for its columns.
        connection.execute(f"CREATE OR REPLACE TEMP TABLE found AS SELECT {items} FROM {tables}")
    except duckdb.Error as fault:
        return str(fault).splitlines()[0]
    return None


def test_calls_of_one_argument(extremes: duckdb.DuckDBPyConnection) -> None:
    places = [[*columns(), *CONSTANTS]]
    found = list(calls(1, places))
    assert len(found) > 150
    assert not failing(extremes, found, places)


def test_calls_of_two_arguments(extremes: duckdb.DuckDBPyConnection) -> None:
    places = [[*columns(), *CONSTANTS], [*columns(), *CONSTANTS]]
    found = list(calls(2, places))
    assert len(found) > 2000
    assert not failing(extremes, found, places)


def test_calls_of_three_arguments(extremes: duckdb.DuckDBPyConnection) -> None:
    everything = columns()
    third = [literal(3, INTEGER), literal(-(2**63) + 1, BIGINT), literal("a", TEXT)]
    places = [everything, columns()]
    found = list(calls(3, [*places, third]))
    assert len(found) > 300
    assert not failing(extremes, found, places)


def test_casts(extremes: duckdb.DuckDBPyConnection) -> None:
    places = [columns()]
    targets = [*EXTREMES]
    found = [
        Call(CAST, (column,), target)
        for column in places[0]
        for target in targets
        if castable(column.type, target)
    ]
    assert len(found) > 50
    assert not failing(extremes, found, places)


def test_calls_with_many_arguments(extremes: duckdb.DuckDBPyConnection) -> None:
    """Those that need constants of a certain kind, over each column that they take."""
    places = [columns()]
    found: list[Call] = []
    for name, rest in LONG:
        for column in places[0]:
            for arguments in placed(column, rest, name):
                result = TABLE[name].result(arguments)
                if result is not None:
                    found.append(Call(name, arguments, result))
    assert {call.function for call in found} == {name for name, _ in LONG}
    assert not failing(extremes, found, places)


def placed(column: Expr, rest: Sequence[Literal], name: str) -> list[tuple[Expr, ...]]:
    """The column alone varies; every number of a date does."""
    if name in ("make_date", "make_timestamp"):
        return [(*rest[:i], column, *rest[i + 1 :]) for i in range(len(rest))]
    return [(rest[0], column, rest[1]) if name == "date_bin" else (column, *rest)]


def test_buckets(extremes: duckdb.DuckDBPyConnection) -> None:
    places = [[ref(kind) for kind in EXTREMES]]
    ends = [(0, 80, 8), (80, 0, 8), (-1, 1, 10_000)]
    found = []
    for column in places[0]:
        for low, high, count in ends:
            arguments = (column, *(literal(n, INTEGER) for n in (low, high, count)))
            result = TABLE["width_bucket"].result(arguments)
            if result is not None:
                found.append(Call("width_bucket", arguments, result))
    assert len(found) >= 15
    assert not failing(extremes, found, places)


def test_every_function_was_called() -> None:
    """No function of the table escapes: each has arguments among the pools above."""
    pool = [[*columns(), *CONSTANTS]] * 2
    called = {call.function for arity in (1, 2) for call in calls(arity, pool)}
    three = [columns(), columns(), [literal(3, INTEGER), literal("a", TEXT)]]
    called |= {call.function for call in calls(3, three)}
    assert set(TABLE) - called <= {CAST, "pi", *(function for function, _ in LONG)}


def test_a_function_that_fails_is_caught(extremes: duckdb.DuckDBPyConnection) -> None:
    """The test can fail: a plain cast is no total form."""
    column = ref(TEXT)
    tables = "extremes AS a"
    index = list(EXTREMES).index(TEXT)
    assert _error(extremes, [f"CAST(a.c{index} AS INTEGER)"], tables) is not None
    assert _error(extremes, [f"TRY_CAST(a.c{index} AS INTEGER)"], tables) is None
    assert column.type == TEXT
