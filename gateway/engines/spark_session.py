"""A session with a Spark Connect server: opened, kept, opened anew when the server lost it.

Nothing of the meaning of a statement is left to the cluster: `spark_settings` holds for each
session. Where a policy names files, the session has a temporary view of each; tables of a catalog
are named in full, and so need nothing.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import uuid
import warnings
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from gateway.engines.spark_settings import SETTINGS
from gateway.errors import Code, NothingRead
from gateway.rewrite.dialects.spark import quoted
from gateway.sql.functions.spark.forms import text_literal

if TYPE_CHECKING:
    from pyspark.sql.connect.session import SparkSession

_LOG = logging.getLogger("gateway.engines")

_RETRIES, _FIRST_WAIT_MS = 3, 50
"""Of a call that did not reach the server: about a second in all."""
_GRACE_SECONDS = 10.0
"""How long a server may take to end a statement, before the connection to it is given up."""
_ASK_AGAIN_SECONDS = 0.5
_LOST = "INVALID_HANDLE.SESSION"


def faults() -> tuple[type[Exception], ...]:
    """What a call to Spark fails with; ValueError is of a connection that was closed meanwhile."""
    import grpc
    from pyspark.errors import PySparkException

    return (PySparkException, grpc.RpcError, ValueError)


class Sessions:
    """The one session of an engine. Safe to use from many threads."""

    def __init__(self, url: str, files: Mapping[str, str]) -> None:
        self._url = url
        self._files = files
        self._lock = threading.Lock()
        self._session: SparkSession | None = None
        self._closed = False
        self.lost = 0
        """How many the server lost."""

    def current(self) -> SparkSession:
        """The session, opened where there is none. Raises NothingRead."""
        with self._lock:
            if self._closed:
                raise NothingRead(
                    Code.ENGINE_UNAVAILABLE,
                    "The database is closed.",
                    "The gateway is stopping; ask again when it is back.",
                )
            if self._session is None or self._session.is_stopped:
                self._session = self._opened()
            return self._session

    def drop(self, session: SparkSession) -> None:
        """Forget a session that the server lost, or whose connection broke."""
        with self._lock:
            if self._session is session:
                self._session = None
                self.lost += 1
        _end(session)

    def close(self) -> None:
        """Let go of the session; a second call does nothing."""
        with self._lock:
            self._closed = True
            session, self._session = self._session, None
        if session is not None:
            _end(session, release=True)

    def _opened(self) -> SparkSession:
        session = None
        try:
            session = _connected(self._url)
            _set(session)
            for table, path in self._files.items():
                session.sql(
                    f"CREATE OR REPLACE TEMPORARY VIEW {quoted(table)} USING parquet "
                    f"OPTIONS (path {text_literal(path)})"
                )
        except faults() as error:
            _LOG.error("opening a session of Spark failed: %s", brief(error))
            if session is not None:
                _end(session)
            raise unreachable() from None
        return session


def _set(session: SparkSession) -> None:
    with warnings.catch_warnings():
        # Of settings that a later Spark drops; until then they count.
        warnings.simplefilter("ignore", UserWarning)
        for name, value in SETTINGS.items():
            session.conf.set(name, value)


def _connected(url: str) -> SparkSession:
    with warnings.catch_warnings():
        # The client says that not all of it works beside pandas 3; the gateway uses Arrow alone.
        warnings.simplefilter("ignore", FutureWarning)
        from pyspark.sql.connect.client.retries import DefaultPolicy
        from pyspark.sql.connect.session import SparkSession
    # Its own log of failures is JSON with the server's words, beside the query's id.
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL + 1)
    session = SparkSession(url)
    policy = DefaultPolicy(max_retries=_RETRIES, initial_backoff=_FIRST_WAIT_MS)
    session.client.set_retry_policies([policy])
    return session


def _end(session: SparkSession, *, release: bool = False) -> None:
    """Close a session's connection; `release` lets the server forget it, which may take a while."""
    session.release_session_on_close = release
    with contextlib.suppress(*faults()):
        session.stop()


def lost(error: Exception) -> bool:
    """Whether the server no longer knows the session, so that it has begun nothing."""
    return _LOST in str(error)


def brief(error: Exception) -> str:
    """An error without the server's stack."""
    return str(error).partition("JVM stacktrace")[0].strip()


def unreachable() -> NothingRead:
    """No session could be had."""
    return NothingRead(
        Code.ENGINE_UNAVAILABLE,
        "Spark did not answer.",
        "Ask again in a while. Nothing was read.",
    )


class Running:
    """One statement on the server, which can be ended there by its tag."""

    def __init__(self, session: SparkSession) -> None:
        self._session = session
        self._tag = f"noisegate-{uuid.uuid4().hex}"
        self._done = threading.Event()
        self.expired = threading.Event()

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """What the block runs on the session is ended after so many seconds."""
        timer = threading.Timer(seconds, self._expire)
        timer.daemon = True
        timer.start()
        self._session.addTag(self._tag)
        try:
            yield
        finally:
            self._done.set()
            timer.cancel()
            self._session.removeTag(self._tag)

    def _expire(self) -> None:
        self.expired.set()
        self._interrupt()

    def end(self) -> None:
        """Have the server end the statement; returns at once."""
        threading.Thread(target=self._interrupt, name="spark-interrupt", daemon=True).start()

    def _interrupt(self) -> None:
        """Again and again, for what has not begun yet is not ended; a server that does not answer
        at all is left, which ends the call here."""
        given_up = threading.Timer(_GRACE_SECONDS, self._give_up)
        given_up.daemon = True
        given_up.start()
        while not self._done.is_set():
            with contextlib.suppress(*faults()):
                self._session.interruptTag(self._tag)
            self._done.wait(_ASK_AGAIN_SECONDS)
        given_up.cancel()

    def _give_up(self) -> None:
        if not self._done.is_set():
            _LOG.warning("Spark did not end a statement; its connection is closed")
            _end(self._session)


def described(session: SparkSession, name: str) -> Any | None:
    """The schema of a table, a `StructType`; None where there is none of that name."""
    from pyspark.errors import AnalysisException

    try:
        return session.table(name).schema
    except AnalysisException as error:
        condition = error.getCondition() or ""
        if condition.split(".")[0] in _NOT_FOUND:
            return None
        raise


_NOT_FOUND = {
    *("TABLE_OR_VIEW_NOT_FOUND", "SCHEMA_NOT_FOUND", "CATALOG_NOT_FOUND"),
    *("NO_SUCH_CATALOG_EXCEPTION", "REQUIRES_SINGLE_PART_NAMESPACE", "FORBIDDEN_OPERATION"),
}
