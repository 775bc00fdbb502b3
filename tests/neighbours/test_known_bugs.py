"""Five bugs that other systems have had, each with a test that bears its name."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest

from gateway.noise.threshold import least_count
from gateway.privacy.plan import Noise
from tests.neighbours.bench import Bench, row
from tests.neighbours.claims import most_groups, owner_unit
from tests.neighbours.databases import Row


def in_units(bench: Bench, sql: str, dataset: str, rows: Sequence[Row]) -> list[Fraction]:
    """The measures of an ungrouped question, in the analyst's units."""
    release = bench.release(sql, dataset)
    (values,) = bench.measured(sql, dataset, rows).values()
    return [v * m.unit_of_scale for v, m in zip(values, release.measures, strict=True)]


def test_clamping_at_the_column_instead_of_at_the_aggregates_input(bench: Bench) -> None:
    """A condition sees the value as it is; the sum of an expression is clamped as a whole."""
    rows = [row("hospital", 1, 1, time_in_hospital=40), row("hospital", 2, 2, time_in_hospital=9)]
    beyond = "SELECT COUNT(*) FROM encounters WHERE time_in_hospital > 14"
    assert in_units(bench, beyond, "hospital", rows) == [1]
    indicator = "SELECT SUM(CASE WHEN time_in_hospital > 14 THEN 1 ELSE 0 END) FROM encounters"
    assert in_units(bench, indicator, "hospital", rows) == [1]
    # 40 - 30 = 10 lies within [1, 14] - 30 = [-29, -16] no more than clamped at its upper end;
    # a column clamped to 14 would have given -16 as well, but 40 % 7 = 5, not 14 % 7 = 0.
    remainder = "SELECT SUM(time_in_hospital % 7) FROM encounters"
    assert in_units(bench, remainder, "hospital", rows) == [5 + 2]


def test_stale_facts_after_a_column_is_redefined_under_its_old_name(bench: Bench) -> None:
    """A new column has its own bounds, owner and key facts, whatever it is called."""
    hours = (
        "SELECT SUM(time_in_hospital) FROM "
        "(SELECT time_in_hospital * 24 AS time_in_hospital FROM encounters) t"
    )
    plain = bench.release("SELECT SUM(time_in_hospital) FROM encounters", "hospital")
    redefined = bench.release(hours, "hospital")
    assert redefined.measures[0].sensitivity.value == 24 * plain.measures[0].sensitivity.value
    rows = [row("hospital", 1, 1, time_in_hospital=14)]
    assert in_units(bench, hours, "hospital", rows) == [14 * 24]
    assert not bench.faults(hours, "hospital", rows)

    domain = (
        "SELECT age, COUNT(*) FROM (SELECT diag_1 AS age, patient_nbr FROM encounters) t "
        "GROUP BY age"
    )
    assert bench.release(domain, "hospital").groups is None

    owner = (
        "SELECT diag_1, COUNT(*) AS n FROM (SELECT diag_1, 7 AS patient_nbr FROM encounters) t "
        "GROUP BY diag_1"
    )
    many = [row("hospital", 1, n, diag_1=f"d{n}") for n in range(20)]
    assert not bench.faults(owner, "hospital", many)


def test_clamping_after_aggregation(bench: Bench) -> None:
    """Each row's value is clamped, not their sum: here 1 + 1 + 14, not 3 - 10⁶ cut to 1."""
    values = (1, 2 - 10**6, 10**6)
    rows = [row("hospital", n, n, time_in_hospital=v) for n, v in enumerate(values, 1)]
    sql = "SELECT SUM(time_in_hospital) FROM encounters"
    assert in_units(bench, sql, "hospital", rows) == [1 + 1 + 14]
    owners = [row("hospital", n, n, time_in_hospital=14) for n in range(1, 101)]
    assert in_units(bench, sql, "hospital", owners) == [1400]


def test_avg_charged_twice(bench: Bench) -> None:
    """AVG, SUM and COUNT of one column are two measures, and cost what AVG costs alone."""
    together = bench.plan(
        "SELECT AVG(time_in_hospital), SUM(time_in_hospital), COUNT(*), COUNT(time_in_hospital) "
        "FROM encounters",
        "hospital",
    )
    alone = bench.plan("SELECT AVG(time_in_hospital) FROM encounters", "hospital")
    assert [len(release.measures) for release in together.releases] == [2]
    assert together.cost == alone.cost
    assert together.releases[0].statement == alone.releases[0].statement
    twice = bench.plan(
        "SELECT AVG(time_in_hospital) AS a, AVG(time_in_hospital) + 1 AS b FROM encounters",
        "hospital",
    )
    assert twice.cost == alone.cost
    assert len(twice.releases[0].measures) == 2


@pytest.mark.parametrize("policy", ["zcdp", "approximate"])
def test_a_threshold_that_forgets_how_many_groups_one_owner_can_add(
    policy: str, bench: Bench
) -> None:
    """τ is set for all groups that one owner can add together, not for one group."""
    sql = "SELECT diag_1, COUNT(DISTINCT patient_nbr) FROM encounters GROUP BY diag_1"
    release = bench.release(sql, "hospital", policy)
    threshold = release.threshold
    assert threshold is not None
    owners = next(m for m in release.measures if m.column == threshold.column)
    unit, most, norm = owner_unit(owners), most_groups(owners), owners.sensitivity.norm
    right = least_count(owners.mechanism, norm, unit, most, True, threshold.delta)
    for_one_group = least_count(owners.mechanism, norm, unit, 1, False, threshold.delta)
    assert threshold.least == right > for_one_group
    assert owners.mechanism.noise is (
        Noise.DISCRETE_GAUSSIAN if policy == "zcdp" else Noise.DISCRETE_LAPLACE
    )
    many = [row("hospital", 1, n, diag_1=f"d{n}") for n in range(500)]
    assert not bench.faults(sql, "hospital", many, policy)
    counted = bench.measured(sql, "hospital", many, policy)
    assert all(max(values) == 0 for values in counted.values()), "beyond 64·m groups: in none"
