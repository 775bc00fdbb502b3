"""One answer per key, one worker at a time, and a lease that lets a retry take over."""

from __future__ import annotations

import datetime as dt

import pytest

from gateway.budget.books import Books
from gateway.budget.idempotency import KEPT, LEASE
from gateway.errors import Code, Refusal
from tests.ledger.desk import Hands


def code(books: Books, analyst: str, key: str, digest: str) -> Code:
    with pytest.raises(Refusal) as refused:
        books.idempotency.begin(analyst, key, digest)
    return refused.value.code


def test_a_finished_request_gives_its_response_again(books: Books) -> None:
    assert books.idempotency.begin("ann", "k", "d") is None
    books.idempotency.finish("ann", "k", '{"rows": [["Zoë"]]}')
    assert books.idempotency.begin("ann", "k", "d") == '{"rows": [["Zoë"]]}'
    books.idempotency.finish("ann", "k", "late")
    assert books.idempotency.begin("ann", "k", "d") == '{"rows": [["Zoë"]]}'


def test_keys_belong_to_one_analyst(books: Books) -> None:
    assert books.idempotency.begin("ann", "k", "d") is None
    assert books.idempotency.begin("bob", "k", "other") is None


def test_another_body_is_refused(books: Books) -> None:
    books.idempotency.begin("ann", "k", "d")
    assert code(books, "ann", "k", "other") is Code.INVALID_REQUEST
    books.idempotency.finish("ann", "k", "body")
    assert code(books, "ann", "k", "other") is Code.INVALID_REQUEST


@pytest.mark.parametrize("key", ["", " k", "k ", "a\nb", "é", "k" * 256])
def test_keys_are_printable_and_short(books: Books, key: str) -> None:
    assert code(books, "ann", key, "d") is Code.INVALID_REQUEST


def test_the_longest_key_is_taken(books: Books) -> None:
    assert books.idempotency.begin("ann", "k k" * 85, "d") is None


def test_one_works_on_it_until_the_lease_ends(books: Books, clock: Hands) -> None:
    books.idempotency.begin("ann", "k", "d")
    clock.time += LEASE - dt.timedelta(seconds=1)
    assert code(books, "ann", "k", "d") is Code.TOO_MANY_REQUESTS
    clock.time += dt.timedelta(seconds=1)
    assert books.idempotency.begin("ann", "k", "d") is None
    assert code(books, "ann", "k", "d") is Code.TOO_MANY_REQUESTS


def test_a_clock_set_back_does_not_lengthen_a_lease(books: Books, clock: Hands) -> None:
    books.idempotency.begin("ann", "k", "d")
    clock.time -= dt.timedelta(days=30)
    assert books.idempotency.begin("ann", "k", "d") is None


def test_an_abandoned_key_may_be_used_again(books: Books) -> None:
    books.idempotency.begin("ann", "k", "d")
    books.idempotency.abandon("ann", "k")
    assert books.idempotency.begin("ann", "k", "other") is None
    books.idempotency.finish("ann", "k", "body")
    books.idempotency.abandon("ann", "k")  # too late: what was finished stays
    assert books.idempotency.begin("ann", "k", "other") == "body"


def test_old_responses_are_removed(books: Books, clock: Hands) -> None:
    books.idempotency.begin("ann", "k", "d")
    books.idempotency.finish("ann", "k", "body")
    clock.time += KEPT + dt.timedelta(seconds=1)
    assert books.idempotency.begin("bob", "b", "d") is None
    with books.store.reading() as connection:
        count = connection.exec_driver_sql("SELECT COUNT(*) FROM requests").scalar_one()
    assert count == 1
