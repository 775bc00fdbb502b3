"""EXPLAIN: the privacy plan as rows, one for each number that would be released. Free."""

from __future__ import annotations

from gateway.budget.allowances import allowance_for
from gateway.edges import Edges
from gateway.exchange import Answer, Request, Spent
from gateway.policy.catalog import Dataset
from gateway.policy.model import Guarantee
from gateway.postprocess.intervals import released_half_width
from gateway.postprocess.present import remaining
from gateway.privacy.plan import OutputColumn, Plan
from gateway.sql.types import Scalar

COLUMNS = (
    ("release", "text"),
    ("keys", "text"),
    ("key_domain", "text"),
    ("number", "text"),
    ("norm", "text"),
    ("sensitivity", "double precision"),
    ("mechanism", "text"),
    ("scale", "double precision"),
    ("half_width", "double precision"),
    ("threshold", "double precision"),
    ("epsilon", "double precision"),
    ("bounds_from", "text"),
    ("sql", "text"),
)
"""`sensitivity`, `scale`, `half_width` and `threshold` are in the analyst's units; `epsilon` is the
price of the whole question. `bounds_from` names the releases that estimate a release's bounds,
which come first; as long as they are not paid for, the bounds are shown as 1. `sql` is NULL where
the policy hides it."""


def explained(request: Request, plan: Plan, dataset: Dataset, edges: Edges) -> Answer:
    """The plan as an answer. Reads no protected row, charges nothing."""
    allowance = allowance_for(dataset.policy, request.analyst)
    balance = edges.ledger.balance(dataset.name, allowance)
    zcdp = dataset.policy.privacy.guarantee is Guarantee.ZCDP
    return Answer(
        query_id=request.query_id,
        dataset=dataset.name,
        columns=tuple(OutputColumn(name=n, type=t, noisy=False) for n, t in COLUMNS),
        rows=tuple(_rows(request, plan, dataset)),
        confidence=request.confidence,
        half_width={},
        privacy=Spent(
            unit=dataset.policy.privacy.unit,
            epsilon=0.0,
            delta=0.0,
            rho=0.0 if zcdp else None,
            reused=False,
            mechanism=None,
            remaining=remaining(balance, dataset),
            withheld_groups_possible=any(r.threshold is not None for r in plan.releases),
        ),
        notes=("This is the privacy plan: nothing was read and nothing was charged.", *plan.notes),
    )


def _rows(request: Request, plan: Plan, dataset: Dataset) -> list[tuple[Scalar, ...]]:
    shows = dataset.policy.privacy.show_sql or "admin" in request.analyst.roles
    rows: list[tuple[Scalar, ...]] = []
    for release in plan.laid_out:
        for measure in release.measures:
            unit = measure.unit_of_scale
            limit = release.threshold
            mine = limit is not None and limit.column == measure.column
            rows.append(
                (
                    release.name,
                    ", ".join(key.label for key in release.keys),
                    "public" if release.public_keys else "private",
                    measure.label,
                    measure.sensitivity.norm.value,
                    float(measure.sensitivity.value * unit),
                    measure.mechanism.noise.value,
                    measure.mechanism.scale * float(unit),
                    released_half_width(release, measure.column, request.confidence),
                    float(limit.least * unit) if limit is not None and mine else None,
                    float(plan.epsilon),
                    ", ".join(release.bounds_from) or None,
                    release.statement.shown if shows else None,
                )
            )
    return rows
