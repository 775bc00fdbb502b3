"""No value of a row makes a statement fail: a failure would tell that the row is there."""

from __future__ import annotations

import duckdb
import pytest

from gateway.errors import Code, Refusal
from tests.neighbours import laboratory
from tests.neighbours.bench import Bench, row
from tests.neighbours.databases import Rows

EXTREME: Rows = (
    row("retail", 1, quantity=2**63 - 1, unit_price=1e308, invoice_at="294247-01-10 04:00:54"),
    row("retail", 1, quantity=-(2**63), unit_price=float("nan"), invoice_at="infinity"),
    row("retail", 1, quantity=2**53 + 1, unit_price=2.0**53, stock_code="no number"),
    row("retail", 2, quantity=1, unit_price=2.5, invoice_at="2011-06-30 12:00:00"),
)
LATE = "CAST(invoice_at AS DATE) + 3000000"
"""A date after the last timestamp."""

STATEMENTS = {
    "a union of dates and timestamps": f"""
        SELECT COUNT(*) AS n FROM (SELECT customer_id, {LATE} AS at FROM lines
          UNION ALL SELECT customer_id, invoice_at FROM lines) t WHERE at > DATE '2011-01-01'""",
    "a union of decimals": """
        SELECT COUNT(*) AS n FROM (SELECT customer_id, quantity AS x FROM lines
          UNION ALL SELECT customer_id, CAST(quantity AS DECIMAL(38, 30)) FROM lines) t
        WHERE x > 1""",
    "a date among timestamps": f"""
        SELECT COUNT(*) AS n FROM lines a WHERE {LATE} IN
          (SELECT b.invoice_at FROM lines b WHERE b.customer_id = a.customer_id)""",
    "a whole number among decimals": """
        SELECT COUNT(*) AS n FROM lines a WHERE quantity IN
          (SELECT CAST(b.quantity AS DECIMAL(38, 30)) FROM lines b
           WHERE b.customer_id = a.customer_id)""",
    "a total of decimals": """
        SELECT COUNT(*) AS n FROM (SELECT customer_id, SUM(CAST(unit_price AS DECIMAL(38, 2))) AS x
          FROM lines GROUP BY customer_id) t WHERE x > 1""",
}


@pytest.mark.parametrize("title", STATEMENTS)
def test_every_row_is_read(bench: Bench, title: str) -> None:
    assert bench.measured(STATEMENTS[title], "retail", EXTREME)


REFUSED = {
    "a look-up of texts by numbers": """
        SELECT COUNT(*) FROM lines a WHERE quantity > (SELECT AVG(b.quantity) FROM lines b
          WHERE b.country = a.quantity)""",
    "a look-up of whole numbers by floats": """
        SELECT COUNT(*) FROM lines a WHERE quantity > (SELECT AVG(b.unit_price) FROM lines b
          WHERE b.quantity = a.unit_price)""",
    "USING of texts and numbers": """
        SELECT COUNT(*) FROM lines JOIN
          (SELECT customer_id, quantity AS stock_code FROM lines) b USING (customer_id, stock_code)
        """,
    "NATURAL JOIN of dates and numbers": """
        SELECT COUNT(*) FROM (SELECT customer_id, CAST(invoice_at AS DATE) AS a FROM lines) x
          NATURAL JOIN (SELECT customer_id, quantity AS a FROM lines) y""",
    "NULL among texts and numbers": """
        SELECT COUNT(*) FROM lines WHERE (NULL IN (stock_code, quantity)) IS NULL""",
    "NULL between texts and numbers": """
        SELECT COUNT(*) FROM lines WHERE (NULL BETWEEN stock_code AND quantity) IS NULL""",
    "IN of texts and numbers": """
        SELECT COUNT(*) FROM lines a WHERE stock_code IN
          (SELECT b.quantity FROM lines b WHERE b.customer_id = a.customer_id)""",
}


@pytest.mark.parametrize("title", REFUSED)
def test_what_engines_compare_by_a_cast_that_can_fail_is_refused(bench: Bench, title: str) -> None:
    with pytest.raises(Refusal) as refused:
        bench.plan(REFUSED[title], "retail")
    assert refused.value.code is Code.UNSUPPORTED_SQL
    assert refused.value.hint


EMPTY: Rows = (row("retail", 1), row("retail", 2))
"""Columns of texts that hold NULL alone, which DuckDB knows of its own tables."""
LAST_PART = """
SELECT COUNT(*) AS n FROM lines WHERE split_part(stock_code, '.', -1) <> '01'
"""


def test_no_statement_is_rewritten_so_that_it_fails(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bench.measured(LAST_PART, "retail", EMPTY)
    monkeypatch.setattr(laboratory, "FALLIBLE", "")
    with pytest.raises(duckdb.Error):
        bench.measured(LAST_PART, "retail", EMPTY)


SHARED = """
SELECT TRY(CAST(q AS DECIMAL(38, 30)) + 1), TRY(CAST(q AS DECIMAL(38, 30)) + 2)
FROM (VALUES (9223372036854775807), (1)) t(q)
"""


def test_no_cast_is_taken_out_of_the_try_around_it() -> None:
    """What two expressions share DuckDB would compute once, where nothing keeps it from failing."""
    with duckdb.connect(":memory:") as connection:
        with pytest.raises(duckdb.Error):
            connection.execute(SHARED)
        connection.execute(f"SET GLOBAL disabled_optimizers = '{laboratory.FALLIBLE}'")
        assert connection.execute(SHARED).fetchall()[0] == (None, None)
