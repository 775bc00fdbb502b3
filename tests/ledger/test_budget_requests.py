"""Requests for budget: asked with a purpose, decided once, or over by themselves."""

from __future__ import annotations

import datetime as dt
import json
from fractions import Fraction

import pytest

from gateway.budget.books import Books
from gateway.budget.budget_requests import OPEN_FOR, BudgetRequest, State
from gateway.errors import Code, Refusal
from gateway.policy.model import Renewal
from tests.ledger.desk import EPSILON, START, Hands, allowance, ask, price, spent
from tests.ledger.test_races import together

DAY = dt.timedelta(days=1)


def asked(books: Books, epsilon: str = "2", days: int | None = None, **of: str) -> BudgetRequest:
    facts = {"dataset": "hospital", "analyst": "ann", "purpose": "a report"} | of
    return books.budget_requests.ask(epsilon=Fraction(epsilon), days=days, **facts)


def limit(books: Books, holder: str = "user:ann", renews: Renewal = Renewal.NEVER) -> int:
    of = allowance(holder, renews=renews)
    return books.ledger.balance("hospital", of).limit.amount


def refused(books: Books, code: Code, act: object) -> Refusal:
    before = books.audit.head()
    with pytest.raises(Refusal) as caught:
        act()  # type: ignore[operator]
    assert caught.value.code is code
    assert books.audit.head() == before  # nothing half done
    return caught.value


def test_a_request_is_granted_with_a_reason(books: Books) -> None:
    request = asked(books)
    assert (request.state, request.asked_at, request.expires_at) == (
        State.OPEN, START, START + OPEN_FOR,
    )  # fmt: skip
    assert limit(books) == EPSILON  # asking changes nothing
    done = books.budget_requests.approve(
        request.id, by="root", reason="agreed", epsilon=None, days=None
    )
    assert done.state is State.APPROVED
    assert done.decision is not None
    assert (done.decision.by, done.decision.reason) == ("root", "agreed")
    assert done.decision.epsilon == 2
    assert limit(books) == 3 * EPSILON
    assert limit(books, "user:bob") == limit(books, "everyone") == EPSILON
    records = books.audit.records(limit=3)
    assert [(record.kind, record.actor) for record in records] == [
        ("budget_decision", "root"), ("grant", "root"), ("budget_request", "ann"),
    ]  # fmt: skip
    assert json.loads(records[2].body)["purpose"] == "a report"


def test_a_part_may_be_granted_for_a_shorter_time(books: Books, clock: Hands) -> None:
    request = asked(books, "5", days=90)
    done = books.budget_requests.approve(
        request.id, by="root", reason="half", epsilon=Fraction(5, 2), days=7
    )
    assert done.decision is not None
    assert (done.decision.epsilon, done.decision.grant_expires_at) == (
        Fraction(5, 2), START + 7 * DAY,
    )  # fmt: skip
    assert (done.epsilon, done.days) == (5, 90)  # what was asked stays as it was
    assert limit(books) == 7 * EPSILON // 2
    clock.time = START + 7 * DAY
    assert limit(books) == EPSILON


def test_a_request_that_is_refused_changes_no_account(books: Books) -> None:
    done = books.budget_requests.refuse(asked(books).id, by="root", reason="no need")
    assert done.state is State.REFUSED
    assert done.decision is not None
    assert done.decision.epsilon is None
    assert limit(books) == EPSILON


def test_a_decision_is_final(books: Books) -> None:
    first, second = asked(books), asked(books, analyst="bob")
    books.budget_requests.refuse(first.id, by="root", reason="no")
    books.budget_requests.approve(second.id, by="root", reason="yes", epsilon=None, days=None)
    for request in (first, second):
        words = refused(
            books,
            Code.INVALID_REQUEST,
            lambda number=request.id: books.budget_requests.approve(
                number, by="root", reason="again", epsilon=None, days=None
            ),
        )
        assert "root" in words.sentence
        assert f"budget grant {request.analyst}" in words.hint
    assert limit(books) == EPSILON
    assert limit(books, "user:bob") == 3 * EPSILON


