"""What the ledger knows of one dataset in one month, for a report that can be filed."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.budget.accounts import EVERYONE
from gateway.budget.cost import NOTHING, Cost
from gateway.budget.store import Store
from gateway.budget.tables import (
    accounts,
    alerts,
    audit,
    budget_decisions,
    budget_requests,
    charges,
    grants,
    questions,
)
from gateway.errors import Code, Refusal

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A calendar month in UTC: `start` belongs to it, `end` does not."""

    start: dt.datetime
    end: dt.datetime

    @property
    def name(self) -> str:
        """As it is asked for: `2026-11`."""
        return f"{self.start:%Y-%m}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """What an account paid: in the month, and since it was opened, over all its periods."""

    holder: str
    guarantee: str
    charges: int
    month: Cost
    ever: Cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How often an analyst's questions ended so: `answered`, `charged` or a refusal's code."""

    analyst: str
    outcome: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A policy as it was loaded; `everyone` is whether it capped all analysts together."""

    at: dt.datetime
    digest: str
    guarantee: str
    everyone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfDataset:
    """Everything of one dataset in one month. Rows are those of the tables, by their columns.

    `first_charge_at` and `loads` are of all times, for `capped` needs them.
    """

    dataset: str
    paid: tuple[Paid, ...]
    asked: tuple[Asked, ...]
    grants: tuple[Mapping[str, Any], ...]
    requests: tuple[Mapping[str, Any], ...]
    decisions: tuple[Mapping[str, Any], ...]
    alerts: tuple[Mapping[str, Any], ...]
    data_changes: tuple[dt.datetime, ...]
    first_charge_at: dt.datetime | None
    loads: tuple[Loaded, ...]


def month_of(text: str | None, now: dt.datetime) -> Month:
    """The month that `2026-11` names; None is the last one that is over.

    Raises `Refusal(INVALID_REQUEST)` for another text and for a month that has not begun.
    """
    if text is None:
        end = now.astimezone(dt.UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return Month(start=(end - dt.timedelta(days=1)).replace(day=1), end=end)
    found = _MONTH.fullmatch(text)
    if found is None or not 1970 <= int(found[1]) <= now.year:
        raise _no_month()
    start = dt.datetime(int(found[1]), int(found[2]), 1, tzinfo=dt.UTC)
    if start > now:
        raise _no_month()
    return Month(start=start, end=(start + dt.timedelta(days=32)).replace(day=1))


def capped(first_charge_at: dt.datetime | None, loads: Sequence[Loaded]) -> bool:
    """Whether the account of `everyone` holds every draw of noise that was ever made.

    Claim: where this is true, what all analysts together saw costs at most what `everyone` paid.
    A draw debits `everyone` in the transaction that debits the analyst whenever the policy has a
    line for it, and the gateway records each policy before it charges under it. So it is enough
    that a policy was recorded before the first charge and that every one had that line. Where it is
    false, the sum over all analysts' accounts bounds it: each draw was paid by one of them.
    Tests: tests/ledger/test_report.py.
    """
    if first_charge_at is None:
        return True
    return any(load.at <= first_charge_at for load in loads) and all(
        load.everyone for load in loads
    )


def together(paid: Sequence[Paid], covered: bool) -> Mapping[str, tuple[Cost, Cost]]:
    """What all analysts together saw, at most, by guarantee: in the month, and ever.

    `covered` as `capped` says. Costs under two guarantees do not add up, so they stay apart.
    """
    sums: dict[str, tuple[Cost, Cost]] = {}
    for account in paid:
        if (account.holder == EVERYONE) == covered:
            month, ever = sums.get(account.guarantee, (NOTHING, NOTHING))
            sums[account.guarantee] = (month + account.month, ever + account.ever)
    return sums


class Reports:
    """Reading a month out of the ledger."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def month(self, text: str | None) -> Month:
        """The month that is asked for, on the ledger's clock; see `month_of`."""
        with self._store.reading() as connection:
            return month_of(text, self._store.now(connection))

    def of(self, dataset: str, month: Month) -> MonthOfDataset:
        """A dataset's month."""
        with self._store.reading() as connection:
            changes, loads = _records(connection, dataset, month)
            first = connection.execute(
                sa.select(sa.func.min(charges.c.at)).where(charges.c.dataset == dataset)
            ).scalar_one()
            return MonthOfDataset(
                dataset=dataset,
                paid=_paid(connection, dataset, month),
                asked=_asked(connection, dataset, month),
                grants=_rows(
                    connection, grants, grants.c.dataset == dataset, grants.c.counts_from, month
                ),
                requests=_rows(
                    connection,
                    budget_requests,
                    budget_requests.c.dataset == dataset,
                    budget_requests.c.asked_at,
                    month,
                ),
                decisions=_rows(
                    connection,
                    budget_decisions,
                    budget_decisions.c.request_id.in_(
                        sa.select(budget_requests.c.id).where(budget_requests.c.dataset == dataset)
                    ),
                    budget_decisions.c.decided_at,
                    month,
                ),
                alerts=_rows(connection, alerts, alerts.c.dataset == dataset, alerts.c.at, month),
                data_changes=changes,
                first_charge_at=first,
                loads=loads,
            )


