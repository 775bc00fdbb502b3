"""Whether the client of a PostgreSQL connection is still there."""

from __future__ import annotations

import asyncio
import select

_HUNG_UP = getattr(select, "POLLRDHUP", 0) | select.POLLHUP | select.POLLERR
"""Linux tells of a side that says no more, before all it has said was read."""


def departed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """Whether the client has closed its side.

    The reader alone does not tell: libpq says Terminate before it closes, and this is read only
    once the statement that runs has ended.
    """
    channel = writer.get_extra_info("socket")
    if reader.at_eof() or channel is None or channel.fileno() < 0:
        return True
    watched = select.poll()
    watched.register(channel.fileno(), _HUNG_UP)
    return any(events & _HUNG_UP for _, events in watched.poll(0))
