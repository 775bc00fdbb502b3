"""Rows that the trail vouches for cannot be changed, removed or added behind its back."""

from __future__ import annotations

from fractions import Fraction

import pytest

from gateway.budget.books import Books
from gateway.budget.tampering import Tampering
from tests.trail import raw


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE budget_requests SET epsilon = '1/1'", "changed: budget request 1"),
        ("UPDATE budget_requests SET purpose = 'other'", "changed: budget request 1"),
        ("UPDATE budget_requests SET expires_at = expires_at + 1", "changed: budget request 1"),
        ("UPDATE budget_requests SET days = 3", "changed: budget request 1"),
        ("UPDATE budget_decisions SET reason = 'x'", "changed: decision on budget request 1"),
        ("UPDATE budget_decisions SET decided_by = 'x'", "changed: decision on budget request 1"),
        ("DELETE FROM budget_decisions", "removed: decision on budget request 1"),
        ("DELETE FROM budget_requests", "removed: budget request 1"),
        ("UPDATE grants SET expires_at = NULL WHERE id = 2", "changed: grant 2"),
        ("UPDATE grants SET expires_at = 99 WHERE id = 2", "changed: grant 2"),
        ("UPDATE signing_keys SET public_key = 'AAAA'", "changed: signing key"),
        (
            "INSERT INTO budget_requests SELECT 9, dataset, analyst, epsilon, purpose, days, "
            "asked_at, expires_at FROM budget_requests",
            "added: budget request 9",
        ),
    ],
)
def test_a_touched_row_is_named(worked: Books, url: str, statement: str, fault: str) -> None:
    request = worked.budget_requests.ask(
        dataset="hospital", analyst="ann", epsilon=Fraction(1, 3), purpose="x", days=30
    )
    worked.budget_requests.approve(request.id, by="root", reason="y", epsilon=None, days=None)
    assert worked.verify() == ()
    with raw.opened(url) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        assert connection.execute(statement).rowcount > 0
    found = [f"{each.tampering.value}: {each.where}" for each in worked.verify()]
    assert any(each.startswith(fault) for each in found), found
    allowed = {fault.split(":")[0]} | ({"signature"} if "signing key" in fault else set())
    assert {each.split(":")[0] for each in found} <= allowed


def test_a_record_of_a_version_without_expiry_still_vouches(worked: Books, url: str) -> None:
    """Grants made before grants could expire have no `expires_at` in their record."""
    import json

    from gateway.budget.audit import record_hash
    from tests.ledger.desk import START

    with raw.opened(url) as connection:
        records = raw.rows(connection)
        (place,) = [i for i, record in enumerate(records) if record[2] == "grant"]
        body = json.loads(records[place][4])
        assert body.pop("expires_at") is None
        text = json.dumps(body, sort_keys=True, separators=(",", ":"))
        number, at, kind, actor, _, previous, _ = records[place]
        digest = record_hash(
            sequence=number, at=START, kind=kind, actor=actor, body=text, previous=previous
        )
        records[place] = (number, at, kind, actor, text, previous, digest)
        raw.written(connection, records)
    # The chain tells that the record is another; that the grant is, it does not say.
    assert {fault.tampering for fault in worked.verify()} == {Tampering.REPLACED}
