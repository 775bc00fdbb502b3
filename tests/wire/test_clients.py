"""asyncpg and ADBC, each as their users use them, at the gateway and at a real PostgreSQL."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import adbc_driver_postgresql
import adbc_driver_postgresql.dbapi
import asyncpg
import pytest

from tests.wire.real import RealPostgres, Target, target
from tests.wire.served import ROWS, Served
from tests.wire.test_psycopg import KINDS

SLOW = "SELECT count(*) FROM pg_attribute a, pg_attribute b, pg_attribute c"
VALUES: list[tuple[str, object]] = [
    ("id", 2), ("flag", False), ("small", -32768), ("whole", 0), ("big", -1),
    ("exact", Decimal("-0.001")), ("approximate", 1e300), ("word", KINDS[1][7]),
    ("day", dt.date(1969, 12, 31)), ("moment", dt.datetime(1999, 12, 31, 23, 59, 59, 999999)),
    ("zoned", dt.datetime(1970, 1, 1, tzinfo=dt.UTC)),
]  # fmt: skip
INTROSPECTIONS = (
    "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
    "WHERE table_schema = 'public' ORDER BY 1, ordinal_position",
    "SELECT c.relname, c.relkind, c.relnatts, obj_description(c.oid), c.relacl::text[] "
    "FROM pg_class c WHERE relnamespace = 'public'::regnamespace ORDER BY 1",
    "SELECT conname, contype, conkey, confkey, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace ORDER BY 1",
    "SELECT oid, typname, typarray, typinput::regproc FROM pg_type WHERE oid < 5000 ORDER BY 1",
    "SELECT 'visits'::regclass::text, ARRAY[1, NULL], '1 day'::interval, '{}'::jsonb, 1.50",
    "SELECT current_schemas(true), current_database(), current_user",
)


def answered(of: Target, work: Callable[[asyncpg.Connection], Awaitable[Any]]) -> Any:
    """What asyncpg finds by one connection."""

    async def asked() -> Any:
        connection = await asyncpg.connect(of.url)
        try:
            return await work(connection)
        finally:
            await connection.close()

    return asyncio.run(asked())


def test_asyncpg_finds_the_catalog_of_postgresql(served: Served, real: RealPostgres) -> None:
    async def looked(connection: asyncpg.Connection) -> list[list[tuple[object, ...]]]:
        return [[tuple(row) for row in await connection.fetch(sql)] for sql in INTROSPECTIONS]

    here, there = (answered(of, looked) for of in (target(served), real.ana))
    for sql, ours, theirs in zip(INTROSPECTIONS, here, there, strict=True):
        assert ours == theirs, sql
        assert ours


def test_asyncpg_reads_every_type_and_null_in_binary(either: Target) -> None:
    async def asked(connection: asyncpg.Connection) -> list[tuple[object, ...]]:
        return [tuple(row) for row in await connection.fetch("SELECT * FROM kinds ORDER BY id")]

    assert answered(either, asked) == KINDS


def test_asyncpg_learns_the_types_of_parameters(either: Target) -> None:
    """It encodes a value as Describe says, so the types must be those that the SQL wants."""
    asked: list[tuple[str, tuple[object, ...], list[int]]] = [
        *((f"SELECT id FROM kinds WHERE {name} = $1", (value,), [2]) for name, value in VALUES),
        *((f"SELECT id FROM kinds WHERE {name} = $1", (None,), []) for name, _ in VALUES),
        ("SELECT id FROM kinds WHERE word = $1 AND id > $2", ("", 0), [4]),
        ("SELECT id FROM kinds WHERE day < $1 AND day > $2 ORDER BY id",
         (dt.date(2000, 1, 1), dt.date(1900, 1, 1)), [2]),
        ("SELECT id FROM kinds WHERE moment >= $1", (dt.datetime(2024, 1, 1),), [1]),
        ("SELECT id FROM kinds WHERE approximate > $1 AND flag = $2", (1e200, False), [2]),
        ("SELECT id FROM kinds WHERE id = $1::integer + 1", (3,), [4]),
        ("SELECT id FROM kinds WHERE id IN ($1, $2) ORDER BY id", (1, 4), [1, 4]),
        ("SELECT id FROM kinds WHERE id BETWEEN $1 AND $2 ORDER BY id", (1, 2), [1, 2]),
    ]  # fmt: skip

    async def answers(connection: asyncpg.Connection) -> list[list[int]]:
        return [
            [row[0] for row in await connection.fetch(sql, *values)] for sql, values, _ in asked
        ]

    assert answered(either, answers) == [expected for _, _, expected in asked]


def test_asyncpg_cursors_errors_and_copies(either: Target) -> None:
    async def asked(connection: asyncpg.Connection) -> None:
        async with connection.transaction():
            found = connection.cursor("SELECT n FROM numbers ORDER BY n", prefetch=700)
            assert [row["n"] async for row in found] == list(range(ROWS))
        with pytest.raises(asyncpg.UndefinedColumnError) as raised:
            await connection.fetch("SELECT nothing FROM kinds")
        assert raised.value.sqlstate == "42703"
        with pytest.raises(asyncpg.PostgresSyntaxError):
            await connection.execute("SELECT FROM WHERE")
        async with connection.transaction(isolation="serializable", readonly=True):
            with pytest.raises(asyncpg.UndefinedColumnError):
                async with connection.transaction():  # a savepoint
                    await connection.fetch("SELECT nothing FROM kinds")
            assert await connection.fetchval("SELECT 7") == 7
            assert await connection.fetchval("SHOW transaction_isolation") == "serializable"
        written = bytearray()

        async def keep(data: bytes) -> None:
            written.extend(data)

        await connection.copy_from_query(
            "SELECT id, word FROM kinds WHERE id = $1", 1, output=keep, format="csv"
        )
        assert bytes(written) == b"1,plain\n"

    answered(either, asked)


def test_asyncpg_cancels_what_takes_too_long(either: Target) -> None:
    async def asked(connection: asyncpg.Connection) -> None:
        with pytest.raises(TimeoutError):
            await connection.fetch(SLOW, timeout=0.5)
        # It sends a cancel request and waits for its end, so the connection is free again.
        assert await connection.fetchval("SELECT 7", timeout=60) == 7

    answered(either, asked)


def test_asyncpg_pools_ask_questions(served: Served) -> None:
    async def asked() -> None:
        async with asyncpg.create_pool(served.url(), min_size=2, max_size=4) as pool:
            counts = await asyncio.gather(
                *(pool.fetchval("SELECT COUNT(*) FROM visits WHERE days < 5") for _ in range(12))
            )
            assert len(set(counts)) == 1
            with pytest.raises(asyncpg.UndefinedColumnError) as raised:
                await pool.fetch("SELECT nothing FROM kinds")
            assert raised.value.hint
            async with pool.acquire() as connection:
                statement = await connection.prepare(
                    "SELECT ward, COUNT(*) AS n FROM visits GROUP BY ward"
                )
                assert [a.type.name for a in statement.get_attributes()] == ["text", "int8"]
                assert statement.get_parameters() == ()

    asyncio.run(asked())


def test_adbc_finds_the_catalog_of_postgresql(served: Served, real: RealPostgres) -> None:
    def looked(of: Target) -> tuple[object, ...]:
        with adbc_driver_postgresql.dbapi.connect(of.url) as connection:
            objects = connection.adbc_get_objects(
                depth="all", catalog_filter="clinic", db_schema_filter="public"
            ).read_all()
            tables = ("visits", "kinds", "numbers", "long_stays")
            schemas = [str(connection.adbc_get_table_schema(name)) for name in tables]
            return objects.to_pylist(), schemas, connection.adbc_get_table_types()

    here, there = looked(target(served)), looked(real.ana)
    assert here == there
    assert "ward: string" in str(here)


def test_adbc_reads_arrow_by_binary_copy(either: Target) -> None:
    with (
        adbc_driver_postgresql.dbapi.connect(either.url, autocommit=True) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT * FROM kinds ORDER BY id")
        rows = [tuple(row.values()) for row in cursor.fetch_arrow_table().to_pylist()]
        # A numeric is a text there, as it has no bound.
        expected = [(*row[:5], None if row[5] is None else str(row[5]), *row[6:]) for row in KINDS]
        assert rows == expected
        cursor.execute("SELECT n FROM numbers ORDER BY n")
        assert cursor.fetch_arrow_table()["n"].to_pylist() == list(range(ROWS))
        for value, found in ((2, [2]), (None, [])):
            cursor.execute("SELECT id FROM kinds WHERE id = $1::integer", (value,))
            assert [row[0] for row in cursor.fetchall()] == found
        cursor.execute("SELECT id FROM kinds WHERE word = $1", ("plain",))
        assert cursor.fetchall() == [(1,)]
        with pytest.raises(connection.ProgrammingError) as raised:
            cursor.execute("SELECT nothing FROM kinds")
        assert raised.value.sqlstate == "42703"
        cursor.execute("SELECT 7 AS n")
        assert cursor.fetchone() == (7,)


def test_adbc_gives_up_a_statement_that_takes_too_long(either: Target) -> None:
    with (
        adbc_driver_postgresql.dbapi.connect(either.url, autocommit=True) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SET statement_timeout = '300ms'")

        def asked() -> None:
            cursor.execute(SLOW)
            cursor.fetchall()

        with pytest.raises(connection.Error) as raised:
            asked()
        assert raised.value.sqlstate == "57014"
