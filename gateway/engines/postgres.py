"""PostgreSQL as an engine: checked statements in, exact Arrow tables out, under a timeout."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from psycopg_pool import PoolClosed, PoolTimeout

from gateway.edges import Capabilities, SchemaColumn
from gateway.engines.postgres_arrow import table_of
from gateway.engines.postgres_open import Connection, Pool, open_pool
from gateway.engines.postgres_schema import columns_of, declared_key, tables_of
from gateway.errors import Code, NothingRead, Refusal, cancelled
from gateway.noise.tables import ExactTable
from gateway.privacy.plan import Statement
from gateway.rewrite.dialects.duckdb import quoted
from gateway.sql.functions.postgres.names import postgres_type
from gateway.sql.types import Kind, Scalar
from gateway.stop import Stop

if TYPE_CHECKING:
    import pyarrow as pa

_LOG = logging.getLogger("gateway.engines")
_BEGINNINGS = ("SELECT ", "WITH ")
T = TypeVar("T")


class PostgresEngine:
    """The protocol `gateway.edges.Engine` over a PostgreSQL database.

    A table's source is its schema and name. Safe to use from many threads: each call takes a
    connection of the pool for itself. The server ends what takes too long or is stopped.
    """

    dialect = "postgres"
    capabilities = Capabilities(remote=True, declared_keys=True)

    def __init__(self, url: str, *, timeout_seconds: float) -> None:
        """Raises `postgres_open.NotUsable`; `Refusal(ENGINE_UNAVAILABLE)` where none answers."""
        self._timeout = timeout_seconds
        try:
            self._pool: Pool = open_pool(url, timeout_seconds)
        except psycopg.OperationalError as error:
            _LOG.error("opening a PostgreSQL database: %s", error)
            raise _unreachable() from None

    def describe(self, source: tuple[str, ...]) -> Sequence[SchemaColumn] | None:
        """The columns of a table as they are now; None where there is no such table."""
        if len(source) != 2:
            return None
        return self._read("start", lambda connection: columns_of(connection, source)) or None

    def schema_of(self, schema: str) -> dict[str, Sequence[SchemaColumn]]:
        """Every table of a schema that the role may read, with its columns."""
        names = self._read("start", lambda connection: tables_of(connection, schema))
        return {name: self.describe((schema, name)) or () for name in names}

    def is_key(self, source: tuple[str, ...], columns: Sequence[str]) -> bool:
        """Whether no two rows agree in all the columns and none of them is ever NULL."""
        if self._read("start", lambda connection: declared_key(connection, source, columns)):
            return True
        reads = self._reads(source)
        names = ", ".join(reads[column] for column in columns)
        missing = " OR ".join(f"{reads[column]} IS NULL" for column in columns)
        result = self._table(
            f"SELECT NOT EXISTS (SELECT 1 FROM {_name(source)} WHERE {missing}) AND NOT EXISTS "  # noqa: S608
            f"(SELECT 1 FROM {_name(source)} GROUP BY {names} HAVING COUNT(*) > 1) AS k",
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
            f"SELECT DISTINCT {self._reads(source)[column]} AS v FROM {_name(source)} "  # noqa: S608
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

    def public_rows(
        self, source: tuple[str, ...], columns: Sequence[str], most: int | None = None
    ) -> pa.Table:
        """The rows of a public table, its columns in the given order; at most `most` of them."""
        known = self._columns(source)
        items = ", ".join(f"{_typed(known[name])} AS {quoted(name)}" for name in columns)
        limit = "" if most is None else f" LIMIT {int(most)}"
        return self._table(f"SELECT {items} FROM {_name(source)}{limit}", "public")  # noqa: S608

    def run(self, statement: Statement, query_id: str, stop: Stop | None = None) -> ExactTable:
        """Run a checked statement. Raises `NothingRead` where no connection could be had;
        `Refusal`: ENGINE_UNAVAILABLE, CANCELLED once `stop` is asked, INTERNAL for a bug."""
        if statement.dialect != self.dialect:
            raise _bug(f"a statement for {statement.dialect} reached PostgreSQL", query_id)
        if not statement.sql.startswith(_BEGINNINGS):
            raise _bug("the statement is not one SELECT", query_id)
        result = self._table(statement.sql, query_id, stop or Stop())
        if tuple(result.column_names) != statement.columns:
            raise _bug("the result's columns are not the plan's", query_id)
        return ExactTable(result)

    def healthy(self) -> bool:
        """Whether the server answers now."""
        try:
            self._table("SELECT 1 AS one", "health")
        except Refusal:
            return False
        return True

    def replaced(self) -> int:
        """How many connections were found broken, which the pool replaces."""
        return self._pool.get_stats().get("connections_lost", 0)

    def close(self) -> None:
        """Close every connection; a second call does nothing."""
        self._pool.close()

    def _columns(self, source: tuple[str, ...]) -> dict[str, SchemaColumn]:
        columns = self._read("start", lambda connection: columns_of(connection, source))
        return {column.name: column for column in columns}

    def _reads(self, source: tuple[str, ...]) -> dict[str, str]:
        """How each column is read, by its name."""
        return {name: _read_by(column) for name, column in self._columns(source).items()}

    def _read(self, query_id: str, work: Callable[[Connection], T]) -> T:
        with self._connection(query_id) as connection, _translated(query_id, self._timeout, Stop()):
            return work(connection)

    def _table(self, sql: str, query_id: str, stop: Stop | None = None) -> pa.Table:
        stop = stop or Stop()
        with (
            self._connection(query_id) as connection,
            stop.ending(connection.cancel_safe),
            _translated(query_id, self._timeout, stop),
            connection.transaction(),
            connection.cursor(binary=True) as cursor,
        ):
            return table_of(cursor, sql)

    @contextlib.contextmanager
    def _connection(self, query_id: str) -> Iterator[Connection]:
        """A connection that has answered just now. One that was told to cancel something is not
        used again: the request may reach the server after the statement's end."""
        try:
            connection = self._pool.getconn()
        except (PoolTimeout, PoolClosed, psycopg.OperationalError) as error:
            _LOG.error("query %s: no connection: %s", query_id, error)
            raise _unreachable() from None
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        finally:
            with contextlib.suppress(PoolClosed):
                self._pool.putconn(connection)


