"""Checking the audit chain, and the charges, grants and accounts against it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.budget.audit import GENESIS, AuditHead, AuditRecord, moment, record_hash
from gateway.budget.ledger import charge_digest
from gateway.budget.store import Store
from gateway.budget.tables import accounts, audit, audit_head, charges, grants

_MOST_MOVED = 256
"""Up to how many faulty records each is tried at the numbers of the others, to tell moving from
changing."""


class Tampering(Enum):
    """What was done to the ledger behind the gateway's back."""

    REMOVED = "removed"
    CHANGED = "changed"
    REORDERED = "reordered"
    REPLACED = "replaced"
    ADDED = "added"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFault:
    """One fault. `where` names the record or row, `sentence` says what is wrong with it."""

    tampering: Tampering
    where: str
    sentence: str


def verify(store: Store, known: AuditHead | None = None) -> tuple[AuditFault, ...]:
    """All faults of the audit chain and of what it vouches for; empty where there are none.

    Finds records that were removed, changed or moved, charges and grants that differ from their
    records, and accounts that differ from the sum of their charges. Whoever may write to the
    database can rewrite the whole chain; `known`, a head that was noted elsewhere, finds that too.
    """
    with store.reading() as connection:
        vouched: dict[str, dict[int, Any]] = {"charge": {}, "grant": {}}
        faults = list(_chain(connection, known, vouched))
        faults += _charges(connection, vouched["charge"])
        faults += _grants(connection, vouched["grant"])
    return tuple(faults)


def _chain(
    connection: Connection, known: AuditHead | None, vouched: dict[str, dict[int, Any]]
) -> Iterator[AuditFault]:
    head = connection.execute(sa.select(audit_head)).one_or_none()
    previous, expected, before_intact = GENESIS, 1, True
    known_found = known is None or known.sequence == 0
    broken: list[AuditRecord] = []
    rows = connection.execution_options(yield_per=1000).execute(
        sa.select(audit).order_by(audit.c.sequence)
    )
    for row in rows.mappings():
        record = AuditRecord(**row)
        if record.sequence != expected:
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
        _vouch(record, vouched)
        previous, expected, before_intact = record.hash, record.sequence + 1, intact
    yield from _tell_apart(broken)
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


def _intact(record: AuditRecord, sequence: int) -> bool:
    return record.hash == record_hash(
        sequence=sequence,
        at=record.at,
        kind=record.kind,
        actor=record.actor,
        body=record.body,
        previous=record.previous,
    )


def _tell_apart(broken: list[AuditRecord]) -> Iterator[AuditFault]:
    """Which records that do not fit their hash would fit it under another number."""
    numbers = [record.sequence for record in broken] if len(broken) <= _MOST_MOVED else []
    for record in broken:
        origin = next((number for number in numbers if _intact(record, number)), None)
        where = f"record {record.sequence}"
        if origin is None:
            sentence = f"Record {record.sequence} is not as it was written."
            yield AuditFault(tampering=Tampering.CHANGED, where=where, sentence=sentence)
        else:
            sentence = f"Record {record.sequence} was written as record {origin}."
            yield AuditFault(tampering=Tampering.REORDERED, where=where, sentence=sentence)


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


def _vouch(record: AuditRecord, vouched: dict[str, dict[int, Any]]) -> None:
    """Collect what a record says of rows in other tables; a record may be damaged in any way."""
    if record.kind not in ("charge", "refund", "grant"):
        return
    try:
        body = json.loads(record.body)
        if record.kind == "grant":
            vouched["grant"][body["id"]] = body
        else:
            vouched["charge"].update({entry["id"]: entry["row"] for entry in body["charges"]})
    except (ValueError, KeyError, TypeError):
        return  # such a record does not fit its hash, which is reported, and so are its rows


def _charges(connection: Connection, vouched: Mapping[int, str]) -> Iterator[AuditFault]:
    """Compare each charge with its audit record, and each account with the sum of its charges."""
    missing = dict(vouched)
    sums: dict[tuple[str, str, Any], list[int]] = {}
    rows = connection.execution_options(yield_per=1000).execute(
        sa.select(charges).order_by(charges.c.id)
    )
    for row in rows.mappings():
        where = f"charge {row['id']}"
        wanted = missing.pop(row["id"], None)
        if wanted is None:
            sentence = f"Charge {row['id']} has no audit record."
            yield AuditFault(tampering=Tampering.ADDED, where=where, sentence=sentence)
        elif wanted != charge_digest(dict(row)):
            sentence = f"Charge {row['id']} is not as it was written."
            yield AuditFault(tampering=Tampering.CHANGED, where=where, sentence=sentence)
        spent = sums.setdefault((row["dataset"], row["holder"], row["period_start"]), [0, 0])
        sign = 1 if row["kind"] == "charge" else -1
        spent[0] += sign * row["amount"]
        spent[1] += sign * row["delta"]
    for number in missing:
        yield AuditFault(
            tampering=Tampering.REMOVED,
            where=f"charge {number}",
            sentence=f"Charge {number} is missing.",
        )
    for account in connection.execute(sa.select(accounts)):
        key = (account.dataset, account.holder, account.period_start)
        if [account.spent_amount, account.spent_delta] != sums.pop(key, [0, 0]):
            yield _account(key, "does not hold the sum of its charges")
    for key in sums:
        yield _account(key, "is missing")


def _account(key: tuple[str, str, Any], fault: str) -> AuditFault:
    dataset, holder, start = key
    where = f"account {holder} of {dataset} from {start}"
    return AuditFault(tampering=Tampering.ACCOUNT, where=where, sentence=f"The {where} {fault}.")


def _grants(connection: Connection, vouched: Mapping[int, Any]) -> Iterator[AuditFault]:
    missing = dict(vouched)
    for row in connection.execute(sa.select(grants).order_by(grants.c.id)).mappings():
        where = f"grant {row['id']}"
        wanted = missing.pop(row["id"], None)
        if wanted is None:
            sentence = f"Grant {row['id']} has no audit record."
            yield AuditFault(tampering=Tampering.ADDED, where=where, sentence=sentence)
        elif wanted != dict(row) | {"counts_from": moment(row["counts_from"])}:
            sentence = f"Grant {row['id']} is not as it was written."
            yield AuditFault(tampering=Tampering.CHANGED, where=where, sentence=sentence)
    for number in missing:
        sentence = f"Grant {number} is missing."
        yield AuditFault(tampering=Tampering.REMOVED, where=f"grant {number}", sentence=sentence)
