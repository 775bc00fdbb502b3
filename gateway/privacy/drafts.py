"""A release before its noise is set: statement, groups, bounds, and what each number is for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from gateway.errors import Code, Refusal
from gateway.policy.model import Guarantee
from gateway.privacy.aggregates import Aggregate
from gateway.privacy.bounding import bounds_of, total_bound
from gateway.privacy.estimates import MOST_SPREAD, Estimates
from gateway.privacy.formulas import Formula, choose
from gateway.privacy.histograms import PRIVATE_GROUPS, Histogram, Reading
from gateway.privacy.known import estimates_of
from gateway.privacy.measures import OWNERS, Measure, NodeCount, Total, most_steps
from gateway.privacy.paired import Paired
from gateway.privacy.partitions import PublicFacts, partition
from gateway.privacy.plan import Norm
from gateway.privacy.quantiles import Quantile, histogram_of
from gateway.privacy.relation import Relation
from gateway.privacy.sensitivity import Bounds, root
from gateway.privacy.shape import Shape
from gateway.privacy.shaping import shape_of
from gateway.privacy.trace import Numbers
from gateway.rewrite.emit import Written, emit, ordered
from gateway.rewrite.histograms import emit_histogram
from gateway.sql.expressions import Expr, Ref
from gateway.sql.types import Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A release without noise and cost.

    `groups` is None for private keys; then the owners' count `owners` decides which groups are
    shown. `labels` says what each measure is for, `names` what the analyst calls each key,
    `guards` which rows are in no group. `estimates` are those from which its bounds come, by their
    SQL. The rest is as in `plan.Release`, with `groups_of` by the draft's name.
    """

    written: Written
    groups: tuple[tuple[Scalar, ...], ...] | None
    bounds: Bounds
    labels: dict[Measure, str]
    guards: tuple[Expr, ...] = ()
    histogram: Histogram | None = None
    groups_of: str | None = None
    readings: tuple[Reading, ...] = ()
    shape: Shape | None = None
    estimates: frozenset[str] = frozenset()
    names: Mapping[Expr, str] = field(default_factory=dict)

    def column(self, measure: Measure) -> str:
        """The statement's column that holds a measure."""
        return dict(self.written.measures)[measure]

    def key(self, expr: Expr) -> str:
        """The statement's column that holds a key."""
        return dict(self.written.keys)[expr]


MOST_CELLS = 2**18
"""The most nodes of all groups of one histogram: each takes a draw of noise."""


def draft(
    relation: Relation,
    keys: Sequence[Expr],
    aggregates: Sequence[Aggregate],
    read_off: Sequence[Quantile] = (),
    *,
    names: Mapping[Expr, str],
    guarantee: Guarantee,
    noise: float,
    dialect: str,
    public: PublicFacts,
    numbers: Numbers,
    estimates: Estimates,
) -> tuple[Draft, tuple[Formula | Paired, ...]]:
    """The release of `aggregates` over `relation` grouped by `keys`, and the bounds of it and of
    the histograms that are `read_off` in the same groups.

    `noise` is the scale of noise per unit of sensitivity that the question's price buys.
    Raises NOT_PRIVATE where a key names individuals or, under `pure`, where groups are private;
    MISSING_BOUNDS where what is summed has no bounds.
    """
    for key in keys:
        _refuse_individuals(key, relation)
    in_order = ordered(relation.tree, keys)
    parts = partition(in_order, relation, public, numbers)
    norm = Norm.L2 if guarantee is Guarantee.ZCDP else Norm.L1
    if parts.groups is None and guarantee is Guarantee.PURE:
        raise _private_under_pure(in_order, relation)
    numbers_asked = len(aggregates) + len(read_off) + (parts.groups is None)
    spread = MOST_SPREAD if parts.groups is None else len(parts.groups)
    theta = estimates.theta(norm, max(1, numbers_asked), max(1, spread))
    bounds, used = bounds_of(
        relation,
        in_order,
        parts,
        norm,
        rows=bool(read_off) or any(aggregate.kind != "owners" for aggregate in aggregates),
        owners=parts.groups is None or any(a.kind == "owners" for a in aggregates),
        theta=theta,
        estimates=estimates,
    )
    summed = [v for a in aggregates if a.kind != "distinct" for v in (a.value, a.other)]
    for expr in (
        *in_order,
        *(v for v in summed if v is not None),
        *(one.value for one in read_off),
    ):
        used |= estimates_of(expr, relation.facts)
    sums: set[str] = set()

    def estimated(value: Expr) -> Fraction | None:
        found = total_bound(value, relation, in_order, norm, theta, estimates)
        if found is None:
            return None
        sums.add(found[1])
        return found[0]

    steps = most_steps(bounds, noise)
    chosen = choose(aggregates, relation, _tight(bounds), steps, estimated)
    labels = dict(chosen.measures)
    if parts.groups is None:
        labels.setdefault(OWNERS, "owners in the group")
    written = emit(relation, in_order, parts.guards, list(labels), bounds, dialect)
    made = Draft(
        written=written,
        groups=parts.groups,
        bounds=bounds,
        labels=labels,
        guards=parts.guards,
        estimates=used | sums,
        names=names,
        shape=shape_of(relation, written.keys, written.measures, norm, dialect),
    )
    return made, chosen.formulas


