"""Where a PostgreSQL is reached, and as whom; the URL of one that an administrator runs."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

_PORT = 5432
_MODES = ("disable", "require", "verify-full")
_LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A server. A `host` that begins with a slash is the folder of its socket."""

    host: str
    port: int = _PORT
    tls: ssl.SSLContext | None = None

    @property
    def socket(self) -> str | None:
        """The path of its socket; None where it is reached by TCP."""
        return f"{self.host}/.s.PGSQL.{self.port}" if self.host.startswith("/") else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Who logs in; `password` is None where the server does not ask for one."""

    user: str
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a URL says: the server, its superuser, and a database to connect to at first."""

    address: Address
    login: Login
    database: str


def parsed(url: str) -> Place:
    """`postgresql://user:password@host:port/database?sslmode=…&sslrootcert=…` in parts.

    A server that is not on this machine is reached by TLS unless `sslmode=disable` says otherwise.
    Raises ValueError with a sentence that repeats no part of the URL, which holds a password.
    """
    try:
        found = make_url(url)
    except (ArgumentError, ValueError):
        raise ValueError("it is no URL such as postgresql://user:password@host/postgres") from None
    if found.drivername not in ("postgresql", "postgres"):
        raise ValueError("it does not begin with postgresql://")
    asked = {name: str(value) for name, value in found.query.items()}
    unknown = set(asked) - {"host", "sslmode", "sslrootcert"}
    if unknown:
        raise ValueError(f"its parameters are host, sslmode and sslrootcert, not {min(unknown)}")
    host = found.host or asked.get("host", "")
    if not host or not found.username or not found.password:
        raise ValueError("it has to name a host, a superuser and the superuser's password")
    near = host.startswith("/") or host in _LOCAL
    mode = asked.get("sslmode", "disable" if near else "require")
    if mode not in _MODES:
        raise ValueError(f"sslmode is one of {', '.join(_MODES)}")
    if host.startswith("/") and mode != "disable":
        raise ValueError("a socket has no TLS: leave sslmode out")
    return Place(
        address=Address(
            host=host,
            port=found.port or _PORT,
            tls=None if mode == "disable" else _context(mode, asked.get("sslrootcert")),
        ),
        login=Login(user=found.username, password=found.password),
        database=found.database or "postgres",
    )


def _context(mode: str, authorities: str | None) -> ssl.SSLContext:
    if authorities is not None and not Path(authorities).is_file():
        raise ValueError("the file of sslrootcert is not there")
    try:
        context = ssl.create_default_context(cafile=authorities)
    except ssl.SSLError:
        raise ValueError("the file of sslrootcert holds no certificates in PEM") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if mode == "require":  # as in libpq: encrypted, with whoever answers
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
