"""Proof of a key by SCRAM-SHA-256 (RFC 5802, RFC 7677): what is kept for it, and whose key it is.

PostgreSQL's protocol never sends the key itself: server and client prove to each other that they
know it. For that a verifier is kept with a key's digest. It does not let anybody log in: from
StoredKey, a hash of the client's key, nobody gets back to the key that was hashed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from gateway.budget.store import Store
from gateway.budget.tables import keys, roles, users
from gateway.edges import Analyst

ITERATIONS = 4_096
"""The least that RFC 7677 allows, and PostgreSQL's default. More would only slow logins down: a key
is 256 bits from the system's random source, so no list of likely keys exists to try."""
_SALT_BYTES = 16

_LIVE = (
    sa.select(keys.c.id, keys.c.verifier)
    .join(users, users.c.name == keys.c.user_name)
    .where(
        users.c.name == sa.bindparam("of_name"),
        keys.c.revoked_at.is_(None),
        users.c.revoked_at.is_(None),
    )
    .order_by(keys.c.id.desc())
    .limit(1)
)
_HOLDER = (
    sa.select(users.c.name, roles.c.role)
    .join(keys, users.c.name == keys.c.user_name)
    .outerjoin(roles, roles.c.user_name == users.c.name)
    .where(
        keys.c.id == sa.bindparam("of_key"),
        keys.c.revoked_at.is_(None),
        users.c.revoked_at.is_(None),
    )
    .order_by(roles.c.role)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verifier:
    """What a server keeps of a password (RFC 5802, section 3). The repr hides the keys."""

    salt: bytes
    iterations: int
    stored_key: bytes
    server_key: bytes

    def __repr__(self) -> str:
        return f"Verifier(iterations={self.iterations})"

    @property
    def text(self) -> str:
        """As PostgreSQL writes it: `SCRAM-SHA-256$4096:salt$StoredKey:ServerKey`."""
        salt, stored, server = map(_base64, (self.salt, self.stored_key, self.server_key))
        return f"SCRAM-SHA-256${self.iterations}:{salt}${stored}:{server}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A user's newest key: what a login must prove. `verifier` is None for a key that is older
    than verifiers are."""

    key_id: int
    verifier: Verifier | None


class Verifiers:
    """Whose key may be proved, and whose key works still."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def challenge(self, name: str) -> Challenge | None:
        """What a login under a name must prove; None where no such user has a key that works."""
        with self._store.reading() as connection:
            row = connection.execute(_LIVE, {"of_name": name}).one_or_none()
        if row is None:
            return None
        verifier = None if row.verifier is None else parsed(row.verifier)
        return Challenge(key_id=row.id, verifier=verifier)

    def holder(self, key_id: int) -> Analyst | None:
        """The analyst whose key this is, with the roles of now; None once it was revoked."""
        with self._store.reading() as connection:
            found = connection.execute(_HOLDER, {"of_key": key_id}).all()
        if not found:
            return None
        held = tuple(row.role for row in found if row.role is not None)
        return Analyst(name=found[0].name, roles=held)


def verifier_of(key: str, salt: bytes | None = None, iterations: int = ITERATIONS) -> Verifier:
    """The verifier of a key, with a salt of its own."""
    salt = secrets.token_bytes(_SALT_BYTES) if salt is None else salt
    salted = hashlib.pbkdf2_hmac("sha256", key.encode(), salt, iterations)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    return Verifier(
        salt=salt,
        iterations=iterations,
        stored_key=hashlib.sha256(client_key).digest(),
        server_key=hmac.digest(salted, b"Server Key", "sha256"),
    )


def parsed(text: str) -> Verifier:
    """The verifier that `Verifier.text` wrote; raises ValueError for any other text."""
    mechanism, rounds, proofs = text.split("$")
    iterations, salt = rounds.split(":")
    stored, server = proofs.split(":")
    if mechanism != "SCRAM-SHA-256":
        raise ValueError("the verifier is of another mechanism")
    return Verifier(
        salt=base64.b64decode(salt, validate=True),
        iterations=int(iterations),
        stored_key=base64.b64decode(stored, validate=True),
        server_key=base64.b64decode(server, validate=True),
    )


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
