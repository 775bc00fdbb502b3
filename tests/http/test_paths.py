"""Every other path through a real server: accounts, datasets, administration, probes, OpenAPI."""

from __future__ import annotations

import uuid

import httpx
import pytest

from tests.http.process import Running
from tests.http.test_questions import ask, problem


def test_an_analyst_sees_the_datasets_of_their_budgets_only(
    double: Running, ana: httpx.Client, root: httpx.Client
) -> None:
    assert [d["name"] for d in ana.get("/v1/datasets").json()["datasets"]] == ["hospital"]
    problem(ana.get("/v1/datasets/closed"), 404, "not_found")
    hint = problem(ana.get("/v1/datasets/hospitl"), 404, "not_found")["hint"]
    assert "hospital" in str(hint)
    assert {d["name"] for d in root.get("/v1/datasets").json()["datasets"]} == {
        "hospital", "closed",
    }  # fmt: skip
    assert ask(ana).json()["notes"][-1] == "hospital"
    with double.client(double.announced["keys"]["stranger"]) as stranger:
        assert stranger.get("/v1/datasets").json() == {"datasets": []}
        assert stranger.get("/v1/budget").json()["budgets"] == []
        problem(ask(stranger), 403, "forbidden")
        problem(stranger.post("/v1/explain", json={"sql": "x"}), 403, "forbidden")


def test_a_dataset_shows_bounds_and_domains_and_no_hidden_column(ana: httpx.Client) -> None:
    document = ana.get("/v1/datasets/hospital").json()
    assert document["privacy"] == {
        "unit": "patient", "guarantee": "approximate", "delta": 1e-7, "per_query": 0.25,
        "max_per_query": 1.0,
    }  # fmt: skip
    (table,) = document["tables"]
    columns = {column["name"]: column for column in table["columns"]}
    assert set(columns) == {"age", "days", "born"}
    assert columns["age"]["values"] == ["young", "old", None]
    assert columns["age"]["domain"] == "public"
    assert columns["days"]["bounds"] == [1, 14]
    assert columns["days"]["step"] == 0.1
    assert columns["born"]["bounds"] == ["1970-01-01", "1971-01-01"]
    assert columns["born"]["type"] == "date"


def test_history_is_ones_own_newest_first_and_by_dataset(
    ana: httpx.Client, root: httpx.Client
) -> None:
    sql = f"SELECT '{uuid.uuid4()}'"
    ask(ana, sql)
    newest = ana.get("/v1/history", params={"limit": 1}).json()["questions"]
    assert [(past["sql"], past["outcome"]) for past in newest] == [(sql, "answered")]
    assert all(past["sql"] != sql for past in root.get("/v1/history").json()["questions"])
    assert ana.get("/v1/history", params={"dataset": "closed"}).json() == {"questions": []}
    for wrong in ("0", "1001", "x"):
        problem(ana.get("/v1/history", params={"limit": wrong}), 400, "invalid_request")


def test_administration_is_for_administrators(ana: httpx.Client) -> None:
    problem(ana.get("/v1/admin/budgets"), 403, "forbidden")
    problem(ana.get("/v1/admin/audit"), 403, "forbidden")
    body = {"dataset": "hospital", "epsilon": 1, "reason": "more"}
    problem(ana.post("/v1/admin/budgets/ana/grants", json=body), 403, "forbidden")


def test_a_grant_raises_one_account_and_is_audited(ana: httpx.Client, root: httpx.Client) -> None:
    def limits() -> dict[tuple[str, str], float]:
        budgets = root.get("/v1/admin/budgets").json()["budgets"]
        return {(b["dataset"], b["account"]): b["limit"]["epsilon"] for b in budgets}

    before = limits()
    assert ("hospital", "user:ana") in before
    assert ("hospital", "everyone") in before
    assert ("hospital", "user:stranger") not in before
    body = {"dataset": "hospital", "epsilon": 0.5, "reason": "report"}
    granted = root.post("/v1/admin/budgets/ana/grants", json=body)
    assert granted.status_code == 201
    assert granted.json()["account"] == "user:ana"
    expected = {**before, ("hospital", "user:ana"): before["hospital", "user:ana"] + 0.5}
    assert limits() == pytest.approx(expected)
    trail = root.get("/v1/admin/audit", params={"limit": 1}).json()
    assert trail["records"][0]["kind"] == "grant"
    assert trail["records"][0]["actor"] == "root"
    assert trail["records"][0]["body"]["reason"] == "report"
    assert trail["head"]["hash"] == trail["records"][0]["hash"]
    older = root.get("/v1/admin/audit", params={"before": trail["head"]["sequence"]}).json()
    assert older["records"][0]["sequence"] == trail["head"]["sequence"] - 1


