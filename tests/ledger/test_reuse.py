"""An answer once seen is free; a charge pays for one sighting of one draw of noise."""

from __future__ import annotations

import datetime as dt

import pytest

from gateway.budget.books import Books
from gateway.budget.cost import NOTHING
from gateway.errors import Code, Refusal
from tests.ledger.desk import OTHER, TABLE, Hands, allowance, ask, keep, price, spent

OWN = allowance("user:ann")
BOB = allowance("user:bob")
EVERYONE = allowance("everyone")


def charge(books: Books, query: str, name: str = "ann", key: str | None = None) -> int:
    request = ask(query, price("a", 10), name=name, everyone=EVERYONE, key=key)
    return books.ledger.charge(request).charged.amount


def found(books: Books, name: str = "ann") -> object:
    return books.answers.find("hospital", ["a", "b"], name).get("a")


def test_nothing_is_found_before_it_is_kept(books: Books) -> None:
    charge(books, "q1")
    assert found(books) is None
    assert books.answers.find("hospital", [], "ann") == {}


def test_who_has_seen_pays_nothing_who_has_not_pays_alone(books: Books) -> None:
    assert charge(books, "q1") == 10
    keep(books, "a")
    stored = books.answers.find("hospital", ["a"], "ann")["a"]
    assert (stored.table, stored.seen) == (TABLE, True)
    assert not books.answers.find("hospital", ["a"], "bob")["a"].seen
    assert charge(books, "q2") == 0
    assert charge(books, "q3", "bob") == 10
    assert books.answers.find("hospital", ["a"], "bob")["a"].seen
    assert charge(books, "q4", "bob") == 0
    assert (spent(books, OWN), spent(books, BOB), spent(books, EVERYONE)) == (10, 10, 10)


def test_another_dataset_does_not_share_answers(books: Books) -> None:
    charge(books, "q1")
    keep(books, "a")
    assert books.answers.find("retail", ["a"], "ann") == {}


def test_the_first_writer_wins(books: Books) -> None:
    charge(books, "q1")
    charge(books, "q2", "bob")  # before ann's is stored, so both drew noise and everyone paid both
    keep(books, "a")
    keep(books, "a", "bob", OTHER)
    assert books.answers.find("hospital", ["a"], "bob")["a"].table == TABLE
    assert books.answers.find("hospital", ["a"], "bob")["a"].seen
    assert spent(books, EVERYONE) == 20


def test_a_charge_that_another_draw_overtook_is_not_paid_again(books: Books) -> None:
    charge(books, "q1")
    assert charge(books, "q2", "bob", key="k") == 10
    keep(books, "a")  # ann's draw is stored; bob has paid for it and not seen it
    assert not books.answers.find("hospital", ["a"], "bob")["a"].seen
    assert charge(books, "q3", "bob", key="k") == 0  # bob's retry
    keep(books, "a", "bob", TABLE)
    assert books.answers.find("hospital", ["a"], "bob")["a"].seen
    assert charge(books, "q4", "bob") == 0
    assert spent(books, BOB) == 10


def test_an_answer_that_nobody_paid_for_is_not_kept(books: Books) -> None:
    with pytest.raises(Refusal) as refused:
        keep(books, "a")
    assert refused.value.code is Code.TOO_MANY_REQUESTS
    charge(books, "q1", "bob")
    with pytest.raises(Refusal):
        keep(books, "a")
    books.ledger.charge(ask("q2", price("b", 1)))
    with pytest.raises(Refusal):
        books.answers.keep("hospital", {"b": TABLE, "a": TABLE}, "ann", None)
    assert books.answers.find("hospital", ["a", "b"], "ann") == {}


def test_changed_data_ends_what_is_stored(books: Books) -> None:
    charge(books, "q1")
    keep(books, "a")
    assert books.answers.data_changed("hospital", by="root") == 1
    assert found(books) is None
    assert charge(books, "q2") == 10
    keep(books, "a", table=OTHER)
    assert books.answers.find("hospital", ["a"], "ann")["a"].table == OTHER
    assert books.answers.data_changed("hospital", by="root") == 2
    assert spent(books, EVERYONE) == 20


