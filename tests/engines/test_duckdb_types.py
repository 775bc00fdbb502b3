import duckdb
import pytest

from gateway.engines.duckdb_types import known_type
from gateway.sql.types import (
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    INTEGER,
    SMALLINT,
    TEXT,
    TIMESTAMP,
    TIMESTAMPTZ,
    Type,
    decimal,
)

KNOWN: list[tuple[str, Type, str]] = [
    ("BOOLEAN", BOOLEAN, "BOOLEAN"),
    ("TINYINT", SMALLINT, "SMALLINT"),
    ("UTINYINT", SMALLINT, "SMALLINT"),
    ("SMALLINT", SMALLINT, "SMALLINT"),
    ("USMALLINT", INTEGER, "INTEGER"),
    ("INTEGER", INTEGER, "INTEGER"),
    ("UINTEGER", BIGINT, "BIGINT"),
    ("BIGINT", BIGINT, "BIGINT"),
    ("UBIGINT", decimal(20, 0), "DECIMAL(20,0)"),
    ("FLOAT", DOUBLE, "DOUBLE"),
    ("DOUBLE", DOUBLE, "DOUBLE"),
    ("DECIMAL(10,2)", decimal(10, 2), "DECIMAL(10,2)"),
    ("VARCHAR", TEXT, "VARCHAR"),
    ("UUID", TEXT, "VARCHAR"),
    ("JSON", TEXT, "VARCHAR"),
    ("ENUM('a', 'b')", TEXT, "VARCHAR"),
    ("DATE", DATE, "DATE"),
    ("TIMESTAMP", TIMESTAMP, "TIMESTAMP"),
    ("TIMESTAMP_S", TIMESTAMP, "TIMESTAMP"),
    ("TIMESTAMP_MS", TIMESTAMP, "TIMESTAMP"),
    ("TIMESTAMP_NS", TIMESTAMP, "TIMESTAMP"),
    ("TIMESTAMP WITH TIME ZONE", TIMESTAMPTZ, "TIMESTAMP WITH TIME ZONE"),
]
UNKNOWN = [
    "HUGEINT",
    "UHUGEINT",
    "BLOB",
    "BIT",
    "TIME",
    "INTERVAL",
    "INTEGER[]",
    "INTEGER[3]",
    "STRUCT(a INTEGER)",
    "MAP(VARCHAR, INTEGER)",
]


@pytest.mark.parametrize(("declared", "expected", "seen"), KNOWN)
def test_a_known_type_is_seen_as_the_gateway_names_it(
    declared: str, expected: Type, seen: str
) -> None:
    known = known_type(declared)
    assert known is not None
    assert known.type == expected
    expression = (known.cast or "{}").format("x")
    with duckdb.connect() as connection:
        described = connection.execute(
            f"DESCRIBE SELECT {expression} AS x FROM (SELECT NULL::{declared} AS x)"
        ).fetchall()
    assert described[0][1] == seen


@pytest.mark.parametrize("declared", UNKNOWN)
def test_an_unknown_type_is_not_usable(declared: str) -> None:
    with duckdb.connect() as connection:
        printed = connection.execute(f"DESCRIBE SELECT NULL::{declared} AS x").fetchall()[0][1]
    assert printed == declared, "the test must use DuckDB's own spelling"
    assert known_type(declared) is None


EXTREMES = {
    "TINYINT": ["-128", "127"],
    "UTINYINT": ["0", "255"],
    "USMALLINT": ["0", "65535"],
    "UINTEGER": ["0", "4294967295"],
    "UBIGINT": ["0", "18446744073709551615"],
    "FLOAT": ["'nan'", "'inf'", "'-inf'", "3.4e38"],
    "TIMESTAMP_NS": ["'1677-09-22'", "'2262-04-11'", "'infinity'"],
    "TIMESTAMP_MS": ["'290000-01-01'", "'infinity'", "'-infinity'"],
    "TIMESTAMP_S": ["'290000-01-01'", "'infinity'", "'-infinity'"],
}


@pytest.mark.parametrize("declared", sorted(EXTREMES))
def test_the_cast_of_the_most_extreme_values_does_not_fail(declared: str) -> None:
    known = known_type(declared)
    assert known is not None
    assert known.cast is not None
    values = ", ".join(f"(CAST({value} AS {declared}))" for value in EXTREMES[declared])
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"SELECT CAST({known.cast.format('x')} AS VARCHAR) FROM (VALUES {values}) t(x)"
        ).fetchall()
    assert len(rows) == len(EXTREMES[declared])
