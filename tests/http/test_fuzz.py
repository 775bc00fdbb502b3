"""Whatever is sent, the answer is a document of the interface, and no 5xx."""

from __future__ import annotations

import json
from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.http.process import Running

SCALARS: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=10,
)
NAMES = st.sampled_from(
    ["sql", "dataset", "parameters", "epsilon", "max_error", "confidence", "epsilom", "SQL"]
)
BODIES = st.dictionaries(NAMES | st.text(max_size=10), VALUES, max_size=6) | VALUES
TEXTS = BODIES.map(lambda body: json.dumps(body).encode()) | st.binary(max_size=200)
HEADERS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40).map(str.strip)

FUZZ = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def check(response: httpx.Response) -> None:
    assert response.status_code < 500, response.text
    if response.status_code >= 400:
        assert response.headers["content-type"] == "application/problem+json"
        document = response.json()
        assert document["status"] == response.status_code
        assert document["code"]
        assert document["hint"]
    else:
        response.json()


@FUZZ
@given(content=TEXTS)
def test_bodies(ana: httpx.Client, content: bytes) -> None:
    for path in ("/v1/query", "/v1/explain"):
        check(ana.post(path, content=content, headers={"Content-Type": "application/json"}))


@FUZZ
@given(
    body=st.fixed_dictionaries(
        {"sql": st.text(max_size=40)},
        optional={
            "dataset": st.none() | st.text(max_size=10),
            "parameters": st.lists(SCALARS, max_size=4),
            "epsilon": st.none() | st.floats() | st.integers(),
            "max_error": st.none() | st.floats(),
            "confidence": st.floats(),
        },
    )
)
def test_nearly_right_bodies(ana: httpx.Client, body: dict[str, object]) -> None:
    headers = {"Content-Type": "application/json"}
    response = ana.post("/v1/query", content=json.dumps(body).encode(), headers=headers)
    check(response)
    if response.status_code == 200:
        told = response.json()["notes"]
        assert told[0] == body["sql"]
        assert told[1 : 1 + len(body.get("parameters", []))] == [  # type: ignore[arg-type]
            repr(value)
            for value in body.get("parameters", [])  # type: ignore[attr-defined]
        ]


@FUZZ
@given(accept=HEADERS, key=HEADERS, content_type=HEADERS)
def test_headers(ana: httpx.Client, accept: str, key: str, content_type: str) -> None:
    check(
        ana.post(
            "/v1/query",
            content=b'{"sql": "SELECT 1"}',
            headers={
                "Accept": accept,
                "Idempotency-Key": key,
                "Content-Type": content_type or "application/json",
            },
        )
    )


@FUZZ
@given(path=st.text(max_size=30), query=st.text(max_size=30))
def test_paths(double: Running, ana: httpx.Client, path: str, query: str) -> None:
    for prefix in ("", "v1/datasets/", "v1/admin/budgets/"):
        url = httpx.URL(double.url).copy_with(
            raw_path=("/" + prefix).encode() + httpx.QueryParams({"p": path}).__str__()[2:].encode()
            + b"?limit=" + httpx.QueryParams({"q": query}).__str__()[2:].encode()
        )  # fmt: skip
        check(ana.get(url, follow_redirects=True))


@FUZZ
@given(authorization=HEADERS)
def test_credentials(anonymous: httpx.Client, authorization: str) -> None:
    response = anonymous.get("/v1/budget", headers={"Authorization": authorization})
    assert response.status_code == 401
    check(response)
