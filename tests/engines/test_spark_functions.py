"""Spark's renderings: total on every input, and with PostgreSQL's meaning.

Totality is tried on the extremes of each type (`tests.sql.pool`), for calls alone and within one
another, in the places where statements use them. A failure there would tell of a row.
"""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Iterator, Sequence
from decimal import Decimal

import duckdb
import pytest
import sqlglot

from gateway.engines.spark import SparkEngine
from gateway.errors import Refusal
from gateway.privacy.plan import Statement
from gateway.rewrite.dialects import DIALECTS
from gateway.rewrite.expressions import write
from gateway.sql.bind import Binder
from gateway.sql.expressions import Call, Column, Expr, Ref
from gateway.sql.functions.spark.forms import INFINITE, spark_type
from gateway.sql.functions.spark.intervals import interval_literal
from gateway.sql.literals import interval
from gateway.sql.types import DOUBLE, INTERVAL, TEXT, Kind, Type
from tests.sql import pool
from tests.sql.pool import CONSTANTS, EXTREMES, calls, columns, literal
from tests.sql.test_nested_calls import Growing
from tests.sql.test_postgres_meaning import COLUMNS, MEANINGS, ROW, lookup

AT_ONCE = 40
USES = (
    "{0} AS r{1}",
    "COUNT(DISTINCT {0}) AS r{1}",
    "COUNT(CASE WHEN {0} = {0} THEN 1 END) AS r{1}",
)
SPANS = [str(one.value) for text in EXTREMES[INTERVAL] if (one := interval(text.strip("'")))] + [
    f"{months} months {days} days {microseconds} microseconds"
    for months, days, microseconds in (
        (2**31 - 1, 0, 0),
        (-(2**31), 0, 0),
        (0, 2**31 - 1, 0),
        (0, -(2**31), 0),
        (0, 0, 2**63 - 1),
        (0, 0, -(2**63)),
        (-(2**31), -(2**31), -(2**63)),
    )
]
STORED = [kind for kind in EXTREMES if kind != INTERVAL]


@pytest.fixture(scope="module")
def extremes(spark: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkEngine]:
    """A table with a column per type that holds the type's extremes, from DuckDB's own file."""
    path = tmp_path_factory.mktemp("extremes") / "extremes.parquet"
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        pool.table(connection, "extremes", STORED)
        numbered = "SELECT *, row_number() OVER () - 1 AS n FROM extremes"
        connection.execute(f"COPY ({numbered}) TO '{path}'")
    engine = SparkEngine(spark, files={"extremes": str(path)}, timeout_seconds=300)
    yield engine
    engine.close()


def _source(letter: str) -> str:
    """The table with its intervals, which no file holds."""
    items = [f"c{place} AS i{list(EXTREMES).index(kind)}" for place, kind in enumerate(STORED)]
    cases = " ".join(f"WHEN {n} THEN {interval_literal(text)}" for n, text in enumerate(SPANS))
    place = list(EXTREMES).index(INTERVAL)
    chosen = f"CASE n {cases} END AS i{place}"
    return f"(SELECT {', '.join([*items, chosen])} FROM extremes) AS {letter}"


def _written(expr: Expr, places: Sequence[Sequence[Expr]]) -> str:
    names = {
        ref.column: f"{chr(97 + i)}.i{[c for c in listed if isinstance(c, Ref)].index(ref)}"
        for i, listed in enumerate(places)
        for ref in listed
        if isinstance(ref, Ref)
    }
    return write(expr, names, "spark")


def _fault(engine: SparkEngine, items: Sequence[str], tables: int) -> str:
    """What Spark says of a selection; nothing where it gives rows."""
    source = ", ".join(_source(chr(97 + i)) for i in range(tables))
    names = tuple(f"r{i}" for i in range(len(items)))
    sql = f"SELECT {', '.join(items)} FROM {source}"
    try:
        engine.run(Statement(sql=sql, dialect="spark", columns=names), "total")
    except Refusal as refusal:
        return refusal.sentence
    return ""


