"""What a dataset's charges mean: the guarantee they compose by, and whose rows they protect.

A sum of charges is a promise only as long as every charge in it means the same. So the ledger keeps
the terms that a dataset was first served under, refuses to serve it under others, and changes them
only by an administrator's word, which closes the accounts and opens new ones.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.budget import audit, periods
from gateway.budget.accounts import settle
from gateway.budget.allowances import allowance_for, everyone_for
from gateway.budget.cost import Allowance
from gateway.budget.grants import text
from gateway.budget.standing import advance_data_version
from gateway.budget.store import Store
from gateway.budget.tables import accounts, grants, terms
from gateway.budget.tables import roles as held_roles
from gateway.edges import Analyst
from gateway.errors import Refusal
from gateway.policy.faults import Fault, PolicyFaults
from gateway.policy.model import Guarantee, Policy, Renewal, Through

_NEWEST = (
    sa.select(terms)
    .where(terms.c.dataset == sa.bindparam("dataset"))
    .order_by(terms.c.id.desc())
    .limit(1)
)

_LAST_GRANTS = (
    sa.select(grants.c.holder, sa.func.max(grants.c.counts_from).label("counts_from"))
    .where(grants.c.dataset == sa.bindparam("dataset"))
    .group_by(grants.c.holder)
)
_LAST_PERIODS = (
    sa.select(accounts.c.holder, sa.func.max(accounts.c.period_start).label("period_start"))
    .where(accounts.c.dataset == sa.bindparam("dataset"))
    .group_by(accounts.c.holder)
)
_INSTANT = dt.timedelta(microseconds=1)
"""The least difference between two moments that the ledger keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """`unit` is the word for one protected entity; `tables` says of each table whose rows it has,
    as canonical JSON."""

    guarantee: Guarantee
    unit: str
    tables: Mapping[str, str]


def terms_of(policy: Policy) -> Terms:
    """The terms that a policy states."""
    tables = {}
    for name, table in policy.tables.items():
        owner: object = table.unit
        if table.public:
            owner = {"public": True}
        elif isinstance(table.unit, Through):
            owner = {"through": table.unit.table, "on": dict(table.unit.on)}
        tables[name] = audit.canonical(owner)
    return Terms(guarantee=policy.privacy.guarantee, unit=policy.privacy.unit, tables=tables)


def differences(kept: Terms, stated: Terms) -> tuple[tuple[str, str, str], ...]:
    """Where terms contradict those kept: key path of the policy, what it says, what was kept.

    A table that is new or gone contradicts nothing: no charge counted its rows under another owner.
    """
    found = []
    if stated.guarantee is not kept.guarantee:
        found.append(("privacy.guarantee", stated.guarantee.value, kept.guarantee.value))
    if stated.unit != kept.unit:
        found.append(("privacy.unit", stated.unit, kept.unit))
    for name, owner in stated.tables.items():
        if name in kept.tables and kept.tables[name] != owner:
            found.append((f"tables.{name}.unit", owner, kept.tables[name]))
    return tuple(found)


