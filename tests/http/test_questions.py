"""`/v1/query` and `/v1/explain` through a real server: bodies, formats, refusals, retries."""

from __future__ import annotations

import base64
import csv
import io
import json
import threading
import time
import uuid

import httpx
import pyarrow as pa
import pytest

from tests.http.process import Running

SQL = "SELECT age, COUNT(*) AS n FROM encounters GROUP BY age"


def ask(client: httpx.Client, sql: str = SQL, **more: object) -> httpx.Response:
    return client.post("/v1/query", json={"sql": sql, **more})


def problem(response: httpx.Response, status: int, code: str) -> dict[str, object]:
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, object] = response.json()
    assert (response.status_code, document["code"]) == (status, code)
    assert document["status"] == status
    assert {"type", "title", "status", "detail", "code", "hint", "query_id"} <= set(document)
    assert document["type"] == f"urn:noisegate:error:{code}"
    assert document["hint"]
    return document


def test_an_answer_has_the_members_of_the_interface(ana: httpx.Client) -> None:
    response = ask(ana, dataset="hospital", parameters=[1, "x", None, True, 2.5], epsilon=0.1)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    document = response.json()
    assert set(document) >= {"query_id", "columns", "rows", "accuracy", "privacy"}
    assert response.headers["noisegate-request-id"] == document["query_id"]
    # The double repeats what reached it: parameters with their types, 0.1 as one tenth.
    assert document["notes"] == [SQL, "1", "'x'", "None", "True", "2.5", "1/10", "None", "hospital"]


def test_csv_and_arrow_by_accept_with_cost_in_headers(ana: httpx.Client) -> None:
    text = ana.post("/v1/query", json={"sql": SQL}, headers={"Accept": "text/csv"})
    assert text.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(text.text, newline="")))
    assert rows[0][:2] == ["age", "n"]
    assert text.headers["noisegate-epsilon"] == "0.25"
    assert text.headers["noisegate-remaining-epsilon"] == "4.75"
    assert json.loads(text.headers["noisegate-accuracy"])["n"]["half_width"] == [12.0, None, 12.5]
    arrow = ana.post(
        "/v1/query", json={"sql": SQL}, headers={"Accept": "application/vnd.apache.arrow.stream"}
    )
    assert arrow.headers["content-type"] == "application/vnd.apache.arrow.stream"
    table = pa.ipc.open_stream(arrow.content).read_all()
    assert table.column("n").to_pylist() == [2**53 + 1, None, -3]
    assert json.loads(table.schema.metadata[b"noisegate.privacy"])["unit"] == "patient"


def test_bearer_and_basic_let_in_and_nothing_else_does(double: Running) -> None:
    key = double.announced["keys"]["ana"]
    with double.client() as client:

        def status(authorization: str | None) -> int:
            headers = {"Authorization": authorization} if authorization is not None else {}
            return client.get("/v1/budget", headers=headers).status_code

        def basic(pair: str) -> str:
            return "Basic " + base64.b64encode(pair.encode()).decode()

        assert status(f"Bearer {key}") == 200
        assert status(f"bearer  {key}") == 200
        assert status(basic(f"ana:{key}")) == 200
        for wrong in (
            None, "", "Bearer", "Bearer wrong", f"Bearer {key}x", key, f"Basic {key}",
            basic(f"ben:{key}"), basic(f":{key}"), basic("ana:"), basic(key), "Digest x", "Basic é",
        ):  # fmt: skip
            raw = None if wrong is None else wrong.encode()
            headers = {} if raw is None else {"Authorization": raw}
            refused = client.get("/v1/budget", headers=headers)  # type: ignore[arg-type]
            assert problem(refused, 401, "unauthenticated")["detail"]
            assert "Bearer" in refused.headers["www-authenticate"]


def test_a_refusal_has_position_and_nothing_of_it_is_charged(ana: httpx.Client) -> None:
    document = problem(ask(ana, "REFUSED"), 422, "unknown_column")
    assert (document["line"], document["column"], document["fragment"]) == (1, 9, "agee")
    past = ana.get("/v1/history", params={"limit": 1}).json()["questions"][0]
    assert (past["query_id"], past["outcome"]) == (document["query_id"], "unknown_column")
    assert past["cost"] == {"epsilon": 0.0, "delta": 0.0, "rho": None}


