"""Statements that take values of earlier releases, with constants in their place.

An earlier answer is public by the time the later statement runs, so the claim must hold for every
value that it may have. These are within what columns hold, so that conditions on them decide rows
both ways.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from gateway.privacy.plan import Earlier, Release, is_table
from gateway.rewrite.expressions import constant
from gateway.sql.expressions import Literal
from gateway.sql.types import Kind, Scalar, Type

_VALUES: Mapping[Kind, Sequence[Scalar]] = {
    Kind.INTEGER: (3, 1, 2, 5),
    Kind.FLOAT: (2.5, 0.0, 1.0),
    Kind.DECIMAL: (Decimal("2.5"), Decimal(0)),
    Kind.TEXT: ("[70-80)", "Female", "Male", "France", "United Kingdom", "No", "250"),
    Kind.DATE: (dt.date(2011, 6, 30),),
    Kind.TIMESTAMP: (dt.datetime(2011, 6, 30),),
    Kind.BOOLEAN: (True, False),
}


_MOST_ROWS = 60


def given(release: Release) -> Release:
    """The release with every value of an earlier one filled in."""
    sql = release.statement.sql
    for value in release.earlier:
        sql = sql.replace(value.token, _written(value))
    return replace(release, statement=replace(release.statement, sql=sql), earlier=())


def _written(value: Earlier) -> str:
    if not is_table(value.token):
        return _constants(value.types[0])[0]
    first, *others = map(_constants, value.types)
    # a look-up finds one value: by the other columns, rows are told apart
    rows = itertools.islice(itertools.product(first[:1] if others else first, *others), _MOST_ROWS)
    lines = ["(" + ", ".join(row) + ")" for row in rows]
    return f"(VALUES {', '.join(lines)})"


def _constants(kind: Type) -> list[str]:
    return [constant(Literal(value, kind)) for value in _VALUES[kind.kind]]
