"""Noise and cost of drafted releases: from the ε of a question to every mechanism's scale. Pure."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from gateway.budget.cost import AMOUNT_UNIT, DELTA_UNIT, Cost, amount_for
from gateway.errors import Code, Refusal
from gateway.noise.calibrate import calibrate
from gateway.noise.clipping import BUCKETS
from gateway.noise.threshold import least_count
from gateway.policy.catalog import Dataset
from gateway.policy.model import Guarantee
from gateway.privacy.drafts import Draft
from gateway.privacy.estimates import Sought
from gateway.privacy.measures import (
    OWNERS,
    DistinctCount,
    Measure,
    NodeCount,
    OwnerCount,
    RowCount,
    Total,
)
from gateway.privacy.plan import (
    NODE_KEYS,
    Earlier,
    Estimate,
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

_ESTIMATE_PART = 10
"""The part of a question's amount that one estimate of a bound may take is one in so many."""


def priced(
    drafts: Mapping[str, Draft],
    earlier: Mapping[str, Earlier],
    dataset: Dataset,
    epsilon: Fraction,
    estimates: Mapping[str, Estimate],
    reserved: int = 0,
) -> list[Release]:
    """The releases of one question that costs `epsilon` in all; `estimates` are by their SQL.

    The question's amount (of ε, or of the ρ that ε stands for), without what is `reserved` for
    estimates of bounds, is parted equally among its
    releases, and a release's among its measures: with k measures each gets a k-th, and together
    they cost what was charged by composition. Thresholds draw on δ beside it (`delta_for`).
    """
    privacy = dataset.policy.privacy
    amount = amount_for(epsilon, privacy.guarantee, privacy.delta)
    share = max(0, amount - reserved) // max(1, len(drafts))
    made: dict[str, Release] = {}
    for name, draft in drafts.items():
        values = tuple(earlier[token] for token in tokens_in(draft.written.statement.sql))
        release = _priced(name, draft, dataset, share, values, made)
        names = [known.release.name for sql, known in estimates.items() if sql in draft.estimates]
        made[name] = replace(release, bounds_from=tuple(names))
    return list(made.values())


def sought(
    estimates: Mapping[str, Sought],
    dataset: Dataset,
    epsilon: Fraction,
    known: Mapping[str, Estimate],
) -> dict[str, Estimate]:
    """The estimates of a question that costs `epsilon` in all; those in `known` as they are.

    One is paid with the largest power of two, in units of the amount, that is at most a tenth of
    the question's, and all together take at most half. So questions of about the same price share
    their estimates. One that the analyst has paid for at a higher price serves as well: `offers`
    lists the prices up to a tenth of what the policy's dearest question costs.
    """
    if not estimates:
        return {}
    privacy = dataset.policy.privacy
    amount = amount_for(epsilon, privacy.guarantee, privacy.delta)
    dearest = amount_for(privacy.max_per_query, privacy.guarantee, privacy.delta)
    count = len({*known, *estimates})
    least = _power_of_two(amount // max(_ESTIMATE_PART, 2 * count))
    made: dict[str, Estimate] = {}
    for number, (sql, wanted) in enumerate(estimates.items(), 1):
        name = f"bounds_{number}"
        if sql in known:
            release = replace(known[sql].release, name=name)
            made[sql] = replace(known[sql], offers=(release,))
            continue
        draft = _histogram(wanted)
        prices = [least]
        while prices[-1] * 2 <= dearest // _ESTIMATE_PART:
            prices.append(prices[-1] * 2)
        offers = [_priced(name, draft, dataset, price, (), {}) for price in prices]
        made[sql] = Estimate(offers=tuple(offers), reserved=least)
    return made


def _histogram(wanted: Sought) -> Draft:
    """Owners by bucket: each stands in one, so one owner moves the counts by 1 in either norm."""
    bounds = Bounds(
        norm=wanted.norm,
        rows=1,
        groups=1,
        owner_groups=1,
        rows_bind=False,
        groups_bind=False,
        pairs_bind=False,
    )
    return Draft(
        written=wanted.written,
        groups=tuple((bucket,) for bucket in range(BUCKETS)),
        bounds=bounds,
        labels={OWNERS: wanted.label},
    )


def _power_of_two(amount: int) -> int:
    """The largest power of two that is at most `amount`."""
    if amount < 1:
        raise _too_little()
    return 1 << (amount.bit_length() - 1)


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
    keys = tuple(
        KeyColumn(name=column, type=key.type, label=draft.names.get(key, column))
        for key, column in draft.written.keys
    )
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
        shape=draft.shape,
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
        mechanism, bounds.norm, bounds.owner_unit, bounds.owner_groups, bounds.groups_bind, delta
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
        dataset.meaning,
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