def _rows(
    connection: Connection,
    table: sa.Table,
    of_dataset: sa.ColumnElement[bool],
    at: sa.Column[Any],
    month: Month,
) -> tuple[Mapping[str, Any], ...]:
    query = sa.select(table).where(of_dataset, at >= month.start, at < month.end).order_by(at)
    return tuple(dict(row) for row in connection.execute(query).mappings())


def _paid(connection: Connection, dataset: str, month: Month) -> tuple[Paid, ...]:
    sums: dict[tuple[str, str], list[int]] = {}
    query = sa.select(
        charges.c.kind, charges.c.holder, charges.c.guarantee, charges.c.amount, charges.c.delta
    ).where(charges.c.dataset == dataset, charges.c.at >= month.start, charges.c.at < month.end)
    for row in connection.execution_options(yield_per=1000).execute(query):
        total = sums.setdefault((row.holder, row.guarantee), [0, 0, 0])
        sign = 1 if row.kind == "charge" else -1
        total[0] += sign
        total[1] += sign * row.amount
        total[2] += sign * row.delta
    ever: dict[tuple[str, str], Cost] = {}
    for account in connection.execute(sa.select(accounts).where(accounts.c.dataset == dataset)):
        key = (account.holder, account.guarantee)
        spent = Cost(amount=account.spent_amount, delta=account.spent_delta)
        ever[key] = ever.get(key, NOTHING) + spent
    return tuple(
        Paid(
            holder=holder,
            guarantee=guarantee,
            charges=max(0, sums.get((holder, guarantee), [0])[0]),
            month=_cost(sums.get((holder, guarantee), [0, 0, 0])),
            ever=ever.get((holder, guarantee), NOTHING),
        )
        for holder, guarantee in sorted(sums.keys() | ever.keys())
    )


def _cost(total: Sequence[int]) -> Cost:
    """A month's sum; one that gave back more than it took, of the month before, paid nothing."""
    return Cost(amount=max(0, total[1]), delta=max(0, total[2]))


def _asked(connection: Connection, dataset: str, month: Month) -> tuple[Asked, ...]:
    query = (
        sa.select(questions.c.analyst, questions.c.outcome, sa.func.count().label("count"))
        .where(
            questions.c.dataset == dataset,
            questions.c.at >= month.start,
            questions.c.at < month.end,
        )
        .group_by(questions.c.analyst, questions.c.outcome)
        .order_by(questions.c.analyst, questions.c.outcome)
    )
    return tuple(
        Asked(analyst=row.analyst, outcome=row.outcome, count=row._mapping["count"])
        for row in connection.execute(query)
    )


def _records(
    connection: Connection, dataset: str, month: Month
) -> tuple[tuple[dt.datetime, ...], tuple[Loaded, ...]]:
    """When the data changed in the month, and every policy that was ever loaded."""
    changes, loads = [], []
    query = (
        sa.select(audit.c.at, audit.c.kind, audit.c.body)
        .where(audit.c.kind.in_(("data_changed", "policy_loaded")))
        .order_by(audit.c.sequence)
    )
    for row in connection.execute(query):
        body = json.loads(row.body)
        if body["dataset"] != dataset:
            continue
        if row.kind == "policy_loaded":
            loads.append(
                Loaded(
                    at=row.at,
                    digest=body["digest"],
                    guarantee=body["guarantee"],
                    everyone=any(line["for"] == "everyone" for line in body["budgets"]),
                )
            )
        elif month.start <= row.at < month.end:
            changes.append(row.at)
    return tuple(changes), tuple(loads)


def _no_month() -> Refusal:
    return Refusal(
        Code.INVALID_REQUEST,
        "A report is of one month that has begun, written as year and month.",
        "Ask for `2026-11`, or leave the month out for the last one that is over.",
    )
