"""The crew runs so many questions at once, queues so many, refuses the rest, and finishes all."""

from __future__ import annotations

import asyncio
import threading

import pytest

from gateway.errors import Code, Refusal
from gateway.server.crew import Crew


def test_bound_queue_and_refusal() -> None:
    async def scenario() -> None:
        crew = Crew(size=2, waiting=1)
        gate = threading.Event()
        at_once: list[int] = []
        running = 0
        lock = threading.Lock()

        def work() -> str:
            nonlocal running
            with lock:
                running += 1
                at_once.append(running)
            gate.wait(5)
            with lock:
                running -= 1
            return "done"

        tasks = [asyncio.create_task(crew.run(work)) for _ in range(3)]
        await asyncio.sleep(0.05)
        with pytest.raises(Refusal) as refused:
            await crew.run(work)
        assert refused.value.code is Code.TOO_MANY_REQUESTS
        assert refused.value.facts["retry_after"] == 1
        gate.set()
        assert await asyncio.gather(*tasks) == ["done"] * 3
        assert max(at_once) == 2
        crew.close()
        assert crew.inside == 0

    asyncio.run(scenario())


def test_a_client_that_left_does_not_free_the_place_of_work_that_runs() -> None:
    async def scenario() -> None:
        crew = Crew(size=1, waiting=0)
        gate = threading.Event()
        finished = threading.Event()

        def work() -> None:
            gate.wait(5)
            finished.set()

        task = asyncio.create_task(crew.run(work))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert crew.inside == 1
        gate.set()
        crew.close()
        assert finished.is_set()
        assert crew.inside == 0

    asyncio.run(scenario())


def test_what_the_work_raises_reaches_the_caller() -> None:
    async def scenario() -> None:
        crew = Crew(size=1, waiting=0)

        def work() -> None:
            raise Refusal(Code.NOT_PRIVATE, "no", "never")

        with pytest.raises(Refusal):
            await crew.run(work)
        crew.close()

    asyncio.run(scenario())
