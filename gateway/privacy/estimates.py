"""Bounds that the policy leaves to `auto`: what is counted to estimate them, and how they are read.

An estimate is a release like any other: owners counted by bucket of their size (`rewrite.sizes`),
with noise, charged and stored. It is made on the relation without the analyst's filter, so that
one serves every filter. Only when it is released is the bound chosen; the bound then decides the
statement of the question's own release and, in proportion, its noise, whose price never depends on
it. So the question is an adaptively chosen second release, which composes by addition.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gateway.noise.clipping import least_loss
from gateway.privacy.measures import Total
from gateway.privacy.plan import Mechanism, Norm
from gateway.privacy.relation import Relation
from gateway.privacy.unfiltered import unfiltered
from gateway.rewrite.emit import Written, ordered
from gateway.rewrite.sizes import Size, sizes
from gateway.sql.expressions import Expr

MOST_SPREAD = 32
"""Over how many groups, at most, the rows that a bound takes away are thought to be spread."""
UNKNOWN_ROWS = 64
"""Where an owner's rows in one group are still to be estimated, the plan is shown for so many."""
_MOST_NOISE = 2**23
"""No bound is chosen at which the noise of a count exceeds this: sums keep fine steps below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """An estimate that a plan needs; `label` says what its counts are of."""

    written: Written
    norm: Norm
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnersBySize:
    """The noisy counts of an estimate, by bucket, and the noise that is in them."""

    counts: tuple[int, ...]
    mechanism: Mechanism


class Estimates:
    """The estimates of one question: those at hand by their SQL, and all that were sought."""

    def __init__(
        self,
        released: Mapping[str, OwnersBySize],
        noise: float,
        dialect: str,
        most_rows: int | None,
    ) -> None:
        """`noise` is the scale of noise per unit of sensitivity if one number takes the whole
        price; `most_rows` is the bound on rows that the question itself names."""
        self.sought: dict[str, Sought] = {}
        self._released = released
        self._noise = noise
        self._dialect = dialect
        self._most_rows = most_rows

    def rows(
        self, relation: Relation, keys: Sequence[Expr], norm: Norm, theta: float
    ) -> tuple[int, int, str]:
        """r and m such that C = r·m (L1) or r·√m (L2) loses least on the norm of row counts; and
        the estimate that says so."""
        bucket, name = self._bucket(relation, keys, Size.ROWS, norm, theta)
        if norm is Norm.L1:
            return math.isqrt(2**bucket), 1, name
        return 2 ** (bucket // 2), 1 + bucket % 2, name

    def groups(
        self, relation: Relation, keys: Sequence[Expr], norm: Norm, theta: float
    ) -> tuple[int, str]:
        """m, the groups in which one owner counts as a whole one, and the estimate behind it."""
        bucket, name = self._bucket(relation, keys, Size.GROUPS, norm, theta)
        return (math.isqrt(2**bucket) if norm is Norm.L1 else 2**bucket), name

    def most_rows(self, relation: Relation, keys: Sequence[Expr]) -> tuple[int, frozenset[str]]:
        """The bound on one owner's rows in one group of its own, below a release."""
        if self._most_rows is not None:
            return self._most_rows, frozenset()
        bucket, name = self._bucket(relation, keys, Size.MOST_ROWS, Norm.L1, self._noise)
        known = math.isqrt(2**bucket) if name in self._released else UNKNOWN_ROWS
        return known, frozenset([name])

    def total(
        self, relation: Relation, keys: Sequence[Expr], norm: Norm, theta: float, summed: Total
    ) -> tuple[int, str]:
        """S, the bound on the norm of one owner's sums, in steps of `summed`; and its estimate.

        As long as it is unknown it is one value of the largest size.
        """
        bucket, name = self._bucket(relation, keys, Size.SUMS, norm, theta, summed)
        known = math.isqrt(2**bucket - 1) + 1  # the edge, rounded up
        return (known if name in self._released else max(1, summed.magnitude)), name

    def theta(self, norm: Norm, numbers: int, groups: int) -> float:
        """θ of `noise.clipping`: what one unit of a bound adds to the noise of a release.

        The price is parted among the release's `numbers`; the norm of the noise over d groups is
        √d (L2) or d (L1) times that of one, and an owner's lost rows are spread over them alike.
        """
        spread = min(groups, MOST_SPREAD)
        if norm is Norm.L2:
            return self._noise * math.sqrt(numbers * spread)
        return self._noise * numbers * spread

    def _bucket(
        self,
        relation: Relation,
        keys: Sequence[Expr],
        size: Size,
        norm: Norm,
        theta: float,
        summed: Total | None = None,
    ) -> tuple[int, str]:
        """The chosen bucket, 0 as long as the estimate is not released; and the estimate's SQL."""
        if relation.owner is None:
            raise AssertionError("only protected rows need bounds")
        rows = unfiltered(relation.tree)
        # A key that another answer decides is left out: with fewer groups the norm is larger.
        in_order = ordered(rows.tree, [key for key in keys if rows.has(key)])
        owner = relation.owner
        written = sizes(rows.tree, owner, in_order, size, norm, self._dialect, summed)
        sql = written.statement.sql
        label = f"owners by {size.value}"
        self.sought.setdefault(sql, Sought(written=written, norm=norm, label=label))
        if sql not in self._released:
            return 0, sql
        found = self._released[sql]
        most = 2 * math.floor(math.log2(max(1.0, _MOST_NOISE / self._noise)))
        return least_loss(found.counts, found.mechanism, theta, most), sql
