"""From a policy's `engine` section to an open engine."""

from __future__ import annotations

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
    cannot be opened.
    """
    if policy.engine.type != "duckdb":
        raise _faults(
            policy,
            "engine.type",
            found=policy.engine.type,
            allowed="duckdb; postgres and spark come with a later version",
        )
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
        raise _faults(policy, where, found=error.found, allowed=error.allowed) from None
    return DuckDBEngine(opened, timeout_seconds=settings.timeout_seconds)


def _faults(policy: Policy, path: str, *, found: str, allowed: str) -> PolicyFaults:
    line = policy.lines.get(path) or policy.lines.get("engine", 1)
    fault = Fault(file=str(policy.file), line=line, path=path, found=found, allowed=allowed)
    return PolicyFaults([fault])
