"""What processes hold is seen while they hold it, in all that a process started."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.bench.memory import family, parent_of, peak, peak_of_one, resident, started

HOLDING = "import time; held = bytearray(150 << 20); held[:: 4096] = b'x' * len(held[:: 4096])"


def test_a_peak_is_that_of_all_that_runs() -> None:
    before = resident(os.getpid())

    def run() -> None:
        subprocess.run([sys.executable, "-c", f"{HOLDING}; time.sleep(1)"], check=True)

    assert before + 150 < peak(os.getpid(), run) < before + 400
    assert resident(os.getpid()) < before + 50


def test_linux_keeps_the_peak_of_one_process() -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", f"input(); {HOLDING}; del held; print(); input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin
    assert child.stdout

    def run() -> None:
        assert child.stdin
        assert child.stdout
        child.stdin.write("\n")
        child.stdin.flush()
        child.stdout.readline()

    try:
        found = peak_of_one(child.pid, run)
        assert found is not None
        assert 150 < found < 400
        assert resident(child.pid) < 100
        assert family(os.getpid()) >= {os.getpid(), child.pid}
        assert parent_of(child.pid) == os.getpid()
        assert started("held = bytearray", os.getpid()) == child.pid
    finally:
        child.communicate("\n")
