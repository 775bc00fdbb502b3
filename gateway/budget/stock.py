"""How much the stored answers take, and which make room for new ones.

Claim: removing a stored release loses no charge and gives nobody a second draw for the first one's
price. Sightings and charges stay, and a used charge pays for nothing more, so who asks again pays
as for any new release, and so does `everyone`. An eviction stays on record as long as the release
would have stood, so that whoever has seen it can be told why it costs again.

Test: tests/ledger/test_eviction.py, and the eviction rule of tests/ledger/test_model.py.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.budget import audit
from gateway.budget.tables import answer_store, evictions, releases

MEGABYTE = 10**6
DEFAULT_MEGABYTES = 1000
"""What the answers of one ledger may take together where the operator says nothing."""
LOOKED_AT = dt.timedelta(hours=1)
"""How exactly it is known when a release was last used; finer would make each repeat a write."""

_AT_ONCE = 100
"""How many releases are looked at together when room is made."""
_TOTAL = sa.select(sa.func.sum(answer_store.c.bytes))
_DATASETS = sa.select(answer_store.c.dataset).where(answer_store.c.bytes > 0)
_ADD = (
    sa.update(answer_store)
    .where(answer_store.c.dataset == sa.bindparam("of_dataset"))
    .values(
        bytes=answer_store.c.bytes + sa.bindparam("more"),
        evicted=answer_store.c.evicted + sa.bindparam("gone"),
    )
)
_USED = (
    sa.update(releases)
    .where(releases.c.id.in_(sa.bindparam("ids", expanding=True)))
    .values(used_at=sa.bindparam("now", type_=releases.c.used_at.type))
)
_EXPIRED = sa.union_all(
    *(
        sa.select(sa.literal(1))
        .select_from(table)
        .where(
            table.c.dataset == sa.bindparam("dataset"),
            table.c.expires_at <= sa.bindparam("now", type_=table.c.expires_at.type),
        )
        for table in (releases, evictions)
    )
).limit(1)
_LEAST_USED = (
    sa.select(
        releases.c.id,
        releases.c.dataset,
        releases.c.fingerprint,
        releases.c.data_version,
        releases.c.expires_at,
        releases.c.family,
        releases.c.described,
        releases.c.size,
    )
    .where(releases.c.id.not_in(sa.bindparam("kept", expanding=True)))
    .order_by(releases.c.relied_on, releases.c.used_at, releases.c.id)
    .limit(_AT_ONCE)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """What the stored answers of one dataset take in bytes, and how many were ever evicted."""

    dataset: str
    bytes: int
    evicted: int


def stock(connection: Connection) -> tuple[Stock, ...]:
    """By dataset, for all that ever had a stored answer."""
    rows = connection.execute(sa.select(answer_store).order_by(answer_store.c.dataset))
    return tuple(Stock(**row) for row in rows.mappings())


def added(connection: Connection, dataset: str, size: int) -> None:
    """Count a release that was stored."""
    change = {"of_dataset": dataset, "more": size, "gone": 0}
    if connection.execute(_ADD, change).rowcount == 0:
        connection.execute(answer_store.insert(), {"dataset": dataset, "bytes": size, "evicted": 0})


def used(connection: Connection, ids: Collection[int], now: dt.datetime) -> None:
    """Note that stored releases are in use."""
    if ids:
        connection.execute(_USED, {"ids": list(ids), "now": now})


def swept(connection: Connection, dataset: str, now: dt.datetime) -> None:
    """Remove what has expired by itself: releases, and records of evictions."""
    if connection.execute(_EXPIRED, {"dataset": dataset, "now": now}).first() is None:
        return
    _removed(connection, dataset, releases.c.expires_at <= now)
    connection.execute(
        sa.delete(evictions).where(evictions.c.dataset == dataset, evictions.c.expires_at <= now)
    )


def emptied(connection: Connection, dataset: str) -> None:
    """Remove all that a dataset has stored: none of it stands any more."""
    _removed(connection, dataset, sa.true())
    connection.execute(sa.delete(evictions).where(evictions.c.dataset == dataset))


def make_room(
    connection: Connection, most_bytes: int, kept: Collection[int], now: dt.datetime
) -> None:
    """Evict releases until at most `most_bytes` are stored; those in `kept` stay.

    Those go first that were not used for the longest time, to within `LOOKED_AT`. Releases that
    others rely on (bounds are read off them, conditions are filled from them) go last, as without
    them the others would be charged anew, too. The trail says which went.
    """
    if _total(connection) <= most_bytes:
        return
    for dataset in connection.execute(_DATASETS).scalars().all():
        swept(connection, dataset, now)
    gone: list[sa.RowMapping] = []
    over = _total(connection) - most_bytes
    while over > 0:
        some: list[sa.RowMapping] = []
        for row in connection.execute(_LEAST_USED, {"kept": list(kept)}).mappings().all():
            if over <= 0:
                break
            some.append(row)
            over -= row["size"]
        if not some:
            break
        _evict(connection, some, now)
        gone += some
    if gone:
        told = [{"release": row["id"], "dataset": row["dataset"]} for row in gone]
        body = {"most_bytes": most_bytes, "releases": told}
        audit.append(connection, at=now, kind="evicted", actor="gateway", body=body)


def _total(connection: Connection) -> int:
    return int(connection.execute(_TOTAL).scalar_one() or 0)


def _evict(connection: Connection, rows: Sequence[sa.RowMapping], now: dt.datetime) -> None:
    connection.execute(sa.delete(releases).where(releases.c.id.in_([row["id"] for row in rows])))
    for row in rows:
        connection.execute(
            evictions.insert(),
            {
                "release_id": row["id"],
                "dataset": row["dataset"],
                "fingerprint": row["fingerprint"],
                "data_version": row["data_version"],
                "expires_at": row["expires_at"],
                "family": row["family"],
                "described": row["described"],
                "at": now,
            },
        )
        connection.execute(_ADD, {"of_dataset": row["dataset"], "more": -row["size"], "gone": 1})


def _removed(connection: Connection, dataset: str, which: sa.ColumnElement[bool]) -> None:
    statement = sa.delete(releases).where(releases.c.dataset == dataset, which)
    sizes = connection.execute(statement.returning(releases.c.size)).scalars().all()
    if sizes:
        connection.execute(_ADD, {"of_dataset": dataset, "more": -sum(sizes), "gone": 0})
