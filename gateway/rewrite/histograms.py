"""A histogram's statement: one exact integer per group and node, of every level.

The rows are read once. Each value becomes the number of its leaf, weighted rows are added up per
leaf, and the levels above are sums of that small table.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.privacy.histograms import Histogram
from gateway.privacy.measures import NodeCount, Total
from gateway.privacy.plan import NODE_KEYS, Statement
from gateway.privacy.relation import Relation
from gateway.privacy.sensitivity import WEIGHT_ONE, Bounds
from gateway.rewrite.clamp import clamped
from gateway.rewrite.dialects import DIALECTS
from gateway.rewrite.dialects.base import Dialect
from gateway.rewrite.emit import Written, key_sql, protected
from gateway.rewrite.expressions import write
from gateway.rewrite.weights import heavy_rows
from gateway.sql.expressions import Expr, Literal
from gateway.sql.types import Kind, Type, from_ordinal

COUNT = "m0"
"""The statement's column that holds the counts."""


def emit_histogram(
    relation: Relation,
    keys: Sequence[tuple[Expr, str]],
    guards: Sequence[Expr],
    counted: NodeCount,
    bounds: Bounds,
    dialect: str,
) -> Written:
    """The statement of a histogram's release, whose groups are those of `keys`.

    Weights are those of all rows of the groups, as for every measure, whatever is counted.
    """
    source, owner = protected(relation, guards, dialect)
    ways = DIALECTS[dialect]
    names = [name for _, name in keys]
    value = write(counted.value, source.names, dialect)
    items = [f"{write(owner, source.names, dialect)} AS u"]
    items += [f"{key_sql(key, source, dialect)} AS {name}" for key, name in keys]
    items.append(f"{leaf(value, counted.value.type, counted.histogram, ways)} AS x")
    parts = [ways.protected("rows", f"SELECT {', '.join(items)} {source.text}")]
    if bounds.rows_bind:
        parts += heavy_rows(bounds, names, ways, None)
        read = "rows LEFT JOIN weights ON rows.u = weights.u"
        amount = f"SUM(COALESCE(weights.w, {WEIGHT_ONE}))"
    else:
        read, amount = "rows", "COUNT(*)"
    shown = "".join(f"rows.{name}, " for name in names)
    parts.append(
        f"leaves AS (SELECT {shown}rows.x AS leaf, {amount} AS n FROM {read} "
        f"WHERE rows.x IS NOT NULL GROUP BY {shown}rows.x)"
    )
    tree = counted.histogram
    levels = [_level(names, tree, n, ways) for n in range(1, tree.levels + 1)]
    sql = f"WITH {', '.join(parts)} {' UNION ALL '.join(levels)}"
    columns = (*names, *(key.name for key in NODE_KEYS), COUNT)
    return Written(
        statement=Statement(sql=sql, dialect=dialect, columns=columns),
        keys=tuple(keys),
        measures=((counted, COUNT),),
    )


def _level(names: Sequence[str], histogram: Histogram, level: int, dialect: Dialect) -> str:
    size = histogram.size(level)
    node = "leaf" if size == 1 else dialect.quotient("leaf", f"{size}")
    shown = "".join(f"{name}, " for name in names)
    return (
        f"SELECT {shown}{level} AS level, {node} AS node, SUM(n) AS {COUNT} "
        f"FROM leaves GROUP BY {shown}{node}"
    )


def leaf(text: str, kind: Type, histogram: Histogram, dialect: Dialect) -> str:
    """SQL for the number of a value's leaf, a BIGINT; NULL where it is NULL, NaN or infinite.

    Claim: it lies from 0 to `leaves` - 1 whatever the row holds, and never fails. Numbers are
    clamped as the input of a sum is (`clamp.clamped`), moments before they become whole numbers.
    Tests: tests/neighbours.
    """
    written = _moment if kind.temporal else _number
    number = written(text, kind, histogram, dialect)
    if histogram.width == 1:
        return number
    return dialect.quotient(f"({number})", f"{histogram.width}")


def _number(text: str, kind: Type, histogram: Histogram, dialect: Dialect) -> str:
    lo, hi = histogram.lo, histogram.hi
    value = Literal(None, kind)  # of the value only its type is read
    return clamped(text, Total(value, histogram.step, lo, hi, center=lo), dialect)


def _moment(text: str, kind: Type, histogram: Histogram, dialect: Dialect) -> str:
    low, high = (
        dialect.constant(Literal(from_ordinal(end, kind.kind), kind))
        for end in (histogram.lo, histogram.hi)
    )
    inside = f"LEAST(GREATEST({text}, {low}), {high})"
    if kind.kind is Kind.DATE:
        number = dialect.days(inside, low)
    else:
        number = f"{dialect.microseconds(inside)} - ({histogram.lo})"
    return f"CASE WHEN {dialect.finite(text, kind)} THEN CAST({number} AS BIGINT) END"
