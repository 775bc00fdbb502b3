"""The PostgreSQL that answers introspection, and connections to it that are used in turn."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable, Sequence

from gateway.policy.catalog import Dataset
from gateway.server.postgres.catalog import cluster
from gateway.server.postgres.catalog.address import Login, Place
from gateway.server.postgres.catalog.backend import Backend, Described, RawTable, connected
from gateway.server.postgres.catalog.cluster import Cluster, Unavailable
from gateway.server.postgres.catalog.making import Maker, Unusable
from gateway.server.postgres.commands import Bound
from gateway.server.postgres.faults import Fault, State

log = logging.getLogger("gateway.postgres")

AT_ONCE = 12
"""Connections to the shadow; clients that ask more take turns."""
ANSWER_SECONDS = 20.0
"""How long one may be used, after which it is given up; the shadow's own limit is shorter."""
RETRY_SECONDS = 5.0
"""After which an administrator's server that was not to be had is tried again."""
_STARTING_UP = "57P03"
_GONE = (OSError, TimeoutError, asyncio.IncompleteReadError)
_FAILURES = (Unavailable, Unusable, Fault, *_GONE)


class Shadow:
    """A server of the gateway's own, or an administrator's. All methods run on the event loop."""

    def __init__(self, datasets: Iterable[Dataset], external: Place | None = None) -> None:
        self._datasets = tuple(datasets)
        self._external = external
        self._own: Cluster | None = None
        self._starting: asyncio.Task[Maker] | None = None
        self._tried = 0.0
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._idle: OrderedDict[tuple[str, str], list[Backend]] = OrderedDict()

    @property
    def available(self) -> bool:
        """Whether it runs or will: False where it is not installed or has failed to start."""
        task = self._starting
        if task is None or not task.done():
            return task is not None
        return not task.cancelled() and task.exception() is None

    def start(self) -> None:
        """Begin to start it; who asks meanwhile waits."""
        self._tried = asyncio.get_running_loop().time()
        self._starting = asyncio.create_task(self._started())
        self._starting.add_done_callback(self._note)

    async def stop(self) -> None:
        """Leave it; where it is the gateway's own, stop it and remove all that it wrote."""
        if self._starting is None:
            return
        for backend in [one for kept in self._idle.values() for one in kept]:
            backend.close()
        self._idle.clear()
        if self._external is not None:
            self._starting.cancel()
        with contextlib.suppress(asyncio.CancelledError, *_FAILURES):
            await asyncio.shield(self._starting)
        if self._own is not None:
            await asyncio.to_thread(self._own.stop)

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

    async def _started(self) -> Maker:
        place = self._external
        if place is None:
            self._own = await asyncio.to_thread(cluster.started)
            place = self._own.place
            await _up(place)
        maker = Maker(place)
        await maker.prepare()
        for dataset in self._datasets:
            try:
                await maker.database(dataset)
            except Fault as fault:  # the others are served; who asks about it is told why
                log.warning("there is no catalog of %s: %s", dataset.name, fault.sentence)
        return maker

    @contextlib.asynccontextmanager
    async def _backend(self, user: str, dataset: Dataset) -> AsyncIterator[Backend]:
        """A connection as that user, alone for the block; it starts as a new one would."""
        maker = await self._running()
        async with self._turns:
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    if not maker.current(dataset):
                        self._close(dataset)
                        await maker.database(dataset)
                    login = await maker.role(user, dataset.name)
                    backend = await self._taken(maker, login, dataset.name)
                    try:
                        yield backend
                    except Fault:
                        self._give_back(maker, login, dataset, backend)
                        raise
                    except BaseException:
                        backend.close()
                        raise
                    self._give_back(maker, login, dataset, backend)
            except _GONE as error:
                log.warning("the catalog for PostgreSQL clients did not answer: %r", error)
                raise self._out("it did not answer") from None

    async def _running(self) -> Maker:
        task = self._starting
        if task is None:
            raise self._out("it was not started")
        failed = task.done() and (task.cancelled() or task.exception() is not None)
        late = asyncio.get_running_loop().time() - self._tried > RETRY_SECONDS
        if failed and late and self._external is not None:
            self.start()
        try:
            return await asyncio.shield(self._starting or task)
        except (Unavailable, Unusable) as error:
            raise self._out(str(error)) from None
        except _GONE:
            raise self._out("its PostgreSQL was not reached") from None
        except Fault as fault:
            log.warning("the catalog for PostgreSQL clients: %s", fault.sentence)
            raise self._out("its PostgreSQL could not be filled") from None

    async def _taken(self, maker: Maker, login: Login, dataset: str) -> Backend:
        key = login.user, dataset
        while kept := self._idle.get(key):
            backend = kept.pop()
            if not kept:
                del self._idle[key]
            try:
                await backend.execute("DISCARD ALL")
            except (Fault, OSError, asyncio.IncompleteReadError):
                backend.close()  # the server has ended it meanwhile
            except BaseException:
                backend.close()
                raise
            else:
                return backend
        # The sum of those in use and those idle stays within what the server allows.
        while sum(map(len, self._idle.values())) >= AT_ONCE:
            oldest, backends = next(iter(self._idle.items()))
            backends.pop().close()
            if not backends:
                del self._idle[oldest]
        try:
            return await connected(maker.place.address, login, dataset)
        except Fault as fault:
            maker.forget()  # what was made there is gone, and is made anew for the next one
            log.warning("the catalog for PostgreSQL clients: %s", fault.sentence)
            raise self._out("its PostgreSQL lets nobody in") from None

    def _give_back(self, maker: Maker, login: Login, dataset: Dataset, backend: Backend) -> None:
        if not maker.current(dataset):
            backend.close()  # its database was made anew meanwhile
            return
        key = login.user, dataset.name
        self._idle.setdefault(key, []).append(backend)
        self._idle.move_to_end(key)

    def _close(self, dataset: Dataset) -> None:
        for key in [key for key in self._idle if key[1] == dataset.name]:
            for backend in self._idle.pop(key):
                backend.close()

    def _note(self, starting: asyncio.Task[Maker]) -> None:
        """Tell the administrator how the start went; who asks is told in `_running`."""
        if starting.cancelled():
            return
        failed = starting.exception()
        if failed is None:
            path = starting.result().place.address.host
            log.info("the catalog for PostgreSQL clients is ready", extra={"path": path})
        else:
            log.warning("there is no catalog for PostgreSQL clients: %s", failed)

    def _out(self, why: str) -> Fault:
        hint = (
            "For the catalog the administrator installs the gateway with PostgreSQL: "
            "pip install 'noisegate[bi]'."
            if self._external is None
            else "For the catalog the administrator looks into the gateway's log."
        )
        return Fault(
            State.FEATURE_NOT_SUPPORTED,
            f"Nothing answers questions about the catalog here: {why}.",
            f"Questions about your data work. {hint}",
        )


async def _up(place: Place) -> None:
    """Wait until a new server lets somebody in: until then it refuses all."""
    async with asyncio.timeout(cluster.START_SECONDS):
        while True:
            try:
                (await connected(place.address, place.login, place.database)).close()
            except Fault as fault:
                if fault.sqlstate != _STARTING_UP:
                    raise
                await asyncio.sleep(0.05)
            else:
                return
