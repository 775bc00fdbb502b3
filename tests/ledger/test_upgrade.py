"""A ledger that the first release wrote goes on with this one: accounts, charges, answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from gateway.budget import migrations, signing
from gateway.budget.audit import GENESIS, canonical, digest, record_hash
from gateway.budget.books import Books, open_ledger
from gateway.budget.paying import charge_digest
from gateway.budget.store import Store
from gateway.budget.table_json import encode_table
from gateway.budget.tables import metadata
from gateway.budget.users import MARK
from gateway.errors import Refusal
from tests.ledger.desk import EPSILON, START, TABLE, Hands, allowance, ask, price, spent
from tests.postgres import PostgresServer

FIRST_RELEASE = "r0001"
KEY = MARK + "k" * 43
OWN = allowance("user:ann")
EVERYONE = allowance("everyone", epsilon="2")


@pytest.fixture
def first(
    backend: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    """The address of a database with the first release's tables and a day's work in them."""
    monkeypatch.chdir(tmp_path)
    if backend == "sqlite":
        url = f"sqlite:///{tmp_path / 'first.db'}"
        _written(url)
        yield url
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.database() as name:
        _written(server.url(name))
        yield server.url(name)


def _written(url: str) -> None:
    """As the first release wrote it: a user, a charge of 10 that both paid, its answer, a grant."""
    store = Store(url, Hands(), 15.0)
    with store.migrating() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(migrations.__file__).parent))
        config.attributes["connection"] = connection
        command.upgrade(config, FIRST_RELEASE)
        now = (START - START.fromtimestamp(0, START.tzinfo)).total_seconds() * 1_000_000
        _insert(connection, "users", name="ann", created_at=int(now))
        _insert(
            connection, "keys", id=1, user_name="ann", digest=digest(KEY), prefix=KEY[:9],
            created_at=int(now),
        )  # fmt: skip
        _insert(connection, "roles", user_name="ann", role="analyst")
        entries = []
        for number, holder in enumerate(("user:ann", "everyone"), start=1):
            _insert(
                connection, "accounts", dataset="hospital", holder=holder,
                period_start="1970-01-01", guarantee="approximate", spent_amount=10, spent_delta=0,
            )  # fmt: skip
            row = {
                "id": number, "kind": "charge", "query_id": "q1", "fingerprint": "a",
                "dataset": "hospital", "holder": holder, "analyst": "ann", "amount": 10,
                "delta": 0, "guarantee": "approximate", "mechanisms": "{}", "data_version": 0,
                "idempotency_key": None, "refund_of": None,
            }  # fmt: skip
            _insert(connection, "charges", **row, period_start="1970-01-01", at=int(now))
            whole = row | {"at": START, "period_start": START.date().replace(1970, 1, 1)}
            entries.append(
                {"id": number, "holder": holder, "amount": 10, "delta": 0}
                | {"row": charge_digest(whole)}
            )
        _insert(
            connection, "releases", id=1, dataset="hospital", fingerprint="a", data_version=0,
            noisy=encode_table(TABLE), stored_at=int(now),
        )  # fmt: skip
        _insert(connection, "sightings", charge_id=1, analyst="ann", release_id=1)
        _insert(
            connection, "questions", query_id="q1", analyst="ann", dataset="hospital",
            sql="SELECT 1", at=int(now), amount=10, delta=0, guarantee="approximate",
            outcome="answered",
        )  # fmt: skip
        body = {"query_id": "q1", "dataset": "hospital", "sql_sha256": digest("SELECT 1")}
        record = {
            "sequence": 1, "kind": "charge", "actor": "ann",
            "body": canonical(body | {"charges": entries}), "previous": GENESIS,
        }  # fmt: skip
        whole_hash = record_hash(**record, at=START)
        _insert(connection, "audit", **record, at=int(now), hash=whole_hash)
        connection.execute(
            sa.text("UPDATE audit_head SET sequence = 1, hash = :hash"), {"hash": whole_hash}
        )
        if connection.dialect.name == "postgresql":  # as its own inserts would have left them
            for table in ("keys", "charges", "releases"):
                connection.exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 2)"
                )
    store.close()


def _insert(connection: sa.Connection, table: str, **values: object) -> None:
    names = ", ".join(values)
    wanted = ", ".join(
        f"CAST(:{name} AS DATE)"
        if name == "period_start" and connection.dialect.name == "postgresql"
        else f":{name}"
        for name in values
    )
    connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({wanted})"), values)


@pytest.fixture
def books(first: str) -> Iterator[Books]:
    opened = open_ledger(first, Hands())
    yield opened
    assert opened.verify() == ()
    opened.close()


def test_the_first_releases_schema_becomes_this_one(books: Books) -> None:
    with books.store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_what_was_spent_is_still_spent(books: Books) -> None:
    assert spent(books, OWN) == spent(books, EVERYONE) == 10
    with pytest.raises(Refusal):
        books.ledger.charge(ask("q2", price("b", EPSILON - 9), everyone=EVERYONE))
    books.ledger.charge(ask("q3", price("c", EPSILON - 10), everyone=EVERYONE))
    assert spent(books, OWN) == EPSILON
    assert all(account.agrees for account in books.replay())


def test_what_was_answered_is_still_free_and_keys_still_open(books: Books) -> None:
    stored = books.answers.find("hospital", ["a"], "ann")["a"]
    assert (stored.table, stored.seen) == (TABLE, True)
    assert books.ledger.charge(ask("q2", price("a", 10), everyone=EVERYONE)).charged.amount == 0
    analyst = books.users.authenticate("ann", KEY)
    assert analyst is not None
    assert analyst.roles == ("analyst",)


def test_the_trail_goes_on_signed(books: Books, first: str) -> None:
    books.users.add("bob", by="root")
    kinds = [record.kind for record in books.audit.records()]
    assert kinds[-1] == "charge"
    assert kinds[0] == "user_added"
    assert json.loads(books.audit.records()[-1].body)["query_id"] == "q1"
    assert signing.default_file(first).exists()
