"""A question whose asker has gone ends: what runs is ended, what would begin is not begun."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from gateway.engines.duckdb import DuckDBEngine
from gateway.errors import Code, Refusal
from gateway.stop import Stop
from tests.engines.test_duckdb import SLOW, select


def test_what_runs_is_ended_once_and_nothing_after_it() -> None:
    stop = Stop()
    ended: list[str] = []
    with stop.ending(lambda: ended.append("before")):
        pass
    with stop.ending(lambda: ended.append("now")):
        assert not stop.asked
        stop.ask()
        stop.ask()
    assert stop.asked
    with stop.ending(lambda: ended.append("later")):
        pass
    assert ended == ["now", "later"]


def test_no_end_reaches_work_that_is_over() -> None:
    """`ask` in another thread has ended the work, or never does: not some time after the block."""
    over = threading.Event()
    late: list[bool] = []
    for _ in range(200):
        stop = Stop()
        over.clear()
        asking = threading.Thread(target=stop.ask)
        with stop.ending(lambda: late.append(over.is_set())):
            asking.start()
        over.set()
        asking.join()
    assert not any(late)


def test_the_engine_stops_its_statement(engine: DuckDBEngine) -> None:
    stop = Stop()
    with ThreadPoolExecutor() as pool:
        running = pool.submit(engine.run, select(SLOW, "n"), "q", stop)
        time.sleep(0.2)
        begun = time.monotonic()
        stop.ask()
        with pytest.raises(Refusal) as refused:
            running.result(timeout=15)
    assert refused.value.code is Code.CANCELLED
    assert time.monotonic() - begun < 10
    with pytest.raises(Refusal) as refused:
        engine.run(select(SLOW, "n"), "q", stop)
    assert refused.value.code is Code.CANCELLED
