"""From a policy's `engine` section to an open engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from gateway.edges import Engine
from gateway.engines.duckdb import DuckDBEngine
from gateway.engines.duckdb_open import (
    DEFAULT_MEMORY,
    DEFAULT_THREADS,
    NotOpened,
    open_database,
    open_files,
)
from gateway.policy.faults import Fault, PolicyFaults
from gateway.policy.model import Policy


def open_engine(policy: Policy) -> Engine:
    """Open the policy's database, read-only and locked.

    Raises `PolicyFaults` with the policy's line where the type has no engine yet, or the data
    cannot be opened; `Refusal(ENGINE_UNAVAILABLE)` where a server does not answer.
    """
    opener = OPENERS.get(policy.engine.type)
    if opener is None:
        raise fault(
            policy,
            "engine.type",
            found=policy.engine.type,
            allowed=f"{' or '.join(OPENERS)}; others come with a later version",
        )
    return opener(policy)


def _duckdb(policy: Policy) -> Engine:
    settings = policy.engine
    threads = settings.threads or DEFAULT_THREADS
    memory = settings.memory or DEFAULT_MEMORY
    try:
        if settings.files is not None:
            opened = open_files(settings.files, threads=threads, memory=memory)
        else:
            opened = open_database(
                Path(settings.database or ""),
                tuple(policy.tables),
                schema=settings.schema or "main",
                threads=threads,
                memory=memory,
            )
    except NotOpened as error:
        where = "engine.database" if settings.files is None else f"engine.files.{error.table}"
        raise fault(policy, where, found=error.found, allowed=error.allowed) from None
    return DuckDBEngine(opened, timeout_seconds=settings.timeout_seconds)


OPENERS: Mapping[str, Callable[[Policy], Engine]] = {"duckdb": _duckdb}
"""How the engine of each `engine.type` is opened. Drivers are imported when one is."""


def fault(policy: Policy, path: str, *, found: str, allowed: str) -> PolicyFaults:
    """What an opener raises: a fault at the policy's line of `path`."""
    line = policy.lines.get(path) or policy.lines.get("engine", 1)
    where = Fault(file=str(policy.file), line=line, path=path, found=found, allowed=allowed)
    return PolicyFaults([where])
