"""The report's content, of which the other formats are renderings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from gateway.budget.books import Books
from gateway.budget.cost import DELTA_UNIT, Cost, epsilon_of
from gateway.budget.report import Month, MonthOfDataset, capped, together
from gateway.policy.catalog import Catalog, Dataset
from gateway.policy.model import Guarantee, Policy
from gateway.server.accounts import account_document, allowances_of
from gateway.server.cells import moment, number

Document = dict[str, Any]


def report(books: Books, catalog: Catalog, asked: str | None) -> Document:
    """The report of a month (see `report.month_of`) over all datasets that are served.

    The trail is verified here and now, so this takes as long as the trail is long.
    """
    month = books.reports.month(asked)
    faults = books.verify()
    head = books.audit.head()
    return {
        "type": "noisegate.report/1",
        "month": month.name,
        "from": moment(month.start),
        "until": moment(month.end),
        "datasets": [_dataset(books, dataset, month) for dataset in catalog.datasets.values()],
        "trail": {
            "intact": not faults,
            "faults": [fault.sentence for fault in faults],
            "sequence": head.sequence,
            "hash": head.hash,
            "key_id": head.key_id,
            "signature": head.signature,
        },
    }


def _dataset(books: Books, dataset: Dataset, month: Month) -> Document:
    policy = dataset.policy
    found = books.reports.of(dataset.name, month)
    covered = capped(found.first_charge_at, found.loads)
    return {
        "dataset": dataset.name,
        "description": policy.description,
        "privacy": {
            "unit": policy.privacy.unit,
            "guarantee": policy.privacy.guarantee.value,
            "delta": float(policy.privacy.delta),
            "per_query": float(policy.privacy.per_query),
            "max_per_query": float(policy.privacy.max_per_query),
        },
        "policies": [
            {"at": moment(load.at), "digest": load.digest, "guarantee": load.guarantee}
            for load in found.loads
            if month.start <= load.at < month.end
        ],
        "together": {
            "measured_by": "everyone" if covered else "sum_of_analysts",
            "guarantees": [
                {
                    "guarantee": guarantee,
                    "month": learned(sums[0], guarantee, policy),
                    "ever": learned(sums[1], guarantee, policy),
                }
                for guarantee, sums in sorted(together(found.paid, covered).items())
            ],
        },
        "accounts": [
            account_document(books, dataset, allowance)
            for allowance in allowances_of(books, dataset)
        ],
        "paid": [
            {
                "account": account.holder,
                "guarantee": account.guarantee,
                "charges": account.charges,
                "month": learned(account.month, account.guarantee, policy),
                "ever": learned(account.ever, account.guarantee, policy),
            }
            for account in found.paid
        ],
        "questions": [
            {"analyst": asked.analyst, "outcome": asked.outcome, "count": asked.count}
            for asked in found.asked
        ],
        **_governance(found),
    }


def learned(cost: Cost, guarantee: str, policy: Policy) -> dict[str, float]:
    """The (ε, δ) that releases of this cost together satisfy.

    Under zcdp the ρ converts at half of the policy's δ, and what thresholds spent comes on top.
    """
    kind = Guarantee(guarantee)
    delta = Fraction(cost.delta, DELTA_UNIT)
    if kind is Guarantee.ZCDP and cost.amount:
        delta += policy.privacy.delta / 2
    return {
        "epsilon": epsilon_of(cost.amount, kind, policy.privacy.delta),
        "delta": float(delta),
    }


def _governance(found: MonthOfDataset) -> Document:
    return {
        "grants": [
            {
                "at": moment(row["counts_from"]),
                "account": row["holder"],
                "epsilon": number(Fraction(row["epsilon"])),
                "by": row["granted_by"],
                "own_account": row["holder"] == f"user:{row['granted_by']}",
                "reason": row["reason"],
                "expires_at": _maybe(row["expires_at"]),
            }
            for row in found.grants
        ],
        "requests": [
            {
                "id": row["id"],
                "at": moment(row["asked_at"]),
                "analyst": row["analyst"],
                "epsilon": number(Fraction(row["epsilon"])),
                "purpose": row["purpose"],
            }
            for row in found.requests
        ],
        "decisions": [
            {
                "request": row["request_id"],
                "at": moment(row["decided_at"]),
                "decision": row["decision"],
                "epsilon": None if row["epsilon"] is None else number(Fraction(row["epsilon"])),
                "by": row["decided_by"],
                "reason": row["reason"],
            }
            for row in found.decisions
        ],
        "alerts": [_alert(row) for row in found.alerts],
        "data_changes": [moment(at) for at in found.data_changes],
    }


def _alert(row: Mapping[str, Any]) -> Document:
    return {"at": moment(row["at"]), "account": row["holder"], "percent": row["percent"]}


def _maybe(at: dt.datetime | None) -> str | None:
    return None if at is None else moment(at)
