"""A client that goes away takes its question with it."""

from __future__ import annotations

import time

import httpx
import pytest

from tests.http.process import Running

CANCELLED = 'noisegate_questions_total{dataset="",outcome="cancelled"}'


def cancelled(anonymous: httpx.Client) -> float:
    for line in anonymous.get("/metrics").text.splitlines():
        name, _, value = line.rpartition(" ")
        if name == CANCELLED:
            return float(value)
    return 0


def test_a_closed_connection_ends_its_question(double: Running, anonymous: httpx.Client) -> None:
    before = cancelled(anonymous)
    with double.client(double.announced["keys"]["ana"]) as client:
        with pytest.raises(httpx.ReadTimeout):
            client.post("/v1/query", json={"sql": "ENDLESS"}, timeout=0.3)
        end = time.monotonic() + 20
        while cancelled(anonymous) == before:
            assert time.monotonic() < end, "the question goes on"
            time.sleep(0.02)
