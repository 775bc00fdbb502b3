"""What is said on one connection after login: the simple and the extended query protocol.

Every command of the client is answered in order. An error ends a batch of the simple protocol, and
in the extended one everything up to the next Sync.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Iterator, Sequence
from typing import TypeVar

from pygwire.messages import (
    BackendMessage,
    Bind,
    BindComplete,
    Close,
    CloseComplete,
    CommandComplete,
    CopyData,
    CopyDone,
    CopyFail,
    CopyOutResponse,
    DataRow,
    Describe,
    EmptyQueryResponse,
    Execute,
    FieldDescription,
    Flush,
    FrontendMessage,
    NoData,
    NoticeResponse,
    ParameterDescription,
    ParameterStatus,
    Parse,
    ParseComplete,
    PortalSuspended,
    Query,
    ReadyForQuery,
    RowDescription,
    Sync,
    Terminate,
)

from gateway.errors import Refusal
from gateway.server.postgres import copying, frames
from gateway.server.postgres.commands import UNBOUND, Bound, Portal
from gateway.server.postgres.copying import CopyOut
from gateway.server.postgres.departure import departed
from gateway.server.postgres.faults import Fault, State, internal, of_refusal
from gateway.server.postgres.formats import Field, expanded
from gateway.server.postgres.results import Result, Table
from gateway.server.postgres.session import Session
from gateway.server.postgres.statements import Statement, split

log = logging.getLogger("gateway.postgres")

FLUSH_BYTES = 65_536
"""How much is held back before it is sent; a client that does not read stops the writing."""
_QUIET = ("warning", "error")
T = TypeVar("T")

LOOK_SECONDS = 1.0
"""How often it is looked, while a statement runs, whether its client is still there."""


class Gone(Exception):
    """The client has closed the connection while something was sent: no fault of anybody's."""


