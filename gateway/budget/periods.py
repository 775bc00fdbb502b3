"""Which calendar period a moment lies in, in UTC. Pure."""

from __future__ import annotations

import datetime as dt

from gateway.policy.model import Renewal

FIRST = dt.date(1970, 1, 1)
"""The start of the one period of a budget that never renews."""


def start(now: dt.datetime, renews: Renewal) -> dt.date:
    """The first day of the period that `now` lies in: the day, its Monday, or the month's first."""
    if now.tzinfo is None:
        raise ValueError("periods need a zone aware time")
    today = now.astimezone(dt.UTC).date()
    match renews:
        case Renewal.NEVER:
            return FIRST
        case Renewal.DAILY:
            return today
        case Renewal.WEEKLY:
            return today - dt.timedelta(days=today.weekday())
        case Renewal.MONTHLY:
            return today.replace(day=1)


def renewal_after(day: dt.date, renews: Renewal) -> dt.datetime | None:
    """When the period that `day` lies in ends, at midnight UTC; None where it never does."""
    match renews:
        case Renewal.NEVER:
            return None
        case Renewal.DAILY:
            following = day + dt.timedelta(days=1)
        case Renewal.WEEKLY:
            following = day + dt.timedelta(days=7 - day.weekday())
        case Renewal.MONTHLY:
            following = (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    return midnight(following)


def midnight(day: dt.date) -> dt.datetime:
    """The first moment of a day in UTC."""
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
