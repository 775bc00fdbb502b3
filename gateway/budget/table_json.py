"""A noisy table as JSON text and back, every value with its exact type."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

from gateway.noise.tables import NoisyTable
from gateway.sql.types import Scalar

_EXACT = 2**53


def encode_table(table: NoisyTable) -> str:
    """ASCII JSON `{"keys", "measures", "rows"}`. Raises TypeError for a value that is no Scalar."""
    return json.dumps(
        {
            "keys": list(table.keys),
            "measures": list(table.measures),
            "rows": [[encode_scalar(value) for value in row] for row in table.rows],
        },
        separators=(",", ":"),
    )


def decode_table(text: str) -> NoisyTable:
    """The inverse of `encode_table`."""
    plain = json.loads(text)
    return NoisyTable(
        keys=tuple(plain["keys"]),
        measures=tuple(plain["measures"]),
        rows=tuple(tuple(decode_scalar(value) for value in row) for row in plain["rows"]),
    )


def encode_scalar(value: Scalar) -> object:
    """NULL, booleans, text and small integers as JSON's own; the rest as `{type: text}`.

    Integers go over in hexadecimal where a reader of JSON might take them for floats, floats in
    hexadecimal so that no digit is lost, zone aware timestamps in UTC.
    """
    if value is None or type(value) in (bool, str):
        return value
    if type(value) is int:
        return value if abs(value) < _EXACT else {"int": hex(value)}
    if type(value) is float:
        return {"float": value.hex()}
    if type(value) is Decimal:
        return {"decimal": str(value)}
    if type(value) is dt.datetime:
        if value.tzinfo is None:
            return {"timestamp": value.isoformat()}
        return {"timestamptz": value.astimezone(dt.UTC).isoformat()}
    if type(value) is dt.date:
        return {"date": value.isoformat()}
    raise TypeError(f"a noisy table cannot hold a {type(value).__name__}")


def decode_scalar(value: object) -> Scalar:
    """The inverse of `encode_scalar`. Raises ValueError for anything that it does not write."""
    if value is None or isinstance(value, bool | str | int):
        return value
    if not isinstance(value, dict) or len(value) != 1:
        raise ValueError("not a stored value")
    ((kind, text),) = value.items()
    match kind:
        case "int":
            return int(text, 16)
        case "float":
            return float.fromhex(text)
        case "decimal":
            return Decimal(text)
        case "timestamp" | "timestamptz":
            return dt.datetime.fromisoformat(text)
        case "date":
            return dt.date.fromisoformat(text)
        case _:
            raise ValueError(f"not a stored value: {kind}")