def test_refresh_ends_what_is_stored(books: Books, clock: Hands) -> None:
    charge(books, "q1")
    books.answers.keep("hospital", {"a": TABLE}, "ann", 60.0)
    clock.time += dt.timedelta(seconds=59)
    assert found(books) is not None
    clock.time += dt.timedelta(seconds=1)
    assert found(books) is None
    assert charge(books, "q2") == 10
    books.answers.keep("hospital", {"a": OTHER}, "ann", 60.0)
    assert books.answers.find("hospital", ["a"], "ann")["a"].table == OTHER


def test_data_that_changed_while_a_query_ran_does_not_leave_an_old_answer(books: Books) -> None:
    charge(books, "q1")
    books.answers.data_changed("hospital", by="root")
    keep(books, "a")  # ann is shown her own table: she paid, and this used her charge up
    assert found(books) is None
    assert charge(books, "q1", key="k") == 10


def test_a_retry_after_a_crash_is_not_charged_again(books: Books) -> None:
    assert charge(books, "q1", key="k") == 10
    assert charge(books, "q2", key="k") == 0
    assert charge(books, "q1") == 0  # the same query again, as after a lost connection
    assert charge(books, "q3", key="other") == 10
    assert charge(books, "q4", "bob", key="k") == 10
    assert spent(books, EVERYONE) == 30


def test_a_used_charge_pays_for_no_second_draw(books: Books) -> None:
    charge(books, "q1", key="k")
    keep(books, "a")
    books.answers.data_changed("hospital", by="root")
    assert charge(books, "q2", key="k") == 10


def test_a_second_process_with_the_same_charge_may_not_show_its_own_draw(books: Books) -> None:
    charge(books, "q1", key="k")
    assert charge(books, "q2", key="k") == 0  # took over when the first one's lease ended
    keep(books, "a")
    books.answers.data_changed("hospital", by="root")
    with pytest.raises(Refusal):
        keep(books, "a", table=OTHER)


def test_paying_for_a_stored_answer_that_ends_at_once_pays_for_no_draw(books: Books) -> None:
    charge(books, "q1")
    keep(books, "a")
    assert charge(books, "q2", "bob") == 10  # bob's account only
    books.answers.data_changed("hospital", by="root")
    with pytest.raises(Refusal):
        keep(books, "a", "bob", OTHER)
    assert spent(books, EVERYONE) == 10


def test_new_and_stored_releases_in_one_query(books: Books) -> None:
    charge(books, "q1")
    keep(books, "a")
    receipt = books.ledger.charge(
        ask("q2", price("a", 10), price("b", 5), name="bob", everyone=EVERYONE)
    )
    assert receipt.charged.amount == 15
    assert spent(books, EVERYONE) == 15


def test_a_refund_gives_back_once(books: Books) -> None:
    charge(books, "q1")
    books.ledger.refund("q1")
    books.ledger.refund("q1")
    books.ledger.refund("unknown")
    assert (spent(books, OWN), spent(books, EVERYONE)) == (0, 0)
    (past,) = books.questions.history("ann")
    assert past.cost == NOTHING
    assert charge(books, "q1") == 10
    books.ledger.refund("q1")
    assert spent(books, OWN) == 0


def test_what_was_seen_is_not_refunded(books: Books) -> None:
    charge(books, "q1")
    keep(books, "a")
    books.ledger.refund("q1")
    assert (spent(books, OWN), spent(books, EVERYONE)) == (10, 10)
    request = ask("q2", price("a", 10), price("b", 5), name="bob", everyone=EVERYONE)
    books.ledger.charge(request)
    books.ledger.refund("q2")  # the stored release is bob's to see now, the other one is not
    assert (spent(books, BOB), spent(books, EVERYONE)) == (10, 10)


def test_a_refunded_charge_pays_for_nothing(books: Books) -> None:
    charge(books, "q1", key="k")
    books.ledger.refund("q1")
    with pytest.raises(Refusal):
        keep(books, "a")
    assert charge(books, "q2", key="k") == 10


def test_a_refund_goes_to_the_period_that_was_charged(books: Books, clock: Hands) -> None:
    from gateway.policy.model import Renewal

    own = allowance("user:ann", renews=Renewal.DAILY)
    books.ledger.charge(ask("q1", price("a", 10), own=own))
    clock.time += dt.timedelta(days=1)
    books.ledger.charge(ask("q2", price("b", 4), own=own))
    books.ledger.refund("q1")
    assert spent(books, own) == 4
