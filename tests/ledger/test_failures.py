"""Crashes between steps and databases that do not answer: nothing half done, nothing doubled."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from gateway.budget import audit, questions
from gateway.budget.books import Books, open_ledger
from gateway.errors import Code, Refusal
from tests.ledger.desk import TABLE, Hands, allowance, ask, keep, price, spent, together

OWN = allowance("user:ann")
EVERYONE = allowance("everyone")
REQUEST = ask("q1", price("a", 10), price("b", 5), everyone=EVERYONE, key="k")


def _die(*_: object, **__: object) -> None:
    os._exit(9)


def _until(step: str, url: str) -> None:
    """Ask one question and die, as by kill -9, at a step of it."""
    books = open_ledger(url, Hands())
    if step == "before the audit record":
        audit.append_all = _die
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


@contextmanager
def _locked(url: str) -> Iterator[None]:
    """Somebody else holds the lock that every writer takes first."""
    if url.startswith("postgresql"):
        with psycopg.connect(url) as other:
            other.execute("SELECT * FROM audit_head FOR UPDATE")
            yield
        return
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_a_locked_database_is_said_to_be_so(url: str, books: Books) -> None:
    hasty = open_ledger(url, Hands(), wait_seconds=0.1)
    with _locked(url):
        _refused(hasty)
        assert spent(hasty, OWN) == 0  # readers do not wait
    hasty.ledger.charge(REQUEST)
    assert spent(hasty, OWN) == 15
    hasty.close()


@contextmanager
def _full(books: Books, url: str) -> Iterator[None]:
    """The disk has no room for another page."""
    if url.startswith("postgresql"):
        with psycopg.connect(url) as other:
            other.execute(
                "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END $$"
            )
            other.execute(
                "CREATE TRIGGER full_disk BEFORE INSERT ON audit EXECUTE FUNCTION full_disk()"
            )
        yield
        with psycopg.connect(url) as other:
            other.execute("DROP TRIGGER full_disk ON audit")
        return
    engine, most = books.store._engine, [0]

    def limited(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {most[0]}")

    with books.store.reading() as connection:
        most[0] = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    sa.event.listen(engine, "checkout", limited)
    yield
    most[0] = 1_000_000


def test_a_full_disk_leaves_nothing_half_done(books: Books, url: str) -> None:
    big = price("x" * (100_000 if url.startswith("sqlite") else 100), 10)
    with _full(books, url):
        with pytest.raises(Refusal) as refused:
            books.ledger.charge(ask("q1", big))
        assert refused.value.code is Code.ENGINE_UNAVAILABLE
        assert "x" * 50 not in str(refused.value.__cause__)  # parameters stay out of messages
    assert spent(books, OWN) == 0
    books.ledger.charge(ask("q1", big))
    assert spent(books, OWN) == 10


def test_a_disk_that_is_full_for_one_fails_all_that_share_its_commit(
    books: Books, url: str
) -> None:
    """SQLite undoes the whole transaction by itself then, which must not look like a commit."""

    def work(number: int) -> None:
        size = 100_000 if number == 7 and url.startswith("sqlite") else 100
        books.ledger.charge(ask(f"q{number}", price(f"{number}-" + "x" * size, 10)))

    with _full(books, url):
        results = together(16, work)
    paid = results.count(None)
    assert Code.ENGINE_UNAVAILABLE in results
    assert spent(books, OWN) == 10 * paid


@pytest.mark.parametrize("backend", ["sqlite"])
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


@pytest.mark.parametrize("step", ["append_all", "charged"])
@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_connection_lost_within_a_charge_leaves_nothing(
    books: Books, url: str, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server ends every session (as it does when it restarts) while a charge is written."""
    module = audit if step == "append_all" else questions
    real = getattr(module, step)

    def cut_off(*given: object, **named: object) -> None:
        with psycopg.connect(url) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        real(*given, **named)

    monkeypatch.setattr(module, step, cut_off)
    _refused(books)
    monkeypatch.undo()
    assert spent(books, OWN) == spent(books, EVERYONE) == 0
    books.ledger.charge(REQUEST)  # a new connection is made
    assert spent(books, OWN) == spent(books, EVERYONE) == 15


def test_a_server_that_does_not_answer_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        open_ledger(f"postgresql://nobody@/none?host={tmp_path}", Hands())
    assert refused.value.code is Code.ENGINE_UNAVAILABLE


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
