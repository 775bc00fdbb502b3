"""Periods by calendar, and clocks that go backwards."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from gateway.budget import periods
from gateway.budget.books import Books
from gateway.budget.cost import Allowance
from gateway.errors import Code, Refusal
from gateway.policy.model import Renewal
from tests.ledger.desk import EPSILON, START, Hands, allowance, ask, price, spent, tamper

DAY = dt.timedelta(days=1)
BERLIN, EAST, WEST = "Europe/Berlin", "Pacific/Kiritimati", "Pacific/Pago_Pago"


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
    first = periods.start(dt.datetime.fromisoformat(now), renews, "UTC")
    assert first == dt.date.fromisoformat(start)
    end = periods.renewal_after(first, renews, "UTC")
    assert end == (None if ends is None else dt.datetime.fromisoformat(ends + "T00:00:00+00:00"))


@pytest.mark.parametrize(
    ("zone", "renews", "now", "start", "ends"),
    [
        (BERLIN, Renewal.MONTHLY, "2024-02-29T23:30", "2024-03-01", "2024-03-31T22:00"),
        (BERLIN, Renewal.DAILY, "2024-03-30T23:00", "2024-03-31", "2024-03-31T22:00"),
        (BERLIN, Renewal.DAILY, "2024-10-26T22:00", "2024-10-27", "2024-10-27T23:00"),
        ("US/Pacific", Renewal.WEEKLY, "2024-03-11T06:59", "2024-03-04", "2024-03-11T07:00"),
        (EAST, Renewal.MONTHLY, "2024-01-31T10:00", "2024-02-01", "2024-02-29T10:00"),
        # Summer time began at midnight here: the day's first moment was 01:00 local time.
        ("Asia/Beirut", Renewal.DAILY, "2024-03-30T20:00", "2024-03-30", "2024-03-30T22:00"),
    ],
)
def test_periods_begin_at_midnight_of_the_policys_zone(
    zone: str, renews: Renewal, now: str, start: str, ends: str
) -> None:
    first = periods.start(dt.datetime.fromisoformat(now + "+00:00"), renews, zone)
    assert first == dt.date.fromisoformat(start)
    assert periods.renewal_after(first, renews, zone) == dt.datetime.fromisoformat(ends + "+00:00")


def test_a_time_without_zone_has_no_period() -> None:
    with pytest.raises(ValueError, match="zone"):
        periods.start(dt.datetime(2024, 1, 1), Renewal.DAILY, "UTC")


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
        books.accept_clock("root", "the clock was ahead")
        with pytest.raises(Refusal) as refused:
            books.ledger.charge(ask("q3", price("c", 1), own=own))
        assert refused.value.code is Code.BUDGET_EXHAUSTED
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
    books.accept_clock("root", "the clock was a day ahead")
    books.ledger.grant("hospital", "user:ann", Fraction(1), by="root", reason="a study")
    books.ledger.charge(ask("q2", price("b", EPSILON), own=own))
    assert spent(books, own) == 2 * EPSILON


def _exhausted(books: Books, own: Allowance, name: str) -> bool:
    try:
        books.ledger.charge(ask(name, price(name, EPSILON), own=own))
    except Refusal:
        return True
    return False


@pytest.mark.parametrize("before", list(Renewal))
@pytest.mark.parametrize("after", list(Renewal))
@pytest.mark.parametrize("zone", ["UTC", EAST])
@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_change_of_calendar_never_hands_out_a_budget(
    books: Books, clock: Hands, before: Renewal, after: Renewal, zone: str
) -> None:
    """The whole budget is spent; it renews at the first boundary of the new calendar, not before,
    though the change is noticed again and again."""
    assert not _exhausted(books, allowance("user:ann", renews=before), "q1")
    own = replace(allowance("user:ann", renews=after), zone=zone)
    boundary = books.ledger.balance("hospital", own).renews_at
    assert boundary is None or boundary > clock.time
    assert _exhausted(books, own, "q2")
    if boundary is None:
        clock.time += 400 * DAY
        assert _exhausted(books, own, "q3")
        return
    clock.time = boundary - dt.timedelta(seconds=1)
    assert _exhausted(books, own, "q3")
    clock.time = boundary
    assert not _exhausted(books, own, "q4")
    assert _exhausted(books, own, "q5")


def test_changing_to_and_fro_hands_out_nothing(books: Books, clock: Hands) -> None:
    assert not _exhausted(books, allowance("user:ann", renews=Renewal.MONTHLY), "first")
    for number in range(12):
        renews = list(Renewal)[number % 4]
        zone = ["UTC", EAST, WEST][number % 3]
        assert _exhausted(books, replace(allowance("user:ann", renews=renews), zone=zone), "again")


def test_periods_that_passed_without_a_charge_are_skipped(books: Books, clock: Hands) -> None:
    own = allowance("user:ann", renews=Renewal.MONTHLY)
    books.ledger.charge(ask("q1", price("a", EPSILON), own=own))
    clock.time = dt.datetime(2024, 7, 15, tzinfo=dt.UTC)
    books.ledger.charge(ask("q2", price("b", EPSILON), own=own))  # one budget, not five
    with pytest.raises(Refusal) as refused:
        books.ledger.charge(ask("q3", price("c", 1), own=own))
    assert refused.value.facts["renews_at"] == "2024-08-01T00:00:00+00:00"


def test_a_grant_early_on_the_first_day_of_a_zone_counts(books: Books, clock: Hands) -> None:
    own = replace(allowance("user:ann", renews=Renewal.MONTHLY), zone=BERLIN)
    clock.time = dt.datetime(2024, 2, 29, 23, 30, tzinfo=dt.UTC)  # the first of March there
    books.ledger.charge(ask("q1", price("a", 1), own=own))
    books.ledger.grant("hospital", "user:ann", Fraction(1, 2), by="root", reason="a study")
    assert books.ledger.balance("hospital", own).limit.amount == EPSILON * 3 // 2


@pytest.mark.parametrize(
    ("period_start", "renews", "goes_on"),
    [
        ("1970-01-01", Renewal.NEVER, True),
        ("1970-01-01", Renewal.MONTHLY, True),
        ("2024-02-01", Renewal.MONTHLY, True),
        ("2024-01-01", Renewal.MONTHLY, False),
        ("2024-02-27", Renewal.MONTHLY, True),
        ("2024-02-27", Renewal.DAILY, False),
    ],
)
@pytest.mark.parametrize("backend", ["sqlite"])
def test_accounts_of_versions_that_kept_no_calendar(
    books: Books, url: str, period_start: str, renews: Renewal, goes_on: bool
) -> None:
    own = allowance("user:ann", renews=renews)
    books.ledger.charge(ask("q1", price("a", EPSILON), own=own))
    change = f"period_start = '{period_start}', renews = NULL, zone = NULL, ends_at = NULL"
    tamper(url, f"UPDATE accounts SET {change}")
    assert (spent(books, own) == EPSILON) is goes_on
    tamper(url, "UPDATE accounts SET period_start = (SELECT MAX(period_start) FROM charges)")
