"""A database for each dataset, a role for each user, and connections that are used in turn."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable, Sequence

from gateway.policy.catalog import Dataset
from gateway.server.postgres.catalog import cluster, schema
from gateway.server.postgres.catalog.backend import Backend, Described, RawTable, connected
from gateway.server.postgres.catalog.cluster import OWNER, Cluster, Unavailable
from gateway.server.postgres.catalog.lockdown import STATEMENTS
from gateway.server.postgres.commands import Bound
from gateway.server.postgres.faults import Fault, State

log = logging.getLogger("gateway.postgres")

AT_ONCE = 12
"""Connections to the shadow; clients that ask more take turns."""
ANSWER_SECONDS = 20.0
"""How long one may be used, after which it is given up; the shadow's own limit is shorter."""
_STARTING_UP = "57P03"
_RESERVED = ("public", "none", "postgres")


class Shadow:
    """The PostgreSQL that answers introspection. All methods run on the event loop."""

    def __init__(self, datasets: Iterable[Dataset]) -> None:
        self._datasets = tuple(datasets)
        self._starting: asyncio.Task[Cluster] | None = None
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._idle: OrderedDict[tuple[str, str], list[Backend]] = OrderedDict()
        self._roles: set[str] = set()
        self._granted: set[tuple[str, str]] = set()
        self._digests: dict[str, str] = {}
        self._changing = asyncio.Lock()

    @property
    def available(self) -> bool:
        """Whether it runs or will: False where it is not installed or has failed to start."""
        task = self._starting
        if task is None or not task.done():
            return task is not None
        return not task.cancelled() and task.exception() is None

    def start(self) -> None:
        """Begin to start it; who asks meanwhile waits."""
        self._starting = asyncio.create_task(self._started())
        self._starting.add_done_callback(_note)

    async def stop(self) -> None:
        """Stop it and remove all that it wrote."""
        if self._starting is None:
            return
        for backend in [one for kept in self._idle.values() for one in kept]:
            backend.close()
        self._idle.clear()
        with contextlib.suppress(Unavailable, Fault, OSError, asyncio.IncompleteReadError):
            running = await asyncio.shield(self._starting)
            await asyncio.to_thread(running.stop)

    async def described(
        self, user: str, dataset: Dataset, sql: str, oids: Sequence[int]
    ) -> Described:
        """What a statement takes and gives. Raises `Fault`."""
        async with self._backend(user, dataset) as backend:
            return await backend.prepared(sql, oids)

    async def run(
        self, user: str, dataset: Dataset, sql: str, oids: Sequence[int], bound: Bound
    ) -> RawTable:
        """The rows of a statement. Raises `Fault`."""
        async with self._backend(user, dataset) as backend:
            return await backend.run(sql, oids, bound)

    async def _started(self) -> Cluster:
        running = await asyncio.to_thread(cluster.started)
        try:
            await self._filled(running)
        except BaseException:
            await asyncio.to_thread(running.stop)
            raise
        return running

    async def _filled(self, running: Cluster) -> None:
        template = await _first(running)
        for statement in STATEMENTS:
            await template.execute(statement)
        template.close()
        owner = await connected(running.socket, OWNER, "postgres")
        for name in ("postgres", "template0", "template1"):
            await owner.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
        owner.close()
        for dataset in self._datasets:
            await self._made(running, dataset)

    async def _made(self, running: Cluster, dataset: Dataset) -> None:
        """Make the database of a dataset, anew where its policy or schema is another now."""
        async with self._changing:
            if self._digests.get(dataset.name) == dataset.digest:
                return
            for key in [key for key in self._idle if key[1] == dataset.name]:
                for backend in self._idle.pop(key):
                    backend.close()
            self._granted = {pair for pair in self._granted if pair[1] != dataset.name}
            name = schema.quoted(dataset.name)
            owner = await connected(running.socket, OWNER, "postgres")
            await owner.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            await owner.execute(f"CREATE DATABASE {name} TEMPLATE template1")
            await owner.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
            owner.close()
            inside = await connected(running.socket, OWNER, dataset.name)
            for statement in schema.statements(dataset):
                await inside.execute(statement)
            await inside.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC")
            inside.close()
            self._digests[dataset.name] = dataset.digest

    @contextlib.asynccontextmanager
    async def _backend(self, user: str, dataset: Dataset) -> AsyncIterator[Backend]:
        """A connection as that user, alone for the block; it starts as a new one would."""
        role = _role(user)
        running = await self._running()
        async with self._turns:
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    await self._made(running, dataset)
                    backend = await self._taken(running, role, dataset.name)
                    try:
                        yield backend
                    except Fault:
                        self._give_back(role, dataset, backend)
                        raise
                    except BaseException:
                        backend.close()
                        raise
                    self._give_back(role, dataset, backend)
            except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
                log.warning("the catalog for PostgreSQL clients did not answer: %r", error)
                raise _out("it did not answer") from None

    async def _running(self) -> Cluster:
        if self._starting is None:
            raise _out("it was not started")
        try:
            return await asyncio.shield(self._starting)
        except Unavailable as error:
            raise _out(str(error)) from None
        except (Fault, OSError, TimeoutError, asyncio.IncompleteReadError):
            raise _out("its PostgreSQL could not be filled") from None

    async def _taken(self, running: Cluster, role: str, dataset: str) -> Backend:
        kept = self._idle.get((role, dataset))
        if kept:
            backend = kept.pop()
            if not kept:
                del self._idle[role, dataset]
            await backend.execute("DISCARD ALL")
            return backend
        # The sum of those in use and those idle stays within what the server allows.
        while sum(map(len, self._idle.values())) >= AT_ONCE:
            oldest, backends = next(iter(self._idle.items()))
            backends.pop().close()
            if not backends:
                del self._idle[oldest]
        await self._grant(running, role, dataset)
        return await connected(running.socket, role, dataset)

    def _give_back(self, role: str, dataset: Dataset, backend: Backend) -> None:
        if self._digests.get(dataset.name) != dataset.digest:
            backend.close()  # its database was made anew meanwhile
            return
        key = role, dataset.name
        self._idle.setdefault(key, []).append(backend)
        self._idle.move_to_end(key)

    async def _grant(self, running: Cluster, role: str, dataset: str) -> None:
        """Let a role in to a dataset's database, and make it first where it is new."""
        async with self._changing:
            if (role, dataset) in self._granted:
                return
            owner = await connected(running.socket, OWNER, "postgres")
            name, place = schema.quoted(role), schema.quoted(dataset)
            if role not in self._roles:
                await owner.execute(f"CREATE ROLE {name} LOGIN NOINHERIT")
                await owner.execute(f"ALTER ROLE {name} SET default_transaction_read_only = on")
                self._roles.add(role)
            await owner.execute(f"GRANT CONNECT ON DATABASE {place} TO {name}")
            owner.close()
            self._granted.add((role, dataset))


