"""DuckDB as an engine: checked statements in, exact Arrow tables out, under a timeout.

DuckDB itself runs in a process of its own (`duckdb_worker`), which can be killed: it may ignore an
interrupt for as long as one vectorised call takes. A statement that does not stop costs that
process and no other question.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.edges import Capabilities, SchemaColumn
from gateway.engines import duckdb_frames as frames
from gateway.engines import duckdb_workers as workers
from gateway.engines.duckdb_open import Data, DeclaredColumn, quoted
from gateway.engines.duckdb_types import known_type
from gateway.engines.duckdb_workers import GRACE_SECONDS, Ended, Limits, Workers
from gateway.errors import Code, NothingRead, Refusal, cancelled
from gateway.noise.tables import ExactTable
from gateway.privacy.plan import Kept, Statement
from gateway.sql.types import Scalar
from gateway.stop import Stop

if TYPE_CHECKING:
    import pyarrow as pa

_LOG = logging.getLogger("gateway.engines")

DEFAULT_TIMEOUT_SECONDS = 60.0
_HEALTH_SECONDS = 5.0


class DuckDBEngine:
    """The protocol `gateway.edges.Engine` over data that a worker process opened.

    A table's source is its name alone: the view that stands for it. Safe to use from many threads;
    a timeout stops one query and no other.
    """

    dialect = "duckdb"
    capabilities = Capabilities(remote=False, declared_keys=False)

    def __init__(
        self,
        data: Data,
        *,
        timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
        grace_seconds: float = GRACE_SECONDS,
    ) -> None:
        """Start a worker and open the data in it. `grace_seconds` is how long a statement whose
        time is over may take to stop. Raises `NotOpened`, `Refusal(ENGINE_UNAVAILABLE)`."""
        self._data = data
        self._timeout = timeout_seconds
        self._grace = grace_seconds
        try:
            self._workers = Workers(data)
        except Ended as ended:
            raise _refused(ended, "start", timeout_seconds) from None
        self._schema = _described(self._workers.schema)

    def describe(self, source: tuple[str, ...]) -> Sequence[SchemaColumn] | None:
        """The columns of a table as they were at opening; None where there is no such table."""
        return self._schema.get(source[0]) if len(source) == 1 else None

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

    def public_rows(
        self, source: tuple[str, ...], columns: Sequence[str], most: int | None = None
    ) -> pa.Table:
        """The rows of a public table, its columns in the given order; at most `most` of them."""
        names = ", ".join(map(quoted, columns))
        limit = "" if most is None else f" LIMIT {int(most)}"
        return self._table(f"SELECT {names} FROM {_name(source)}{limit}", "public")  # noqa: S608

    def run(self, statement: Statement, query_id: str, stop: Stop | None = None) -> ExactTable:
        """Run a checked statement. Raises `NothingRead` where it did not begin, `Refusal`:
        ENGINE_UNAVAILABLE, CANCELLED once `stop` is asked, or INTERNAL for a bug."""
        if statement.dialect != self.dialect:
            raise _bug(f"a statement for {statement.dialect} reached DuckDB", query_id)
        result = self._table(statement.sql, query_id, stop, statement.kept)
        if tuple(result.column_names) != statement.columns:
            raise _bug("the result's columns are not the plan's", query_id)
        return ExactTable(result)

    def healthy(self) -> bool:
        """Whether the files are still there and DuckDB answers."""
        limits = Limits(seconds=_HEALTH_SECONDS, grace_seconds=None)
        try:
            self._here("health")
            self._workers.select("SELECT 1 AS one", limits, lambda piece: None)
        except (Ended, Refusal):
            return False
        return True

    def replaced(self) -> int:
        """How many workers have taken the place of one that ended or was killed."""
        return self._workers.replaced

    def close(self) -> None:
        """End the worker and delete what it spilled; a second call does nothing."""
        self._workers.close()

    def _table(
        self, sql: str, query_id: str, stop: Stop | None = None, kept: Kept | None = None
    ) -> pa.Table:
        import pyarrow as pa

        self._here(query_id)
        limits = Limits(seconds=self._timeout, stop=stop or Stop(), grace_seconds=self._grace)
        pieces: list[bytes] = []
        try:
            self._workers.select(sql, limits, pieces.append, kept)
        except Ended as ended:
            raise _refused(ended, query_id, self._timeout) from None
        with pa.ipc.open_stream(pa.py_buffer(b"".join(pieces))) as stream:
            return stream.read_all()

    def _here(self, query_id: str) -> None:
        """Refuse, before anything is read, where a file is gone."""
        for path in self._data.paths:
            if not Path(path).is_file():
                _LOG.error("query %s: %s is not there", query_id, path)
                raise NothingRead(
                    Code.ENGINE_UNAVAILABLE,
                    "A file of the dataset is missing.",
                    "Tell the administrator the query id: the log names the file.",
                )


def _described(
    schema: Mapping[str, tuple[DeclaredColumn, ...]],
) -> Mapping[str, tuple[SchemaColumn, ...]]:
    found = {}
    for table, columns in schema.items():
        kinds = [known_type(column.declared) for column in columns]
        found[table] = tuple(
            SchemaColumn(
                name=column.name,
                type=kind.type if kind else None,
                nullable=column.nullable,
                declared=column.declared,
            )
            for column, kind in zip(columns, kinds, strict=True)
        )
    return found


def _name(source: tuple[str, ...]) -> str:
    return ".".join(map(quoted, source))


def _scalar(value: Scalar) -> Scalar:
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return value.astimezone(dt.UTC)
    return value


_SAID = {
    workers.DIED: (
        "The database's process ended while it ran the query.",
        "Ask for less at once; the administrator finds the reason in the system's log.",
    ),
    frames.MEMORY: (
        "The query needs more memory than the policy gives the database.",
        "Ask for fewer groups or tables at once, or ask the administrator for more `memory`.",
    ),
    frames.SPILL: (
        "The query needs more disk space than the database may use.",
        "Ask for fewer groups or tables at once, or ask the administrator for more `spill`.",
    ),
    frames.ERROR: (
        "The database could not run the query.",
        "Tell the administrator the query id: the database's message is in the log.",
    ),
}


def _refused(ended: Ended, query_id: str, seconds: float) -> Refusal:
    """What an analyst is told of a statement without a result; DuckDB's text goes to the log."""
    if ended.why == workers.CANCELLED:
        return cancelled()
    if ended.why == frames.REFUSED:
        return _bug("the statement is not one SELECT", query_id)
    _LOG.error("query %s: %s: %s", query_id, ended.why, ended.text)
    if ended.why == workers.CLOSED:
        return NothingRead(
            Code.ENGINE_UNAVAILABLE,
            "The database is closed.",
            "The gateway is stopping; ask again when it is back.",
        )
    if ended.why == workers.NOT_BEGUN:
        return NothingRead(
            Code.ENGINE_UNAVAILABLE,
            "The database cannot be started.",
            "Ask again in a minute; the administrator finds the reason in the log.",
        )
    if ended.why == workers.TOO_SLOW:
        return Refusal(
            Code.ENGINE_UNAVAILABLE,
            f"The query took longer than the {seconds:g} seconds that the policy allows.",
            "Ask for less at once, or ask the administrator for a longer timeout.",
        )
    sentence, hint = _SAID[ended.why]
    return Refusal(Code.ENGINE_UNAVAILABLE, sentence, hint)


def _bug(what: str, query_id: str) -> Refusal:
    _LOG.error("query %s: %s", query_id, what)
    return Refusal(
        Code.INTERNAL,
        "The gateway made a statement that it does not run.",
        "Tell the administrator the query id; this is a fault of the gateway.",
    )
