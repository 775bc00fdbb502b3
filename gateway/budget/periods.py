"""Which calendar period a moment lies in, in a policy's time zone. Pure."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from gateway.policy.model import Renewal

FIRST = dt.date(1970, 1, 1)
"""The start of the one period of a budget that never renews."""


def start(now: dt.datetime, renews: Renewal, zone: str) -> dt.date:
    """The first day of the period that `now` lies in: the day, its Monday, or the month's first."""
    if now.tzinfo is None:
        raise ValueError("periods need a zone aware time")
    return start_of(now.astimezone(ZoneInfo(zone)).date(), renews)


def start_of(day: dt.date, renews: Renewal) -> dt.date:
    """The first day of the period that a day lies in."""
    match renews:
        case Renewal.NEVER:
            return FIRST
        case Renewal.DAILY:
            return day
        case Renewal.WEEKLY:
            return day - dt.timedelta(days=day.weekday())
        case Renewal.MONTHLY:
            return day.replace(day=1)


def renewal_after(day: dt.date, renews: Renewal, zone: str) -> dt.datetime | None:
    """When the period that `day` lies in ends: a midnight of the zone; None where it never does."""
    match renews:
        case Renewal.NEVER:
            return None
        case Renewal.DAILY:
            following = day + dt.timedelta(days=1)
        case Renewal.WEEKLY:
            following = day + dt.timedelta(days=7 - day.weekday())
        case Renewal.MONTHLY:
            following = (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    return midnight(following, zone)


def midnight(day: dt.date, zone: str) -> dt.datetime:
    """The first moment of a day in a zone, also where summer time begins at midnight; in UTC."""
    local = dt.datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return local.astimezone(dt.UTC)


def end(
    period_start: dt.date,
    kept: tuple[Renewal, str, dt.datetime | None] | None,
    renews: Renewal,
    zone: str,
    now: dt.datetime,
) -> dt.datetime | None:
    """When a period that was opened ends, though the policy's calendar may be another one by now.

    Claim: changing the calendar never ends a period at once, however often it is changed: nobody
    gets a new budget but at a boundary of the calendar that was in force just before. `kept` is the
    calendar under which the period was opened or last changed, with its end; None for periods that
    a version wrote which kept none (their calendar was in UTC). An end that has passed stands.
    Otherwise, under another calendar, the period ends at that one's first boundary after `now`.

    Test: tests/ledger/test_renewal.py, "a change of calendar never hands out a budget".
    """
    if kept is None:
        endless = period_start == FIRST
        if endless == (renews is Renewal.NEVER) and start_of(period_start, renews) == period_start:
            return renewal_after(period_start, renews, zone)
    else:
        was, where, ends = kept
        if (was, where) == (renews, zone) or (ends is not None and ends <= now):
            return ends
    return renewal_after(start(now, renews, zone), renews, zone)
