"""Every account recomputed from its charges and refunds alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.budget.store import Store
from gateway.budget.tables import accounts, charges

_CHARGES = sa.select(
    charges.c.kind,
    charges.c.dataset,
    charges.c.holder,
    charges.c.period_start,
    charges.c.amount,
    charges.c.delta,
).order_by(charges.c.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedAccount:
    """One account in one period: what its charges add up to, and what it holds.

    Amounts as in `cost.Cost`; `held_amount` and `held_delta` are None where the account is missing.
    """

    dataset: str
    holder: str
    period_start: dt.date
    charges: int
    amount: int
    delta: int
    held_amount: int | None
    held_delta: int | None

    @property
    def agrees(self) -> bool:
        """Whether the account holds the sum of its charges."""
        return (self.amount, self.delta) == (self.held_amount, self.held_delta)


def replay(store: Store) -> tuple[ReplayedAccount, ...]:
    """Every account of every period, by dataset, holder and period."""
    with store.reading() as connection:
        return replayed(connection)


def replayed(connection: Connection) -> tuple[ReplayedAccount, ...]:
    """As `replay`, within a transaction. Sums are Python's integers, which have no largest one."""
    sums: dict[tuple[str, str, dt.date], list[int]] = {}
    for row in connection.execution_options(yield_per=1000).execute(_CHARGES):
        total = sums.setdefault((row.dataset, row.holder, row.period_start), [0, 0, 0])
        sign = 1 if row.kind == "charge" else -1
        total[0] += 1
        total[1] += sign * row.amount
        total[2] += sign * row.delta
    held = {
        (row.dataset, row.holder, row.period_start): row
        for row in connection.execute(sa.select(accounts))
    }
    found = []
    for key in sorted(sums.keys() | held.keys()):
        count, amount, delta = sums.get(key, [0, 0, 0])
        account = held.get(key)
        found.append(
            ReplayedAccount(
                dataset=key[0],
                holder=key[1],
                period_start=key[2],
                charges=count,
                amount=amount,
                delta=delta,
                held_amount=None if account is None else account.spent_amount,
                held_delta=None if account is None else account.spent_delta,
            )
        )
    return tuple(found)