@pytest.mark.parametrize(
    ("user", "body", "status", "code"),
    [
        ("ana", {"dataset": "hospital", "epsilon": -1, "reason": "x"}, 400, "invalid_request"),
        ("ana", {"dataset": "hospital", "epsilon": 1e9, "reason": "x"}, 400, "invalid_request"),
        ("ana", {"dataset": "hospital", "epsilon": 1, "reasom": "x"}, 400, "invalid_request"),
        ("ana", {"dataset": "nowhere", "epsilon": 1, "reason": "x"}, 404, "not_found"),
        ("nobody", {"dataset": "hospital", "epsilon": 1, "reason": "x"}, 404, "not_found"),
        ("stranger", {"dataset": "hospital", "epsilon": 1, "reason": "x"}, 404, "not_found"),
    ],
)
def test_grants_that_are_refused(
    root: httpx.Client, user: str, body: dict[str, object], status: int, code: str
) -> None:
    problem(root.post(f"/v1/admin/budgets/{user}/grants", json=body), status, code)


def test_probes_need_no_key(double: Running) -> None:
    with double.client() as client:
        assert client.get("/healthz").json()["status"] == "ok"
        assert client.get("/readyz").json()["status"] == "ready"
        down = double.log.parent / "down"
        down.touch()
        try:
            problem(client.get("/readyz"), 503, "engine_unavailable")
            assert 'noisegate_engine_up{dataset="hospital"} 0.0' in client.get("/metrics").text
        finally:
            down.unlink()


def test_metrics_count_by_outcome_and_name_no_user(ana: httpx.Client) -> None:
    def count(sample: str) -> float:
        for line in ana.get("/metrics").text.splitlines():
            if line.startswith(sample + " "):
                return float(line.split()[-1])
        return 0.0

    refused = 'noisegate_questions_total{dataset="",outcome="not_found"}'
    answered = 'noisegate_questions_total{dataset="hospital",outcome="answered"}'
    was = count(refused), count(answered)
    problem(ask(ana, dataset="made-up-by-ana"), 404, "not_found")
    ask(ana)
    assert (count(refused), count(answered)) == (was[0] + 1, was[1] + 1)
    text = ana.get("/metrics").text
    samples = [line for line in text.splitlines() if not line.startswith("#")]
    assert not any('"ana' in line or "made-up" in line for line in samples)
    assert 'noisegate_everyone_limit_epsilon{dataset="hospital"} 4.0' in text
    assert 'noisegate_stored_answers_bytes{dataset="hospital"} 0.0' in text
    assert 'noisegate_evicted_answers_total{dataset="hospital"} 0.0' in text
    assert 'noisegate_seconds_count{stage="answer"}' in text


def test_openapi_describes_bodies_answers_and_problems_with_examples(ana: httpx.Client) -> None:
    document = ana.get("/openapi.json").json()
    paths = document["paths"]
    assert {
        "/v1/query", "/v1/explain", "/v1/budget", "/v1/history", "/v1/datasets",
        "/v1/datasets/{name}", "/healthz", "/readyz", "/metrics", "/v1/admin/budgets",
        "/v1/admin/budgets/{user}/grants", "/v1/admin/audit",
    } <= set(paths)  # fmt: skip
    schemas = document["components"]["schemas"]
    assert schemas["QueryBody"]["examples"][0]["dataset"] == "hospital"
    assert schemas["QueryBody"]["additionalProperties"] is False
    content = paths["/v1/query"]["post"]["responses"]["200"]["content"]
    assert set(content) == {
        "application/json", "text/csv", "application/vnd.apache.arrow.stream",
    }  # fmt: skip
    for operations in paths.values():
        for operation in operations.values():
            assert "422" not in operation["responses"]
            assert set(operation["responses"]["default"]["content"]) == {"application/problem+json"}


def test_the_log_has_one_line_per_question_and_never_its_sql(
    double: Running, ana: httpx.Client
) -> None:
    marker = uuid.uuid4().hex
    query_id = ask(ana, f"SELECT '{marker}'").json()["query_id"]
    (line,) = [line for line in double.lines() if line.get("query_id") == query_id]
    assert line["event"] == "question"
    assert (line["user"], line["dataset"], line["code"]) == ("ana", "hospital", "answered")
    assert line["epsilon"] == 0.25
    assert line["milliseconds"] >= 0
    assert marker not in double.log.read_text()
    assert double.announced["keys"]["ana"] not in double.log.read_text()
