"""The in-memory DuckDB in which post-processing runs.

It holds no protected rows and reaches no file or network. Each question works on a cursor of its
own, with its tables registered there and gone with it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

from gateway.errors import Code, Refusal
from gateway.pages import MOST_BYTES, PAGE_ROWS, Row, TooLarge, paged
from gateway.postprocess.deadlines import Deadlines
from gateway.postprocess.repeatable import changing_words, repeatable

if TYPE_CHECKING:
    import pyarrow as pa

log = logging.getLogger("gateway.postprocess")

SECONDS = 30.0
"""How long one post-processing may run."""


class Workbench:
    """One locked-down in-memory DuckDB, shared by all questions of a gateway."""

    def __init__(self, *, memory: str = "512MB", threads: int = 1) -> None:
        self._database = duckdb.connect(":memory:", config={"threads": threads})
        for setting in (
            f"SET memory_limit = '{memory}'",
            "SET TimeZone = 'UTC'",
            "SET python_enable_replacements = false",
            "SET autoinstall_known_extensions = false",
            "SET autoload_known_extensions = false",
            "SET enable_external_access = false",
            "SET lock_configuration = true",
        ):
            self._database.execute(setting)
        self._changing = changing_words(self._database)
        self._lock = threading.Lock()
        self._deadlines = Deadlines(SECONDS)

    def repeats(self, sql: str) -> bool:
        """Whether a query gives the same rows whenever it runs on the same tables."""
        return repeatable(sql, self._changing)

    @contextmanager
    def tables(self, tables: Mapping[str, pa.Table]) -> Iterator[Sheet]:
        """A sheet on which these tables can be read by name."""
        with self._lock:
            cursor = self._database.cursor()
        try:
            for name, table in tables.items():
                cursor.register(name, table)
            yield Sheet(cursor, self._deadlines)
        finally:
            cursor.close()

    def close(self) -> None:
        """Let go of the memory."""
        self._deadlines.close()
        self._database.close()


class Sheet:
    """One question's cursor."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, deadlines: Deadlines) -> None:
        self._cursor = cursor
        self._deadlines = deadlines

    def describe(self, sql: str) -> list[tuple[str, str]]:
        """Names and DuckDB types of a query's columns. Raises UNSUPPORTED_SQL where it is wrong."""
        return [(str(row[0]), str(row[1])) for row in self._run(f"DESCRIBE {sql}")]

    def rows(self, sql: str) -> list[Row]:
        """A query's rows, all in memory: for tables that are small by their nature. Raises
        UNSUPPORTED_SQL where DuckDB refuses it."""
        return self._run(sql)

    def answer(self, sql: str) -> Sequence[Row]:
        """A query's rows, however many. Raises as `rows` does, UNSUPPORTED_SQL also where they take
        too much room, and ENGINE_UNAVAILABLE where the gateway's disk has none left."""
        try:
            with self._watched():
                return paged(self._lots(self._cursor.execute(sql)))
        except TooLarge:
            raise Refusal(
                Code.UNSUPPORTED_SQL,
                f"The answer takes more than {MOST_BYTES >> 20} MB.",
                "Ask for fewer rows with WHERE or LIMIT: releases that are paid for are free.",
            ) from None
        except OSError as error:
            log.error("no room for the rows of an answer: %s", error)
            raise Refusal(
                Code.ENGINE_UNAVAILABLE,
                "The gateway's disk has no room for an answer of this size.",
                "Ask for fewer rows, or tell the administrator; releases that are paid for are "
                "free.",
            ) from None

    @staticmethod
    def _lots(result: duckdb.DuckDBPyConnection) -> Iterator[list[Row]]:
        while lot := result.fetchmany(PAGE_ROWS):
            yield lot

    def register(self, name: str, table: pa.Table) -> None:
        """Put another table on the sheet."""
        self._cursor.register(name, table)

    def make(self, statements: Sequence[str]) -> None:
        """Run statements that make temporary views."""
        if statements:
            self._cursor.execute("; ".join(statements))

    def _run(self, sql: str) -> list[Row]:
        with self._watched():
            return self._cursor.execute(sql).fetchall()

    @contextmanager
    def _watched(self) -> Iterator[None]:
        try:
            with self._deadlines.within(self._cursor.interrupt):
                yield
        except duckdb.InterruptException:
            raise Refusal(
                Code.UNSUPPORTED_SQL,
                f"Working with the results took more than {SECONDS:.0f} seconds.",
                "Join or repeat the results less, or ask for fewer rows.",
            ) from None
        except duckdb.Error as fault:
            # What DuckDB says here is about the query and noisy or public values: safe to show.
            first = str(fault).splitlines()[0][:300]
            raise Refusal(
                Code.UNSUPPORTED_SQL,
                f"The part of the query that works on the results fails: {first}",
                "Check this part as if the aggregates were columns of an ordinary table.",
            ) from None
