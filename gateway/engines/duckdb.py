"""DuckDB as an engine: checked statements in, exact Arrow tables out, under a timeout."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import duckdb

from gateway.edges import SchemaColumn
from gateway.engines.duckdb_open import Opened, quoted
from gateway.errors import Code, Refusal, cancelled
from gateway.noise.tables import ExactTable
from gateway.privacy.plan import Statement
from gateway.sql.types import Scalar
from gateway.stop import Stop

if TYPE_CHECKING:
    import pyarrow as pa

_LOG = logging.getLogger("gateway.engines")

DEFAULT_TIMEOUT_SECONDS = 60.0
_INTERRUPT_EVERY_SECONDS = 0.05


class DuckDBEngine:
    """The protocol `gateway.edges.Engine` over what `duckdb_open` opened.

    A table's source is its name alone: the view that stands for it. Safe to use from many threads;
    each call has a connection of its own, so that a timeout stops one query and no other.
    """

    dialect = "duckdb"

    def __init__(self, opened: Opened, *, timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS) -> None:
        self._opened = opened
        self._timeout = timeout_seconds
        self._lock = threading.Lock()
        self._closed = False

    def describe(self, source: tuple[str, ...]) -> Sequence[SchemaColumn] | None:
        """The columns of a table as they were at opening; None where there is no such table."""
        return self._opened.schema.get(source[0]) if len(source) == 1 else None

    def is_key(self, source: tuple[str, ...], columns: Sequence[str]) -> bool:
        """Whether no two rows agree in all the columns and none of them is ever NULL."""
        table = _name(source)
        names = ", ".join(map(quoted, columns))
        missing = " OR ".join(f"{quoted(column)} IS NULL" for column in columns)
        result = self._table(
            f"SELECT NOT EXISTS (SELECT 1 FROM {table} WHERE {missing}) AND NOT EXISTS "  # noqa: S608
            f"(SELECT 1 FROM {table} GROUP BY {names} HAVING COUNT(*) > 1) AS k",
            "start",
        )
        return bool(result.column("k")[0].as_py())

    def public_values(
        self, source: tuple[str, ...], column: str, most: int | None = None
    ) -> tuple[Scalar, ...]:
        """The distinct values of a column of a public table, in order, NULL last.

        At most the first `most` of them, so that a caller with a cap asks for one more than it.
        """
        limit = "" if most is None else f" LIMIT {int(most)}"
        result = self._table(
            f"SELECT DISTINCT {quoted(column)} AS v FROM {_name(source)} "  # noqa: S608
            f"ORDER BY v NULLS LAST{limit}",
            "start",
        )
        try:
            return tuple(map(_scalar, result.column("v").to_pylist()))
        except (OverflowError, ValueError) as error:
            _LOG.error("public column %s cannot be read: %s", column, error)
            raise Refusal(
                Code.ENGINE_UNAVAILABLE,
                f"The public column {column} holds a value that cannot be represented.",
                "Leave the column out of the policy, or keep its dates within years 1 to 9999.",
            ) from None

    def public_rows(self, source: tuple[str, ...], columns: Sequence[str]) -> pa.Table:
        """The rows of a public table, its columns in the given order."""
        names = ", ".join(map(quoted, columns))
        return self._table(f"SELECT {names} FROM {_name(source)}", "public")  # noqa: S608

    def run(self, statement: Statement, query_id: str, stop: Stop | None = None) -> ExactTable:
        """Run a checked statement. Raises `Refusal`: ENGINE_UNAVAILABLE, CANCELLED once `stop` is
        asked, or INTERNAL for a bug."""
        if statement.dialect != self.dialect:
            raise _bug(f"a statement for {statement.dialect} reached DuckDB", query_id)
        result = self._table(statement.sql, query_id, stop or Stop())
        if tuple(result.column_names) != statement.columns:
            raise _bug("the result's columns are not the plan's", query_id)
        return ExactTable(result)

    def healthy(self) -> bool:
        """Whether the files are still there and DuckDB answers."""
        if not all(path.is_file() for path in self._opened.paths):
            return False
        try:
            self._table("SELECT 1 AS one", "health")
        except Refusal:
            return False
        return True

    def close(self) -> None:
        """Close the database and delete what it spilled; a second call does nothing."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._opened.connection.close()
                self._opened.spill.cleanup()

    def _table(self, sql: str, query_id: str, stop: Stop | None = None) -> pa.Table:
        stop = stop or Stop()
        try:
            with (
                self._cursor() as cursor,
                _deadline(cursor, self._timeout) as (expired, end),
                stop.ending(end),
            ):
                try:
                    _refuse_all_but_one_select(cursor, sql, query_id)
                    cursor.execute("BEGIN TRANSACTION READ ONLY")
                    return cursor.sql(sql).to_arrow_table()
                except duckdb.InterruptException:
                    if stop.asked:
                        raise cancelled() from None
                    if not expired.is_set():
                        raise
                    _LOG.warning("query %s: stopped after %s s", query_id, self._timeout)
                    raise _too_slow(self._timeout) from None
        except duckdb.Error as error:
            _LOG.error("query %s: %s", query_id, error)
            raise Refusal(
                Code.ENGINE_UNAVAILABLE,
                "The database could not run the query.",
                "Tell the administrator the query id: the database's message is in the log.",
            ) from None

    @contextlib.contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._lock:
            if self._closed:
                raise Refusal(
                    Code.ENGINE_UNAVAILABLE,
                    "The database is closed.",
                    "The gateway is stopping; ask again when it is back.",
                )
            cursor = self._opened.connection.cursor()
        with contextlib.closing(cursor):
            yield cursor


@contextlib.contextmanager
def _deadline(
    cursor: duckdb.DuckDBPyConnection, seconds: float
) -> Iterator[tuple[threading.Event, Callable[[], None]]]:
    """Interrupt the cursor once the time is over; the event says whether that happened, and the
    function makes it happen now.

    The interrupt is repeated, since one that falls between two steps of a query is lost.
    """
    done, expired, over = threading.Event(), threading.Event(), threading.Event()

    def watch() -> None:
        over.wait(seconds)
        expired.set()
        while not done.is_set():
            cursor.interrupt()
            done.wait(_INTERRUPT_EVERY_SECONDS)

    watcher = threading.Thread(target=watch, name="duckdb-timeout", daemon=True)
    watcher.start()
    try:
        yield expired, over.set
    finally:
        done.set()
        over.set()
        watcher.join()


def _refuse_all_but_one_select(cursor: duckdb.DuckDBPyConnection, sql: str, query_id: str) -> None:
    """A second guard behind the allow-list, which never lets anything else come this far."""
    statements = cursor.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise _bug("the statement is not one SELECT", query_id)


def _name(source: tuple[str, ...]) -> str:
    return ".".join(map(quoted, source))


def _scalar(value: Scalar) -> Scalar:
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return value.astimezone(dt.UTC)
    return value


def _too_slow(seconds: float) -> Refusal:
    return Refusal(
        Code.ENGINE_UNAVAILABLE,
        f"The query took longer than the {seconds:g} seconds that the policy allows.",
        "Ask for less at once, or ask the administrator for a longer timeout.",
    )


def _bug(what: str, query_id: str) -> Refusal:
    _LOG.error("query %s: %s", query_id, what)
    return Refusal(
        Code.INTERNAL,
        "The gateway made a statement that it does not run.",
        "Tell the administrator the query id; this is a fault of the gateway.",
    )
