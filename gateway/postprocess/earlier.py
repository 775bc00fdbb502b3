"""Values of earlier releases, put into the statement of a later one as constants.

Claim: the later statement depends on protected rows through released numbers only, so running it is
an adaptively chosen next release, which composes by addition like any other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from gateway.edges import Edges
from gateway.errors import Code, Refusal
from gateway.noise.tables import NoisyTable
from gateway.postprocess.sheets import opened
from gateway.privacy.plan import Earlier, Plan, Release, Statement, is_table
from gateway.rewrite.dialects import DIALECTS
from gateway.rewrite.dialects.base import Dialect
from gateway.sql.expressions import Literal
from gateway.sql.types import Kind, Scalar, Type

MOST_ROWS = 10_000
"""Rows of one result that are written into a statement."""


def filled(part: Release, plan: Plan, tables: Mapping[str, NoisyTable], edges: Edges) -> Statement:
    """The statement of `part` with the values that it takes from `tables`, by release name.

    Raises UNSUPPORTED_SQL where a subquery that should give one value gives several.
    """
    if not part.earlier:
        return part.statement
    sql, kept = part.statement.sql, part.statement.kept
    dialect = DIALECTS[part.statement.dialect]
    for value in part.earlier:
        alone = not is_table(value.token)
        with opened(plan, {name: tables[name] for name in value.reads}, edges) as sheet:
            rows = sheet.rows(f"SELECT ({value.sql})" if alone else value.sql)
        written = (
            _constant(rows[0][0], value.types[0], dialect)
            if alone
            else _table(rows, value, dialect)
        )
        sql = sql.replace(value.token, written)
        if kept is not None:
            kept = replace(kept, light=kept.light.replace(value.token, written))
    return replace(part.statement, sql=sql, kept=kept)


def _table(rows: Sequence[tuple[Scalar, ...]], value: Earlier, dialect: Dialect) -> str:
    """Rows of a value and its keys, as a table in FROM; none of them where there are no rows."""
    if len(rows) > MOST_ROWS:
        raise Refusal(
            Code.UNSUPPORTED_SQL,
            f"A result that rows are joined to or tested against has more than {MOST_ROWS:,} rows.",
            "Take fewer of them with HAVING or LIMIT inside the subquery.",
        )
    lines = [
        "("
        + ", ".join(_constant(v, t, dialect) for v, t in zip(row, value.types, strict=True))
        + ")"
        for row in rows
    ]
    if lines:
        return f"(VALUES {', '.join(lines)})"
    nothing = ", ".join(_constant(None, kind, dialect) for kind in value.types)
    return f"(SELECT {nothing} WHERE FALSE)"


def _constant(value: Scalar, kind: Type, dialect: Dialect) -> str:
    return dialect.constant(Literal(_fitting(value, kind), kind))


def _fitting(value: Scalar, kind: Type) -> Scalar:
    """The value as its type writes it; NULL where it is no finite number."""
    if value is None:
        return None
    if kind.kind is Kind.FLOAT and isinstance(value, (int, float, Decimal)):
        number = float(value)
        return number if abs(number) < float("inf") else None
    if kind.kind is Kind.INTEGER and isinstance(value, (int, float, Decimal)):
        return int(Fraction(value))
    if kind.kind is Kind.DECIMAL and isinstance(value, (int, float, Decimal)):
        return Decimal(value).quantize(Decimal(1).scaleb(-kind.scale))
    if kind.kind is Kind.TEXT:
        return str(value)
    return value if isinstance(value, (bool, dt.date)) else None
