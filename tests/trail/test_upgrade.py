"""A ledger of the first release, which did not sign, goes on as a signed one."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from gateway.budget import migrations
from gateway.budget.audit import GENESIS, record_hash
from gateway.budget.books import open_ledger
from gateway.budget.store import WAIT_SECONDS, Store
from gateway.budget.tampering import Tampering
from gateway.budget.verification import verify
from tests.ledger.desk import START, Hands, ask, price

BODY = '{"dataset":"hospital","version":1}'


def first_release(url: str) -> None:
    """A ledger as the first release left it, with one record in it."""
    store = Store(url, Hands(), WAIT_SECONDS)
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    fields = {
        "sequence": 1, "kind": "data_changed", "actor": "root", "body": BODY, "previous": GENESIS,
    }  # fmt: skip
    digest = record_hash(at=START, **fields)  # type: ignore[arg-type]
    micros = round(START.timestamp() * 1_000_000)
    with store.migrating() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "r0001")
        connection.exec_driver_sql(
            "INSERT INTO audit VALUES (1, ?, 'data_changed', 'root', ?, ?, ?)",
            (micros, BODY, GENESIS, digest),
        )
        connection.exec_driver_sql("UPDATE audit_head SET sequence = 1, hash = ?", (digest,))
    store.close()


def test_the_first_opening_signs_what_was_there(url: str) -> None:
    first_release(url)
    books = open_ledger(url, Hands())
    assert [record.kind for record in books.audit.records()] == ["signing_key", "data_changed"]
    assert books.verify() == ()
    books.ledger.charge(ask("q1", price("a", 1)))
    assert books.verify() == ()
    books.close()


def test_what_was_changed_before_is_still_found(url: str) -> None:
    first_release(url)
    store = Store(url, Hands(), WAIT_SECONDS)
    with store.migrating() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.exec_driver_sql("UPDATE audit SET actor = 'eve'")
    store.close()
    books = open_ledger(url, Hands())
    found = {(fault.tampering, fault.where) for fault in verify(books.store)}
    assert found == {(Tampering.CHANGED, "record 1")}
    books.close()
