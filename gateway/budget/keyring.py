"""The public keys of a ledger's audit trail, and which private key this process signs with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.budget import audit, signing
from gateway.budget.signing import Signer
from gateway.budget.store import Store
from gateway.budget.tables import signing_keys

_ALL = sa.select(signing_keys).order_by(signing_keys.c.added_at, signing_keys.c.key_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailKey:
    """A public key that the trail is, or was, signed with; 32 bytes in base64."""

    key_id: str
    public_key: str
    added_at: dt.datetime


def registered(connection: Connection) -> tuple[TrailKey, ...]:
    """The trail's public keys, the oldest first."""
    return tuple(TrailKey(**row) for row in connection.execute(_ALL).mappings())


def attach(store: Store, file: Path) -> None:
    """Let `store` sign with the key in `file`, which a ledger without any key gets here and now.

    Where the ledger knows keys and this file is missing or holds another one, the store stays
    without: it can be read and checked, and nothing can be added. Making a key in silence would
    let a trail be continued by whoever may write to the database.
    """
    with store.reading() as connection:
        known = {key.key_id for key in registered(connection)}
    if known and not file.exists():
        return
    signer = signing.read(file) if file.exists() else signing.create(file)
    if not known:
        known = _first(store, signer)
    if signer.key_id in known:
        store.sign_with(signer)


def renew(store: Store, file: Path, by: str) -> Signer:
    """Sign with a new key from now on; the file of the old one is kept beside it.

    For a key that was lost or seen by others. What the old key signed stays valid for it.
    """
    if file.exists():
        old = signing.read(file)
        file.rename(file.with_name(f"{file.name}.{old.key_id}"))
    signer = signing.create(file)
    store.sign_with(signer)
    with store.writing() as connection:
        _register(connection, signer, store.now(connection), by)
    return signer


def _first(store: Store, signer: Signer) -> set[str]:
    """Register the first key, unless another process was faster; the keys known afterwards."""
    store.sign_with(signer)
    with store.writing() as connection:
        known = {key.key_id for key in registered(connection)}
        if not known:
            _register(connection, signer, store.now(connection), "gateway")
            known = {signer.key_id}
    store.sign_with(None)
    return known


def _register(connection: Connection, signer: Signer, now: dt.datetime, by: str) -> None:
    row = {"key_id": signer.key_id, "public_key": signer.public_key, "added_at": now}
    connection.execute(signing_keys.insert(), row)
    body = row | {"added_at": audit.moment(now)}
    audit.append(connection, at=now, kind="signing_key", actor=by, body=body)
