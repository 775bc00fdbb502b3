"""The tables of a PostgreSQL schema for a starting policy, from the catalogs alone."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence

from gateway.edges import SchemaColumn
from gateway.engines.postgres import PostgresEngine
from gateway.engines.postgres_open import NotUsable
from gateway.errors import Code, Refusal

_SCHEMA = re.compile(r"([?&])schema=([^&]*)(&|$)")


def split(url: str) -> tuple[str, str]:
    """An address without `schema=NAME` among its parameters, and that schema, else public."""
    named = _SCHEMA.search(url)
    address = _SCHEMA.sub(lambda found: found[1] if found[3] else "", url)
    return address, named[2] if named else "public"


def tables(address: str, schema: str) -> dict[str, Sequence[SchemaColumn]]:
    """Every table of the schema that the role may read, with its columns.

    Raises `Refusal`: INVALID_REQUEST for a role that may do more than read, and where there is no
    table; ENGINE_UNAVAILABLE where the server does not answer.
    """
    try:
        engine = PostgresEngine(address, timeout_seconds=60)
    except NotUsable as error:
        raise Refusal(
            Code.INVALID_REQUEST, f"Found {error.found}.", f"Give {error.allowed}."
        ) from None
    with contextlib.closing(engine):
        found = engine.schema_of(schema)
    if not found:
        raise Refusal(
            Code.INVALID_REQUEST,
            f"The schema {schema} holds no table that this role may read.",
            "Grant the role SELECT, or name another schema: postgresql://…?schema=NAME",
        )
    return found
