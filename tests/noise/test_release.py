"""Which cells get draws, and which groups leave a release whose groups are private."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pyarrow as pa
import pytest

from gateway.budget.cost import Cost
from gateway.noise.release import release
from gateway.noise.sample import OpenDPEntropy
from gateway.noise.tables import ExactTable
from gateway.privacy.plan import (
    KeyColumn,
    Mechanism,
    Noise,
    Norm,
    Release,
    ReleasedMeasure,
    Sensitivity,
    Statement,
    Threshold,
)
from gateway.sql.types import TEXT, Scalar

SCALES = {"rows": 2.0, "owners": 3.0, "total": 5.0}
ROWS: list[tuple[str, int, int, int]] = [
    ("nobody", 40, 0, 70),
    ("few", 41, 1, 71),
    ("many", 42, 30, 72),
    ("some", 43, 10, 73),
]
"""A key and the measures in the order of `SCALES`."""


class Told:
    """Draws that a test names, by scale; it keeps how many were asked for."""

    def __init__(self, draws: dict[float, list[int]]) -> None:
        self.draws = draws
        self.counts: dict[float, int] = {}

    def draw(self, mechanism: Mechanism, count: int) -> Sequence[int]:
        assert mechanism.scale not in self.counts, "one call for each measure"
        self.counts[mechanism.scale] = count
        return self.draws[mechanism.scale][:count]


def measure(name: str) -> ReleasedMeasure:
    return ReleasedMeasure(
        column=name,
        label=name,
        sensitivity=Sensitivity(norm=Norm.L2, value=Fraction(1)),
        mechanism=Mechanism(noise=Noise.DISCRETE_GAUSSIAN, scale=SCALES[name]),
        unit_of_scale=Fraction(1),
    )


def private(least: int) -> Release:
    columns = ("place", *SCALES)
    return Release(
        name="release_1",
        statement=Statement(sql="", dialect="duckdb", columns=columns),
        keys=(KeyColumn(name="place", type=TEXT),),
        groups=None,
        measures=tuple(map(measure, SCALES)),
        threshold=Threshold(column="owners", least=least, delta=1),
        cost=Cost(amount=1, delta=1),
        fingerprint="f",
    )


def exact() -> ExactTable:
    names = ("place", *SCALES)
    columns = list(zip(*ROWS, strict=True))
    return ExactTable(pa.table(dict(zip(names, map(list, columns), strict=True))))


def test_groups_below_the_threshold_get_a_draw_on_the_owners_count_alone() -> None:
    told = Told({3.0: [9, -21, 0], 2.0: [100, 200], 5.0: [-1, -2]})
    found = release(private(least=10), exact(), told)
    # 1 + 9 and 10 + 0 reach it, 30 - 21 does not, and where nobody stands nothing is drawn
    expected: list[tuple[Scalar, ...]] = [("few", 141, 10, 70), ("some", 243, 10, 71)]
    assert list(found.rows) == expected
    assert told.counts == {3.0: 3, 2.0: 2, 5.0: 2}


def test_a_group_is_shown_with_the_very_count_that_reached_the_threshold() -> None:
    for _ in range(20):
        found = release(private(least=10), exact(), OpenDPEntropy())
        assert all(isinstance(row[2], int) and row[2] >= 10 for row in found.rows)


def test_where_no_group_reaches_the_threshold_there_are_no_rows() -> None:
    assert release(private(least=10**6), exact(), OpenDPEntropy()).rows == ()


class OneByOne(Told):
    """The same draws, asked for in any number of calls."""

    def draw(self, mechanism: Mechanism, count: int) -> Sequence[int]:
        given = self.counts.get(mechanism.scale, 0)
        self.counts[mechanism.scale] = given + count
        return self.draws[mechanism.scale][given : given + count]


def test_rows_that_are_looked_at_in_lots_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    draws = {3.0: [9, -21, 0], 2.0: [100, 200], 5.0: [-1, -2]}
    at_once = release(private(least=10), exact(), Told(draws))
    for lot in (1, 2, 3):
        monkeypatch.setattr("gateway.noise.release._LOT", lot)
        assert release(private(least=10), exact(), OneByOne(draws)) == at_once


def test_draws_on_the_groups_that_are_left_follow_the_law_of_the_noise() -> None:
    """Means of 1,000 draws, of which one in a billion lies 6.1 standard errors off; as many
    standard errors of the spread are 14% of it."""
    many: list[tuple[Scalar, ...]] = []
    for _ in range(1_000):
        found = release(private(least=11), exact(), OpenDPEntropy())
        many += [row for row in found.rows if row[0] == "many"]
    assert len(many) > 990
    for name, value, index in (("rows", 42, 1), ("total", 72, 3)):
        draws = [int(str(row[index])) - value for row in many]
        assert abs(sum(draws) / len(draws)) < 6.1 * SCALES[name] / len(draws) ** 0.5
        spread = (sum(draw * draw for draw in draws) / len(draws)) ** 0.5
        assert spread == pytest.approx(SCALES[name], rel=0.14)
