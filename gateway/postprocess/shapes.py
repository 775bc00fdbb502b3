"""Columns and types of the tables that stand above the boundary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gateway.privacy.drafts import Draft
from gateway.privacy.histograms import Reading
from gateway.privacy.plan import PublicTable, Release
from gateway.privacy.read_off import key_column, reading_column
from gateway.sql.functions.conversion import duckdb_type


def draft_schema(name: str, draft: Draft) -> dict[str, str]:
    """A noisy table's columns with their DuckDB types, before it is priced."""
    keys = {label: duckdb_type(key.type) for key, label in draft.written.keys}
    if draft.histogram is not None:
        return _read_off(name, keys, draft.readings)
    return keys | {label: "HUGEINT" for _, label in draft.written.measures}


def schema_of(release: Release) -> dict[str, str]:
    """A noisy table's columns with their DuckDB types."""
    keys = {key.name: duckdb_type(key.type) for key in release.group_keys}
    if release.histogram is not None:
        return _read_off(release.name, keys, release.readings)
    return keys | {measure.column: "HUGEINT" for measure in release.measures}


def _read_off(name: str, keys: Mapping[str, str], readings: Sequence[Reading]) -> dict[str, str]:
    """What a histogram is above the boundary: its groups, and the numbers read off it."""
    found = {key_column(name, key): kind for key, kind in keys.items()}
    return found | {
        reading_column(name, number): duckdb_type(reading.type)
        for number, reading in enumerate(readings)
    }


def public_schema(table: PublicTable) -> dict[str, str]:
    """A public table's columns with their DuckDB types."""
    return {name: duckdb_type(kind) for name, kind in table.columns}
