"""Checking the audit chain, its signature, and the rows of the ledger against it."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.budget.audit import GENESIS, AuditHead, AuditRecord, head_message, record_hash
from gateway.budget.keyring import registered
from gateway.budget.signing import key_id, signed
from gateway.budget.store import Store
from gateway.budget.tables import audit, audit_head, from_microseconds
from gateway.budget.tampering import AuditFault, Tampering
from gateway.budget.vouched import Vouched
from gateway.budget.vouched import faults as rows_faults

_MOST_MOVED = 256
"""Up to how many faulty records each is tried at the numbers of the others, to tell moving from
changing."""


def verify(
    store: Store, known: AuditHead | None = None, signed_by: str | None = None
) -> tuple[AuditFault, ...]:
    """All faults of the audit chain and of what it vouches for; empty where there are none.

    Finds records that were removed, changed or moved, rows of append-only tables that differ from
    their records, accounts that differ from the sum of their charges, and an end of the chain that
    the trail's key has not signed. `signed_by` is the name of the one key that is trusted to have
    signed last; without it any key counts that the ledger knows, which whoever may write to the
    database can add to. `known`, a head that was noted elsewhere, also finds a ledger that was set
    back to an earlier state of its own.
    """
    with store.reading() as connection:
        vouched = Vouched()
        faults = list(_chain(connection, known, vouched))
        faults += _signature(connection, signed_by)
        try:
            faults += rows_faults(connection, vouched)
        except (TypeError, ValueError, OverflowError):
            faults.append(_unreadable())
    return tuple(faults)


def _signature(connection: Connection, signed_by: str | None) -> Iterator[AuditFault]:
    head = connection.execute(sa.select(audit_head)).one_or_none()
    if head is None:
        return  # told already
    keys = {key.key_id: key.public_key for key in registered(connection)}
    public_key = keys.get(head.key_id)
    if head.signature is None or public_key is None or key_id(public_key) != head.key_id:
        sentence = "The end of the trail is not signed by a key of the trail."
    elif not signed(head_message(head.sequence, head.hash), head.signature, public_key):
        sentence = "The signature at the end of the trail is not one of its last record."
    elif signed_by is not None and head.key_id != signed_by:
        sentence = f"The end of the trail is signed by {head.key_id}, not by {signed_by}."
    else:
        return
    yield AuditFault(tampering=Tampering.SIGNATURE, where="the trail's end", sentence=sentence)


def _chain(
    connection: Connection, known: AuditHead | None, vouched: Vouched
) -> Iterator[AuditFault]:
    head = connection.execute(sa.select(audit_head)).one_or_none()
    previous, expected, before_intact = GENESIS, 1, True
    known_found = known is None or known.sequence == 0
    broken: list[AuditRecord] = []
    gaps: list[range] = []
    for record in _records(connection):
        if record.sequence != expected:
            gaps.append(range(expected, record.sequence))
            yield _removed(expected, record.sequence - 1)
        intact = _intact(record, record.sequence)
        if not intact:
            broken.append(record)
        elif record.sequence == expected and record.previous != previous and before_intact:
            yield AuditFault(
                tampering=Tampering.REPLACED,
                where=f"record {expected - 1}",
                sentence=f"Record {expected} was written after another record {expected - 1}.",
            )
        if known is not None and record.sequence == known.sequence:
            known_found = record.hash == known.hash
        vouched.read(record)
        previous, expected, before_intact = record.hash, record.sequence + 1, intact
    if head is not None:
        gaps.append(range(expected, head.sequence + 1))
    yield from _tell_apart(broken, gaps)
    if head is None or head.sequence >= expected:
        yield _removed(expected, None if head is None else head.sequence)
    elif head.sequence != expected - 1 or head.hash != previous:
        yield AuditFault(
            tampering=Tampering.REPLACED,
            where=f"record {expected - 1}",
            sentence="The last record is not the one that the gateway wrote last.",
        )
    if known is not None and not known_found:
        yield AuditFault(
            tampering=Tampering.REPLACED,
            where=f"record {known.sequence}",
            sentence="The record that was noted elsewhere is missing or has another hash now.",
        )


def _records(connection: Connection) -> Iterator[AuditRecord]:
    """Every record in order. One whose moment is none gets the first moment of all, which cannot be
    what it was written with: so it does not fit its hash, and is named."""
    moment = sa.type_coerce(audit.c.at, sa.BigInteger).label("moment")
    columns = [column for column in audit.c if column.name != "at"]
    rows = connection.execution_options(yield_per=1000).execute(
        sa.select(moment, *columns).order_by(audit.c.sequence)
    )
    for row in rows.mappings():
        fields = dict(row)
        at = from_microseconds(fields.pop("moment"))
        yield AuditRecord(**fields, at=at)


def _unreadable() -> AuditFault:
    return AuditFault(
        tampering=Tampering.CHANGED,
        where="a row of the ledger",
        sentence="A row of the ledger holds a value of another kind than its column.",
    )


def _intact(record: AuditRecord, sequence: int) -> bool:
    return record.hash == record_hash(
        sequence=sequence,
        at=record.at,
        kind=record.kind,
        actor=record.actor,
        body=record.body,
        previous=record.previous,
    )


def _tell_apart(broken: list[AuditRecord], gaps: list[range]) -> Iterator[AuditFault]:
    """Which records that do not fit their hash would fit it under another number: that of another
    such record, or of a missing one. Where a moved record stands in the place of one that is found
    nowhere, that one was removed."""
    numbers = {record.sequence for record in broken}
    if len(numbers) + sum(map(len, gaps)) <= _MOST_MOVED:
        numbers |= {number for gap in gaps for number in gap}
        origins = {
            record.sequence: next((n for n in sorted(numbers) if _intact(record, n)), None)
            for record in broken
        }
    else:
        origins = {record.sequence: None for record in broken}
    for number, origin in origins.items():
        where = f"record {number}"
        if origin is None:
            sentence = f"Record {number} is not as it was written."
            yield AuditFault(tampering=Tampering.CHANGED, where=where, sentence=sentence)
            continue
        sentence = f"Record {number} was written as record {origin}."
        yield AuditFault(tampering=Tampering.REORDERED, where=where, sentence=sentence)
        if number not in origins.values():
            yield _removed(number, number)


def _removed(first: int, last: int | None) -> AuditFault:
    which = f"{first} and later" if last is None else f"{first} to {last}"
    if first == last:
        return AuditFault(
            tampering=Tampering.REMOVED,
            where=f"record {first}",
            sentence=f"Record {first} is missing.",
        )
    return AuditFault(
        tampering=Tampering.REMOVED,
        where=f"records {which}",
        sentence=f"Records {which} are missing.",
    )
