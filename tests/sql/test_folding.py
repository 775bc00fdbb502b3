"""Constants that are worked out when a question is planned have the engine's own value."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from gateway.rewrite.expressions import write
from gateway.sql import bind
from gateway.sql.bind import Binder
from gateway.sql.dialect import AsWritten
from gateway.sql.expressions import Call, Column, Expr, Literal, Ref
from gateway.sql.folding import by_days
from gateway.sql.types import BOOLEAN, DATE, TIMESTAMP

WORKED_OUT = [
    "timestamp '2011-01-31 23:00:00' + interval '1 month'",
    "date '2012-02-29' - interval '1 year 1 day 2 hours'",
    "date '2011-03-31' + interval '-1 month'",
    "timestamptz '2011-03-31 01:00:00+02' + interval '36 hours'",
    "date '2011-12-31' + 1",
    "date '2011-01-01' - 365",
    "3 + date '2011-01-01'",
    "to_timestamp(1300000000.25)",
    "to_timestamp(-1)",
    "to_timestamp('2011-03-01 10:20:30.5', 'YYYY-MM-DD HH24:MI:SS.US')",
    "to_date('05 Mar 2011', 'DD Mon YYYY')",
    "make_date(2012, 2, 29)",
    "date_trunc('quarter', timestamp '2011-05-17 10:00:00')",
    "date_trunc('week', date '2011-01-01')",
    "date_trunc('century', timestamp '2011-05-17')",
    "date_trunc('millisecond', timestamp '2011-05-17 01:02:03.456789')",
    "timestamp '2011-05-17 10:00:00' AT TIME ZONE 'UTC'",
    "timestamptz '2011-05-17 10:00:00+02' AT TIME ZONE 'UTC'",
    "interval '1 month' * 3 + interval '2 days' - interval '1 hour'",
    "- interval '1 day'",
]


def lookup(node: exp.Column) -> Expr:
    raise AssertionError("no columns here")


def bound(text: str) -> Expr:
    tree = sqlglot.parse_one(f"SELECT {text}", dialect=AsWritten).expressions[0]
    return Binder(lookup).bind(tree)


@pytest.mark.parametrize("text", WORKED_OUT)
def test_it_is_what_the_engine_gives(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    here = bound(text)
    assert isinstance(here, Literal)
    monkeypatch.setattr(bind, "folded", lambda call: call)
    left = bound(text)
    assert isinstance(left, Call)
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET TimeZone = 'UTC'")
        sql = f"SELECT {write(here, {}, 'duckdb')} = {write(left, {}, 'duckdb')}"
        assert connection.execute(sql).fetchone() == (True,)


@pytest.mark.parametrize(
    "text",
    [
        "make_date(2011, 2, 30)",
        "to_date('x', 'YYYY')",
        "date '9999-12-31' + 1",
        "timestamp '9999-12-31' + interval '1 year'",
        "to_timestamp(1e300)",
    ],
)
def test_what_has_no_value_is_left_to_the_engine(text: str) -> None:
    assert isinstance(bound(text), Call)


def test_a_folded_moment_keeps_its_zone() -> None:
    found = bound("to_timestamp('2011-03-01', 'YYYY-MM-DD')")
    assert isinstance(found, Literal)
    assert found.value == dt.datetime(2011, 3, 1, tzinfo=dt.UTC)


DAYS = ["-infinity", "0001-01-01", "1969-12-31", "1970-01-01", "2011-05-16", "2011-05-17",
        "2011-05-18", "9999-12-31", "294247-01-11", "5881580-07-10", "infinity"]  # fmt: skip


@pytest.mark.parametrize("symbol", ["=", "<>", "<", "<=", ">", ">="])
@pytest.mark.parametrize("moment", ["2011-05-17 00:00:00", "2011-05-17 00:00:01"])
def test_a_date_is_compared_with_a_midnight_as_with_its_day(symbol: str, moment: str) -> None:
    """For each date that there is, PostgreSQL's meaning: a date stands for its midnight."""
    name = {"=": "eq", "<>": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}[symbol]
    database = duckdb.connect()
    column = Column(1, "day", DATE)
    constant = Literal(dt.datetime.fromisoformat(moment), TIMESTAMP)
    for first in (True, False):
        pair = [Ref(column), constant] if first else [constant, Ref(column)]
        made = [*by_days(name, pair)]
        assert (Literal(dt.date(2011, 5, 17), DATE) in made) == moment.endswith("00:00:00")
        sql = write(Call(name, tuple(made), BOOLEAN), {column: "d"}, "duckdb")
        for day in DAYS:
            database.execute(f"CREATE OR REPLACE TABLE t AS SELECT DATE '{day}' AS d")
            found = database.execute(f"SELECT {sql} FROM t").fetchall()
            far = {"-infinity": -1, "infinity": 1, "294247-01-11": 1, "5881580-07-10": 1}.get(day)
            value = far or (dt.datetime.fromisoformat(day) > constant.value) - (
                dt.datetime.fromisoformat(day) < constant.value
            )  # type: ignore[operator]
            value = value if first else -value
            assert found == [(eval(f"{value} {_PYTHON[symbol]} 0"),)], (day, sql)


_PYTHON = {"=": "==", "<>": "!="} | {symbol: symbol for symbol in ("<", "<=", ">", ">=")}
