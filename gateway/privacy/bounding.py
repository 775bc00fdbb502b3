"""The bound of a release: declared, known from the schema, or estimated privately.

Where r is unknown, C itself is estimated, as the norm of an owner's row counts; where r is known
and m is not, m is. What counts owners, a threshold among it, needs an m of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.privacy.estimates import Estimates
from gateway.privacy.partitions import Partition
from gateway.privacy.plan import Norm
from gateway.privacy.relation import Relation
from gateway.privacy.sensitivity import Bounds, limits_of
from gateway.sql.expressions import Expr


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
