"""A bounded crew of threads for questions: so many at once, so many waiting, the rest refused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import TypeVar

from gateway.errors import Code, Refusal

T = TypeVar("T")


class Crew:
    """Runs blocking work for async handlers.

    `size` is how many questions run at once, `waiting` how many more may queue.
    """

    def __init__(self, *, size: int, waiting: int) -> None:
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="question")
        self._places = size + waiting
        self._inside = 0
        self._lock = Lock()

    @property
    def inside(self) -> int:
        """Questions that run or wait now."""
        return self._inside

    async def run(self, work: Callable[[], T]) -> T:
        """The result of `work`; raises `Refusal(TOO_MANY_REQUESTS)` where the queue is full.

        Work that has begun is not cut off here: its place is free only when it is done.
        Work that waits still is not begun once its asker is cancelled.
        """
        with self._lock:
            if self._inside >= self._places:
                raise Refusal(
                    Code.TOO_MANY_REQUESTS,
                    f"{self._places} questions run or wait already.",
                    "Ask again after the seconds in Retry-After; nothing was charged.",
                    retry_after=1,
                )
            self._inside += 1
        future = self._threads.submit(work)
        future.add_done_callback(self._leave)
        result = asyncio.wrap_future(future)
        try:
            return await asyncio.shield(result)
        except asyncio.CancelledError:
            # Nobody waits for it any more, so that how it ends is no error that was overlooked.
            result.add_done_callback(lambda done: done.cancelled() or done.exception())
            future.cancel()  # does nothing to work that has begun
            raise

    def _leave(self, _: Future[T]) -> None:
        with self._lock:
            self._inside -= 1

    def close(self) -> None:
        """Wait for the questions that run; those that wait are dropped, none of them charged."""
        self._threads.shutdown(wait=True, cancel_futures=True)
