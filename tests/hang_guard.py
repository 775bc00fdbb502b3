"""A test that would run for hours fails instead. This measures nothing: the limit is far off."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SECONDS = 60.0


@contextmanager
def ends() -> Iterator[None]:
    """What is inside must end at all: what doubles with each level of nesting never does."""

    def fail(number: int, frame: FrameType | None) -> None:
        raise AssertionError(f"still running after {SECONDS:.0f} seconds")

    before = signal.signal(signal.SIGALRM, fail)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
