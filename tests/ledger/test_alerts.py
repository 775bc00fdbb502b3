"""Marks that accounts pass: each told of once per period, whoever looks and however often."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.budget.alerts import MARKS, Alert, passed
from gateway.budget.books import Books
from gateway.budget.cost import NOTHING, Cost
from gateway.policy.model import Renewal
from tests.ledger.desk import EPSILON, Hands, allowance, ask, price
from tests.ledger.test_races import together

OWN = allowance("user:ann", renews=Renewal.MONTHLY)
USUAL = EPSILON // 100


def fresh(books: Books) -> list[int]:
    return [alert.percent for alert in books.alerts.fresh("hospital", OWN, USUAL)]


def spend(books: Books, percent: int, delta: int = 0) -> None:
    number = books.audit.head().sequence
    books.ledger.charge(
        ask(f"q{number}", price(f"{number}", percent * EPSILON // 100, delta), own=OWN)
    )


def test_each_mark_is_told_of_once(books: Books) -> None:
    assert fresh(books) == []
    spend(books, 49)
    assert fresh(books) == []
    spend(books, 1)
    assert fresh(books) == [50]
    assert fresh(books) == []
    spend(books, 40)
    assert fresh(books) == [80]
    spend(books, 9)
    assert fresh(books) == []  # one more question fits
    spend(books, 1)
    assert fresh(books) == [100]
    assert fresh(books) == []


def test_marks_that_are_passed_together_are_told_together(books: Books) -> None:
    spend(books, 95)
    assert fresh(books) == [50, 80]


def test_what_does_not_pay_for_one_more_question_is_used_up(books: Books) -> None:
    books.ledger.charge(ask("q", price("a", EPSILON - USUAL + 1), own=OWN))
    assert fresh(books) == [50, 80, 100]


def test_delta_counts_as_epsilon_does(books: Books) -> None:
    spend(books, 1, delta=8 * 10**14)  # of 10^15
    assert fresh(books) == [50, 80]


def test_a_renewed_account_is_told_of_anew(books: Books, clock: Hands) -> None:
    spend(books, 60)
    assert fresh(books) == [50]
    clock.time = dt.datetime(2024, 3, 5, tzinfo=dt.UTC)
    assert fresh(books) == []
    spend(books, 60)
    assert fresh(books) == [50]


def test_a_grant_moves_the_marks_and_none_is_told_of_twice(books: Books) -> None:
    spend(books, 60)
    assert fresh(books) == [50]
    books.ledger.grant("hospital", "user:ann", Fraction(1), by="root", reason="x")
    spend(books, 50)
    assert fresh(books) == []  # 110 of 200: that half is used was said before
    spend(books, 50)
    assert fresh(books) == [80]


def test_an_alert_says_what_is_used(books: Books) -> None:
    spend(books, 50)
    (alert,) = books.alerts.fresh("hospital", OWN, USUAL)
    assert alert == Alert(
        dataset="hospital", holder="user:ann", percent=50, spent_epsilon=0.5, limit_epsilon=1.0,
        period_start=dt.date(2024, 2, 1), renews_at=dt.datetime(2024, 3, 1, tzinfo=dt.UTC),
        at=alert.at,
    )  # fmt: skip


def test_of_many_who_look_at_once_one_tells(books: Books) -> None:
    spend(books, 100)
    told: list[int] = []
    together(16, lambda _: told.extend(fresh(books)))
    assert sorted(told) == [50, 80, 100]


AMOUNTS = st.integers(min_value=0, max_value=10**15)


@given(amount=AMOUNTS, delta=AMOUNTS, most=AMOUNTS, most_delta=AMOUNTS, usual=AMOUNTS)
def test_marks_are_exact_and_grow_with_what_is_spent(
    amount: int, delta: int, most: int, most_delta: int, usual: int
) -> None:
    limit = Cost(amount=most, delta=most_delta)
    found = passed(Cost(amount=amount, delta=delta), limit, usual)
    assert found == tuple(sorted(found))
    assert set(found) <= set(MARKS)
    more = passed(Cost(amount=amount + 1, delta=delta), limit, usual)
    assert set(found) <= set(more)
    for mark in (50, 80):
        share = amount > 0 and Fraction(amount) >= Fraction(mark, 100) * most
        share |= delta > 0 and Fraction(delta) >= Fraction(mark, 100) * most_delta
        assert (mark in found) == share
    if amount and amount + usual > most:
        assert 100 in found


@pytest.mark.parametrize("limit", [NOTHING, Cost(amount=5, delta=0)])
def test_an_account_that_spent_nothing_has_passed_no_mark(limit: Cost) -> None:
    assert passed(NOTHING, limit, 10) == ()
