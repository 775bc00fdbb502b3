"""The ledger's tables, as the code reads and writes them. `migrations/` makes them.

Amounts are integers as in `cost.Cost`: 10⁻¹² of ε or ρ, 10⁻¹⁸ of δ; every one fits a signed 64-bit
integer. Moments are integers too, microseconds since 1970-01-01 UTC, so that they compare and sort
alike on every database. The tables in `APPEND_ONLY` are so for the database itself: it refuses
UPDATE and DELETE on them (triggers, made by the migration that makes the table).
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

LARGEST = 2**63 - 1
"""The largest integer that a column of the ledger holds."""

APPEND_ONLY = (
    "audit",
    "budget_decisions",
    "budget_requests",
    "charges",
    "grants",
    "signing_keys",
    "terms",
)
"""Tables whose rows may be added and never changed or removed."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


class Moment(sa.types.TypeDecorator[dt.datetime]):
    """A zone aware point in time, kept as microseconds since 1970-01-01 UTC."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> int | None:
        """Python to database; a naive datetime is refused, for its zone is not known."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("the ledger takes zone aware times only")
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> dt.datetime | None:
        """Database to Python, in UTC."""
        return None if value is None else _EPOCH + value * _MICROSECOND


def from_microseconds(value: object) -> dt.datetime:
    """The moment that a column holds; the first of all for what is none, as in a touched ledger."""
    try:
        return _EPOCH + value * _MICROSECOND  # type: ignore[operator,no-any-return]
    except (TypeError, OverflowError):
        return dt.datetime.min.replace(tzinfo=dt.UTC)


