"""Columns and types of the tables that stand above the boundary."""

from __future__ import annotations

from gateway.privacy.plan import PublicTable, Release
from gateway.rewrite.emit import Written
from gateway.sql.functions.conversion import duckdb_type


def draft_schema(written: Written) -> dict[str, str]:
    """A noisy table's columns with their DuckDB types, before it is priced."""
    keys = {name: duckdb_type(key.type) for key, name in written.keys}
    return keys | {name: "HUGEINT" for _, name in written.measures}


def schema_of(release: Release) -> dict[str, str]:
    """A noisy table's columns with their DuckDB types."""
    keys = {key.name: duckdb_type(key.type) for key in release.keys}
    return keys | {measure.column: "HUGEINT" for measure in release.measures}


def public_schema(table: PublicTable) -> dict[str, str]:
    """A public table's columns with their DuckDB types."""
    return {name: duckdb_type(kind) for name, kind in table.columns}
