"""Releases that were paid for, kept so that asking again is free."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.budget import audit, evictions, stock
from gateway.budget.standing import (
    Unused,
    advance_data_version,
    seen_by_analyst,
    standing_at,
    standing_releases,
    unused_charges,
)
from gateway.budget.stock import Stock
from gateway.budget.store import Store
from gateway.budget.table_json import decode_table, encode_table
from gateway.budget.tables import releases, sightings
from gateway.edges import Described, Evicted, Finer, Stored
from gateway.errors import Code, Refusal
from gateway.noise.tables import NoisyTable

_TABLES = sa.select(releases.c.id, releases.c.noisy, releases.c.used_at).where(
    releases.c.id.in_(sa.bindparam("ids", expanding=True))
)
MOST_FINER = 20
"""How many stored releases of one family a question looks at."""
_SEEN = sa.select(releases.c.fingerprint).where(
    releases.c.dataset == sa.bindparam("dataset"),
    releases.c.fingerprint.in_(sa.bindparam("fingerprints", expanding=True)),
    standing_at(),
    seen_by_analyst(),
)
_OF_FAMILY = (
    sa.select(releases.c.id, releases.c.described, releases.c.noisy, releases.c.used_at)
    .where(
        releases.c.dataset == sa.bindparam("dataset"),
        releases.c.family == sa.bindparam("family"),
        standing_at(),
        seen_by_analyst(),
    )
    .order_by(releases.c.id.desc())
    .limit(MOST_FINER)
)
_INSERT = releases.insert().returning(releases.c.id)
_SIGHT = sightings.insert()


class Answers:
    """`edges.AnswerStore` over a `Store`. Safe to share between threads and processes."""

    def __init__(self, store: Store, most_bytes: int) -> None:
        """`most_bytes` is what all that is stored may take; the newest release always fits."""
        self._store = store
        self._most_bytes = most_bytes

    def find(self, dataset: str, fingerprints: Sequence[str], analyst: str) -> Mapping[str, Stored]:
        """The stored releases among `fingerprints` that still stand for the data.

        A release stands until its refresh period ends or its data is said to have changed.
        """
        if not fingerprints:
            return {}
        with self._store.reading() as connection:
            now = self._store.now(connection)
            found = standing_releases(connection, dataset, fingerprints, analyst, now)
            ids = [release.id for release in found.values()]
            rows = connection.execute(_TABLES, {"ids": ids}).all() if ids else []
        self._used({row.id: row.used_at for row in rows}, now)
        texts: dict[int, str] = {row.id: row.noisy for row in rows}
        return {
            fingerprint: Stored(table=decode_table(texts[release.id]), seen=release.seen)
            for fingerprint, release in found.items()
        }

    def keep(
        self,
        dataset: str,
        tables: Mapping[str, NoisyTable],
        analyst: str,
        refresh_seconds: float | None,
        described: Mapping[str, Described] = MappingProxyType({}),
        *,
        relied_on: bool = False,
    ) -> Mapping[str, NoisyTable]:
        """Store releases as seen by the analyst, all or nothing; durable when it returns.

        The first writer wins: where a release already stands, this analyst is recorded as having
        seen that one. Returns by fingerprint the tables to show, which are those that stand, or the
        caller's own where the data was said to have changed after the charge. What `relied_on` by
        other releases is evicted last.

        Each release uses up one charge of this analyst. Raises `Refusal(TOO_MANY_REQUESTS)` where
        there is none left (it was refunded, or another request used it): the table must then not
        be shown, for nobody paid for this draw of noise.
        """
        if not tables:
            return {}
        with self._store.writing() as connection:
            now = self._store.now(connection)
            stock.swept(connection, dataset, now)
            names = tuple(tables)
            stored = standing_releases(connection, dataset, names, analyst, now)
            unused = unused_charges(connection, dataset, names, analyst)
            shown = []
            for fingerprint, table in tables.items():
                release = stored.get(fingerprint)
                if release is not None and release.seen:
                    continue
                if not unused.get(fingerprint):
                    raise _unpaid()
                charge = unused[fingerprint][0]
                number = (
                    _store(
                        connection,
                        dataset,
                        fingerprint,
                        table,
                        charge,
                        now,
                        refresh_seconds,
                        described.get(fingerprint),
                        relied_on=relied_on,
                    )
                    if release is None
                    else release.id
                )
                connection.execute(
                    _SIGHT, {"charge_id": charge.id, "analyst": analyst, "release_id": number}
                )
                shown.append(number)
            others = {release.id: fingerprint for fingerprint, release in stored.items()}
            stock.used(connection, [number for number in shown if number in others], now)
            stock.make_room(connection, self._most_bytes, shown, now)
            rows = connection.execute(_TABLES, {"ids": list(others)}).all() if others else []
        kept = {others[row.id]: decode_table(row.noisy) for row in rows}
        return {**tables, **kept}

    def evicted(self, dataset: str, families: Mapping[str, str | None], analyst: str) -> Evicted:
        """What the analyst has seen of these releases, or of others of their families (by
        fingerprint), that was removed to make room and would stand yet."""
        if not families:
            return Evicted(fingerprints=frozenset(), finer=())
        with self._store.reading() as connection:
            now = self._store.now(connection)
            known = {family for family in families.values() if family is not None}
            return evictions.seen(connection, dataset, families.keys(), known, analyst, now)

    def stock(self) -> tuple[Stock, ...]:
        """What the stored answers of each dataset take, and how many were evicted."""
        with self._store.reading() as connection:
            return stock.stock(connection)

    def _used(self, last: Mapping[int, dt.datetime], now: dt.datetime) -> None:
        """Note what is in use, once an hour for each release at most."""
        due = [number for number, at in last.items() if now - at >= stock.LOOKED_AT]
        if due:
            with self._store.noting() as connection:
                stock.used(connection, due, now)

    def finer(
        self, dataset: str, families: Mapping[str, str], analyst: str
    ) -> Mapping[str, Sequence[Finer]]:
        """For each of these releases that the analyst has not seen, the stored ones of its family
        that the analyst has seen and that still stand: the newest first, `MOST_FINER` at most."""
        if not families:
            return {}
        with self._store.reading() as connection:
            now = self._store.now(connection)
            of = {"dataset": dataset, "analyst": analyst, "now": now}
            seen = connection.execute(_SEEN, of | {"fingerprints": sorted(families)}).scalars()
            new = families.keys() - set(seen)
            rows = {
                family: connection.execute(_OF_FAMILY, of | {"family": family}).all()
                for family in {families[name] for name in new}
            }
        self._used({row.id: row.used_at for some in rows.values() for row in some}, now)
        return {
            name: [
                Finer(text=row.described, table=decode_table(row.noisy))
                for row in rows[families[name]]
            ]
            for name in new
        }

    def data_changed(self, dataset: str, by: str) -> int:
        """Say that a dataset's data changed: no stored release stands any more.

        Returns the data's new version; `by` is the administrator, for the audit trail.
        """
        with self._store.writing() as connection:
            now = self._store.now(connection)
            version = advance_data_version(connection, dataset, now)
            audit.append(
                connection,
                at=now,
                kind="data_changed",
                actor=by,
                body={"dataset": dataset, "version": version},
            )
        return version


def _store(
    connection: Connection,
    dataset: str,
    fingerprint: str,
    table: NoisyTable,
    charge: Unused,
    now: dt.datetime,
    refresh_seconds: float | None,
    described: Described | None,
    *,
    relied_on: bool,
) -> int:
    """Keep a table for the data as it was when it was paid for, which may have changed since."""
    expires = None
    if refresh_seconds is not None:
        expires = now + dt.timedelta(seconds=refresh_seconds)
    texts = {
        "noisy": encode_table(table),
        "family": described.family if described else None,
        "described": described.text if described else None,
    }
    size = sum(len(text.encode()) for text in texts.values() if text is not None)
    number: int = connection.execute(
        _INSERT,
        {
            "dataset": dataset,
            "fingerprint": fingerprint,
            "data_version": charge.data_version,
            "stored_at": now,
            "expires_at": expires,
            "size": size,
            "used_at": now,
            "relied_on": int(relied_on),
        }
        | texts,
    ).scalar_one()
    stock.added(connection, dataset, size)
    return number


def _unpaid() -> Refusal:
    return Refusal(
        Code.TOO_MANY_REQUESTS,
        "Another request used up or gave back the charge for this answer while it was computed.",
        "Ask again; an answer that is stored by then is free.",
    )
