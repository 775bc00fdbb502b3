"""The process that holds the locked DuckDB. It is given checked statements and nothing else.

One thread follows the gateway's orders on the control socket: a new channel, or that a statement
shall end. Each channel has a thread of its own, which runs one statement after the other. When the
gateway goes, however it goes, the control socket ends and the process with it.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import select
import shutil
import socket
import struct
import threading
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

import duckdb
import pyarrow as pa

from gateway.engines import duckdb_frames as frames
from gateway.engines.duckdb_kept import Kept, Shelf
from gateway.engines.duckdb_open import Data, NotOpened, Opened, open_data

ORDER = struct.Struct("!cII")
"""What it is, the channel, the statement's number."""
CHANNEL = b"c"
"""A new channel: its socket comes with this."""
END = b"e"
"""End a statement, if it still runs."""

_INTERRUPT_EVERY_SECONDS = 0.05
_BATCH_ROWS = 65_536
_BEGIN = "BEGIN TRANSACTION READ ONLY"
_OUT_OF_SPILL = "max_temp_directory_size"


class Worker:
    """What one worker process does from beginning to end."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._opened: Opened | None = None
        self._spill: Path | None = None
        self._shelf: Shelf | None = None
        self._lock = threading.Lock()
        self._running: dict[tuple[int, int], duckdb.DuckDBPyConnection] = {}
        self._ending: set[tuple[int, int]] = set()
        self._last: dict[int, float] = {}
        """By channel, the number of the last statement that is over."""

    def serve(self) -> NoReturn:
        """Follow orders until the gateway is gone; then end at once, whatever runs."""
        try:
            while self._follow():
                self._interrupt()
        finally:
            if self._spill is not None:
                shutil.rmtree(self._spill, ignore_errors=True)
            os._exit(0)

    def _follow(self) -> bool:
        """The next order, waited for while nothing is to be interrupted; False at the end.

        An interrupt that falls between two steps of a query is lost, so it is repeated.
        """
        wait = _INTERRUPT_EVERY_SECONDS if self._ending else None
        if not select.select([self._control], [], [], wait)[0]:
            return True
        data, sockets, _, _ = socket.recv_fds(self._control, ORDER.size, 1)
        while data and len(data) < ORDER.size:
            more = self._control.recv(ORDER.size - len(data))
            data = data + more if more else b""
        if not data:
            return False
        order, channel, number = ORDER.unpack(data)
        if order == END:
            with self._lock:
                self._ending.add((channel, number))
        elif order == CHANNEL:
            given = socket.socket(fileno=sockets[0])
            threading.Thread(target=self._talk, args=(channel, given), daemon=True).start()
        return True

    def _interrupt(self) -> None:
        with self._lock:
            self._ending = {one for one in self._ending if self._last.get(one[0], 0) < one[1]}
            for statement in self._ending & self._running.keys():
                self._running[statement].interrupt()

    def _talk(self, channel: int, given: socket.socket) -> None:
        with given, self._forgotten(channel), contextlib.suppress(EOFError, OSError):
            while True:
                kind, payload = frames.receive(given)
                if kind == frames.OPEN:
                    self._given(given, json.loads(payload))
                else:
                    request = json.loads(payload)
                    kept = None if request["kept"] is None else Kept(**request["kept"])
                    self._answer(given, (channel, request["number"]), request["sql"], kept)

    @contextlib.contextmanager
    def _forgotten(self, channel: int) -> Iterator[None]:
        try:
            yield
        finally:
            with self._lock:
                self._last[channel] = math.inf

    def _given(self, given: socket.socket, described: dict[str, object]) -> None:
        data = Data.of_json(described)
        try:
            self._opened = open_data(data)
        except NotOpened as error:
            told = {"table": error.table, "found": error.found, "allowed": error.allowed}
            frames.send_json(given, frames.NOT_OPENED, told | {"log": error.log})
            return
        self._spill = Path(data.spill_directory)
        self._shelf = Shelf(data.paths)
        schema = {
            name: [asdict(column) for column in columns]
            for name, columns in self._opened.schema.items()
        }
        frames.send_json(given, frames.SCHEMA, schema)

    def _answer(
        self, given: socket.socket, statement: tuple[int, int], sql: str, kept: Kept | None
    ) -> None:
        frames.send(given, frames.BEGUN)
        try:
            with self._cursor(statement) as cursor:
                if not _one_select(cursor, sql):
                    frames.send_json(given, frames.FAILED, {"kind": frames.REFUSED, "text": ""})
                    return
                found = None if kept is None else self._by_what_is_kept(cursor, sql, kept)
                if found is not None:
                    _send(given, found.schema, found.to_batches())
                else:
                    cursor.execute(_BEGIN)
                    with cursor.sql(sql).to_arrow_reader(_BATCH_ROWS) as batches:
                        _send(given, batches.schema, batches)
        except ConnectionError:
            raise  # the gateway has no more use for the result
        except (duckdb.Error, pa.ArrowException, MemoryError, OSError) as error:
            told = {"kind": _kind(error), "text": str(error)}
            frames.send_json(given, frames.FAILED, told)
            return
        frames.send(given, frames.DONE)

    def _by_what_is_kept(
        self, cursor: duckdb.DuckDBPyConnection, sql: str, kept: Kept
    ) -> pa.Table | None:
        """The statement's result where something is kept that gives it; held back until it is
        known that the files did not change meanwhile."""
        shelf = self._shelf
        if shelf is None or not (
            _one_select(cursor, kept.totals) and _one_select(cursor, kept.light)
        ):
            return None
        chosen = shelf.chosen(cursor, sql, kept)
        if chosen is None:
            return None
        cursor.execute(_BEGIN)
        table = cursor.sql(chosen.sql).to_arrow_table()
        cursor.execute("ROLLBACK")
        return table if shelf.version() == chosen.version else None

    @contextlib.contextmanager
    def _cursor(self, statement: tuple[int, int]) -> Iterator[duckdb.DuckDBPyConnection]:
        if self._opened is None:
            raise AssertionError("data are opened before a statement is sent")
        with contextlib.closing(self._opened.connection.cursor()) as cursor:
            with self._lock:
                self._running[statement] = cursor
            try:
                yield cursor
            finally:
                with self._lock:
                    del self._running[statement]
                    self._last[statement[0]] = statement[1]


def _send(given: socket.socket, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
    sender = frames.Sender(given, frames.ARROW)
    with pa.ipc.new_stream(sender, schema) as stream:
        for batch in batches:
            stream.write_batch(batch)
    sender.flush()


def _one_select(cursor: duckdb.DuckDBPyConnection, sql: str) -> bool:
    """A second guard behind the allow-list, which never lets anything else come this far."""
    statements = cursor.extract_statements(sql)
    return len(statements) == 1 and statements[0].type == duckdb.StatementType.SELECT


def _kind(error: Exception) -> str:
    """Errors that stopped a stream of batches come as Arrow's, with DuckDB's text."""
    text = str(error)
    if isinstance(error, duckdb.InterruptException) or "INTERRUPT Error" in text:
        return frames.INTERRUPTED
    if _OUT_OF_SPILL in text or "No space left on device" in text:
        return frames.SPILL
    if isinstance(error, (duckdb.OutOfMemoryException, MemoryError)) or "Out of Memory" in text:
        return frames.MEMORY
    return frames.ERROR
