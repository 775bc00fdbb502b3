"""The ledger against a reference in exact integers, over histories that hypothesis makes."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from gateway.budget import stock
from gateway.budget.books import Books, open_ledger
from gateway.budget.cost import Allowance
from gateway.errors import Refusal
from gateway.policy.model import Budget, Renewal
from tests.ledger.desk import TABLE, Hands, allowance, ask, evicted, policy, price
from tests.postgres import PostgresServer

LIMIT, CAP = 100, 150
NAMES = ("ann", "bob")
PRINTS = ("a", "b", "c")
COST = {"a": 7, "b": 20, "c": 33}
EVERYONE = allowance("everyone", epsilon=f"{CAP}e-12", renews=Renewal.DAILY)
POLICY = replace(
    policy(),
    budgets=tuple(
        Budget(holder=who, epsilon=Fraction(most, 10**12), renews=Renewal.DAILY)
        for who, most in [*((f"user:{name}", LIMIT) for name in NAMES), ("everyone", CAP)]
    ),
)
AUDIT = settings().max_examples > 100
EXAMPLES = {"sqlite": 400, "postgresql": 100} if AUDIT else {"sqlite": 20, "postgresql": 6}


def own_of(name: str) -> Allowance:
    return allowance(f"user:{name}", epsilon=f"{LIMIT}e-12", renews=Renewal.DAILY)


Period = tuple[int, int]
"""A day, and how many rebases there were before."""


@dataclass(frozen=True)
class Paid:
    """A charge that no sighting has used."""

    name: str
    fingerprint: str
    query: str
    key: str | None
    version: int
    period: Period


class Reference:
    """The rules of the promise, with sets and sums only."""

    def __init__(self) -> None:
        self.day = self.opened = 0
        self.spent: Counter[tuple[str, Period]] = Counter()
        self.granted: Counter[tuple[str, Period]] = Counter()
        self.version = 0
        self.stored: set[str] = set()
        self.seen: set[tuple[str, str]] = set()
        self.unused: list[Paid] = []
        self.used: set[tuple[str, str]] = set()
        self.evicted: set[tuple[str, str]] = set()

    @property
    def period(self) -> Period:
        return self.day, self.opened

    def left(self, holder: str) -> int:
        limit = CAP if holder == "everyone" else LIMIT
        return limit + self.granted[holder, self.period] - self.spent[holder, self.period]

    def charge(self, name: str, query: str, prints: set[str], key: str | None) -> bool:
        mine = [paid for paid in self.unused if paid.name == name]
        paid = {p.fingerprint for p in mine if p.query == query or (key and p.key == key)}
        own = {p for p in prints - paid if p not in self.stored or (name, p) not in self.seen}
        cost, cap = sum(COST[p] for p in own), sum(COST[p] for p in own - self.stored)
        if own and (cost > self.left(name) or (cap and cap > self.left("everyone"))):
            return False
        self.spent += Counter({(name, self.period): cost, ("everyone", self.period): cap})
        new = sorted(own - self.stored)
        self.unused += [Paid(name, p, query, key, self.version, self.period) for p in new]
        self.seen |= {(name, p) for p in own & self.stored}
        self.used |= {(query, p) for p in own & self.stored}
        return True

    def keep(self, name: str, fingerprint: str) -> bool:
        if fingerprint in self.stored and (name, fingerprint) in self.seen:
            return True
        mine = [p for p in self.unused if (p.name, p.fingerprint) == (name, fingerprint)]
        if not mine:
            return False
        self.unused.remove(mine[-1])
        self.used.add((mine[-1].query, fingerprint))
        if mine[-1].version == self.version:
            self.stored.add(fingerprint)
        if fingerprint in self.stored:
            self.seen.add((name, fingerprint))
        return True

    def refund(self, query: str) -> None:
        for paid in [p for p in self.unused if p.query == query]:
            if (query, paid.fingerprint) not in self.used:
                self.unused.remove(paid)
                cost = COST[paid.fingerprint]
                self.spent -= Counter({(who, paid.period): cost for who in (paid.name, "everyone")})

    def data_changed(self) -> None:
        self.version += 1
        self.stored.clear()
        self.seen.clear()
        self.evicted.clear()

    def evict(self) -> None:
        self.evicted |= self.seen
        self.stored.clear()
        self.seen.clear()

    def rebase(self) -> None:
        """Closed accounts keep what they were charged and granted; the new ones start anew."""
        self.opened += 1
        self.data_changed()


class History(RuleBasedStateMachine):
    def __init__(self, ledger: Callable[[Hands], AbstractContextManager[Books]]) -> None:
        super().__init__()
        self.clock = Hands()
        self.ledger = ledger(self.clock)
        self.books = self.ledger.__enter__()
        self.reference = Reference()
        self.queries: list[tuple[str, str]] = []

    def teardown(self) -> None:
        assert self.books.verify() == ()
        assert all(account.agrees for account in self.books.replay())
        self.ledger.__exit__(None, None, None)

    @rule(
        name=st.sampled_from(NAMES),
        prints=st.sets(st.sampled_from(PRINTS), min_size=1),
        key=st.sampled_from([None, None, "k1", "k2"]),
        again=st.booleans(),
    )
    def charge(self, name: str, prints: set[str], key: str | None, again: bool) -> None:
        query = f"q{len(self.queries)}"
        if again and self.queries and self.queries[-1][1] == name:
            query = self.queries[-1][0]
        request = ask(
            query,
            *(price(p, COST[p]) for p in sorted(prints)),
            name=name,
            own=own_of(name),
            everyone=EVERYONE,
            key=key,
        )
        before = self.reference.left(name)
        if self.reference.charge(name, query, prints, key):
            assert self.books.ledger.charge(request).charged.amount == (
                before - self.reference.left(name)
            )
        else:
            with pytest.raises(Refusal):
                self.books.ledger.charge(request)
        self.queries.append((query, name))

    @rule(name=st.sampled_from(NAMES), fingerprint=st.sampled_from(PRINTS))
    def keep(self, name: str, fingerprint: str) -> None:
        if self.reference.keep(name, fingerprint):
            self.books.answers.keep("hospital", {fingerprint: TABLE}, name, None)
        else:
            with pytest.raises(Refusal):
                self.books.answers.keep("hospital", {fingerprint: TABLE}, name, None)

    @rule(back=st.integers(0, 3))
    def refund(self, back: int) -> None:
        query = self.queries[-1 - back][0] if back < len(self.queries) else "none"
        self.reference.refund(query)
        self.books.ledger.refund(query)

    @rule()
    def data_changed(self) -> None:
        self.books.answers.data_changed("hospital", by="root")
        self.reference.data_changed()

    @rule(days=st.integers(1, 40))
    def renew(self, days: int) -> None:
        self.clock.time += dt.timedelta(days=days)
        self.reference.day += days

    @rule(who=st.sampled_from(("everyone", *NAMES)), more=st.integers(1, 60))
    def grant(self, who: str, more: int) -> None:
        holder = who if who == "everyone" else f"user:{who}"
        more_epsilon = Fraction(more, 10**12)
        self.books.ledger.grant("hospital", holder, more_epsilon, by="root", reason="a study")
        self.reference.granted[who, self.reference.period] += more

    @rule()
    def evict(self) -> None:
        with self.books.store.writing() as connection:
            stock.make_room(connection, 0, (), self.clock.now())
        self.reference.evict()

    @rule()
    def rebase(self) -> None:
        self.books.terms.rebase(POLICY, by="root", reason="a test")
        self.reference.rebase()

    @invariant()
    def accounts_agree(self) -> None:
        for name in NAMES:
            assert self.left(own_of(name)) == self.reference.left(name) >= 0
        assert self.left(EVERYONE) == self.reference.left("everyone") >= 0

    def left(self, own: Allowance) -> int:
        balance = self.books.ledger.balance("hospital", own)
        return balance.limit.amount - balance.spent.amount

    @invariant()
    def stored_answers_agree(self) -> None:
        for name in NAMES:
            found = self.books.answers.find("hospital", PRINTS, name)
            assert {p for p, stored in found.items() if stored.seen} == {
                p for p in self.reference.stored if (name, p) in self.reference.seen
            }
            assert evicted(self.books, PRINTS, name) == {
                p for p in PRINTS if (name, p) in self.reference.evicted
            }


@pytest.fixture
def ledger(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Callable[[Hands], AbstractContextManager[Books]]:
    """New ledgers on one kind of database, each with a clock."""
    numbers = itertools.count()

    @contextmanager
    def on_sqlite(clock: Hands) -> Iterator[Books]:
        url = f"sqlite:///{tmp_path / f'{next(numbers)}.db'}"
        books = open_ledger(url, clock, patience_seconds=0)
        yield books
        books.close()

    @contextmanager
    def on_postgresql(clock: Hands) -> Iterator[Books]:
        server: PostgresServer = request.getfixturevalue("postgres")
        template, key = request.getfixturevalue("migrated")
        with server.database(template) as name:
            url = server.url(name)
            books = open_ledger(url, clock, patience_seconds=0, signing_key=key)
            yield books
            books.close()

    return on_sqlite if backend == "sqlite" else on_postgresql


def test_every_history_is_as_the_reference_tells_it(
    backend: str, ledger: Callable[[Hands], AbstractContextManager[Books]]
) -> None:
    run_state_machine_as_test(
        lambda: History(ledger),
        settings=settings(
            max_examples=EXAMPLES[backend],
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
