"""Stored answers make room for newer ones; who asks again pays as for any draw, and is told so."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from gateway.budget.answers import Answers
from gateway.budget.books import Books
from gateway.budget.stock import LOOKED_AT, Stock
from gateway.budget.table_json import encode_table
from gateway.budget.tables import charges, releases, sightings
from gateway.edges import Described
from gateway.errors import Refusal
from tests.ledger.desk import OTHER, TABLE, Hands, allowance, ask, evicted, keep, price, spent

OWN = allowance("user:ann")
BOB = allowance("user:bob")
EVERYONE = allowance("everyone")
SIZE = len(encode_table(TABLE))
ROOM = 3
"""How many releases fit."""


@pytest.fixture
def answers(books: Books) -> Iterator[Answers]:
    small = Answers(books.store, ROOM * SIZE + SIZE // 2)
    yield small
    agree(books)


def agree(books: Books) -> None:
    """What is counted is what is there, for every dataset."""
    with books.store.reading() as connection:
        rows = connection.execute(
            sa.select(releases.c.dataset, sa.func.sum(sa.func.length(releases.c.noisy)))
            .where(releases.c.family.is_(None))
            .group_by(releases.c.dataset)
        )
        there = {dataset: int(size) for dataset, size in rows}
    counted = {one.dataset: one.bytes for one in books.answers.stock() if one.bytes}
    assert counted == there


@pytest.fixture
def draw(books: Books, answers: Answers, clock: Hands) -> Callable[..., int]:
    """Ask for a release and keep it where it is new; what it cost. A minute passes each time."""
    count = iter(range(1000))

    def drawn(name: str, who: str = "ann", *, relied_on: bool = False) -> int:
        clock.time += dt.timedelta(minutes=1)
        request = ask(f"q{next(count)}", price(name, 10), name=who, everyone=EVERYONE)
        cost = books.ledger.charge(request).charged.amount
        if name not in stored(answers):
            answers.keep("hospital", {name: TABLE}, who, None, relied_on=relied_on)
        return cost

    return drawn


def stored(answers: Answers) -> set[str]:
    return set(answers.find("hospital", "abcdefgh", "ann"))


def test_the_release_unused_for_longest_makes_room(
    books: Books, answers: Answers, draw: Callable[..., int], clock: Hands
) -> None:
    for name in "abc":
        assert draw(name) == 10
    assert stored(answers) == set("abc")
    clock.time += LOOKED_AT
    assert draw("a") == 0  # free, and in use
    assert draw("d") == 10
    assert draw("e") == 10
    assert len(stored(answers)) == ROOM
    assert {"d", "e"} < stored(answers)
    assert books.answers.stock() == (Stock(dataset="hospital", bytes=ROOM * SIZE, evicted=2),)


def test_use_is_noted_once_an_hour(books: Books, draw: Callable[..., int], clock: Hands) -> None:
    def used() -> dt.datetime:
        with books.store.reading() as connection:
            return connection.execute(sa.select(releases.c.used_at)).scalar_one()

    draw("a")
    first = used()
    clock.time = first + LOOKED_AT - dt.timedelta(seconds=1)
    books.answers.find("hospital", ["a"], "ann")
    assert used() == first
    clock.time = first + LOOKED_AT
    books.answers.find("hospital", ["a"], "bob")
    assert used() == first + LOOKED_AT


def test_what_was_evicted_costs_again_and_says_so(
    books: Books, answers: Answers, draw: Callable[..., int]
) -> None:
    for name in "abcd":
        draw(name)
    assert stored(answers) == set("bcd")
    assert evicted(books, "abcd") == {"a"}
    assert evicted(books, "abcd", "bob") == set()  # who never saw it
    assert evicted(books, "abcd", dataset="retail") == set()
    assert draw("a") == 10
    assert (spent(books, OWN), spent(books, EVERYONE)) == (50, 50)
    assert draw("a") == 0
    assert (spent(books, OWN), spent(books, EVERYONE)) == (50, 50)


def test_sightings_and_charges_stay_and_pay_for_no_second_draw(
    books: Books, answers: Answers, draw: Callable[..., int]
) -> None:
    for name in "abcd":
        draw(name)
    with books.store.reading() as connection:
        seen = connection.execute(sa.select(sa.func.count()).select_from(sightings)).scalar_one()
        paid = connection.execute(sa.select(sa.func.count()).select_from(charges)).scalar_one()
    assert (seen, paid) == (4, 8)
    with pytest.raises(Refusal, match="used up"):
        answers.keep("hospital", {"a": OTHER}, "ann", None)
    books.ledger.refund("q0")  # and is not given back, for it was seen
    assert spent(books, OWN) == 40


def test_who_has_not_seen_the_new_draw_pays_for_it_alone(
    books: Books, answers: Answers, draw: Callable[..., int]
) -> None:
    for name in "abcd":
        draw(name)
    assert draw("a", "bob") == 10  # a new draw
    assert spent(books, EVERYONE) == 50
    assert draw("a") == 10  # ann saw the first one, not this one
    assert spent(books, EVERYONE) == 50
    assert evicted(books, "a") == {"a"}


def test_the_charge_names_what_it_paid_for(books: Books, draw: Callable[..., int]) -> None:
    draw("a")
    receipt = books.ledger.charge(ask("x", price("a", 10), price("b", 10), everyone=EVERYONE))
    assert receipt.fingerprints == {"b"}
    again = books.ledger.charge(ask("y", price("a", 10), everyone=EVERYONE))
    assert again.fingerprints == frozenset()


def test_what_others_rely_on_goes_last(answers: Answers, draw: Callable[..., int]) -> None:
    draw("a", relied_on=True)
    for name in "bcde":
        draw(name)
    assert stored(answers) == set("ade")
    for name in "fgh":
        draw(name, relied_on=True)
    assert stored(answers) == set("fgh")


def test_a_release_that_was_paid_for_now_does_not_go_next(
    answers: Answers, draw: Callable[..., int]
) -> None:
    for name in "abc":
        draw(name)
    assert draw("a", "bob") == 10
    draw("d")
    assert "a" in stored(answers)


def test_the_newest_release_is_kept_however_large(books: Books, draw: Callable[..., int]) -> None:
    draw("a")
    tiny = Answers(books.store, 1)
    books.ledger.charge(ask("x", price("b", 1)))
    tiny.keep("hospital", {"b": TABLE}, "ann", None)
    assert set(tiny.find("hospital", "ab", "ann")) == {"b"}
    assert tiny.find("hospital", "b", "ann")["b"].seen


def test_what_ended_by_itself_is_no_eviction(
    books: Books, answers: Answers, draw: Callable[..., int], clock: Hands
) -> None:
    for name in "xyz":
        books.ledger.charge(ask(name, price(name, 1)))
        answers.keep("hospital", {name: TABLE}, "ann", 60.0)
    clock.time += dt.timedelta(seconds=60)
    for name in "abc":
        draw(name)
    assert stored(answers) == set("abc")
    assert [one.evicted for one in books.answers.stock()] == [0]
    assert evicted(books, "xyz") == set()


def test_an_eviction_is_forgotten_when_the_release_would_have_ended(
    books: Books, answers: Answers, draw: Callable[..., int], clock: Hands
) -> None:
    books.ledger.charge(ask("x", price("x", 1)))
    answers.keep("hospital", {"x": TABLE}, "ann", 3600.0)
    for name in "abc":
        draw(name)
    assert evicted(books, "x") == {"x"}
    clock.time += dt.timedelta(hours=1)
    assert evicted(books, "x") == set()
    draw("a")
    draw("d")
    assert evicted(books, "a") <= {"a"}
    books.answers.data_changed("hospital", by="root")
    assert evicted(books, "abcd") == set()
    (left,) = books.answers.stock()
    assert (left.bytes, left.evicted > 0) == (0, True)


def test_datasets_share_the_room(books: Books, answers: Answers) -> None:
    for number, dataset in enumerate(("hospital", "retail") * 3):
        request = ask(f"q{number}", price(f"f{number}", 1))
        fields = {name: getattr(request, name) for name in request.__slots__}
        books.ledger.charge(type(request)(**fields | {"dataset": dataset}))
        answers.keep(dataset, {f"f{number}": TABLE}, "ann", None)
    assert {one.dataset: (one.bytes, one.evicted) for one in answers.stock()} == {
        "hospital": (SIZE, 2),
        "retail": (2 * SIZE, 1),
    }


def test_the_trail_says_what_went(books: Books, draw: Callable[..., int]) -> None:
    for name in "abcd":
        draw(name)
    (record,) = [one for one in books.audit.records() if one.kind == "evicted"]
    body = json.loads(record.body)
    assert [one["dataset"] for one in body["releases"]] == ["hospital"]
    assert record.actor == "gateway"


def test_the_plan_counts_as_well(books: Books) -> None:
    books.ledger.charge(ask("q", price("a", 1)))
    described = {"a": Described(family="family", text="{}")}
    books.answers.keep("hospital", {"a": TABLE}, "ann", None, described)
    assert [one.bytes for one in books.answers.stock()] == [SIZE + len("family") + len("{}")]


def test_nothing_goes_while_there_is_room(books: Books) -> None:
    for name in "abcdefgh":
        books.ledger.charge(ask(name, price(name, 1)))
        keep(books, name)
    assert set(books.answers.find("hospital", "abcdefgh", "ann")) == set("abcdefgh")
    agree(books)
