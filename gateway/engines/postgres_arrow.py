"""PostgreSQL's rows as Arrow tables, without a detour through values that Python cannot hold."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from decimal import Decimal
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


def table_of(cursor: psycopg.Cursor[tuple[Any, ...]]) -> pa.Table:
    """The rows of a cursor that has run a SELECT. Raises KeyError for a type that no statement of
    the gateway gives."""
    described = cursor.description or ()
    rows = cursor.fetchall()
    columns = list(zip(*rows, strict=True)) or [()] * len(described)
    arrays = []
    for column, values in zip(described, columns, strict=True):
        known = psycopg.adapters.types.get(column.type_code)
        name = known.name if known is not None else f"type {column.type_code}"
        if name == "numeric":
            arrays.append(_decimals(values, column.precision, column.scale))
        else:
            arrays.append(pa.array(values, _TYPES[name]))
    return pa.Table.from_arrays(arrays, names=[column.name for column in described])


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
