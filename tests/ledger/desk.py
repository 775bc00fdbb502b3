"""A clock that tests turn, and short ways to ask the ledger for something."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from gateway.budget.books import Books
from gateway.budget.cost import Allowance, Cost
from gateway.edges import Analyst, ChargeRequest, ReleaseCharge
from gateway.noise.tables import NoisyTable
from gateway.policy.model import Guarantee, Renewal

START = dt.datetime(2024, 2, 28, 12, 0, tzinfo=dt.UTC)
TABLE = NoisyTable(keys=("age",), measures=("n",), rows=(("[0-10)", 153), ("[10-20)", -4)))
OTHER = NoisyTable(keys=("age",), measures=("n",), rows=(("[0-10)", 161), ("[10-20)", 2)))
EPSILON = 10**12


class Hands:
    """A clock that stands where a test puts it."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> dt.datetime:
        return self.time


def allowance(
    holder: str,
    epsilon: str = "1",
    delta: str = "0.001",
    renews: Renewal = Renewal.NEVER,
    guarantee: Guarantee = Guarantee.APPROXIMATE,
) -> Allowance:
    return Allowance(
        holder=holder,
        guarantee=guarantee,
        epsilon=Fraction(epsilon),
        delta=Fraction(delta),
        renews=renews,
    )


def price(fingerprint: str, amount: int, delta: int = 0) -> ReleaseCharge:
    return ReleaseCharge(
        fingerprint=fingerprint,
        cost=Cost(amount=amount, delta=delta),
        mechanisms='[{"noise":"discrete_laplace","scale":80.0}]',
    )


def ask(
    query_id: str,
    *releases: ReleaseCharge,
    name: str = "ann",
    own: Allowance | None = None,
    everyone: Allowance | None = None,
    key: str | None = None,
) -> ChargeRequest:
    return ChargeRequest(
        query_id=query_id,
        analyst=Analyst(name=name, roles=("analyst",)),
        dataset="hospital",
        sql="SELECT COUNT(*) FROM encounters",
        own=allowance(f"user:{name}") if own is None else own,
        everyone=everyone,
        releases=releases,
        key=key,
    )


def spent(books: Books, own: Allowance) -> int:
    return books.ledger.balance("hospital", own).spent.amount


def keep(books: Books, fingerprint: str, name: str = "ann", table: NoisyTable = TABLE) -> None:
    books.answers.keep("hospital", {fingerprint: table}, name, None)
