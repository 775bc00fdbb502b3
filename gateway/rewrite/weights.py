"""Each owner's weight, in fixed point, as SQL.

Symbols as in `privacy.sensitivity`; U = WEIGHT_ONE = 2¹⁶ stands for a weight of 1. Every weight is
a function of exact integers of one owner's own rows, so taking another owner out never moves it.

Why the square roots are safe: s and t below are exact integers; their conversion to a double, the
quotient and the root are each correctly rounded, so the value before FLOOR is off by less than one
part in 2⁵⁰, below 2⁻³⁴ in units of a weight's last place. FLOOR is then too high by one at most,
and one is taken off.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from gateway.noise.threshold import MOST_GROUPS_RATIO
from gateway.privacy.plan import Norm
from gateway.privacy.sensitivity import WEIGHT_ONE, Bounds
from gateway.rewrite.dialects.base import Dialect


def row_weight(bounds: Bounds, rows: str, squares: str, dialect: Dialect) -> str:
    """w = U·min(1, C/‖n‖) from an owner's number of rows (L1) or Σ n² over groups (L2).

    Claim: w·‖n(u, ·)‖ ≤ U·C. L1: w = ⌊U·r·m / N⌋. L2: w = U where Σn² ≤ r²·m, otherwise
    ⌊U·√(r²·m / Σn²)⌋ - 1. Tests: tests/neighbours.
    """
    if bounds.norm is Norm.L1:
        most = bounds.rows * bounds.groups
        shared = dialect.wide_quotient(f"{WEIGHT_ONE * most}", rows)
        return f"CASE WHEN {rows} <= {most} THEN {WEIGHT_ONE} ELSE CAST({shared} AS BIGINT) END"
    return _rooted(squares, bounds.rows**2 * bounds.groups, dialect)


def heavy_limit(bounds: Bounds) -> int:
    """The most rows with which no owner exceeds the bound C, in whatever groups they are.

    L1: ‖n‖ is the number of rows. L2: Σ over groups of n² never exceeds N², so N ≤ C suffices.
    """
    if bounds.norm is Norm.L1:
        return bounds.rows * bounds.groups
    return math.isqrt(bounds.rows**2 * bounds.groups)


def heavy_rows(bounds: Bounds, keys: Sequence[str], dialect: Dialect, few: str | None) -> list[str]:
    """Common table expressions that end in `weights`: u and w of the owners in `rows` whose rows
    may exceed the bound. Whoever is not in it has the weight 1, which is U.

    `few` gives owners `u` with `n`, at least as many as they have in `rows` (`rewrite.totals`).
    Without it they are counted in `rows`. Either way a weight comes from `rows` alone.
    """
    limit = heavy_limit(bounds)
    found = "" if few is None else f"SELECT u FROM ({few}) AS totals WHERE n > {limit}"
    if bounds.norm is Norm.L1:
        weight = row_weight(bounds, "COUNT(*)", "", dialect)
        heavy = [dialect.few("heavy", found)] if found else []
        among = " WHERE u IN (SELECT u FROM heavy)" if found else ""
        chosen = f"SELECT u, {weight} AS w FROM rows{among} GROUP BY u HAVING COUNT(*) > {limit}"
        return [*heavy, dialect.few("weights", chosen)]
    found = found or f"SELECT u FROM rows GROUP BY u HAVING COUNT(*) > {limit}"
    listed = ", ".join(["u", *keys])
    cells = (
        f"SELECT {listed}, {dialect.wide('COUNT(*)')} AS n FROM rows "
        f"WHERE u IN (SELECT u FROM heavy) GROUP BY {listed}"
    )
    weight = row_weight(bounds, "", "SUM(n * n)", dialect)
    source = dialect.derived(cells)
    weighed = f"SELECT u, {weight} AS w FROM {source} GROUP BY u"
    return [dialect.few("heavy", found), dialect.few("weights", weighed)]


def owner_weight(bounds: Bounds, groups: str, dialect: Dialect) -> str:
    """v = U·min(1, √(m/G)) (L2) or U·min(1, m/G) (L1) for an owner in G groups; 0 above 64·m.

    Claim: v² · G ≤ U²·m in L2 and v·G ≤ U·m in L1, and v ≤ `noise.threshold.weight`: the owner's
    vector over its groups keeps its norm, and a threshold knows how many groups one owner can
    carry. Tests: tests/neighbours, tests/noise/test_threshold.py.
    """
    most = bounds.owner_groups
    if bounds.norm is Norm.L1:
        shared = f"CAST({dialect.wide_quotient(f'{WEIGHT_ONE * most}', groups)} AS BIGINT)"
    else:
        root = f"SQRT({most} / CAST({groups} AS {dialect.double}))"
        shared = f"GREATEST(CAST(FLOOR({WEIGHT_ONE} * {root}) AS BIGINT) - 1, 0)"
    return (
        f"CASE WHEN {groups} <= {most} THEN {WEIGHT_ONE} "
        f"WHEN {groups} > {MOST_GROUPS_RATIO * most} THEN 0 ELSE {shared} END"
    )


def total_weight(norm: Norm, most: int, size: str, dialect: Dialect) -> str:
    """min(1, S/‖s‖) for an owner's sums s: `size` is Σ|s| (L1) or Σs² (L2) over groups."""
    if norm is Norm.L1:
        shared = dialect.wide_quotient(dialect.wide(f"{WEIGHT_ONE * most}"), size)
        return f"CASE WHEN {size} <= {most} THEN {WEIGHT_ONE} ELSE CAST({shared} AS BIGINT) END"
    return _rooted(size, most * most, dialect)


def _rooted(squares: str, most: int, dialect: Dialect) -> str:
    double = dialect.double
    root = f"SQRT(CAST({most} AS {double}) / CAST({squares} AS {double}))"
    return (
        f"CASE WHEN {squares} <= {most} THEN {WEIGHT_ONE} "
        f"ELSE GREATEST(CAST(FLOOR({WEIGHT_ONE} * {root}) AS BIGINT) - 1, 0) END"
    )
