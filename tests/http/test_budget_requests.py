"""Asking for budget and deciding over HTTP: who may do which."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.http.process import Running
from tests.http.test_questions import problem

BODY = {"dataset": "hospital", "epsilon": 0.5, "purpose": "a report"}


@pytest.fixture
def ben(double: Running, root: httpx.Client) -> Iterator[httpx.Client]:
    """An analyst none of whose requests is open, before or after."""
    with double.client(double.announced["keys"]["ben"]) as client:
        yield client
    for request in client_requests(root, state="open"):
        path = f"/v1/admin/budget-requests/{request['id']}/refuse"
        assert root.post(path, json={"reason": "over"}).status_code == 200


def client_requests(root: httpx.Client, **parameters: str) -> list[dict[str, object]]:
    reply = root.get("/v1/admin/budget-requests", params=parameters)
    assert reply.status_code == 200
    found: list[dict[str, object]] = reply.json()["requests"]
    return found


def test_a_request_goes_from_the_analyst_to_the_account(
    ben: httpx.Client, root: httpx.Client
) -> None:
    asked = ben.post("/v1/budget/requests", json=BODY | {"days": 30})
    assert asked.status_code == 201
    request = asked.json()
    assert (request["account"], request["state"], request["decision"]) == ("user:ben", "open", None)
    assert request in client_requests(root, state="open")
    before = ben.get("/v1/budget").json()["budgets"][0]["limit"]["epsilon"]
    done = root.post(
        f"/v1/admin/budget-requests/{request['id']}/approve",
        json={"reason": "agreed", "epsilon": 0.25},
    )
    assert done.status_code == 200
    assert done.json()["account"]["limit"]["epsilon"] == before + 0.25
    assert done.json()["everyone"]["account"] == "everyone"
    (own, *_) = ben.get("/v1/budget/requests").json()["requests"]
    assert own == done.json()["request"]
    assert own["decision"]["reason"] == "agreed"
    assert (own["epsilon"], own["decision"]["epsilon"]) == (0.5, 0.25)
    assert own["decision"]["grant_expires_at"]
    path = f"/v1/admin/budget-requests/{request['id']}/refuse"
    problem(root.post(path, json={"reason": "x"}), 400, "invalid_request")


def test_an_analyst_sees_and_decides_nothing_of_others(
    ben: httpx.Client, ana: httpx.Client, anonymous: httpx.Client
) -> None:
    request = ben.post("/v1/budget/requests", json=BODY).json()
    assert request not in ana.get("/v1/budget/requests").json()["requests"]
    problem(ana.get("/v1/admin/budget-requests"), 403, "forbidden")
    for act, body in (("approve", {"reason": "x"}), ("refuse", {"reason": "x"})):
        path = f"/v1/admin/budget-requests/{request['id']}/{act}"
        problem(ben.post(path, json=body), 403, "forbidden")
        problem(anonymous.post(path, json=body), 401, "unauthenticated")
    problem(anonymous.post("/v1/budget/requests", json=BODY), 401, "unauthenticated")
    assert ben.get("/v1/budget/requests").json()["requests"][0]["state"] == "open"


def test_requests_need_an_account(double: Running, ben: httpx.Client, root: httpx.Client) -> None:
    problem(ben.post("/v1/budget/requests", json=BODY | {"dataset": "closed"}), 404, "not_found")
    problem(root.post("/v1/budget/requests", json=BODY), 403, "forbidden")
    with double.client(double.announced["keys"]["stranger"]) as stranger:
        problem(stranger.post("/v1/budget/requests", json=BODY), 404, "not_found")


@pytest.mark.parametrize(
    "change",
    [{"epsilon": 0}, {"epsilon": -1}, {"epsilon": "1"}, {"epsilon": 1e7}, {"days": 0},
     {"days": 10**30}, {"days": 1.5}, {"purpose": " "}, {"purpose": 3}, {"purpos": "x"}],
)  # fmt: skip
def test_malformed_requests_are_refused(ben: httpx.Client, change: dict[str, object]) -> None:
    problem(ben.post("/v1/budget/requests", json=BODY | change), 400, "invalid_request")
    assert [
        r for r in ben.get("/v1/budget/requests").json()["requests"] if r["state"] == "open"
    ] == []


def test_unknown_requests_are_not_found(root: httpx.Client) -> None:
    body = {"reason": "x"}
    path = "/v1/admin/budget-requests"
    problem(root.post(f"{path}/999999/approve", json=body), 404, "not_found")
    problem(root.post(f"{path}/{10**30}/approve", json=body), 400, "invalid_request")
    problem(root.post(f"{path}/0/refuse", json=body), 400, "invalid_request")
    problem(root.get(path, params={"state": "maybe"}), 400, "invalid_request")


def test_a_grant_may_be_limited_to_days(root: httpx.Client) -> None:
    body = {"dataset": "hospital", "epsilon": 0.5, "reason": "report", "days": 7}
    assert root.post("/v1/admin/budgets/ana/grants", json=body).status_code == 201
    wrong = body | {"days": 0}
    problem(root.post("/v1/admin/budgets/ana/grants", json=wrong), 400, "invalid_request")
