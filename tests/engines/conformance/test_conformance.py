"""The contract of `gateway.edges.Engine`, on every engine."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterator
from decimal import Decimal

import pyarrow as pa
import pytest

from gateway.edges import Engine
from gateway.errors import Code, Refusal
from gateway.privacy.plan import Statement
from gateway.rewrite.dialects import DIALECTS
from gateway.sql.functions import TABLE
from gateway.sql.types import BIGINT, BOOLEAN, DATE, DOUBLE, TEXT, TIMESTAMP, TIMESTAMPTZ, decimal
from gateway.stop import Stop
from tests.engines.conformance.kits import KITS, Kit

VISITS = pa.table(
    {
        "visit": pa.array(range(1_000), pa.int64()),
        "patient": pa.array([n % 100 for n in range(1_000)], pa.int64()),
        "ward": pa.array([None if n % 7 == 0 else f"w{n % 3}" for n in range(1_000)], pa.string()),
        "Weight": pa.array([n / 4 for n in range(1_000)], pa.float64()),
        "cost": pa.array([Decimal(n) / 100 for n in range(1_000)], pa.decimal128(10, 2)),
        "urgent": pa.array([n % 2 == 0 for n in range(1_000)], pa.bool_()),
        "day": pa.array([dt.date(2020, 1, 1)] * 1_000, pa.date32()),
        "at": pa.array([dt.datetime(2020, 1, 1, 10)] * 1_000, pa.timestamp("us")),
        "seen": pa.array(
            [dt.datetime(2020, 1, 1, 10, tzinfo=dt.UTC)] * 1_000, pa.timestamp("us", "UTC")
        ),
    }
)
WORDS = pa.table({"word": pa.array(["b", "Z", "é", None, "a", "a", "a "], pa.string())})


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(kit, id=kit.name, marks=pytest.mark.audit if kit.seldom else ())
        for kit in KITS
    ],
)
def kit(request: pytest.FixtureRequest) -> Kit:
    made: Kit = request.param
    return made


@pytest.fixture(scope="module")
def engine(kit: Kit, request: pytest.FixtureRequest) -> Iterator[Engine]:
    with kit.open(request, {"visits": VISITS, "words": WORDS}, 120) as opened:
        yield opened


def select(kit: Kit, sql: str, *columns: str) -> Statement:
    return Statement(sql=sql, dialect=kit.dialect, columns=columns)


def visits(kit: Kit) -> str:
    return ".".join(map(DIALECTS[kit.dialect].quoted, kit.source("visits")))


def test_it_has_a_dialect_and_every_function_a_rendering_or_a_reason(engine: Engine) -> None:
    assert DIALECTS[engine.dialect].name == engine.dialect
    for row in TABLE.values():
        rendered, lacking = engine.dialect in row.render, row.lacking.get(engine.dialect)
        assert rendered != bool(lacking), f"{row.name} over {engine.dialect}"


def test_describe_gives_the_types_of_the_gateway(kit: Kit, engine: Engine) -> None:
    columns = engine.describe(kit.source("visits"))
    assert columns is not None
    assert {column.name: column.type for column in columns} == {
        "visit": BIGINT,
        "patient": BIGINT,
        "ward": TEXT,
        "Weight": DOUBLE,
        "cost": decimal(10, 2),
        "urgent": BOOLEAN,
        "day": DATE,
        "at": TIMESTAMP,
        "seen": TIMESTAMPTZ,
    }
    assert engine.describe(kit.source("nothing")) is None


def test_a_statement_gives_exact_integers_in_the_plan_s_columns(kit: Kit, engine: Engine) -> None:
    quoted, wide = DIALECTS[kit.dialect].quoted, DIALECTS[kit.dialect].wide
    sql = (
        f"SELECT {quoted('ward')} AS {quoted('ward')}, "
        f"SUM({wide('10000000000')} * 1000000000000000000 + {quoted('visit')}) AS s "
        f"FROM {visits(kit)} GROUP BY {quoted('ward')}"
    )
    rows = engine.run(select(kit, sql, "ward", "s"), "q1")._open().to_pylist()
    expected: dict[str | None, int] = {}
    for n in range(1_000):
        ward = None if n % 7 == 0 else f"w{n % 3}"
        expected[ward] = expected.get(ward, 0) + 10**28 + n
    assert {row["ward"]: int(row["s"]) for row in rows} == expected


def test_values_come_as_python_knows_them(kit: Kit, engine: Engine) -> None:
    columns = engine.describe(kit.source("visits")) or ()
    quoted = DIALECTS[kit.dialect].quoted
    items = ", ".join(
        f"MAX({quoted(c.name)}) AS {quoted(c.name)}" for c in columns if c.name != "urgent"
    )
    names = tuple(c.name for c in columns if c.name != "urgent")
    row = engine.run(select(kit, f"SELECT {items} FROM {visits(kit)}", *names), "q")._open()
    found = row.to_pylist()[0]
    assert found["cost"] == Decimal("9.99")
    assert found["Weight"] == 249.75
    assert (found["day"], found["at"]) == (dt.date(2020, 1, 1), dt.datetime(2020, 1, 1, 10))
    assert found["seen"].astimezone(dt.UTC) == dt.datetime(2020, 1, 1, 10, tzinfo=dt.UTC)


def test_a_result_without_rows_has_its_columns(kit: Kit, engine: Engine) -> None:
    sql = f"SELECT 1 AS n FROM {visits(kit)} WHERE FALSE"
    table = engine.run(select(kit, sql, "n"), "q")._open()
    assert (table.column_names, table.num_rows) == (["n"], 0)


def test_keys(kit: Kit, engine: Engine) -> None:
    assert engine.is_key(kit.source("visits"), ["visit"])
    assert engine.is_key(kit.source("visits"), ["patient", "visit"])
    assert not engine.is_key(kit.source("visits"), ["patient"])
    assert not engine.is_key(kit.source("visits"), ["visit", "ward"]), "a key is never NULL"


def test_public_values_are_in_the_order_of_code_points_with_null_last(
    kit: Kit, engine: Engine
) -> None:
    found = engine.public_values(kit.source("words"), "word")
    assert found == ("Z", "a", "a ", "b", "é", None)
    assert engine.public_values(kit.source("words"), "word", most=2) == ("Z", "a")


def test_public_rows_keep_the_order_of_columns(kit: Kit, engine: Engine) -> None:
    table = engine.public_rows(kit.source("visits"), ["ward", "visit", "cost"])
    assert (table.column_names, table.num_rows) == (["ward", "visit", "cost"], 1_000)
    assert table.column("cost").type == pa.decimal128(10, 2)


def test_a_statement_for_another_engine_is_refused(kit: Kit, engine: Engine) -> None:
    with pytest.raises(Refusal) as refused:
        engine.run(Statement(sql="SELECT 1 AS n", dialect="another", columns=("n",)), "q")
    assert refused.value.code is Code.INTERNAL


@pytest.mark.parametrize(
    "sql",
    ["SELECT 1 AS n; SELECT 2 AS n", "DROP TABLE {0}", "DELETE FROM {0}", "SELECT 1 AS other"],
)
def test_what_is_no_select_of_the_plan_is_refused(kit: Kit, engine: Engine, sql: str) -> None:
    with pytest.raises(Refusal) as refused:
        engine.run(select(kit, sql.format(visits(kit)), "n"), "q")
    assert refused.value.code in (Code.INTERNAL, Code.ENGINE_UNAVAILABLE)
    count = engine.run(select(kit, f"SELECT COUNT(*) AS n FROM {visits(kit)}", "n"), "q")
    assert count._open().to_pylist() == [{"n": 1_000}]


def test_the_engine_s_own_words_reach_the_log_alone(
    kit: Kit, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(Refusal) as refused:
        engine.run(select(kit, "SELECT secret_column AS n FROM nowhere_at_all", "n"), "q77")
    said = f"{refused.value.sentence} {refused.value.hint}"
    assert refused.value.code is Code.ENGINE_UNAVAILABLE
    assert "nowhere" not in said
    assert "nowhere_at_all" in caplog.text
    assert "q77" in caplog.text


def test_a_statement_that_takes_too_long_is_ended(kit: Kit, request: pytest.FixtureRequest) -> None:
    with kit.open(request, {"words": WORDS}, 0.5) as hurried:
        before = time.monotonic()
        with pytest.raises(Refusal) as refused:
            hurried.run(select(kit, kit.slow, "n"), "q")
        assert time.monotonic() - before < 15
        assert refused.value.code is Code.ENGINE_UNAVAILABLE
        assert "longer" in refused.value.sentence
        assert hurried.healthy()


def test_a_statement_that_nobody_waits_for_is_ended(kit: Kit, engine: Engine) -> None:
    stop = Stop()
    threading.Timer(0.5, stop.ask).start()
    before = time.monotonic()
    with pytest.raises(Refusal) as refused:
        engine.run(select(kit, kit.slow, "n"), "q", stop)
    assert refused.value.code is Code.CANCELLED
    assert time.monotonic() - before < 15
    count = engine.run(select(kit, f"SELECT COUNT(*) AS n FROM {visits(kit)}", "n"), "q")
    assert count._open().to_pylist() == [{"n": 1_000}]


def test_questions_run_beside_one_another(kit: Kit, engine: Engine) -> None:
    found: list[int] = []

    def ask(n: int) -> None:
        sql = f"SELECT COUNT(*) + {n} AS n FROM {visits(kit)}"
        found.extend(
            row["n"] for row in engine.run(select(kit, sql, "n"), f"q{n}")._open().to_pylist()
        )

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [1_000 + n for n in range(8)]


def test_a_closed_engine_answers_no_more(kit: Kit, request: pytest.FixtureRequest) -> None:
    with kit.open(request, {"words": WORDS}, 120) as opened:
        assert opened.healthy()
        opened.close()
        assert not opened.healthy()
        with pytest.raises(Refusal) as refused:
            opened.run(select(kit, "SELECT 1 AS n", "n"), "q")
        assert refused.value.code is Code.ENGINE_UNAVAILABLE
        opened.close()
