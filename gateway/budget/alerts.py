"""Marks that an account passes: each is told of once per period, by whichever gateway sees it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.budget.accounts import Account, current
from gateway.budget.cost import Allowance, Cost, epsilon_of
from gateway.budget.store import Store
from gateway.budget.tables import alerts

MARKS = (50, 80, 100)
"""Percent of an account's limit."""

_TOLD = sa.select(alerts.c.percent).where(
    alerts.c.dataset == sa.bindparam("of_dataset"),
    alerts.c.holder == sa.bindparam("of_holder"),
    alerts.c.period_start == sa.bindparam("of_period"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One mark that one account has passed; ε as `accounts` show it."""

    dataset: str
    holder: str
    percent: int
    spent_epsilon: float
    limit_epsilon: float
    period_start: dt.date
    renews_at: dt.datetime | None
    at: dt.datetime


def passed(spent: Cost, limit: Cost, usual: int) -> tuple[int, ...]:
    """The marks that an account has passed, exactly, in ε (ρ under zcdp) or in δ.

    `usual` is the amount of one question at the policy's own price: the last mark is passed when
    what is left does not pay for one more, for the rest of an account is hardly ever spent to the
    last unit. An account that has spent nothing has passed none.
    """
    found = [
        mark
        for mark in MARKS
        if (spent.amount > 0 and 100 * spent.amount >= mark * limit.amount)
        or (spent.delta > 0 and 100 * spent.delta >= mark * limit.delta)
        or (mark == 100 and spent.amount > 0 and spent.amount + usual > limit.amount)
    ]
    return tuple(found)


class Alerts:
    """Which marks were passed, and which of them nobody was told of."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def fresh(self, dataset: str, allowance: Allowance, usual: int) -> tuple[Alert, ...]:
        """Marks that an account has passed in this period and that nobody was told of yet.

        Whoever asks is the one who tells: they count as told from now on, for all gateways.
        """
        with self._store.reading() as connection:
            account = current(connection, dataset, allowance, self._store.now(connection))
            if not _untold(connection, account, usual):
                return ()
        with self._store.writing() as connection:
            now = self._store.now(connection)
            account = current(connection, dataset, allowance, now)
            found = _untold(connection, account, usual)
            for mark in found:
                row = {
                    "dataset": dataset,
                    "holder": allowance.holder,
                    "period_start": account.period_start,
                    "percent": mark,
                    "at": now,
                }
                connection.execute(alerts.insert(), row)
        return tuple(_alert(account, mark, now) for mark in found)


def _untold(connection: Connection, account: Account, usual: int) -> tuple[int, ...]:
    marks = passed(account.spent, account.limit, usual)
    if not marks:
        return ()
    of = {
        "of_dataset": account.dataset,
        "of_holder": account.allowance.holder,
        "of_period": account.period_start,
    }
    told = set(connection.execute(_TOLD, of).scalars())
    return tuple(mark for mark in marks if mark not in told)


def _alert(account: Account, mark: int, now: dt.datetime) -> Alert:
    allowance = account.allowance
    return Alert(
        dataset=account.dataset,
        holder=allowance.holder,
        percent=mark,
        spent_epsilon=epsilon_of(account.spent.amount, allowance.guarantee, allowance.delta),
        limit_epsilon=epsilon_of(account.limit.amount, allowance.guarantee, allowance.delta),
        period_start=account.period_start,
        renews_at=account.balance.renews_at,
        at=now,
    )
