"""Receipts: what an answer was and cost, signed, with its place in the audit trail. Pure.

A receipt holds everything that its audit record holds, so whoever has the trail's public key can
recompute the record's hash from the receipt alone and check the signature over all of it. With the
trail at hand, the record of that number must have that hash.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from json.encoder import encode_basestring_ascii
from typing import Any

from gateway.budget import audit
from gateway.budget.signing import Signer, signed

TYPE = "noisegate.receipt/1"
MEMBER = "receipt"
"""The member of an answer that holds its receipt."""
KIND = "answer"
"""The kind of the audit record that an answer leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charged:
    """What the analyst's own account paid: 10⁻¹² of ε, or of ρ under zcdp, and 10⁻¹⁸ of δ.

    `guarantee` is None where nothing was charged.
    """

    guarantee: str | None
    amount: int
    delta: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedReceipt:
    """One receipt. `record` is the hash of the audit record, `previous` the one before it."""

    key_id: str
    query_id: str
    analyst: str
    dataset: str | None
    at: str
    sql_sha256: str
    answer_sha256: str
    charged: Charged
    sequence: int
    previous: str
    record: str
    signature: str

    def document(self) -> dict[str, object]:
        """The receipt as it stands in an answer."""
        return {"type": TYPE, **asdict(self)}


class NoReceipt(ValueError):
    """A document that is no receipt, or holds none."""


def record_body(
    *, query_id: str, dataset: str | None, sql_sha256: str, answer_sha256: str, charged: Charged
) -> dict[str, object]:
    """The body of the audit record of an answer."""
    return {
        "query_id": query_id,
        "dataset": dataset,
        "sql_sha256": sql_sha256,
        "answer_sha256": answer_sha256,
        "charged": asdict(charged),
    }


def sign(record: audit.AuditRecord, signer: Signer) -> SignedReceipt:
    """The receipt of an answer whose record is `record`."""
    body = json.loads(record.body)
    body["charged"] = Charged(**body["charged"])
    unsigned = SignedReceipt(
        **body,
        key_id=signer.key_id,
        analyst=record.actor,
        at=audit.moment(record.at),
        sequence=record.sequence,
        previous=record.previous,
        record=record.hash,
        signature="",
    )
    fields = {name: getattr(unsigned, name) for name in SignedReceipt.__slots__}
    return SignedReceipt(**fields | {"signature": signer.sign(message(unsigned))})


def message(receipt: SignedReceipt) -> str:
    """What is signed: canonical JSON of all members but the signature."""
    document = receipt.document()
    del document["signature"]
    return audit.canonical(document)


def faults(receipt: SignedReceipt, public_key: str) -> tuple[str, ...]:
    """What is wrong with a receipt for whoever trusts `public_key`; nothing where it is genuine."""
    found = []
    if not signed(message(receipt), receipt.signature, public_key):
        found.append("The signature is not one of this receipt by this key.")
    if receipt.record != _record(receipt):
        found.append("The record's hash is not that of what the receipt says.")
    return tuple(found)


def _record(receipt: SignedReceipt) -> str:
    return audit.record_hash(
        sequence=receipt.sequence,
        at=dt.datetime.fromisoformat(receipt.at),
        kind=KIND,
        actor=receipt.analyst,
        body=audit.canonical(
            record_body(
                query_id=receipt.query_id,
                dataset=receipt.dataset,
                sql_sha256=receipt.sql_sha256,
                answer_sha256=receipt.answer_sha256,
                charged=receipt.charged,
            )
        ),
        previous=receipt.previous,
    )


