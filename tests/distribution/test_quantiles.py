"""The half-width of a quantile covers the truth as often as it says, whatever the values.

One table holds `GROUPS` groups with equal values and noise of their own: as many trials. False
alarms: a binomial test at 10⁻⁷ of a chance of 93%, which leaves two in a hundred for quantiles in
a gap between values and for the few draws. Of noise six times as large as is said less than half is
covered; the 94 groups of 120 that would pass happen by luck less than once in 10⁹ times.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from gateway.budget.cost import Cost
from gateway.noise.sample import OpenDPEntropy
from gateway.noise.tables import NoisyTable
from gateway.postprocess.quantiles import drawn_table
from gateway.privacy.histograms import Histogram, Reading, Statistic, cut
from gateway.privacy.plan import (
    NODE_KEYS,
    KeyColumn,
    Mechanism,
    Noise,
    Norm,
    Release,
    ReleasedMeasure,
    Sensitivity,
    Statement,
)
from gateway.sql.types import BIGINT, DOUBLE
from tests.distribution.law import FALSE_ALARM

pytestmark = pytest.mark.once

GROUPS, DRAWS, HIGH = 120, 120, 199
HALF = Fraction(1, 2)
_SOURCE = np.random.default_rng(1)
VALUES = {
    "even": _SOURCE.integers(0, HIGH + 1, 3000),
    "skewed": np.minimum(_SOURCE.exponential(30, 3000), HIGH).astype(int),
    "in two parts": np.concatenate(
        [_SOURCE.normal(60, 12, 1300), _SOURCE.normal(150, 12, 1700)]
    ).astype(int),
    "in a few places": _SOURCE.choice([10, 90, 91, 150, 190], 3000),
}
FRACTIONS = (Fraction(1, 10), HALF, Fraction(9, 10))


def reading(statistic: Statistic, fraction: Fraction) -> Reading:
    kind = DOUBLE if statistic is Statistic.CONTINUOUS else BIGINT
    return Reading(
        statistic=statistic, fraction=fraction, descending=False, type=kind, apart=("k0",)
    )


def release(histogram: Histogram, law: Mechanism, readings: tuple[Reading, ...]) -> Release:
    measure = ReleasedMeasure(
        column="m0",
        label="values",
        sensitivity=Sensitivity(norm=Norm.L1, value=Fraction(1)),
        mechanism=law,
        unit_of_scale=Fraction(1),
    )
    return Release(
        name="noisy_1",
        fingerprint="ab" * 32,
        statement=Statement(sql="", dialect="duckdb", columns=()),
        keys=(KeyColumn(name="k0", type=BIGINT), *NODE_KEYS),
        groups=tuple((group,) for group in range(GROUPS)),
        measures=(measure,),
        threshold=None,
        cost=Cost(amount=1, delta=0),
        histogram=histogram,
        readings=readings,
    )


def covered(values: np.ndarray, law: Mechanism, drawn: Mechanism) -> dict[str, np.ndarray]:
    """For each reading, and for the distance of two, which groups' intervals hold the truth.

    `drawn` is the noise that is in the counts, `law` the one that the release names.
    """
    histogram = cut(0, HIGH, Fraction(1), 1)
    quantiles = tuple(reading(Statistic.CONTINUOUS, fraction) for fraction in FRACTIONS)
    ends = tuple(reading(end, HALF) for end in (Statistic.LEAST, Statistic.GREATEST))
    part = release(histogram, law, (*quantiles, *ends))
    exact = [
        int(np.sum(values // histogram.size(level) == node)) for level, node in histogram.nodes
    ]
    noise = OpenDPEntropy().draw(drawn, GROUPS * len(exact))
    cells = part.cells(part.groups or ())
    rows = tuple(
        (*cell, count + moved)
        for cell, count, moved in zip(cells, exact * GROUPS, noise, strict=True)
    )
    table = NoisyTable(keys=("k0", "level", "node"), measures=("m0",), rows=rows)
    redrawn = drawn_table(part, table, DRAWS)
    columns = [
        np.array(redrawn.column(f"noisy_1_q{i}").to_pylist(), dtype=float).reshape(DRAWS + 1, -1)
        for i in range(len(part.readings))
    ]
    truth = [*(float(np.quantile(values, float(f))) for f in FRACTIONS), values.min(), values.max()]
    named = {f"reading {i}": (c, truth[i]) for i, c in enumerate(columns)}
    named["apart"] = (columns[2] - columns[0], truth[2] - truth[0])
    found = {}
    for name, (column, true) in named.items():
        width = np.quantile(np.abs(column[1:] - column[0]), 0.95, axis=0, method="higher")
        found[name] = np.abs(column[0] - true) <= width + 1e-9
    return found


def too_few(found: np.ndarray) -> bool:
    return bool(stats.binom.cdf(int(found.sum()), len(found), 0.93) < FALSE_ALARM)


@pytest.mark.parametrize(("noise", "values"), list(zip([*Noise, *Noise], VALUES, strict=True)))
def test_the_half_width_covers_the_truth(noise: Noise, values: str) -> None:
    law = Mechanism(noise=noise, scale=12.0)
    for name, found in covered(VALUES[values], law, law).items():
        assert not too_few(found), name


@pytest.mark.parametrize("noise", Noise)
def test_a_half_width_for_less_noise_is_caught(noise: Noise) -> None:
    said, drawn = Mechanism(noise=noise, scale=12.0), Mechanism(noise=noise, scale=72.0)
    found = covered(VALUES["even"], said, drawn)
    assert too_few(found["reading 1"])
