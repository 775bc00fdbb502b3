"""Migrations, triggers, and the databases that a ledger may live in."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from gateway.budget import migrations
from gateway.budget.books import Books, open_ledger
from gateway.budget.tables import APPEND_ONLY, metadata
from gateway.budget.upgrade import HEAD
from gateway.errors import Code, Refusal
from tests.ledger.desk import Hands, ask, price
from tests.ledger.test_terms import policy
from tests.postgres import PostgresServer


def _plain(sql: str) -> set[str]:
    """What a CREATE TABLE says of columns and constraints, without order, quotes and layout."""
    body = sql[sql.index("(") + 1 : sql.rindex(")")].replace('"', "")
    depth, parts = 0, [""]
    for character in body:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return {" ".join(part.split()) for part in parts}


_SQLITE_TABLES = "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
_PG_COLUMNS = """
    SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name <> 'alembic_version' ORDER BY 1, 2"""
_PG_CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version'
    ORDER BY 1, 2"""


def _described(connection: sa.Connection) -> object:
    """Tables with columns, keys, CHECK and UNIQUE constraints, as the database tells them."""
    if connection.dialect.name == "sqlite":
        tables = {r.name: _plain(r.sql) for r in connection.exec_driver_sql(_SQLITE_TABLES)}
        tables.pop("alembic_version", None)
        return tables
    return [
        [tuple(row) for row in connection.exec_driver_sql(query)]
        for query in (_PG_COLUMNS, _PG_CONSTRAINTS)
    ]


def test_the_migrated_schema_is_the_one_that_the_code_uses(
    books: Books, backend: str, tmp_path: Path, postgres: PostgresServer
) -> None:
    with books.store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        migrated = _described(connection)
    with contextlib.ExitStack() as stack:
        address = f"sqlite:///{tmp_path / 'fresh.db'}"
        if backend == "postgresql":
            url = postgres.url(stack.enter_context(postgres.database()))
            address = url.replace("postgresql:", "postgresql+psycopg:")
        fresh = sa.create_engine(address)
        stack.callback(fresh.dispose)
        metadata.create_all(fresh)
        with fresh.connect() as connection:
            assert _described(connection) == migrated


def test_the_newest_revision_is_the_one_that_opening_expects() -> None:
    folder = Path(migrations.__file__).parent
    assert ScriptDirectory(str(folder)).get_heads() == [HEAD]


def test_opening_again_loads_no_migration_tool(books: Books, url: str) -> None:
    program = (
        "import sys, datetime\n"
        "from gateway.budget.books import open_ledger\n"
        "from tests.ledger.desk import Hands\n"
        f"open_ledger({url!r}, Hands()).close()\n"
        "assert not [name for name in sys.modules if name.startswith('alembic')]\n"
        "assert 'sqlalchemy.orm' not in sys.modules\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_newer_ledger_is_refused(books: Books, url: str) -> None:
    with books.store.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'r9999'")
    with pytest.raises(Refusal) as refused:
        open_ledger(url, Hands())
    assert refused.value.code is Code.INTERNAL
    assert "r9999" in refused.value.sentence


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:", "mysql://u@h/d"])
def test_databases_that_forget_are_refused(address: str) -> None:
    with pytest.raises(ValueError, match="ledger"):
        open_ledger(address, Hands())


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("verb", ["DELETE FROM {0}", "UPDATE {0} SET {1} = 'x'"])
def test_append_only_tables_refuse_changes(books: Books, table: str, verb: str) -> None:
    from fractions import Fraction

    books.ledger.charge(ask("q1", price("a", 1)))
    books.ledger.grant("hospital", "user:ann", Fraction(1), by="root", reason="x")
    request = books.budget_requests.ask(
        dataset="hospital", analyst="ann", epsilon=Fraction(1), purpose="x", days=None
    )
    books.budget_requests.refuse(request.id, by="root", reason="x")
    books.terms.adopt([policy()])
    column = {
        "audit": "actor", "charges": "analyst", "grants": "reason", "signing_keys": "public_key",
        "budget_requests": "purpose", "budget_decisions": "reason",
        "terms": "reason",
    }[table]  # fmt: skip
    with (
        pytest.raises(sa.exc.IntegrityError, match=f"{table} is append-only"),
        books.store.writing() as connection,
    ):
        connection.exec_driver_sql(verb.format(table, column))


@pytest.mark.parametrize("backend", ["sqlite"])
def test_commits_wait_for_the_disk(books: Books) -> None:
    def pragma(connection: sa.Connection, name: str) -> object:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()

    with books.store.writing() as connection:
        assert pragma(connection, "synchronous") == 2
        assert pragma(connection, "journal_mode") == "wal"
        assert pragma(connection, "foreign_keys") == 1
    with books.store.noting() as connection:
        assert pragma(connection, "synchronous") == 1
    with books.store.writing() as connection:
        assert pragma(connection, "synchronous") == 2


@pytest.mark.parametrize("backend", ["postgresql"])
def test_commits_wait_for_the_servers_disk(books: Books) -> None:
    def setting(connection: sa.Connection) -> object:
        return connection.exec_driver_sql("SHOW synchronous_commit").scalar_one()

    with books.store.writing() as connection:
        assert setting(connection) == "on"
    with books.store.noting() as connection:
        assert setting(connection) == "off"
    with books.store.writing() as connection:
        assert setting(connection) == "on"


def test_amounts_are_64_bits_wide_on_postgresql() -> None:
    for name, column in [("charges", "amount"), ("accounts", "spent_amount"), ("charges", "id")]:
        sql = str(CreateTable(metadata.tables[name]).compile(dialect=postgresql.dialect()))
        (line,) = [line for line in sql.splitlines() if line.strip().startswith(f"{column} ")]
        assert "BIGINT" in line or "BIGSERIAL" in line
