"""Users, roles, keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.budget.books import Books
from gateway.edges import Analyst
from gateway.errors import Code, Refusal
from tests.ledger.desk import Hands, allowance, ask, price, spent


def test_a_key_opens_for_its_user_only(books: Books) -> None:
    ann = books.users.add("ann", ["analyst", "admin", "admin"], by="root")
    bob = books.users.add("bob", by="root")
    assert ann != bob
    assert ann.startswith("ng_")
    assert len(ann) == 46
    assert books.users.authenticate(None, ann) == Analyst(name="ann", roles=("admin", "analyst"))
    assert books.users.authenticate("ann", ann) == Analyst(name="ann", roles=("admin", "analyst"))
    assert books.users.authenticate("bob", bob) == Analyst(name="bob", roles=())
    assert books.users.authenticate("bob", ann) is None
    assert books.users.authenticate("Ann", ann) is None


@pytest.mark.parametrize("key", ["", "ng_", "ng_" + "A" * 43, "\ud800", "é", "\0"])
def test_other_keys_open_nothing(books: Books, key: str) -> None:
    books.users.add("ann")
    assert books.users.authenticate(None, key) is None
    assert books.users.authenticate("ann", key) is None
    assert books.users.authenticate("", key) is None


@pytest.mark.parametrize("backend", ["sqlite"])
def test_keys_are_nowhere_in_the_file(books: Books, tmp_path: Path) -> None:
    key = books.users.add("ann")
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert key.encode() not in written
    assert key[12:].encode() not in written
    assert key[:9].encode() in written


def test_a_revoked_user_is_out_at_once_and_keeps_what_was_spent(books: Books, clock: Hands) -> None:
    old = books.users.add("ann", ["admin"], by="root")
    books.ledger.charge(ask("q1", price("a", 10)))
    books.users.revoke("ann", by="root")
    assert books.users.authenticate(None, old) is None
    (user,) = books.users.list()
    assert (user.revoked_at, user.prefixes) == (clock.time, ())
    new = books.users.add("ann", ["analyst"], by="root")
    assert books.users.authenticate(None, old) is None
    assert books.users.authenticate("ann", new) == Analyst(name="ann", roles=("analyst",))
    (user,) = books.users.list()
    assert (user.revoked_at, user.prefixes) == (None, (new[:9],))
    assert (user.roles, user.created_at) == (("analyst",), clock.time)
    assert spent(books, allowance("user:ann")) == 10


@pytest.mark.parametrize(
    "name", ["", " ", "a b", "-a", "a:", "everyone:x", "é", "a" * 64, "a\n", "../x", "a'"]
)
def test_names_are_plain(books: Books, name: str) -> None:
    for names in ((name, []), ("ann", [name])):
        with pytest.raises(Refusal) as refused:
            books.users.add(*names)
        assert refused.value.code is Code.INVALID_REQUEST
    assert books.users.list() == ()


@pytest.mark.parametrize("name", ["a", "A1", "ann@example.org", "a.b-c_d", "a" * 63])
def test_usual_names_are_taken(books: Books, name: str) -> None:
    books.users.add(name)
    assert [user.name for user in books.users.list()] == [name]


def test_a_user_is_not_added_twice_or_revoked_twice(books: Books) -> None:
    books.users.add("ann")
    with pytest.raises(Refusal) as refused:
        books.users.add("ann")
    assert refused.value.code is Code.INVALID_REQUEST
    books.users.revoke("ann")
    for name in ("ann", "nobody"):
        with pytest.raises(Refusal) as refused:
            books.users.revoke(name)
        assert refused.value.code is Code.NOT_FOUND
