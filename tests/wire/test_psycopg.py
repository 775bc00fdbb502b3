"""psycopg 3, which is libpq: text, binary, parameters, cursors, pipelines, errors, cancel."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import psycopg
import pytest
from psycopg import errors, pq
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row

from gateway.budget.books import open_ledger
from gateway.clock import SystemClock
from tests.wire.real import Target
from tests.wire.served import ROWS, Served

UTC = dt.UTC
KINDS = [
    (
        1, True, 7, -2000000000, 9000000000000000000, Decimal("12345.678"), 0.1, "plain",
        dt.date(2024, 2, 29), dt.datetime(2024, 2, 29, 12, 34, 56, 789000),
        dt.datetime(2024, 2, 29, 10, 34, 56, tzinfo=UTC),
    ),
    (
        2, False, -32768, 0, -1, Decimal("-0.001"), 1e300, 'tab\t, "quote" and \\ ü €',
        dt.date(1969, 12, 31), dt.datetime(1999, 12, 31, 23, 59, 59, 999999),
        dt.datetime(1970, 1, 1, tzinfo=UTC),
    ),
    (3, *(None,) * 10),
    (
        4, True, 0, 10000, 100000000, Decimal("10000.000"), 1e15, "", dt.date(1, 1, 1),
        dt.datetime(2000, 1, 1), dt.datetime(2000, 6, 1, tzinfo=UTC),
    ),
]  # fmt: skip
BY_WARD = "SELECT ward, COUNT(*) AS n FROM visits GROUP BY ward ORDER BY ward"


@pytest.mark.parametrize("binary", [False, True])
def test_every_type_comes_as_its_own(anyone: psycopg.Connection, binary: bool) -> None:
    cursor = anyone.cursor(binary=binary)
    rows = cursor.execute("SELECT * FROM kinds ORDER BY id").fetchall()
    assert rows == KINDS
    assert cursor.description is not None
    assert [column.type_code for column in cursor.description] == [
        23, 16, 21, 23, 20, 1700, 701, 25, 1082, 1114, 1184,
    ]  # fmt: skip


def test_a_question_is_answered_with_its_price_in_a_notice(ana: psycopg.Connection) -> None:
    notices: list[tuple[str, str]] = []
    ana.add_notice_handler(
        lambda told: notices.append((str(told.message_primary), str(told.message_detail)))
    )
    asked = "SELECT ward, COUNT(*) AS n FROM visits WHERE days <> 1 GROUP BY ward ORDER BY ward"
    first = ana.execute(asked).fetchall()
    again = ana.execute(f"SELECT * FROM ({asked}) AS wrapped").fetchall()
    assert [row[0] for row in first] == ["east", "west"]
    assert again == first
    assert notices[0][0].startswith("Charged epsilon 1; epsilon ")
    assert "n: ± " in notices[0][1]
    assert notices[1][0].startswith("Free: released before; epsilon ")
    ana.execute("SET client_min_messages = warning")
    ana.execute(asked)
    assert len(notices) == 2


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("id", 2),
        ("flag", False),
        ("big", -1),
        ("exact", Decimal("-0.001")),
        ("word", 'tab\t, "quote" and \\ ü €'),
        ("day", dt.date(1969, 12, 31)),
        ("moment", dt.datetime(1999, 12, 31, 23, 59, 59, 999999)),
        ("zoned", dt.datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("form", ["s", "t", "b"])
def test_parameters_of_every_type(
    anyone: psycopg.Connection, column: str, value: object, form: str
) -> None:
    rows = anyone.execute(f"SELECT id FROM kinds WHERE {column} = %{form}", [value]).fetchall()
    assert rows == [(2,)]


@pytest.mark.parametrize("form", ["s", "t", "b"])
def test_null_is_a_parameter(anyone: psycopg.Connection, form: str) -> None:
    for column in ("id", "flag", "exact", "word", "day", "moment", "zoned"):
        asked = f"SELECT id FROM kinds WHERE {column} = %{form}"
        assert anyone.execute(asked.encode(), [None]).fetchall() == []


def test_a_parameter_stands_in_a_question(ana: psycopg.Connection) -> None:
    asked = "SELECT COUNT(*) FROM visits WHERE ward = %s AND days > %s"
    ((n,),) = ana.execute(asked, ["east", 3]).fetchall()
    ((same,),) = ana.execute(
        "SELECT COUNT(*) FROM visits WHERE ward = 'east' AND days > 3"
    ).fetchall()
    assert n == same


def test_big_results_come_whole_and_in_parts(anyone: psycopg.Connection) -> None:
    whole = anyone.execute("SELECT n, label FROM numbers ORDER BY n").fetchall()
    assert whole == [(i, f"label {i}") for i in range(ROWS)]
    with anyone.transaction(), anyone.cursor(name="parts") as cursor:
        cursor.execute("SELECT n, label FROM numbers ORDER BY n")
        assert cursor.fetchmany(3) == whole[:3]
        cursor.scroll(5)
        assert cursor.fetchone() == whole[8]
        cursor.scroll(19_990, mode="absolute")
        assert cursor.fetchall() == whole[19_990:]


def test_a_server_side_cursor_charges_once(ana: psycopg.Connection) -> None:
    notices: list[str] = []
    ana.add_notice_handler(lambda notice: notices.append(str(notice.message_primary)))
    asked = "SELECT kind, COUNT(*) FROM visits WHERE days <> 2 GROUP BY kind ORDER BY kind"
    with ana.cursor(name="held", withhold=True) as cursor:
        cursor.execute(asked.encode())
        assert notices == []
        assert len(cursor.fetchmany(1)) == 1
        assert len(cursor.fetchall()) == 3
    assert len(notices) == 1
    assert notices[0].startswith("Charged")


def test_a_pipeline_answers_in_order(anyone: psycopg.Connection) -> None:
    with anyone.pipeline():
        asked = [anyone.execute("SELECT id FROM kinds WHERE id = %s", [i]) for i in (1, 4, 2)]
        assert [cursor.fetchall() for cursor in asked] == [[(1,)], [(4,)], [(2,)]]
    assert anyone.execute("SELECT 1").fetchall() == [(1,)]


def test_a_pipeline_skips_after_an_error_until_it_is_synchronized(either: Target) -> None:
    """Of libpq itself: psycopg raises an error in whichever call it comes to be read in."""
    connection = pq.PGconn.connect(either.url.encode())
    try:
        connection.enter_pipeline_mode()
        for sql in (b"SELECT id FROM kinds WHERE id = 1", b"SELECT no FROM kinds", b"SELECT 2"):
            connection.send_query_params(sql, None)
        connection.pipeline_sync()
        connection.send_query_params(b"SELECT 3", None)
        connection.pipeline_sync()
        found = []
        for _ in range(6):
            result = connection.get_result()
            assert result is not None
            found.append((result.status, result.get_value(0, 0) if result.ntuples else None))
            if result.status != pq.ExecStatus.PIPELINE_SYNC:
                assert connection.get_result() is None  # the end of this statement's results
    finally:
        connection.finish()
    assert found == [
        (pq.ExecStatus.TUPLES_OK, b"1"),
        (pq.ExecStatus.FATAL_ERROR, None),
        (pq.ExecStatus.PIPELINE_ABORTED, None),
        (pq.ExecStatus.PIPELINE_SYNC, None),
        (pq.ExecStatus.TUPLES_OK, b"3"),
        (pq.ExecStatus.PIPELINE_SYNC, None),
    ]


def test_an_error_has_sqlstate_detail_hint_and_position(ana: psycopg.Connection) -> None:
    with pytest.raises(errors.UndefinedColumn) as raised:
        ana.execute("SELECT 1;\nSELECT COUNT(warde) FROM visits")
    told = raised.value.diag
    assert told.message_primary is not None
    assert "warde" in told.message_primary
    assert "ward" in str(told.message_hint)
    assert "code: unknown_column" in str(told.message_detail)
    assert told.statement_position == str(len("SELECT 1;\nSELECT COUNT(") + 1)
    assert told.severity_nonlocalized == "ERROR"


@pytest.mark.parametrize(
    ("sql", "sqlstate"),
    [
        ("SELECT nothing FROM kinds", "42703"),
        ("SELECT nothing FROM pg_class", "42703"),
        ("SELECT FROM WHERE", "42601"),
        ("SELECT 'open", "42601"),
        ("SET nothing = 1", "42704"),
        ("SET client_encoding = nonsense", "22023"),
        ("SHOW nothing", "42704"),
        ("FETCH 1 FROM nothing", "34000"),
        ("SAVEPOINT a", "25P01"),
        ("DECLARE a CURSOR FOR SELECT 1", "25P01"),
    ],
)
def test_errors_have_the_sqlstate_of_postgresql(
    anyone: psycopg.Connection, sql: str, sqlstate: str
) -> None:
    for binary in (False, True):  # by the simple protocol and by the extended one
        with pytest.raises(psycopg.Error) as raised:
            anyone.execute(sql.encode(), binary=binary)
        assert raised.value.diag.sqlstate == sqlstate
    assert anyone.execute("SELECT 1").fetchall() == [(1,)]


@pytest.mark.parametrize(
    ("sql", "sqlstate"),
    [
        ("SELECT ward FROM visits", "42501"),
        ("SELECT FROM WHERE", "42601"),
        ("SELECT 'open", "42601"),
        ("DELETE FROM visits", "0A000"),
        ("CREATE TABLE x (a int)", "0A000"),
        ("COPY visits FROM STDIN", "42601"),
        ("COPY (SELECT id FROM kinds) TO '/tmp/x'", "0A000"),
        ("SET nothing = 1", "42704"),
        ("SET noisegate.epsilon = -1", "22023"),
        ("SET noisegate.remaining_budget = 1", "55P02"),
        ("SET client_encoding = latin1", "22023"),
        ("SHOW nothing", "42704"),
        ("FETCH 1 FROM nothing", "34000"),
        ("DEALLOCATE nothing", "26000"),
        ("SAVEPOINT a", "25P01"),
        ("DECLARE a CURSOR FOR SELECT 1", "25P01"),
        ("SET SESSION AUTHORIZATION ben", "0A000"),
    ],
)
def test_what_is_refused_by_sqlstate(ana: psycopg.Connection, sql: str, sqlstate: str) -> None:
    with pytest.raises(psycopg.Error) as raised:
        ana.execute(sql)  # type: ignore[call-overload]
    assert raised.value.diag.sqlstate == sqlstate
    assert raised.value.diag.message_hint
    assert ana.execute("SELECT 1").fetchall() == [(1,)]


def test_a_used_up_budget_is_told(served: Served) -> None:
    with (
        psycopg.connect(served.url("poor"), autocommit=True) as poor,
        pytest.raises(errors.ConfigurationLimitExceeded) as raised,
    ):
        poor.execute(BY_WARD)
    assert "code: budget_exhausted" in str(raised.value.diag.message_detail)
    assert "left: " in str(raised.value.diag.message_detail)


def test_the_price_is_a_setting(ana: psycopg.Connection) -> None:
    asked = "SELECT COUNT(*) FROM visits WHERE days = 11"
    notices: list[str] = []
    ana.add_notice_handler(lambda notice: notices.append(str(notice.message_primary)))
    ana.execute("SET noisegate.epsilon = 0.125")
    ana.execute(asked)
    ana.execute("SET noisegate.max_error = 5")
    with pytest.raises(errors.InvalidParameterValue):
        ana.execute(asked)
    ana.execute("RESET noisegate.max_error")
    ana.execute("SET noisegate.epsilon = 1000")
    with pytest.raises(errors.InvalidParameterValue):
        ana.execute(asked)
    assert [text.split(";")[0] for text in notices] == ["Charged epsilon 0.125"]


def test_what_is_left_is_a_setting(ana: psycopg.Connection) -> None:
    (before,) = ana.execute("SHOW noisegate.remaining_budget").fetchall()[0]
    ana.execute("SELECT COUNT(*) FROM visits WHERE days = 12")
    (after,) = ana.execute("SHOW noisegate.remaining_budget").fetchall()[0]
    assert 0 < float(after) < float(before) <= 1000


def test_transactions_keep_their_state(anyone: psycopg.Connection) -> None:
    status = lambda: anyone.info.transaction_status  # noqa: E731
    anyone.execute("BEGIN")
    assert status() is TransactionStatus.INTRANS
    anyone.execute("SAVEPOINT a")
    with pytest.raises(errors.UndefinedColumn):
        anyone.execute("SELECT nothing FROM kinds")
    assert status() is TransactionStatus.INERROR
    with pytest.raises(errors.InFailedSqlTransaction):
        anyone.execute("SELECT 1")
    anyone.execute("ROLLBACK TO a")
    assert status() is TransactionStatus.INTRANS
    assert anyone.execute("SELECT 1").fetchall() == [(1,)]
    assert anyone.execute("COMMIT").statusmessage == "COMMIT"
    assert status() is TransactionStatus.IDLE


def test_a_rollback_takes_settings_back_but_no_charge(ana: psycopg.Connection) -> None:
    (before,) = ana.execute("SHOW noisegate.remaining_budget").fetchall()[0]
    ana.execute("BEGIN")
    ana.execute("SET TimeZone = 'Europe/Berlin'")
    ana.execute("SELECT COUNT(*) FROM visits WHERE days = 13")
    assert ana.execute("ROLLBACK").statusmessage == "ROLLBACK"
    assert ana.execute("SHOW TimeZone").fetchall() == [("UTC",)]
    (after,) = ana.execute("SHOW noisegate.remaining_budget").fetchall()[0]
    assert float(after) < float(before)


def test_the_time_zone_is_obeyed(anyone: psycopg.Connection) -> None:
    anyone.execute("SET TimeZone = 'Asia/Kolkata'")
    assert anyone.info.parameter_status("TimeZone") == "Asia/Kolkata"
    asked = "SELECT zoned FROM kinds WHERE id = 4"
    result = anyone.pgconn.exec_(asked.encode())
    assert result.get_value(0, 0) == b"2000-06-01 05:30:00+05:30"


def test_a_batch_of_settings_is_answered_each(anyone: psycopg.Connection) -> None:
    cursor = anyone.execute(
        "SET DateStyle = 'ISO';SET extra_float_digits = 2;show transaction_isolation"
    )
    tags = [cursor.statusmessage]
    while cursor.nextset():
        tags.append(cursor.statusmessage)
    assert tags == ["SET", "SET", "SHOW"]
    assert cursor.fetchall() == [("read committed",)]


def test_explain_gives_the_privacy_plan_for_free(ana: psycopg.Connection) -> None:
    (before,) = ana.execute("SHOW noisegate.remaining_budget").fetchall()[0]
    cursor = ana.cursor(row_factory=dict_row)
    asked = "EXPLAIN SELECT kind, AVG(days) FROM visits GROUP BY kind"
    for prepare in (False, True):
        rows = cursor.execute(asked, prepare=prepare).fetchall()
        assert {"release", "sensitivity", "mechanism", "sql"} <= set(rows[0])
        assert rows[0]["epsilon"] == 1.0
    (after,) = ana.execute("SHOW noisegate.remaining_budget").fetchall()[0]
    assert after == before


def test_prepared_statements_are_used_again(anyone: psycopg.Connection) -> None:
    for number in (1, 2, 4):
        rows = anyone.execute(
            "SELECT id FROM kinds WHERE id = %s", [number], prepare=True
        ).fetchall()
        assert rows == [(number,)]


def test_copy_to_the_client(anyone: psycopg.Connection) -> None:
    def copied(options: str) -> bytes:
        with anyone.cursor().copy(
            f"COPY (SELECT id, exact, word FROM kinds ORDER BY id) TO STDOUT {options}"
        ) as copy:
            return b"".join(bytes(part) for part in copy)

    assert copied("").decode() == (
        "1\t12345.678\tplain\n"
        '2\t-0.001\ttab\\t, "quote" and \\\\ ü €\n'
        "3\t\\N\t\\N\n"
        "4\t10000.000\t\n"
    )
    assert copied("(FORMAT csv, HEADER)").decode() == (
        "id,exact,word\n"
        "1,12345.678,plain\n"
        '2,-0.001,"tab\t, ""quote"" and \\ ü €"\n'
        "3,,\n"
        '4,10000.000,""\n'
    )
    with anyone.cursor().copy(
        "COPY (SELECT id, flag, exact, word, day FROM kinds ORDER BY id) TO STDOUT (FORMAT binary)"
    ) as copy:
        copy.set_types(["int4", "bool", "numeric", "text", "date"])
        assert list(copy.rows()) == [(row[0], row[1], row[5], row[7], row[8]) for row in KINDS]


def test_the_database_and_the_user_are_known(ana: psycopg.Connection) -> None:
    asked = "SELECT current_database(), current_user, pg_catalog.version(), pg_backend_pid()"
    database, user, version, process = ana.execute(asked).fetchall()[0]
    assert (database, user) == ("clinic", "ana")
    assert version.startswith("PostgreSQL 18")
    assert process == ana.info.backend_pid
    assert ana.info.server_version == 180000


def test_the_clients_name_goes_into_the_audit_trail_once(served: Served) -> None:
    url = served.url(application_name="quarterly")
    with psycopg.connect(url, autocommit=True) as connection:
        for _ in range(3):
            connection.execute(BY_WARD)
        connection.execute("SET application_name = 'yearly'")
        connection.execute(BY_WARD)
    books = open_ledger(served.ledger, SystemClock())
    try:
        found = [
            json.loads(record.body)
            for record in books.audit.records(limit=1000)
            if record.kind == "client_named" and record.actor == "ana"
        ]
        assert books.verify() == ()
    finally:
        books.close()
    said = [body["application"] for body in found]
    assert sorted(name for name in said if name in ("quarterly", "yearly")) == [
        "quarterly",
        "yearly",
    ]
    assert {body["dataset"] for body in found} == {"clinic"}