def _failing(engine: SparkEngine, texts: Sequence[str], tables: int, use: str) -> list[str]:
    """The expressions that fail on some row, found by halving."""
    if not texts or not _fault(engine, [use.format(t, i) for i, t in enumerate(texts)], tables):
        return []
    if len(texts) == 1:
        return [texts[0][:600]]
    half = len(texts) // 2
    return [
        *_failing(engine, texts[:half], tables, use),
        *_failing(engine, texts[half:], tables, use),
    ]


def _tried(engine: SparkEngine, count: int, most: int | None) -> None:
    """Every call of so many arguments, or so many of them, chosen with a fixed seed."""
    places = [[*columns(), *CONSTANTS] for _ in range(count)]
    found = [c for c in calls(count, places) if any(isinstance(a, Ref) for a in c.arguments)]
    chosen = found if most is None else random.Random(count).sample(found, most)
    texts = [text for call in chosen if (text := _or_refused(_fetched(call), places))]
    assert len(texts) > 0.9 * len(chosen)
    for start in range(0, len(texts), AT_ONCE):
        assert not _failing(engine, texts[start : start + AT_ONCE], count, USES[0])


def _fetched(call: Call) -> Call:
    """The call as results hold it: intervals are never among them."""
    if call.type != INTERVAL:
        return call
    return Call("interval_part", (literal("epoch", TEXT), call), DOUBLE)


def _or_refused(call: Call, places: Sequence[Sequence[Expr]]) -> str:
    try:
        return _written(call, places)
    except Refusal:
        return ""


@pytest.mark.audit
def test_calls_of_one_and_two_arguments_never_fail(extremes: SparkEngine) -> None:
    _tried(extremes, 1, 80)
    _tried(extremes, 2, 120)


@pytest.mark.audit
@pytest.mark.parametrize("count", [1, 2])
def test_no_call_ever_fails(extremes: SparkEngine, count: int) -> None:
    _tried(extremes, count, None)


def _nested(engine: SparkEngine, seed: int, batches: int) -> None:
    growing = Growing(seed)
    names = {column: name.replace(".c", ".i") for column, name in growing.names.items()}
    for batch in range(batches):
        texts = []
        while len(texts) < AT_ONCE // 2:
            try:
                texts.append(write(_fetched(growing.call()), names, "spark"))
            except Refusal:
                continue
        assert not _failing(engine, texts, 1, USES[batch % len(USES)])


@pytest.mark.audit
def test_calls_within_calls_never_fail(extremes: SparkEngine) -> None:
    _nested(extremes, seed=1, batches=3)


@pytest.mark.audit
@pytest.mark.parametrize("seed", range(2, 12))
def test_no_nested_call_ever_fails(extremes: SparkEngine, seed: int) -> None:
    _nested(extremes, seed, batches=12)


AT_THE_ENDS: list[tuple[str, object]] = [
    # letters by letters: of ß Spark's own capitals are two
    ("upper(t)", "GRÜẞE 💊"),
    ("lower(upper(t))", "grüße 💊"),
    ("initcap(right(t, 4))", "ẞe 💊"),
    # of NULL and zero
    ("lcm(nullif(two, 2), zero)", None),
    ("lcm(zero, two)", 0),
    # powers of one, and of no more intervals than 32 bits count
    ("power(half - 1.5, nan)", 1.0),
    ("EXTRACT(epoch FROM INTERVAL '1 day' * huge)", None),
    # the sign of zero
    ("atan2(-(half - half), -half)", -math.pi),
    ("atan2(half - half, -half)", math.pi),
    # ends of 32 and 64 bits
    ("width_bucket(half * 858993459, 0, 1, 1)", 2),
    ("ts - INTERVAL '1 second' * (lowest / 1000000)", None),
    # a day that is compared with those that stand for infinity
    ("CAST(CAST(ts AS date) AS text)", "2011-12-31"),
    ("CAST('2012-02-29 10:11:12.5' || '' AS date)", dt.date(2012, 2, 29)),
    # sixty seconds, and no year before the first
    ("make_timestamp(2012, 2, 29, 23, 59, 2 * 30)", dt.datetime(2012, 3, 1)),
    ("make_date(CAST(zero AS integer), 2, 2)", None),
    # floats as decimals are rounded where they are whole numbers of the last digit
    ("CAST(half * 0.402 AS numeric(10, 2))", Decimal("1.01")),
]
MEANT_ALIKE = [
    *(pair for pair in MEANINGS if pair[0] != "sign(i)"),
    ("sign(i)", -1.0),
]