@contextlib.contextmanager
def _translated(query_id: str, seconds: float, stop: Stop) -> Iterator[None]:
    """PostgreSQL's errors as refusals, its own words in the log alone."""
    try:
        yield
    except psycopg.errors.QueryCanceled as error:
        if stop.asked:
            raise cancelled() from None
        _LOG.warning("query %s: stopped after %s s: %s", query_id, seconds, error)
        raise Refusal(
            Code.ENGINE_UNAVAILABLE,
            f"The query took longer than the {seconds:g} seconds that the policy allows.",
            "Ask for less at once, or ask the administrator for a longer timeout.",
        ) from None
    except psycopg.Error as error:
        _LOG.error("query %s: %s", query_id, error)
        raise Refusal(
            Code.ENGINE_UNAVAILABLE,
            "The database could not run the query.",
            "Tell the administrator the query id: the database's message is in the log.",
        ) from None


def _unreachable() -> NothingRead:
    return NothingRead(
        Code.ENGINE_UNAVAILABLE,
        "The database cannot be reached.",
        "Ask again in a minute; if that does not help, tell the administrator.",
    )


def _read_by(column: SchemaColumn) -> str:
    return column.read.format(quoted(column.name))


def _typed(column: SchemaColumn) -> str:
    """A column with the digits that its type declares, which the result then has, too."""
    if column.type is None or column.type.kind is not Kind.DECIMAL:
        return _read_by(column)
    return f"CAST({_read_by(column)} AS {postgres_type(column.type)})"


def _name(source: tuple[str, ...]) -> str:
    return ".".join(map(quoted, source))


def _scalar(value: Any) -> Scalar:
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return value.astimezone(dt.UTC)
    scalar: Scalar = value
    return scalar


def _bug(what: str, query_id: str) -> Refusal:
    _LOG.error("query %s: %s", query_id, what)
    return Refusal(
        Code.INTERNAL,
        "The gateway made a statement that it does not run.",
        "Tell the administrator the query id; this is a fault of the gateway.",
    )
