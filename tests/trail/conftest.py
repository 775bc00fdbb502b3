"""A ledger with a day's work in it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from gateway.budget.books import Books, open_ledger
from gateway.errors import Code
from tests.ledger.desk import Hands, allowance, ask, price

EVERYONE = allowance("everyone")


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'ledger.db'}"


@pytest.fixture
def books(url: str, clock: Hands) -> Iterator[Books]:
    opened = open_ledger(url, clock)
    yield opened
    opened.close()


@pytest.fixture
def worked(books: Books) -> Books:
    """Twelve records of all kinds; no two of them say the same."""
    books.users.add("ann", ["analyst"], by="root")
    books.users.add("bob", ["analyst"], by="root")
    for number in range(3):
        books.ledger.charge(ask(f"q{number}", price(f"{number}", 10), everyone=EVERYONE))
        answered(books, f"q{number}")
    books.questions.record_refusal(
        query_id="q7", analyst="ann", dataset=None, sql="SELECT", code=Code.SQL_SYNTAX
    )
    books.ledger.grant("hospital", "user:ann", Fraction(1, 2), by="root", reason="a study")
    books.answers.data_changed("hospital", by="root")
    return books


def answered(books: Books, query_id: str, answer_sha256: str = "0" * 64) -> object:
    return books.questions.record_answer(
        query_id=query_id,
        analyst="ann",
        dataset="hospital",
        sql="SELECT COUNT(*) FROM encounters",
        answer_sha256=answer_sha256,
    )
