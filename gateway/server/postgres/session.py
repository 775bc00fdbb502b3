"""One login: what it may ask, its settings, prepared statements, portals and transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.budget.allowances import allowance_for
from gateway.edges import Analyst
from gateway.errors import Code, Refusal
from gateway.exchange import Request
from gateway.planning import dataset_of
from gateway.policy.catalog import Dataset
from gateway.postprocess.present import remaining
from gateway.server.desk import Desk
from gateway.server.postgres import (
    adjustments,
    constants,
    copying,
    cursors,
    parameters,
    preparing,
    transactions,
)
from gateway.server.postgres.catalog import routing
from gateway.server.postgres.catalog.introspection import introspection
from gateway.server.postgres.catalog.routing import Place
from gateway.server.postgres.catalog.shadow import Shadow
from gateway.server.postgres.commands import Command, Portal, Prepared
from gateway.server.postgres.constants import Known
from gateway.server.postgres.faults import Fault, State
from gateway.server.postgres.questions import Question
from gateway.server.postgres.settings import SERVER_VERSION, Settings
from gateway.server.postgres.statements import Statement, split
from gateway.server.postgres.transactions import FAILED, IDLE, Transaction, TransactionCommand

MOST_PREPARED = 5_000
"""The most prepared statements, and the most portals, that one session keeps."""
_QUERIES = ("select", "with", "values", "table", "(", "explain")


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Who has logged in, with which key, to which database."""

    key_id: int
    user: str
    database: str
    process: int


