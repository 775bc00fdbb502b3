"""SIGTERM lets questions that run end, and the port is closed to new ones."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import httpx

from tests.http.process import running


def test_a_running_question_is_answered_and_the_exit_is_clean(tmp_path: Path) -> None:
    with running(["-m", "tests.http.double", str(tmp_path)], tmp_path / "log") as gateway:
        answers: list[httpx.Response] = []

        def ask() -> None:
            with gateway.client(gateway.announced["keys"]["ana"]) as client:
                answers.append(client.post("/v1/query", json={"sql": "SLOW 1.0"}))

        thread = threading.Thread(target=ask)
        thread.start()
        time.sleep(0.4)
        assert gateway.stop() == 0
        thread.join()
        assert [answer.status_code for answer in answers] == [200]
        assert not [line for line in gateway.lines() if line["level"] == "error"]
