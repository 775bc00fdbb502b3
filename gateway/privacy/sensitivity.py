"""How far one owner can move a measure: the bound C, and whether weights are needed to keep it.

Symbols: n(u, g) is the number of rows of owner u in group g; r bounds an owner's rows per group
(`max_rows`), m the groups an owner counts in (`max_groups`). C = r·m in the L1 norm and r·√m in
the L2 norm. Each owner's rows weigh w(u) = min(1, C / ‖n(u, ·)‖), so that ‖w(u)·n(u, ·)‖ ≤ C.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from gateway.privacy.partitions import Partition
from gateway.privacy.plan import Norm, Sensitivity
from gateway.privacy.relation import Relation
from gateway.sql.expressions import Expr, Ref

WEIGHT_ONE = 2**16
"""A weight of 1 in fixed point. Weights are cut towards zero, so the bound holds exactly."""
MOST_ROWS = 2**40
"""Tables are taken to have fewer rows than this, so that no sum of theirs overflows."""

_ROOT_DIGITS = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The bound of one release.

    `rows` is r and `groups` m of C = r·m or r·√m. `owner_groups` is the m of counts of owners,
    the groups in which one owner counts as a whole one: it differs where C is estimated as such.
    `rows_bind` says whether the weight of rows can be below 1, and `groups_bind` the same of the
    weight of owners; where False, facts of the schema prove that no owner can exceed the bound, and
    no weight is computed. `pairs_bind` says whether an owner with at most r distinct values in each
    group may still have more than r·m pairs of group and value in all.
    """

    norm: Norm
    rows: int
    groups: int
    owner_groups: int
    rows_bind: bool
    groups_bind: bool
    pairs_bind: bool

    @property
    def row_unit(self) -> int:
        """The integer that one whole row counts in the statement."""
        return WEIGHT_ONE if self.rows_bind else 1

    @property
    def owner_unit(self) -> int:
        """The integer that one whole owner counts in the statement."""
        return WEIGHT_ONE if self.groups_bind else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What policy, question and schema say of r (`rows`) and m (`groups`); None where nothing does.

    `rows_bind` and `groups_bind` are those of `Bounds`.
    """

    rows: int | None
    groups: int | None
    rows_bind: bool
    groups_bind: bool


def limits_of(relation: Relation, keys: Sequence[Expr], groups: Partition) -> Limits:
    """What is known without an estimate for a release of `relation` grouped by `keys`.

    Facts that make bounds smaller for free. r = 1 where two rows of one owner in one group would
    agree in a key of the relation (`one_row_each`). m is at most `groups.per_owner` (see
    `partitions.partition`).
    """
    one_row = one_row_each(relation, keys)
    most = least(relation.max_groups, groups.per_owner)
    free_groups = most is not None and most == groups.per_owner
    return Limits(
        rows=least(relation.max_rows, 1 if one_row else None),
        groups=most,
        rows_bind=not (one_row and free_groups),
        groups_bind=not free_groups,
    )


def one_row_each(relation: Relation, keys: Sequence[Expr]) -> bool:
    """Whether a group holds one row of each owner at most: a key's columns are among owner and
    group keys."""
    fixed = {relation.owner} | {key.column for key in keys if isinstance(key, Ref)}
    return any(key <= fixed for key in relation.keys)


def count_sensitivity(bounds: Bounds) -> Sensitivity:
    """‖w(u)·n(u, ·)‖ ≤ C for every owner u, by the choice of w; in units of `row_unit`.

    With weights of rows: w(u) is cut to fixed point towards zero, so C · WEIGHT_ONE bounds the
    integers. Without: the facts say n(u, g) ≤ r in at most m groups.
    """
    return _sensitivity(bounds, bounds.rows * bounds.row_unit)


def sum_sensitivity(bounds: Bounds, most: int) -> Sensitivity:
    """|x| ≤ most after clamping, so ‖Σ w(u)·x‖ ≤ most·‖w(u)·n(u, ·)‖ ≤ most·C.

    Rows where x is NULL add nothing. `most` is in steps of the column.
    """
    return _sensitivity(bounds, bounds.rows * bounds.row_unit * most)


def owner_sensitivity(bounds: Bounds) -> Sensitivity:
    """An owner in G groups adds v = min(1, √(m/G)) (L2) or min(1, m/G) (L1) to each: norm ≤ √m, m.

    Above `noise.threshold.MOST_GROUPS_RATIO` times m groups it adds nothing at all.
    """
    return _sensitivity(replace(bounds, groups=bounds.owner_groups), bounds.owner_unit)


def distinct_sensitivity(bounds: Bounds) -> Sensitivity:
    """Taking an owner out takes at most its own pairs of group and value out of the union.

    Let d(g) be the values it brings to group g: d(g) ≤ r and Σ d(g) ≤ r·m. So the counts change
    by at most r·m in L1, and by √(Σ d²) ≤ √(r·Σ d) ≤ r·√m in L2. Which pairs an owner brings
    depends on its own rows alone, so nobody else's pairs move.
    """
    return _sensitivity(bounds, bounds.rows)


def node_sensitivity(bounds: Bounds, levels: int) -> Sensitivity:
    """One owner moves the counts of a histogram by at most L·C in L1 and √L·C in L2.

    Symbols: n(u, g, b) is the number of owner u's rows in group g and node b, in whole rows; L is
    the number of `levels`. The nodes of one level hold each value once, and a row that is NULL or
    left out by FILTER in none: Σ_b n(u, g, b) ≤ n(u, g). In L1 a level's counts so have the norm
    Σ_g Σ_b w(u)·n(u, g, b) ≤ w(u)·‖n(u, ·)‖₁ ≤ C. In L2, as counts are not negative,
    Σ_b n(u, g, b)² ≤ (Σ_b n(u, g, b))² ≤ n(u, g)², so it is at most w(u)·‖n(u, ·)‖₂ ≤ C. All L
    levels together: L times C in L1, and √(L·C²) in L2. (For a single range of one level: Hay et
    al. 2010, "Boosting the Accuracy of Differentially Private Histograms", Proposition 4.)
    Tests: tests/neighbours, tests/neighbours/test_histograms.py.
    """
    one = bounds.rows * bounds.row_unit
    if bounds.norm is Norm.L1:
        return Sensitivity(norm=Norm.L1, value=Fraction(one * bounds.groups * levels))
    return Sensitivity(norm=Norm.L2, value=root(one * one * bounds.groups * levels))


def total_sensitivity(norm: Norm, most: int) -> Sensitivity:
    """An owner's sums s(u, ·) weigh min(1, S / ‖s(u, ·)‖), so their norm is at most S = `most`.

    In fixed point: the weighted integers have norm at most S · WEIGHT_ONE.
    """
    return Sensitivity(norm=norm, value=Fraction(most * WEIGHT_ONE))


def _sensitivity(bounds: Bounds, per_group: int) -> Sensitivity:
    if bounds.norm is Norm.L1:
        return Sensitivity(norm=Norm.L1, value=Fraction(per_group * bounds.groups))
    return Sensitivity(norm=Norm.L2, value=root(per_group * per_group * bounds.groups))


def root(square: int) -> Fraction:
    """√square, exact where it is whole, otherwise rounded up at the ninth decimal."""
    whole = math.isqrt(square)
    if whole * whole == square:
        return Fraction(whole)
    scaled = square * _ROOT_DIGITS * _ROOT_DIGITS
    return Fraction(math.isqrt(scaled) + 1, _ROOT_DIGITS)


def least(a: int | None, b: int | None) -> int | None:
    """The smaller of two bounds; None stands for one that is not known."""
    known = [value for value in (a, b) if value is not None]
    return min(known) if known else None
