"""Moments as numbers and back, and which lie within every engine's range."""

from __future__ import annotations

from gateway.sql.functions.postgres.conversion import LAST_MOMENT
from gateway.sql.functions.postgres.names import once, postgres_type
from gateway.sql.types import Kind, Type

LEAST_MICROS = -210_866_803_200_000_000
"""Of PostgreSQL's first timestamp, since 1970."""
LAST_MICROS = 9_223_372_036_854_775_806
"""Of the last moment that every engine has."""


def micros(text: str) -> str:
    """Microseconds since 1970 of a finite timestamp, as numeric."""
    return f"(EXTRACT(EPOCH FROM {text}) * 1000000)"


def of_micros(number: str, kind: Type) -> str:
    """A timestamp from microseconds since 1970, NULL outside the range that every engine has."""
    day = 86_400_000_000
    stamp = (
        f"TIMESTAMP '1970-01-01' + CAST(floor({{0}} / {day}) AS integer) * INTERVAL '1 day' "
        f"+ CAST({{0}} - floor({{0}} / {day}) * {day} AS bigint) * INTERVAL '1 microsecond'"
    )
    if kind.kind is Kind.TIMESTAMPTZ:
        stamp = f"({stamp}) AT TIME ZONE 'UTC'"
    return once(
        [f"CAST({number} AS numeric)"],
        lambda x: (
            f"CASE WHEN {x} BETWEEN {LEAST_MICROS} AND {LAST_MICROS} "
            f"THEN {stamp.replace('{0}', x)} END"
        ),
    )


def upto_last(text: str, kind: Type) -> str:
    """A timestamp, NULL where it is finite and beyond the last that every engine has."""
    zone = "+00" if kind.kind is Kind.TIMESTAMPTZ else ""
    last = f"{postgres_type(kind).upper()} '{LAST_MOMENT}{zone}'"
    return once([text], lambda x: f"CASE WHEN {x} <= {last} OR NOT isfinite({x}) THEN {x} END")
