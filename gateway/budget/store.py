"""The ledger's database: one writer at a time, durable commits, one way to say that it failed.

Every transaction that writes is serial with every other one. On SQLite it begins with BEGIN
IMMEDIATE (and threads of one process queue on a lock, which is fairer than SQLite's polling); on
PostgreSQL it begins by locking the one row of `audit_head`. So what a writer reads stays true until
it commits, and the audit chain has one end.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from gateway.budget.signing import Signer
from gateway.budget.tables import audit_head
from gateway.errors import Code, Refusal

WAIT_SECONDS = 15.0
"""How long a transaction waits for others before the ledger counts as not answering."""

SIGNER = "noisegate_signer"
"""The execution option under which a connection carries its `Signer`."""

_LOCK_HEAD = sa.select(audit_head.c.sequence).with_for_update()


def unavailable() -> Refusal:
    """What callers see when the ledger's database fails: nothing was done, trying again is safe."""
    return Refusal(
        Code.ENGINE_UNAVAILABLE,
        "The budget ledger did not answer, so nothing was run.",
        "Try again in a moment; with the same Idempotency-Key a retry is never charged twice. "
        "If it lasts, tell the administrator.",
    )


class Store:
    """Connections to the ledger's database.

    Every context manager here raises `Refusal(ENGINE_UNAVAILABLE)` when the database is locked for
    too long, full, broken or gone; the transaction is then rolled back.
    """

    def __init__(self, url: str | URL, wait_seconds: float = WAIT_SECONDS) -> None:
        """Connect lazily. Raises ValueError for a database that cannot keep what it is told."""
        parsed = make_url(url)
        self.backend = parsed.get_backend_name()
        self._wait = wait_seconds
        self._engine: Engine
        self._turn = threading.Lock()
        if self.backend == "sqlite":
            if parsed.database in (None, "", ":memory:") or "mode=memory" in str(parsed):
                raise ValueError("the ledger needs a database file, not one in memory")
            self._engine = _sqlite(parsed, wait_seconds)
        elif self.backend == "postgresql":
            self._engine = sa.create_engine(parsed, hide_parameters=True, pool_pre_ping=True)
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
        with self._serial("FULL") as connection:
            yield connection

    @contextmanager
    def noting(self) -> Iterator[Connection]:
        """As `writing`, but a power cut may forget it: for notes that guard no budget."""
        with self._serial("NORMAL") as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view of the last commit; it neither waits for writers nor stops them."""
        with _translated(), self._engine.connect() as connection:
            if self.backend == "sqlite":
                connection.exec_driver_sql("BEGIN")
            else:
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield connection

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """A serial transaction for a database whose tables may not exist yet."""
        with self._queue(), _translated(), self._engine.connect() as connection:
            if self.backend == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(5643017)")
            yield connection
            connection.commit()

    def close(self) -> None:
        """Close every connection; on SQLite this folds the write-ahead log into the file."""
        self._engine.dispose()

    @contextmanager
    def _serial(self, synchronous: str) -> Iterator[Connection]:
        with self._queue(), _translated(), self._engine.connect() as connection:
            if self.backend == "sqlite":
                connection.exec_driver_sql(f"PRAGMA synchronous = {synchronous}")
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                if synchronous == "NORMAL":
                    connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
                connection.execute(_LOCK_HEAD)
            yield connection
            connection.commit()

    @contextmanager
    def _queue(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=self._wait):
            raise unavailable()
        try:
            yield
        finally:
            self._turn.release()


@contextmanager
def _translated() -> Iterator[None]:
    """Turn failures of the database into the one refusal; faults of our own SQL stay."""
    try:
        yield
    except (exc.IntegrityError, exc.ProgrammingError, exc.DataError):
        raise
    except (exc.DBAPIError, exc.TimeoutError) as failure:
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
