"""Keys hold for values as engines compare them: where several values are equal to one, a row that
is claimed to meet one row would meet several."""

from __future__ import annotations

import pytest

from gateway.privacy import joins
from tests.neighbours.bench import Bench, row
from tests.neighbours.databases import Rows

BEYOND_DOUBLES = 2**53
NUMBERS: Rows = tuple(
    row("retail", 1, quantity=BEYOND_DOUBLES + n, unit_price=float(BEYOND_DOUBLES)) for n in (0, 1)
)
"""Two whole numbers that equal one floating-point number."""
BY_PRICE = """
SELECT COUNT(*) AS n FROM
  (SELECT customer_id, MAX(unit_price) AS most FROM lines GROUP BY customer_id) a
  JOIN (SELECT customer_id, quantity FROM lines GROUP BY customer_id, quantity) b
    ON a.customer_id = b.customer_id AND a.most = b.quantity
"""


def test_whole_numbers_that_equal_one_float_are_no_key_to_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not bench.faults(BY_PRICE, "retail", NUMBERS)
    monkeypatch.setattr(joins, "compared_as_they_are", lambda a, b: True)
    assert bench.faults(BY_PRICE, "retail", NUMBERS)
