"""The audit chain: records that are only added, each bound to the one before by SHA-256.

A record's hash covers its number, time, kind, actor, body and the hash before it, as canonical
JSON. So a record that is changed, removed or moved no longer fits its neighbours; `verification`
says which. Records are appended in the transaction that does what they tell, never apart from it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.budget.store import Store
from gateway.budget.tables import audit, audit_head

GENESIS = "0" * 64
"""What the first record has in place of the hash before it."""

_HEAD = sa.select(audit_head.c.sequence, audit_head.c.hash)
_APPEND = audit.insert()
_ADVANCE = sa.update(audit_head).values(
    sequence=sa.bindparam("new_sequence"), hash=sa.bindparam("new_hash")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """One record of the chain. `body` is canonical JSON."""

    sequence: int
    at: dt.datetime
    kind: str
    actor: str
    body: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditHead:
    """The end of the chain. Noted elsewhere, it shows later whether the chain was rewritten."""

    sequence: int
    hash: str


def canonical(value: object) -> str:
    """JSON with sorted keys, no spaces and ASCII only: equal values give equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(text: str) -> str:
    """Hex SHA-256 of a text's UTF-8; lone surrogates, which UTF-8 lacks, are escaped first."""
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def moment(at: dt.datetime) -> str:
    """A point in time as text: the same for equal moments, whatever their zone."""
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def record_hash(
    *, sequence: int, at: dt.datetime, kind: str, actor: str, body: str, previous: str
) -> str:
    """The hash that a record with this content has."""
    return digest(
        canonical(
            {
                "sequence": sequence,
                "at": moment(at),
                "kind": kind,
                "actor": actor,
                "body": body,
                "previous": previous,
            }
        )
    )


def append(
    connection: Connection, *, at: dt.datetime, kind: str, actor: str, body: Mapping[str, object]
) -> None:
    """Add a record within the caller's serial transaction (`Store.writing` or `Store.noting`)."""
    head = connection.execute(_HEAD).one()
    fields: dict[str, Any] = {
        "sequence": head.sequence + 1,
        "at": at,
        "kind": kind,
        "actor": actor,
        "body": canonical(body),
        "previous": head.hash,
    }
    fields["hash"] = record_hash(**fields)
    connection.execute(_APPEND, fields)
    connection.execute(_ADVANCE, {"new_sequence": fields["sequence"], "new_hash": fields["hash"]})


class AuditTrail:
    """Reading the chain."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def head(self) -> AuditHead:
        """The last record's number and hash; number 0 for an empty chain."""
        with self._store.reading() as connection:
            row = connection.execute(_HEAD).one()
        return AuditHead(sequence=row.sequence, hash=row.hash)

    def records(self, *, before: int | None = None, limit: int = 100) -> tuple[AuditRecord, ...]:
        """The newest records, newest first, `limit` at most; `before` pages back by number."""
        query = sa.select(audit).order_by(audit.c.sequence.desc()).limit(limit)
        if before is not None:
            query = query.where(audit.c.sequence < before)
        with self._store.reading() as connection:
            return tuple(AuditRecord(**row) for row in connection.execute(query).mappings())
