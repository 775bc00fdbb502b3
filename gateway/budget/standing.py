"""Which stored releases still stand, who has seen them, and which charges have not been used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.budget import stock
from gateway.budget.tables import charges, data_versions, releases, sightings

_VERSION = sa.select(data_versions.c.version).where(
    data_versions.c.dataset == sa.bindparam("dataset")
)


def present_version() -> sa.ColumnElement[int]:
    """How often the data of `dataset` was said to have changed, within another statement."""
    return sa.func.coalesce(_VERSION.scalar_subquery(), 0)


def standing_at() -> sa.ColumnElement[bool]:
    """Whether a release stands for the present data of `dataset` at the moment `now`."""
    unexpired = sa.or_(
        releases.c.expires_at.is_(None),
        releases.c.expires_at > sa.bindparam("now", type_=releases.c.expires_at.type),
    )
    return sa.and_(releases.c.data_version == present_version(), unexpired)


def seen_by_analyst() -> sa.Exists:
    """Whether `analyst` has seen a release."""
    return sa.exists().where(
        sightings.c.release_id == releases.c.id,
        sightings.c.analyst == sa.bindparam("analyst"),
    )


_STANDING = (
    sa.select(releases.c.id, releases.c.fingerprint, seen_by_analyst().label("seen"))
    .where(
        releases.c.dataset == sa.bindparam("dataset"),
        releases.c.fingerprint.in_(sa.bindparam("fingerprints", expanding=True)),
        standing_at(),
    )
    .order_by(releases.c.id)
)
_refunds = charges.alias("refunds")


def unused() -> sa.ColumnElement[bool]:
    """Whether a row of `charges` is a charge that no sighting used and no refund gave back."""
    return sa.and_(
        charges.c.kind == "charge",
        ~sa.exists().where(sightings.c.charge_id == charges.c.id),
        ~sa.exists().where(_refunds.c.refund_of == charges.c.id),
    )


_UNUSED = (
    sa.select(
        charges.c.id,
        charges.c.fingerprint,
        charges.c.query_id,
        charges.c.idempotency_key,
        charges.c.data_version,
    )
    .where(
        charges.c.dataset == sa.bindparam("dataset"),
        charges.c.fingerprint.in_(sa.bindparam("fingerprints", expanding=True)),
        charges.c.holder == sa.bindparam("holder"),
        unused(),
    )
    .order_by(charges.c.id.desc())
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A stored release that still stands for the data, and whether one analyst has seen it."""

    id: int
    seen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unused:
    """A charge on an analyst's own account that no sighting used and no refund gave back."""

    id: int
    query_id: str
    idempotency_key: str | None
    data_version: int


def data_version(connection: Connection, dataset: str) -> int:
    """How often the dataset's data was said to have changed."""
    version = connection.execute(_VERSION, {"dataset": dataset}).scalar_one_or_none()
    return 0 if version is None else version


def advance_data_version(connection: Connection, dataset: str, now: dt.datetime) -> int:
    """Let no stored release of a dataset stand any more; returns the data's new version."""
    version = data_version(connection, dataset) + 1
    where = data_versions.c.dataset == dataset
    values = {"version": version, "changed_at": now}
    if connection.execute(sa.update(data_versions).where(where), values).rowcount == 0:
        connection.execute(data_versions.insert(), {"dataset": dataset} | values)
    stock.emptied(connection, dataset)
    return version


def standing_releases(
    connection: Connection,
    dataset: str,
    fingerprints: Sequence[str],
    analyst: str,
    now: dt.datetime,
) -> Mapping[str, Standing]:
    """By fingerprint the releases stored for the present data that have not expired."""
    rows = connection.execute(
        _STANDING,
        {
            "dataset": dataset,
            "fingerprints": list(fingerprints),
            "analyst": analyst,
            "now": now,
        },
    )
    return {row.fingerprint: Standing(id=row.id, seen=bool(row.seen)) for row in rows}


def unused_charges(
    connection: Connection, dataset: str, fingerprints: Sequence[str], analyst: str
) -> Mapping[str, tuple[Unused, ...]]:
    """By fingerprint, newest first, the analyst's charges that have not been used."""
    rows = connection.execute(
        _UNUSED,
        {"dataset": dataset, "fingerprints": list(fingerprints), "holder": f"user:{analyst}"},
    )
    found: dict[str, tuple[Unused, ...]] = {}
    for row in rows:
        unused = Unused(
            id=row.id,
            query_id=row.query_id,
            idempotency_key=row.idempotency_key,
            data_version=row.data_version,
        )
        found[row.fingerprint] = (*found.get(row.fingerprint, ()), unused)
    return found
