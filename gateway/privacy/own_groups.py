"""What bounds the aggregates of groups, or windows, that hold one owner's rows each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from gateway.privacy.domains import ANYTHING, Domain, Interval, interval_of, union
from gateway.privacy.estimates import Estimates
from gateway.privacy.known import domain_of, estimates_of, nullable, step_of, total_of
from gateway.privacy.relation import Facts, Relation, Summary
from gateway.privacy.sensitivity import one_row_each
from gateway.sql.expressions import Case, Expr

_ZERO = Interval(Fraction(0), Fraction(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnGroups:
    """Groups of `relation` by `keys`, each within one owner's rows.

    Counts lie in [0, r], sums in r times the value's bounds or in `max_total`; they are clamped
    there where they are summed up. r is `max_rows`, 1 where a group holds one row of its owner, or
    estimated privately.
    """

    relation: Relation
    keys: Sequence[Expr]
    estimates: Estimates

    def rows(self) -> tuple[int, frozenset[str]]:
        """r, and the estimates that it comes from."""
        if one_row_each(self.relation, self.keys):
            return 1, frozenset()
        if self.relation.max_rows is not None:
            return self.relation.max_rows, frozenset()
        return self.estimates.most_rows(self.relation, self.keys)

    def numbers(self) -> Facts:
        """The facts of numbers of rows, from 1 on."""
        return self._counts(1)

    def facts(self, summary: Summary) -> Facts:
        """The facts of one summary. COUNT(*) is at least 1, for a group has a row."""
        value, known = summary.value, self.relation.facts
        if summary.kind.startswith("count"):
            return self._counts(1 if value is None else 0)
        if value is None:
            raise AssertionError("a summary of values")
        domain, used = domain_of(value, known), estimates_of(value, known)
        if summary.kind == "sum":
            total, more = self._sum(value, interval_of(domain))
            return Facts(domain=total, step=summary.step, estimates=used | more)
        step = step_of(value, known) if summary.kind in ("min", "max") else None
        absent = isinstance(value, Case) or nullable(value, known)
        return Facts(domain=domain, nullable=absent, step=step, estimates=used)

    def _counts(self, least: int) -> Facts:
        rows, used = self.rows()
        domain = Interval(Fraction(least), Fraction(rows))
        return Facts(domain=domain, nullable=False, step=Fraction(1), estimates=used)

    def _sum(self, value: Expr, interval: Interval | None) -> tuple[Domain, frozenset[str]]:
        total = total_of(value, self.relation.facts)
        if interval is None:
            return (ANYTHING if total is None else Interval(-total, total)), frozenset()
        rows, used = self.rows()
        summed = union(_ZERO, Interval(interval.lo * rows, interval.hi * rows))
        if total is None:
            return summed, used
        return Interval(max(summed.lo, -total), min(summed.hi, total)), used