metadata = sa.MetaData(
    naming_convention={
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

# SQLite counts rows up by itself only for the type INTEGER, which there has 64 bits as well.
_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")

users = sa.Table(
    "users",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("revoked_at", Moment),
)

keys = sa.Table(
    "keys",
    metadata,
    sa.Column("id", _SERIAL, primary_key=True, autoincrement=True),
    sa.Column("user_name", sa.ForeignKey("users.name"), nullable=False, index=True),
    sa.Column("digest", sa.Text, nullable=False, unique=True),
    sa.Column("prefix", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("revoked_at", Moment),
    sa.Column("verifier", sa.Text),
    sqlite_autoincrement=True,
)

roles = sa.Table(
    "roles",
    metadata,
    sa.Column("user_name", sa.ForeignKey("users.name"), primary_key=True),
    sa.Column("role", sa.Text, primary_key=True),
)

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("dataset", sa.Text, primary_key=True),
    sa.Column("holder", sa.Text, primary_key=True),
    sa.Column("period_start", sa.Date, primary_key=True),
    sa.Column("guarantee", sa.Text, nullable=False),
    sa.Column("spent_amount", sa.BigInteger, nullable=False),
    sa.Column("spent_delta", sa.BigInteger, nullable=False),
    sa.Column("renews", sa.Text),
    sa.Column("zone", sa.Text),
    sa.Column("ends_at", Moment),
    sa.Column("began_at", Moment),
    sa.CheckConstraint("spent_amount >= 0", name="spent_amount"),
    sa.CheckConstraint("spent_delta >= 0", name="spent_delta"),
)
"""One row per account and period; a renewal is a new row, and no row is ever set back.

`renews`, `zone` and `ends_at` are the calendar that the period runs under and when it ends by it;
NULL in rows of versions that did not keep them, and `ends_at` also where it never ends. `began_at`
is the moment from which grants count for it; NULL where that is the midnight of `period_start`.
That day names the period, and is a later one where a rebase opened a second period on one day.
"""

terms = sa.Table(
    "terms",
    metadata,
    sa.Column("id", _SERIAL, primary_key=True, autoincrement=True),
    sa.Column("dataset", sa.Text, nullable=False, index=True),
    sa.Column("guarantee", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("tables", sa.Text, nullable=False),
    sa.Column("since", Moment, nullable=False),
    sa.Column("set_by", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
"""What a dataset's charges mean; the newest row counts. `tables` is JSON: each table's owner."""

grants = sa.Table(
    "grants",
    metadata,
    sa.Column("id", _SERIAL, primary_key=True, autoincrement=True),
    sa.Column("dataset", sa.Text, nullable=False),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("epsilon", sa.Text, nullable=False),
    sa.Column("counts_from", Moment, nullable=False),
    sa.Column("granted_by", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("expires_at", Moment),
    sa.Index(None, "dataset", "holder"),
    sqlite_autoincrement=True,
)
"""Extra ε for the period that `counts_from` lies in; `epsilon` is an exact fraction, `1/4`.

Where `expires_at` is not NULL the grant counts until then only; what was spent by it stays spent.
"""

budget_requests = sa.Table(
    "budget_requests",
    metadata,
    sa.Column("id", _SERIAL, primary_key=True, autoincrement=True),
    sa.Column("dataset", sa.Text, nullable=False),
    sa.Column("analyst", sa.Text, nullable=False),
    sa.Column("epsilon", sa.Text, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("days", sa.Integer),
    sa.Column("asked_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Index(None, "analyst", "dataset"),
    sqlite_autoincrement=True,
)
"""What analysts ask for; after `expires_at` a request cannot be approved any more."""

budget_decisions = sa.Table(
    "budget_decisions",
    metadata,
    sa.Column(
        "request_id", sa.ForeignKey("budget_requests.id"), primary_key=True, autoincrement=False
    ),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("epsilon", sa.Text),
    sa.Column("grant_id", sa.ForeignKey("grants.id")),
    sa.Column("decided_by", sa.Text, nullable=False),
    sa.Column("decided_at", Moment, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.CheckConstraint("decision IN ('approved', 'refused')", name="decision"),
    sa.CheckConstraint("(decision = 'approved') = (grant_id IS NOT NULL)", name="grant_id"),
)
"""One decision per request, by its primary key."""

alerts = sa.Table(
    "alerts",
    metadata,
    sa.Column("dataset", sa.Text, primary_key=True),
    sa.Column("holder", sa.Text, primary_key=True),
    sa.Column("period_start", sa.Date, primary_key=True),
    sa.Column("percent", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Moment, nullable=False),
)
"""Which marks an account has passed in a period; each is told of once, by its primary key."""

charges = sa.Table(
    "charges",
    metadata,
    sa.Column("id", _SERIAL, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("query_id", sa.Text, nullable=False, index=True),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("dataset", sa.Text, nullable=False),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("period_start", sa.Date, nullable=False),
    sa.Column("analyst", sa.Text, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("delta", sa.BigInteger, nullable=False),
    sa.Column("guarantee", sa.Text, nullable=False),
    sa.Column("mechanisms", sa.Text, nullable=False),
    sa.Column("data_version", sa.BigInteger, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("idempotency_key", sa.Text),
    sa.Column("refund_of", sa.ForeignKey("charges.id"), unique=True),
    sa.CheckConstraint("kind IN ('charge', 'refund')", name="kind"),
    sa.CheckConstraint("(kind = 'refund') = (refund_of IS NOT NULL)", name="refund_of"),
    sa.CheckConstraint("amount >= 0", name="amount"),
    sa.CheckConstraint("delta >= 0", name="delta"),
    sa.Index(None, "dataset", "fingerprint", "holder"),
    sa.Index(None, "dataset", "holder", "period_start"),
    sqlite_autoincrement=True,
)
"""A `charge` adds its amount to its account, a `refund` takes the same amount off again, once."""

releases = sa.Table(
    "releases",
    metadata,
    sa.Column("id", _SERIAL, primary_key=True, autoincrement=True),
    sa.Column("dataset", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("data_version", sa.BigInteger, nullable=False),
    sa.Column("noisy", sa.Text, nullable=False),
    sa.Column("stored_at", Moment, nullable=False),
    sa.Column("expires_at", Moment),
    sa.Column("family", sa.Text),
    sa.Column("described", sa.Text),
    sa.Column("size", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    sa.Column("used_at", Moment, nullable=False, server_default=sa.text("0")),
    sa.Column("relied_on", sa.SmallInteger, nullable=False, server_default=sa.text("0")),
    sa.Index(None, "dataset", "fingerprint"),
    sa.Index(None, "dataset", "expires_at"),
    sa.Index(None, "dataset", "family"),
    sa.Index(None, "relied_on", "used_at"),
    sqlite_autoincrement=True,  # ids of removed rows are not used again: sightings name them
)
"""Stored noisy tables. Rows that no longer stand are removed; their sightings stay. `family` names
what is counted, and `described` is the release's plan, where coarser questions may build on it.
`size` is the bytes of its texts; `relied_on` is 1 where other releases were made with its help."""

answer_store = sa.Table(
    "answer_store",
    metadata,
    sa.Column("dataset", sa.Text, primary_key=True),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("evicted", sa.BigInteger, nullable=False),
    sa.CheckConstraint("bytes >= 0", name="bytes"),
)
"""What the releases of each dataset take, so that nobody has to add up; `evicted` counts those that
were ever removed to make room."""

evictions = sa.Table(
    "evictions",
    metadata,
    sa.Column("release_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("dataset", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("data_version", sa.BigInteger, nullable=False),
    sa.Column("expires_at", Moment),
    sa.Column("at", Moment, nullable=False),
    sa.Column("family", sa.Text),
    sa.Column("described", sa.Text),
    sa.Index(None, "dataset", "fingerprint"),
    sa.Index(None, "dataset", "family"),
)
"""Releases that were removed to make room, as long as they would have stood. Of their columns in
`releases` those stay that say what they were, not their numbers."""

sightings = sa.Table(
    "sightings",
    metadata,
    sa.Column("charge_id", sa.ForeignKey("charges.id"), primary_key=True, autoincrement=False),
    sa.Column("analyst", sa.Text, nullable=False),
    sa.Column("release_id", sa.BigInteger, nullable=False),
    sa.Index(None, "release_id", "analyst"),
)
"""Which analyst has seen which release, and the charge that paid for it. One charge pays for one
sighting (the primary key), so nobody is ever shown two draws of noise for one charge."""

requests = sa.Table(
    "requests",
    metadata,
    sa.Column("analyst", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("begun_at", Moment, nullable=False, index=True),
    sa.Column("leased_until", Moment, nullable=False),
    sa.Column("response", sa.Text),
)
"""Idempotency keys; `response` is NULL while a process works on the request."""

questions = sa.Table(
    "questions",
    metadata,
    sa.Column("query_id", sa.Text, primary_key=True),
    sa.Column("analyst", sa.Text, nullable=False),
    sa.Column("dataset", sa.Text),
    sa.Column("sql", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("delta", sa.BigInteger, nullable=False),
    sa.Column("guarantee", sa.Text),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Index(None, "analyst", "at"),
)
"""What was asked; amounts are what the analyst's own account paid."""

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)

audit_head = sa.Table(
    "audit_head",
    metadata,
    sa.Column("singleton", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.CheckConstraint("singleton = 1", name="singleton"),
    sa.Column("key_id", sa.Text),
    sa.Column("signature", sa.Text),
)
"""One row: the last record of `audit`. Each writer locks it first, so writers come one by one.

`signature` is NULL only in a ledger of a version that did not sign, until its first new record.
"""

signing_keys = sa.Table(
    "signing_keys",
    metadata,
    sa.Column("key_id", sa.Text, primary_key=True),
    sa.Column("public_key", sa.Text, nullable=False),
    sa.Column("added_at", Moment, nullable=False),
)
"""Public keys that the trail is, or was, signed with."""

data_versions = sa.Table(
    "data_versions",
    metadata,
    sa.Column("dataset", sa.Text, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
)
"""How often an administrator said that a dataset's data changed; no row means 0."""
