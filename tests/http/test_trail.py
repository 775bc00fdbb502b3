"""The audit trail over HTTP: receipts in answers, the public key for all, the rest for admins."""

from __future__ import annotations

import json
import uuid
from itertools import pairwise

import httpx
import pytest

from gateway.budget import receipts
from gateway.budget.audit import head_message
from gateway.budget.signing import signed
from tests.http.process import Running
from tests.http.test_questions import ask, problem


def public_key(client: httpx.Client) -> str:
    document = client.get("/v1/audit/key").json()
    (key,) = [each for each in document["keys"] if each["key_id"] == document["key_id"]]
    return str(key["public_key"])


def test_an_answers_receipt_checks_against_the_public_key(
    ana: httpx.Client, anonymous: httpx.Client, root: httpx.Client
) -> None:
    sql = f"SELECT '{uuid.uuid4()}'"
    reply = ask(ana, sql)
    receipt = receipts.of_document(reply.json())
    assert receipts.faults(receipt, public_key(anonymous)) == ()
    assert receipts.answer_digest(reply.text) == receipt.answer_sha256
    assert (receipt.query_id, receipt.analyst) == (reply.json()["query_id"], "ana")
    after = receipt.sequence + 1
    found = root.get("/v1/admin/audit", params={"before": after, "limit": 1}).json()["records"]
    assert [(record["kind"], record["hash"]) for record in found] == [("answer", receipt.record)]
    assert sql not in json.dumps(found)


def test_a_charged_answers_receipt_says_what_it_cost(ana: httpx.Client) -> None:
    receipt = receipts.of_document(ask(ana, f"CHARGE {uuid.uuid4().hex[:4]}", epsilon=0.001).json())
    assert receipt.charged.guarantee == "approximate"
    assert (receipt.charged.amount, receipt.charged.delta) == (10**9, 10**9)


@pytest.mark.parametrize("accept", ["text/csv", "application/vnd.apache.arrow.stream"])
def test_other_formats_carry_the_receipt_in_a_header(ana: httpx.Client, accept: str) -> None:
    reply = ana.post("/v1/query", json={"sql": "SELECT 1"}, headers={"Accept": accept})
    receipt = receipts.of_document(json.loads(reply.headers["Noisegate-Receipt"]))
    assert receipts.faults(receipt, public_key(ana)) == ()
    assert receipt.query_id == reply.headers["Noisegate-Query-Id"]


def test_a_repeat_under_one_key_has_the_first_receipt(ana: httpx.Client) -> None:
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    first, second = (
        ana.post("/v1/query", json={"sql": "SELECT 1"}, headers=headers) for _ in range(2)
    )
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.text == first.text
    assert receipts.answer_digest(second.text) == second.json()["receipt"]["answer_sha256"]


def test_a_refused_question_is_a_record(ana: httpx.Client, root: httpx.Client) -> None:
    refused = problem(ask(ana, "REFUSED"), 422, "unknown_column")
    (record,) = root.get("/v1/admin/audit", params={"limit": 1}).json()["records"]
    assert (record["kind"], record["actor"]) == ("refusal", "ana")
    assert record["body"]["query_id"] == refused["query_id"]
    assert record["body"]["code"] == "unknown_column"


def test_the_head_is_signed_and_the_trail_intact(ana: httpx.Client, root: httpx.Client) -> None:
    ask(ana)
    document = root.get("/v1/admin/audit/verification").json()
    assert (document["intact"], document["faults"]) == (True, [])
    head = root.get("/v1/admin/audit", params={"limit": 1}).json()["head"]
    message = head_message(head["sequence"], head["hash"])
    assert signed(message, head["signature"], public_key(root))


def test_the_export_is_the_chain_line_by_line(ana: httpx.Client, root: httpx.Client) -> None:
    ask(ana)
    reply = root.get("/v1/admin/audit/export", params={"after": 2})
    *records, end = [json.loads(line) for line in reply.text.splitlines()]
    assert end["hash"] == records[-1]["hash"]
    assert [record["sequence"] for record in records] == list(range(3, 3 + len(records)))
    assert all(one["hash"] == other["previous"] for one, other in pairwise(records))


@pytest.mark.parametrize("path", ["", "/export", "/verification"])
def test_the_trail_is_for_administrators(
    double: Running, ana: httpx.Client, anonymous: httpx.Client, path: str
) -> None:
    problem(ana.get(f"/v1/admin/audit{path}"), 403, "forbidden")
    problem(anonymous.get(f"/v1/admin/audit{path}"), 401, "unauthenticated")


def test_the_log_says_where_each_answer_stands(double: Running, ana: httpx.Client) -> None:
    receipt = ask(ana).json()["receipt"]
    (line,) = [one for one in double.lines() if one.get("query_id") == receipt["query_id"]]
    assert (line["sequence"], line["record"]) == (receipt["sequence"], receipt["record"])
