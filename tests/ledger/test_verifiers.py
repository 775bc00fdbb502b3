"""What is kept to prove a key by SCRAM-SHA-256."""

from __future__ import annotations

import base64
import hashlib
import sqlite3
from pathlib import Path

import pytest

from gateway.budget.books import Books, open_ledger
from gateway.budget.verifiers import ITERATIONS, parsed, verifier_of
from gateway.edges import Analyst
from tests.ledger.desk import Hands


def test_a_verifier_is_what_postgresql_keeps_for_the_same_password() -> None:
    """The example of RFC 7677, section 3; PostgreSQL's rolpassword has the same form."""
    salt = base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")
    verifier = verifier_of("pencil", salt, 4096)
    assert verifier.text == (
        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"
        "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
    )
    assert parsed(verifier.text) == verifier
    assert "WG5d" not in repr(verifier)


@pytest.mark.parametrize("text", ["", "SCRAM-SHA-1$1:a$b:c", "SCRAM-SHA-256$x:YQ==$YQ==:YQ=="])
def test_other_texts_are_no_verifier(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each kind of wrong text has another message
        parsed(text)


def test_each_key_has_a_verifier_with_a_salt_of_its_own(books: Books) -> None:
    key = books.users.add("ann", ["analyst", "admin"])
    books.users.add("bob")
    challenge, other = books.verifiers.challenge("ann"), books.verifiers.challenge("bob")
    assert challenge is not None
    assert other is not None
    assert challenge.verifier is not None
    assert other.verifier is not None
    assert challenge.verifier.salt != other.verifier.salt
    assert challenge.verifier.iterations == ITERATIONS
    assert challenge.verifier == verifier_of(key, challenge.verifier.salt)
    ann = Analyst(name="ann", roles=("admin", "analyst"))
    assert books.verifiers.holder(challenge.key_id) == ann
    assert books.verifiers.holder(other.key_id) == Analyst(name="bob", roles=())


def test_a_revoked_user_has_nothing_to_prove(books: Books) -> None:
    books.users.add("ann")
    first = books.verifiers.challenge("ann")
    assert first is not None
    books.users.revoke("ann")
    assert books.verifiers.challenge("ann") is None
    assert books.verifiers.holder(first.key_id) is None
    books.users.add("ann")
    second = books.verifiers.challenge("ann")
    assert second is not None
    assert second.key_id != first.key_id
    assert books.verifiers.holder(first.key_id) is None
    assert books.verifiers.challenge("nobody") is None


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_key_from_before_works_on_and_has_no_verifier(
    books: Books, url: str, tmp_path: Path
) -> None:
    """As after an upgrade: the column is there, and NULL for the keys that were there before."""
    key = books.users.add("ann", ["analyst"])
    with sqlite3.connect(tmp_path / "ledger.db") as connection:
        connection.execute("UPDATE keys SET verifier = NULL")
    reopened = open_ledger(url, Hands())
    challenge = reopened.verifiers.challenge("ann")
    assert challenge is not None
    assert challenge.verifier is None
    assert reopened.users.authenticate("ann", key) is not None
    reopened.close()


def test_a_verifier_does_not_hold_the_key(books: Books) -> None:
    key = books.users.add("ann")
    challenge = books.verifiers.challenge("ann")
    assert challenge is not None
    assert challenge.verifier is not None
    stored = challenge.verifier.stored_key
    assert key.encode() not in challenge.verifier.text.encode()
    assert hashlib.sha256(key.encode()).digest() != stored
