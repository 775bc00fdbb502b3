"""A histogram's claim is kept, is tight, and the test of it fails once a rule is taken out."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from gateway.noise.release import release as released
from gateway.noise.tables import ExactTable, NoisyTable
from gateway.privacy import sensitivity
from gateway.privacy.plan import Norm
from gateway.rewrite import histograms, weights
from tests.neighbours.bench import Bench, row
from tests.neighbours.databases import Row
from tests.neighbours.laboratory import Laboratory
from tests.neighbours.test_mutations import no_row_weight
from tests.neighbours.tight import POLICIES
from tests.noiseless.silence import Silence

ONE_LEAF = [row("hospital", 1, n, age="[0-10)", num_lab_procedures=70) for n in range(9)]
"""Nine stays of one patient, all in one leaf: every level moves by all that it may."""
OTHERS = [row("hospital", 2 + n, 9 + n, age="[0-10)", num_lab_procedures=n) for n in range(5)]
MEDIAN = "SELECT MEDIAN(num_lab_procedures) FROM encounters"
SPREAD = [
    row("hospital", 1, n, age=f"[{n % 3}0-{n % 3 + 1}0)", num_lab_procedures=17 * n)
    for n in range(9)
]
BY_AGE = "SELECT age, MEDIAN(num_lab_procedures) FROM encounters GROUP BY age"


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("sql", [MEDIAN, BY_AGE])
@pytest.mark.parametrize("rows", [ONE_LEAF, SPREAD], ids=["one leaf", "spread"])
def test_the_claim_is_kept(sql: str, policy: str, rows: list[Row], bench: Bench) -> None:
    assert not bench.faults(sql, "hospital", [*rows, *OTHERS], policy)


@pytest.mark.parametrize("policy", POLICIES)
def test_the_claim_is_tight(policy: str, bench: Bench) -> None:
    """One patient whose rows all fall into one leaf moves the counts by what is claimed, but for
    the weight's last places."""
    measure = bench.release(MEDIAN, "hospital", policy).measures[0]
    cells = bench.measured(MEDIAN, "hospital", ONE_LEAF, policy)
    moved = [Fraction(value) for (value,) in cells.values()]
    claimed = measure.sensitivity.value
    if measure.sensitivity.norm is Norm.L1:
        assert Fraction(999, 1000) * claimed < sum(moved) <= claimed
    else:
        squares = sum(value * value for value in moved)
        assert Fraction(999, 1000) * claimed**2 < squares <= claimed**2


@pytest.mark.parametrize("policy", POLICIES)
def test_levels_that_are_not_counted_are_caught(
    policy: str, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gateway.privacy import price

    right = sensitivity.node_sensitivity
    monkeypatch.setattr(price, "node_sensitivity", lambda bounds, levels: right(bounds, levels - 1))
    assert bench.faults(MEDIAN, "hospital", ONE_LEAF, policy)


def test_a_histogram_without_weights_is_caught(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "row_weight", no_row_weight)
    assert bench.faults(MEDIAN, "hospital", ONE_LEAF)


def test_a_value_that_is_not_clamped_is_caught(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row("hospital", 1, 0, num_lab_procedures=10**6)]
    assert not bench.faults(MEDIAN, "hospital", rows)
    monkeypatch.setattr(histograms, "clamped", lambda text, *_: f"CAST({text} AS BIGINT)")
    with pytest.raises(AssertionError, match="not enumerated"):
        bench.faults(MEDIAN, "hospital", rows)


@pytest.mark.parametrize(
    "moment",
    ["-infinity", "infinity", "0001-01-01", "9999-12-31", "290000-01-01 (BC)", "2010-11-30"],
)
def test_moments_beyond_the_bounds_have_a_leaf_or_none(moment: str, bench: Bench) -> None:
    rows = [
        row("retail", 1, invoice_at=moment),
        row("retail", 2, invoice_at=str(dt.datetime(2011, 6, 1))),
    ]
    sql = "SELECT MEDIAN(invoice_at) FROM lines"
    assert not bench.faults(sql, "retail", rows)
    cells = bench.measured(sql, "retail", rows)
    top = sum(value for (level, _), (value,) in cells.items() if level == 1)
    whole = 1 / bench.release(sql, "retail").measures[0].unit_of_scale
    assert top == whole * (1 if "infinity" in moment else 2)


def test_a_private_group_has_nodes_only_where_another_release_has_shown_it(bench: Bench) -> None:
    """Else its being there would tell of one patient."""
    sql = "SELECT diag_1, MEDIAN(time_in_hospital) FROM encounters GROUP BY diag_1"
    base, tree = bench.plan(sql, "hospital").releases
    assert base.threshold is not None
    assert (tree.threshold, tree.groups, tree.groups_of) == (None, None, base.name)
    laboratory = Laboratory("hospital")
    laboratory.put(
        (
            row("hospital", 1, 1, diag_1="rare", time_in_hospital=3),
            row("hospital", 2, 2, diag_1="known", time_in_hospital=5),
        )
    )
    found = laboratory.exact(tree)
    shown = NoisyTable(keys=("k0",), measures=("m0",), rows=(("known", 30), ("empty", 25)))
    made = released(tree, ExactTable(found), Silence(), {base.name: shown})
    assert tree.histogram is not None
    nodes = len(tree.histogram.nodes)
    assert [row[0] for row in made.rows] == ["known"] * nodes + ["empty"] * nodes
    assert sum(int(str(r[-1])) for r in made.rows if r[0] == "empty") == 0
    with pytest.raises(KeyError):
        released(tree, ExactTable(found), Silence())