def test_a_fault_is_told_without_what_it_said(double: Running, ana: httpx.Client) -> None:
    for path in ("/v1/query", "/v1/explain"):
        response = ana.post(path, json={"sql": "BROKEN"})
        document = problem(response, 500, "internal")
        assert "secret-of-a-row" not in response.text
        (line,) = [
            line
            for line in double.lines()
            if line.get("query_id") == document["query_id"] and "trace" in line
        ]
        assert "secret-of-a-row" in line["trace"]


@pytest.mark.parametrize(
    ("body", "words", "hint"),
    [
        ({"sql": "SELECT 1", "epsilom": 1}, "epsilom", "epsilon"),
        ({"sql": "SELECT 1", "zzz": 1}, "zzz", "confidence"),
        ({}, "`sql` is missing", "sql"),
        ({"sql": ""}, "sql", ""),
        ({"sql": 5}, "sql", ""),
        ({"sql": "S" * 100_001}, "sql", ""),
        ({"sql": "a\x00b"}, "NUL", ""),
        ({"sql": "x", "epsilon": "1"}, "epsilon", ""),
        ({"sql": "x", "epsilon": True}, "epsilon", ""),
        ({"sql": "x", "epsilon": 0}, "epsilon", ""),
        ({"sql": "x", "epsilon": -1}, "epsilon", ""),
        ({"sql": "x", "max_error": 0}, "max_error", ""),
        ({"sql": "x", "epsilon": 1, "max_error": 1}, "exclude", "max_error"),
        ({"sql": "x", "confidence": 1}, "confidence", ""),
        ({"sql": "x", "parameters": [[1]]}, "parameters", ""),
        ({"sql": "x", "parameters": {"a": 1}}, "parameters", ""),
        ({"sql": "x", "parameters": [2**127]}, "parameters", ""),
        ({"sql": "x", "dataset": 5}, "dataset", ""),
        ([1], "", ""),
        ("text", "", ""),
        (None, "", ""),
    ],
)
def test_bad_bodies(ana: httpx.Client, body: object, words: str, hint: str) -> None:
    for path in ("/v1/query", "/v1/explain"):
        response = ana.post(
            path, content=json.dumps(body), headers={"Content-Type": "application/json"}
        )
        document = problem(response, 400, "invalid_request")
        assert words in str(document["detail"])
        assert hint in str(document["hint"])


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b'{"sql": "x", "epsilon": NaN}', b'{"sql": "x", "epsilon": Infinity}',
        b'{"sql": "x", "epsilon": 1e999}', b'{"sql": "x", "max_error": -Infinity}',
        b'{"sql": "\xff"}', b'{"sql": "\\ud800"}', b"[" * 100_000,
        b'{"sql": "x", "epsilon": ' + b"9" * 5000 + b"}",
        b'{"sql": "x", "parameters": [NaN]}', b"\x00\x01",
    ],
)  # fmt: skip
def test_bodies_that_are_no_honest_json(ana: httpx.Client, content: bytes) -> None:
    response = ana.post("/v1/query", content=content, headers={"Content-Type": "application/json"})
    problem(response, 400, "invalid_request")


def test_other_content_types_and_large_bodies(ana: httpx.Client) -> None:
    form = ana.post("/v1/query", data={"sql": SQL})
    assert "Content-Type" in str(problem(form, 400, "invalid_request")["hint"])
    large = b'{"sql": "' + b"x" * 1_100_000 + b'"}'
    problem(ana.post("/v1/query", content=large), 400, "invalid_request")

    def pieces() -> object:
        for _ in range(20):
            yield b"x" * 100_000

    problem(ana.post("/v1/query", content=pieces()), 400, "invalid_request")  # type: ignore[arg-type]


def test_paths_and_methods_that_are_not_there(ana: httpx.Client) -> None:
    problem(ana.get("/v1/querry"), 404, "not_found")
    problem(ana.get("/docs"), 404, "not_found")
    wrong = ana.get("/v1/query")
    problem(wrong, 405, "invalid_request")
    assert wrong.headers["allow"] == "POST"


