"""How many owners have which size, as SQL: what a private estimate of a bound counts.

An owner's size is a number that its own rows alone decide: the norm of its row counts over the
groups, the number of its groups, its most rows in one group, or the norm of its sums. Each owner
stands in exactly one bucket of sizes, so taking an owner out moves one count by one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import Enum

from gateway.noise.clipping import BUCKETS
from gateway.privacy.measures import OWNERS, Total
from gateway.privacy.plan import Norm, Statement
from gateway.privacy.relation import Tree
from gateway.rewrite.blocks import block
from gateway.rewrite.clamp import clamped
from gateway.rewrite.dialects import DIALECTS
from gateway.rewrite.dialects.base import Dialect
from gateway.rewrite.emit import Written
from gateway.rewrite.expressions import write
from gateway.sql.expressions import Column, Expr, Ref
from gateway.sql.types import BIGINT

BUCKET = Ref(Column(0, "bucket", BIGINT))
"""The one key of an estimate."""
MOST_SUM = 2**42
"""One owner's sum in one group is clamped to this before it is squared, so that the sum of fewer
than 2⁴⁰ squares stays within 127 bits."""


class Size(Enum):
    """What is measured of an owner."""

    ROWS = "rows"
    """The norm of its numbers of rows over the groups."""
    GROUPS = "groups"
    """The norm of one for each of its groups."""
    MOST_ROWS = "most rows"
    """Its most rows in one group."""
    SUMS = "sums"
    """The norm of its sums over the groups."""


def sizes(
    tree: Tree,
    owner: Column,
    keys: Sequence[Expr],
    size: Size,
    norm: Norm,
    dialect: str,
    summed: Total | None = None,
) -> Written:
    """The statement that counts owners by bucket of their size; `summed` is for `Size.SUMS`.

    Claim: every owner of the rows is counted in exactly one bucket, so the vector of counts moves
    by 1 in L1 and in L2 when one owner is taken out. Tests: tests/estimates/test_neighbours.py.
    """
    source, ways = block(tree, dialect), DIALECTS[dialect]
    names = [f"k{index}" for index in range(len(keys))]
    items = [f"{write(Ref(owner), source.names, dialect)} AS u"]
    items += [
        f"{write(key, source.names, dialect)} AS {name}"
        for key, name in zip(keys, names, strict=True)
    ]
    if summed is not None:
        items.append(f"{clamped(write(summed.value, source.names, dialect), summed, ways)} AS x")
    conditions = [*source.conditions, f"{write(Ref(owner), source.names, dialect)} IS NOT NULL"]
    rows = f"SELECT {', '.join(items)} FROM {source.source} WHERE {' AND '.join(conditions)}"
    listed = ", ".join(["u", *names])
    cell = "COUNT(*)" if summed is None else _clamped_sum(summed, ways)
    measured, squared = _measured(size, norm, ways)
    sql = (
        f"WITH {ways.protected('rows', rows)}, "
        f"cells AS (SELECT {listed}, {cell} AS n FROM rows GROUP BY {listed}), "
        f"owners AS (SELECT u, {measured} AS size FROM cells GROUP BY u) "
        f"SELECT {_bucket(squared)} AS bucket, COUNT(*) AS owners FROM owners GROUP BY 1"
    )
    return Written(
        statement=Statement(sql=sql, dialect=dialect, columns=("bucket", "owners")),
        keys=((BUCKET, "bucket"),),
        measures=((OWNERS, "owners"),),
    )


def _clamped_sum(summed: Total, dialect: Dialect) -> str:
    added = dialect.added("x", summed.magnitude)
    return f"LEAST(GREATEST(COALESCE({added}, 0), {-MOST_SUM}), {MOST_SUM})"


def _measured(size: Size, norm: Norm, dialect: Dialect) -> tuple[str, bool]:
    """An owner's size over its cells, and whether it is the square of the size."""
    if size is Size.MOST_ROWS:
        return "MAX(n)", False
    if size is Size.GROUPS:
        return "COUNT(*)", norm is Norm.L2
    if norm is Norm.L2:
        return f"SUM({dialect.wide('n')} * {dialect.wide('n')})", True
    return ("SUM(n)" if size is Size.ROWS else f"SUM(ABS({dialect.wide('n')}))"), False


def _bucket(squared: bool) -> str:
    """The bucket of a size: exact comparisons of integers, no logarithm that could round."""
    cases = [
        f"WHEN size <= {2**bucket if squared else math.isqrt(2**bucket)} THEN {bucket}"
        for bucket in range(BUCKETS - 1)
    ]
    return f"CASE {' '.join(cases)} ELSE {BUCKETS - 1} END"
