"""Facts of an owner end where an outer join finds no pair: some of the owner's rows hold NULL."""

from __future__ import annotations

import pytest

from tests.neighbours.bench import Bench, row

# Of customer 1, some lines find their pair and others do not: the customer is in two groups.
LINES = [
    row("retail", 1, quantity=quantity, stock_code=stock, country="France")
    for quantity, stock in ((9, "a"), (9, "b"), (1, "a"), (1, "c"))
] + [row("retail", 2, quantity=9, stock_code="a", country="France")]

PER_CUSTOMER = """
SELECT c.often, COUNT(DISTINCT a.customer_id) AS customers
FROM lines a
LEFT JOIN (SELECT customer_id, COUNT(*) > 1 AS often FROM lines GROUP BY customer_id) c
  ON a.customer_id = c.customer_id AND a.quantity > 5
GROUP BY c.often
"""
CONSTANT = """
SELECT b.flag, COUNT(DISTINCT a.customer_id) AS customers
FROM lines a
LEFT JOIN (SELECT customer_id, stock_code, 'a' AS flag FROM lines WHERE stock_code = 'a') b
  ON a.customer_id = b.customer_id AND a.stock_code = b.stock_code
GROUP BY b.flag
"""
RIGHT = """
SELECT c.often, COUNT(DISTINCT a.customer_id) AS customers
FROM (SELECT customer_id, COUNT(*) > 1 AS often FROM lines GROUP BY customer_id) c
RIGHT JOIN lines a ON a.customer_id = c.customer_id AND a.quantity > 5
GROUP BY c.often
"""


@pytest.mark.parametrize("policy", ["zcdp", "approximate", "pure"])
@pytest.mark.parametrize(("sql", "groups"), [(PER_CUSTOMER, 3), (CONSTANT, 2), (RIGHT, 3)])
def test_an_owner_counts_in_the_group_of_its_rows_without_a_pair_too(
    bench: Bench, sql: str, groups: int, policy: str
) -> None:
    assert not bench.faults(sql, "retail", LINES, policy)
    cells = bench.measured(sql, "retail", LINES, policy)
    assert sum(any(values) for values in cells.values()) == groups, "customer 1 is in two of them"


def test_where_every_row_finds_its_pair_the_owner_is_in_one_group(bench: Bench) -> None:
    """The condition reads nothing but the owner, so no second group is paid for."""
    sql = PER_CUSTOMER.replace(" AND a.quantity > 5", "")
    assert bench.release(sql, "retail", "approximate").measures[0].sensitivity.value == 1
    assert not bench.faults(sql, "retail", LINES, "approximate")