def of_document(document: object) -> SignedReceipt:
    """The receipt in a JSON document: an answer with a receipt, or a receipt alone.

    Raises `NoReceipt` for anything else, down to the type of each member.
    """
    found = document.get(MEMBER, document) if isinstance(document, Mapping) else None
    if not isinstance(found, Mapping) or found.get("type") != TYPE:
        raise NoReceipt("there is no receipt in it")
    given: dict[str, Any] = {name: value for name, value in found.items() if name != "type"}
    charged = given.get("charged")
    if not isinstance(charged, Mapping) or set(charged) != {"guarantee", "amount", "delta"}:
        raise NoReceipt("`charged` has other members than a receipt's")
    if set(given) != set(SignedReceipt.__slots__):
        raise NoReceipt("it has other members than a receipt")
    numbers = {"sequence": given["sequence"], **{k: charged[k] for k in ("amount", "delta")}}
    texts = {k: v for k, v in given.items() if k not in ("sequence", "charged", "dataset")}
    optional = {"dataset": given["dataset"], "guarantee": charged["guarantee"]}
    for name, value in numbers.items():
        if type(value) is not int:
            raise NoReceipt(f"`{name}` is no integer")
    for name, value in (texts | {k: v for k, v in optional.items() if v is not None}).items():
        if type(value) is not str:
            raise NoReceipt(f"`{name}` is no text")
    try:
        if audit.moment(dt.datetime.fromisoformat(given["at"])) != given["at"]:
            raise NoReceipt("`at` is not written as receipts write a moment")
    except ValueError as error:
        raise NoReceipt("`at` is no moment") from error
    return SignedReceipt(**given | {"charged": Charged(**charged)})


def answer_digest(text: str) -> str:
    """Hex SHA-256 of an answer's canonical JSON, its receipt left out.

    Canonical: members sorted by name, no spaces, everything outside ASCII escaped, and each number
    with the very digits that the answer has; so an answer that was only laid out anew has the same
    digest. Raises `NoReceipt` for a text that is no JSON object.
    """
    document = _parsed(text)
    if not isinstance(document, dict):
        raise NoReceipt("it is no JSON object")
    return audit.digest(_canonical({k: v for k, v in document.items() if k != MEMBER}))


def paged_digest(frame: str, pages: Iterable[str]) -> str:
    """`answer_digest` of an answer that is never in memory as a whole.

    `frame` is its JSON with an empty list of `rows` and without a receipt; `pages` are JSON lists,
    the rows in order. Sorted by name, `rows` is an answer's last member.
    """
    text = _canonical(_parsed(frame))
    end = "]}"
    if not text.endswith('"rows":[' + end):
        raise ValueError("rows are the last member of an answer, and are given apart")
    found = hashlib.sha256(text.removesuffix(end).encode())
    for number, page in enumerate(pages):
        rows = _canonical(_parsed(page))[1:-1]
        found.update(f",{rows}".encode() if number else rows.encode())
    found.update(end.encode())
    return found.hexdigest()


def _parsed(text: str) -> Any:
    """JSON with its numbers as they are written. Raises `NoReceipt`."""
    try:
        return json.loads(
            text,
            parse_int=_Digits,
            parse_float=_Digits,
            parse_constant=_no_number,
            object_pairs_hook=_members,
        )
    except (ValueError, RecursionError) as error:
        raise NoReceipt("it is not JSON") from error


class _Digits(str):
    """A JSON number as it was written."""

    __slots__ = ()


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object's members; readers differ on which of two of one name counts, so none may be."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NoReceipt("a member stands in it twice")
    return members


def _no_number(word: str) -> None:
    raise NoReceipt(f"{word} is no JSON number")


def _canonical(value: Any) -> str:
    # Written by hand because the standard library would write numbers its own way.
    kind = type(value)
    if kind is _Digits:
        return str(value)
    if kind is str:
        return encode_basestring_ascii(value)
    if value is None:
        return "null"
    if kind is bool:
        return "true" if value else "false"
    if kind is list:
        return "[" + ",".join(map(_canonical, value)) + "]"
    members = (
        f"{encode_basestring_ascii(name)}:{_canonical(value[name])}" for name in sorted(value)
    )
    return "{" + ",".join(members) + "}"
