"""Subqueries over other rows of an owner as SQL, with table aliases that no outer table has."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gateway.errors import Code, Refusal
from gateway.rewrite.blocks import block
from gateway.rewrite.dialects import DIALECTS
from gateway.rewrite.expressions import write
from gateway.rewrite.summaries import summarised
from gateway.sql.expressions import Column, Correlated, Within

_ALIAS = re.compile(r"\bt(\d+)\.")


def written(expr: Within | Correlated, names: Mapping[Column, str], dialect: str) -> str:
    """The SQL of a test, EXISTS or IN, or of one aggregate; `names` are those of the outer row."""
    if reason := DIALECTS[dialect].unable(expr):
        raise Refusal(
            Code.UNSUPPORTED_SQL,
            f"That subquery cannot be asked of {DIALECTS[dialect].title}: {reason}.",
            "Join the rows on their owner instead, or compare with the next query out only.",
        )
    numbers = [int(found) for name in names.values() for found in _ALIAS.findall(name)]
    inner = block(expr.tree, dialect, max(numbers, default=0))
    together = {**names, **inner.names}
    conditions = (*inner.conditions, write(expr.condition, together, dialect))
    rows = f"FROM {inner.source} WHERE {' AND '.join(conditions)}"
    if isinstance(expr, Correlated):
        return f"(SELECT {summarised(expr.summary, together, dialect)} {rows})"
    if expr.value is None or expr.item is None:
        return f"EXISTS (SELECT 1 {rows})"
    item = write(expr.item, together, dialect)
    return f"({write(expr.value, names, dialect)} IN (SELECT {item} {rows}))"
