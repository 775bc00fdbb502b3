"""A release's shape, from what it was drafted of.

The SQL of a relation depends on its tree alone (`rewrite.blocks`), so two releases with one source
read the same rows, and a condition or key that is written the same way is the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from fractions import Fraction

from gateway.privacy.measures import DistinctCount, Measure, OwnerCount, RowCount, Total
from gateway.privacy.plan import Norm, tokens_in
from gateway.privacy.relation import Relation
from gateway.privacy.shape import KeyShape, MeasureShape, Shape
from gateway.rewrite.blocks import block
from gateway.rewrite.expressions import write
from gateway.sql.expressions import Call, Column, Expr, Literal


def shape_of(
    relation: Relation,
    keys: Sequence[tuple[Expr, str]],
    measures: Sequence[tuple[Measure, str]],
    norm: Norm,
    dialect: str,
) -> Shape | None:
    """The shape of a release; None for one that reads earlier releases, whose rows depend on them,
    and for histograms."""
    found = block(relation.tree, dialect)
    if relation.owner is None or tokens_in(" ".join([found.source, *found.conditions])):
        return None
    shapes = [_measure(measure, column, found.names, dialect) for measure, column in measures]
    known = tuple(one for one in shapes if one is not None)
    written = tuple(_key(key, column, found.names, dialect) for key, column in keys)
    if len(known) < len(shapes) or tokens_in(" ".join(key.text for key in written)):
        return None
    rows = [found.source, found.names[relation.owner], norm.value]
    return Shape(
        source=hashlib.sha256(json.dumps(rows).encode()).hexdigest(),
        conditions=tuple(sorted(found.conditions)),
        keys=written,
        measures=known,
    )


def _key(key: Expr, column: str, names: Mapping[Column, str], dialect: str) -> KeyShape:
    text = write(key, names, dialect)
    if isinstance(key, Call) and key.function == "date_trunc":
        grain, moment = key.arguments
        if isinstance(grain, Literal):
            base = write(moment, names, dialect)
            return KeyShape(column=column, text=text, grain=str(grain.value), base=base)
    return KeyShape(column=column, text=text)


def _measure(
    measure: Measure, column: str, names: Mapping[Column, str], dialect: str
) -> MeasureShape | None:
    match measure:
        case RowCount(condition=condition):
            text = f"rows {_optional(condition, names, dialect)}"
            return MeasureShape(column=column, text=text, adds=True)
        case OwnerCount(condition=condition):
            text = f"owners {_optional(condition, names, dialect)}"
            return MeasureShape(column=column, text=text, adds=False)
        case Total():
            bounds = [measure.lo, measure.hi, measure.center, measure.most]
            units = [str(Fraction(end) * measure.step) for end in bounds if end is not None]
            text = f"total {write(measure.value, names, dialect)} {' '.join(units)}"
            return MeasureShape(column=column, text=text, adds=True)
        case DistinctCount():
            parts = [write(part, names, dialect) for part in (measure.value, *measure.beside)]
            text = f"distinct {parts} {_optional(measure.condition, names, dialect)}"
            return MeasureShape(column=column, text=text, adds=False)
    return None


def _optional(condition: Expr | None, names: Mapping[Column, str], dialect: str) -> str:
    return write(condition, names, dialect) if condition is not None else ""