class Session:
    """What a connection remembers between statements."""

    def __init__(self, desk: Desk, shadow: Shadow, login: Login) -> None:
        self.desk = desk
        self._shadow = shadow
        self.login = login
        self.settings = Settings(
            {
                "server_version": SERVER_VERSION,
                "session_authorization": login.user,
                "noisegate.dataset": login.database,
            }
        )
        self.prepared: dict[str, Prepared] = {}
        self.portals: dict[str, Portal] = {}
        self.transaction = Transaction(self.settings, self._transaction_ended)
        self.known = Known(
            user=login.user,
            database=login.database,
            version=SERVER_VERSION,
            process=login.process,
        )
        self._analyst = Analyst(name=login.user, roles=())
        self._named = {""}

    async def authorize(self) -> None:
        """Ask the ledger whether the key works still, and for the roles of now.

        Raises a fatal `Fault` once it was revoked.
        """
        found = await asyncio.to_thread(self.desk.gateway.books.verifiers.holder, self.login.key_id)
        if found is None:
            raise Fault(
                State.INVALID_AUTHORIZATION,
                "This connection's key was revoked.",
                "Log in with a new key; an administrator makes one with `noisegate user add`.",
                fatal=True,
            )
        self._analyst = found

    async def understood(self, text: str, oids: Sequence[int]) -> Command | None:
        """The command of a text that holds one statement; None for an empty one."""
        found = split(text)
        if len(found) > 1:
            raise Fault(
                State.SYNTAX_ERROR,
                "cannot insert multiple commands into a prepared statement",
                "Send them one by one, or with the simple protocol.",
            )
        return await self.command(found[0], oids) if found else None

    async def command(self, statement: Statement, oids: Sequence[int] | None = None) -> Command:
        """The command of a statement. Raises `Fault` for what is not understood, and for all but
        the end of a transaction that has failed.

        `oids` are the types of parameters that the client knows; None where it can send none.
        """
        command = transactions.understood(statement, self.transaction)
        if self.transaction.status is FAILED and not (
            isinstance(command, TransactionCommand) and command.ends
        ):
            raise Fault(
                State.IN_FAILED_SQL_TRANSACTION,
                "current transaction is aborted, commands ignored until end of transaction block",
                "Send ROLLBACK; what was charged stays charged.",
            )
        found = (
            command
            or adjustments.understood(statement, self.settings, self._remaining, self._discard)
            or constants.understood(statement, self.known)
            or await self._kept(statement, oids)
            or await self._read(statement, oids)
        )
        if found is None:
            raise _not_understood(statement)
        return found

    async def prepare(self, name: str, text: str, oids: Sequence[int]) -> None:
        """Keep a statement under a name; the empty name is replaced each time."""
        self._make_room(name)
        self.prepared[name] = Prepared(command=await self.understood(text, oids))

    def statement(self, name: str) -> Prepared:
        """A prepared statement by name; raises `Fault`."""
        return preparing.found(self.prepared, name)

    def open(self, name: str, portal: Portal) -> None:
        """Keep a portal under a name; the empty name is replaced each time."""
        if name and name in self.portals:
            raise Fault(
                State.DUPLICATE_CURSOR, f'cursor "{name[:80]}" already exists', "Close it first."
            )
        self.portals.pop(name, None)
        _room(self.portals)
        self.portals[name] = portal

    def synchronized(self) -> None:
        """The end of a cycle: outside a transaction, portals go with it."""
        if self.transaction.status is IDLE:
            self._transaction_ended(committed=True)

    def failed(self) -> None:
        """A statement failed: its transaction has, and outside of one what it has made is gone."""
        self.transaction.failed()
        if self.transaction.status is IDLE:
            self._transaction_ended(committed=False)

    async def _prepare_query(self, name: str, query: Statement, oids: Sequence[int]) -> None:
        """PREPARE: keep a query, and nothing but a query, under a name."""
        self._make_room(name)
        command = None if query.begins("copy") else await self._read(query, oids)
        if command is None:
            raise _not_understood(query)
        self.prepared[name] = Prepared(command=command)

    def _make_room(self, name: str) -> None:
        if name and name in self.prepared:
            raise Fault(
                State.DUPLICATE_PREPARED_STATEMENT,
                f'prepared statement "{name[:80]}" already exists',
                "DEALLOCATE it first.",
            )
        self.prepared.pop(name, None)
        _room(self.prepared)

    def _transaction_ended(self, *, committed: bool) -> None:
        """Drop the portals that end with it; a cursor WITH HOLD stays once it is committed."""
        for name, portal in list(self.portals.items()):
            if portal.held and committed:
                portal.committed = True
            elif not portal.committed:
                del self.portals[name]

    async def _kept(self, statement: Statement, oids: Sequence[int] | None) -> Command | None:
        """What is about cursors and prepared statements."""
        words = statement.words
        if statement.begins("declare"):
            return await self._declaration(statement, oids)
        if words[0].means("fetch", "move"):
            found = cursors.movement_of(words[1:])
            if found is None:
                return None
            movement, name = found
            sends = words[0].means("fetch")
            return cursors.Fetch(name=name, movement=movement, portals=self.portals, sends=sends)
        if statement.begins("close") and len(words) == 2:
            every = words[1].means("all")
            name_or_all = None if every else words[1].text
            return cursors.Closing(name=name_or_all, portals=self.portals)
        if statement.begins("unlisten"):
            return adjustments.Adjustment(act=_nothing, tag="UNLISTEN")
        return preparing.understood(statement, self.prepared, self._prepare_query)

    async def _declaration(
        self, statement: Statement, oids: Sequence[int] | None
    ) -> Command | None:
        found = cursors.declared(statement)
        if found is None:
            return None
        name, options, query = found
        command = await self._read(query, oids)
        if command is None:
            raise _not_understood(query)
        return cursors.Declaration(
            name=name,
            command=command,
            portals=self.portals,
            scrolls="no_scroll" not in options,
            held="hold" in options,
            in_transaction=lambda: self.transaction.status is not IDLE,
        )

    async def _read(self, statement: Statement, oids: Sequence[int] | None) -> Command | None:
        """A query, or COPY of one."""
        if statement.begins("copy"):
            parts = copying.parts(statement)
            command = await self._read(parts.query, oids)
            if command is None:
                raise _not_understood(parts.query)
            return copying.CopyOut(command=command, style=copying.style_of(parts.options))
        if not statement.words or not statement.words[0].means(*_QUERIES):
            return None
        dataset = self._dataset()
        name = self.settings["noisegate.dataset"]
        found = routing.place(statement, name, names_of(dataset) if dataset else ())
        if dataset is not None and (
            found is Place.CATALOG or (found is Place.NOWHERE and self._shadow.available)
        ):
            return await introspection(
                statement, self._shadow, self.login.user, self._current, oids
            )
        return Question(
            statement=statement,
            desk=self.desk,
            settings=self.settings,
            ask=self._request,
            named=self._name,
            parameters=self._parameters(statement, oids or (), dataset),
        )

    def _parameters(
        self, statement: Statement, oids: Sequence[int], dataset: Dataset | None
    ) -> tuple[int, ...]:
        # Most statements have none, and reading the SQL once more takes as long as all the rest.
        if not oids and not any(word.text.startswith("$") for word in statement.words):
            return ()
        return parameters.wanted(statement.text, oids, dataset)

    def _request(self) -> Request:
        return Request(
            query_id="",
            analyst=self._analyst,
            sql="",
            dataset=self.settings["noisegate.dataset"] or None,
            epsilon=self.settings.number("noisegate.epsilon"),
            max_error=self.settings.number("noisegate.max_error"),
            confidence=float(self.settings["noisegate.confidence"]),
        )

    async def _name(self, request: Request) -> None:
        """Tell the audit trail what the client calls itself, once for every name."""
        application = self.settings["application_name"]
        if application in self._named:
            return
        await asyncio.to_thread(
            self.desk.gateway.books.audit.client_named,
            analyst=self._analyst.name,
            application=application,
            dataset=request.dataset,
            query_id=request.query_id,
        )
        self._named.add(application)

    def _dataset(self) -> Dataset | None:
        """The dataset of the session, if it is one that the analyst may see."""
        return self.desk.visible(self._analyst).datasets.get(self.settings["noisegate.dataset"])

    def _current(self) -> Dataset:
        """The dataset of the session; raises `Fault` where it is served no more."""
        found = self._dataset()
        if found is None:
            raise Fault(
                State.UNKNOWN_DATABASE,
                "The dataset of this session is not served any more.",
                "SET noisegate.dataset to another one.",
            )
        return found

    async def _remaining(self) -> str:
        dataset = dataset_of(self._request(), self.desk.visible(self._analyst))
        allowance = allowance_for(dataset.policy, self._analyst)
        ledger = self.desk.gateway.edges.ledger
        balance = await asyncio.to_thread(ledger.balance, dataset.name, allowance)
        return f"{remaining(balance, dataset).epsilon:.6g}"

    def _discard(self, what: str) -> None:
        if what == "all":
            if self.transaction.status is not IDLE:
                raise Fault(
                    State.ACTIVE_SQL_TRANSACTION,
                    "DISCARD ALL cannot run inside a transaction block",
                    "COMMIT first.",
                )
            self.settings.reset_all()
            self.prepared.clear()
            self.portals.clear()


def names_of(dataset: Dataset) -> set[str]:
    """What questions can name in FROM."""
    return {*dataset.tables, *dataset.views}


def _room(kept: dict[str, Prepared] | dict[str, Portal]) -> None:
    if len(kept) >= MOST_PREPARED:
        raise Fault(
            State.PROGRAM_LIMIT_EXCEEDED,
            f"{MOST_PREPARED} statements or portals are kept already.",
            "Close those that are not needed any more.",
        )


def _nothing() -> None:
    """Nothing is listened to."""


def _not_understood(statement: Statement) -> Fault:
    first = statement.words[0].text.upper()[:40] if statement.words else ""
    refusal = Refusal(
        Code.UNSUPPORTED_SQL,
        f"The statement {first} is not carried out: the gateway never changes data.",
        "Send a query: SELECT, WITH, EXPLAIN SELECT or COPY (SELECT …) TO STDOUT.",
    )
    return Fault(
        refusal.code.value.sqlstate,
        refusal.sentence,
        refusal.hint,
        position=statement.offset + 1,
    )
