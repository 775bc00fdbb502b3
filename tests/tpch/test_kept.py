"""What an engine keeps of the tables, for the queries: the same numbers with it as without, and a
superset of who needs a weight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pytest

from gateway.answer import answer
from gateway.edges import Engine
from gateway.noise.tables import ExactTable
from gateway.privacy.plan import Statement
from gateway.start import Gateway
from gateway.stop import Stop
from tests.tpch.asking import QUERIES, request

FEW = (1, 4, 5, 6, 7, 8, 9, 12, 14, 15, 21)
"""Queries in which only owners with many rows need a weight."""


@dataclass
class Watched:
    """An engine that notes what it runs."""

    engine: Engine
    seen: list[Statement] = field(default_factory=list)

    def __getattr__(self, name: str) -> object:
        return getattr(self.engine, name)

    def run(self, statement: Statement, query_id: str, stop: Stop | None = None) -> ExactTable:
        self.seen.append(statement)
        return self.engine.run(statement, query_id, stop)


def ran(number: int, gateway: Gateway) -> list[Statement]:
    watched = Watched(gateway.edges.engines["tpch"])
    edges = replace(gateway.edges, engines={"tpch": watched})  # type: ignore[dict-item]
    answer(request(QUERIES[number]), gateway.catalog, edges)
    return watched.seen


def rows(table: pa.Table) -> list[tuple[object, ...]]:
    columns = [column.to_pylist() for column in table.columns]
    return sorted(zip(*columns, strict=True), key=repr)


def result(gateway: Gateway, statement: Statement) -> list[tuple[object, ...]]:
    return rows(gateway.edges.engines["tpch"].run(statement, "q")._open())


@pytest.mark.parametrize("number", FEW)
@pytest.mark.parametrize("variant", ["tight", "pure"])
def test_numbers_are_the_same_with_what_is_kept(
    number: int, variant: str, variants: Mapping[str, Gateway]
) -> None:
    """Under bounds that nearly everybody exceeds, in both norms."""
    gateway = variants[variant]
    found = ran(number, gateway)
    assert any(statement.kept is not None for statement in found)
    for statement in found:
        assert result(gateway, statement) == result(gateway, replace(statement, kept=None))


@pytest.mark.parametrize("number", FEW)
def test_the_light_statement_gives_the_same_under_bounds_that_bind_nobody(
    number: int, silent: Gateway
) -> None:
    for statement in ran(number, silent):
        if statement.kept is None:
            continue
        alone = replace(statement, kept=None)
        light = replace(alone, sql=statement.kept.light)
        assert result(silent, light) == result(silent, alone)


@pytest.mark.parametrize("number", FEW)
def test_no_owner_has_more_rows_than_the_totals_say(
    number: int, variants: Mapping[str, Gateway]
) -> None:
    """`FLOOR` rows and fewer are not listed; all of the query's owners with more are."""
    for statement in ran(number, variants["tight"]):
        if statement.kept is None:
            continue
        of_rows = statement.sql.partition("), heavy AS (")[0] + ")"
        totals = statement.kept.totals
        floor = int(totals.rpartition("> ")[2])
        over = (
            f"{of_rows} SELECT COUNT(*) AS n FROM (SELECT u, COUNT(*) AS m FROM rows GROUP BY u) "
            f"AS own LEFT JOIN ({totals}) AS totals ON own.u = totals.u "
            f"WHERE own.m > COALESCE(totals.n, {floor})"
        )
        counted = Statement(sql=over, dialect="duckdb", columns=("n",))
        assert result(variants["tight"], counted) == [(0,)]
