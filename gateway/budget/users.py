"""Who may ask: users, their roles, and their keys as hashes.

A key is 256 bits from the system's random source, so its SHA-256 can be neither inverted nor
guessed: no list of likely keys exists to try. A slow, salted hash (argon2, scrypt) protects secrets
that people choose; here it would only make each request slow and give attackers a way to load the
gateway.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.budget import audit
from gateway.budget.store import Store
from gateway.budget.tables import keys, roles, users
from gateway.budget.verifiers import verifier_of
from gateway.edges import Analyst
from gateway.errors import Code, Refusal

MARK = "ng_"
"""What every key begins with, so that scanners for leaked secrets can find it."""
_SHOWN = len(MARK) + 6
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.@-]{0,61}[A-Za-z0-9])?")

_BY_DIGEST = (
    sa.select(keys.c.digest, users.c.name)
    .join(users, users.c.name == keys.c.user_name)
    .where(
        keys.c.digest == sa.bindparam("of_digest"),
        keys.c.revoked_at.is_(None),
        users.c.revoked_at.is_(None),
    )
)
_ROLES = (
    sa.select(roles.c.role)
    .where(roles.c.user_name == sa.bindparam("of_name"))
    .order_by(roles.c.role)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """One user. `prefixes` are the beginnings of the keys that work."""

    name: str
    roles: tuple[str, ...]
    prefixes: tuple[str, ...]
    created_at: dt.datetime
    revoked_at: dt.datetime | None


class Users:
    """Adding, listing, revoking and recognising users."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, name: str, roles: Sequence[str] = (), by: str = "operator") -> str:
        """Add a user and return the key, which is not kept and cannot be shown again.

        A user that was revoked comes back with the roles given now and a new key, and with what
        the accounts of that name have spent. Raises `Refusal(INVALID_REQUEST)` for a name or role
        that is no 1 to 63 letters, digits, or `_.@-` inside, and for a user that exists.
        """
        for word in (name, *roles):
            if not _NAME.fullmatch(word):
                raise Refusal(
                    Code.INVALID_REQUEST,
                    "Names of users and roles have 1 to 63 letters, digits, or `_.@-` inside.",
                    "Use a name such as `alice` or `alice@example.org`.",
                )
        key = MARK + secrets.token_urlsafe(32)
        with self._store.writing() as connection:
            now = self._store.now(connection)
            known = connection.execute(sa.select(users).where(users.c.name == name)).one_or_none()
            if known is None:
                connection.execute(users.insert(), {"name": name, "created_at": now})
            elif known.revoked_at is None:
                raise Refusal(
                    Code.INVALID_REQUEST,
                    f"The user {name} exists.",
                    "Revoke it first to give it a new key.",
                )
            else:
                connection.execute(
                    sa.update(users).where(users.c.name == name).values(revoked_at=None)
                )
            _set_roles(connection, name, roles)
            row = {
                "user_name": name,
                "digest": _digest(key),
                "prefix": key[:_SHOWN],
                "created_at": now,
                "verifier": verifier_of(key).text,
            }
            connection.execute(keys.insert(), row)
            body = {"name": name, "roles": sorted(set(roles)), "prefix": key[:_SHOWN]}
            audit.append(connection, at=now, kind="user_added", actor=by, body=body)
        return key

    def list(self) -> tuple[User, ...]:
        """All users, revoked ones too, by name."""
        with self._store.reading() as connection:
            found = connection.execute(sa.select(users).order_by(users.c.name)).all()
            held = connection.execute(sa.select(roles).order_by(roles.c.role)).all()
            live = connection.execute(
                sa.select(keys.c.user_name, keys.c.prefix)
                .where(keys.c.revoked_at.is_(None))
                .order_by(keys.c.id)
            ).all()
        return tuple(
            User(
                name=row.name,
                roles=tuple(entry.role for entry in held if entry.user_name == row.name),
                prefixes=tuple(entry.prefix for entry in live if entry.user_name == row.name),
                created_at=row.created_at,
                revoked_at=row.revoked_at,
            )
            for row in found
        )

    def revoke(self, name: str, by: str = "operator") -> None:
        """Make a user's keys worthless. Raises `Refusal(NOT_FOUND)` for an unknown name."""
        with self._store.writing() as connection:
            now = self._store.now(connection)
            done = connection.execute(
                sa.update(users)
                .where(users.c.name == name, users.c.revoked_at.is_(None))
                .values(revoked_at=now)
            )
            if done.rowcount != 1:
                raise Refusal(
                    Code.NOT_FOUND,
                    "There is no such user, or it was revoked before.",
                    "List the users with `noisegate user list`.",
                )
            connection.execute(
                sa.update(keys)
                .where(keys.c.user_name == name, keys.c.revoked_at.is_(None))
                .values(revoked_at=now)
            )
            audit.append(connection, at=now, kind="user_revoked", actor=by, body={"name": name})

    def authenticate(self, name: str | None, key: str) -> Analyst | None:
        """The analyst that `key` belongs to, or None; where `name` is given, it must be theirs.

        The time taken tells nothing of use: keys are looked up by a hash that nobody can steer
        towards a stored one, and what is compared is compared in constant time.
        """
        wanted = _digest(key)
        with self._store.reading() as connection:
            row = connection.execute(_BY_DIGEST, {"of_digest": wanted}).one_or_none()
            owner = "" if row is None else row.name
            held = tuple(connection.execute(_ROLES, {"of_name": owner}).scalars())
        stored = "" if row is None else row.digest
        claimed = owner if name is None else name
        right_key = hmac.compare_digest(wanted, stored)
        right_name = hmac.compare_digest(_digest(claimed), _digest(owner))
        if right_key & right_name:
            return Analyst(name=owner, roles=held)
        return None


def _set_roles(connection: Connection, name: str, given: Sequence[str]) -> None:
    connection.execute(sa.delete(roles).where(roles.c.user_name == name))
    for role in sorted(set(given)):
        connection.execute(roles.insert(), {"user_name": name, "role": role})


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
