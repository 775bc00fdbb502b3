"""Values of earlier releases, put into the statement of a later one as constants.

Claim: the later statement depends on protected rows through released numbers only, so running it is
an adaptively chosen next release, which composes by addition like any other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from gateway.edges import Edges
from gateway.noise.tables import NoisyTable
from gateway.postprocess.sheets import opened
from gateway.privacy.plan import Earlier, Plan, Release, Statement
from gateway.rewrite.expressions import constant
from gateway.sql.expressions import Literal
from gateway.sql.types import Kind, Scalar, Type


def filled(part: Release, plan: Plan, tables: Mapping[str, NoisyTable], edges: Edges) -> Statement:
    """The statement of `part` with the values that it takes from `tables`, by release name.

    Raises UNSUPPORTED_SQL where a subquery that should give one value gives several.
    """
    if not part.earlier:
        return part.statement
    sql = part.statement.sql
    for value in part.earlier:
        with opened(plan, {name: tables[name] for name in value.reads}, edges) as sheet:
            found = sheet.rows(f"SELECT ({value.sql})")
        sql = sql.replace(value.token, constant(Literal(_fitting(found[0][0], value), value.type)))
    return replace(part.statement, sql=sql)


def _fitting(value: Scalar, earlier: Earlier) -> Scalar:
    """The value as its type writes it; NULL where it is no finite number."""
    kind: Type = earlier.type
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
