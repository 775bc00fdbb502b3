"""What the gateway makes on the PostgreSQL for introspection: databases and roles, and no rows.

The server may be shared by several gateways, and may hold what is not theirs. Only databases that
belong to the role `noisegate+owner` are ever replaced, and only roles in `noisegate+users` are
ever logged in as: whatever else is there is left alone, and a dataset or user whose name is taken
gets an error.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
from collections.abc import AsyncIterator

from gateway.policy.catalog import Dataset
from gateway.server.postgres.catalog import schema
from gateway.server.postgres.catalog.address import Login, Place
from gateway.server.postgres.catalog.backend import Backend, connected
from gateway.server.postgres.catalog.lockdown import OWNER, SETTINGS, STATEMENTS, USERS
from gateway.server.postgres.faults import Fault, State

OLDEST = 180_000
"""PostgreSQL 18: the gateway says that it is one, so clients ask as they ask that version."""
_TEMPLATE = "noisegate+template"
_STAMP = "noisegate.stamp"
_LOCK = 0x4E4F4953
"""Whoever makes something holds this advisory lock of the first database."""
_RESERVED = ("public", "none", "postgres")


class Unusable(Exception):
    """Why a server cannot serve; the text is for administrators and analysts."""


class Maker:
    """Makes what is missing on one server. Its methods take turns."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._digests: dict[str, str] = {}
        self._roles: set[str] = set()
        self._granted: set[tuple[str, str]] = set()
        self._turn = asyncio.Lock()

    async def prepare(self) -> None:
        """Make the template. Raises `Unusable`, `Fault`, OSError."""
        async with self._turn, self._first() as first:
            ((version, may),) = await first.execute(
                "SELECT current_setting('server_version_num'), rolsuper::text "
                "FROM pg_catalog.pg_roles WHERE rolname = current_user"
            )
            if int(version or 0) < OLDEST:
                raise Unusable("its PostgreSQL is older than version 18")
            if may != "true":
                raise Unusable("its login is not a superuser of its PostgreSQL")
            for name in (OWNER, USERS):
                await _role(first, name)
            # Where the owner is the server's own superuser, the databases it begins with are its.
            for (database,) in await first.execute(
                "SELECT pg_catalog.quote_ident(datname) FROM pg_catalog.pg_database "
                f"WHERE datdba = '\"{OWNER}\"'::regrole"
            ):
                await first.execute(f"REVOKE ALL ON DATABASE {database} FROM PUBLIC")
            stamp = _stamp(*STATEMENTS, version or "")
            if await self._stands(first, _TEMPLATE, stamp):
                return
            await self._replace(first, _TEMPLATE, "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
            async with self._inside(_TEMPLATE) as template:
                for statement in STATEMENTS:
                    await template.execute(statement)
            await _note(first, _TEMPLATE, stamp)

    def current(self, dataset: Dataset) -> bool:
        """Whether the database of a dataset is known to be as its policy and schema are now."""
        return self._digests.get(dataset.name) == dataset.digest

    async def database(self, dataset: Dataset) -> None:
        """Make the database of a dataset, anew where it is another now. Raises `Fault`, OSError."""
        async with self._turn:
            if self.current(dataset):
                return
            statements = tuple(schema.statements(dataset))
            stamp = _stamp(*STATEMENTS, *statements)
            async with self._first() as first:
                if not await self._stands(first, dataset.name, stamp):
                    self._granted = {pair for pair in self._granted if pair[1] != dataset.name}
                    await self._replace(first, dataset.name, f'TEMPLATE "{_TEMPLATE}"')
                    async with self._inside(dataset.name) as inside:
                        await inside.execute(f"SET ROLE {schema.quoted(OWNER)}")
                        for statement in statements:
                            await inside.execute(statement)
                        granting = "GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC"
                        await inside.execute(granting)
                    await _note(first, dataset.name, stamp)
            self._digests[dataset.name] = dataset.digest

    async def role(self, user: str, dataset: str) -> Login:
        """The role of a user, let in to a dataset's database. Raises `Fault`, OSError."""
        name = _named(user)
        login = Login(user=name, password=self._password(name))
        async with self._turn:
            if (name, dataset) in self._granted:
                return login
            async with self._first() as first:
                if name not in self._roles:
                    await self._user(first, login)
                    self._roles.add(name)
                place, role = schema.quoted(dataset), schema.quoted(name)
                await first.execute(f"GRANT CONNECT ON DATABASE {place} TO {role}")
            self._granted.add((name, dataset))
        return login

    def forget(self) -> None:
        """Believe nothing of what was made: the server may be another one now."""
        self._digests.clear()
        self._roles.clear()
        self._granted.clear()

    async def _user(self, first: Backend, login: Login) -> None:
        name = schema.quoted(login.user)
        if not await _role(first, login.user):
            found = await first.execute(
                "SELECT 1 FROM pg_catalog.pg_auth_members "
                f"WHERE member = {schema.text(name)}::regrole AND roleid = '\"{USERS}\"'::regrole"
            )
            if not found:
                raise Fault(
                    State.FEATURE_NOT_SUPPORTED,
                    "The catalog's PostgreSQL has a role of your name that is not the gateway's.",
                    "Questions about your data work. The administrator gives the gateway a "
                    "PostgreSQL of its own.",
                )
        password = "" if login.password is None else f" PASSWORD {schema.text(login.password)}"
        await first.execute(f"ALTER ROLE {name} LOGIN NOINHERIT{password}")
        for setting, value in SETTINGS.items():
            await first.execute(f"ALTER ROLE {name} SET {setting} = '{value}'")
        await first.execute(f"GRANT {schema.quoted(USERS)} TO {name} WITH SET FALSE, INHERIT FALSE")

    async def _replace(self, first: Backend, name: str, source: str) -> None:
        """Make a database that belongs to `noisegate+owner`, in place of an older one."""
        quoted = schema.quoted(name)
        await first.execute(f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")
        await first.execute(f"CREATE DATABASE {quoted} OWNER {schema.quoted(OWNER)} {source}")
        await first.execute(f"REVOKE ALL ON DATABASE {quoted} FROM PUBLIC")

    async def _stands(self, first: Backend, name: str, stamp: str) -> bool:
        """Whether a database was made from the same statements. Raises `Fault` for others' own."""
        found = await first.execute(
            f"SELECT (datdba = '\"{OWNER}\"'::regrole)::text, "
            f"COALESCE('{_STAMP}={stamp}' = ANY (setconfig), false)::text "
            "FROM pg_catalog.pg_database "
            "LEFT JOIN pg_catalog.pg_db_role_setting ON setdatabase = pg_database.oid "
            f"AND setrole = '\"{OWNER}\"'::regrole WHERE datname = {schema.text(name)}"
        )
        if not found:
            return False
        ((ours, same),) = found
        if ours != "true":
            raise Fault(
                State.FEATURE_NOT_SUPPORTED,
                "The catalog's PostgreSQL has a database of the dataset's name that is not the "
                "gateway's.",
                "Questions about your data work. The administrator gives the gateway a PostgreSQL "
                "of its own.",
            )
        return same == "true"

    def _password(self, role: str) -> str | None:
        """The password of a role: every gateway that knows the superuser's comes to the same."""
        known = self.place.login.password
        if known is None:
            return None
        return hmac.new(known.encode(), b"role " + role.encode(), hashlib.sha256).hexdigest()

    @contextlib.asynccontextmanager
    async def _first(self) -> AsyncIterator[Backend]:
        """The superuser's connection, while no other gateway makes anything."""
        place = self.place
        backend = await connected(place.address, place.login, place.database)
        try:
            await backend.execute(f"SELECT pg_catalog.pg_advisory_lock({_LOCK})")
            yield backend
        finally:
            backend.close()

    @contextlib.asynccontextmanager
    async def _inside(self, database: str) -> AsyncIterator[Backend]:
        backend = await connected(self.place.address, self.place.login, database)
        try:
            yield backend
        finally:
            backend.close()


def _stamp(*statements: str) -> str:
    """What a database was made from."""
    return hashlib.sha256("\0".join(statements).encode()).hexdigest()


async def _note(first: Backend, database: str, stamp: str) -> None:
    """Keep with a database what it was made from, where its users cannot read it."""
    owner, name = schema.quoted(OWNER), schema.quoted(database)
    await first.execute(f"ALTER ROLE {owner} IN DATABASE {name} SET {_STAMP} = '{stamp}'")


async def _role(first: Backend, name: str) -> bool:
    """Make a role without rights where there is none of its name; whether it was made."""
    found = await first.execute(
        f"SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = {schema.text(name)}"
    )
    if not found:
        await first.execute(f"CREATE ROLE {schema.quoted(name)}")
    return not found


def _named(user: str) -> str:
    """The name of a user's role; PostgreSQL keeps some names for itself."""
    return f"{user}+" if user in _RESERVED or user.startswith("pg_") else user
