"""From a policy's `engine` section to an open engine."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.edges import Engine
from gateway.policy.faults import Fault, PolicyFaults
from gateway.policy.model import Policy

if TYPE_CHECKING:
    from gateway.engines.duckdb_open import Data


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
    from gateway.engines.duckdb import DuckDBEngine
    from gateway.engines.duckdb_open import NotOpened

    settings = policy.engine
    try:
        return DuckDBEngine(_data(policy), timeout_seconds=settings.timeout_seconds)
    except NotOpened as error:
        where = "engine.database" if settings.files is None else f"engine.files.{error.table}"
        raise fault(policy, where, found=error.found, allowed=error.allowed) from None


def _data(policy: Policy) -> Data:
    """What the policy says of its data; raises `NotOpened` where a path names no file."""
    from gateway.engines import duckdb_open as opening

    settings = policy.engine
    directory = settings.spill_directory
    if directory is not None and not Path(directory).is_dir():
        raise fault(
            policy, "engine.spill_directory", found="no directory", allowed="an existing directory"
        )
    return opening.Data(
        files={
            table: [str(path) for path in opening.matching_files(table, pattern)]
            for table, pattern in (settings.files or {}).items()
        },
        database=None if settings.files is not None else settings.database or "",
        tables=tuple(policy.tables),
        schema=settings.schema or "main",
        threads=settings.threads or opening.DEFAULT_THREADS,
        memory=settings.memory or opening.DEFAULT_MEMORY,
        spill=settings.spill or opening.DEFAULT_SPILL,
        spill_directory=directory or "",
    )


def _postgres(policy: Policy) -> Engine:
    if importlib.util.find_spec("psycopg_pool") is None:
        raise fault(
            policy,
            "engine.type",
            found="postgres, for which the client is not installed",
            allowed="postgres after `pip install 'noisegate[postgres]'`",
        )
    from gateway.engines.postgres import PostgresEngine
    from gateway.engines.postgres_open import NotUsable

    settings = policy.engine
    try:
        return PostgresEngine(settings.url or "", timeout_seconds=settings.timeout_seconds)
    except NotUsable as error:
        raise fault(policy, "engine.url", found=error.found, allowed=error.allowed) from None


def _spark(policy: Policy) -> Engine:
    from gateway.engines.spark import SparkEngine

    settings = policy.engine
    if importlib.util.find_spec("pyspark") is None:
        raise fault(
            policy,
            "engine.type",
            found="spark, for which the client is not installed",
            allowed="spark after `pip install 'noisegate[spark]'`",
        )
    return SparkEngine(
        settings.url or "", files=settings.files, timeout_seconds=settings.timeout_seconds
    )


OPENERS: Mapping[str, Callable[[Policy], Engine]] = {
    "duckdb": _duckdb,
    "postgres": _postgres,
    "spark": _spark,
}
"""How the engine of each `engine.type` is opened. Drivers are imported when one is."""


def fault(policy: Policy, path: str, *, found: str, allowed: str) -> PolicyFaults:
    """What an opener raises: a fault at the policy's line of `path`."""
    line = policy.lines.get(path) or policy.lines.get("engine", 1)
    where = Fault(file=str(policy.file), line=line, path=path, found=found, allowed=allowed)
    return PolicyFaults([where])
