"""Growth on Spark, without Spark: what is generated, lines, and the section of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from tests.bench import growth, lines
from tests.bench.growing import DATASET, QUESTIONS, Point, gateway, generated, over
from tests.bench.lines import Axis
from tests.tpch.asking import request
from tests.tpch.on_spark import alike, exact

POINTS = (
    Point(rows=4_000, owners=200, groups=10),
    Point(rows=20_000, owners=200, groups=10),
    Point(rows=20_000, owners=50, groups=50),
    Point(rows=20_000, owners=20_000, groups=1_000),
)
ONE = 65_536
"""A weight of one."""


def rows_of(sql: str) -> list[tuple[int, ...]]:
    """What a SELECT gives on DuckDB."""
    with duckdb.connect() as made:
        return made.execute(sql).fetchall()


@pytest.mark.parametrize("point", POINTS, ids=str)
def test_a_point_has_exactly_its_rows_owners_and_groups(point: Point, tmp_path: Path) -> None:
    files = generated(point, tmp_path)
    counted = "COUNT(*), COUNT(DISTINCT owner), COUNT(DISTINCT kind), COUNT(DISTINCT code)"
    (found,) = rows_of(f"SELECT {counted} FROM '{files['events']}'")
    assert found == (point.rows, point.owners, point.groups, point.groups)
    pairs = f"SELECT COUNT(DISTINCT kind) AS kinds FROM '{files['events']}' GROUP BY owner"
    ((most,),) = rows_of(f"SELECT MAX(kinds) FROM ({pairs})")
    assert most <= 8
    unlisted = f"SELECT code FROM '{files['events']}' EXCEPT FROM '{files['codes']}'"
    assert not rows_of(unlisted)
    assert rows_of(f"SELECT COUNT(*) FROM '{files['codes']}'") == [(point.groups,)]


def test_more_groups_than_owners_are_not_made(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="every group needs an owner"):
        generated(Point(rows=10, owners=2, groups=3), tmp_path)


def test_owners_above_the_bounds_are_those_who_weigh_less(tmp_path: Path) -> None:
    """Whom `over` counts, by the weights that the gateway's own statement gives."""
    files = generated(POINTS[1], tmp_path)
    totals = f"SELECT COUNT(*) AS n FROM '{files['events']}' GROUP BY owner"
    weights = (
        f"SELECT n, CASE WHEN n > 100 THEN 6553600 // n - 1 ELSE {ONE} END AS w FROM ({totals})"
    )
    ((some, least),) = rows_of(f"SELECT COUNT(*) FILTER (n > 100), SUM(w * n) FROM ({weights})")
    weighed = over(files)
    assert weighed["all rows"] == some > 0
    (tmp_path / "gateway").mkdir()
    with gateway(files, tmp_path / "gateway") as started:
        found = {one.name: exact(request(one.sql, dataset=DATASET), started) for one in QUESTIONS}
    (release,) = found["all rows"].values()
    ((events, _),) = release.rows
    assert isinstance(events, int)
    assert least <= events <= least + 2 * POINTS[1].rows  # roots are cut off
    assert events < ONE * POINTS[1].rows
    assert weighed["owners by kind"] > 0
    assert {one.above for one in found["by public code"].values()} == {POINTS[1].groups}
    assert alike(found["by kind"], found["by kind"])
    assert not alike(found["by kind"], found["owners by kind"])


def test_a_line_is_found_with_what_each_time_is_off_it() -> None:
    exactly = lines.straight([2, 4, 8], [1.5, 2.5, 4.5])
    assert (exactly.fixed, exactly.slope) == pytest.approx((0.5, 0.5))
    assert exactly.residuals == pytest.approx((0, 0, 0), abs=1e-9)
    assert exactly.at(80) == pytest.approx(40.5)
    # (+1, -2, +1) is at right angles to every line through 1, 2, 3: the line stays the same.
    bent = lines.straight([1, 2, 3], [11, 18, 31])
    assert (bent.fixed, bent.slope) == pytest.approx((0, 10))
    assert bent.residuals == pytest.approx((1, -2, 1))


def test_the_table_shows_the_line_by_its_unit_and_ten_times_as_far() -> None:
    axis = Axis(of="Question", size=lambda size: f"{size:,.0f}", per="1,000 rows", unit=1_000)
    text = lines.fitted(axis, [1_000, 2_000, 3_000], {"all": [11, 18, 31]})
    head, _, row = text.splitlines()
    assert [cell.strip() for cell in head.split("|")[1:-1]][-4:] == [
        "Fixed, s",
        "Per 1,000 rows, s",
        "Residuals, s",
        "30,000 by the line, s",
    ]
    cells = [cell.strip() for cell in row.split("|")[1:-1]]
    assert [cells[0], *cells[-3:]] == ["all", "10.00", "+1.00, -2.00, +1.00", "300.0"]


def test_points_differ_from_the_middle_in_one_thing() -> None:
    sizes = {"rows": [400, 100, 200], "owners": [10, 20, 30], "groups": [1, 2, 3]}
    varied = growth.points(sizes)
    assert varied["rows"] == [Point(rows=n, owners=20, groups=2) for n in (100, 200, 400)]
    assert varied["groups"] == [Point(rows=200, owners=20, groups=n) for n in (1, 2, 3)]
    assert len({point for some in varied.values() for point in some}) == 7


def _asked(point: Point, seconds: Mapping[str, float]) -> list[growth.Asked]:
    return [
        growth.Asked(
            point=point,
            question=one.name,
            statements={},
            released=5,
            over=7,
            same=True,
            seconds={way: [taken] for way, taken in seconds.items()},
        )
        for one in QUESTIONS
    ]


def test_the_section_says_where_the_line_does_not_hold() -> None:
    varied = growth.points({"rows": [100, 200, 300], "owners": [10], "groups": [2]})
    times = {100: 11, 200: 18, 300: 31}
    asked = [
        one
        for point in varied["rows"]
        for one in _asked(point, {"plain": 2, "private": times[point.rows]})
    ]
    text = growth.section({"rows": varied["rows"]}, asked, 1, "local[1]")
    assert text.startswith(f"{growth.HEADING}\n")
    assert "### By rows\n\nAt each size there were 10 owners and 2 groups.\n" in text
    assert "- *by kind*: 200 (18.00 s, by the line 20.00 s)\n" in text  # not where 1 of 31 is left
    assert "million rows more cost a private statement 100000.00 to 100000.00 s" in text
    assert "5.5×" in text
    assert "| by public code" not in text  # which is asked where groups are varied
    assert "are DuckDB's" in text.replace("\n", " ")
    asked[0] = replace(asked[0], same=False)
    assert "are NOT DuckDB's" in growth.section({"rows": varied["rows"]}, asked, 1, "x").replace(
        "\n", " "
    )
