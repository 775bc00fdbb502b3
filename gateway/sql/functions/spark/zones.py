"""Spark's time zones."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.sql.expressions import Call
from gateway.sql.functions.base import Rendering
from gateway.sql.functions.spark.forms import attempt, finite
from gateway.sql.functions.zones import zone_of
from gateway.sql.types import Kind


def _turned(call: Call, arguments: Sequence[str]) -> str:
    zone, moment = zone_of(call.arguments[1]), arguments[0]
    if call.type.kind is Kind.TIMESTAMP:
        local = f"convert_timezone('UTC', '{zone}', CAST({moment} AS TIMESTAMP_NTZ))"
        return _finite(moment, Kind.TIMESTAMPTZ, attempt(local), "TIMESTAMP_NTZ")
    # Of an hour that comes twice PostgreSQL takes the second: the one by the offset of a day later,
    # where the zone's clock does show the hour then.
    first = _moment(moment, zone)
    later = f"{_moment(f'({moment} + INTERVAL 1 DAY)', zone)} - INTERVAL 1 DAY"
    second = attempt(later)
    shown = attempt(f"convert_timezone('UTC', '{zone}', {later})")
    chosen = f"CASE WHEN {shown} = {moment} THEN {second} ELSE {attempt(first)} END"
    return _finite(moment, Kind.TIMESTAMP, f"CAST({chosen} AS TIMESTAMP_LTZ)", "TIMESTAMP_LTZ")


def _finite(moment: str, kind: Kind, turned: str, target: str) -> str:
    """Infinite moments stay what they are in every zone."""
    return f"CASE WHEN {finite(moment, kind)} THEN {turned} ELSE CAST({moment} AS {target}) END"


def _moment(local: str, zone: str | None) -> str:
    return f"convert_timezone('{zone}', 'UTC', {local})"


RENDERINGS: dict[str, Rendering] = {"at_time_zone": _turned}
