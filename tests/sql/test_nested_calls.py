"""Calls within calls have a value or NULL for each row, also after DuckDB's optimizer saw them.

What is total alone need not be so when an optimizer moves it (`engines.duckdb_open.FALLIBLE`), so
random calls of the table are nested and run over extreme values in the places where statements use
them: selected, counted distinct, and in a condition. The seeds are fixed; an audit takes more.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import duckdb
import pytest

from gateway.engines.duckdb_open import FALLIBLE
from gateway.rewrite.expressions import write
from gateway.sql.expressions import Call, Column, Expr, Ref
from gateway.sql.functions import TABLE
from gateway.sql.types import Kind
from tests.sql.pool import CONSTANTS, EXTREMES, calls, columns, table, takes

AT_ONCE, BATCHES = 25, 12
USES = ("{0} AS r{1}", "COUNT(DISTINCT {0}) AS r{1}", "COUNT(CASE WHEN {0} = {0} THEN 1 END)")


@pytest.fixture(scope="module")
def extremes() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(":memory:", config={"threads": 1})
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"SET GLOBAL disabled_optimizers = '{FALLIBLE}'")
    table(connection, "extremes", list(EXTREMES))
    yield connection
    connection.close()


class Growing:
    """Random calls over one table's columns, constants and calls of these."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._columns = columns()
        pool = [[*self._columns, *CONSTANTS]] * 2
        self._inner: dict[Kind, list[Expr]] = {}
        for count in (1, 2):
            for call in calls(count, pool[:count]):
                if any(isinstance(part, Ref) for part in call.arguments):
                    self._inner.setdefault(call.type.kind, []).append(call)

    @property
    def names(self) -> dict[Column, str]:
        return {ref.column: f"a.c{i}" for i, ref in enumerate(self._columns)}

    def call(self) -> Call:
        """A call that the table admits, of columns, constants and other calls."""
        while True:
            name, count = self._random.choice(list(TABLE)), self._random.choice((1, 2, 2, 3))
            if not takes(name, count):
                continue
            arguments = tuple(self._argument() for _ in range(count))
            kind = TABLE[name].result(arguments)
            if kind is not None:
                return Call(name, arguments, kind)

    def _argument(self) -> Expr:
        place = self._random.random()
        if place < 0.5:
            return self._random.choice(self._random.choice(list(self._inner.values())))
        return self._random.choice(self._columns if place < 0.75 else list(CONSTANTS))


def fault(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """What the engine says of a statement; nothing where it gives rows."""
    try:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE found AS {sql}")
    except duckdb.Error as error:
        return str(error)
    return ""


@pytest.mark.parametrize("seed", range(4))
def test_no_nested_call_fails_on_a_row(extremes: duckdb.DuckDBPyConnection, seed: int) -> None:
    growing = Growing(seed)
    for _ in range(BATCHES):
        texts = [write(growing.call(), growing.names, "duckdb") for _ in range(AT_ONCE)]
        for use in (
            "{0} AS r{1}",
            "COUNT(DISTINCT {0}) AS r{1}",
            "COUNT(CASE WHEN {0} = {0} THEN 1 END)",
        ):
            together = ", ".join(use.format(text, i) for i, text in enumerate(texts))
            if not fault(extremes, f"SELECT {together} FROM extremes AS a"):
                continue
            alone = {
                text: fault(extremes, f"SELECT {use.format(text, 0)} FROM extremes AS a")
                for text in texts
            }
            failing = {text[:300]: said[:200] for text, said in alone.items() if said}
            assert not failing
