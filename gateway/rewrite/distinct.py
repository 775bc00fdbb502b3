"""Distinct values that owners may bring, as SQL."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.privacy.measures import DistinctCount
from gateway.privacy.sensitivity import Bounds
from gateway.rewrite.dialects.base import Dialect
from gateway.sql.types import Kind, Type


def distinct_parts(
    name: str, measure: DistinctCount, keys: Sequence[str], bounds: Bounds, dialect: Dialect
) -> list[str]:
    """Common table expressions that end in `d_NAME`, the distinct count `n` of each group.

    Claim: of each owner's pairs of group and value at most r in one group and r·m in all are
    counted. They are the first by a hash of the value, then by value and group: an order that the
    owner's own rows decide, so that no other owner's choice moves with them. Tests:
    tests/neighbours.
    """
    listed = ", ".join(["u", *keys])
    # Engines differ in where NULL stands by itself; of the values none is NULL.
    last = [f"{key} NULLS LAST" for key in keys]
    order = ", ".join([f"md5({_shown(measure, dialect)})", "x", *last])
    pairs = (
        f"p_{name} AS (SELECT DISTINCT {listed}, x_{name} AS x FROM rows "
        f"WHERE x_{name} IS NOT NULL)"
    )
    in_group = f"ROW_NUMBER() OVER (PARTITION BY {listed} ORDER BY {order})"
    kept = (
        f"q_{name} AS (SELECT * FROM "
        f"{dialect.derived(f'SELECT *, {in_group} AS i FROM p_{name}')} WHERE i <= {bounds.rows})"
    )
    if not bounds.pairs_bind:
        return [pairs, kept, _counted(name, keys, f"q_{name}")]
    overall = f"ROW_NUMBER() OVER (PARTITION BY u ORDER BY i, {order})"
    most = (
        f"r_{name} AS (SELECT * FROM {dialect.derived(f'SELECT *, {overall} AS j FROM q_{name}')} "
        f"WHERE j <= {bounds.rows * bounds.groups})"
    )
    return [pairs, kept, most, _counted(name, keys, f"r_{name}")]


def _shown(measure: DistinctCount, dialect: Dialect) -> str:
    """The text of a value, or of the values of a row, that every engine writes alike."""
    if not measure.beside:
        return _value(dialect, "x", measure.value.type)
    parts = (
        _value(dialect, dialect.part("x", number, part.type), part.type)
        for number, part in enumerate((measure.value, *measure.beside), 1)
    )
    # Hashes of one length, so that no two rows have the same text.
    return " || ".join(f"COALESCE(md5({part}), '')" for part in parts)


def _value(dialect: Dialect, text: str, kind: Type) -> str:
    """Zero and its negative are one value, and have one text."""
    return dialect.shown(f"({text} + 0.0)" if kind.kind is Kind.FLOAT else text, kind)


def _counted(name: str, keys: Sequence[str], source: str) -> str:
    shown = "".join(f"{key}, " for key in keys)
    group = f" GROUP BY {', '.join(keys)}" if keys else ""
    return f"d_{name} AS (SELECT {shown}COUNT(DISTINCT x) AS n FROM {source}{group})"
