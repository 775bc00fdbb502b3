"""Owners' numbers of rows, kept in the worker until the data change.

They are protected, and are never shown: a table in the worker's memory, counted against its limit,
which no statement can name. What is kept for a SELECT is exactly its result, so a statement gives
the same with it as without it. That holds as long as the files are those that it was made from:
they are looked at before and after each statement, and a result that was worked out while one
changed is thrown away.

What it costs: one grouping of the table by owner when it is first needed, and 16 to 40 bytes for
each owner with more than half as many rows as the bound; a table of more owners than `MOST_OWNERS`
is not kept.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

MOST_OWNERS = 2_000_000
MOST_TABLES = 64

Version = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """As `gateway.privacy.plan.Kept`."""

    totals: str
    limit: int
    light: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What to run in place of a statement while the files have a version."""

    sql: str
    version: Version


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    name: str
    most: int
    """The most rows of one owner."""


class Shelf:
    """What one worker keeps. Safe between threads."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._paths = tuple(paths)
        self._lock = threading.Lock()
        self._version: Version = ()
        self._tables: dict[str, _Table | None] = {}
        """By SELECT; None for one that is being made, or is too large to keep."""
        self._made = 0

    def chosen(self, cursor: duckdb.DuckDBPyConnection, sql: str, kept: Kept) -> Chosen | None:
        """What gives the same as `sql` and is quicker; None where there is no such thing now.

        What is not kept yet is made by the cursor, in the statement's own time.
        """
        version = self.version()
        found = self._found(cursor, kept.totals, version)
        place = f"({kept.totals})"
        if found is None or sql.count(place) != 1:
            return None
        if found.most <= kept.limit:
            return Chosen(sql=kept.light, version=version)
        table = f'(SELECT u, n FROM "kept"."{found.name}")'  # noqa: S608
        return Chosen(sql=sql.replace(place, table), version=version)

    def version(self) -> Version:
        """What tells whether the files are the same; raises OSError where one is gone."""
        stats = [os.stat(path) for path in self._paths]
        return tuple((stat.st_ino, stat.st_mtime_ns, stat.st_size) for stat in stats)

    def _found(
        self, cursor: duckdb.DuckDBPyConnection, totals: str, version: Version
    ) -> _Table | None:
        with self._lock:
            if version != self._version:
                old, self._tables, self._version = self._tables, {}, version
                for table in old.values():
                    if table is not None:
                        cursor.execute(f'DROP TABLE "kept"."{table.name}"')
            if totals in self._tables or len(self._tables) >= MOST_TABLES:
                return self._tables.get(totals)
            self._tables[totals] = None
            self._made += 1
            name = f"t{self._made}"
        try:
            made = _make(cursor, name, totals)
        except BaseException:
            with self._lock:
                if self._version == version:
                    self._tables.pop(totals, None)  # the next question tries again
            raise
        with self._lock:
            if made is not None and self._version == version == self.version():
                self._tables[totals] = made
                return made
        cursor.execute(f'DROP TABLE IF EXISTS "kept"."{name}"')
        return None


def _make(cursor: duckdb.DuckDBPyConnection, name: str, totals: str) -> _Table | None:
    """None where it would hold too many owners."""
    cursor.execute(f'CREATE TABLE "kept"."{name}" AS {totals} LIMIT {MOST_OWNERS + 1}')
    found = f'SELECT COUNT(*), COALESCE(MAX(n), 0) FROM "kept"."{name}"'  # noqa: S608
    ((rows, most),) = cursor.execute(found).fetchall()
    return _Table(name=name, most=int(most)) if rows <= MOST_OWNERS else None
