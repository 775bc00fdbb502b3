"""Totals by ROLLUP, CUBE and GROUPING SETS: sums of the finest groups, or levels of their own.

A level is one set of keys that the SELECT groups by. Summed up from the finest groups, totals add
up and cost nothing beside them, but their noise grows with the root of the groups in a sum.
Released on their own, k levels share the price, but each is bounded for itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from sqlglot import exp

from gateway.privacy.boundary import Asked, Release, Wanted
from gateway.privacy.drafts import Draft
from gateway.privacy.formulas import SPREADS, TRUTHS
from gateway.privacy.paired import is_paired
from gateway.privacy.plan import Norm
from gateway.privacy.quantiles import Quantile
from gateway.sql.expressions import Expr
from gateway.sql.functions.conversion import duckdb_type

MOST_RATIO = 4
"""Totals are released on their own where that makes one of them over so many times as exact."""
MOST_LEVELS = 16
"""More levels than these would share one price: they are summed up wherever they can be."""
NOTE = (
    "Totals are released on their own, as sums of the groups would be far less exact or miss "
    "withheld groups: they do not add up to the last digit."
)
_ADDED = {"count", "sum", "avg", *SPREADS, *TRUTHS}

Set = tuple[Expr, ...]


def apart(finest: Draft, levels: Mapping[Set, Draft], wanted: Wanted) -> bool:
    """Whether each level is released on its own.

    It must be where a number does not add up, as a distinct count, or where the finest groups are
    private, so that a sum would miss the withheld ones. Otherwise it is where some level's noise
    would then be smaller by more than `MOST_RATIO`. This is about accuracy alone: either way every
    release is bounded and charged like any other. Nothing here depends on protected rows.
    """
    if finest.groups is None or not all(map(_adds_up, wanted.aggregates)):
        return True
    if len(levels) > MOST_LEVELS:
        return False
    return any(gain_squared(finest, one, len(levels)) > MOST_RATIO**2 for one in levels.values())


def _adds_up(one: Asked) -> bool:
    """Whether a number of a total follows from those of its groups: histograms add up, too."""
    return isinstance(one, Quantile) or one.kind in _ADDED or is_paired(one)


def gain_squared(finest: Draft, level: Draft, levels: int) -> Fraction:
    """The square of how many times as large a total's noise is as a sum of the finest groups.

    Symbols: C and D are the bound and the number of groups of the finest release, c and d those
    of the level, k the number of levels. A total is the sum of D/d groups with independent noise
    of scale proportional to C, so its deviation is in proportion to C·√(D/d). On its own, with a
    k-th of the price, it is c·√k for Gaussian noise (ρ is in proportion to 1/σ²), c·k for Laplace
    noise (ε to 1/b). C = r·√m in the L2 norm, r·m in L1 (`privacy.sensitivity`). Where a bound is
    estimated, C and c are taken to be equal: what is planned and charged before the estimate is
    released must be what is asked after it. Test:
    tests/totals/test_levels.py.
    """
    groups, parts = len(finest.groups or ()), max(1, len(level.groups or ()))
    share = levels if finest.bounds.norm is Norm.L2 else levels**2
    larger, smaller = _squared(finest), _squared(level)
    if finest.estimates or level.estimates:
        larger = smaller = 1
    return Fraction(larger * max(groups, parts), parts * smaller * share)


def _squared(draft: Draft) -> int:
    """The square of the bound on one owner's rows."""
    bounds = draft.bounds
    if bounds.norm is Norm.L2:
        return bounds.rows**2 * bounds.groups
    return (bounds.rows * bounds.groups) ** 2


def united(wanted: Wanted, levels: Mapping[Set, Release]) -> Release:
    """The levels' noisy tables as one: keys that a level does not group by are NULL there, and
    have a flag of 1, as GROUPING says it."""
    keys, sets = wanted.keys, wanted.sets
    names = {key: f"k{i}" for i, key in enumerate(keys)}
    flags = {key: f"g{i}" for i, key in enumerate(keys)}
    parts = [_level(keys, names, flags, one, levels[one]) for one in sets]
    found: exp.Query = parts[0]
    for part in parts[1:]:
        found = exp.Union(this=found, expression=part, distinct=False)
    alias = exp.TableAlias(this=exp.to_identifier("levels", quoted=True))
    values = tuple(_column(f"v{i}") for i in range(len(levels[sets[0]].values)))
    table = exp.Subquery(this=found, alias=alias)
    return Release(table=table, keys=names, values=values, flags=flags)


def _level(
    keys: Sequence[Expr],
    names: Mapping[Expr, str],
    flags: Mapping[Expr, str],
    own: Set,
    release: Release,
) -> exp.Select:
    items: list[exp.Expr] = []
    for key in keys:
        kind = exp.DataType.build(duckdb_type(key.type), dialect="duckdb")
        value: exp.Expr = _column(release.keys[key]) if key in own else exp.null()
        items.append(_named(exp.cast(value, kind), names[key]))
        items.append(_named(exp.Literal.number(int(key not in own)), flags[key]))
    items += [_named(value.copy(), f"v{i}") for i, value in enumerate(release.values)]
    made = exp.Select(expressions=items).from_(release.table)
    made.set("joins", list(release.joins))
    return made.where(*release.conditions) if release.conditions else made


def _column(name: str) -> exp.Column:
    return exp.column(name, quoted=True)


def _named(value: exp.Expr, name: str) -> exp.Expr:
    return exp.alias_(value, name, quoted=True)
