"""A gateway in a process of its own, as tests see it: an address, keys, its log, its end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A gateway that serves. `announced` is the JSON line that it printed."""

    process: subprocess.Popen[str]
    announced: dict[str, Any]
    log: Path

    @property
    def url(self) -> str:
        return str(self.announced["url"])

    def client(self, key: str | None = None) -> httpx.Client:
        """A client with a key, or with none."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30, trust_env=False)

    def lines(self) -> list[dict[str, Any]]:
        """The log so far; every line of it must be JSON."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def stop(self) -> int:
        """SIGTERM, then the exit code."""
        self.process.terminate()
        return self.process.wait(timeout=30)


@contextmanager
def running(arguments: Sequence[str], log: Path) -> Iterator[Running]:
    """Start `python ARGUMENTS`, wait for its first line, stop it afterwards."""
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first, f"it did not start: {log.read_text()}"
        yield Running(process=process, announced=json.loads(first), log=log)
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=30)