def test_explain_costs_nothing_and_hides_sql_from_analysts_only(
    ana: httpx.Client, root: httpx.Client
) -> None:
    document = ana.post("/v1/explain", json={"sql": SQL}).json()
    assert set(document) >= {
        "accepted", "cost", "affordable", "reused", "releases", "post_processing",
    }  # fmt: skip
    assert set(document["releases"][0]) >= {
        "sql", "dialect", "keys", "key_domain", "measures", "threshold",
    }  # fmt: skip
    hidden = {"sql": "HIDDEN", "dataset": "hospital"}
    assert "sql" not in ana.post("/v1/explain", json=hidden).json()["releases"][0]
    assert "sql" in root.post("/v1/explain", json=hidden).json()["releases"][0]
    problem(root.post("/v1/explain", json={"sql": "HIDDEN"}), 400, "invalid_request")


def test_an_explanation_is_told_though_its_dataset_was_taken_away(ana: httpx.Client) -> None:
    told = ana.post("/v1/explain", json={"sql": "GONE"})
    assert (told.status_code, told.json()["dataset"]) == (200, "gone")


def test_a_repeat_with_its_key_is_the_same_answer_without_a_charge(ana: httpx.Client) -> None:
    def spent() -> float:
        return float(ana.get("/v1/budget").json()["budgets"][0]["spent"]["epsilon"])

    before = spent()
    key, sql = {"Idempotency-Key": str(uuid.uuid4())}, f"CHARGE {uuid.uuid4().hex[:8]}"
    body = {"sql": sql, "epsilon": 0.125}
    first = ana.post("/v1/query", json=body, headers=key)
    assert first.status_code == 200
    assert spent() == pytest.approx(before + 0.125)
    again = ana.post("/v1/query", json=body, headers=key)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.content == first.content
    as_csv = ana.post("/v1/query", json=body, headers=key | {"Accept": "text/csv"})
    assert as_csv.text.startswith("age,n,")
    assert spent() == pytest.approx(before + 0.125)
    other = ana.post("/v1/query", json={**body, "epsilon": 0.25}, headers=key)
    assert "Idempotency-Key" in str(problem(other, 400, "invalid_request")["detail"])
    problem(
        ana.post("/v1/query", json=body, headers={"Idempotency-Key": "x" * 300}),
        400,
        "invalid_request",
    )


def test_a_refused_request_frees_its_key(ana: httpx.Client) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    for sql, status in (("REFUSED", 422), ("BROKEN", 500), (SQL, 200)):
        assert ana.post("/v1/query", json={"sql": sql}, headers=key).status_code == status


def test_an_exhausted_budget_says_what_is_needed_and_left(double: Running) -> None:
    # nobody else asks, or is given more, under this name: the double serves all files of a worker
    with double.client(double.announced["keys"]["poor"]) as poor:
        for _ in range(3):
            assert ask(poor, f"CHARGE {uuid.uuid4().hex[:8]}", epsilon=0.3).status_code == 200
        document = problem(
            ask(poor, f"CHARGE {uuid.uuid4().hex[:8]}", epsilon=0.3), 403, "budget_exhausted"
        )
        assert {"needed", "left", "renews_at"} <= set(document)
        (budget,) = poor.get("/v1/budget").json()["budgets"]
        assert budget["spent"]["epsilon"] == pytest.approx(0.9)
        assert budget["remaining"]["epsilon"] == pytest.approx(0.1)
        outcomes = [q["outcome"] for q in poor.get("/v1/history").json()["questions"]]
        assert outcomes == ["budget_exhausted"] + ["answered"] * 3


def test_beyond_the_queue_questions_are_refused_and_probes_still_answer(double: Running) -> None:
    key = double.announced["keys"]["ana"]
    statuses: list[int] = []

    def slow() -> None:
        with double.client(key) as client:
            statuses.append(ask(client, "SLOW 1.0").status_code)

    threads = [threading.Thread(target=slow) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    with double.client(key) as client:
        refused = ask(client)
        problem(refused, 429, "too_many_requests")
        assert int(refused.headers["retry-after"]) >= 1
        assert client.get("/healthz").status_code == 200
        assert "noisegate_questions_inside 4.0" in client.get("/metrics").text
    for thread in threads:
        thread.join()
    assert statuses == [200] * 4
