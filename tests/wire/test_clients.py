"""asyncpg and ADBC, each as their users use them."""

from __future__ import annotations

import asyncio
import datetime as dt
from decimal import Decimal

import pytest

from tests.wire.served import ROWS, Served
from tests.wire.test_psycopg import KINDS


def test_asyncpg_reads_every_type_in_binary(served: Served) -> None:
    import asyncpg

    async def asked() -> list[tuple[object, ...]]:
        connection = await asyncpg.connect(served.url())
        try:
            rows = await connection.fetch("SELECT * FROM kinds ORDER BY id")
            return [tuple(row) for row in rows]
        finally:
            await connection.close()

    assert asyncio.run(asked()) == KINDS


def test_asyncpg_learns_the_types_of_parameters(served: Served) -> None:
    """It encodes a value as Describe says, so the types must be those that the SQL wants."""
    import asyncpg

    asked: list[tuple[str, tuple[object, ...], list[int]]] = [
        ("SELECT id FROM kinds WHERE id = $1", (2,), [2]),
        ("SELECT id FROM kinds WHERE word = $1 AND id > $2", ("", 0), [4]),
        ("SELECT id FROM kinds WHERE day < $1 AND day > $2 ORDER BY id",
         (dt.date(2000, 1, 1), dt.date(1900, 1, 1)), [2]),
        ("SELECT id FROM kinds WHERE moment >= $1", (dt.datetime(2024, 1, 1),), [1]),
        ("SELECT id FROM kinds WHERE exact = $1", (Decimal("-0.001"),), [2]),
        ("SELECT id FROM kinds WHERE approximate > $1 AND flag = $2", (1e200, False), [2]),
        ("SELECT id FROM kinds WHERE id = $1::integer + 1", (3,), [4]),
        ("SELECT id FROM kinds WHERE id IN ($1, $2) ORDER BY id", (1, 4), [1, 4]),
        ("SELECT id FROM kinds WHERE id BETWEEN $1 AND $2 ORDER BY id", (1, 2), [1, 2]),
    ]  # fmt: skip

    async def answers() -> list[list[int]]:
        connection = await asyncpg.connect(served.url())
        try:
            return [
                [row[0] for row in await connection.fetch(sql, *values)] for sql, values, _ in asked
            ]
        finally:
            await connection.close()

    assert asyncio.run(answers()) == [expected for _, _, expected in asked]


def test_asyncpg_cursors_pools_errors_and_copies(served: Served) -> None:
    import asyncpg

    async def asked() -> None:
        async with asyncpg.create_pool(served.url(), min_size=2, max_size=4) as pool:
            async with pool.acquire() as connection, connection.transaction():
                seen = [
                    row["n"]
                    async for row in connection.cursor(
                        "SELECT n FROM numbers ORDER BY n", prefetch=700
                    )
                ]
            assert seen == list(range(ROWS))
            counts = await asyncio.gather(
                *(pool.fetchval("SELECT COUNT(*) FROM visits WHERE days < 5") for _ in range(12))
            )
            assert len(set(counts)) == 1
            with pytest.raises(asyncpg.UndefinedColumnError) as raised:
                await pool.fetch("SELECT nothing FROM kinds")
            assert raised.value.hint
            assert await pool.fetchval("SELECT 7") == 7
            async with pool.acquire() as connection:
                statement = await connection.prepare(
                    "SELECT ward, COUNT(*) AS n FROM visits GROUP BY ward"
                )
                assert [a.type.name for a in statement.get_attributes()] == ["text", "int8"]
                assert statement.get_parameters() == ()
                assert await connection.fetchval("SELECT current_schemas(false)") == ["public"]

    asyncio.run(asked())


def test_adbc_reads_arrow_by_binary_copy(served: Served) -> None:
    from adbc_driver_postgresql import dbapi

    with dbapi.connect(served.url()) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT id, flag, word, day, moment, approximate FROM kinds ORDER BY id")
        table = cursor.fetch_arrow_table()
        assert [tuple(row.values())[:4] for row in table.to_pylist()] == [
            (row[0], row[1], row[7], row[8]) for row in KINDS
        ]
        cursor.execute("SELECT n FROM numbers ORDER BY n")
        assert cursor.fetch_arrow_table()["n"].to_pylist() == list(range(ROWS))
        schema = connection.adbc_get_table_schema("visits")
        assert schema.names == ["ward", "days", "cost", "seen", "kind"]
