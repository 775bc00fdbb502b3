"""An answer as an Arrow stream, typed by the SQL types of its columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from gateway.exchange import Answer
from gateway.sql.types import Scalar

_INT64 = range(-(2**63), 2**63)


def stream(answer: Answer, metadata: Mapping[str, str]) -> bytes:
    """The rows in Arrow's streaming format; `metadata` goes into the schema.

    Raises ValueError where a column holds values that its type cannot.
    """
    import pyarrow as pa

    columns = [list(values) for values in zip(*answer.rows, strict=True)] or [
        [] for _ in answer.columns
    ]
    arrays = [
        array(column.type, values) for column, values in zip(answer.columns, columns, strict=True)
    ]
    schema = pa.schema(
        [
            pa.field(
                column.name, made.type, metadata={"noisegate.noisy": str(column.noisy).lower()}
            )
            for column, made in zip(answer.columns, arrays, strict=True)
        ],
        metadata=dict(metadata),
    )
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as writer:
        writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
    return bytes(sink.getvalue().to_pybytes())


def array(type_name: str, values: Sequence[Scalar]) -> Any:
    """One column. Integers beyond 64 bits become decimals; what Arrow has no type for is text."""
    import pyarrow as pa

    match type_name:
        case "boolean":
            return pa.array(values, pa.bool_())
        case "smallint" | "integer" | "bigint" if _integral(values):
            bits = {"smallint": pa.int16(), "integer": pa.int32()}.get(type_name, pa.int64())
            return pa.array(values, bits)
        case "smallint" | "integer" | "bigint" | "numeric":
            return _decimals(values)
        case "double precision" | "real":
            return pa.array([None if v is None else _float(v) for v in values], pa.float64())
        case "date":
            return pa.array(values, pa.date32())
        case "timestamp":
            return pa.array(values, pa.timestamp("us"))
        case "timestamptz":
            return pa.array([_utc(v) for v in values], pa.timestamp("us", tz="UTC"))
        case _:
            return pa.array([None if v is None else str(v) for v in values], pa.string())


def _integral(values: Sequence[Scalar]) -> bool:
    return all(v is None or (isinstance(v, int) and v in _INT64) for v in values)


def _float(value: Scalar) -> float:
    if isinstance(value, (int, float, Decimal)):
        return float(value)
    raise ValueError("a double precision column holds something else than numbers")


def _utc(value: Scalar) -> dt.datetime | None:
    if value is None:
        return None
    if not isinstance(value, dt.datetime):
        raise ValueError("a timestamptz column holds something else than timestamps")
    return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


def _decimals(values: Sequence[Scalar]) -> Any:
    import pyarrow as pa

    exact: list[Decimal | None] = []
    for value in values:
        if isinstance(value, float):
            # A division of noisy numbers is inexact anyway; such a column is one of doubles.
            return pa.array([None if v is None else _float(v) for v in values], pa.float64())
        if value is None or (isinstance(value, Decimal) and not value.is_finite()):
            exact.append(None)
        elif isinstance(value, (int, Decimal)):
            exact.append(Decimal(value))
        else:
            raise ValueError("a numeric column holds something else than numbers")
    if not any(value is not None for value in exact):
        return pa.array(exact, pa.decimal128(38, 0))
    return pa.array(exact)
