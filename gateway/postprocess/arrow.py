"""Noisy and public tables as Arrow tables that the workbench reads.

A noisy table is registered as `raw_NAME` and read through a view NAME, in which every key has its
SQL type and every measure is a HUGEINT.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import pyarrow as pa

from gateway.noise.tables import NoisyTable
from gateway.privacy.plan import Release
from gateway.rewrite.expressions import quoted
from gateway.sql.functions.conversion import duckdb_type
from gateway.sql.types import Kind, Scalar, Type

_MEASURE = pa.decimal128(38, 0)


def raw_name(name: str) -> str:
    """The registered table behind a view."""
    return f"raw_{name}"


def noisy(release: Release, table: NoisyTable | None) -> pa.Table:
    """A release's rows; none of them where there is no table yet."""
    rows = table.rows if table else ()
    columns: list[pa.Array] = []
    for index, key in enumerate(release.keys):
        columns.append(key_array([row[index] for row in rows], key.type))
    width = len(release.keys)
    for index in range(len(release.measures)):
        values = [row[width + index] for row in rows]
        columns.append(measures(values))
    names = [*(key.name for key in release.keys), *(m.column for m in release.measures)]
    return pa.table(columns, names=names)


def measures(values: Sequence[Scalar]) -> pa.Array:
    """Noisy integers of any size up to 38 digits."""
    whole = [int(value) for value in values if isinstance(value, (int, Decimal))]
    if all(-(2**63) <= value < 2**63 for value in whole):
        return pa.array(whole, pa.int64())
    return pa.array([Decimal(value) for value in whole], _MEASURE)


def view(release: Release, source: str, condition: str = "") -> str:
    """The SELECT that gives a release's columns their types, reading `source`."""
    items = [
        f"CAST({quoted(key.name)} AS {duckdb_type(key.type)}) AS {quoted(key.name)}"
        for key in release.keys
    ]
    items += [
        f"CAST({quoted(m.column)} AS HUGEINT) AS {quoted(m.column)}" for m in release.measures
    ]
    return f"SELECT {', '.join(items)} FROM {quoted(source)}{condition}"


_ARROW = {
    Kind.BOOLEAN: pa.bool_(),
    Kind.INTEGER: pa.int64(),
    Kind.FLOAT: pa.float64(),
    Kind.TEXT: pa.string(),
    Kind.DATE: pa.date32(),
    Kind.TIMESTAMP: pa.timestamp("us"),
    Kind.TIMESTAMPTZ: pa.timestamp("us", tz="UTC"),
}


def key_array(values: list[Scalar], kind: Type) -> pa.Array:
    """Values of a group key."""
    if kind.kind is Kind.DECIMAL:
        return pa.array(values, pa.decimal128(kind.precision, kind.scale))
    if kind.kind is Kind.TIMESTAMPTZ:
        values = [
            v.replace(tzinfo=v.tzinfo or dt.UTC) if isinstance(v, dt.datetime) else v
            for v in values
        ]
    return pa.array(values, _ARROW.get(kind.kind, pa.string()))
