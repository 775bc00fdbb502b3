"""Receipts: genuine ones check, and nothing about them can be changed."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.budget import receipts, signing
from gateway.budget.books import Books
from gateway.budget.receipts import Charged, NoReceipt, SignedReceipt
from gateway.server.render import answer_json
from gateway.server.stored import read
from tests.http.exchanges import ANSWER
from tests.ledger.desk import ask, price
from tests.trail.conftest import answered


@pytest.fixture
def receipt(books: Books) -> SignedReceipt:
    books.users.add("ann", ["analyst"], by="root")
    books.ledger.charge(ask("q1", price("a", 7, 2)))
    given_out = answered(books, "q1", receipts.answer_digest("".join(answer_json(ANSWER))))
    assert isinstance(given_out, SignedReceipt)
    return given_out


@pytest.fixture
def public_key(books: Books) -> str:
    return books.audit.public_keys()[0].public_key


def test_a_receipt_says_what_was_paid_and_where_it_stands(
    books: Books, receipt: SignedReceipt, public_key: str
) -> None:
    assert receipts.faults(receipt, public_key) == ()
    assert books.audit.holds(receipt)
    assert receipt.charged == Charged(guarantee="approximate", amount=7, delta=2)
    assert (receipt.analyst, receipt.dataset, receipt.query_id) == ("ann", "hospital", "q1")
    (record,) = books.audit.records(limit=1)
    assert (record.sequence, record.hash, record.previous, record.kind) == (
        receipt.sequence, receipt.record, receipt.previous, "answer",
    )  # fmt: skip


def test_a_free_answer_has_a_receipt_of_nothing(books: Books, public_key: str) -> None:
    free = answered(books, "q2")
    assert isinstance(free, SignedReceipt)
    assert free.charged == Charged(guarantee=None, amount=0, delta=0)
    assert receipts.faults(free, public_key) == ()


def test_no_member_of_a_receipt_can_be_changed(receipt: SignedReceipt, public_key: str) -> None:
    changed = [
        replace(receipt, **{name: value + 1 if isinstance(value, int) else f"{value[:-1]}~"})
        for name in SignedReceipt.__slots__
        if name not in ("charged", "at")
        for value in [getattr(receipt, name)]
    ]
    changed += [
        replace(receipt, charged=replace(receipt.charged, **{name: value}))
        for name, value in (("guarantee", None), ("amount", 6), ("delta", 1))
    ]
    changed += [replace(receipt, dataset=None), replace(receipt, at=receipt.at.replace("12", "13"))]
    assert len(changed) == len(SignedReceipt.__slots__) + 3
    for other in changed:
        assert receipts.faults(other, public_key), other


def test_another_key_has_not_signed_it(receipt: SignedReceipt, tmp_path_factory: object) -> None:
    other = signing.create(tmp_path_factory.mktemp("key") / "key")  # type: ignore[attr-defined]
    assert len(receipts.faults(receipt, other.public_key)) == 1


def test_a_receipt_of_another_trail_is_not_in_this_one(
    books: Books, receipt: SignedReceipt
) -> None:
    assert not books.audit.holds(replace(receipt, record="0" * 64))
    assert not books.audit.holds(replace(receipt, sequence=receipt.sequence + 1))
    assert not books.audit.holds(replace(receipt, sequence=receipt.sequence - 1))


def test_an_answer_with_its_receipt_is_read_back_as_written(receipt: SignedReceipt) -> None:
    text = "".join(answer_json(replace(ANSWER, receipt=receipt)))
    assert json.loads(text)["receipt"] == receipt.document()
    assert "".join(answer_json(read(text))) == text
    assert receipts.of_document(json.loads(text)) == receipt
    assert receipts.of_document(receipt.document()) == receipt
    assert receipts.answer_digest(text) == receipt.answer_sha256


def test_an_answer_laid_out_anew_has_the_same_digest(receipt: SignedReceipt) -> None:
    text = "".join(answer_json(replace(ANSWER, receipt=receipt)))
    document = json.loads(text, parse_float=Decimal)
    members = list(document)
    pretty = "{\n" + ",\n".join(
        f"  {json.dumps(name)}: {_part(text, name)}" for name in members[::-1]
    )
    assert receipts.answer_digest(pretty + "\n}") == receipt.answer_sha256
    assert receipts.answer_digest(text.replace("12.340", "12.34")) != receipt.answer_sha256


def _part(text: str, name: str) -> str:
    """The text of one member's value, cut out so that its digits stay."""
    start = text.index(f'"{name}":') + len(name) + 3
    return (
        json.JSONDecoder().raw_decode(text[start:].lstrip())[1]
        and (text[start:].lstrip()[: json.JSONDecoder().raw_decode(text[start:].lstrip())[1]])
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(
    one=st.dictionaries(st.text(), JSON, max_size=4),
    other=st.dictionaries(st.text(), JSON, max_size=4),
)
def test_digests_are_equal_where_the_documents_are(
    one: dict[str, object], other: dict[str, object]
) -> None:
    """Whatever the layout and the order of members; and different ones differ."""
    one.pop("receipt", None)
    other.pop("receipt", None)
    shuffled = json.dumps(dict(reversed(one.items())), indent=3, ensure_ascii=True)
    digest = receipts.answer_digest(json.dumps(one, ensure_ascii=False))
    assert digest == receipts.answer_digest(shuffled)
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (digest == receipts.answer_digest(json.dumps(other))) == same


@pytest.mark.parametrize(
    "text",
    ["", "[]", "3", "{", '{"a": NaN}', '{"a": Infinity}', '{"rows": 1, "rows": 2}', "[" * 100_000],
)
def test_what_is_no_answer_has_no_digest(text: str) -> None:
    with pytest.raises(NoReceipt):
        receipts.answer_digest(text)


@pytest.mark.parametrize(
    "change",
    [
        {"type": "noisegate.receipt/2"}, {"sequence": "3"}, {"sequence": True}, {"sequence": 3.0},
        {"charged": None}, {"charged": {"amount": 1}}, {"at": "yesterday"}, {"at": 5},
        {"at": "2024-02-28T12:00:00Z"}, {"dataset": 3}, {"signature": None}, {"more": 1},
        {"charged": {"guarantee": None, "amount": 1.5, "delta": 0}},
    ],
)  # fmt: skip
def test_what_is_no_receipt_is_told(receipt: SignedReceipt, change: dict[str, object]) -> None:
    with pytest.raises(NoReceipt):
        receipts.of_document(receipt.document() | change)
    for other in (None, [], {}, {"receipt": 1}, "text"):
        with pytest.raises(NoReceipt):
            receipts.of_document(other)
