"""The audit chain, and what tampering with the database leaves behind."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path

import pytest

from gateway.budget import signing
from gateway.budget.audit import AuditHead, head_message, record_hash
from gateway.budget.books import Books, open_ledger
from gateway.budget.tampering import Tampering
from gateway.errors import Refusal
from tests.ledger import desk
from tests.ledger.desk import EPSILON, START, Hands, allowance, ask, price

EVERYONE = allowance("everyone")


@pytest.fixture
def filled(url: str) -> Iterator[Books]:
    """One record of each kind: 1 key, 2 user, 3 charge, 4 refund, 5 refusal, 6 grant, …"""
    books = open_ledger(url, Hands())
    books.users.add("ann", ["analyst"], by="root")
    books.ledger.charge(ask("q1", price("a", 10), everyone=EVERYONE))
    books.ledger.refund("q1")
    with pytest.raises(Refusal):
        books.ledger.charge(ask("q2", price("b", 2 * EPSILON)))
    books.ledger.grant("hospital", "user:ann", Fraction(1, 2), by="root", reason="a study")
    books.answers.data_changed("hospital", by="root")
    books.ledger.charge(ask("q3", price("c", 20), everyone=EVERYONE))
    books.users.revoke("ann", by="root")
    yield books
    books.close()


@pytest.fixture
def tamper(filled: Books, url: str) -> Callable[..., None]:
    """Change the database as somebody would who has taken the triggers off."""
    return partial(desk.tamper, url)


def faults(books: Books, known: AuditHead | None = None) -> list[tuple[Tampering, str]]:
    return [(fault.tampering, fault.where) for fault in books.verify(known)]


def test_every_event_is_recorded_in_order(filled: Books) -> None:
    records = filled.audit.records()[::-1]
    assert [record.sequence for record in records] == list(range(1, 10))
    assert [(record.kind, record.actor) for record in records] == [
        ("signing_key", "gateway"),
        ("user_added", "root"),
        ("charge", "ann"),
        ("refund", "ann"),
        ("refusal", "ann"),
        ("grant", "root"),
        ("data_changed", "root"),
        ("charge", "ann"),
        ("user_revoked", "root"),
    ]
    assert all(record.at == START for record in records)
    assert json.loads(records[4].body)["code"] == "budget_exhausted"
    assert [record.sequence for record in filled.audit.records(before=3, limit=1)] == [2]
    assert filled.verify() == ()


def test_no_record_holds_the_sql(filled: Books) -> None:
    assert [past.sql[:6] for past in filled.questions.history("ann")] == ["SELECT"] * 3
    assert not [record for record in filled.audit.records() if "SELECT" in record.body]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("DELETE FROM audit WHERE sequence = 5", [(Tampering.REMOVED, "record 5")]),
        ("DELETE FROM audit WHERE sequence = 1", [(Tampering.REMOVED, "record 1")]),
        ("DELETE FROM audit WHERE sequence IN (6, 7)", [(Tampering.REMOVED, "records 6 to 7")]),
        ("DELETE FROM audit WHERE sequence = 9", [(Tampering.REMOVED, "record 9")]),
        ("UPDATE audit SET body = '{}' WHERE sequence = 5", [(Tampering.CHANGED, "record 5")]),
        ("UPDATE audit SET actor = 'eve' WHERE sequence = 9", [(Tampering.CHANGED, "record 9")]),
        ("UPDATE audit SET at = at + 1 WHERE sequence = 1", [(Tampering.CHANGED, "record 1")]),
        ("UPDATE audit SET kind = 'note' WHERE sequence = 5", [(Tampering.CHANGED, "record 5")]),
        ("UPDATE audit_head SET sequence = 10", [(Tampering.REMOVED, "record 10")]),
        ("UPDATE audit_head SET sequence = 8", [(Tampering.REPLACED, "record 9")]),
    ],
)
def test_a_touched_record_is_named(
    filled: Books, tamper: Callable[..., None], statement: str, expected: list[object]
) -> None:
    tamper(statement)
    found = faults(filled)
    assert [fault for fault in found if fault[1].startswith("record")] == expected
    touched = "audit_head" in statement
    assert ((Tampering.SIGNATURE, "the trail's end") in found) == touched


def test_swapped_records_are_told_from_changed_ones(
    filled: Books, tamper: Callable[..., None]
) -> None:
    tamper(
        "UPDATE audit SET sequence = 99 WHERE sequence = 5",
        "UPDATE audit SET sequence = 5 WHERE sequence = 7",
        "UPDATE audit SET sequence = 7 WHERE sequence = 99",
    )
    found = faults(filled)
    assert (Tampering.REORDERED, "record 5") in found
    assert (Tampering.REORDERED, "record 7") in found
    assert "written as record 7" in next(
        fault.sentence for fault in filled.verify() if fault.where == "record 5"
    )


def test_a_record_with_a_fresh_hash_does_not_fit_the_next(
    filled: Books, tamper: Callable[..., None]
) -> None:
    record = filled.audit.records(before=6, limit=1)[0]
    forged = record_hash(
        sequence=5, at=record.at, kind="note", actor="ann", body="{}", previous=record.previous
    )
    tamper(f"UPDATE audit SET kind = 'note', body = '{{}}', hash = '{forged}' WHERE sequence = 5")
    assert faults(filled) == [(Tampering.REPLACED, "record 5")]


def test_a_removed_tail_with_a_forged_head_lacks_the_signature(
    filled: Books, tamper: Callable[..., None]
) -> None:
    known = filled.audit.head()
    before = filled.audit.records(before=9, limit=1)[0]
    tamper(
        "DELETE FROM audit WHERE sequence = 9",
        f"UPDATE audit_head SET sequence = 8, hash = '{before.hash}'",
    )
    assert faults(filled) == [(Tampering.SIGNATURE, "the trail's end")]
    assert (Tampering.REPLACED, "record 9") in faults(filled, known)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_ledger_that_is_set_back_whole_is_found_by_a_noted_head_only(
    filled: Books, url: str
) -> None:
    file = Path(url.removeprefix("sqlite:///"))
    with sqlite3.connect(file) as now, sqlite3.connect(":memory:") as earlier:
        now.backup(earlier)
        filled.users.add("bob", by="root")
        known = filled.audit.head()
        earlier.backup(now)
    now.close()
    earlier.close()
    assert faults(filled) == []  # signed, and sound in itself: this is how the ledger was
    assert faults(filled, known) == [(Tampering.REPLACED, "record 10")]


@pytest.mark.parametrize("change", ["signature = NULL", "key_id = NULL", "signature = 'AAAA'"])
def test_an_end_without_a_good_signature_is_found(
    filled: Books, tamper: Callable[..., None], change: str
) -> None:
    tamper(f"UPDATE audit_head SET {change}")
    assert faults(filled) == [(Tampering.SIGNATURE, "the trail's end")]


def test_a_trail_rewritten_with_another_key_is_not_the_gateways(
    filled: Books, tamper: Callable[..., None], tmp_path: Path
) -> None:
    """Whoever has the database can add a key of their own; the gateway knows its own."""
    forger = signing.create(tmp_path / "forger")
    head = filled.audit.head()
    signature = forger.sign(head_message(head.sequence, head.hash))
    tamper(
        f"UPDATE audit_head SET key_id = '{forger.key_id}', signature = '{signature}'",
        f"INSERT INTO signing_keys VALUES ('{forger.key_id}', '{forger.public_key}', 0)",
    )
    found = faults(filled)
    assert (Tampering.SIGNATURE, "the trail's end") in found
    assert (Tampering.ADDED, f"signing key {forger.key_id}") in found


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            "UPDATE charges SET amount = 1 WHERE id = 5",
            [(Tampering.CHANGED, "charge 5"), (Tampering.ACCOUNT, "user:ann")],
        ),
        ("UPDATE charges SET mechanisms = '[]' WHERE id = 5", [(Tampering.CHANGED, "charge 5")]),
        (
            "DELETE FROM charges WHERE id = 6",
            [(Tampering.REMOVED, "charge 6"), (Tampering.ACCOUNT, "everyone")],
        ),
        (
            "INSERT INTO charges SELECT 77, kind, query_id, fingerprint, dataset, holder, "
            "period_start, analyst, amount, delta, guarantee, mechanisms, data_version, at, "
            "idempotency_key, refund_of FROM charges WHERE id = 5",
            [(Tampering.ADDED, "charge 77"), (Tampering.ACCOUNT, "user:ann")],
        ),
        ("UPDATE accounts SET spent_amount = 0", [(Tampering.ACCOUNT, "user:ann")]),
        ("UPDATE accounts SET spent_delta = 9", [(Tampering.ACCOUNT, "user:ann")]),
        ("DELETE FROM accounts", [(Tampering.ACCOUNT, "user:ann")]),
        ("UPDATE grants SET epsilon = '9/1'", [(Tampering.CHANGED, "grant 1")]),
        ("DELETE FROM grants", [(Tampering.REMOVED, "grant 1")]),
        (
            "INSERT INTO grants SELECT 2, dataset, holder, epsilon, counts_from, granted_by, "
            "reason, expires_at FROM grants",
            [(Tampering.ADDED, "grant 2")],
        ),
    ],
)
def test_rows_that_differ_from_their_records_are_named(
    filled: Books,
    tamper: Callable[..., None],
    statement: str,
    expected: list[tuple[Tampering, str]],
) -> None:
    tamper(statement)
    found = filled.verify()
    for kind, name in expected:
        assert [
            fault
            for fault in found
            if fault.tampering is kind and name in fault.where.split(" of ")[0]
        ], (kind, name, found)
    assert {fault.tampering for fault in found} == {kind for kind, _ in expected}
