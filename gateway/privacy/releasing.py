"""Releases as the SELECT above them reads them: drafted, named, their numbers as expressions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from gateway.policy.catalog import Dataset
from gateway.privacy.aggregates import Aggregate
from gateway.privacy.boundary import Release, Wanted
from gateway.privacy.drafts import Draft, draft, histogram_draft
from gateway.privacy.estimates import Estimates
from gateway.privacy.formulas import Formula, outer_expression
from gateway.privacy.histograms import Reading
from gateway.privacy.levels import NOTE, apart, united
from gateway.privacy.measures import Measure
from gateway.privacy.outputs import plain
from gateway.privacy.paired import Paired
from gateway.privacy.partitions import PublicFacts
from gateway.privacy.quantiles import ENDS, ENDS_NOTE, Quantile
from gateway.privacy.read_off import joined, kept_apart, reading_column, table_of, value_of
from gateway.privacy.relation import Relation
from gateway.privacy.results import restricted, restrictions, stand_in
from gateway.privacy.sensitivity import least
from gateway.privacy.trace import Numbers
from gateway.sql.expressions import Expr
from gateway.sql.noise_ends import argument_of, calls
from gateway.sql.types import Type
from gateway.sql.wrappers import Wrapping

Drafted = tuple[Draft, tuple[Formula | Paired, ...]]


class Releasing:
    """Gathers the releases of one question.

    `drafts` are what the result reads, by name; `direct` says which expressions over a noisy table
    show one released number as it is; `earlier` are the values that releases take from others.
    """

    def __init__(
        self,
        dataset: Dataset,
        numbers: Numbers,
        public: PublicFacts,
        noise: float,
        wrapping: Wrapping,
        estimates: Estimates,
    ) -> None:
        self.estimates = estimates
        self.drafts: dict[str, Draft] = {}
        self.direct: dict[str, tuple[str, str]] = {}
        self.notes: dict[str, None] = {}
        self.earlier: dict[str, tuple[exp.Query, tuple[Type, ...]]] = {}
        self._dataset = dataset
        self._numbers = numbers
        self._public = public
        self._noise = noise
        self._wrapping = wrapping

    def release(self, relation: Relation, wanted: Wanted) -> Release:
        """What a SELECT reads of its releases: one for its sums and counts, one for each histogram
        that its quantiles are read off. Where it asks for totals, the groups are summed up again
        above, or each level has releases of its own (`levels.apart`)."""
        bounded = replace(
            relation,
            max_rows=least(relation.max_rows, self._wrapping.max_rows),
            max_groups=least(relation.max_groups, self._wrapping.max_groups),
        )
        finest = self._drafted(bounded, wanted.keys, wanted)
        if wanted.sets:
            levels = {own: self._drafted(bounded, own, wanted) for own in wanted.sets}
            if apart(finest[0], {own: made for own, (made, _) in levels.items()}, wanted):
                self.notes[NOTE] = None
                read = {own: self._shown(bounded, own, wanted, *levels[own]) for own in levels}
                return united(wanted, read)
        return self._shown(bounded, wanted.keys, wanted, *finest, totals=bool(wanted.sets))

    def _drafted(self, relation: Relation, keys: Sequence[Expr], wanted: Wanted) -> Drafted:
        """The release of the sums and counts by these keys."""
        grouped_by = {key: stand_in(key, relation) for key in keys}
        return draft(
            relation,
            list(grouped_by.values()),
            [one for one in wanted.aggregates if isinstance(one, Aggregate)],
            [one for one in wanted.aggregates if isinstance(one, Quantile)],
            names={other: wanted.names[key] for key, other in grouped_by.items()},
            guarantee=self._dataset.policy.privacy.guarantee,
            noise=self._noise,
            dialect=self._dataset.dialect,
            public=self._public,
            numbers=self._numbers,
            estimates=self.estimates,
        )

    def _shown(
        self,
        relation: Relation,
        keys: Sequence[Expr],
        wanted: Wanted,
        made: Draft,
        formulas: Sequence[Formula | Paired],
        *,
        totals: bool = False,
    ) -> Release:
        """A draft and the histograms beside it as the SELECT above reads them; with `totals` their
        groups are summed up."""
        grouped_by = {key: stand_in(key, relation) for key in keys}
        asked = wanted.aggregates
        counts = [one for one in asked if isinstance(one, Quantile)]
        # An ungrouped quantile alone needs no other table.
        name = self._name_for(made) if keys or made.written.measures or not counts else ""

        def column(measure: Measure) -> str:
            return f"SUM({made.column(measure)})" if totals else made.column(measure)

        written = [
            outer_expression(formula, column, made.bounds.row_unit, made.bounds.owner_unit)
            for formula in formulas
        ]
        for formula, value in zip(formulas, written, strict=True):
            counted = [argument_of(call) for call in calls(value)]
            for number in counted or [value]:
                measure = formula.measures[0] if counted else formula.only
                if measure is not None and not totals:
                    self.direct[f"{name}: {plain(number)}"] = (name, made.column(measure))
        read = {one: self._read_off(relation, made, name, one, totals) for one in counts}
        names = list(dict.fromkeys(histogram for histogram, _ in read.values()))
        first, *others = names if not name else [name, *names]
        labels = [label for _, label in made.written.keys]
        sums = iter(written)
        conditions = restricted(
            restrictions(relation, list(grouped_by.values())),
            {other: made.key(other) for other in grouped_by.values()},
            lambda mark: self.earlier[mark][0],
        )
        return Release(
            table=table_of(first),
            keys={key: made.key(other) for key, other in grouped_by.items()},
            values=tuple(
                read[one][1] if isinstance(one, Quantile) else next(sums) for one in asked
            ),
            joins=tuple(joined(other, labels, first) for other in others),
            conditions=conditions,
        )

    def _read_off(
        self, relation: Relation, base: Draft, base_name: str, quantile: Quantile, totals: bool
    ) -> tuple[str, exp.Expr]:
        """The table of a quantile's histogram, and the quantile as an expression over it."""
        made = histogram_draft(relation, base, base_name, quantile, self._dataset.dialect)
        name = self._name_for(made)
        if quantile.statistic in ENDS:
            self.notes[ENDS_NOTE] = None
        keys = [label for _, label in base.written.keys]
        apart = kept_apart(keys, totals)
        kinds = [quantile.readings(kept) for kept in apart]
        columns = [
            [self._reading(name, reading) for reading in fraction]
            for fraction in zip(*kinds, strict=True)
        ]
        return name, value_of(quantile, columns, keys, totals)

    def _reading(self, name: str, reading: Reading) -> str:
        known = self.drafts[name].readings
        if reading not in known:
            known = (*known, reading)
            self.drafts[name] = replace(self.drafts[name], readings=known)
        return reading_column(name, known.index(reading))

    def _name_for(self, made: Draft) -> str:
        for name, known in self.drafts.items():
            same = known.written.statement == made.written.statement
            if same and known.groups == made.groups and known.groups_of == made.groups_of:
                self.drafts[name] = replace(known, estimates=known.estimates | made.estimates)
                return name
        name = f"noisy_{len(self.drafts) + 1}"
        self.drafts[name] = made
        return name
