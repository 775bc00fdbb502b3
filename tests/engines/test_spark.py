"""What Spark's engine does beyond the suite that every engine passes."""

from __future__ import annotations

import math
import random
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql.connect.session import SparkSession

from gateway.engines.spark import SparkEngine
from gateway.engines.spark_settings import SETTINGS
from gateway.errors import Code, NothingRead, Refusal
from gateway.policy.draft import draft
from gateway.privacy.plan import Statement
from gateway.rewrite.dialects import DIALECTS
from gateway.sql.expressions import Literal
from gateway.sql.types import BIGINT, DOUBLE, INTEGER, SMALLINT, TEXT, TIMESTAMPTZ, decimal
from gateway.stop import Stop

CONSTANT = DIALECTS["spark"].constant
SLOW = "SELECT COUNT(*) AS n FROM range(100000000) a, range(100000000) b WHERE a.id * b.id % 7 = 3"


@pytest.fixture(scope="module")
def admin(spark: str) -> Iterator[SparkSession]:
    """A session of the cluster's own people."""
    session = SparkSession(spark)
    yield session
    session.stop()


@pytest.fixture(scope="module")
def engine(spark: str) -> Iterator[SparkEngine]:
    opened = SparkEngine(spark, timeout_seconds=120)
    yield opened
    opened.close()


def one(engine: SparkEngine, sql: str, stop: Stop | None = None) -> object:
    """The one value of a statement."""
    statement = Statement(sql=f"SELECT {sql} AS n", dialect="spark", columns=("n",))
    return engine.run(statement, "q", stop)._open().column("n")[0].as_py()


def test_tables_of_a_catalog_are_read_in_the_gateway_s_types(
    admin: SparkSession, engine: SparkEngine
) -> None:
    admin.sql("CREATE SCHEMA IF NOT EXISTS ward").collect()
    admin.sql("DROP TABLE IF EXISTS ward.stays").collect()
    admin.sql(
        "CREATE TABLE ward.stays USING parquet AS SELECT CAST(7 AS TINYINT) AS tiny, "
        "CAST(0.5 AS FLOAT) AS ratio, 2 AS n, CAST(1.5 AS DECIMAL(5, 2)) AS cost, "
        "TIMESTAMP '2020-01-01 10:00:00Z' AS at, CAST(unhex('ff41') AS STRING) AS broken, "
        "array(1) AS list"
    ).collect()
    source = ("spark_catalog", "ward", "stays")
    found = {column.name: column for column in engine.describe(source) or ()}
    assert {name: column.type for name, column in found.items()} == {
        "tiny": SMALLINT,
        "ratio": DOUBLE,
        "n": INTEGER,
        "cost": decimal(5, 2),
        "at": TIMESTAMPTZ,
        "broken": TEXT,
        "list": None,
    }
    rows = engine.public_rows(source, ["tiny", "ratio", "broken"])
    assert rows.to_pylist() == [{"tiny": 7, "ratio": 0.5, "broken": "\ufffdA"}]
    assert engine.public_values(source, "broken") == ("\ufffdA",)
    assert engine.describe(("spark_catalog", "ward", "nothing")) is None
    assert engine.describe(("spark_catalog", "nowhere", "stays")) is None
    assert engine.describe(("nowhere", "ward", "stays")) is None


def test_collations_are_taken_off(admin: SparkSession, engine: SparkEngine) -> None:
    admin.sql("CREATE SCHEMA IF NOT EXISTS ward").collect()
    admin.sql("DROP TABLE IF EXISTS ward.words").collect()
    admin.sql("CREATE TABLE ward.words (word STRING COLLATE UNICODE_CI) USING parquet").collect()
    admin.sql("INSERT INTO ward.words VALUES ('a'), ('A'), ('b')").collect()
    assert engine.public_values(("spark_catalog", "ward", "words"), "word") == ("A", "a", "b")


@pytest.mark.parametrize(
    "text",
    ["${spark.sql.ansi.enabled}", "a\\nb\\u0041\\%", 'it\'s `quoted` "so"', "tab\tline\nend", "💊"],
)
def test_constants_are_what_the_analyst_wrote(engine: SparkEngine, text: str) -> None:
    assert one(engine, CONSTANT(Literal(text, TEXT))) == text


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63), 2**31, 0])
def test_integers_are_of_their_type(engine: SparkEngine, number: int) -> None:
    written = CONSTANT(Literal(number, BIGINT))
    assert one(engine, written) == number
    assert one(engine, f"typeof({written})") == "bigint"


def test_the_cluster_s_settings_do_not_count(admin: SparkSession, engine: SparkEngine) -> None:
    assert one(engine, "current_timezone()") == "UTC"
    listed = {
        name: value
        for name, value in engine._sessions.current().conf.getAll.items()
        if name in SETTINGS
    }
    assert listed == SETTINGS


def test_a_session_that_the_server_dropped_is_opened_again(spark: str, tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"n": [1, 2]}), path)
    engine = SparkEngine(spark, files={"t": str(path)}, timeout_seconds=120)
    try:
        assert one(engine, "(SELECT SUM(n) FROM t)") == 3
        engine._sessions.current().client.release_session()
        assert one(engine, "(SELECT SUM(n) FROM t)") == 3
        assert engine.healthy()
        assert engine.replaced() == 1
    finally:
        engine.close()


