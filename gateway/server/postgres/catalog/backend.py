"""One connection to a PostgreSQL server: values pass through in the client's formats."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pygwire.messages import (
    Bind,
    DataRow,
    Describe,
    ErrorResponse,
    Execute,
    ParameterDescription,
    Parse,
    PGMessage,
    Query,
    RowDescription,
    Sync,
    Terminate,
)

from gateway.server.postgres.catalog.address import Address, Login
from gateway.server.postgres.catalog.entry import entered
from gateway.server.postgres.commands import Bound
from gateway.server.postgres.faults import Fault, State
from gateway.server.postgres.formats import Field, expanded
from gateway.server.postgres.results import Row

_HEADER = struct.Struct("!cI")
MOST_BYTES = 64 * 1_048_576
"""The most that one answer may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """The parameters' types and the columns of a statement."""

    parameters: tuple[int, ...]
    fields: tuple[Field, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """Rows as another server wrote them, in `formats` and no other."""

    fields: tuple[Field, ...]
    rows: Sequence[Row]
    formats: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def written(self, indices: Sequence[int], formats: Sequence[int]) -> Iterator[Row]:
        """Some rows, by index."""
        if tuple(formats) != self.formats:
            raise Fault(
                State.FEATURE_NOT_SUPPORTED,
                "A cursor over the catalog gives text only.",
                "FETCH without asking for binary values, or leave the cursor out.",
            )
        return (self.rows[index] for index in indices)


class Backend:
    """A connection. After any exception but `Fault` it must not be used again."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def prepared(self, sql: str, oids: Sequence[int]) -> Described:
        """What a statement takes and gives, without running it. Raises `Fault`."""
        answers = await self.asked(
            Parse(query=sql, param_types=list(oids)), Describe(kind="S"), Sync()
        )
        parameters: tuple[int, ...] = ()
        fields = None
        for tag, payload in answers:
            if tag == b"t":
                parameters = tuple(ParameterDescription.decode(memoryview(payload)).type_oids)
            elif tag == b"T":
                fields = _fields(payload)
        return Described(parameters=parameters, fields=fields)

    async def run(self, sql: str, oids: Sequence[int], bound: Bound) -> RawTable:
        """The rows of a query. Raises `Fault`."""
        answers = await self.asked(
            Parse(query=sql, param_types=list(oids)),
            Bind(
                param_formats=list(bound.value_formats),
                param_values=list(bound.values),
                result_formats=list(bound.result_formats),
            ),
            Describe(kind="P"),
            Execute(),
            Sync(),
        )
        fields: tuple[Field, ...] = ()
        rows: list[Row] = []
        for tag, payload in answers:
            if tag == b"T":
                fields = _fields(payload)
            elif tag == b"D":
                rows.append(DataRow.decode(memoryview(payload)).columns)
        formats = tuple(expanded(bound.result_formats, len(fields)))
        return RawTable(fields=fields, rows=rows, formats=formats)

    async def execute(self, sql: str) -> list[tuple[str | None, ...]]:
        """Statements of our own, and the rows that they give, as text. Raises `Fault`."""
        answers = await self.asked(Query(query_string=sql))
        rows = [DataRow.decode(memoryview(payload)) for tag, payload in answers if tag == b"D"]
        return [tuple(None if c is None else c.decode() for c in row.columns) for row in rows]

    def close(self) -> None:
        """End the connection."""
        if not self._writer.is_closing():
            self._writer.write(Terminate().to_wire())
            self._writer.close()

    async def asked(self, *messages: PGMessage) -> list[tuple[bytes, bytes]]:
        """All that comes back until the server is ready again. Raises `Fault`."""
        self._writer.write(b"".join(message.to_wire() for message in messages))
        await self._writer.drain()
        found: list[tuple[bytes, bytes]] = []
        failed: ErrorResponse | None = None
        held = 0
        while True:
            try:
                head = await self._reader.readexactly(_HEADER.size)
            except asyncio.IncompleteReadError:
                if failed is not None:  # a login or session that the server ends
                    break
                raise
            tag, length = _HEADER.unpack(head)
            payload = await self._reader.readexactly(length - 4)
            held += length
            if tag == b"Z":
                break
            if tag == b"E":
                failed = ErrorResponse.decode(memoryview(payload))
            elif held <= MOST_BYTES:
                found.append((tag, payload))
        if failed is not None:
            raise _told(failed)
        if held > MOST_BYTES:
            raise Fault(
                State.PROGRAM_LIMIT_EXCEEDED,
                f"The catalog's answer is larger than {MOST_BYTES} bytes.",
                "Ask for fewer rows.",
            )
        return found


async def connected(address: Address, login: Login, database: str) -> Backend:
    """A connection to a server. Raises `Fault`, OSError, `IncompleteReadError`."""
    reader, writer = await entered(address, login, database)
    backend = Backend(reader, writer)
    try:
        await backend.asked()
    except BaseException:
        writer.close()
        raise
    return backend


def _fields(payload: bytes) -> tuple[Field, ...]:
    return tuple(
        Field(
            name=column.name,
            oid=column.type_oid,
            size=column.type_size,
            modifier=column.type_modifier,
            table=column.table_oid,
            attribute=column.column_attr,
        )
        for column in RowDescription.decode(memoryview(payload)).fields
    )


def _told(error: ErrorResponse) -> Fault:
    """PostgreSQL's own words: nothing but names of the schema can stand in them."""
    position = error.fields.get("P", "")
    return Fault(
        error.code or State.INTERNAL,
        error.message,
        error.fields.get("H", ""),
        detail=error.fields.get("D", ""),
        position=int(position) if position.isdigit() else None,
    )
