"""An exported trail, checked without the ledger: a chain of lines and the signature at its end."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from typing import Any

from gateway.budget import audit
from gateway.budget.signing import signed

HEAD = "noisegate.head/1"
_RECORD = {"sequence", "at", "kind", "actor", "body", "previous", "hash"}
_HEAD = {"type", "sequence", "hash", "key_id", "signature"}


def head_line(head: audit.AuditHead) -> str:
    """The last line of an export: where the trail ended, signed."""
    return audit.canonical(
        {
            "type": HEAD,
            "sequence": head.sequence,
            "hash": head.hash,
            "key_id": head.key_id,
            "signature": head.signature,
        }
    )


def faults(lines: Iterable[str], public_key: str) -> Iterator[str]:
    """What is wrong with an export for whoever trusts `public_key`; nothing where it is whole.

    It may begin with any record, whose predecessor then is not checked. Every later one must follow
    the one before it by number and by hash, and the last line must be the trail's end, signed.
    """
    before: tuple[int, str] | None = None
    ended = False
    for place, line in enumerate(lines, start=1):
        found = _read(line)
        if found is None:
            yield f"Line {place} is neither a record nor the end of a trail."
        elif ended:
            yield f"Line {place} stands after the end of the trail."
        elif found.keys() == _HEAD:
            ended = True
            yield from _end(found, before, public_key)
        else:
            yield from _record(place, found, before)
            before = (found["sequence"], found["hash"])
    if not ended:
        yield "The signed end of the trail is missing."


def _read(line: str) -> dict[str, Any] | None:
    """A record or an end, each member of the right type; None for anything else."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or set(found) not in (_RECORD, _HEAD):
        return None
    if type(found["sequence"]) is not int:
        return None
    texts = (set(found) - {"sequence", "body"}) | ({"type"} & set(found))
    return found if all(type(found[name]) is str for name in texts) else None


def _record(place: int, found: dict[str, Any], before: tuple[int, str] | None) -> Iterator[str]:
    number = found["sequence"]
    try:
        at = dt.datetime.fromisoformat(found["at"])
        canonical = audit.moment(at) == found["at"]
    except ValueError:
        canonical = False
    if not canonical or found["hash"] != audit.record_hash(
        sequence=number,
        at=at,
        kind=found["kind"],
        actor=found["actor"],
        body=audit.canonical(found["body"]),
        previous=found["previous"],
    ):
        yield f"Record {number} on line {place} is not as it was written."
    if before is not None and number != before[0] + 1:
        yield f"Record {number} on line {place} follows record {before[0]}."
    elif before is not None and found["previous"] != before[1]:
        yield f"Record {number} was written after another record {before[0]}."


def _end(found: dict[str, Any], before: tuple[int, str] | None, public_key: str) -> Iterator[str]:
    message = audit.head_message(found["sequence"], found["hash"])
    if found["type"] != HEAD or not signed(message, found["signature"], public_key):
        yield "The end of the trail is not signed by this key."
    if before is not None and before != (found["sequence"], found["hash"]):
        yield f"The trail ended with record {found['sequence']}, not with record {before[0]}."
    if before is None and found["sequence"] == 0:
        yield "The trail has no record."
