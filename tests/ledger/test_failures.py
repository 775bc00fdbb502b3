"""Crashes between steps and databases that do not answer: nothing half done, nothing doubled."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
from pathlib import Path

import pytest

from gateway.budget import audit, questions
from gateway.budget.books import Books, open_ledger
from gateway.errors import Code, Refusal
from tests.ledger.desk import TABLE, Hands, allowance, ask, keep, price, spent

OWN = allowance("user:ann")
EVERYONE = allowance("everyone")
REQUEST = ask("q1", price("a", 10), price("b", 5), everyone=EVERYONE, key="k")


def _die(*_: object, **__: object) -> None:
    os._exit(9)


def _until(step: str, url: str) -> None:
    """Ask one question and die, as by kill -9, at a step of it."""
    books = open_ledger(url, Hands())
    if step == "before the audit record":
        audit.append = _die
    if step == "before the commit":
        questions.charged = _die
    books.ledger.charge(REQUEST)
    if step == "after the charge":
        _die()
    books.answers.keep("hospital", {"a": TABLE, "b": TABLE}, "ann", None)
    _die()


@pytest.mark.parametrize(
    ("step", "left_behind", "found"),
    [
        ("before the audit record", 0, False),
        ("before the commit", 0, False),
        ("after the charge", 15, False),
        ("after the answer was kept", 15, True),
    ],
)
def test_a_crash_loses_and_doubles_nothing(
    url: str, step: str, left_behind: int, found: bool
) -> None:
    worker = multiprocessing.get_context("spawn").Process(target=_until, args=(step, url))
    worker.start()
    worker.join(timeout=60)
    assert worker.exitcode == 9
    books = open_ledger(url, Hands())
    assert spent(books, OWN) == spent(books, EVERYONE) == left_behind
    assert bool(books.answers.find("hospital", ["a"], "ann")) is found
    assert books.verify() == ()
    books.ledger.charge(REQUEST)  # the retry
    if not found:
        books.answers.keep("hospital", {"a": TABLE, "b": TABLE}, "ann", None)
    assert spent(books, OWN) == spent(books, EVERYONE) == 15
    assert books.verify() == ()
    books.close()


def _refused(books: Books) -> Refusal:
    with pytest.raises(Refusal) as refused:
        books.ledger.charge(REQUEST)
    assert refused.value.code is Code.ENGINE_UNAVAILABLE
    assert refused.value.sentence.startswith("The budget ledger did not answer")
    return refused.value


def test_a_locked_database_is_said_to_be_so(url: str, books: Books) -> None:
    hasty = open_ledger(url, Hands(), wait_seconds=0.1)
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    _refused(hasty)
    other.execute("ROLLBACK")
    other.close()
    assert spent(hasty, OWN) == 0
    hasty.ledger.charge(REQUEST)
    assert spent(hasty, OWN) == 15
    hasty.close()


def test_a_full_disk_leaves_nothing_half_done(books: Books) -> None:
    with books.store.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    big = price("x" * 100_000, 10)
    with pytest.raises(Refusal) as refused:
        books.ledger.charge(ask("q1", big))
    assert refused.value.code is Code.ENGINE_UNAVAILABLE
    assert "x" * 50 not in str(refused.value.__cause__)  # parameters stay out of messages and logs
    with books.store.reading() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    assert spent(books, OWN) == 0
    books.ledger.charge(ask("q1", big))
    assert spent(books, OWN) == 10


def test_a_database_that_is_gone_is_said_to_be_so(url: str, tmp_path: Path) -> None:
    books = open_ledger(url, Hands())
    books.close()
    for file in tmp_path.iterdir():
        file.unlink()
    (tmp_path / "ledger.db").write_bytes(b"this is no database" * 500)
    _refused(books)
    with pytest.raises(Refusal):
        books.healthy()
    with pytest.raises(Refusal):
        books.users.authenticate(None, "x")
    books.close()


def test_a_fault_of_the_code_is_not_taken_for_an_outage(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(questions, "charged", broken)
    with pytest.raises(ZeroDivisionError):
        books.ledger.charge(REQUEST)
    monkeypatch.undo()
    assert spent(books, OWN) == 0


def test_answers_are_kept_all_or_nothing(books: Books) -> None:
    books.ledger.charge(REQUEST)
    with pytest.raises(Refusal):
        books.answers.keep("hospital", {"a": TABLE, "b": TABLE, "unpaid": TABLE}, "ann", None)
    assert books.answers.find("hospital", ["a", "b"], "ann") == {}
    keep(books, "a")
    keep(books, "b")
    assert set(books.answers.find("hospital", ["a", "b"], "ann")) == {"a", "b"}
    assert books.healthy()
