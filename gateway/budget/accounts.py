"""Accounts within a transaction: which row is current, what may be spent, debit and credit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.budget import periods
from gateway.budget.cost import NOTHING, Allowance, Cost, epsilon_of, limit
from gateway.budget.tables import LARGEST, accounts, grants
from gateway.edges import Balance
from gateway.errors import Code, Refusal
from gateway.policy.model import Guarantee, Renewal

EVERYONE = "everyone"
"""The holder of a dataset's cap on all analysts together."""

_periods = accounts.alias("periods")
_NEWEST = sa.select(accounts).where(
    accounts.c.dataset == sa.bindparam("dataset"),
    accounts.c.holder.in_(sa.bindparam("holders", expanding=True)),
    accounts.c.period_start
    == sa.select(sa.func.max(_periods.c.period_start))
    .where(_periods.c.dataset == accounts.c.dataset, _periods.c.holder == accounts.c.holder)
    .scalar_subquery(),
)
_OPEN = accounts.insert()
_SAME = sa.and_(
    accounts.c.dataset == sa.bindparam("of_dataset"),
    accounts.c.holder == sa.bindparam("of_holder"),
    accounts.c.period_start == sa.bindparam("of_period"),
)
_SETTLE = (
    sa.update(accounts)
    .where(_SAME)
    .values(
        renews=sa.bindparam("new_renews"),
        zone=sa.bindparam("new_zone"),
        ends_at=sa.bindparam("new_end", type_=accounts.c.ends_at.type),
    )
)
_GRANTED = sa.select(grants.c.holder, grants.c.epsilon, grants.c.counts_from).where(
    grants.c.dataset == sa.bindparam("dataset"),
    grants.c.holder.in_(sa.bindparam("holders", expanding=True)),
    sa.or_(
        grants.c.expires_at.is_(None),
        grants.c.expires_at > sa.bindparam("now", type_=grants.c.expires_at.type),
    ),
)
# The sums stand on the side of the parameters, so that no database has to add beyond 64 bits.
_DEBIT = (
    sa.update(accounts)
    .where(
        _SAME,
        accounts.c.spent_amount <= sa.bindparam("room_amount"),
        accounts.c.spent_delta <= sa.bindparam("room_delta"),
    )
    .values(
        spent_amount=accounts.c.spent_amount + sa.bindparam("add_amount"),
        spent_delta=accounts.c.spent_delta + sa.bindparam("add_delta"),
    )
)
_CREDIT = (
    sa.update(accounts)
    .where(
        _SAME,
        accounts.c.spent_amount >= sa.bindparam("take_amount"),
        accounts.c.spent_delta >= sa.bindparam("take_delta"),
    )
    .values(
        spent_amount=accounts.c.spent_amount - sa.bindparam("take_amount"),
        spent_delta=accounts.c.spent_delta - sa.bindparam("take_delta"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account in its current period. `stored` is whether its row exists yet, `settled` whether
    that has the period's end by the present calendar. `began_at` is what grants count from."""

    dataset: str
    allowance: Allowance
    period_start: dt.date
    began_at: dt.datetime
    ends_at: dt.datetime | None
    limit: Cost
    spent: Cost
    stored: bool
    settled: bool

    @property
    def balance(self) -> Balance:
        """The account as the outside sees it."""
        return Balance(
            allowance=self.allowance,
            limit=self.limit,
            spent=self.spent,
            renews_at=self.ends_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Debit:
    """What one transaction takes off an account, for one question or for several."""

    before: Account
    cost: Cost
    after: Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the ledger holds of some accounts of a dataset, by holder."""

    newest: Mapping[str, sa.Row[tuple[Any, ...]]]
    """The row of the newest period."""
    grants: Mapping[str, Sequence[tuple[dt.datetime, Fraction]]]
    """Extra ε that has not expired, with the moment that it counts from."""

    def granted(self, holder: str, since: dt.datetime) -> Fraction:
        """The extra ε that an account has from the start of a period on."""
        given = self.grants.get(holder, ())
        return sum((epsilon for counts_from, epsilon in given if counts_from >= since), Fraction(0))


def kept(connection: Connection, dataset: str, holders: Collection[str], now: dt.datetime) -> Kept:
    """Read what the ledger holds of some accounts."""
    of = {"dataset": dataset, "holders": sorted(holders)}
    given: dict[str, list[tuple[dt.datetime, Fraction]]] = {}
    for row in connection.execute(_GRANTED, of | {"now": now}):
        given.setdefault(row.holder, []).append((row.counts_from, Fraction(row.epsilon)))
    return Kept(newest={row.holder: row for row in connection.execute(_NEWEST, of)}, grants=given)


def current(
    connection: Connection, dataset: str, allowance: Allowance, now: dt.datetime
) -> Account:
    """An account in the period that `now` lies in, as `current_of` has it; reads only."""
    return current_of(kept(connection, dataset, [allowance.holder], now), dataset, allowance, now)


def current_of(found: Kept, dataset: str, allowance: Allowance, now: dt.datetime) -> Account:
    """An account in the period that `now` lies in. Pure.

    A period goes on until it ends by the calendar (`periods.end`), whatever the clock shows: where
    it was set back, opening or reopening an earlier period would let a clock that jumps to and fro
    spend more than one budget in one span of time. Periods that passed without a charge have no
    row. Raises `Refusal(FORBIDDEN)` where the account was kept in another unit of privacy than the
    policy has now, for then its sum means nothing.
    """
    renews, zone = allowance.renews, allowance.zone
    newest = found.newest.get(allowance.holder)
    start = periods.start(now, renews, zone)
    began_at = periods.midnight(start, zone)
    ends_at = periods.renewal_after(start, renews, zone)
    spent, stored, settled = NOTHING, False, True
    if newest is not None:
        if Guarantee(newest.guarantee) is not allowance.guarantee:
            raise _other_guarantee(dataset, newest.guarantee, allowance.guarantee)
        running_to = periods.end(newest.period_start, calendar(newest), renews, zone, now)
        if running_to is None or now < running_to:
            start, began_at = newest.period_start, began(newest)
            ends_at, stored = running_to, True
            settled = (newest.renews, newest.zone) == (renews.value, zone)
            spent = Cost(amount=newest.spent_amount, delta=newest.spent_delta)
        else:
            start = max(start, newest.period_start + dt.timedelta(days=1))
            began_at = max(began_at, running_to)
    extra = found.granted(allowance.holder, began_at)
    return Account(
        dataset=dataset,
        allowance=allowance,
        period_start=start,
        began_at=began_at,
        ends_at=ends_at,
        limit=_capped(limit(allowance, extra)),
        spent=spent,
        stored=stored,
        settled=settled,
    )


def newest_period(connection: Connection, dataset: str, holder: str) -> dt.datetime | None:
    """When an account's newest period began; None where it never was charged."""
    row = _newest(connection, dataset, holder)
    return None if row is None else began(row)


def began(row: sa.Row[tuple[Any, ...]]) -> dt.datetime:
    """The first moment of the period of an account's row, from which grants count for it."""
    if row.began_at is not None:
        moment: dt.datetime = row.began_at
        return moment
    return periods.midnight(row.period_start, row.zone or "UTC")


def calendar(
    row: sa.Row[tuple[Any, ...]],
) -> tuple[Renewal, str, dt.datetime | None] | None:
    """The calendar that an account's row was opened or last changed under, and its end."""
    return None if row.renews is None else (Renewal(row.renews), row.zone, row.ends_at)


def settle(connection: Connection, dataset: str, allowance: Allowance, now: dt.datetime) -> None:
    """Keep the end of a period that goes on under a calendar which has changed since.

    So the first boundary after the change is the one that counts, not the first after each look.
    """
    row = _newest(connection, dataset, allowance.holder)
    if row is None or (row.renews, row.zone) == (allowance.renews.value, allowance.zone):
        return
    ends_at = periods.end(row.period_start, calendar(row), allowance.renews, allowance.zone, now)
    if ends_at is not None and ends_at <= now:
        return
    _set_end(connection, dataset, allowance, row.period_start, ends_at)


def _set_end(
    connection: Connection,
    dataset: str,
    allowance: Allowance,
    period_start: dt.date,
    ends_at: dt.datetime | None,
) -> None:
    connection.execute(
        _SETTLE,
        {
            "of_dataset": dataset,
            "of_holder": allowance.holder,
            "of_period": period_start,
            "new_renews": allowance.renews.value,
            "new_zone": allowance.zone,
            "new_end": ends_at,
        },
    )


def _newest(connection: Connection, dataset: str, holder: str) -> sa.Row[tuple[Any, ...]] | None:
    of = {"dataset": dataset, "holders": [holder]}
    return connection.execute(_NEWEST, of).one_or_none()


def debited(account: Account, cost: Cost) -> Account:
    """An account after `cost` was taken off it. Pure.

    Raises `Refusal(BUDGET_EXHAUSTED)` with `needed`, `left` and `renews_at` where it does not fit.
    """
    spent = account.spent + cost
    if spent.amount > account.limit.amount or spent.delta > account.limit.delta:
        raise exhausted(account.dataset, account.balance, cost)
    return replace(account, spent=spent, stored=True, settled=True)


def debit(connection: Connection, debits: Sequence[Debit]) -> None:
    """Take each debit off its account, another one each, by one conditional update.

    Raises RuntimeError where a row does not hold what was read of it in the same transaction; that
    is then to be rolled back.
    """
    new = [_opened(one.before) for one in debits if not one.before.stored]
    if new:
        connection.execute(_OPEN, new)
    for one in debits:
        was = one.before
        if was.stored and not was.settled:
            _set_end(connection, was.dataset, was.allowance, was.period_start, was.ends_at)
    done = connection.execute(
        _DEBIT,
        [
            {
                "of_dataset": one.before.dataset,
                "of_holder": one.before.allowance.holder,
                "of_period": one.before.period_start,
                "room_amount": one.before.limit.amount - one.cost.amount,
                "room_delta": one.before.limit.delta - one.cost.delta,
                "add_amount": one.cost.amount,
                "add_delta": one.cost.delta,
            }
            for one in debits
        ],
    )
    if done.rowcount != len(debits):
        raise RuntimeError("an account changed within the transaction that holds it")


def _opened(account: Account) -> dict[str, object]:
    """The row of an account in a new period."""
    return {
        "dataset": account.dataset,
        "holder": account.allowance.holder,
        "period_start": account.period_start,
        "guarantee": account.allowance.guarantee.value,
        "spent_amount": 0,
        "spent_delta": 0,
        "renews": account.allowance.renews.value,
        "zone": account.allowance.zone,
        "ends_at": account.ends_at,
        "began_at": account.began_at,
    }


def credit(
    connection: Connection, dataset: str, holder: str, period_start: dt.date, cost: Cost
) -> None:
    """Give `cost` back to the period it came from. Raises RuntimeError if it was never taken."""
    done = connection.execute(
        _CREDIT,
        {
            "of_dataset": dataset,
            "of_holder": holder,
            "of_period": period_start,
            "take_amount": cost.amount,
            "take_delta": cost.delta,
        },
    )
    if done.rowcount != 1:
        raise RuntimeError(f"account {holder} of {dataset} does not hold what it was charged")


def exhausted(dataset: str, balance: Balance, cost: Cost) -> Refusal:
    """The refusal of a charge that does not fit, with what is needed and left as ε and δ."""
    allowance = balance.allowance
    left = Cost(
        amount=max(0, balance.limit.amount - balance.spent.amount),
        delta=max(0, balance.limit.delta - balance.spent.delta),
    )
    renews_at = balance.renews_at
    whose = (
        f"The budget of all analysts together for {dataset}"
        if allowance.holder == EVERYONE
        else f"Your budget for {dataset}"
    )
    facts: dict[str, str | int | float | None] = {
        "account": allowance.holder,
        "needed": epsilon_of(cost.amount, allowance.guarantee, allowance.delta),
        "left": epsilon_of(left.amount, allowance.guarantee, allowance.delta),
        "renews_at": None if renews_at is None else renews_at.isoformat(),
    }
    if cost.amount > left.amount:
        needed, room, what = float(facts["needed"] or 0), float(facts["left"] or 0), "epsilon"
        hint = "Ask for a smaller epsilon, repeat questions that were answered (they are free)"
    else:
        needed, room, what = float(Fraction(cost.delta, 10**18)), left.delta / 10**18, "delta"
        facts |= {"needed_delta": needed, "left_delta": room}
        hint = "Group by columns with declared values, which need no delta"
    hint += (
        ", or ask an administrator to raise it."
        if allowance.holder == EVERYONE
        else ", or ask for more with `noisegate budget request`."
    )
    if renews_at is not None:
        local = renews_at.astimezone(ZoneInfo(allowance.zone))
        hint += f" The budget renews on {local:%Y-%m-%d} at {local:%H:%M} ({allowance.zone})."
    sentence = f"{whose} has {what} {_shown(room, ROUND_FLOOR)} left; "
    sentence += f"this query needs {_shown(needed, ROUND_CEILING)}."
    return Refusal(Code.BUDGET_EXHAUSTED, sentence, hint, None, **facts)


def totals(rows: Mapping[str, Cost]) -> Cost:
    """The sum of costs."""
    total = NOTHING
    for cost in rows.values():
        total = total + cost
    return total


def _capped(cost: Cost) -> Cost:
    """A limit that fits the column; a smaller limit only means less is spent."""
    return Cost(amount=min(cost.amount, LARGEST), delta=min(cost.delta, LARGEST))


def _shown(number: float, rounding: str) -> str:
    """Four digits, rounded so that what is left never looks like enough when it is not."""
    rounded = Context(prec=4, rounding=rounding).create_decimal(Decimal(repr(number)))
    return f"{float(rounded):.4g}"


def _other_guarantee(dataset: str, kept: str, now: Guarantee) -> Refusal:
    return Refusal(
        Code.FORBIDDEN,
        f"The budgets of {dataset} were kept under the guarantee {kept}; its policy now says "
        f"{now.value}, and what was spent under one cannot be counted under the other.",
        f"The administrator should set `guarantee: {kept}` again, or close the accounts and open "
        f"new ones with `noisegate budget rebase {dataset}`.",
    )
