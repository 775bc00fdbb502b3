"""The ledger's database: one writer at a time, durable commits, one way to say that it failed.

Every transaction that writes is serial with every other one. On SQLite it begins with BEGIN
IMMEDIATE; on PostgreSQL it begins by locking the one row of `audit_head`. That lock is the first
and the only one that is waited for, so writers cannot deadlock; what a writer reads stays true
until it commits, and the audit chain has one end. Threads of one process queue and share commits
(`turns`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from gateway.budget.signing import Signer
from gateway.budget.tables import audit_head
from gateway.budget.turns import Batch, Kind, Turns
from gateway.clock import SystemClock
from gateway.edges import Clock
from gateway.errors import Code, Refusal

WAIT_SECONDS = 15.0
"""How long a transaction waits for others before the ledger counts as not answering."""
MOST_TOGETHER = 64
"""How many writers share one commit at most, which bounds how long the first one waits."""

SIGNER = "noisegate_signer"
"""The execution option under which a connection carries its `Signer`."""

_LEVEL = "synchronous"
"""Where a SQLite connection says which level it was last set to, as long as it is open."""
_LOCK_HEAD = sa.select(audit_head.c.sequence).with_for_update()
_NOW = sa.text("SELECT clock_timestamp()")
_OWN_FAULTS = (exc.IntegrityError, exc.ProgrammingError, exc.DataError)


def unavailable() -> Refusal:
    """What callers see when the ledger's database fails: nothing was run, trying again is safe."""
    return Refusal(
        Code.ENGINE_UNAVAILABLE,
        "The budget ledger did not answer, so nothing was run.",
        "Try again in a moment; with the same Idempotency-Key a retry is never charged twice. "
        "If it lasts, tell the administrator.",
    )


class Store:
    """Connections to the ledger's database, and its clock.

    Every context manager here raises `Refusal(ENGINE_UNAVAILABLE)` when the database is locked for
    too long, full, broken or gone; the transaction is then rolled back.
    """

    def __init__(self, url: str | URL, clock: Clock | None, wait_seconds: float) -> None:
        """Connect lazily. Raises ValueError for a database that cannot keep what it is told.

        `clock` stands in for the clock of the database's machine.
        """
        parsed = make_url(url)
        self.backend = parsed.get_backend_name()
        self._clock = clock
        self._steady: Clock = clock or SystemClock()
        self._wait = wait_seconds
        self._engine: Engine
        self._turns = Turns()
        self._batch: Batch | None = None
        if self.backend == "sqlite":
            if parsed.database in (None, "", ":memory:") or "mode=memory" in str(parsed):
                raise ValueError("the ledger needs a database file, not one in memory")
            self._engine = self._snapshots = _sqlite(parsed, wait_seconds)
        elif self.backend == "postgresql":
            self._engine = _postgresql(parsed, wait_seconds)
            self._snapshots = self._engine.execution_options(isolation_level="REPEATABLE READ")
        else:
            raise ValueError(f"the ledger runs on sqlite or postgresql, not on {self.backend}")

    @property
    def signer(self) -> Signer | None:
        """The key that the audit trail is signed with; None in a ledger that can only be read."""
        signer: Signer | None = self._engine.get_execution_options().get(SIGNER)
        return signer

    def sign_with(self, signer: Signer | None) -> None:
        """Give every transaction from now on the key that `audit.append` signs with."""
        self._engine = self._engine.execution_options(**{SIGNER: signer})

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A serial transaction that is on disk when the block ends; all or nothing."""
        with self._serial(Kind.DURABLE) as connection:
            yield connection

    @contextmanager
    def noting(self) -> Iterator[Connection]:
        """As `writing`, but a power cut may forget it: for notes that guard no budget."""
        with self._serial(Kind.NOTE) as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view of the last commit; it neither waits for writers nor stops them."""
        with _translated(), self._snapshots.connect() as connection:
            if self.backend == "sqlite":
                connection.exec_driver_sql("BEGIN")
            yield connection

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """A serial transaction for a database whose tables may not exist yet."""
        if not self._turns.take(Kind.ALONE, self._wait):
            raise unavailable()
        try:
            with _translated(), self._engine.connect() as connection:
                if self.backend == "sqlite":
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                else:
                    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(5643017)")
                yield connection
                self._commit(connection)
        finally:
            self._turns.end()

    def now(self, connection: Connection) -> dt.datetime:
        """The time on the database's clock, so that all gateways on one ledger agree.

        A SQLite ledger lies on this machine, and so does its clock.
        """
        if self._clock is not None:
            return self._clock.now()
        if self.backend == "sqlite":
            return dt.datetime.now(dt.UTC)
        moment: dt.datetime = connection.execute(_NOW).scalar_one()
        return moment.astimezone(dt.UTC)

    def elapsed(self) -> float:
        """Seconds on a clock of this machine that nobody sets."""
        return self._steady.elapsed()

    def close(self) -> None:
        """Close every connection; on SQLite this folds the write-ahead log into the file."""
        self._engine.dispose()

    @contextmanager
    def _serial(self, kind: Kind) -> Iterator[Connection]:
        batch = self._join(kind)
        try:
            with _translated(batch), _apart(batch):
                yield batch.connection
        except BaseException:
            self._leave(batch)  # what others did before stands
            raise
        self._leave(batch)
        batch.ended.wait()
        if batch.failed:
            raise unavailable()

    def _join(self, kind: Kind) -> Batch:
        """Wait for the turn, and take over the open transaction or begin one."""
        if not self._turns.take(kind, self._wait):
            raise unavailable()
        if self._batch is None:
            begun = False
            try:
                self._batch = self._begun(kind)
                begun = True
            finally:
                if not begun:
                    self._turns.end()
        self._batch.members += 1
        return self._batch

    def _begun(self, kind: Kind) -> Batch:
        with _translated():
            connection = self._engine.connect()
            begun = False
            try:
                if self.backend == "sqlite":
                    level = "FULL" if kind is Kind.DURABLE else "NORMAL"
                    if connection.info.get(_LEVEL) != level:
                        connection.exec_driver_sql(f"PRAGMA synchronous = {level}")
                        connection.info[_LEVEL] = level
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                else:
                    if kind is Kind.NOTE:
                        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
                    connection.execute(_LOCK_HEAD)
                begun = True
            finally:
                if not begun:
                    connection.close()
            return Batch(connection=connection, kind=kind)

    def _leave(self, batch: Batch) -> None:
        """Hand the transaction to the next writer, or commit it for all that shared it."""
        if self._turns.hand_over(batch, MOST_TOGETHER):
            return
        self._batch = None
        batch.failed = True  # until the commit has returned
        try:
            with _translated():
                if not batch.broken:
                    self._commit(batch.connection)
                    batch.failed = False
        finally:
            try:
                with _translated():
                    batch.connection.close()
            finally:
                self._turns.end()
                batch.ended.set()

    def _commit(self, connection: Connection) -> None:
        """Commit. Raises `Refusal(ENGINE_UNAVAILABLE)` where no transaction is left to commit.

        SQLite rolls the whole transaction back by itself when the disk is full or fails, and
        Python's driver takes a commit of nothing for a success.
        """
        if self.backend == "sqlite":
            driver = connection.connection.dbapi_connection
            if driver is None or not driver.in_transaction:
                raise unavailable()
        connection.commit()


