"""A ledger's file changed behind the gateway's back, and its records as rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gateway.budget.tables import APPEND_ONLY

COLUMNS = ("sequence", "at", "kind", "actor", "body", "previous", "hash")
Row = tuple[Any, ...]


@contextmanager
def opened(url: str) -> Iterator[sqlite3.Connection]:
    """The ledger's file without its triggers, as somebody with the database's rights has it."""
    connection = sqlite3.connect(Path(url.removeprefix("sqlite:///")))
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            connection.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
    try:
        yield connection
        connection.commit()
    finally:
        connection.close()


def rows(connection: sqlite3.Connection) -> list[Row]:
    """All records, in order."""
    return connection.execute(f"SELECT {', '.join(COLUMNS)} FROM audit ORDER BY 1").fetchall()


def written(connection: sqlite3.Connection, records: Sequence[Row]) -> None:
    """Put `records` in the place of all records."""
    connection.execute("DELETE FROM audit")
    marks = ", ".join("?" * len(COLUMNS))
    connection.executemany(f"INSERT INTO audit VALUES ({marks})", records)
    connection.commit()
