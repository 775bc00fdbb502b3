"""Periods by calendar, and clocks that go backwards."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from gateway.budget import periods
from gateway.budget.books import Books
from gateway.errors import Refusal
from gateway.policy.model import Renewal
from tests.ledger.desk import EPSILON, START, Hands, allowance, ask, price, spent

DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("renews", "now", "start", "ends"),
    [
        (Renewal.NEVER, "2024-02-29T23:59:59+00:00", "1970-01-01", None),
        (Renewal.DAILY, "2024-02-29T23:59:59+00:00", "2024-02-29", "2024-03-01"),
        (Renewal.DAILY, "2024-03-01T00:30:00+02:00", "2024-02-29", "2024-03-01"),
        (Renewal.WEEKLY, "2024-03-03T12:00:00+00:00", "2024-02-26", "2024-03-04"),
        (Renewal.WEEKLY, "2024-03-04T00:00:00+00:00", "2024-03-04", "2024-03-11"),
        (Renewal.MONTHLY, "2024-01-31T12:00:00+00:00", "2024-01-01", "2024-02-01"),
        (Renewal.MONTHLY, "2023-12-31T23:59:59-01:00", "2024-01-01", "2024-02-01"),
        (Renewal.MONTHLY, "2023-12-05T00:00:00+00:00", "2023-12-01", "2024-01-01"),
    ],
)
def test_periods_follow_the_calendar_in_utc(
    renews: Renewal, now: str, start: str, ends: str | None
) -> None:
    first = periods.start(dt.datetime.fromisoformat(now), renews)
    assert first == dt.date.fromisoformat(start)
    end = periods.renewal_after(first, renews)
    assert end == (None if ends is None else dt.datetime.fromisoformat(ends + "T00:00:00+00:00"))


def test_a_time_without_zone_has_no_period() -> None:
    with pytest.raises(ValueError, match="zone"):
        periods.start(dt.datetime(2024, 1, 1), Renewal.DAILY)


def test_a_renewal_opens_a_new_row_and_keeps_the_old(books: Books, clock: Hands) -> None:
    own = allowance("user:ann", renews=Renewal.MONTHLY)
    books.ledger.charge(ask("q1", price("a", EPSILON), own=own))
    with pytest.raises(Refusal) as refused:
        books.ledger.charge(ask("q2", price("b", 1), own=own))
    assert refused.value.facts["renews_at"] == "2024-03-01T00:00:00+00:00"
    assert "2024-03-01" in refused.value.hint
    clock.time = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
    assert spent(books, own) == 0
    books.ledger.charge(ask("q3", price("b", 1), own=own))
    with books.store.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT period_start, spent_amount FROM accounts ORDER BY 1"
        )
        assert [(str(day), amount) for day, amount in rows] == [
            ("2024-02-01", EPSILON),
            ("2024-03-01", 1),
        ]


def test_a_clock_set_back_neither_opens_nor_reopens_a_period(books: Books, clock: Hands) -> None:
    own = allowance("user:ann", renews=Renewal.DAILY)
    books.ledger.charge(ask("q1", price("a", 1), own=own))
    clock.time = START + DAY
    books.ledger.charge(ask("q2", price("b", EPSILON), own=own))
    for back in (START, START - 400 * DAY):
        clock.time = back
        assert spent(books, own) == EPSILON
        with pytest.raises(Refusal):
            books.ledger.charge(ask("q3", price("c", 1), own=own))
    clock.time = START + 2 * DAY
    books.ledger.charge(ask("q4", price("c", EPSILON), own=own))
    assert len(books.ledger.balances("hospital")) == 1


def test_rarer_renewals_do_not_hand_out_a_new_budget(books: Books, clock: Hands) -> None:
    books.ledger.charge(
        ask("q1", price("a", EPSILON), own=allowance("user:ann", renews=Renewal.DAILY))
    )
    for renews in (Renewal.WEEKLY, Renewal.MONTHLY, Renewal.NEVER):
        own = allowance("user:ann", renews=renews)
        with pytest.raises(Refusal):
            books.ledger.charge(ask("q2", price("b", 1), own=own))


def test_a_grant_counts_for_its_period_only(books: Books, clock: Hands) -> None:
    own = allowance("user:ann", renews=Renewal.DAILY)
    books.ledger.grant("hospital", "user:ann", Fraction(1, 2), by="root", reason="a study")
    assert books.ledger.balance("hospital", own).limit.amount == EPSILON * 3 // 2
    clock.time += DAY
    assert books.ledger.balance("hospital", own).limit.amount == EPSILON


def test_a_grant_after_the_clock_was_set_back_still_counts(books: Books, clock: Hands) -> None:
    own = allowance("user:ann", renews=Renewal.DAILY)
    books.ledger.charge(ask("q1", price("a", EPSILON), own=own))
    clock.time -= DAY
    books.ledger.grant("hospital", "user:ann", Fraction(1), by="root", reason="a study")
    books.ledger.charge(ask("q2", price("b", EPSILON), own=own))
    assert spent(books, own) == 2 * EPSILON
