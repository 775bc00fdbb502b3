"""EXISTS and IN as SQL: a subquery with table aliases that no outer table has."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gateway.rewrite.blocks import block
from gateway.rewrite.expressions import write
from gateway.sql.expressions import Column, Within

_ALIAS = re.compile(r"\bt(\d+)\.")


def written(expr: Within, names: Mapping[Column, str], dialect: str) -> str:
    """The SQL of a test; `names` are those of the outer row."""
    numbers = [int(found) for name in names.values() for found in _ALIAS.findall(name)]
    inner = block(expr.tree, dialect, max(numbers, default=0))
    together = {**names, **inner.names}
    conditions = (*inner.conditions, write(expr.condition, together, dialect))
    rows = f"FROM {inner.source} WHERE {' AND '.join(conditions)}"
    if expr.value is None or expr.item is None:
        return f"EXISTS (SELECT 1 {rows})"
    item = write(expr.item, together, dialect)
    return f"({write(expr.value, names, dialect)} IN (SELECT {item} {rows}))"
