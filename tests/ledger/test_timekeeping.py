"""A clock that jumps opens no period early: charges are refused, and nothing is half done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from gateway.budget.books import Books, open_ledger
from gateway.budget.timekeeping import TOLERANCE, jump
from gateway.clock import SystemClock
from gateway.errors import Code, Refusal
from gateway.policy.model import Renewal
from tests.ledger.desk import EPSILON, START, Hands, allowance, ask, keep, price, spent

DAY = dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)
OWN = allowance("user:ann", renews=Renewal.DAILY)
EVERYONE = allowance("everyone", renews=Renewal.DAILY)


def charge(books: Books, name: str, amount: int = 1) -> int:
    request = ask(name, price(name, amount), own=OWN, everyone=EVERYONE)
    return books.ledger.charge(request).charged.amount


def refused(books: Books, name: str) -> Refusal:
    """The refusal of a charge, of which the ledger then holds no trace."""
    before = (books.audit.head(), spent(books, OWN), books.replay())
    with pytest.raises(Refusal) as caught:
        charge(books, name)
    assert caught.value.code is Code.CLOCK_JUMPED
    assert "noisegate audit clock" in caught.value.hint
    assert (books.audit.head(), spent(books, OWN), books.replay()) == before
    return caught.value


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        (lambda clock: clock.leap(DAY), "jumped ahead"),
        (lambda clock: clock.leap(-DAY), "before the last charge"),
        (lambda clock: clock.leap(TOLERANCE + SECOND), "jumped ahead"),
        (lambda clock: clock.leap(-TOLERANCE - SECOND), "before the last charge"),
    ],
)
def test_a_jump_is_refused_until_the_clock_is_right(
    books: Books, clock: Hands, turn: Callable[[Hands], None], said: str
) -> None:
    charge(books, "a", EPSILON - 1)
    keep(books, "a")
    turn(clock)
    assert said in refused(books, "b").sentence
    assert charge(books, "a", EPSILON - 1) == 0  # what was seen stays free
    clock.leap(START - clock.now())
    assert charge(books, "b") == 1
    with pytest.raises(Refusal) as exhausted:
        charge(books, "c")  # the jump has handed out no budget
    assert exhausted.value.code is Code.BUDGET_EXHAUSTED


def test_a_clock_may_be_put_right_by_a_little(books: Books, clock: Hands) -> None:
    charge(books, "a")
    for number, by in enumerate((TOLERANCE, -TOLERANCE, -SECOND, SECOND)):
        clock.leap(by)
        assert charge(books, f"b{number}") == 1


def test_time_that_passes_is_no_jump(books: Books, clock: Hands) -> None:
    charge(books, "a", EPSILON)
    for number in range(3):
        clock.time += 30 * DAY
        assert charge(books, f"b{number}", EPSILON) == EPSILON


def test_an_administrator_says_that_a_clock_ahead_is_right(books: Books, clock: Hands) -> None:
    charge(books, "a")
    clock.leap(DAY)
    refused(books, "b")
    with pytest.raises(Refusal, match="reason"):
        books.accept_clock("root", "  ")
    refused(books, "b")
    assert books.accept_clock("root", "it was a day behind") == clock.now()
    assert charge(books, "b") == 1
    (record,) = [one for one in books.audit.records() if one.kind == "clock_accepted"]
    assert (record.actor, "a day behind" in record.body) == ("root", True)
    clock.leap(DAY)  # that word was for the first jump
    refused(books, "c")


def test_an_administrator_says_that_a_clock_set_back_is_right(books: Books, clock: Hands) -> None:
    clock.leap(400 * DAY)
    charge(books, "a", EPSILON)
    clock.leap(-400 * DAY)
    refused(books, "b")
    books.accept_clock("root", "it was a year ahead")
    with pytest.raises(Refusal) as exhausted:
        charge(books, "b")  # the period that was opened goes on
    assert exhausted.value.code is Code.BUDGET_EXHAUSTED
    own = allowance("user:bob", renews=Renewal.DAILY)
    books.ledger.charge(ask("c", price("c", 1), name="bob", own=own))
    clock.leap(-DAY)
    refused(books, "d")


def test_a_gateway_that_starts_under_a_clock_set_back_sees_it(
    books: Books, clock: Hands, url: str
) -> None:
    charge(books, "a")
    behind = Hands()
    behind.leap(-TOLERANCE - SECOND)
    late = open_ledger(url, behind, patience_seconds=0)
    refused(late, "b")
    behind.leap(SECOND)
    assert charge(late, "b") == 1
    late.close()


def test_what_another_gateway_charged_later_counts(books: Books, clock: Hands, url: str) -> None:
    """This one has not charged since, and would find nothing wrong with a time after its own."""
    charge(books, "a")
    other_clock = Hands()
    other = open_ledger(url, other_clock, patience_seconds=0)
    other_clock.time += DAY
    clock.time += DAY
    charge(other, "b")
    clock.leap(-DAY / 2)
    refused(books, "c")
    other.close()


def test_a_jump_while_a_refund_is_due_is_no_charge(books: Books, clock: Hands) -> None:
    charge(books, "a", 5)
    clock.leap(DAY)
    books.ledger.refund("a")
    clock.leap(-DAY)
    assert spent(books, OWN) == 0
    assert charge(books, "b") == 1


@pytest.mark.parametrize(
    ("shown", "passed", "found"),
    [
        (0, 0, 0),
        (60, 0, 0),
        (61, 0, 61),
        (-60, 0, 0),
        (-61, 0, -61),
        (100_000, 100_000, 0),
        (100_160, 100_000, 0),
        (100_161, 100_000, 161),
        (99_839, 100_000, -161),
    ],
)
def test_a_clock_that_runs_wrong_is_no_jump(shown: float, passed: float, found: float) -> None:
    now = START + dt.timedelta(seconds=shown)
    assert jump(START, 5.0, now, 5.0 + passed) == dt.timedelta(seconds=found)


def test_the_machines_steady_clock_does_not_go_back() -> None:
    clock = SystemClock()
    readings = [clock.elapsed() for _ in range(100)]
    assert readings == sorted(readings)
