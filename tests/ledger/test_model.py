"""The ledger against a reference in exact integers, over histories that hypothesis makes."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from gateway.budget.books import open_ledger
from gateway.errors import Refusal
from tests.ledger.desk import TABLE, Hands, allowance, ask, price

LIMIT, CAP = 100, 150
NAMES = ("ann", "bob")
PRINTS = ("a", "b", "c")
COST = {"a": 7, "b": 20, "c": 33}
EVERYONE = allowance("everyone", epsilon=f"{CAP}e-12")


@dataclass(frozen=True)
class Paid:
    """A charge that no sighting has used."""

    name: str
    fingerprint: str
    query: str
    key: str | None
    version: int


class Reference:
    """The rules of the promise, with sets and sums only."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self.version = 0
        self.stored: set[str] = set()
        self.seen: set[tuple[str, str]] = set()
        self.unused: list[Paid] = []
        self.used: set[tuple[str, str]] = set()

    def charge(self, name: str, query: str, prints: set[str], key: str | None) -> bool:
        mine = [paid for paid in self.unused if paid.name == name]
        paid = {p.fingerprint for p in mine if p.query == query or (key and p.key == key)}
        own = {p for p in prints - paid if p not in self.stored or (name, p) not in self.seen}
        cost, cap = sum(COST[p] for p in own), sum(COST[p] for p in own - self.stored)
        if own and (self.spent[name] + cost > LIMIT or self.spent["everyone"] + cap > CAP):
            return False
        self.spent += Counter({name: cost, "everyone": cap})
        new = sorted(own - self.stored)
        self.unused += [Paid(name, p, query, key, self.version) for p in new]
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
                self.spent -= Counter({paid.name: cost, "everyone": cost})

    def data_changed(self) -> None:
        self.version += 1
        self.stored.clear()
        self.seen.clear()


class History(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        url = f"sqlite:///{Path(self.folder.name) / 'ledger.db'}"
        self.books = open_ledger(url, Hands(), patience_seconds=0)
        self.reference = Reference()
        self.queries: list[tuple[str, str]] = []

    def teardown(self) -> None:
        assert self.books.verify() == ()
        self.books.close()
        self.folder.cleanup()

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
            own=allowance(f"user:{name}", epsilon=f"{LIMIT}e-12"),
            everyone=EVERYONE,
            key=key,
        )
        before = self.reference.spent[name]
        if self.reference.charge(name, query, prints, key):
            assert self.books.ledger.charge(request).charged.amount == (
                self.reference.spent[name] - before
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

    @invariant()
    def accounts_agree(self) -> None:
        for name in NAMES:
            own = allowance(f"user:{name}", epsilon=f"{LIMIT}e-12")
            assert (
                self.books.ledger.balance("hospital", own).spent.amount
                == (self.reference.spent[name])
            )
        cap = self.books.ledger.balance("hospital", EVERYONE)
        assert cap.spent.amount == self.reference.spent["everyone"] <= CAP

    @invariant()
    def stored_answers_agree(self) -> None:
        for name in NAMES:
            found = self.books.answers.find("hospital", PRINTS, name)
            assert {p for p, stored in found.items() if stored.seen} == {
                p for p in self.reference.stored if (name, p) in self.reference.seen
            }


History.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestHistory = History.TestCase
