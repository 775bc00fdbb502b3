"""Alerts through a real server and a real receiver: once each, and never in an answer's way."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from gateway.budget.alerts import Alert
from gateway.server.webhook import Webhook, document
from tests.http.process import running
from tests.http.test_questions import ask, problem
from tests.ledger.desk import START


class Receiver:
    """Takes what is posted to it; answers with the statuses in `answers`, then with 204."""

    def __init__(self, answers: list[int]) -> None:
        self.got: list[dict[str, object]] = []
        self.paths: list[str] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                receiver.got.append(json.loads(self.rfile.read(length)))
                receiver.paths.append(self.path)
                status = answers.pop(0) if answers else 204
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?token=secret-token"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def receiving() -> Iterator[Callable[[list[int]], Receiver]]:
    opened: list[Receiver] = []

    def make(answers: list[int]) -> Receiver:
        opened.append(Receiver(answers))
        return opened[-1]

    yield make
    for receiver in opened:
        receiver.close()


ALERT = Alert(
    dataset="hospital", holder="user:ana", percent=80, spent_epsilon=0.8, limit_epsilon=1.0,
    period_start=START.date(), renews_at=None, at=START,
)  # fmt: skip


def until(what: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until something is so; it must be within a time that no busy machine needs."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_marks_are_logged_counted_and_posted_once(
    tmp_path: Path, receiving: Callable[[list[int]], Receiver]
) -> None:
    receiver = receiving([])
    arguments = ["-m", "tests.http.double", str(tmp_path), receiver.url]
    with running(arguments, tmp_path / "log") as gateway:
        with gateway.client(gateway.announced["keys"]["ana"]) as ana:
            for price in (0.5, 0.25, 0.25):
                assert ask(ana, f"CHARGE {uuid.uuid4().hex}", epsilon=price).status_code == 200
            problem(ask(ana, f"CHARGE {uuid.uuid4().hex}", epsilon=0.5), 403, "budget_exhausted")
            until(lambda: len(receiver.got) >= 3)
            metrics = ana.get("/metrics").text
        assert gateway.stop() == 0  # what waits is sent before the process ends
        logged = [
            (line["account"], line["percent"])
            for line in gateway.lines()
            if line["event"].startswith("budget alert")
        ]
        log = gateway.log.read_text()
    assert [(each["account"], each["percent"]) for each in receiver.got] == [
        ("user:ana", 50), ("user:ana", 80), ("user:ana", 100),
    ]  # fmt: skip
    assert receiver.got[0]["type"] == "noisegate.budget_alert/1"
    assert logged == [("user:ana", 50), ("user:ana", 80), ("user:ana", 100)]
    line = 'noisegate_budget_alerts_total{account="user",dataset="hospital",percent="80"} 1.0'
    assert line in metrics
    assert "user:ana" not in metrics
    assert "secret-token" not in log


def test_a_receiver_that_fails_is_tried_again(
    receiving: Callable[[list[int]], Receiver],
) -> None:
    receiver = receiving([500, 302, 404])
    webhook = Webhook(receiver.url, pauses=(0.01, 0.01, 0.01))
    webhook.send(ALERT)
    until(lambda: len(receiver.got) == 4)
    webhook.close(10)
    assert receiver.got == [document(ALERT)] * 4
    assert {path.split("?")[0] for path in receiver.paths} == {"/hook"}  # no redirect is followed


def test_a_receiver_that_always_fails_is_given_up(
    receiving: Callable[[list[int]], Receiver], caplog: pytest.LogCaptureFixture
) -> None:
    receiver = receiving([500] * 20)
    webhook = Webhook(receiver.url, pauses=(0.01, 0.01))
    webhook.send(ALERT)
    until(lambda: "given up" in caplog.text)
    webhook.close(10)
    assert len(receiver.got) == 3
    (record,) = [each for each in caplog.records if "given up" in each.message]
    assert (record.__dict__["account"], record.__dict__["percent"]) == ("user:ana", 80)
    assert "secret-token" not in caplog.text


def test_nobody_there_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    webhook = Webhook("http://127.0.0.1:9/?token=secret-token", pauses=(0.01,))
    webhook.send(ALERT)
    until(lambda: "given up" in caplog.text)
    webhook.close(10)
    assert "secret-token" not in caplog.text


def test_closing_does_not_wait_for_pauses(receiving: Callable[[list[int]], Receiver]) -> None:
    receiver = receiving([500] * 20)
    webhook = Webhook(receiver.url, pauses=(3600.0,))
    webhook.send(ALERT)
    until(lambda: len(receiver.got) == 1)
    webhook.close(30)
    assert not webhook._thread.is_alive()


def test_a_full_queue_is_told(caplog: pytest.LogCaptureFixture) -> None:
    import queue

    webhook = Webhook("http://127.0.0.1:9/", pauses=())
    webhook.close(30)
    webhook._waiting = queue.Queue(1)
    webhook.send(ALERT)
    webhook.send(ALERT)
    assert "too many alerts wait" in caplog.text
