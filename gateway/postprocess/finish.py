"""The syntax above the boundary made ready for DuckDB, with PostgreSQL's meaning kept."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlglot import exp
from sqlglot.errors import OptimizeError, SqlglotError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

from gateway.errors import Code, Refusal
from gateway.sql.parse import position_of
from gateway.sql.types import (
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    TEXT,
    TIMESTAMP,
    TIMESTAMPTZ,
    Type,
    decimal,
)

_NAMED = re.compile(r"""[Cc]olumn:? ['"]*(.+?)['"]*(?: could not be resolved.*)?$""")
"""The column's name in what sqlglot says of it."""

Schema = Mapping[str, Mapping[str, str]]
"""Tables of the post-processing, their columns and DuckDB types."""


def finished(query: exp.Expr, schema: Schema) -> exp.Expr:
    """The query with every column qualified and typed, division as PostgreSQL means it.

    Dividing integers cuts towards zero; dividing by zero gives NULL, for an answer that was paid
    for must not be lost to one empty group. Raises UNKNOWN_COLUMN where a name means nothing.
    """
    tables: dict[str, object] = {name: dict(columns) for name, columns in schema.items()}
    known = MappingSchema(tables, dialect="postgres")
    try:
        qualified = qualify(
            query,
            schema=known,
            dialect="postgres",
            validate_qualify_columns=True,
            quote_identifiers=True,
            expand_stars=True,
        )
        typed = annotate_types(qualified, schema=known, dialect="postgres")
    except (OptimizeError, SqlglotError) as fault:
        raise _meaningless(str(fault).splitlines()[0], query) from None
    # from the inside out, as a division may stand in a division
    for node in reversed(list(typed.find_all(exp.Div, exp.Mod))):
        node.replace(_division(node))
    return typed


def _meaningless(fault: str, query: exp.Expr) -> Refusal:
    found = _NAMED.search(fault)
    name = found[1] if found else ""
    place = next((node for node in query.find_all(exp.Column) if node.name == name), None)
    what = f'"{name}"' if found else fault[:200]
    return Refusal(
        Code.UNKNOWN_COLUMN,
        f"A name above the aggregates means nothing: {what}.",
        "Use the columns and aliases that the inner query gives.",
        None if place is None else position_of(place),
    )


def _division(node: exp.Binary) -> exp.Expr:
    divisor = node.expression
    if not isinstance(divisor, exp.Literal) or not float(divisor.this):
        kept = exp.Nullif(this=divisor, expression=exp.Literal.number(0))
        kept.type = divisor.type
        divisor = kept
    whole = isinstance(node, exp.Div) and all(
        side.is_type(*exp.DataType.INTEGER_TYPES) for side in (node.left, node.right)
    )
    kind = exp.IntDiv if whole else type(node)
    made = kind(this=node.this, expression=divisor)
    made.type = node.type  # a division around this one looks at it
    return made


def column_types(query: exp.Expr) -> list[Type | None]:
    """The types of a finished query's columns; None for one that is no plain type."""
    items = query.unnest().expressions if isinstance(query, exp.Query) else []
    return [_type_of(item) for item in items]


def _type_of(item: exp.Expr) -> Type | None:
    if item.type is None:
        return None
    name = item.type.this.value
    if name == "DECIMAL":
        scales = [int(part.name) for part in item.type.expressions if part.name.isdigit()]
        return decimal(38, scales[1] if len(scales) == 2 else 6)
    return _TYPES.get(name)


_TYPES = {
    "BOOLEAN": BOOLEAN,
    "SMALLINT": BIGINT,
    "INT": BIGINT,
    "BIGINT": BIGINT,
    "INT128": BIGINT,
    "FLOAT": DOUBLE,
    "DOUBLE": DOUBLE,
    "TEXT": TEXT,
    "VARCHAR": TEXT,
    "DATE": DATE,
    "TIMESTAMP": TIMESTAMP,
    "TIMESTAMPTZ": TIMESTAMPTZ,
}
