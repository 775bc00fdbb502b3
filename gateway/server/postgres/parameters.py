"""Values of $1, $2 … as clients send them, and the types that a statement wants them to have."""

from __future__ import annotations

import datetime as dt
import math
import re
import struct
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify

from gateway.errors import Refusal
from gateway.policy.catalog import Dataset
from gateway.server.postgres import formats
from gateway.server.postgres.faults import Fault, State
from gateway.sql.parse import parse
from gateway.sql.types import Kind, Scalar

MOST = 1_000
"""The most parameters of one statement."""
_INTEGER = re.compile(r"\s*([+-]?\d{1,19})\s*")
_DECIMAL = re.compile(r"\s*([+-]?(?:\d{1,100}\.?\d{0,100}|\.\d{1,100})(?:[eE][+-]?\d{1,2})?)\s*")
_WORDS = {"t": True, "true": True, "yes": True, "on": True, "1": True} | {
    "f": False, "false": False, "no": False, "off": False, "0": False,
}  # fmt: skip
_EPOCH = dt.datetime(2000, 1, 1)
_MICROSECOND = dt.timedelta(microseconds=1)


def read(oid: int, form: int, data: bytes | None, number: int) -> Scalar:
    """The value of parameter `number`. Raises `Fault` for bytes that are none of the type."""
    if data is None:
        return None
    readers = _BINARY if form == formats.BINARY_FORMAT else _TEXT
    reader = readers.get(oid)
    if reader is None:
        raise Fault(
            State.FEATURE_NOT_SUPPORTED,
            f"Parameter ${number} has a type (OID {oid}) that questions cannot use.",
            "Send numbers, text, booleans, dates or timestamps; for a list, one parameter each.",
        )
    try:
        return reader(data)
    except (ValueError, OverflowError, struct.error):
        state = (
            State.INVALID_BINARY_REPRESENTATION
            if form == formats.BINARY_FORMAT
            else State.INVALID_TEXT_REPRESENTATION
        )
        raise Fault(
            state,
            f"The value of parameter ${number} cannot be read as its type (OID {oid}).",
            "Send a value of the type that Describe tells, or cast it in the SQL: $1::integer.",
        ) from None


def _text(data: bytes) -> str:
    text = data.decode()
    if "\x00" in text:
        raise ValueError("NUL cannot stand in text")
    return text


def _integer_text(data: bytes) -> int:
    return int(_matched(_INTEGER, data))


def _decimal_text(data: bytes) -> Decimal:
    return Decimal(_matched(_DECIMAL, data))


def _float_text(data: bytes) -> float:
    return _finite(float(_text(data)))


def _bool_text(data: bytes) -> bool:
    word = _text(data).strip().lower()
    if word not in _WORDS:
        raise ValueError("not a boolean")
    return _WORDS[word]


def _date_text(data: bytes) -> dt.date:
    return dt.date.fromisoformat(_text(data).strip()[:10])


def _timestamp_text(data: bytes) -> dt.datetime:
    return dt.datetime.fromisoformat(_text(data).strip()).replace(tzinfo=None)


def _timestamptz_text(data: bytes) -> dt.datetime:
    found = dt.datetime.fromisoformat(_text(data).strip())
    return (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)


def _matched(pattern: re.Pattern[str], data: bytes) -> str:
    found = pattern.fullmatch(_text(data))
    if found is None:
        raise ValueError("not a number")
    return found[1]


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("NaN and infinities are no parameters")
    return value


def _unpacked(code: str) -> Callable[[bytes], int]:
    def unpacked(data: bytes) -> int:
        (value,) = struct.unpack(code, data)
        return int(value)

    return unpacked


def _float4_binary(data: bytes) -> float:
    return _finite(struct.unpack("!f", data)[0])


def _float8_binary(data: bytes) -> float:
    return _finite(struct.unpack("!d", data)[0])


def _bool_binary(data: bytes) -> bool:
    return bool(struct.unpack("!?", data)[0])


def _date_binary(data: bytes) -> dt.date:
    (days,) = struct.unpack("!i", data)
    return _EPOCH.date() + dt.timedelta(days=days)


def _timestamp_binary(data: bytes) -> dt.datetime:
    microseconds: int = struct.unpack("!q", data)[0]
    return _EPOCH + microseconds * _MICROSECOND


def _timestamptz_binary(data: bytes) -> dt.datetime:
    return _timestamp_binary(data).replace(tzinfo=dt.UTC)


_TEXTS = (formats.TEXT_OID, formats.VARCHAR, formats.BPCHAR, formats.NAME, formats.UNKNOWN)
_Readers = Mapping[int, Callable[[bytes], Scalar]]
_TEXT: _Readers = {
    **dict.fromkeys((formats.INT2, formats.INT4, formats.INT8, formats.OID), _integer_text),
    **dict.fromkeys((formats.FLOAT4, formats.FLOAT8), _float_text),
    **dict.fromkeys(_TEXTS, _text),
    formats.NUMERIC: _decimal_text,
    formats.BOOL: _bool_text,
    formats.DATE: _date_text,
    formats.TIMESTAMP: _timestamp_text,
    formats.TIMESTAMPTZ: _timestamptz_text,
}
_BINARY: _Readers = {
    **dict.fromkeys(_TEXTS, _text),
    formats.INT2: _unpacked("!h"),
    formats.INT4: _unpacked("!i"),
    formats.INT8: _unpacked("!q"),
    formats.OID: _unpacked("!I"),
    formats.FLOAT4: _float4_binary,
    formats.FLOAT8: _float8_binary,
    formats.NUMERIC: formats.numeric_read,
    formats.BOOL: _bool_binary,
    formats.DATE: _date_binary,
    formats.TIMESTAMP: _timestamp_binary,
    formats.TIMESTAMPTZ: _timestamptz_binary,
}

