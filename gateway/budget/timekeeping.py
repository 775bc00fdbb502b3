"""Whether the ledger's clock can be believed: periods open by it, so a jump must open none.

Claim: as long as a gateway runs, no charge is debited at a time that lies more than `TOLERANCE`
before one that the trail has of a charge, nor after a jump ahead of the time that really passed, by
more than `TOLERANCE` and a thousandth of it, unless an administrator has said that the clock is
right. Nothing is written before it is known, so a refused charge leaves nothing half done.
A gateway that starts under a clock that is ahead cannot tell it from time that passed.

Test: tests/ledger/test_timekeeping.py, with a clock that is turned by hand.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.budget import audit as trail
from gateway.budget.grants import text
from gateway.budget.tables import audit
from gateway.errors import Code, Refusal

TOLERANCE = dt.timedelta(seconds=60)
"""What a clock may be put right by without a word: networks of clocks step by less."""
_RATE = 1000
"""A clock may run wrong by one part in so many, as no clock in use does."""
_ACCEPTED = "clock_accepted"

_NEWEST = (
    sa.select(audit.c.kind, audit.c.at)
    .where(audit.c.kind.in_(("charge", _ACCEPTED)))
    .order_by(audit.c.sequence.desc())
    .limit(1)
)
"""Read from the end of the trail, back to the last charge only."""


class Timekeeper:
    """What one process knows of the ledger's clock. Asked by one writer at a time."""

    def __init__(self) -> None:
        self._looked: tuple[dt.datetime, float] | None = None

    def check(self, connection: Connection, now: dt.datetime, elapsed: float) -> None:
        """Let a charge go on at `now`, or raise `Refusal(CLOCK_JUMPED)`.

        `elapsed` are seconds on a clock that nobody sets (`edges.Clock.elapsed`).
        """
        ahead = dt.timedelta(0)
        if self._looked is not None:
            ahead = jump(*self._looked, now, elapsed)
        if self._looked is None or ahead:
            newest = connection.execute(_NEWEST).one_or_none()
            if newest is not None and newest.at - now > TOLERANCE:
                raise _behind()
            if ahead > dt.timedelta(0) and not self._accepted(newest):
                raise _ahead()
        self._looked = (now, elapsed)

    def _accepted(self, newest: sa.Row[Any, Any] | None) -> bool:
        """Whether an administrator has said that the clock is right since this process looked."""
        if newest is None or self._looked is None:
            return False
        return bool(newest.kind == _ACCEPTED and newest.at > self._looked[0])


def jump(then: dt.datetime, counted: float, now: dt.datetime, elapsed: float) -> dt.timedelta:
    """By how much a clock that showed `then` when `counted` seconds had passed was set until it
    shows `now` at `elapsed`: positive ahead, negative back, nothing within the tolerance."""
    passed = dt.timedelta(seconds=elapsed - counted)
    found = now - then - passed
    return found if abs(found) > TOLERANCE + passed / _RATE else dt.timedelta(0)


def accept(connection: Connection, now: dt.datetime, by: str, reason: str) -> None:
    """Record that the ledger's clock is right as it is now, though the trail has later times.

    Raises `Refusal(INVALID_REQUEST)` without a reason.
    """
    said = text(reason, "Accepting the clock needs a reason, which the trail keeps.", "Say why.")
    trail.append(connection, at=now, kind=_ACCEPTED, actor=by, body={"reason": said})


def _behind() -> Refusal:
    return _refusal("The clock of the budget ledger shows a time before the last charge.")


def _ahead() -> Refusal:
    return _refusal("The clock of the budget ledger jumped ahead of the time that passed.")


def _refusal(sentence: str) -> Refusal:
    return Refusal(
        Code.CLOCK_JUMPED,
        f"{sentence} Nothing was charged, as budgets renew by it.",
        "The operator should set the clock right, after which questions go on by themselves, or, "
        "where it is right as it stands, say so with `noisegate audit clock --reason …`. What you "
        "have been answered before is still free.",
    )
