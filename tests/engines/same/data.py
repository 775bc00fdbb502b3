"""Rows of all kinds that every engine can hold: NULL, extremes, odd texts, NaN, leap days."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa

from tests.corpus.policies import OWNER, PROTECTED, sample, shipped
from tests.neighbours.databases import kinds

OWNERS, ROWS = 40, 700
_MORE: dict[str, tuple[Any, ...]] = {
    "TIMESTAMP": (
        *("2012-02-29 12:00:00", "2011-03-27 01:30:00", "2011-03-27 02:30:00"),
        *("2011-10-30 02:30:00", "2010-12-31 23:59:59.999999", "2000-02-29 00:00:00"),
    ),
    "VARCHAR": ("a", "A", "a ", "É", "é", "e\u0301", "ß", "ẞ", "Z", "İstanbul", "x\ny"),
    "DOUBLE": (0.5, 1.5, 2.5, -0.5, -2.5, 5e-324, 1.0000000000000002, -0.0),
    "BIGINT": (2, 3, -7, 2**53 + 1),
}


@cache
def tables(dataset: str, rows: int = ROWS) -> dict[str, pa.Table]:
    """The dataset's public tables, and the protected one with so many rows."""
    document = shipped(dataset)
    found = {
        name: duckdb.sql(f"FROM '{sample(file)}'").to_arrow_table()
        for name, file in document["engine"]["files"].items()
        if document["tables"][name].get("public")
    }
    return {**found, PROTECTED[dataset]: _protected(dataset, rows)}


def _protected(dataset: str, rows: int) -> pa.Table:
    source, known = random.Random(7), kinds(dataset)
    columns: dict[str, list[Any]] = {name: [] for name in known}
    owners: list[int | None] = []
    for number in range(rows):
        # A few owners have most of the rows, some have one, and some rows have no owner.
        heavy = source.random() < 0.5
        owners.append(source.choice((1, 2)) if heavy else source.choice((*range(3, OWNERS), None)))
        for name, kind in known.items():
            odd = (*kind.values, *_MORE.get(kind.type, ()))
            values = kind.values if number % 3 else odd
            columns[name].append(source.choice([v for v in values if "(BC)" not in str(v)]))
    texts = {
        name: [None if v is None else str(v) for v in column] for name, column in columns.items()
    }
    given = pa.table(
        {name: pa.array(column, pa.string()) for name, column in texts.items()}
        | {OWNER[dataset]: pa.array(owners, pa.int64())}
        | ({"encounter_id": pa.array(range(rows), pa.int64())} if dataset == "hospital" else {})
    )
    items = [f"CAST({name} AS {kind.type}) AS {name}" for name, kind in known.items()]
    items += [OWNER[dataset]] + (["encounter_id"] if dataset == "hospital" else [])
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("given", given)
        return connection.sql(f"SELECT {', '.join(items)} FROM given").to_arrow_table()