_SAMPLES: dict[int, Scalar] = {
    **dict.fromkeys((formats.INT2, formats.INT4, formats.INT8, formats.OID), 1),
    **dict.fromkeys((formats.FLOAT4, formats.FLOAT8), 1.0),
    formats.NUMERIC: Decimal(1),
    formats.BOOL: True,
    formats.DATE: dt.date(2000, 1, 1),
    formats.TIMESTAMP: dt.datetime(2000, 1, 1),
    formats.TIMESTAMPTZ: dt.datetime(2000, 1, 1, tzinfo=dt.UTC),
}


def sample(oid: int) -> Scalar:
    """Some value of a type, to plan a statement with before its parameters are known."""
    return _SAMPLES.get(oid)


def wanted(sql: str, given: Sequence[int], dataset: Dataset | None) -> tuple[int, ...]:
    """The types of a statement's parameters as OIDs: what the client says, or what the SQL wants.

    A parameter takes the type it is cast to, else that of what it is compared or computed with, as
    in PostgreSQL; what nothing tells of is text.
    """
    try:
        tree = parse(sql).query
    except Refusal:  # it will be refused when it is planned, with its reason
        return tuple(oid or formats.TEXT_OID for oid in given)
    _typed(tree, dataset)
    found: dict[int, int] = {}
    for node in tree.find_all(exp.Parameter):
        if isinstance(node.this, exp.Literal) and not node.this.is_string:
            number = int(node.this.this)
            if 1 <= number <= MOST:
                known = _context(node)
                if known is not None:
                    found.setdefault(number, known)
                else:
                    found.setdefault(-number, formats.TEXT_OID)
    count = max((abs(number) for number in found), default=0)
    count = max(count, len(given))
    return tuple(
        (given[i] if i < len(given) else 0) or found.get(i + 1, formats.TEXT_OID)
        for i in range(count)
    )


def _typed(tree: exp.Expr, dataset: Dataset | None) -> None:
    """Give the tree's nodes their types as far as the schema tells; a tree that is not qualified
    stays without, and its parameters are text."""
    schema: dict[str, object] = {}
    if dataset is not None:
        for name, table in dataset.tables.items():
            known = [column for column in table.columns.values() if column.usable]
            schema[name] = {column.name: _SQL[column.type.kind] for column in known}
        for name, view in dataset.views.items():
            schema[name] = {column.name: _SQL[column.type.kind] for column in view.columns}
    try:
        qualify(tree, schema=schema, dialect="postgres", validate_qualify_columns=False)
        annotate_types(tree, schema=schema, dialect="postgres")
    except (SqlglotError, RecursionError, KeyError):
        return


_SQL = {
    Kind.NULL: "TEXT",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.INTEGER: "BIGINT",
    Kind.DECIMAL: "DECIMAL",
    Kind.FLOAT: "DOUBLE",
    Kind.TEXT: "TEXT",
    Kind.DATE: "DATE",
    Kind.TIMESTAMP: "TIMESTAMP",
    Kind.TIMESTAMPTZ: "TIMESTAMPTZ",
    Kind.INTERVAL: "INTERVAL",
}
_OIDS = {
    "BOOLEAN": formats.BOOL,
    "SMALLINT": formats.INT2,
    "INT": formats.INT4,
    "BIGINT": formats.INT8,
    "DECIMAL": formats.NUMERIC,
    "FLOAT": formats.FLOAT8,
    "DOUBLE": formats.FLOAT8,
    "DATE": formats.DATE,
    "TIMESTAMP": formats.TIMESTAMP,
    "TIMESTAMPTZ": formats.TIMESTAMPTZ,
    "TEXT": formats.TEXT_OID,
    "VARCHAR": formats.TEXT_OID,
}


def _context(node: exp.Expr) -> int | None:
    """The type that what stands around a parameter wants of it; None where nothing tells."""
    parent = node.parent
    while isinstance(parent, (exp.Paren, exp.Neg)):
        node, parent = parent, parent.parent
    if isinstance(parent, exp.Cast):
        return _OIDS.get(parent.to.this.value)
    if isinstance(parent, (exp.Limit, exp.Offset, exp.Fetch)):
        return formats.INT8
    if isinstance(parent, (exp.And, exp.Or, exp.Not, exp.Where, exp.Having)):
        return formats.BOOL
    if isinstance(parent, (exp.Binary, exp.Between, exp.In, exp.Coalesce, exp.Greatest, exp.Least)):
        for sibling in parent.iter_expressions():
            if sibling is not node and not isinstance(sibling, exp.Parameter):
                oid = _oid(sibling)
                if oid is not None:
                    return oid
    return None


def _oid(node: exp.Expr) -> int | None:
    if isinstance(node, exp.Tuple) and node.expressions:
        node = node.expressions[0]
    kind = node.type
    return None if kind is None else _OIDS.get(kind.this.value)
