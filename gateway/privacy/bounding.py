"""The bound of a release: declared, known from the schema, or estimated privately.

Where r is unknown, C itself is estimated, as the norm of an owner's row counts; where r is known
and m is not, m is. What counts owners, a threshold among it, needs an m of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from gateway.privacy.domains import interval_of
from gateway.privacy.estimates import Estimates
from gateway.privacy.known import summed_column
from gateway.privacy.measures import total
from gateway.privacy.partitions import Partition
from gateway.privacy.plan import Norm
from gateway.privacy.relation import Relation
from gateway.privacy.sensitivity import Bounds, limits_of
from gateway.privacy.unfiltered import declared_facts
from gateway.sql.expressions import Expr, Ref

MOST_SUM_STEPS = 2**16
"""Into how many steps a value is cut, at the most, to measure the size of owners' sums: buckets
then reach from one step to 2¹⁵ times the largest value."""


def bounds_of(
    relation: Relation,
    keys: Sequence[Expr],
    groups: Partition,
    norm: Norm,
    *,
    rows: bool,
    owners: bool,
    theta: float,
    estimates: Estimates,
) -> tuple[Bounds, frozenset[str]]:
    """The bound for a release of `relation` by `keys`, and the estimates that it comes from.

    `rows` and `owners` say whether rows, and whether owners, are counted; `theta` is that of
    `noise.clipping`. An estimate is sought for what is needed and unknown, and for nothing else.
    Any bound is sound, since weights are computed for it: a bad one costs accuracy alone.
    """
    limits = limits_of(relation, keys, groups)
    used: set[str] = set()
    r, m = limits.rows, limits.groups
    # A free bound on groups no longer bounds pairs where C takes the place of r·√m.
    pairs_bind = limits.groups_bind or (r is None and m != 1)
    owner_groups = m
    if m is None and (owners or r is not None):
        m, name = estimates.groups(relation, keys, norm, theta)
        owner_groups = m
        used.add(name)
    if r is None and rows:
        r, m, name = estimates.rows(relation, keys, norm, theta)
        used.add(name)
    bounds = Bounds(
        norm=norm,
        rows=r or 1,
        groups=m or 1,
        owner_groups=owner_groups or 1,
        rows_bind=limits.rows_bind,
        groups_bind=limits.groups_bind,
        pairs_bind=pairs_bind,
    )
    return bounds, frozenset(used)


def total_bound(
    value: Expr,
    relation: Relation,
    keys: Sequence[Expr],
    norm: Norm,
    theta: float,
    estimates: Estimates,
) -> tuple[Fraction, str] | None:
    """S for a sum of a column with `max_total: auto`, in the analyst's units, and its estimate;
    None where the value is another.

    What is estimated is the size of owners' sums of the column itself, as the policy bounds it, in
    the groups of the question. So one estimate serves every filter and every CASE over the column.
    """
    column = summed_column(value, relation.facts)
    facts = declared_facts(relation.tree)
    while column is not None and column not in facts:
        definition = relation.definitions.get(column)
        column = None if definition is None else summed_column(definition, relation.facts)
    if column is None or interval_of(facts[column].domain) is None:
        return None
    summed = total(Ref(column), facts, MOST_SUM_STEPS)
    steps, name = estimates.total(relation, keys, norm, theta, summed)
    return steps * summed.step, name