def test_a_request_that_nobody_decides_on_expires(books: Books, clock: Hands) -> None:
    request = asked(books)
    clock.time = START + OPEN_FOR - dt.timedelta(microseconds=1)
    assert books.budget_requests.find()[0].state is State.OPEN
    clock.time = START + OPEN_FOR
    assert books.budget_requests.find()[0].state is State.EXPIRED
    refused(
        books,
        Code.INVALID_REQUEST,
        lambda: books.budget_requests.approve(
            request.id, by="root", reason="late", epsilon=None, days=None
        ),
    )
    assert asked(books).id != request.id  # and may be asked anew


def test_one_request_at_a_time_and_dataset(books: Books) -> None:
    first = asked(books)
    words = refused(books, Code.INVALID_REQUEST, lambda: asked(books))
    assert str(first.id) in words.sentence
    asked(books, analyst="bob")
    asked(books, dataset="retail")
    books.budget_requests.refuse(first.id, by="root", reason="no")
    asked(books)  # what the hint says works
    assert [request.analyst for request in books.budget_requests.find()] == [
        "ann", "ann", "bob", "ann",
    ]  # fmt: skip
    open_ones = books.budget_requests.find(analyst="ann", states=(State.OPEN,))
    assert len(open_ones) == 2
    assert len(books.budget_requests.find(dataset="retail")) == 1
    assert len(books.budget_requests.find(limit=3)) == 3


@pytest.mark.parametrize(
    ("epsilon", "days", "purpose"),
    [("0", None, "x"), ("-1", None, "x"), ("1000001", None, "x"), ("1", 0, "x"), ("1", 4000, "x"),
     ("1", None, "  ")],
)  # fmt: skip
def test_requests_for_what_cannot_be_are_refused(
    books: Books, epsilon: str, days: int | None, purpose: str
) -> None:
    refused(books, Code.INVALID_REQUEST, lambda: asked(books, epsilon, days, purpose=purpose))


def test_decisions_need_a_reason_and_a_request(books: Books) -> None:
    number = asked(books).id
    refused(
        books,
        Code.INVALID_REQUEST,
        lambda: books.budget_requests.refuse(number, by="root", reason=" "),
    )
    refused(
        books,
        Code.INVALID_REQUEST,
        lambda: books.budget_requests.approve(
            number, by="root", reason="", epsilon=None, days=None
        ),
    )
    refused(
        books,
        Code.NOT_FOUND,
        lambda: books.budget_requests.refuse(number + 1, by="root", reason="x"),
    )
    assert limit(books) == EPSILON


def test_administrators_at_once_grant_once(books: Books) -> None:
    number = asked(books).id

    def work(_: int) -> None:
        books.budget_requests.approve(number, by="root", reason="x", epsilon=None, days=None)

    outcomes = together(12, work)
    assert outcomes.count(None) == 1
    assert outcomes.count(Code.INVALID_REQUEST) == 11
    assert limit(books) == 3 * EPSILON


def test_a_grant_that_expired_stops_charges_and_gives_nothing_back(
    books: Books, clock: Hands
) -> None:
    """What was spent on a grant stays spent, also beyond the limit that is left."""
    own = allowance("user:ann")
    books.ledger.grant("hospital", "user:ann", Fraction(2), by="root", reason="x", days=3)
    books.ledger.charge(ask("q1", price("a", 2 * EPSILON)))
    clock.time = START + 3 * DAY
    with pytest.raises(Refusal) as caught:
        books.ledger.charge(ask("q2", price("b", 1)))
    assert caught.value.code is Code.BUDGET_EXHAUSTED
    assert caught.value.facts["left"] == 0
    assert spent(books, own) == 2 * EPSILON
    books.ledger.grant("hospital", "user:ann", Fraction(3, 2), by="root", reason="more")
    books.ledger.charge(ask("q3", price("c", EPSILON // 2)))
    assert spent(books, own) == 5 * EPSILON // 2


def test_a_grant_ends_with_the_period_though_its_days_do_not(books: Books, clock: Hands) -> None:
    books.ledger.grant("hospital", "user:ann", Fraction(1), by="root", reason="x", days=90)
    assert limit(books, renews=Renewal.MONTHLY) == 2 * EPSILON
    clock.time = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
    assert limit(books, renews=Renewal.MONTHLY) == EPSILON
    assert limit(books) == 2 * EPSILON


@pytest.mark.parametrize("days", [0, -1, 3651])
def test_grants_for_impossible_times_are_refused(books: Books, days: int) -> None:
    refused(
        books,
        Code.INVALID_REQUEST,
        lambda: books.ledger.grant("hospital", "user:ann", Fraction(1), "root", "x", days),
    )
