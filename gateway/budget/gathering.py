"""Work of several threads that is done together, so that what all of it needs is done once."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from gateway.errors import Refusal

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(slots=True, eq=False)
class _Job(Generic[Item, Result]):
    """One thread's item. `called` is set when it has its result, or is to lead."""

    item: Item
    leads: bool = False
    results: tuple[Result, ...] = ()
    failure: BaseException | None = None
    called: threading.Event = field(default_factory=threading.Event)


class Gathered(Generic[Item, Result]):
    """Whoever comes while nobody works does so for all that came, and the others wait for it.

    Whoever comes in between is served by the next turn, first come, first served, which the first
    of them leads. So with one client at a time nothing changes, and the more there are, the more
    share what a turn costs.
    """

    def __init__(self, work: Callable[[Sequence[Item]], Sequence[Result]], most: int) -> None:
        """`work` takes at most `most` items and gives a result for each, in order.

        It must be all or nothing: where it raises, none of its items was worked on.
        """
        self._work = work
        self._most = most
        self._mutex = threading.Lock()
        self._waiting: deque[_Job[Item, Result]] = deque()
        self._led = False

    def do(self, item: Item) -> Result:
        """The result of an item; raises what working on it raised."""
        job: _Job[Item, Result] = _Job(item)
        with self._mutex:
            self._waiting.append(job)
            if not self._led:
                self._led = job.leads = True
        if not job.leads:
            job.called.wait()
        if job.leads:
            self._lead()
        if job.failure is not None:
            raise job.failure
        return job.results[0]

    def _lead(self) -> None:
        with self._mutex:
            count = min(self._most, len(self._waiting))
            jobs = [self._waiting.popleft() for _ in range(count)]
        try:
            self._serve(jobs)
        finally:
            with self._mutex:
                if self._waiting:
                    self._waiting[0].leads = True
                    self._waiting[0].called.set()
                else:
                    self._led = False
            for job in jobs:
                job.called.set()

    def _serve(self, jobs: Sequence[_Job[Item, Result]]) -> None:
        try:
            results = self._work([job.item for job in jobs])
            for job, result in zip(jobs, results, strict=True):
                job.results = (result,)
        except BaseException as failure:
            if isinstance(failure, Exception) and not isinstance(failure, Refusal) and jobs[1:]:
                for job in jobs:  # a fault of one of them, which the others must not bear
                    self._serve([job])
                return
            for job in jobs:
                job.failure = failure
            if not isinstance(failure, Exception):
                raise
