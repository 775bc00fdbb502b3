"""Data as an engine opens it, from what a policy says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from gateway.engines.duckdb_open import Data, matching_files


def of_files(files: Mapping[str, str], **settings: str | int) -> Data:
    """Parquet or CSV files, by table. Raises `NotOpened`."""
    found = {
        table: [str(path) for path in matching_files(table, pattern)]
        for table, pattern in files.items()
    }
    return Data(files=found, **settings)  # type: ignore[arg-type]


def of_database(path: Path, tables: Sequence[str], schema: str = "main") -> Data:
    """Tables of a database file."""
    return Data(database=str(path), tables=tables, schema=schema)
