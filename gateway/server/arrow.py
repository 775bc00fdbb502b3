"""An answer as an Arrow stream, typed by the SQL types of its columns."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from gateway.exchange import Answer
from gateway.pages import Row, pages_of
from gateway.sql.types import Scalar

if TYPE_CHECKING:
    import pyarrow as pa

_INT64 = range(-(2**63), 2**63)


def stream(answer: Answer, metadata: Mapping[str, str]) -> Iterator[bytes]:
    """The rows in Arrow's streaming format, in pieces; `metadata` goes into the schema.

    A column's type follows from all of its values, so large answers are read twice. Raises
    ValueError, before the first piece, where a column holds values that its type cannot.
    """
    import pyarrow as pa

    kinds = [pa.null() for _ in answer.columns]
    for page in pages_of(answer.rows):
        kinds = [
            _wider(known, _kind(column.type, values))
            for known, column, values in zip(kinds, answer.columns, _columns(page), strict=True)
        ]
    fields = [
        pa.field(
            column.name,
            _kind(column.type, ()) if kind == pa.null() else kind,
            metadata={"noisegate.noisy": str(column.noisy).lower()},
        )
        for column, kind in zip(answer.columns, kinds, strict=True)
    ]
    return _written(answer, pa.schema(fields, metadata=dict(metadata)))


def _written(answer: Answer, schema: pa.Schema) -> Iterator[bytes]:
    import pyarrow as pa

    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, schema) as writer:
        for page in pages_of(answer.rows):
            arrays = [
                _array(field.type, values)
                for field, values in zip(schema, _columns(page), strict=True)
            ]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
            yield _taken(sink)
    yield _taken(sink)


def _taken(sink: io.BytesIO) -> bytes:
    found = sink.getvalue()
    sink.seek(0)
    sink.truncate()
    return found


def _columns(rows: Sequence[Row]) -> list[Sequence[Scalar]]:
    return list(zip(*rows, strict=True))


def _kind(type_name: str, values: Sequence[Scalar]) -> pa.DataType:
    """The Arrow type of some values of a column; null where they do not tell. Integers beyond 64
    bits become decimals; what Arrow has no type for is text."""
    import pyarrow as pa

    match type_name:
        case "boolean":
            return pa.bool_()
        case "smallint" | "integer" | "bigint" if _integral(values):
            return {"smallint": pa.int16(), "integer": pa.int32()}.get(type_name, pa.int64())
        case "smallint" | "integer" | "bigint" | "numeric":
            return _decimal(values)
        case "double precision" | "real":
            return pa.float64()
        case "date":
            return pa.date32()
        case "timestamp":
            return pa.timestamp("us")
        case "timestamptz":
            return pa.timestamp("us", tz="UTC")
        case _:
            return pa.string()


def _decimal(values: Sequence[Scalar]) -> pa.DataType:
    import pyarrow as pa

    known = [value for value in values if value is not None]
    if any(isinstance(value, float) for value in known):
        # A division of noisy numbers is inexact anyway; such a column is one of doubles.
        return pa.float64()
    exact = [value for value in map(_exact, known) if value is not None]
    if not exact:
        return pa.null() if values else pa.decimal128(38, 0)
    return pa.array(exact).type


def _wider(one: pa.DataType, other: pa.DataType) -> pa.DataType:
    """The type that holds the values of both, of which each is one that `_kind` gives a column."""
    import pyarrow as pa

    kinds = {kind for kind in (one, other) if kind != pa.null()}
    if len(kinds) < 2:
        return kinds.pop() if kinds else pa.null()
    if pa.float64() in kinds:
        return pa.float64()
    digits, scale = zip(*map(_digits, kinds), strict=True)
    whole = max(d - s for d, s in zip(digits, scale, strict=True))
    most = whole + max(scale)
    return (pa.decimal128 if most <= 38 else pa.decimal256)(most, max(scale))


def _digits(kind: pa.DataType) -> tuple[int, int]:
    import pyarrow as pa

    if pa.types.is_integer(kind):
        return len(str(2 ** (kind.bit_width - 1))), 0
    return kind.precision, kind.scale


def _array(kind: pa.DataType, values: Sequence[Scalar]) -> Any:
    import pyarrow as pa

    if pa.types.is_floating(kind):
        return pa.array([None if v is None else _float(v) for v in values], kind)
    if pa.types.is_decimal(kind):
        return pa.array([None if v is None else _exact(v) for v in values], kind)
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        return pa.array([_utc(v) for v in values], kind)
    if pa.types.is_string(kind):
        return pa.array([None if v is None else str(v) for v in values], kind)
    return pa.array(values, kind)


def _integral(values: Sequence[Scalar]) -> bool:
    return all(v is None or (isinstance(v, int) and v in _INT64) for v in values)


def _float(value: Scalar) -> float:
    if isinstance(value, (int, float, Decimal)):
        return float(value)
    raise ValueError("a double precision column holds something else than numbers")


def _exact(value: Scalar) -> Decimal | None:
    """A number as a decimal; NaN, which Arrow's decimals lack, as None."""
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, int):
        return Decimal(value)
    raise ValueError("a numeric column holds something else than numbers")


def _utc(value: Scalar) -> dt.datetime | None:
    if value is None:
        return None
    if not isinstance(value, dt.datetime):
        raise ValueError("a timestamptz column holds something else than timestamps")
    return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)
