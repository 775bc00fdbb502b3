"""Extra budget for one account, within a transaction."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from sqlalchemy.engine import Connection

from gateway.budget import audit
from gateway.budget.accounts import EVERYONE, newest_period
from gateway.budget.questions import storable
from gateway.budget.tables import grants
from gateway.errors import Code, Refusal

LARGEST = 1_000_000
"""The most ε that one grant may add."""
LONGEST_DAYS = 3650
"""The most days that a grant may be limited to."""


def amount(epsilon: Fraction, what: str = "grant") -> Fraction:
    """The ε of a grant or of a request for one. Raises `Refusal(INVALID_REQUEST)` unless it is
    above 0 and at most `LARGEST`."""
    if not 0 < epsilon <= LARGEST:
        raise Refusal(
            Code.INVALID_REQUEST,
            f"A {what}'s epsilon must be above 0 and at most {LARGEST:,}.",
            "Name a positive epsilon, for example 0.5.",
        )
    return epsilon


def text(words: str, missing: str, hint: str) -> str:
    """A reason or purpose, as the ledger keeps it. Raises `Refusal(INVALID_REQUEST)` without."""
    if not words.strip():
        raise Refusal(Code.INVALID_REQUEST, missing, hint)
    return storable(words)


def expiry(days: int | None, now: dt.datetime) -> dt.datetime | None:
    """When what is limited to `days` ends; None for what is not limited.

    Raises `Refusal(INVALID_REQUEST)` unless 1 <= days <= `LONGEST_DAYS`.
    """
    if days is None:
        return None
    if not 1 <= days <= LONGEST_DAYS:
        raise Refusal(
            Code.INVALID_REQUEST,
            f"Extra budget is limited to between 1 and {LONGEST_DAYS} days.",
            "Leave `days` out for a grant that lasts as long as the account's period.",
        )
    return now + dt.timedelta(days=days)


def give(
    connection: Connection,
    *,
    dataset: str,
    holder: str,
    epsilon: Fraction,
    by: str,
    reason: str,
    days: int | None,
    now: dt.datetime,
) -> int:
    """Add `epsilon` to an account for its present period, or for `days` of it; the grant's number.

    Raises `Refusal(INVALID_REQUEST)` for an amount, number of days or reason that is none, and
    where the holder is not `user:NAME` or `everyone`.
    """
    if holder != EVERYONE and not (holder.startswith("user:") and len(holder) > 5):
        raise Refusal(
            Code.INVALID_REQUEST,
            "A grant goes to one account: `user:NAME` or `everyone`.",
            "Name the account, for example `user:alice`.",
        )
    newest = newest_period(connection, dataset, holder)
    # A clock that was set back must not put the grant before the period that it is for.
    counts_from = now if newest is None else max(now, newest)
    epsilon = amount(epsilon)
    row = {
        "dataset": dataset,
        "holder": holder,
        "epsilon": f"{epsilon.numerator}/{epsilon.denominator}",
        "counts_from": counts_from,
        "granted_by": by,
        "reason": text(
            reason,
            "A grant needs a reason, which the audit trail keeps.",
            "Say why the budget is raised.",
        ),
        "expires_at": expiry(days, counts_from),
    }
    number: int = connection.execute(grants.insert().returning(grants.c.id), row).scalar_one()
    audit.append(
        connection, at=now, kind="grant", actor=by, body=audit.as_said(row | {"id": number})
    )
    return number
