"""The audit trail: its public key for everybody, its records and their check for the role admin."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from gateway.budget import signing
from gateway.budget.audit import AuditHead
from gateway.budget.tables import LARGEST
from gateway.server.caller import TheAdministrator, TheDesk
from gateway.server.cells import moment

router = APIRouter(tags=["audit"])

LINES = "application/x-ndjson"


@router.get("/v1/audit/key")
def key(desk: TheDesk) -> dict[str, object]:
    """The public keys of the trail, with which anybody can check a receipt; no key is asked for.

    `key_id` is the one that signs now.
    """
    trail = desk.gateway.books.audit
    return {
        "key_id": trail.head().key_id,
        "keys": [
            {
                "key_id": each.key_id,
                "algorithm": "Ed25519",
                "public_key": each.public_key,
                "pem": signing.pem(each.public_key),
                "added_at": moment(each.added_at),
            }
            for each in trail.public_keys()
        ],
    }


@router.get("/v1/admin/audit")
def audit(
    who: TheAdministrator,
    desk: TheDesk,
    before: Annotated[
        int | None, Query(ge=1, le=LARGEST, description="Page back by number.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> dict[str, object]:
    """The newest records of the audit chain, newest first, and its signed head."""
    trail = desk.gateway.books.audit
    return {
        "head": head_document(trail.head()),
        "records": [
            {
                "sequence": record.sequence,
                "at": moment(record.at),
                "kind": record.kind,
                "actor": record.actor,
                "body": json.loads(record.body),
                "previous": record.previous,
                "hash": record.hash,
            }
            for record in trail.records(before=before, limit=limit)
        ],
    }


@router.get(
    "/v1/admin/audit/export",
    response_class=StreamingResponse,
    responses={200: {"content": {LINES: {"schema": {"type": "string"}}}}},
)
def export(
    who: TheAdministrator,
    desk: TheDesk,
    after: Annotated[
        int, Query(ge=0, le=LARGEST, description="Only records with a larger number.")
    ] = 0,
) -> StreamingResponse:
    """Every record as one line of JSON, the oldest first."""
    lines = desk.gateway.books.audit.exported(after)
    return StreamingResponse(_ended(lines), media_type=LINES)


@router.get("/v1/admin/audit/verification")
def verification(who: TheAdministrator, desk: TheDesk) -> dict[str, object]:
    """Check every record, charge, grant and account now; takes as long as the trail is long."""
    books = desk.gateway.books
    faults = books.verify()
    return {
        "intact": not faults,
        "head": head_document(books.audit.head()),
        "faults": [
            {"tampering": fault.tampering.value, "where": fault.where, "sentence": fault.sentence}
            for fault in faults
        ],
    }


def head_document(head: AuditHead) -> dict[str, object]:
    """The end of the chain as documents show it."""
    return {
        "sequence": head.sequence,
        "hash": head.hash,
        "key_id": head.key_id,
        "signature": head.signature,
    }


def _ended(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line + "\n"
