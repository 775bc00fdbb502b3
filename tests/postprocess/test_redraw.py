"""Derived numbers get the spread that their noise has, worked out a second time by hand."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest
import sqlglot

from gateway.budget.cost import Cost
from gateway.noise.redraw import DRAWS, redrawn
from gateway.noise.tables import NoisyTable
from gateway.postprocess.arrow import noisy, raw_name, view
from gateway.postprocess.intervals import half_widths
from gateway.postprocess.outer import outer
from gateway.postprocess.workbench import Workbench
from gateway.privacy.plan import (
    KeyColumn,
    Mechanism,
    Noise,
    Norm,
    Plan,
    Release,
    ReleasedMeasure,
    Sensitivity,
    Statement,
)
from gateway.sql.types import TEXT

ROWS = (("a", 1000, 500), ("b", 4000, -80), ("c", 3000, 900))
LAW = Mechanism(noise=Noise.DISCRETE_GAUSSIAN, scale=30.0)


def measure(column: str) -> ReleasedMeasure:
    return ReleasedMeasure(
        column=column,
        label=column,
        sensitivity=Sensitivity(norm=Norm.L2, value=Fraction(1)),
        mechanism=LAW,
        unit_of_scale=Fraction(1),
    )


RELEASE = Release(
    name="noisy_1",
    fingerprint="ab" * 32,
    statement=Statement(sql="", dialect="duckdb", columns=("k0", "m0", "m1")),
    keys=(KeyColumn(name="k0", type=TEXT),),
    groups=None,
    measures=(measure("m0"), measure("m1")),
    threshold=None,
    cost=Cost(amount=1, delta=0),
)
TABLE = NoisyTable(keys=("k0",), measures=("m0", "m1"), rows=ROWS)


@pytest.fixture(scope="module")
def workbench() -> Iterator[Workbench]:
    bench = Workbench()
    yield bench
    bench.close()


def widths(workbench: Workbench, sql: str, column: str, confidence: float) -> dict[object, object]:
    """Half-widths by the row's first value."""
    query = sqlglot.parse_one(sql, dialect="postgres")
    finished = outer(query, [RELEASE], {}, {}, workbench)
    plan = Plan(dataset="d", epsilon=Fraction(1), releases=(RELEASE,), outer=finished)
    with workbench.tables({raw_name("noisy_1"): noisy(RELEASE, TABLE)}) as sheet:
        sheet.make([f"CREATE TEMP VIEW noisy_1 AS {view(RELEASE, raw_name('noisy_1'))}"])
        rows = tuple(sheet.rows(finished.sql))
        found, notes = half_widths(plan, {"noisy_1": TABLE}, rows, sheet, confidence)
    assert notes == ()
    return {row[0]: width for row, width in zip(rows, found[column], strict=True)}


def drawn() -> tuple[np.ndarray, np.ndarray]:
    """Every draw of both measures, of shape (draws, rows), from the released values."""
    base = np.array([[row[1], row[2]] for row in ROWS], dtype=float)
    first, second = (base[:, i] + redrawn(RELEASE, i, len(ROWS), DRAWS) for i in (0, 1))
    return first, second


def quantile(draws: np.ndarray, shown: np.ndarray, confidence: float) -> dict[str, float]:
    """The least distance that the wanted part of the draws does not exceed, per row."""
    distances = np.sort(np.abs(draws - shown), axis=0)
    found = distances[int(np.ceil(confidence * DRAWS)) - 1]
    return dict(zip([row[0] for row in ROWS], found, strict=True))


@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.99])
def test_a_ratio(workbench: Workbench, confidence: float) -> None:
    first, second = drawn()
    shown = np.array([row[2] / row[1] for row in ROWS])
    expected = quantile(second / first, shown, confidence)
    sql = "SELECT k0, m1 / CAST(m0 AS DOUBLE PRECISION) AS r FROM noisy_1"
    assert widths(workbench, sql, "r", confidence) == pytest.approx(expected)


def test_a_share_of_the_total_moves_with_all_rows(workbench: Workbench) -> None:
    first, _ = drawn()
    base = np.array([row[1] for row in ROWS], dtype=float)
    expected = quantile(first / first.sum(axis=1, keepdims=True), base / base.sum(), 0.95)
    sql = "SELECT k0, 1.0 * m0 / SUM(m0) OVER () AS share FROM noisy_1 ORDER BY share DESC"
    assert widths(workbench, sql, "share", 0.95) == pytest.approx(expected)


def test_a_noisy_table_read_twice_has_one_noise(workbench: Workbench) -> None:
    first, _ = drawn()
    base = np.array([row[1] for row in ROWS], dtype=float)
    expected = quantile(first - first.max(axis=1, keepdims=True), base - base.max(), 0.95)
    sql = (
        "SELECT k0, m0 - (SELECT MAX(m0) FROM noisy_1) AS gap "
        "FROM noisy_1 WHERE m0 > (SELECT 0 * MIN(m0) FROM noisy_1)"
    )
    assert widths(workbench, sql, "gap", 0.95) == pytest.approx(expected)


def test_a_row_without_a_key(workbench: Workbench) -> None:
    first, _ = drawn()
    total = sum(row[1] for row in ROWS)
    sql = "SELECT SUM(m0) AS total FROM noisy_1"
    (width,) = widths(workbench, sql, "total", 0.95).values()
    distances = np.sort(np.abs(first.sum(axis=1) - total))
    assert width == pytest.approx(distances[int(np.ceil(0.95 * DRAWS)) - 1])


def test_rows_are_told_apart_by_keys_that_are_not_shown(workbench: Workbench) -> None:
    first, _ = drawn()
    base = np.array([row[1] for row in ROWS], dtype=float)
    expected = quantile(first / 2, base / 2, 0.95)
    sql = "SELECT m0 / 2.0 AS half FROM noisy_1 ORDER BY k0"
    assert widths(workbench, sql, "half", 0.95) == pytest.approx(
        {row[1] / 2: expected[row[0]] for row in ROWS}
    )


def test_rows_are_told_apart_through_a_subquery(workbench: Workbench) -> None:
    first, _ = drawn()
    base = np.array([row[1] for row in ROWS], dtype=float)
    expected = quantile(first / 2, base / 2, 0.95)
    sql = "SELECT half FROM (SELECT k0, m0 / 2.0 AS half FROM noisy_1) t ORDER BY half LIMIT 1"
    assert widths(workbench, sql, "half", 0.95) == pytest.approx({500.0: expected["a"]})


def test_a_limit_does_not_choose_among_the_draws(workbench: Workbench) -> None:
    """The row that comes first is the first of every answer, but not in every draw."""
    _, second = drawn()
    sql = "SELECT k0, m1 / 2.0 AS half FROM noisy_1 WHERE k0 <> 'b' ORDER BY m0 LIMIT 1"
    expected = quantile(second / 2, np.array([row[2] for row in ROWS]) / 2, 0.95)
    assert widths(workbench, sql, "half", 0.95) == pytest.approx({"a": expected["a"]})


def test_rows_that_no_key_tells_apart_get_none(workbench: Workbench) -> None:
    sql = "SELECT 1 AS one, h FROM (SELECT m0 / 2.0 AS h FROM noisy_1 UNION ALL SELECT 0.5) t"
    assert widths(workbench, sql, "h", 0.95) == {1: None}
