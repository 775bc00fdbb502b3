"""When accounts run out: the straight line through the last four weeks."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from gateway.budget.books import Books
from gateway.budget.cost import NOTHING, Cost
from gateway.budget.forecast import WINDOW, Forecast, Outlook, forecast
from gateway.policy.model import Renewal
from tests.ledger.desk import EPSILON, START, Hands, allowance, ask, price

DAY = dt.timedelta(days=1)


def of(books: Books, renews: Renewal = Renewal.NEVER) -> Forecast:
    return books.forecasts.of("hospital", allowance("user:ann", renews=renews))


def spend(books: Books, percent: int, delta: int = 0, query: str = "") -> None:
    number = query or f"q{books.audit.head().sequence}"
    books.ledger.charge(ask(number, price(number, percent * EPSILON // 100, delta)))


def test_an_account_that_was_never_charged_has_no_rate(books: Books) -> None:
    found = of(books)
    assert (found.outlook, found.runs_out_at, found.paid) == (Outlook.IDLE, None, NOTHING)


def test_a_steady_rate_is_carried_on(books: Books, clock: Hands) -> None:
    """2% a day for ten days leave 80%, which last forty days more."""
    for _ in range(10):
        spend(books, 2)
        clock.time += DAY
    found = of(books)
    assert found.outlook is Outlook.RUNS_OUT
    assert found.paid.amount == EPSILON // 5
    assert found.runs_out_at is not None
    assert abs(found.runs_out_at - (clock.time + 40 * DAY)) < dt.timedelta(seconds=1)


def test_one_busy_hour_is_a_days_rate(books: Books, clock: Hands) -> None:
    for _ in range(5):
        spend(books, 2)
        clock.time += DAY / 24
    found = of(books)
    assert found.since == clock.time - DAY
    assert found.runs_out_at == clock.time + 9 * DAY


def test_what_is_older_than_the_window_does_not_count(books: Books, clock: Hands) -> None:
    spend(books, 50)
    clock.time += WINDOW
    assert of(books).outlook is Outlook.IDLE
    spend(books, 1)
    found = of(books)
    assert (found.since, found.paid.amount) == (clock.time - WINDOW, EPSILON // 100)
    assert found.runs_out_at == clock.time + 49 * WINDOW


def test_an_account_may_renew_first(books: Books, clock: Hands) -> None:
    own = allowance("user:ann", renews=Renewal.MONTHLY)
    books.ledger.charge(ask("q", price("a", EPSILON // 10), own=own))
    assert of(books, Renewal.MONTHLY).outlook is Outlook.RENEWS  # 9 days at 10%, 1.5 days to go
    books.ledger.charge(ask("r", price("b", EPSILON * 8 // 10), own=own))
    found = of(books, Renewal.MONTHLY)
    assert found.outlook is Outlook.RUNS_OUT
    assert found.runs_out_at == START + DAY / 9


def test_an_account_may_be_used_up_or_last(books: Books, clock: Hands) -> None:
    books.ledger.charge(ask("q", price("a", 1)))
    clock.time += DAY
    assert of(books).outlook is Outlook.LASTS
    spend(books, 99)
    books.ledger.charge(ask("r", price("r", EPSILON // 100 - 1)))
    assert of(books).outlook is Outlook.EXHAUSTED


def test_delta_may_run_out_first(books: Books) -> None:
    spend(books, 1, delta=5 * 10**14)  # half of δ, a hundredth of ε
    assert of(books).runs_out_at == START + DAY


def test_refunds_are_taken_off(books: Books) -> None:
    spend(books, 10, query="q1")
    spend(books, 50, query="q2")
    books.ledger.refund("q2")
    assert of(books).paid.amount == EPSILON // 10


POSITIVE = st.integers(min_value=1, max_value=10**18)


@given(
    paid=POSITIVE,
    left=POSITIVE,
    days=st.integers(min_value=1, max_value=28),
    renews=st.none() | st.integers(min_value=0, max_value=400),
)
def test_the_line_is_exact(paid: int, left: int, days: int, renews: int | None) -> None:
    """At the moment named, the rate has used up what was left to within one microsecond."""
    found = forecast(
        paid=Cost(amount=paid, delta=0),
        since=START - days * DAY,
        left=Cost(amount=left, delta=0),
        now=START,
        renews_at=None if renews is None else START + renews * DAY,
    )
    lasts = Fraction(left, paid) * days
    if found.runs_out_at is not None:
        took = Fraction((found.runs_out_at - START) // dt.timedelta(microseconds=1), 86_400_000_000)
        assert 0 <= lasts - took < Fraction(1, 86_400_000_000)
        assert renews is None or took < renews
    elif found.outlook is Outlook.RENEWS:
        assert renews is not None
        assert lasts >= renews
    else:
        assert found.outlook is Outlook.LASTS
        assert lasts > 3652