async def _first(running: Cluster) -> Backend:
    """The first connection, once the server is up: until then it refuses all."""
    async with asyncio.timeout(cluster.START_SECONDS):
        while True:
            try:
                return await connected(running.socket, OWNER, "template1")
            except Fault as fault:
                if fault.sqlstate != _STARTING_UP:
                    raise
            await asyncio.sleep(0.05)


def _note(starting: asyncio.Task[Cluster]) -> None:
    """Tell the administrator how the start went; who asks is told in `_running`."""
    if starting.cancelled():
        return
    failed = starting.exception()
    if failed is None:
        path = str(starting.result().folder)
        log.info("the catalog for PostgreSQL clients is ready", extra={"path": path})
    else:
        log.warning("there is no catalog for PostgreSQL clients: %s", failed)


def _role(user: str) -> str:
    """The role of a user; PostgreSQL keeps some names for itself."""
    return f"{user}+" if user in _RESERVED or user.startswith("pg_") else user


def _out(why: str) -> Fault:
    return Fault(
        State.FEATURE_NOT_SUPPORTED,
        f"Nothing answers questions about the catalog here: {why}.",
        "Questions about your data work. For the catalog the administrator installs the gateway "
        "with PostgreSQL: pip install 'noisegate[bi]'.",
    )
