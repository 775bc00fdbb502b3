"""What a window gives to a row is decided by the rows of its owner, not by the order in which an
engine meets them: where rows tie, a key decides."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.privacy import windowed, windows
from gateway.privacy.relation import Ordering, Over, Relation
from tests.corpus.policies import DATASETS
from tests.neighbours.bench import Bench, row
from tests.neighbours.conftest import Laboratories, Plans
from tests.neighbours.databases import Drawn, Rows, rows_of
from tests.neighbours.laboratory import Cells

NOON = "2011-06-30 12:00:00"
TIED: Rows = tuple(
    row("retail", 1, invoice_at=NOON, quantity=quantity, unit_price=price, stock_code=stock)
    for quantity, price, stock in ((3, 1.0, "a"), (40, 1.0, "b"), (3, 1.0, "a"), (7, -0.0, "c"))
)
"""One customer's lines of one moment, two of them the same."""

FIRST = """
SELECT SUM(units) AS units FROM (
  SELECT FIRST_VALUE(quantity) OVER (PARTITION BY customer_id ORDER BY invoice_at) AS units
  FROM lines) t
"""
BEFORE = """
SELECT SUM(quantity - units) AS units FROM (
  SELECT quantity, LAG(quantity, 1, 0) OVER (PARTITION BY customer_id ORDER BY invoice_at) AS units
  FROM lines) t WHERE quantity > units
"""
RUNNING = """
SELECT SUM(units) AS units FROM (
  SELECT SUM(quantity) OVER (PARTITION BY customer_id ORDER BY invoice_at
           ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS units FROM lines) t
"""
TOGETHER = """
SELECT COUNT(*) AS n FROM (
  SELECT ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY stock_code) AS a,
         ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY stock_code DESC) AS b
  FROM lines) t WHERE a = b
"""


def outcomes(bench: Bench, sql: str) -> list[Cells]:
    """The exact result with the rows in their order, and in the opposite one."""
    return [bench.measured(sql, "retail", order) for order in (TIED, TIED[::-1])]


@pytest.mark.parametrize("sql", [FIRST, BEFORE, RUNNING, TOGETHER])
def test_tied_rows_are_told_apart_by_what_they_hold(bench: Bench, sql: str) -> None:
    one, other = outcomes(bench, sql)
    assert one == other


@pytest.mark.parametrize("sql", [FIRST, BEFORE, RUNNING])
def test_without_a_key_the_order_of_rows_would_decide(
    bench: Bench, sql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above can fail."""

    def as_asked(over: Over, relation: Relation) -> tuple[Ordering, ...]:
        return over.order

    monkeypatch.setattr(windows, "ordered_by_key", as_asked)
    one, other = outcomes(bench, sql)
    assert one != other


FIRST_RANK = """
SELECT COUNT(*) AS n FROM (
  SELECT RANK() OVER (PARTITION BY customer_id ORDER BY invoice_at) AS place FROM lines) t
WHERE place = 1
"""


def test_a_rank_is_no_number_of_rows(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several rows of an owner may have rank 1, so the filter leaves no single row."""
    assert not bench.faults(FIRST_RANK, "retail", TIED)
    real: Callable[..., object] = windowed._numbering

    def ranks_too(column: object, over: Over, relation: Relation) -> object:
        return real(column, _renamed(over), relation)

    monkeypatch.setattr(windowed, "_numbering", ranks_too)
    assert bench.faults(FIRST_RANK, "retail", TIED)


def _renamed(over: Over) -> Over:
    return Over("row_number", (), None, over.partition, over.order, None, over.type)


ROWS = st.lists(
    st.builds(
        Drawn,
        owner=st.sampled_from((1, 2)),
        seed=st.integers(0, 3),
        copies=st.sampled_from((1, 2)),
        spread=st.just(1),
    ),
    min_size=2,
    max_size=6,
).map(tuple)


@pytest.mark.xdist_group("plans of zcdp")
@pytest.mark.parametrize("dataset", DATASETS)
@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(sketch=ROWS, order=st.randoms(use_true_random=False))
def test_no_window_of_the_corpus_depends_on_the_order_of_rows(
    dataset: str,
    plans: Plans,
    laboratories: Laboratories,
    sketch: tuple[Drawn, ...],
    order: object,
) -> None:
    laboratory = laboratories.of(dataset)
    rows = list(rows_of(sketch, dataset))
    releases = plans.of("zcdp", dataset)
    asked = [release for title, release in releases.items() if title.startswith("windows")]
    assert asked
    laboratory.put(tuple(rows))
    found = [laboratory.measured(release) for release in asked]
    order.shuffle(rows)  # type: ignore[attr-defined]
    laboratory.put(tuple(rows))
    assert found == [laboratory.measured(release) for release in asked]