@contextmanager
def _apart(batch: Batch) -> Iterator[None]:
    """The work of one writer of a batch, whose failure undoes it and nothing else.

    Nobody has joined the first one before it is done, so where it fails the whole transaction is
    given up. The others work inside savepoints.
    """
    if batch.members > 1:
        with batch.connection.begin_nested():
            yield
        return
    try:
        yield
    except BaseException:
        batch.broken = True
        raise


@contextmanager
def _translated(batch: Batch | None = None) -> Iterator[None]:
    """Turn failures of the database into the one refusal; faults of our own SQL stay.

    After a failure of the database nobody can tell what is left of the transaction, so `batch` is
    marked as broken and will not be committed.
    """
    try:
        yield
    except _OWN_FAULTS:
        raise
    except (exc.DBAPIError, exc.TimeoutError, exc.PendingRollbackError) as failure:
        if batch is not None:
            batch.broken = True
        raise unavailable() from failure


def _sqlite(url: URL, wait_seconds: float) -> Engine:
    engine = sa.create_engine(
        url,
        hide_parameters=True,
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=28,
        pool_timeout=wait_seconds,
        connect_args={"timeout": wait_seconds, "check_same_thread": False},
    )

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: ConnectionPoolEntry) -> None:
        # Python's driver would begin transactions on its own, and only before some statements.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    return engine


def _postgresql(url: URL, wait_seconds: float) -> Engine:
    """Connections that give up on locks and statements in the time that the ledger may take."""
    milliseconds = max(1, round(wait_seconds * 1000))
    settings = {
        "lock_timeout": milliseconds,
        "statement_timeout": 2 * milliseconds,
        "idle_in_transaction_session_timeout": 4 * milliseconds,
        "synchronous_commit": "on",
        "timezone": "UTC",
    }
    given = str(url.query.get("options", ""))
    options = " ".join([given, *(f"-c {name}={value}" for name, value in settings.items())])
    return sa.create_engine(
        url.set(drivername="postgresql+psycopg").update_query_dict({"options": options.strip()}),
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=4,
        max_overflow=28,
        pool_timeout=wait_seconds,
        connect_args={"connect_timeout": max(2, round(wait_seconds))},
    )
