"""Who asks: a key as Bearer token, or user and key by HTTP Basic."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from gateway.errors import Code, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What an Authorization header holds; `user` only with Basic. The repr hides the key."""

    user: str | None
    key: str

    def __repr__(self) -> str:
        return f"Credentials(user={self.user!r})"


def credentials(authorization: str | None) -> Credentials:
    """The credentials of an Authorization header; raises `Refusal(UNAUTHENTICATED)`."""
    scheme, _, rest = (authorization or "").strip().partition(" ")
    token = rest.strip()
    if scheme.lower() == "bearer" and token:
        return Credentials(user=None, key=token)
    if scheme.lower() == "basic" and token:
        user, found, key = _decoded(token).partition(":")
        if found and user and key:
            return Credentials(user=user, key=key)
    raise unauthenticated()


def unauthenticated() -> Refusal:
    """The same words for a missing, wrong and revoked key, so that none tells of the others."""
    return Refusal(
        Code.UNAUTHENTICATED,
        "The request carries no valid key.",
        "Send `Authorization: Bearer KEY`; an administrator makes one with `noisegate user add`.",
    )


def _decoded(token: str) -> str:
    try:
        return base64.b64decode(token, validate=True).decode()
    except ValueError as error:  # not ASCII, not base64, or not UTF-8 inside
        raise unauthenticated() from error
