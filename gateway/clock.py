"""The time of day from the operating system."""

from __future__ import annotations

import datetime as dt
import time

# Also counts while the machine sleeps, where the system has such a clock.
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class SystemClock:
    """`edges.Clock` in production."""

    def now(self) -> dt.datetime:
        """Now, in UTC, zone aware."""
        return dt.datetime.now(dt.UTC)

    def elapsed(self) -> float:
        """Seconds since some moment, on a clock that nobody sets."""
        return time.clock_gettime(_STEADY)