class Conversation:
    """The protocol after login. `cancel` may be called from elsewhere on the loop."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, session: Session
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._session = session
        self._held = bytearray()
        self._running: asyncio.Future[object] | None = None
        self._cancelled = False
        self._looking: asyncio.TimerHandle | None = None
        self._skipping = False
        self._known = False
        self._told = session.settings.reported()

    async def run(self) -> None:
        """Answer until the client leaves. Raises a fatal `Fault` where it must not stay, `Gone` and
        `IncompleteReadError` where it has left without a goodbye."""
        await self._ready()
        while True:
            message = await frames.command(self._reader)
            if isinstance(message, Terminate):
                return
            if isinstance(message, Query):
                await self._simple(message)
            elif isinstance(message, Sync):
                self._skipping = False
                self._session.synchronized()
                await self._ready()
            elif isinstance(message, (CopyData, CopyDone, CopyFail)):
                continue  # what is left of a COPY that an error has ended
            elif not self._skipping:
                await self._extended(message)

    def cancel(self) -> None:
        """Stop the statement that runs now, if one does."""
        if self._running is not None and not self._running.done():
            self._cancelled = True
            self._running.cancel()

    async def _ready(self) -> None:
        self._known = False
        self._say(ReadyForQuery(status=self._session.transaction.status))
        await self._flush()

    async def _simple(self, message: Query) -> None:
        # A simple query ends what an error in the extended protocol would have skipped.
        self._skipping = False
        self._session.portals.pop("", None)
        try:
            await self._authorized()
            statements = split(message.query_string)
            if not statements:
                self._say(EmptyQueryResponse())
            for statement in statements:
                command = await self._interruptible(self._session.command(statement))
                if command.parameters:
                    raise _unbound(statement)
                result = await self._interruptible(command.run(UNBOUND))
                if isinstance(command, CopyOut):
                    await self._copy(result, command)
                else:
                    await self._whole(result)
        except (Fault, Refusal) as error:
            self._failed(error)
        except Gone:
            raise
        except Exception:
            log.exception("a statement failed", extra={"user": self._session.login.user})
            self._failed(internal())
        self._session.synchronized()
        await self._ready()

    async def _extended(self, message: FrontendMessage) -> None:
        try:
            await self._authorized()
            await self._carried_out(message)
        except (Fault, Refusal) as error:
            self._skipping = True
            self._failed(error)
        except Gone:
            raise
        except Exception:
            log.exception("a statement failed", extra={"user": self._session.login.user})
            self._skipping = True
            self._failed(internal())
        if len(self._held) > FLUSH_BYTES or self._skipping:
            await self._flush()

    async def _carried_out(self, message: FrontendMessage) -> None:
        if isinstance(message, Parse):
            await self._interruptible(
                self._session.prepare(message.statement, message.query, message.param_types)
            )
            self._say(ParseComplete())
        elif isinstance(message, Bind):
            self._bind(message)
        elif isinstance(message, Describe):
            await self._describe(message)
        elif isinstance(message, Execute):
            await self._execute(message)
        elif isinstance(message, Close):
            kept = self._session.prepared if message.kind == "S" else self._session.portals
            kept.pop(message.name, None)
            self._say(CloseComplete())
        elif isinstance(message, Flush):
            await self._flush()
        else:
            raise Fault(
                State.FEATURE_NOT_SUPPORTED,
                "Functions cannot be called without SQL.",
                "Write SELECT function(…).",
            )

    async def _authorized(self) -> None:
        """Once in every cycle, so that a key that was revoked is of no use from then on."""
        if not self._known:
            await self._session.authorize()
            self._known = True

    def _bind(self, message: Bind) -> None:
        prepared = self._session.statement(message.statement)
        command = prepared.command
        wanted = 0 if command is None else len(command.parameters)
        if len(message.param_values) != wanted:
            raise Fault(
                State.PROTOCOL_VIOLATION,
                f"{len(message.param_values)} parameters were sent; the statement has {wanted}.",
                "Send one value for each $ number.",
            )
        codes = (message.param_formats, len(message.param_values)), (message.result_formats, None)
        for given, count in codes:
            wrong = count is not None and len(given) not in (0, 1, count)
            if wrong or not set(given) <= {0, 1}:
                raise Fault(
                    State.PROTOCOL_VIOLATION,
                    "The format codes do not fit the values.",
                    "Send none, one for all, or one each; 0 is text and 1 binary.",
                )
        bound = Bound(
            values=tuple(message.param_values),
            value_formats=tuple(message.param_formats),
            result_formats=tuple(message.result_formats),
        )
        self._session.open(message.portal, Portal(command=command, bound=bound))
        self._say(BindComplete())

    async def _describe(self, message: Describe) -> None:
        if message.kind == "S":
            command = self._session.statement(message.name).command
            oids = () if command is None else command.parameters
            self._say(ParameterDescription(type_oids=list(oids)))
            formats: Sequence[int] = ()
        else:
            portal = self._portal(message.name)
            command, formats = portal.command, portal.bound.result_formats
            if portal.result is not None and portal.result.table is not None:
                self._describe_fields(portal.result.table.fields, formats)
                return
        fields = None if command is None else await self._interruptible(command.fields())
        if fields is None:
            self._say(NoData())
        else:
            self._describe_fields(fields, formats)

    def _describe_fields(self, fields: Sequence[Field], formats: Sequence[int]) -> None:
        if len(formats) > 1 and len(formats) != len(fields):
            raise Fault(
                State.PROTOCOL_VIOLATION,
                f"{len(formats)} result formats were sent; there are {len(fields)} columns.",
                "Send none, one for all, or one for each column.",
            )
        described = zip(fields, expanded(formats, len(fields)), strict=True)
        self._say(
            RowDescription(
                fields=[
                    FieldDescription(
                        name=column.name,
                        table_oid=column.table,
                        column_attr=column.attribute,
                        type_oid=column.oid,
                        type_size=column.size,
                        type_modifier=column.modifier,
                        format_code=form,
                    )
                    for column, form in described
                ]
            )
        )

    async def _execute(self, message: Execute) -> None:
        portal = self._portal(message.portal)
        if portal.command is None:
            self._say(EmptyQueryResponse())
            return
        first = portal.result is None
        result = await self._interruptible(portal.opened())
        if isinstance(portal.command, CopyOut):
            await self._copy(result, portal.command)
            return
        if first:
            self._notices(result.notices)
        table = result.table
        if table is None:
            if not first:
                raise Fault(
                    State.OBJECT_NOT_IN_STATE,
                    "The statement was run already.",
                    "Bind it again to run it again.",
                )
            self._complete(result.tag)
            return
        formats = portal.formats(table)
        if len(formats) != len(table.fields):
            self._describe_fields(table.fields, formats)  # refuses
        rest = len(table) - portal.position
        # PostgreSQL reads a negative limit as none; the codec reads it without a sign.
        limit = message.max_rows if 0 < message.max_rows < 2**31 else 0
        count = min(rest, limit) if limit else rest
        await self._rows(table, range(portal.position, portal.position + count), formats)
        portal.position += count
        if limit and count == limit:
            self._say(PortalSuspended())
        else:
            self._complete(_tag(result, count))

    def _portal(self, name: str) -> Portal:
        portal = self._session.portals.get(name)
        if portal is None:
            raise Fault(
                State.INVALID_CURSOR_NAME,
                f'portal "{name[:80]}" does not exist',
                "Send Bind first; portals end with their transaction.",
            )
        return portal

    async def _whole(self, result: Result) -> None:
        """All rows of a result as text, as the simple protocol sends them."""
        self._notices(result.notices)
        table = result.table
        if table is None:
            self._complete(result.tag)
            return
        self._describe_fields(table.fields, ())
        await self._rows(table, range(len(table)), expanded((), len(table.fields)))
        self._complete(_tag(result, len(table)))

    async def _rows(self, table: Table, indices: Sequence[int], formats: Sequence[int]) -> None:
        await self._many(DataRow(columns=list(row)) for row in table.written(indices, formats))

    async def _copy(self, result: Result, command: CopyOut) -> None:
        table, form = result.table, command.style.format
        if table is None:
            raise Fault(State.FEATURE_NOT_SUPPORTED, "Only queries can be copied.", "COPY (SELECT")
        self._notices(result.notices)
        self._say(CopyOutResponse(overall_format=form, col_formats=[form] * len(table.fields)))
        await self._many(CopyData(data=chunk) for chunk in copying.chunks(table, command.style))
        self._say(CopyDone())
        self._complete(_tag(result, len(table)))

    async def _many(self, messages: Iterator[BackendMessage]) -> None:
        for message in messages:
            self._say(message)
            if len(self._held) > FLUSH_BYTES:
                await self._flush()
                # A reader as fast as we are never makes us wait, and others want their turn.
                await asyncio.sleep(0)

    def _complete(self, tag: str) -> None:
        self._changes()
        self._say(CommandComplete(tag=tag))

    def _changes(self) -> None:
        """Tell the settings that the statement has changed and that clients follow."""
        now = self._session.settings.reported()
        for name, value in now.items():
            if self._told.get(name) != value:
                self._say(ParameterStatus(name=name, value=value))
        self._told = now

    def _notices(self, notices: Sequence[NoticeResponse]) -> None:
        least = self._session.settings["client_min_messages"]
        for notice in notices:
            level = notice.fields["S"].lower()
            if least not in _QUIET or (level == "warning" and least == "warning"):
                self._say(notice)

    def _failed(self, error: Fault | Refusal) -> None:
        fault = error if isinstance(error, Fault) else of_refusal(error)
        if fault.fatal:
            raise fault
        self._session.failed()
        self._say(fault.response)

    async def _interruptible(self, work: Awaitable[T]) -> T:
        """The result of work that a cancel request or `statement_timeout` may end."""
        running: asyncio.Future[T] = asyncio.ensure_future(work)
        self._running = running  # type: ignore[assignment]
        self._cancelled = False
        self._look_later()
        try:
            async with asyncio.timeout(self._session.settings.seconds):
                return await running
        except TimeoutError:
            raise _ended("statement timeout") from None
        except asyncio.CancelledError:
            if not self._cancelled:
                raise
            raise _ended("user request") from None
        finally:
            self._running = None
            if self._looking is not None:
                self._looking.cancel()

    def _look(self) -> None:
        """Stop the statement where its client has closed the connection meanwhile."""
        if departed(self._reader, self._writer):
            self.cancel()
        else:
            self._look_later()

    def _look_later(self) -> None:
        self._looking = asyncio.get_running_loop().call_later(LOOK_SECONDS, self._look)

    def _say(self, message: BackendMessage) -> None:
        self._held += message.to_wire()

    async def _flush(self) -> None:
        if self._held:
            self._writer.write(bytes(self._held))
            self._held.clear()
        try:
            await self._writer.drain()
        except OSError as error:
            raise Gone from error


def _tag(result: Result, count: int) -> str:
    return result.tag if result.tag == "SHOW" else f"{result.tag} {count}"


def _unbound(statement: Statement) -> Fault:
    first = next((w for w in statement.words if not w.string and w.text.startswith("$")), None)
    return Fault(
        State.UNDEFINED_PARAMETER_NUMBER,
        f"there is no parameter {first.text if first else '$1'}",
        "Send the statement with Parse and Bind, or PREPARE and EXECUTE it.",
        position=statement.offset + first.start + 1 if first else None,
    )


def _ended(why: str) -> Fault:
    return Fault(
        State.QUERY_CANCELED,
        f"canceling statement due to {why}",
        "If the database was asked already, the charge stands.",
    )
