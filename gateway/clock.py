"""The time of day from the operating system."""

from __future__ import annotations

import datetime as dt


class SystemClock:
    """`edges.Clock` in production."""

    def now(self) -> dt.datetime:
        """Now, in UTC, zone aware."""
        return dt.datetime.now(dt.UTC)