class DatasetTerms:
    """The terms that each dataset is served under."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def adopt(self, policies: Sequence[Policy]) -> None:
        """Serve datasets under their policies from now on, all or none.

        Keeps the terms of datasets and tables that are new, and sees to it that periods which run
        end by the calendar that the policy now has. Raises `PolicyFaults` with every contradiction
        to the terms kept.
        """
        with self._store.writing() as connection:
            now = self._store.now(connection)
            faults = []
            for policy in policies:
                stated = terms_of(policy)
                kept = _kept(connection, policy.dataset)
                if kept is None:
                    kept = _of_accounts(connection, policy.dataset, stated)
                faults += [_fault(policy, *one) for one in differences(kept, stated)]
                merged = Terms(
                    guarantee=stated.guarantee,
                    unit=stated.unit,
                    tables={**kept.tables, **stated.tables},
                )
                if merged != _kept(connection, policy.dataset):
                    _keep(connection, policy.dataset, merged, now, "gateway", "policy loaded")
                for allowance in _allowances(connection, policy):
                    settle(connection, policy.dataset, allowance, now)
            if faults:
                raise PolicyFaults(faults)

    def rebase(self, policy: Policy, by: str, reason: str) -> tuple[str, ...]:
        """Take over the policy's terms though they differ: close all accounts, open new ones.

        What was spent stays in the closed accounts, as history, and so do grants that were made to
        them: they were ε of the old terms. The new accounts have spent nothing. Their promise adds
        to that of the closed ones and does not replace it. Stored answers no longer stand. Returns
        the holders of the accounts that were closed. Raises
        `Refusal(INVALID_REQUEST)` without a reason.
        """
        said = text(reason, "A rebase needs a reason, which the audit trail keeps.", "Say why.")
        stated = terms_of(policy)
        with self._store.writing() as connection:
            now = self._store.now(connection)
            kept = _kept(connection, policy.dataset)
            _keep(connection, policy.dataset, stated, now, by, said)
            holders = _reopen(connection, policy, now)
            version = advance_data_version(connection, policy.dataset, now)
            audit.append(
                connection,
                at=now,
                kind="rebased",
                actor=by,
                body={
                    "dataset": policy.dataset,
                    "from": None if kept is None else _said(kept),
                    "to": _said(stated),
                    "accounts": list(holders),
                    "data_version": version,
                    "reason": said,
                },
            )
        return holders


def _kept(connection: Connection, dataset: str) -> Terms | None:
    row = connection.execute(_NEWEST, {"dataset": dataset}).one_or_none()
    if row is None:
        return None
    return Terms(guarantee=Guarantee(row.guarantee), unit=row.unit, tables=json.loads(row.tables))


def _of_accounts(connection: Connection, dataset: str, stated: Terms) -> Terms:
    """The terms of a ledger that kept none: accounts know their guarantee, and no more."""
    newest = (
        sa.select(accounts.c.guarantee)
        .where(accounts.c.dataset == dataset)
        .order_by(accounts.c.period_start.desc())
        .limit(1)
    )
    known = connection.execute(newest).scalar_one_or_none()
    guarantee = stated.guarantee if known is None else Guarantee(known)
    return Terms(guarantee=guarantee, unit=stated.unit, tables=stated.tables)


def _keep(
    connection: Connection, dataset: str, now_kept: Terms, now: dt.datetime, by: str, reason: str
) -> None:
    connection.execute(
        terms.insert(),
        {
            "dataset": dataset,
            "guarantee": now_kept.guarantee.value,
            "unit": now_kept.unit,
            "tables": audit.canonical(dict(now_kept.tables)),
            "since": now,
            "set_by": by,
            "reason": reason,
        },
    )


def _reopen(connection: Connection, policy: Policy, now: dt.datetime) -> tuple[str, ...]:
    """Open a period for every account that was charged or granted anything, with nothing spent.

    It begins after the last grant to the closed account, and before any that is made from now on,
    and ends as a period does that is opened now. The day that names it comes after that of the
    closed period, as no two have one name.
    """
    of_dataset = {"dataset": policy.dataset}
    last = {row.holder: row.counts_from for row in connection.execute(_LAST_GRANTS, of_dataset)}
    names = {row.holder: row.period_start for row in connection.execute(_LAST_PERIODS, of_dataset)}
    holders = sorted(names.keys() | last.keys())
    for holder in holders:
        name = periods.start(now, Renewal.DAILY, policy.timezone)
        if holder in names:
            name = max(name, names[holder] + dt.timedelta(days=1))
        after_grants = last[holder] + _INSTANT if holder in last else now
        connection.execute(
            accounts.insert(),
            {
                "dataset": policy.dataset,
                "holder": holder,
                "period_start": name,
                "guarantee": policy.privacy.guarantee.value,
                "spent_amount": 0,
                "spent_delta": 0,
                "renews": Renewal.NEVER.value,
                "zone": policy.timezone,
                "ends_at": None,
                "began_at": max(now, after_grants),
            },
        )
    for allowance in _allowances(connection, policy):
        settle(connection, policy.dataset, allowance, now)
    return tuple(holders)


def _allowances(connection: Connection, policy: Policy) -> list[Allowance]:
    """The allowances of all accounts that the ledger has for a dataset, as the policy has them."""
    cap = everyone_for(policy)
    found = [] if cap is None else [cap]
    query = sa.select(accounts.c.holder).where(accounts.c.dataset == policy.dataset).distinct()
    for holder in connection.execute(query).scalars().all():
        name = holder.removeprefix("user:")
        if name == holder:
            continue
        roles = connection.execute(
            sa.select(held_roles.c.role).where(held_roles.c.user_name == name)
        ).scalars()
        try:
            found.append(allowance_for(policy, Analyst(name=name, roles=tuple(roles))))
        except Refusal:
            continue  # no line of `budgets` is theirs any more; the history stays
    return found


def _said(stated: Terms) -> dict[str, object]:
    return {
        "guarantee": stated.guarantee.value,
        "unit": stated.unit,
        "tables": {name: json.loads(owner) for name, owner in stated.tables.items()},
    }


def _fault(policy: Policy, path: str, stated: str, kept: str) -> Fault:
    line = policy.lines.get(path) or policy.lines.get(path.rpartition(".")[0], 1)
    return Fault(
        file=str(policy.file),
        line=line,
        path=path,
        found=f"{stated}, but the charges in the ledger were made under {kept}",
        allowed=f"{kept}; or `noisegate budget rebase {policy.dataset} --reason …`, which closes "
        "the accounts and opens new ones",
    )
