"""When an account runs out at the present rate.

The rate is the mean of what the account paid in the last `WINDOW`, or since its first charge where
that is later, but over a day at least: one busy hour is no rate. It is carried on as a straight
line in the unit in which charges add up (ε, or ρ under zcdp), and in δ; the account runs out at the
earlier of the two. Refunds are taken off. It is a forecast and binds nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.budget.accounts import current
from gateway.budget.cost import Allowance, Cost
from gateway.budget.store import Store
from gateway.budget.tables import charges

WINDOW = dt.timedelta(days=28)
"""How far back the rate looks: four weeks, so that each day of the week counts alike."""
SHORTEST = dt.timedelta(days=1)
LONGEST = dt.timedelta(days=3652)
"""Ten years: what lasts longer counts as lasting."""

_MICROSECOND = dt.timedelta(microseconds=1)
_OF_ACCOUNT = (
    charges.c.dataset == sa.bindparam("of_dataset"),
    charges.c.holder == sa.bindparam("of_holder"),
)
_FIRST = sa.select(sa.func.min(charges.c.at)).where(*_OF_ACCOUNT)
_PAID = sa.select(charges.c.kind, charges.c.amount, charges.c.delta).where(
    *_OF_ACCOUNT, charges.c.at > sa.bindparam("since", type_=charges.c.at.type)
)


class Outlook(Enum):
    """What becomes of an account if it goes on like this."""

    IDLE = "idle"
    """Nothing was paid in the window, so there is no rate."""
    LASTS = "lasts"
    """It lasts ten years at least."""
    RENEWS = "renews"
    """It renews before it runs out."""
    RUNS_OUT = "runs_out"
    EXHAUSTED = "exhausted"
    """Nothing is left now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """`paid` is what the account paid since `since`; `runs_out_at` only where it runs out."""

    outlook: Outlook
    since: dt.datetime
    paid: Cost
    runs_out_at: dt.datetime | None


def forecast(
    *,
    paid: Cost,
    since: dt.datetime,
    left: Cost,
    now: dt.datetime,
    renews_at: dt.datetime | None,
) -> Forecast:
    """When `left` is used up, if what was `paid` from `since` to `now` goes on. Pure and exact.

    Rounded down to the microsecond, so that an account never runs out before it is said to by more
    than the rate itself changes.
    """
    window = (now - since) // _MICROSECOND
    lasting = [
        window * rest // rate
        for rate, rest in ((paid.amount, left.amount), (paid.delta, left.delta))
        if rate > 0
    ]
    outlook, runs_out_at = Outlook.IDLE, None
    if left.amount == 0:
        outlook = Outlook.EXHAUSTED
    elif lasting:
        soonest = min(lasting)
        if soonest > LONGEST // _MICROSECOND:
            outlook = Outlook.LASTS
        elif renews_at is not None and now + soonest * _MICROSECOND >= renews_at:
            outlook = Outlook.RENEWS
        else:
            outlook, runs_out_at = Outlook.RUNS_OUT, now + soonest * _MICROSECOND
    return Forecast(outlook=outlook, since=since, paid=paid, runs_out_at=runs_out_at)


class Forecasts:
    """Forecasts of the ledger's accounts."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, dataset: str, allowance: Allowance) -> Forecast:
        """An account's forecast as it stands now."""
        with self._store.reading() as connection:
            now = self._store.now(connection)
            account = current(connection, dataset, allowance, now)
            of = {"of_dataset": dataset, "of_holder": allowance.holder}
            since = _since(connection, of, now)
            paid = _paid(connection, of, since)
        left = Cost(
            amount=max(0, account.limit.amount - account.spent.amount),
            delta=max(0, account.limit.delta - account.spent.delta),
        )
        return forecast(
            paid=paid, since=since, left=left, now=now, renews_at=account.balance.renews_at
        )


def _since(connection: Connection, of: dict[str, str], now: dt.datetime) -> dt.datetime:
    first: dt.datetime | None = connection.execute(_FIRST, of).scalar_one()
    begun = now - WINDOW if first is None else max(first - _MICROSECOND, now - WINDOW)
    return min(begun, now - SHORTEST)


def _paid(connection: Connection, of: dict[str, str], since: dt.datetime) -> Cost:
    amount = delta = 0
    rows = connection.execution_options(yield_per=1000).execute(_PAID, of | {"since": since})
    for row in rows:
        sign = 1 if row.kind == "charge" else -1
        amount, delta = amount + sign * row.amount, delta + sign * row.delta
    # A refund within the window of a charge before it may outweigh what was paid since.
    return Cost(amount=max(0, amount), delta=max(0, delta))
