"""The key that signs the audit trail: Ed25519 (RFC 8032), in a file that only its owner reads.

Whoever may write to the ledger's database can rewrite the whole chain of hashes. They cannot sign
it: the private key lies in a file beside the gateway, never in the database.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy.engine import make_url

SUFFIX = ".signing-key"
"""What the key's file is called after the ledger's file, where no other place is given."""
_OPEN_TO_OTHERS = stat.S_IWGRP | stat.S_IRWXO


class BadKey(ValueError):
    """A file that cannot be a ledger's signing key; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A private key that is ready to sign. The repr hides it."""

    public_key: str
    """The raw public key, 32 bytes, in base64."""
    private: Ed25519PrivateKey = field(repr=False)

    @property
    def key_id(self) -> str:
        """The key's short name."""
        return key_id(self.public_key)

    def sign(self, message: str) -> str:
        """The signature of a text's UTF-8, in base64."""
        return base64.b64encode(self.private.sign(message.encode())).decode()


def key_id(public_key: str) -> str:
    """A public key's name: the first 32 hex digits of the SHA-256 of its 32 bytes."""
    return hashlib.sha256(base64.b64decode(public_key)).hexdigest()[:32]


def signed(message: str, signature: str, public_key: str) -> bool:
    """Whether `signature` is one of `message` by the private key that belongs to `public_key`."""
    try:
        raw = base64.b64decode(public_key, validate=True)
        key = Ed25519PublicKey.from_public_bytes(raw)
        key.verify(base64.b64decode(signature, validate=True), message.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def pem(public_key: str) -> str:
    """A public key as other programs read it, for example `openssl pkeyutl -verify -pubin`."""
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key))
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def default_file(ledger_url: str) -> Path:
    """Where the key lies unless a setting says otherwise: beside a SQLite ledger's file, for
    another database in the working folder."""
    url = make_url(ledger_url)
    beside = url.database if url.get_backend_name() == "sqlite" and url.database else "noisegate"
    return Path(beside + SUFFIX)


def read(file: Path) -> Signer:
    """The key in a file. Raises `BadKey` where it is none, or where others may read it."""
    try:
        mode, content = file.stat().st_mode, file.read_bytes()
    except OSError as error:
        raise BadKey(f"{file} cannot be read ({error.strerror})") from error
    if mode & _OPEN_TO_OTHERS:
        raise BadKey(f"{file} is open to others; `chmod 600 {file}` closes it")
    try:
        key = serialization.load_pem_private_key(content, password=None)
    except (ValueError, TypeError) as error:
        raise BadKey(f"{file} holds no unencrypted private key in PEM") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey(f"{file} holds a private key of another kind than Ed25519")
    raw = key.public_key().public_bytes_raw()
    return Signer(public_key=base64.b64encode(raw).decode(), private=key)


def create(file: Path) -> Signer:
    """A new key in `file`, mode 0600 and on disk; the file's own key where one is there already.

    Written aside and then linked under its name, so that of processes that start at once each
    reads the same whole key. Raises `BadKey` where the folder cannot be written.
    """
    text = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    try:
        _write_once(file, text)
    except OSError as error:
        raise BadKey(f"no key can be made at {file} ({error.strerror})") from error
    return read(file)


def _write_once(file: Path, content: bytes) -> None:
    number, name = tempfile.mkstemp(prefix=".signing-key-", dir=file.parent)  # its mode is 0600
    try:
        with os.fdopen(number, "wb") as aside:
            aside.write(content)
            aside.flush()
            os.fsync(aside.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(name, file)
    finally:
        Path(name).unlink()
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