def histogram_draft(
    relation: Relation, base: Draft, name: str, quantile: Quantile, dialect: str
) -> Draft:
    """The release of the histogram that a quantile is read off, over the groups of `base`.

    `relation` is the one of `base`, which is called `name`. Nothing in it depends on the quantile
    but its argument, so all quantiles of one argument share it. Where the groups are private, they
    are the ones that `base` has shown: the histogram is then a release that is chosen after
    another one, which composes by addition like any other.
    """
    groups = PRIVATE_GROUPS if base.groups is None else len(base.groups)
    histogram = histogram_of(quantile, relation.facts, groups)
    if groups * len(histogram.nodes) > MOST_CELLS:
        raise Refusal(
            Code.UNSUPPORTED_SQL,
            f"Quantiles in {groups} groups at once are too many.",
            "Group by fewer keys, or keep fewer groups with WHERE.",
            quantile.place,
        )
    counted = NodeCount(quantile.value, histogram)
    return Draft(
        written=emit_histogram(
            relation, base.written.keys, base.guards, counted, base.bounds, dialect
        ),
        groups=base.groups,
        bounds=base.bounds,
        labels={counted: f"values in each node, for {quantile.label}"},
        histogram=histogram,
        groups_of=name if base.groups is None else None,
        estimates=base.estimates,
    )


def _tight(bounds: Bounds) -> Callable[[Total], bool]:
    """Whether a sum's own bound S is below the one that weights of rows give it, C·max|x|."""

    def tight(measure: Total) -> bool:
        per_group = bounds.rows * measure.magnitude
        if bounds.norm is Norm.L1:
            return measure.most is not None and measure.most < per_group * bounds.groups
        return measure.most is not None and measure.most < root(per_group**2 * bounds.groups)

    return tight


def _refuse_individuals(key: Expr, relation: Relation) -> None:
    if not isinstance(key, Ref):
        return
    name = key.column.name
    if key.column == relation.owner:
        raise Refusal(
            Code.NOT_PRIVATE,
            f'"{name}" names the protected entity: a group for each would show individuals.',
            f"Group by something that many share, or count them with COUNT(DISTINCT {name}).",
        )
    if any(decided == (key.column,) for _, decided in relation.optional):
        raise Refusal(
            Code.NOT_PRIVATE,
            f'"{name}" decides the protected entity wherever it is not NULL: a group for each '
            "would show individuals.",
            "Group by something that many share, or by whether it is there: "
            "CASE WHEN … IS NULL THEN 'no' ELSE 'yes' END.",
        )
    if frozenset([key.column]) in relation.keys:
        raise Refusal(
            Code.NOT_PRIVATE,
            f'"{name}" names single rows: a group for each would show individuals.',
            "Group by something that many rows share.",
        )


def _private_under_pure(keys: Sequence[Expr], relation: Relation) -> Refusal:
    names = ", ".join(f'"{key.column.name}"' for key in keys if isinstance(key, Ref))
    return Refusal(
        Code.NOT_PRIVATE,
        f"The values of {names or 'the group keys'} are private, and under the guarantee `pure` "
        "groups cannot be found privately.",
        "Name the values with WHERE … IN (…), or ask for their `values` to be declared.",
    )
