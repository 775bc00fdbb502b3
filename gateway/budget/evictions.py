"""Which releases an analyst has seen that were removed to make room and would stand yet.

Asking for one of them again, or for one that follows from it, costs as any new question does; this
is how the answer can say so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.budget.standing import present_version
from gateway.budget.tables import evictions, sightings
from gateway.edges import Evicted

_SEEN = sa.select(
    evictions.c.fingerprint,
    evictions.c.described,
    evictions.c.fingerprint.in_(sa.bindparam("fingerprints", expanding=True)).label("same"),
).where(
    evictions.c.dataset == sa.bindparam("dataset"),
    sa.or_(
        evictions.c.fingerprint.in_(sa.bindparam("fingerprints", expanding=True)),
        evictions.c.family.in_(sa.bindparam("families", expanding=True)),
    ),
    evictions.c.data_version == present_version(),
    sa.or_(
        evictions.c.expires_at.is_(None),
        evictions.c.expires_at > sa.bindparam("now", type_=evictions.c.expires_at.type),
    ),
    sa.exists().where(
        sightings.c.release_id == evictions.c.release_id,
        sightings.c.analyst == sa.bindparam("analyst"),
    ),
)


def seen(
    connection: Connection,
    dataset: str,
    fingerprints: Collection[str],
    families: Collection[str],
    analyst: str,
    now: dt.datetime,
) -> Evicted:
    """Of the releases with these fingerprints or of these families."""
    rows = connection.execute(
        _SEEN,
        {
            "dataset": dataset,
            "fingerprints": list(fingerprints),
            "families": list(families),
            "analyst": analyst,
            "now": now,
        },
    ).all()
    return Evicted(
        fingerprints=frozenset(row.fingerprint for row in rows if row.same),
        finer=tuple(row.described for row in rows if row.described is not None),
    )
