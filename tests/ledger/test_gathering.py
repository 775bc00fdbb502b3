"""Questions that are charged in one transaction: as if one came after another."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.budget.bills import Asked, Bill
from gateway.budget.books import Books, open_ledger
from gateway.budget.cost import NOTHING
from gateway.budget.gathering import Gathered
from gateway.budget.paying import Outcome, pay
from gateway.budget.tables import accounts, audit, audit_head, charges, questions, sightings
from gateway.edges import ChargeRequest, Receipt
from gateway.errors import Code, Refusal
from gateway.policy.model import Guarantee
from tests.ledger.desk import EPSILON, OTHER, Hands, allowance, ask, keep, price, together

PART = EPSILON // 5
_AMOUNTS = {"a": PART, "b": 2 * PART, "stored": PART, "d": 3 * PART}

_requests = st.builds(
    lambda query, names, who, key, epsilon, capped: ask(
        f"q{query}",
        *(price(name, _AMOUNTS[name]) for name in sorted(names)),
        name=who,
        own=allowance(f"user:{who}", epsilon=epsilon),
        everyone=allowance("everyone", epsilon="1.6") if capped else None,
        key=key,
    ),
    query=st.integers(0, 12),
    names=st.sets(st.sampled_from(sorted(_AMOUNTS)), min_size=1, max_size=2),
    who=st.sampled_from(["ann", "bob", "cat"]),
    key=st.sampled_from([None, None, "k1", "k2"]),
    epsilon=st.sampled_from(["1", "1", "1", "2"]),
    capped=st.sampled_from([True, True, True, False]),
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with one stored release, which its first analyst has seen."""
    folder = tmp_path_factory.mktemp("gathering")
    books = open_ledger(f"sqlite:///{folder / 'template.db'}", Hands())
    books.ledger.charge(ask("before", price("stored", PART), name="eve"))
    keep(books, "stored", "eve")
    books.close()
    return folder


def _copy(template: Path, name: str) -> Books:
    for suffix in ("", ".signing-key"):
        shutil.copy(template / f"template.db{suffix}", template / f"{name}{suffix}")
    return open_ledger(f"sqlite:///{template / name}", Hands())


def _paid(books: Books, requests: Sequence[ChargeRequest]) -> list[Outcome]:
    asked = [
        Asked(request=one, prices={r.fingerprint: r for r in one.releases}, waits=False)
        for one in requests
    ]
    with books.store.writing() as connection:
        now = books.store.now(connection)
        return pay(connection, "hospital", asked, now, now)


def _told(outcome: Outcome) -> object:
    if isinstance(outcome, Refusal):
        return outcome.code, outcome.sentence, outcome.facts
    return outcome


def _rows(books: Books) -> list[object]:
    """Everything that is kept but the heads between: one signature covers several records."""
    assert books.verify() == ()
    with books.store.reading() as connection:
        return [
            connection.execute(sa.select(table).order_by(*table.primary_key)).all()
            for table in (accounts, charges, sightings, questions, audit, audit_head)
        ]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(requests=st.lists(_requests, min_size=2, max_size=8))
def test_together_is_as_one_by_one(template: Path, requests: list[ChargeRequest]) -> None:
    """Whatever is left for the next time, the rest is charged as in its order alone."""
    batch, alone = _copy(template, "batch.db"), _copy(template, "alone.db")
    try:
        waiting = requests
        while waiting:
            outcomes = _paid(batch, waiting)
            assert outcomes[0] is not None, "the first is never put off, so all come to an end"
            for request, outcome in zip(waiting, outcomes, strict=True):
                if outcome is not None:
                    [expected] = _paid(alone, [request])
                    assert _told(outcome) == _told(expected)
            waiting = [r for r, o in zip(waiting, outcomes, strict=True) if o is None]
        assert _rows(batch) == _rows(alone)
    finally:
        batch.close()
        alone.close()


def test_who_would_draw_the_same_release_is_put_off(books: Books) -> None:
    first, second = ask("q1", price("a", PART)), ask("q2", price("a", PART), name="bob")
    outcomes = _paid(books, [first, second, ask("q3", price("b", PART), name="bob")])
    assert [outcome is None for outcome in outcomes] == [False, True, False]


def test_readers_of_one_stored_release_are_charged_together(books: Books) -> None:
    books.ledger.charge(ask("q", price("a", PART)))
    keep(books, "a", table=OTHER)
    readers = [ask(f"q{n}", price("a", PART), name=f"u{n}") for n in range(5)]
    assert None not in _paid(books, readers)
    assert all(books.answers.find("hospital", ["a"], f"u{n}")["a"].seen for n in range(5))


