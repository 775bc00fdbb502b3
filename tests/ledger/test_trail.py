"""One chain of records, however many processes append to it."""

from __future__ import annotations

import multiprocessing

from gateway.budget.books import open_ledger
from gateway.budget.signing import default_file
from tests.ledger.desk import Hands, ask, price
from tests.trail.conftest import answered


def _append(url: str, mine: int) -> None:
    books = open_ledger(url, Hands())
    for number in range(30):
        query = f"q{mine}-{number}"
        if number % 3 == 0:
            books.ledger.charge(ask(query, price(query, 1)))
        answered(books, query)
    books.close()


def test_processes_that_append_at_once_make_one_chain(url: str) -> None:
    """Four processes open a new ledger at once: one key, one chain, no record lost."""
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_append, args=(url, number)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=120)
        assert worker.exitcode == 0
    books = open_ledger(url, Hands())
    assert books.verify() == ()
    assert books.audit.head().sequence == 1 + 4 * (30 + 10)
    assert len(books.audit.public_keys()) == 1
    assert default_file(url).exists()
    books.close()
