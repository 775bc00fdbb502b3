"""What runs for too long is stopped, what is done in time is left alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from gateway.errors import Code, Refusal
from gateway.postprocess import workbench
from gateway.postprocess.deadlines import Deadlines
from gateway.postprocess.workbench import Workbench

PATIENCE = 60.0
"""Seconds after which something that should happen has not."""


@pytest.fixture
def deadlines() -> Iterator[Deadlines]:
    made = Deadlines(0.05)
    yield made
    made.close()


def test_what_runs_too_long_is_stopped_once_and_each_at_its_own_time(deadlines: Deadlines) -> None:
    first, second = threading.Event(), threading.Event()
    calls: list[float] = []

    def stop() -> None:
        calls.append(time.monotonic())
        first.set()

    begun = time.monotonic()
    with deadlines.within(stop):
        assert first.wait(PATIENCE)
    with deadlines.within(second.set):
        assert second.wait(PATIENCE)
    assert len(calls) == 1
    assert calls[0] - begun >= 0.05


def test_what_ends_in_time_is_left_alone(deadlines: Deadlines) -> None:
    calls: list[int] = []
    for number in range(200):
        with deadlines.within(lambda number=number: calls.append(number)):  # type: ignore[misc]
            pass
    time.sleep(0.2)
    assert len(calls) < 200  # a machine may stand still within one of them, not within all


def test_each_of_many_has_its_own_deadline(deadlines: Deadlines) -> None:
    stopped = [threading.Event() for _ in range(8)]

    def run(event: threading.Event) -> None:
        with deadlines.within(event.set):
            event.wait(PATIENCE)

    threads = [threading.Thread(target=run, args=(event,)) for event in stopped]
    for thread in threads:
        thread.start()
        time.sleep(0.01)
    for thread in threads:
        thread.join(PATIENCE)
    assert all(event.is_set() for event in stopped)


def test_a_query_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbench, "SECONDS", 0.5)
    bench = Workbench()
    with bench.tables({}) as sheet:
        with pytest.raises(Refusal, match="took more than") as refused:
            sheet.rows("SELECT COUNT(*) FROM range(1000000000000) WHERE range % 7 = 3")
        assert refused.value.code is Code.UNSUPPORTED_SQL
        assert sheet.rows("SELECT 1") == [(1,)]  # the next one is not stopped for it
    bench.close()