def test_of_questions_that_are_looked_at_together_each_is_told_its_own(books: Books) -> None:
    for name in ("ann", "bob"):
        books.ledger.charge(ask(f"first {name}", price("a", PART), name=name))
        keep(books, "a", name)
    pure = allowance("user:bob", guarantee=Guarantee.PURE)
    requests = [
        ask("q1", price("a", PART)),
        ask("q2", price("a", PART), name="bob", own=pure),
        ask("q3", price("b", PART)),
        ask("q4", price("a", PART), name="cat"),
    ]
    asked = [
        Asked(request=one, prices={r.fingerprint: r for r in one.releases}, waits=False)
        for one in requests
    ]
    free, refused, new, unseen = books.ledger._look("hospital", asked)
    assert isinstance(free, Receipt)
    assert (free.charged, free.balance.spent.amount) == (NOTHING, PART)
    assert isinstance(refused, Refusal)
    assert refused.code is Code.FORBIDDEN
    assert isinstance(new, Bill)
    assert new.fresh == {"b"}
    assert isinstance(unseen, Bill)
    assert (unseen.fresh, set(unseen.own)) == (frozenset(), {"a"})


def test_one_signature_covers_what_is_charged_together(books: Books) -> None:
    before = books.audit.head().sequence
    _paid(books, [ask(f"q{n}", price(f"r{n}", 10)) for n in range(5)])
    assert books.audit.head().sequence == before + 5
    assert [record.kind for record in books.audit.records(limit=5)] == ["charge"] * 5


def test_many_clients_share_turns(books: Books) -> None:
    """However they meet: each is in one turn, and charged once."""
    turns: list[int] = []
    real = books.ledger._pay

    def counted(dataset: str, asked: Sequence[Asked]) -> Sequence[Outcome]:
        turns.append(len(asked))
        return real(dataset, asked)

    books.ledger._pay = counted  # type: ignore[method-assign]
    assert together(64, lambda n: _charge(books, n)) == [None] * 64
    assert sum(turns) == 64
    assert books.ledger.balance("hospital", allowance("user:ann")).spent.amount == 640


def _charge(books: Books, number: int) -> None:
    books.ledger.charge(ask(f"q{number}", price(f"r{number}", 10)))


class _Bench:
    """Work that waits at its first turn until all clients have come."""

    def __init__(self) -> None:
        self.turns: list[list[int]] = []
        self.may_end = threading.Event()
        self.gathered = Gathered(self._work, most=4)

    def _work(self, items: Sequence[int]) -> Sequence[int]:
        self.turns.append(list(items))
        assert self.may_end.wait(60)
        if 13 in items:
            raise ZeroDivisionError
        if 17 in items:
            raise Refusal(Code.ENGINE_UNAVAILABLE, "It did not answer.", "Try again.")
        return [10 * item for item in items]

    def run(self, items: Sequence[int]) -> dict[int, object]:
        results: dict[int, object] = {}

        def come(item: int) -> None:
            try:
                results[item] = self.gathered.do(item)
            except (ZeroDivisionError, Refusal) as failure:
                results[item] = type(failure)

        threads = [threading.Thread(target=come, args=(item,)) for item in items]
        for count, thread in enumerate(threads):
            thread.start()
            while len(self.turns) + len(self.gathered._waiting) < count + 1:
                pass  # one after another, so that the turns are known
        self.may_end.set()
        for thread in threads:
            thread.join()
        return results


def test_who_comes_while_others_work_is_served_with_the_next() -> None:
    bench = _Bench()
    assert bench.run(range(7)) == {n: 10 * n for n in range(7)}
    assert bench.turns == [[0], [1, 2, 3, 4], [5, 6]]
    assert bench.gathered.do(7) == 70


def test_a_fault_is_told_to_its_own_client_only() -> None:
    bench = _Bench()
    assert bench.run([1, 12, 13, 14]) == {1: 10, 12: 120, 13: ZeroDivisionError, 14: 140}
    assert bench.turns == [[1], [12, 13, 14], [12], [13], [14]]


def test_a_refusal_of_the_whole_turn_is_told_to_all() -> None:
    bench = _Bench()
    assert bench.run([1, 16, 17, 18]) == {1: 10, 16: Refusal, 17: Refusal, 18: Refusal}
    assert bench.turns == [[1], [16, 17, 18]]
    assert bench.gathered.do(2) == 20
