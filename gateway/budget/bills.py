"""What questions cost now: which releases are stored, seen, paid for already or being drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.budget.accounts import EVERYONE
from gateway.budget.cost import Cost
from gateway.budget.standing import present_version, standing_at, unused
from gateway.budget.tables import charges, questions, releases, sightings
from gateway.edges import ChargeRequest, ReleaseCharge

_STANDING = (
    sa.select(releases.c.id, releases.c.fingerprint, sightings.c.analyst)
    .outerjoin(
        sightings,
        (sightings.c.release_id == releases.c.id)
        & sightings.c.analyst.in_(sa.bindparam("analysts", expanding=True)),
    )
    .where(
        releases.c.dataset == sa.bindparam("dataset"),
        releases.c.fingerprint.in_(sa.bindparam("fingerprints", expanding=True)),
        standing_at(),
    )
    .order_by(releases.c.id)
)
_DRAWN = (
    (charges.c.at > sa.bindparam("since", type_=charges.c.at.type))
    & (charges.c.data_version == present_version())
    & (sa.func.coalesce(questions.c.outcome, "") == "charged")
)
_UNUSED = (
    sa.select(
        charges.c.fingerprint,
        charges.c.holder,
        charges.c.query_id,
        charges.c.idempotency_key,
        _DRAWN.label("drawn"),
    )
    .outerjoin(questions, questions.c.query_id == charges.c.query_id)
    .where(
        charges.c.dataset == sa.bindparam("dataset"),
        charges.c.fingerprint.in_(sa.bindparam("fingerprints", expanding=True)),
        charges.c.holder != EVERYONE,
        unused(),
        _DRAWN | charges.c.holder.in_(sa.bindparam("holders", expanding=True)),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question at the ledger's door. `prices` are its releases by fingerprint.

    `waits` is whether it waits for another one that draws one of its releases.
    """

    request: ChargeRequest
    prices: Mapping[str, ReleaseCharge]
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unused:
    """A charge on an analyst's own account that no sighting used and no refund gave back.

    `drawn` is whether its question is still at work on the draw, as far as one can tell.
    """

    holder: str
    query_id: str
    idempotency_key: str | None
    drawn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """All that the bills of some questions about one dataset depend on, at one moment."""

    standing: Mapping[str, int]
    """The stored releases that stand, by fingerprint."""
    seen: frozenset[tuple[int, str]]
    """Which of them which analyst has seen."""
    unused: Mapping[str, tuple[Unused, ...]]
    """Charges by fingerprint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What a question costs now, by fingerprint.

    `shown` are the stored releases that become seen, and `drawn` says that another question has
    paid for one of the others and draws it now.
    """

    own: Mapping[str, Cost]
    everyone: Mapping[str, Cost]
    shown: Mapping[str, int]
    drawn: bool

    @property
    def fresh(self) -> frozenset[str]:
        """The releases that are to be drawn."""
        return frozenset(self.own) - frozenset(self.shown)


def look(
    connection: Connection,
    dataset: str,
    asked: Sequence[Asked],
    now: dt.datetime,
    since: dt.datetime,
) -> Look:
    """Read what the bills of these questions depend on.

    A question that was charged after `since` and has not ended counts as being at work.
    """
    analysts = sorted({one.request.analyst.name for one in asked})
    wanted = {
        "dataset": dataset,
        "fingerprints": sorted({fingerprint for one in asked for fingerprint in one.prices}),
    }
    standing: dict[str, int] = {}
    seen = set()
    for row in connection.execute(_STANDING, wanted | {"analysts": analysts, "now": now}):
        standing[row.fingerprint] = row.id
        if row.analyst is not None:
            seen.add((row.id, row.analyst))
    found: dict[str, tuple[Unused, ...]] = {}
    names = {(p, one.request.analyst.name) for one in asked for p in one.prices}
    if all((standing.get(fingerprint), analyst) in seen for fingerprint, analyst in names):
        return Look(standing=standing, seen=frozenset(seen), unused=found)  # what is seen is free
    holders = [f"user:{name}" for name in analysts]
    for row in connection.execute(_UNUSED, wanted | {"holders": holders, "since": since}):
        charge = Unused(
            holder=row.holder,
            query_id=row.query_id,
            idempotency_key=row.idempotency_key,
            drawn=bool(row.drawn),
        )
        found[row.fingerprint] = (*found.get(row.fingerprint, ()), charge)
    return Look(standing=standing, seen=frozenset(seen), unused=found)


def bill(found: Look, asked: Asked) -> Bill:
    """What each release costs the analyst who asks. Pure.

    Stored and seen, or paid for by the same query or under the same idempotency key and not used:
    nothing. Stored and not seen: the analyst's account pays. Not stored: both accounts pay.
    """
    request = asked.request
    own: dict[str, Cost] = {}
    everyone: dict[str, Cost] = {}
    shown: dict[str, int] = {}
    drawn = False
    for fingerprint, price in asked.prices.items():
        release = found.standing.get(fingerprint)
        if release is not None and (release, request.analyst.name) in found.seen:
            continue
        unused_ones = found.unused.get(fingerprint, ())
        if any(_pays(charge, request) for charge in unused_ones):
            continue  # `answers.keep` uses that charge up, whoever's draw was stored meanwhile
        own[fingerprint] = price.cost
        if release is not None:
            shown[fingerprint] = release
            continue
        drawn = drawn or any(charge.drawn for charge in unused_ones)
        if request.everyone is not None:
            everyone[fingerprint] = price.cost
    return Bill(own=own, everyone=everyone, shown=shown, drawn=drawn)


def _pays(charge: Unused, request: ChargeRequest) -> bool:
    """Whether a charge pays for a request: it is this question's, or that of an earlier try."""
    return charge.holder == f"user:{request.analyst.name}" and (
        charge.query_id == request.query_id
        or (request.key is not None and charge.idempotency_key == request.key)
    )