@pytest.mark.parametrize(
    "meant",
    [
        pytest.param(AT_THE_ENDS, id="at the ends"),
        pytest.param(MEANT_ALIKE, id="all", marks=pytest.mark.audit),
    ],
)
def test_expressions_mean_what_they_mean_in_postgresql(
    meant: Sequence[tuple[str, object]], extremes: SparkEngine
) -> None:
    """The values that PostgreSQL's documentation, or PostgreSQL itself, gives."""
    names: dict[Column, str] = {column: f"r.{name}" for name, column in COLUMNS.items()}
    row = ", ".join(f"{_constant(kind, text)} AS {name}" for name, (kind, text) in ROW.items())
    written = []
    for text, _ in meant:
        tree = sqlglot.parse_one(f"SELECT {text}", dialect="postgres").expressions[0]
        written.append(write(Binder(lookup).bind(tree), names, "spark"))
    wrong = []
    for start in range(0, len(written), AT_ONCE):
        part = written[start : start + AT_ONCE]
        items = [f"{sql} AS r{i}" for i, sql in enumerate(part)]
        # A literal row would be folded away, and so tried in another place than rows are.
        sql = f"SELECT {', '.join(items)} FROM (SELECT {row} FROM range(1) WHERE id = 0) AS r"
        columns_of = tuple(f"r{i}" for i in range(len(part)))
        (found,) = (
            extremes.run(Statement(sql=sql, dialect="spark", columns=columns_of), "meaning")
            ._open()
            .to_pylist()
        )
        wrong += [
            (text, expected, value)
            for (text, expected), value in zip(
                meant[start : start + AT_ONCE], found.values(), strict=True
            )
            if not _alike(value, expected)
        ]
    assert not wrong


def _constant(kind: Type, text: str) -> str:
    """A constant of `ROW`, which is written for DuckDB."""
    plain = sqlglot.transpile(text, read="duckdb", write="spark")[0]
    if kind.kind is Kind.TIMESTAMP:
        plain = plain.replace("TIMESTAMP '", "TIMESTAMP_NTZ '")
    return f"CAST({plain} AS {spark_type(kind)})"


def _alike(found: object, expected: object) -> bool:
    if isinstance(expected, float) and isinstance(found, (float, int)):
        return math.isclose(found, expected, rel_tol=1e-12)
    if isinstance(expected, str) and not isinstance(found, str):
        return str(found) == expected
    return found == expected and (found is None) == (expected is None)


def test_what_spark_adds_up_is_exact_at_the_ends_of_its_halves(extremes: SparkEngine) -> None:
    """`dialects.spark._added` in each of its three forms, against Python's integers."""
    added = DIALECTS["spark"].added
    for bits in (20, 46, 59):
        edge = 2**bits - 1
        values = [edge, -edge, edge, edge - 1, 0, -1, 1, -(2**22), 2**23, edge // 3]
        rows = ", ".join(f"({value}L)" for value in values)
        sql = f"SELECT {added('v.x', edge)} AS s FROM (VALUES {rows}) AS v(x)"
        table = extremes.run(Statement(sql=sql, dialect="spark", columns=("s",)), "sums")._open()
        assert int(table.column("s")[0].as_py()) == sum(values)


def test_infinite_moments_are_those_of_duckdb_s_files(extremes: SparkEngine) -> None:
    place = {kind: list(EXTREMES).index(kind) for kind in EXTREMES}
    for kind in STORED:
        if not kind.temporal:
            continue
        tests = [
            f"COUNT(CASE WHEN i{place[kind]} = {end} THEN 1 END)" for end in INFINITE[kind.kind]
        ]
        sql = f"SELECT {tests[0]} AS low, {tests[1]} AS high FROM {_source('a')}"
        statement = Statement(sql=sql, dialect="spark", columns=("low", "high"))
        assert extremes.run(statement, "ends")._open().to_pylist() == [{"low": 1, "high": 1}]
