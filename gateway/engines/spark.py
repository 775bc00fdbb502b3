"""Spark as an engine, through Spark Connect: checked statements in, exact Arrow tables out."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from gateway.edges import Capabilities, SchemaColumn
from gateway.engines.spark_session import (
    Running,
    Sessions,
    brief,
    described,
    faults,
    lost,
    unreachable,
)
from gateway.engines.spark_types import known_type
from gateway.errors import Code, NothingRead, Refusal, cancelled
from gateway.noise.tables import ExactTable
from gateway.privacy.plan import Statement
from gateway.rewrite.dialects.spark import quoted
from gateway.sql.types import Scalar
from gateway.stop import Stop

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql.connect.session import SparkSession

_LOG = logging.getLogger("gateway.engines")

DEFAULT_TIMEOUT_SECONDS = 60.0
_HEALTH_SECONDS = 10.0


class SparkEngine:
    """The protocol `gateway.edges.Engine` over a Spark Connect server.

    `files` maps tables to Parquet paths or globs as the server's machines see them; without it
    tables are those of the server's catalogs. Safe to use from many threads.
    """

    dialect = "spark"
    capabilities = Capabilities(remote=True, declared_keys=False)

    def __init__(
        self,
        url: str,
        *,
        files: Mapping[str, str] | None = None,
        timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
    ) -> None:
        self._sessions = Sessions(url, files or {})
        self._timeout = timeout_seconds

    def describe(self, source: tuple[str, ...]) -> Sequence[SchemaColumn] | None:
        """The columns of a table; None where there is no such table."""
        try:
            schema = described(self._sessions.current(), _name(source))
        except faults() as error:
            _LOG.error("describing %s: %s", ".".join(source), brief(error))
            raise unreachable() from None
        if schema is None:
            return None
        columns = []
        for field in schema.fields:
            declared = field.dataType.simpleString()
            known = known_type(declared)
            columns.append(
                SchemaColumn(
                    name=field.name,
                    type=known.type if known else None,
                    nullable=field.nullable,
                    declared=declared,
                    read=known.read if known else "{}",
                )
            )
        return columns

    def is_key(self, source: tuple[str, ...], columns: Sequence[str]) -> bool:
        """Whether no two rows agree in all the columns and none of them is ever NULL."""
        table, names = _name(source), ", ".join(map(quoted, columns))
        missing = " OR ".join(f"{quoted(column)} IS NULL" for column in columns)
        found = self._table(
            f"SELECT (SELECT COUNT(*) FROM {table} WHERE {missing}) + (SELECT COUNT(*) FROM "  # noqa: S608
            f"(SELECT 1 FROM {table} GROUP BY {names} HAVING COUNT(*) > 1)) AS n",
            "start",
        )
        return bool(found.column("n")[0].as_py() == 0)

    def public_values(
        self, source: tuple[str, ...], column: str, most: int | None = None
    ) -> tuple[Scalar, ...]:
        """The distinct values of a column of a public table, in order, NULL last.

        At most the first `most` of them, so that a caller with a cap asks for one more than it.
        """
        limit = "" if most is None else f" LIMIT {int(most)}"
        (value,) = self._read(source, [column])
        found = self._table(
            f"SELECT DISTINCT {value} AS v FROM {_name(source)} "  # noqa: S608
            f"ORDER BY v NULLS LAST{limit}",
            "start",
        )
        try:
            return tuple(found.column("v").to_pylist())
        except (OverflowError, ValueError) as error:
            _LOG.error("public column %s cannot be read: %s", column, error)
            raise Refusal(
                Code.ENGINE_UNAVAILABLE,
                f"The public column {column} holds a value that cannot be represented.",
                "Leave the column out of the policy, or keep its dates within years 1 to 9999.",
            ) from None

    def public_rows(
        self, source: tuple[str, ...], columns: Sequence[str], most: int | None = None
    ) -> pa.Table:
        """The rows of a public table, its columns in the given order; at most `most` of them."""
        read = zip(self._read(source, columns), columns, strict=True)
        items = ", ".join(f"{text} AS {quoted(name)}" for text, name in read)
        limit = "" if most is None else f" LIMIT {int(most)}"
        return self._table(f"SELECT {items} FROM {_name(source)}{limit}", "public")  # noqa: S608

    def run(self, statement: Statement, query_id: str, stop: Stop | None = None) -> ExactTable:
        """Run a checked statement. Raises as `gateway.edges.Engine.run` says."""
        if statement.dialect != self.dialect:
            raise _bug(f"a statement for {statement.dialect} reached Spark", query_id)
        return ExactTable(self._table(statement.sql, query_id, statement.columns, stop))

    def healthy(self) -> bool:
        """Whether the server answers."""
        try:
            self._table("SELECT 1 AS one", "health", seconds=_HEALTH_SECONDS)
        except Refusal:
            return False
        return True

    def replaced(self) -> int:
        """How many sessions the server lost."""
        return self._sessions.lost

    def session(self) -> SparkSession:
        """The session that statements run in, under the gateway's settings."""
        return self._sessions.current()

    def close(self) -> None:
        """Let go of the session; a second call does nothing."""
        self._sessions.close()

    def _read(self, source: tuple[str, ...], columns: Sequence[str]) -> list[str]:
        known = {column.name: column.read for column in self.describe(source) or ()}
        return [known.get(column, "{}").format(quoted(column)) for column in columns]

    def _table(
        self,
        sql: str,
        query_id: str,
        columns: tuple[str, ...] | None = None,
        stop: Stop | None = None,
        seconds: float | None = None,
    ) -> pa.Table:
        """The rows of one SELECT, on a new session where the server lost the old one."""
        for last in (False, True):
            session = self._sessions.current()
            try:
                with self._ended(session, query_id, seconds or self._timeout, stop):
                    return _fetched(session, sql, columns, query_id)
            except _Lost:
                self._sessions.drop(session)
                if last:
                    raise unreachable() from None
        raise AssertionError

    @contextlib.contextmanager
    def _ended(
        self, session: SparkSession, query_id: str, seconds: float, stop: Stop | None
    ) -> Iterator[None]:
        running = Running(session)
        try:
            with contextlib.ExitStack() as around:
                around.enter_context(running.within(seconds))
                if stop is not None:
                    around.enter_context(stop.ending(running.end))
                yield
        except _Failed as failed:
            if stop is not None and stop.asked:
                raise cancelled() from None
            if running.expired.is_set():
                _LOG.warning("query %s: stopped after %s s", query_id, seconds)
                raise _too_slow(seconds) from None
            if lost(failed.error) or session.is_stopped:
                # A session that is lost while rows are read is no reason to read them again.
                if failed.begun:
                    self._sessions.drop(session)
                else:
                    raise _Lost from None
            _LOG.error("query %s: %s", query_id, brief(failed.error))
            kind = Refusal if failed.begun else NothingRead
            raise kind(
                Code.ENGINE_UNAVAILABLE,
                "The database could not run the query.",
                "Tell the administrator the query id: the database's message is in the log.",
            ) from None


class _Lost(Exception):
    """The server does not know the session; nothing was begun on it."""


class _Failed(Exception):
    """A call failed; `begun` where rows may have been read."""

    def __init__(self, error: Exception, *, begun: bool) -> None:
        super().__init__(str(error))
        self.error = error
        self.begun = begun


def _fetched(
    session: SparkSession, sql: str, columns: tuple[str, ...] | None, query_id: str
) -> pa.Table:
    """The rows of a SELECT. As a part of another it can be nothing else, whatever its text is: a
    second guard behind the allow-list."""
    begun = False
    try:
        frame = session.sql(f"SELECT * FROM ({sql}) AS answer")  # noqa: S608
        names = tuple(frame.columns)
        if columns is not None and names != columns:
            raise _bug("the result's columns are not the plan's", query_id)
        begun = True
        return frame.toArrow()
    except faults() as error:
        raise _Failed(error, begun=begun) from None


def _name(source: tuple[str, ...]) -> str:
    return ".".join(map(quoted, source))


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
