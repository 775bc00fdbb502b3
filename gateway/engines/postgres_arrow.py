"""PostgreSQL's rows as Arrow tables, without a detour through values that Python cannot hold."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

import psycopg
import pyarrow as pa
from psycopg.adapt import Loader
from psycopg.pq import Format

if TYPE_CHECKING:
    from psycopg.abc import AdaptContext, Buffer

_DAYS, _MICROS = 10_957, 946_684_800_000_000
"""From 1970, which Arrow counts from, to 2000, which PostgreSQL counts from."""
_LAST_DAY, _LAST_MICRO = 2**31 - 1, 2**63 - 1
"""What stands for infinity in Arrow, as DuckDB has it; the negative, for minus infinity."""


class _Days(Loader):
    """A date as days since 1970: Python has none beyond the year 9999."""

    format = Format.BINARY

    def load(self, data: Buffer) -> int:
        days: int
        (days,) = struct.unpack("!i", data)
        return min(max(days, -_LAST_DAY) + (abs(days) < _LAST_DAY) * _DAYS, _LAST_DAY)


class _Micros(Loader):
    """A timestamp as microseconds since 1970."""

    format = Format.BINARY

    def load(self, data: Buffer) -> int:
        micros: int
        (micros,) = struct.unpack("!q", data)
        moved = (abs(micros) < _LAST_MICRO) * _MICROS
        return min(max(micros, -_LAST_MICRO) + moved, _LAST_MICRO)


def prepare(context: AdaptContext) -> None:
    """Have a connection give moments as the numbers that Arrow keeps."""
    context.adapters.register_loader("date", _Days)
    context.adapters.register_loader("timestamp", _Micros)
    context.adapters.register_loader("timestamptz", _Micros)


_TYPES = {
    "bool": pa.bool_(),
    "int2": pa.int16(),
    "int4": pa.int32(),
    "int8": pa.int64(),
    "float8": pa.float64(),
    "text": pa.string(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "timestamptz": pa.timestamp("us", "UTC"),
}


_LOT = 65_536
"""Rows that are Python's values at a time."""
_CHUNK = 1_024
"""Rows that libpq hands over at once. Those that are not asked for wait at the server."""


def table_of(cursor: psycopg.Cursor[tuple[Any, ...]], sql: str) -> pa.Table:
    """The rows of a SELECT. Raises KeyError for a type that no statement of the gateway gives.

    They are read while the server sends them, so that what a large result takes here is its Arrow
    table: psycopg's `Cursor.stream`, by libpq's chunked rows mode.
    """
    # A statement without parameters that asks for binary results is one statement.
    rows = cursor.stream(sql.encode(), binary=True, size=_CHUNK)
    lots: list[list[pa.Array]] = []
    while lot := list(islice(rows, _LOT)):
        columns = zip(cursor.description or (), zip(*lot, strict=True), strict=True)
        lots.append([_array(column, values) for column, values in columns])
    if not lots:
        # Without a row psycopg does not tell the columns. This runs nothing.
        cursor.execute(f"SELECT * FROM ({sql}) AS nothing LIMIT 0".encode())  # noqa: S608
        lots.append([_array(column, ()) for column in cursor.description or ()])
    names = [column.name for column in cursor.description or ()]
    chunks = [_alike(arrays) for arrays in zip(*lots, strict=True)]
    return pa.Table.from_arrays([pa.chunked_array(arrays) for arrays in chunks], names=names)


def _array(column: psycopg.Column, values: Sequence[Any]) -> pa.Array:
    known = psycopg.adapters.types.get(column.type_code)
    name = known.name if known is not None else f"type {column.type_code}"
    if name == "numeric":
        return _decimals(values, column.precision, column.scale)
    return pa.array(values, _TYPES[name])


def _alike(arrays: Sequence[pa.Array]) -> list[pa.Array]:
    """The parts of a column under one type: decimals have the digits that their part needs."""
    kinds = {array.type for array in arrays}
    if len(kinds) == 1:
        return list(arrays)
    scale = max(kind.scale for kind in kinds)
    whole = max(kind.precision - kind.scale for kind in kinds)
    wide = pa.decimal256(76, scale)
    if all(pa.types.is_decimal128(kind) for kind in kinds) and whole + scale <= 38:
        wide = pa.decimal128(38, scale)
    return [array.cast(wide) for array in arrays]


def _decimals(
    values: Sequence[Decimal | None], precision: int | None, declared: int | None
) -> pa.Array:
    """Exact numbers, with the digits that the column declares, or that its values need."""
    if precision is not None and declared is not None and 0 <= declared <= precision <= 38:
        return pa.array(values, pa.decimal128(precision, declared))
    known = [value for value in values if value is not None]
    scale = max(map(_places, known), default=0)
    digits = max((value.adjusted() + 1 for value in known), default=1) + scale
    kind = pa.decimal128(38, scale) if digits <= 38 else pa.decimal256(76, scale)
    return pa.array(values, kind)


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
