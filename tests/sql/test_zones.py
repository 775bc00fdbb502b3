"""Every time zone that the gateway takes is one that the engine knows."""

from __future__ import annotations

import duckdb

from gateway.sql.expressions import Literal
from gateway.sql.functions.zones import ZONES, zone_of
from gateway.sql.types import TEXT


def test_the_engine_knows_every_zone() -> None:
    with duckdb.connect(":memory:") as connection:
        rows = connection.execute("SELECT name FROM pg_timezone_names()").fetchall()
    known = {row[0] for row in rows}
    assert len(ZONES) > 400
    assert known >= ZONES


def test_a_zone_is_found_in_any_case() -> None:
    assert zone_of(Literal("europe/PARIS", TEXT)) == "Europe/Paris"
    assert zone_of(Literal("Europe/Atlantis", TEXT)) is None
    assert zone_of(Literal("UTC'; --", TEXT)) is None
