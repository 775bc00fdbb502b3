"""The shipped policies with bounds that no row exceeds, and data that fits within them."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tests.corpus.policies import Document, sample, shipped

MOST_ROWS = 10_000
"""More rows than any owner has."""
MOST_GROUPS = 5_000
"""More groups than any owner is in: one customer has bought 1,794 products."""
EPSILON = 1_000_000

RETAIL_ROWS = """
abs(quantity) <= 500 AND unit_price BETWEEN 0 AND 100 AND unit_price = round(unit_price, 2)
"""
"""All but a thousand lines: a product of wider bounds would not be summed in pennies, and a price
that is no whole number of pennies is rounded to the declared step before summing."""


def wide(dataset: str) -> Document:
    """A policy under which nothing is clamped or weighed down, and noise costs nothing."""
    document = shipped(dataset)
    document["privacy"]["max_per_query"] = document["privacy"]["per_query"] = EPSILON
    document["budgets"] = [{"for": "role:analyst", "epsilon": 9 * EPSILON}]
    for table in document["tables"].values():
        if table.get("public"):
            continue
        table["max_rows"], table["max_groups"] = MOST_ROWS, MOST_GROUPS
        for column in table["columns"].values():
            column.pop("max_total", None)
    if dataset == "hospital":
        columns = document["tables"]["encounters"]["columns"]
        for name in ("number_outpatient", "number_emergency", "number_inpatient"):
            columns[name]["bounds"] = [0, 100]
    else:
        columns = document["tables"]["lines"]["columns"]
        columns["unit_price"]["bounds"] = [0, 100]
    return document


def retail_lines(folder: Path) -> Path:
    """The shipped lines but for those outside the bounds; see `RETAIL_ROWS`."""
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / "lines.parquet"
    source = sample("sample:retail_lines.parquet")
    duckdb.execute(
        f"COPY (SELECT * FROM '{source}' WHERE {RETAIL_ROWS}) TO '{made}' (FORMAT parquet)"
    )
    return made