def test_where_nobody_answers_nothing_was_read() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    engine = SparkEngine(f"sc://127.0.0.1:{port}", timeout_seconds=20)
    with pytest.raises(NothingRead) as refused:
        one(engine, "1")
    assert refused.value.code is Code.ENGINE_UNAVAILABLE
    assert str(port) not in f"{refused.value.sentence} {refused.value.hint}"
    assert not engine.healthy()
    engine.close()


def test_what_cannot_be_planned_read_nothing(engine: SparkEngine) -> None:
    with pytest.raises(NothingRead):
        one(engine, "no_such_column")


def test_what_fails_while_it_runs_may_have_read_rows(engine: SparkEngine) -> None:
    with pytest.raises(Refusal) as refused:
        one(engine, "(SELECT SUM(1 div (id - id)) FROM range(5))")
    assert not isinstance(refused.value, NothingRead)


def test_a_question_without_an_asker_is_ended_on_the_cluster(engine: SparkEngine) -> None:
    stop = Stop()
    timer = threading.Timer(1, stop.ask)
    timer.start()
    with pytest.raises(Refusal) as refused:
        engine.run(Statement(sql=SLOW, dialect="spark", columns=("n",)), "q", stop)
    assert refused.value.code is Code.CANCELLED
    assert one(engine, "1") == 1


def test_a_policy_is_drafted_from_a_catalog_without_reading_a_row(
    admin: SparkSession, spark: str, tmp_path: Path
) -> None:
    admin.sql("CREATE SCHEMA IF NOT EXISTS clinic").collect()
    admin.sql("DROP TABLE IF EXISTS clinic.visits").collect()
    admin.sql(
        "CREATE TABLE clinic.visits (patient_id BIGINT, at TIMESTAMP_NTZ, tags ARRAY<STRING>) "
        "USING parquet"
    ).collect()
    text = draft(f"{spark}/;schema=spark_catalog.clinic")
    for line in (
        "  type: spark",
        '  schema: "spark_catalog.clinic"',
        "    # unit: patient_id",
        "      # at: {bounds: [2000-01-01, 2030-12-31]}  # timestamp_ntz",
        "      # tags has the type array<string>, which cannot be used",
    ):
        assert line in text.splitlines()
    assert spark not in text
    with pytest.raises(Refusal) as refused:
        draft(f"{spark}/;schema=nowhere")
    assert refused.value.code is Code.INVALID_REQUEST


@pytest.mark.audit
def test_numbers_are_shown_as_duckdb_shows_them(engine: SparkEngine, tmp_path: Path) -> None:
    """By these texts distinct values are put in an order, which has to be the same everywhere: all
    with up to 15 digits, and nearly all of any bits."""
    source = random.Random(11)
    patterns = [struct.pack("<Q", source.getrandbits(64)) for _ in range(2_000)]
    drawn = [struct.unpack("<d", pattern)[0] for pattern in patterns]
    values = [
        *(source.randrange(10**9) / 10 ** source.randrange(9) for _ in range(2_000)),
        *(float(f"{source.randrange(10**15)}e{source.randrange(-320, 290)}") for _ in range(1_000)),
        *(number * 5e-324 for number in range(1, 100)),
        *(sign * 10.0**power for power in range(-323, 309, 3) for sign in (1, -1)),
        *(9999999.999999998, 9999999999999998.0, 2.0**-44, 0.1 + 0.2, 0.0, math.inf, -math.inf),
    ]
    pq.write_table(pa.table({"x": [*values, *drawn]}), tmp_path / "x.parquet")
    shown = DIALECTS["spark"].shown("x", DOUBLE)
    found = engine._table(f"SELECT x, {shown} AS t FROM parquet.`{tmp_path}/x.parquet`", "q")
    theirs = dict(zip(*(column.to_pylist() for column in found.columns), strict=True))
    here = duckdb.sql(f"SELECT x, CAST(x AS VARCHAR) FROM '{tmp_path}/x.parquet'").fetchall()
    ours = {x: text for x, text in here if not math.isnan(x)}
    wrong = {x: (text, theirs[x]) for x, text in ours.items() if theirs[x] != text}
    assert not wrong.keys() & set(values)
    assert len(wrong) <= len(drawn) / 200


@pytest.mark.parametrize("most", [2**23 - 1, 2**46 - 1, 2**60])
@pytest.mark.parametrize("sign", [1, -1])
def test_sums_of_bigint_leave_64_bits(engine: SparkEngine, most: int, sign: int) -> None:
    """Of so many values as large as they may be, and one less each second time."""
    rows = 2**19
    added = DIALECTS["spark"].added("v", most)
    values = f"SELECT {sign}L * ({most}L - id % 2) AS v FROM range({rows})"
    found = one(engine, f"(SELECT CAST({added} AS STRING) FROM ({values}))")
    assert int(str(found)) == sign * (most * rows - rows // 2)
