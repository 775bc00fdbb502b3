"""Migrations, triggers, and the databases that a ledger may live in."""

from __future__ import annotations

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


def test_the_migrated_schema_is_the_one_that_the_code_uses(books: Books, tmp_path: Path) -> None:
    with books.store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
        migrated = {row.name: _plain(row.sql) for row in connection.exec_driver_sql(query)}
    fresh = sa.create_engine(f"sqlite:///{tmp_path / 'fresh.db'}")
    metadata.create_all(fresh)
    with fresh.connect() as connection:
        made = {row.name: _plain(row.sql) for row in connection.exec_driver_sql(query)}
    fresh.dispose()
    migrated.pop("alembic_version")
    assert migrated == made  # CHECK and UNIQUE constraints, defaults and keys included


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
    column = {
        "audit": "actor", "charges": "analyst", "grants": "reason", "signing_keys": "public_key",
        "budget_requests": "purpose", "budget_decisions": "reason",
    }[table]  # fmt: skip
    with (
        pytest.raises(sa.exc.IntegrityError, match=f"{table} is append-only"),
        books.store.writing() as connection,
    ):
        connection.exec_driver_sql(verb.format(table, column))


def test_commits_wait_for_the_disk(books: Books) -> None:
    with books.store.writing() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    with books.store.noting() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 1
    with books.store.writing() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2


def test_amounts_are_64_bits_wide_on_postgresql() -> None:
    for name, column in [("charges", "amount"), ("accounts", "spent_amount"), ("charges", "id")]:
        sql = str(CreateTable(metadata.tables[name]).compile(dialect=postgresql.dialect()))
        (line,) = [line for line in sql.splitlines() if line.strip().startswith(f"{column} ")]
        assert "BIGINT" in line or "BIGSERIAL" in line
