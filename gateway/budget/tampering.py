"""What checking the ledger can find."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Tampering(Enum):
    """What was done to the ledger behind the gateway's back."""

    REMOVED = "removed"
    CHANGED = "changed"
    REORDERED = "reordered"
    REPLACED = "replaced"
    ADDED = "added"
    ACCOUNT = "account"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFault:
    """One fault. `where` names the record or row, `sentence` says what is wrong with it."""

    tampering: Tampering
    where: str
    sentence: str
