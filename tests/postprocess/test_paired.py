"""Aggregates of two columns from their six sums: PostgreSQL's edges, and nothing impossible."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.postprocess.workbench import Workbench
from gateway.privacy.measures import RowCount, Total
from gateway.privacy.paired import Paired, paired_sql
from gateway.sql.expressions import Literal
from gateway.sql.types import BIGINT

UNIT = 4
"""What one row counts in the integers, as with a weight in fixed point."""
KINDS = (
    *("covar_pop", "covar_samp", "corr", "regr_slope", "regr_intercept", "regr_r2"),
    *("regr_sxx", "regr_syy", "regr_sxy"),
)
Sums = tuple[int, int, int, int, int, int]


def total(number: int, low: int, high: int, center: int) -> Total:
    """A sum of its own, told apart by its value."""
    return Total(Literal(number, BIGINT), Fraction(1), low, high, center)


Y, X = total(1, 0, 10, 5), total(2, 0, 20, 10)
YY, XX, XY = total(3, 0, 25, 0), total(4, 0, 100, 0), total(5, -50, 50, 0)
COUNT = RowCount(None)
NAMES = {COUNT: "n", Y: "y", X: "x", YY: "yy", XX: "xx", XY: "xy"}


@pytest.fixture(scope="module")
def workbench() -> Iterator[Workbench]:
    bench = Workbench()
    yield bench
    bench.close()


def results(workbench: Workbench, sums: Sums) -> dict[str, float | None]:
    """Every aggregate of these sums, which count each row `UNIT` times."""
    numbers = dict(zip(("n", "y", "x", "yy", "xx", "xy"), sums, strict=True))
    items = []
    for kind in KINDS:
        formula = Paired(kind=kind, count=COUNT, y=Y, x=X, yy=YY, xx=XX, xy=XY)
        items.append(f"{paired_sql(formula, lambda m: NAMES[m], UNIT)} AS {kind}")
    source = ", ".join(f"CAST({value} AS HUGEINT) AS {name}" for name, value in numbers.items())
    with workbench.tables({}) as sheet:
        (row,) = sheet.rows(f"SELECT {', '.join(items)} FROM (SELECT {source})")
    found: dict[str, float | None] = {}
    for kind, value in zip(KINDS, row, strict=True):
        assert value is None or isinstance(value, float)
        found[kind] = value
    return found


def sums_of(points: Sequence[tuple[int, int]]) -> Sums:
    """What the measures hold for points (y, x) without noise."""
    near = [(y - 5, x - 10) for y, x in points]
    return (
        UNIT * len(near),
        UNIT * sum(y for y, _ in near),
        UNIT * sum(x for _, x in near),
        UNIT * sum(y * y for y, _ in near),
        UNIT * sum(x * x for _, x in near),
        UNIT * sum(x * y for y, x in near),
    )


def test_a_line_that_fits_exactly(workbench: Workbench) -> None:
    found = results(workbench, sums_of([(1, 2), (2, 4), (4, 8)]))
    assert found["corr"] == pytest.approx(1.0)
    assert found["regr_slope"] == pytest.approx(0.5)
    assert found["regr_intercept"] == pytest.approx(0.0)
    assert found["regr_r2"] == pytest.approx(1.0)
    assert found["covar_pop"] == pytest.approx(28 / 9)
    assert found["covar_samp"] == pytest.approx(14 / 3)


def test_no_rows_give_null(workbench: Workbench) -> None:
    assert set(results(workbench, sums_of([])).values()) == {None}


def test_one_row_has_no_sample(workbench: Workbench) -> None:
    found = results(workbench, sums_of([(3, 7)]))
    assert found["covar_samp"] is None
    assert found["covar_pop"] == pytest.approx(0.0)
    assert found["corr"] is None
    assert found["regr_slope"] is None


def test_a_column_that_never_changes(workbench: Workbench) -> None:
    """PostgreSQL: no line where x is constant; where y is, the line explains all of it."""
    flat_x = results(workbench, sums_of([(1, 7), (2, 7), (4, 7)]))
    assert [flat_x[k] for k in ("corr", "regr_slope", "regr_intercept", "regr_r2")] == [None] * 4
    flat_y = results(workbench, sums_of([(4, 2), (4, 4), (4, 9)]))
    assert flat_y["corr"] is None
    assert flat_y["regr_slope"] == pytest.approx(0.0)
    assert flat_y["regr_r2"] == 1.0


@given(st.tuples(*(st.integers(-500, 500) for _ in range(6))))
def test_noise_gives_nothing_that_no_data_could(workbench: Workbench, sums: Sums) -> None:
    found = results(workbench, sums)
    assert all(value is None or math.isfinite(value) for value in found.values())
    assert found["corr"] is None or -1 <= found["corr"] <= 1
    assert found["regr_r2"] is None or 0 <= found["regr_r2"] <= 1
    assert found["regr_sxx"] is None or found["regr_sxx"] >= 0
    assert found["regr_syy"] is None or found["regr_syy"] >= 0
    assert found["covar_pop"] is None or abs(found["covar_pop"]) <= 50
