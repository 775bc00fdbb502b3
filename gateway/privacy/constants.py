"""A list of constants in FROM, as a public relation: its values are the question's own.

Claim: the rows are written in the question, so they are public, have no owner, and every value of
a group key made of them is known before any row is read.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from gateway.errors import Refusal
from gateway.privacy.domains import Members
from gateway.privacy.relation import Constants, Facts, PublicScan, Relation
from gateway.privacy.trace import Numbers
from gateway.sql.expressions import Expr, Literal
from gateway.sql.types import Kind, Type, decimal


def constants(
    node: exp.Values, bind: Callable[[exp.Expr], Expr], numbers: Numbers
) -> Relation | None:
    """The relation of `VALUES (…), (…)`, columns named column1, column2 … as PostgreSQL does.

    None where an item is more than a literal, or where a column's items have several types.
    """
    rows = []
    for line in node.expressions:
        items = line.expressions if isinstance(line, exp.Tuple) else [line]
        try:
            bound = [bind(item) for item in items]
        except Refusal:
            return None  # what is no plain literal is computed above the boundary
        literals = [item for item in bound if isinstance(item, Literal)]
        if len(literals) < len(bound):
            return None
        rows.append(literals)
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        return None
    types = [_common([item.type for item in column]) for column in zip(*rows, strict=True)]
    columns = tuple(
        numbers.column(f"column{i + 1}", kind) for i, kind in enumerate(types) if kind is not None
    )
    if len(columns) < len(types):
        return None
    values = tuple(tuple(item.value for item in row) for row in rows)
    held = Constants(columns=columns, rows=values)
    scan = PublicScan(number=numbers.scan(), source=held)
    return Relation(
        tree=held,
        visible=tuple((column.name, column) for column in columns),
        owner=None,
        facts={
            column: Facts(
                domain=Members(tuple(dict.fromkeys(row[i] for row in values))),
                nullable=any(row[i] is None for row in values),
            )
            for i, column in enumerate(columns)
        },
        scans=dict.fromkeys(columns, scan),
    )


def _common(types: list[Type]) -> Type | None:
    known = [kind for kind in types if kind.kind is not Kind.NULL]
    kinds = {kind.kind for kind in known}
    if len(kinds) != 1:
        return None
    if kinds == {Kind.DECIMAL}:
        return decimal(max(k.precision for k in known), max(k.scale for k in known))
    return max(known, key=lambda kind: kind.bits)
