"""Hundreds of threads and several processes on one account."""

from __future__ import annotations

import multiprocessing
from collections import Counter

from gateway.budget.books import Books, open_ledger
from gateway.errors import Code, Refusal
from tests.ledger.desk import EPSILON, Hands, allowance, ask, keep, price, spent, together

OWN = allowance("user:ann")
EVERYONE = allowance("everyone", epsilon="2")
PART = EPSILON // 100


def test_three_hundred_threads_spend_exactly_what_fits(books: Books) -> None:
    def work(number: int) -> None:
        books.ledger.charge(ask(f"q{number}", price(f"{number}", PART), everyone=EVERYONE))

    assert Counter(together(300, work)) == {None: 100, Code.BUDGET_EXHAUSTED: 200}
    assert spent(books, OWN) == EPSILON
    assert spent(books, EVERYONE) == EPSILON


def test_many_analysts_share_the_cap_exactly(books: Books) -> None:
    def work(number: int) -> None:
        request = ask(
            f"q{number}", price(f"{number}", PART), name=f"u{number % 4}", everyone=EVERYONE
        )
        books.ledger.charge(request)

    assert Counter(together(280, work)) == {None: 200, Code.BUDGET_EXHAUSTED: 80}
    assert spent(books, EVERYONE) == 2 * EPSILON
    held = sum(spent(books, allowance(f"user:u{number}")) for number in range(4))
    assert held == 2 * EPSILON


def test_one_key_in_many_threads_pays_once(books: Books) -> None:
    def work(number: int) -> None:
        books.ledger.charge(ask(f"q{number}", price("a", PART), key="k", everyone=EVERYONE))

    together(60, work)
    assert spent(books, OWN) == PART
    assert spent(books, EVERYONE) == PART


def test_readers_of_a_stored_answer_pay_once_each(books: Books) -> None:
    books.ledger.charge(ask("q", price("a", PART), everyone=EVERYONE))
    keep(books, "a")

    def work(number: int) -> None:
        name = f"u{number % 10}"
        books.ledger.charge(ask(f"q{number}", price("a", PART), name=name, everyone=EVERYONE))

    together(60, work)
    for number in range(10):
        assert spent(books, allowance(f"user:u{number}")) == PART
    assert spent(books, EVERYONE) == PART


def _spend(url: str, mine: int, done: multiprocessing.Queue[int]) -> None:
    books = open_ledger(url, Hands())
    paid = 0
    for number in range(40):
        try:
            books.ledger.charge(ask(f"q{mine}-{number}", price(f"{mine}-{number}", PART)))
            paid += 1
        except Refusal as refusal:
            if refusal.code is not Code.BUDGET_EXHAUSTED:
                raise
    books.close()
    done.put(paid)


def test_processes_that_open_a_new_ledger_at_once_spend_exactly_what_fits(url: str) -> None:
    context = multiprocessing.get_context("spawn")
    done: multiprocessing.Queue[int] = context.Queue()
    workers = [context.Process(target=_spend, args=(url, number, done)) for number in range(4)]
    for worker in workers:
        worker.start()
    paid = [done.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    books = open_ledger(url, Hands())
    assert sum(paid) == 100
    assert spent(books, OWN) == EPSILON
    assert books.verify() == ()
    books.close()
