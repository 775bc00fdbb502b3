"""PREPARE and EXECUTE in SQL, and the modes of transactions, as at a real PostgreSQL."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors

from tests.wire.real import Target


def test_statements_are_prepared_in_sql(either: Target) -> None:
    with either.connect() as connection:

        def rows(sql: str) -> list[tuple[object, ...]]:
            return connection.execute(sql.encode()).fetchall()

        prepared = connection.execute("PREPARE one (int) AS SELECT id FROM kinds WHERE id = $1")
        assert prepared.statusmessage == "PREPARE"
        assert [rows(f"EXECUTE one({value})") for value in ("2", "'4'", "-1", "NULL")] == [
            [(2,)], [(4,)], [], [],
        ]  # fmt: skip
        connection.execute("PREPARE two AS SELECT id FROM kinds WHERE word = $1 AND day < $2")
        assert rows("EXECUTE two('plain', DATE '2025-01-01')") == [(1,)]
        assert rows("EXECUTE two('plain', '2025-01-01'::date)") == [(1,)]
        assert rows(r"""EXECUTE two(E'tab\t, "quote" and \\ ü €', '1970-01-01')""") == [(2,)]
        connection.execute(
            "PREPARE three (varchar(10), numeric(10, 2), pg_catalog.int4) AS "
            "SELECT id FROM kinds WHERE word = $1 OR exact = $2 OR id = $3 ORDER BY id"
        )
        assert rows("EXECUTE three('plain', 1.5, 2)") == [(1,), (2,)]
        connection.execute("PREPARE four AS SELECT relname::text FROM pg_class WHERE relname = $1")
        assert rows("EXECUTE four('kinds')") == [("kinds",)]
        assert connection.execute("DEALLOCATE PREPARE two").statusmessage == "DEALLOCATE"
        assert connection.execute("DEALLOCATE ALL").statusmessage == "DEALLOCATE ALL"
        # A name made by one protocol is known to the other.
        connection.pgconn.prepare(b"five", b"SELECT id FROM kinds WHERE id = $1", None)
        assert rows("EXECUTE five(1)") == [(1,)]
        connection.execute("PREPARE six AS SELECT 6 AS n")
        result = connection.pgconn.exec_prepared(b"six", None, result_format=1)
        assert result.get_value(0, 0) == b"\x00\x00\x00\x06"
        result = connection.pgconn.exec_params(b"EXECUTE six", None, result_format=1)
        assert result.get_value(0, 0) == b"\x00\x00\x00\x06"


@pytest.mark.parametrize(
    ("sql", "sqlstate"),
    [
        ("EXECUTE nothing", "26000"),
        ("DEALLOCATE nothing", "26000"),
        ("PREPARE one AS SELECT 1", "42P05"),
        ("EXECUTE one", "42601"),
        ("EXECUTE one(1, 2)", "42601"),
        ("EXECUTE one('x')", "22P02"),
        ("EXECUTE one((SELECT 1))", "0A000"),
        ("EXECUTE one(1 FROM x)", "42601"),
        ("PREPARE two (nonsense) AS SELECT 1", "42704"),
        ("SELECT id FROM kinds WHERE id = $1", "42P02"),
    ],
)
def test_what_cannot_be_prepared_or_executed(either: Target, sql: str, sqlstate: str) -> None:
    with either.connect() as connection:
        connection.execute("PREPARE one AS SELECT id FROM kinds WHERE id = $1")
        with pytest.raises(psycopg.Error) as raised:
            connection.execute(sql.encode())
        assert raised.value.diag.sqlstate == sqlstate
        assert connection.execute("SELECT 1").fetchall() == [(1,)]


def test_a_question_that_is_executed_twice_is_charged_once(ana: psycopg.Connection) -> None:
    notices: list[str] = []
    ana.add_notice_handler(lambda notice: notices.append(str(notice.message_primary)))
    ana.execute("PREPARE stays AS SELECT COUNT(*) FROM visits WHERE days > $1 AND ward = $2")
    assert notices == []
    first = ana.execute("EXECUTE stays(17, 'east')").fetchall()
    assert ana.execute("EXECUTE stays(17, 'east')").fetchall() == first
    assert [text.split(";")[0] for text in notices] == [
        "Charged epsilon 1",
        "Free: released before",
    ]


def test_the_modes_of_a_transaction_are_kept_while_it_lasts(either: Target) -> None:
    with either.connect() as connection:

        def shown(name: str = "transaction_isolation") -> str:
            return str(connection.execute(f"SHOW {name}".encode()).fetchall()[0][0])

        connection.execute("BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY DEFERRABLE")
        assert (shown(), shown("transaction_deferrable")) == ("serializable", "on")
        connection.execute("COMMIT")
        assert (shown(), shown("transaction_deferrable")) == ("read committed", "off")
        connection.execute("START TRANSACTION")
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        assert shown() == "repeatable read"
        connection.execute("ROLLBACK")
        connection.execute("SET LOCAL search_path = elsewhere")
        assert shown("search_path") == '"$user", public'
        connection.execute(
            "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE READ ONLY"
        )
        assert (shown(), shown("default_transaction_isolation")) == ("serializable",) * 2
        connection.execute("BEGIN; COMMIT")
        connection.execute("RESET ALL")
        assert shown() == "read committed"
        with pytest.raises(errors.SyntaxError):
            connection.execute("BEGIN ISOLATION LEVEL CHAOS")
