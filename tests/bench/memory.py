"""What processes hold: one and all that it started, now or at most while something runs.

Sizes are proportional set sizes (`man 5 proc_pid_smaps`): what processes share is counted once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

EVERY = 0.2
"""Seconds between two looks. What is held for less is missed."""


def family(process: int) -> set[int]:
    """A process and all that it started and that still run."""
    parents = {
        int(path.name): parent
        for path in Path("/proc").glob("[0-9]*")
        if (parent := parent_of(path.name))
    }
    found = {process}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def parent_of(process: int) -> int:
    """The process that started another; 0 where that has ended."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(status.rpartition(")")[2].split()[1])  # a name in parentheses may hold anything


def started(word: str, process: int) -> int:
    """The first among what a process started in whose command a word stands."""
    return min(one for one in family(process) if word in _command(one))


def _command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def resident(process: int) -> float:
    """Megabytes that a process and all that it started hold."""
    return sum(map(_proportional, family(process))) / 1024


def _proportional(process: int) -> int:
    try:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0  # it has ended since it was listed, as connections of the catalog do
    return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))


def peak(process: int, run: Callable[[], object]) -> float:
    """The most megabytes that a process and all that it started held while something ran, as far
    as looking at them every `EVERY` seconds shows. Looking takes time: what runs is not timed."""
    seen = [resident(process)]
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(EVERY):
            seen.append(resident(process))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        run()
    finally:
        ended.set()
        looking.join()
    return max(seen)


def peak_of_one(process: int, run: Callable[[], object]) -> float | None:
    """The most megabytes that one process held while something ran, by Linux's own count; None
    where there is none."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        return None
    Path(f"/proc/{process}/clear_refs").write_text("5")  # sets the count back
    run()
    (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
