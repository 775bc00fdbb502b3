"""Types as they are written in a cast."""

from __future__ import annotations

from sqlglot import exp

from gateway.sql.types import (
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    INTEGER,
    INTERVAL,
    SMALLINT,
    TEXT,
    TIMESTAMP,
    TIMESTAMPTZ,
    Type,
    decimal,
)

_TYPES = {
    "SMALLINT": SMALLINT,
    "INT": INTEGER,
    "BIGINT": BIGINT,
    "FLOAT": DOUBLE,
    "DOUBLE": DOUBLE,
    "TEXT": TEXT,
    "VARCHAR": TEXT,
    "BOOLEAN": BOOLEAN,
    "DATE": DATE,
    "TIMESTAMP": TIMESTAMP,
    "TIMESTAMPTZ": TIMESTAMPTZ,
    "INTERVAL": INTERVAL,
}


def type_of(node: exp.DataType) -> Type | None:
    """A type as written in a cast; None where the gateway does not know it."""
    name = node.this.value if hasattr(node.this, "value") else str(node.this)
    sizes = [int(part.name) for part in node.expressions if part.name.isdigit()]
    if name == "DECIMAL":
        precision, scale = [*sizes, 0][:2] if sizes else (38, 10)
        return decimal(precision, scale) if 1 <= precision <= 38 and scale <= precision else None
    if node.expressions:
        return None
    return _TYPES.get(name)


def characters_of(node: exp.DataType) -> int | None:
    """How many characters VARCHAR(n) keeps; None for another type."""
    sizes = [int(part.name) for part in node.expressions if part.name.isdigit()]
    known = node.this is exp.DType.VARCHAR and len(sizes) == 1 and 1 <= sizes[0] <= 10_000
    return sizes[0] if known else None
