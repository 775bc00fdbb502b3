"""The audit chain: records that are only added, each bound to the one before by SHA-256.

A record's hash covers its number, time, kind, actor, body and the hash before it, as canonical
JSON. So a record that is changed, removed or moved no longer fits its neighbours; `verification`
says which. Each transaction signs the number and hash of its last record (see `signing`), so the
chain cannot be cut short or written anew by somebody who has the database and not the key. Records
are appended in the transaction that does what they tell, never apart from it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.budget.signing import Signer
from gateway.budget.store import SIGNER
from gateway.budget.tables import audit, audit_head
from gateway.errors import Code, Refusal

GENESIS = "0" * 64
"""What the first record has in place of the hash before it."""

HEAD = sa.select(
    audit_head.c.sequence, audit_head.c.hash, audit_head.c.key_id, audit_head.c.signature
)
_APPEND = audit.insert()
_ADVANCE = sa.update(audit_head).values(
    sequence=sa.bindparam("new_sequence"),
    hash=sa.bindparam("new_hash"),
    key_id=sa.bindparam("new_key_id"),
    signature=sa.bindparam("new_signature"),
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
    """The end of the chain. Noted elsewhere, it shows later whether the chain was rewritten.

    `signature` is that of `head_message` by the key `key_id`; both None for a head that was noted
    by hand, and for one that a version which did not sign has written.
    """

    sequence: int
    hash: str
    key_id: str | None = None
    signature: str | None = None


def canonical(value: object) -> str:
    """JSON with sorted keys, no spaces and ASCII only: equal values give equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(text: str) -> str:
    """Hex SHA-256 of a text's UTF-8; lone surrogates, which UTF-8 lacks, are escaped first."""
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def moment(at: dt.datetime) -> str:
    """A point in time as text: the same for equal moments, whatever their zone."""
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def as_said(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as its record says it: moments as text."""
    return {
        name: moment(value) if isinstance(value, dt.datetime) else value
        for name, value in row.items()
    }


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


def head_message(sequence: int, record: str) -> str:
    """What is signed with new records: that the chain then ended with the last of them."""
    return canonical({"type": "noisegate.head/1", "sequence": sequence, "hash": record})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a new record is to say."""

    at: dt.datetime
    kind: str
    actor: str
    body: Mapping[str, object]


def append(
    connection: Connection, *, at: dt.datetime, kind: str, actor: str, body: Mapping[str, object]
) -> AuditRecord:
    """Add one record, as `append_all` does."""
    return append_all(connection, [Entry(at=at, kind=kind, actor=actor, body=body)])[0]


def append_all(connection: Connection, entries: Sequence[Entry]) -> tuple[AuditRecord, ...]:
    """Add records within the caller's serial transaction (`Store.writing` or `Store.noting`).

    Only the last one's hash is signed, which covers all before it: what a head vouched for that
    stood for no more than this transaction, nobody outside of it has seen.
    Raises `Refusal(INTERNAL)` where this process does not have the key of the trail.
    """
    signer: Signer | None = connection.get_execution_options().get(SIGNER)
    if signer is None:
        raise unsigned()
    head = connection.execute(HEAD).one()
    sequence, previous = head.sequence, head.hash
    rows: list[dict[str, Any]] = []
    for entry in entries:
        sequence += 1
        fields: dict[str, Any] = {
            "sequence": sequence,
            "at": entry.at,
            "kind": entry.kind,
            "actor": entry.actor,
            "body": canonical(entry.body),
            "previous": previous,
        }
        previous = fields["hash"] = record_hash(**fields)
        rows.append(fields)
    connection.execute(_APPEND, rows)
    connection.execute(
        _ADVANCE,
        {
            "new_sequence": sequence,
            "new_hash": previous,
            "new_key_id": signer.key_id,
            "new_signature": signer.sign(head_message(sequence, previous)),
        },
    )
    return tuple(AuditRecord(**fields) for fields in rows)


def unsigned() -> Refusal:
    """The refusal of a record that cannot be signed; what it tells of is then not done either."""
    return Refusal(
        Code.INTERNAL,
        "The ledger's audit trail is signed with a key that this process does not have.",
        "Give its file with --signing-key or NOISEGATE_SIGNING_KEY. If it is lost, "
        "`noisegate audit key --renew` makes a new one.",
    )
