"""Two equal questions at the same moment draw noise once, and `everyone` pays once."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from gateway.budget.books import Books, open_ledger
from gateway.errors import Code
from tests.ledger.desk import Hands, allowance, ask, keep, price, spent, together

EVERYONE = allowance("everyone")
BOB = allowance("user:bob")
PATIENCE = 60.0
"""Longer than any of these tests may take: whoever waits, waits for what the test does."""


@pytest.fixture
def here(url: str) -> Iterator[Books]:
    books = open_ledger(url, Hands(), patience_seconds=PATIENCE)
    yield books
    assert books.verify() == ()
    books.close()


@pytest.fixture
def elsewhere(url: str, here: Books) -> Iterator[Books]:
    """Another process's view: it shares nothing but the database."""
    books = open_ledger(url, Hands(), patience_seconds=PATIENCE)
    yield books
    books.close()


class Waiting:
    """Bob asks for the release `a` in a thread of his own."""

    def __init__(self, books: Books) -> None:
        self.charged: int | None = None
        self._books = books
        self._thread = threading.Thread(target=self._ask)
        self._thread.start()

    def _ask(self) -> None:
        request = ask("bob's", price("a", 10), price("b", 5), name="bob", everyone=EVERYONE)
        self.charged = self._books.ledger.charge(request).charged.amount

    def still(self) -> bool:
        """Whether it still waits after many looks."""
        self._thread.join(timeout=0.3)
        return self._thread.is_alive()

    def end(self) -> int | None:
        self._thread.join(timeout=PATIENCE / 2)
        assert not self._thread.is_alive(), "it waits for nobody"
        return self.charged


def test_a_question_waits_for_the_draw_that_another_process_makes(
    here: Books, elsewhere: Books
) -> None:
    here.ledger.charge(ask("ann's", price("a", 10), everyone=EVERYONE))
    bob = Waiting(elsewhere)
    assert bob.still()
    assert spent(here, BOB) == 0  # nothing is held or paid while it waits
    keep(here, "a")
    assert bob.end() == 15
    assert spent(here, EVERYONE) == 15  # a once, and b
    assert here.answers.find("hospital", ["a"], "bob")["a"].seen


def test_a_draw_that_was_refused_after_its_charge_is_not_waited_for(
    here: Books, elsewhere: Books
) -> None:
    here.ledger.charge(ask("ann's", price("a", 10), everyone=EVERYONE))
    bob = Waiting(elsewhere)
    assert bob.still()
    here.questions.record_refusal(
        query_id="ann's",
        analyst="ann",
        dataset="hospital",
        sql="SELECT",
        code=Code.ENGINE_UNAVAILABLE,
    )
    assert bob.end() == 15
    assert spent(here, EVERYONE) == 25


@pytest.mark.parametrize("ending", ["refund", "data changed"])
def test_a_draw_that_cannot_come_is_not_waited_for(
    here: Books, elsewhere: Books, ending: str
) -> None:
    here.ledger.charge(ask("ann's", price("a", 10), everyone=EVERYONE))
    bob = Waiting(elsewhere)
    assert bob.still()
    if ending == "refund":
        here.ledger.refund("ann's")
    else:
        here.answers.data_changed("hospital", by="root")
    assert bob.end() == 15


def test_patience_ends(url: str) -> None:
    """A process that died leaves a charge that nobody uses; others then draw for themselves."""
    books = open_ledger(url, Hands(), patience_seconds=0.2)
    books.ledger.charge(ask("ann's", price("a", 10), everyone=EVERYONE))
    assert Waiting(books).end() == 15
    assert spent(books, EVERYONE) == 25
    books.close()


def test_many_equal_questions_at_once_are_drawn_once(here: Books, elsewhere: Books) -> None:
    def work(number: int) -> None:
        books, name = (here, elsewhere)[number % 2], f"u{number}"
        books.ledger.charge(ask(f"q{number}", price("a", 10), name=name, everyone=EVERYONE))
        if not books.answers.find("hospital", ["a"], name):
            keep(books, "a", name)

    assert set(together(12, work)) == {None}
    assert spent(here, EVERYONE) == 10
    for number in range(12):
        assert spent(here, allowance(f"user:u{number}")) == 10


def test_questions_that_share_several_releases_never_wait_for_each_other(
    here: Books, elsewhere: Books
) -> None:
    """Each takes all of its releases at once or none, so there is no circle of waiting."""

    def work(number: int) -> None:
        books, name = (here, elsewhere)[number % 2], f"u{number}"
        prints = ["a", "b", "c"][number % 3 :] + ["a", "b", "c"][: number % 3]
        prices = [price(one, 10) for one in prints[:2]]
        books.ledger.charge(ask(f"q{number}", *prices, name=name, everyone=EVERYONE))
        stored = books.answers.find("hospital", prints[:2], name)
        for one in prints[:2]:
            if one not in stored or not stored[one].seen:
                keep(books, one, name)

    assert set(together(12, work)) == {None}
    assert spent(here, EVERYONE) == 30
