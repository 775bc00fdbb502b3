"""Idempotency keys: a repeat of a request gives the same answer and is worked on only once.

Budgets do not rest on this: a charge pays for one sighting whatever happens here (see `ledger`).
"""

from __future__ import annotations

import datetime as dt
import re

import sqlalchemy as sa

from gateway.budget.store import Store
from gateway.budget.tables import requests
from gateway.errors import Code, Refusal

LEASE = dt.timedelta(seconds=120)
"""How long a process may work on a request before a repeat takes it over."""
KEPT = dt.timedelta(hours=24)
"""How long a finished response is kept."""

_KEY = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?")
_FIND = sa.select(requests).where(
    requests.c.analyst == sa.bindparam("of_analyst"), requests.c.key == sa.bindparam("of_key")
)
_INSERT = requests.insert()
_EXTEND = (
    sa.update(requests)
    .where(
        requests.c.analyst == sa.bindparam("of_analyst"), requests.c.key == sa.bindparam("of_key")
    )
    .values(leased_until=sa.bindparam("until", type_=requests.c.leased_until.type))
)
_FINISH = (
    sa.update(requests)
    .where(
        requests.c.analyst == sa.bindparam("of_analyst"),
        requests.c.key == sa.bindparam("of_key"),
        requests.c.response.is_(None),
    )
    .values(response=sa.bindparam("body"))
)
_ABANDON = sa.delete(requests).where(
    requests.c.analyst == sa.bindparam("of_analyst"),
    requests.c.key == sa.bindparam("of_key"),
    requests.c.response.is_(None),
)
_SWEEP = sa.delete(requests).where(
    requests.c.begun_at < sa.bindparam("before", type_=requests.c.begun_at.type),
    requests.c.leased_until < sa.bindparam("now", type_=requests.c.leased_until.type),
)


class Idempotency:
    """The requests that carry an `Idempotency-Key`, per analyst."""

    def __init__(self, store: Store, lease: dt.timedelta = LEASE) -> None:
        self._store = store
        self._lease = lease

    def begin(self, analyst: str, key: str, digest: str) -> str | None:
        """The stored response where this request was finished; None means: work on it now.

        `digest` stands for the request's body. Raises `Refusal` with INVALID_REQUEST for a key
        that is no 1 to 255 printable ASCII characters or that came with another body before, and
        with TOO_MANY_REQUESTS while another process works on it. Its lease ends after `LEASE`:
        then this request takes over.
        """
        if not _KEY.fullmatch(key):
            raise Refusal(
                Code.INVALID_REQUEST,
                "The Idempotency-Key must be 1 to 255 printable ASCII characters.",
                "Use a UUID, for example.",
            )
        of = {"of_analyst": analyst, "of_key": key}
        with self._store.noting() as connection:
            now = self._store.now(connection)
            connection.execute(_SWEEP, {"before": now - KEPT, "now": now})
            known = connection.execute(_FIND, of).one_or_none()
            if known is None:
                connection.execute(
                    _INSERT,
                    {
                        "analyst": analyst,
                        "key": key,
                        "digest": digest,
                        "begun_at": now,
                        "leased_until": now + self._lease,
                        "response": None,
                    },
                )
                return None
            if known.digest != digest:
                raise Refusal(
                    Code.INVALID_REQUEST,
                    "This Idempotency-Key came with another request before.",
                    "Use a new key for a new request.",
                )
            if known.response is not None:
                response: str = known.response
                return response
            wait = (known.leased_until - now).total_seconds()
            # A lease that lies further ahead than leases last comes from a clock that was set back.
            if 0 < wait <= self._lease.total_seconds():
                raise Refusal(
                    Code.TOO_MANY_REQUESTS,
                    "The first request with this Idempotency-Key is still being worked on.",
                    "Repeat it in a few seconds.",
                    retry_after=wait,
                )
            connection.execute(_EXTEND, of | {"until": now + self._lease})
            return None

    def finish(self, analyst: str, key: str, body: str) -> None:
        """Keep the response; where two processes finish one request, the first one's stays."""
        with self._store.noting() as connection:
            of = {"of_analyst": analyst, "of_key": key}
            connection.execute(_FINISH, of | {"body": body})

    def abandon(self, analyst: str, key: str) -> None:
        """Forget a request that was refused, so that the key may be used again."""
        with self._store.noting() as connection:
            connection.execute(_ABANDON, {"of_analyst": analyst, "of_key": key})
