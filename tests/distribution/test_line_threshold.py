"""In answers of the whole line, an owner who is alone in groups shows with at most the δ charged.

Each owner of `rare` and `spread` is a trial of whether any of the owner's groups appears. False
alarms: binomial tests at 10⁻⁷ each.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from scipy import stats

from gateway.edges import Entropy
from gateway.policy.model import Guarantee
from tests.distribution.law import FALSE_ALARM
from tests.distribution.line import LONERS, SPREAD, SPREAD_LONERS, Neighbours, Rescaled

pytestmark = pytest.mark.once

FEW, MANY = 6, 80
GUARANTEES = [Guarantee.APPROXIMATE, Guarantee.ZCDP]


@dataclass(frozen=True, slots=True)
class Alone:
    """A table of owners who are alone in so many groups each."""

    table: str
    owners: int
    groups: int


TABLES = [Alone("rare", LONERS, 1), Alone("spread", SPREAD_LONERS, SPREAD)]
CASES = [(guarantee, alone) for guarantee in GUARANTEES for alone in TABLES]


def shown(
    line: Neighbours,
    guarantee: Guarantee,
    alone: Alone,
    answers: int,
    entropy: Entropy | None = None,
) -> tuple[int, float]:
    """In how many of the trials an owner showed, and the δ that each answer was charged."""
    sql = f"SELECT place, COUNT(DISTINCT owner) AS owners FROM {alone.table} GROUP BY place"
    seen, delta = 0, 0.0
    for _ in range(answers):
        found = line.ask(guarantee, True, sql, entropy)
        assert found.privacy.withheld_groups_possible
        seen += len({int(str(row[0])[1:]) // alone.groups for row in found.rows})
        delta = max(delta, found.privacy.delta)
    assert 0.004 < delta <= 0.01
    return seen, delta


def too_often(seen: int, trials: int, delta: float) -> bool:
    return bool(stats.binom.sf(seen - 1, trials, delta) < FALSE_ALARM)


@pytest.mark.parametrize(("guarantee", "alone"), CASES)
def test_an_owner_alone_seldom_shows(line: Neighbours, guarantee: Guarantee, alone: Alone) -> None:
    seen, delta = shown(line, guarantee, alone, FEW)
    assert not too_often(seen, FEW * alone.owners, delta)


@pytest.mark.audit
@pytest.mark.parametrize(("guarantee", "alone"), CASES)
def test_an_owner_alone_seldom_shows_in_many_answers(
    line: Neighbours, guarantee: Guarantee, alone: Alone
) -> None:
    seen, delta = shown(line, guarantee, alone, MANY)
    trials = MANY * alone.owners
    assert not too_often(seen, trials, delta)
    if alone.table == "spread" and guarantee is Guarantee.APPROXIMATE:
        # here the threshold is as low as it may be, so the δ is nearly used up
        assert stats.binom.cdf(seen, trials, delta / 3) > FALSE_ALARM


@pytest.mark.parametrize("guarantee", GUARANTEES)
def test_noise_for_which_the_threshold_is_too_low_is_caught(
    line: Neighbours, guarantee: Guarantee
) -> None:
    spread = TABLES[1]
    seen, delta = shown(line, guarantee, spread, FEW, Rescaled(1.7))
    assert too_often(seen, FEW * spread.owners, delta)
