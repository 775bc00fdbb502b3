"""Noise and cost of drafted releases: from the ε of a question to every mechanism's scale. Pure."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from fractions import Fraction

from gateway.budget.cost import AMOUNT_UNIT, DELTA_UNIT, Cost, amount_for
from gateway.errors import Code, Refusal
from gateway.noise.calibrate import calibrate
from gateway.noise.threshold import least_count
from gateway.policy.catalog import Dataset
from gateway.policy.model import Guarantee
from gateway.privacy.drafts import OWNERS, Draft
from gateway.privacy.measures import DistinctCount, Measure, NodeCount, OwnerCount, RowCount, Total
from gateway.privacy.plan import (
    NODE_KEYS,
    Earlier,
    KeyColumn,
    Noise,
    Norm,
    Release,
    ReleasedMeasure,
    Sensitivity,
    Threshold,
    tokens_in,
)
from gateway.privacy.sensitivity import (
    WEIGHT_ONE,
    Bounds,
    count_sensitivity,
    distinct_sensitivity,
    node_sensitivity,
    owner_sensitivity,
    sum_sensitivity,
    total_sensitivity,
)


def priced(
    drafts: Mapping[str, Draft],
    earlier: Mapping[str, Earlier],
    dataset: Dataset,
    epsilon: Fraction,
) -> list[Release]:
    """The releases of one question that costs `epsilon` in all.

    The question's amount (of ε, or of the ρ that ε stands for) is parted equally among its
    releases, and a release's among its measures: with k measures each gets a k-th, and together
    they cost what was charged by composition. Thresholds draw on δ beside it (`delta_for`).
    """
    privacy = dataset.policy.privacy
    amount = amount_for(epsilon, privacy.guarantee, privacy.delta)
    share = amount // max(1, len(drafts))
    made: dict[str, Release] = {}
    for name, draft in drafts.items():
        values = tuple(earlier[token] for token in tokens_in(draft.written.statement.sql))
        made[name] = _priced(name, draft, dataset, share, values, made)
    return list(made.values())


def noise_per_unit(dataset: Dataset, epsilon: Fraction) -> float:
    """The scale of noise per unit of sensitivity if one measure takes all that ε buys."""
    privacy = dataset.policy.privacy
    amount = amount_for(epsilon, privacy.guarantee, privacy.delta) / AMOUNT_UNIT
    if amount <= 0:
        raise _too_little()
    return math.sqrt(1 / (2 * amount)) if privacy.guarantee is Guarantee.ZCDP else 1 / amount


def delta_for(amount: int, dataset: Dataset) -> int:
    """The δ, in 10⁻¹⁸, that a release of this amount spends on its threshold.

    The pool for thresholds (δ under approximate, its half under zcdp) is parted as the amount is:
    a release that takes a share of the largest account's amount takes the same share of the pool.
    So no account runs out of δ before it runs out of ε or ρ.
    """
    privacy = dataset.policy.privacy
    pool = privacy.delta / 2 if privacy.guarantee is Guarantee.ZCDP else privacy.delta
    largest = max((budget.epsilon for budget in dataset.policy.budgets), default=Fraction(1))
    whole = amount_for(max(largest, privacy.max_per_query), privacy.guarantee, privacy.delta)
    return math.floor(pool * DELTA_UNIT * Fraction(amount, max(1, whole)))


def _priced(
    name: str,
    draft: Draft,
    dataset: Dataset,
    amount: int,
    earlier: tuple[Earlier, ...],
    before: Mapping[str, Release],
) -> Release:
    guarantee = dataset.policy.privacy.guarantee
    gaussian = draft.bounds.norm is Norm.L2
    noise = Noise.DISCRETE_GAUSSIAN if gaussian else Noise.DISCRETE_LAPLACE
    each = amount // len(draft.written.measures)
    if each <= 0:
        raise _too_little()
    measures = tuple(
        _measure(measure, column, draft, noise, each, guarantee)
        for measure, column in draft.written.measures
    )
    threshold = _threshold(draft, measures, delta_for(amount, dataset))
    keys = tuple(KeyColumn(name=column, type=key.type) for key, column in draft.written.keys)
    if draft.histogram is not None:
        keys = (*keys, *NODE_KEYS)
    cost = Cost(amount=amount, delta=threshold.delta if threshold else 0)
    return Release(
        name=name,
        fingerprint=_fingerprint(dataset, draft, measures, threshold, earlier, before),
        statement=draft.written.statement,
        keys=keys,
        groups=draft.groups,
        measures=measures,
        threshold=threshold,
        cost=cost,
        earlier=earlier,
        histogram=draft.histogram,
        groups_of=draft.groups_of,
        readings=draft.readings,
    )


def _measure(
    measure: Measure, column: str, draft: Draft, noise: Noise, amount: int, guarantee: Guarantee
) -> ReleasedMeasure:
    sensitivity, unit = sensitivity_of(measure, draft.bounds)
    return ReleasedMeasure(
        column=column,
        label=draft.labels[measure],
        sensitivity=sensitivity,
        mechanism=calibrate(noise, sensitivity, amount, guarantee),
        unit_of_scale=unit,
    )


def sensitivity_of(measure: Measure, bounds: Bounds) -> tuple[Sensitivity, Fraction]:
    """A measure's sensitivity in the integers of its statement, and one integer's worth."""
    match measure:
        case RowCount():
            return count_sensitivity(bounds), Fraction(1, bounds.row_unit)
        case OwnerCount():
            return owner_sensitivity(bounds), Fraction(1, bounds.owner_unit)
        case NodeCount():
            found = node_sensitivity(bounds, measure.histogram.levels)
            return found, Fraction(1, bounds.row_unit)
        case DistinctCount():
            return distinct_sensitivity(bounds), Fraction(1)
        case Total(most=None):
            found = sum_sensitivity(bounds, max(1, measure.magnitude))
            return found, measure.step / bounds.row_unit
        case Total(most=int(most)):
            return total_sensitivity(bounds.norm, max(1, most)), measure.step / WEIGHT_ONE
    raise AssertionError("a measure")


def _threshold(draft: Draft, measures: tuple[ReleasedMeasure, ...], delta: int) -> Threshold | None:
    if draft.groups is not None or draft.groups_of is not None:
        return None
    if delta <= 0:
        raise _too_little()
    bounds, column = draft.bounds, draft.column(OWNERS)
    mechanism = next(m.mechanism for m in measures if m.column == column)
    least = least_count(
        mechanism, bounds.norm, bounds.owner_unit, bounds.groups, bounds.groups_bind, delta
    )
    return Threshold(column=column, least=least, delta=delta)


def _fingerprint(
    dataset: Dataset,
    draft: Draft,
    measures: tuple[ReleasedMeasure, ...],
    threshold: Threshold | None,
    earlier: tuple[Earlier, ...],
    before: Mapping[str, Release],
) -> str:
    """Names everything that decides a release's distribution, so that equal means the same."""
    facts = [
        [
            [value.sql, [before[name].fingerprint for name in value.reads if name in before]]
            for value in earlier
        ],
        dataset.name,
        dataset.digest,
        draft.written.statement.sql,
        [
            [m.column, m.mechanism.noise.value, m.mechanism.scale.hex(), str(m.sensitivity.value)]
            for m in measures
        ],
        [repr(group) for group in draft.groups] if draft.groups is not None else None,
        [threshold.column, threshold.least, threshold.delta] if threshold else None,
        [repr(draft.histogram), _shown_by(draft, before)] if draft.histogram else None,
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _shown_by(draft: Draft, before: Mapping[str, Release]) -> str | None:
    """The release whose groups a draft takes over, by fingerprint."""
    return None if draft.groups_of is None else before[draft.groups_of].fingerprint


def _too_little() -> Refusal:
    return Refusal(
        Code.INVALID_REQUEST,
        "The epsilon asked for is too small to part among what this query releases.",
        "Ask for a larger epsilon, or for fewer numbers at once.",
    )
