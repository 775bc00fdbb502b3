"""Public rows, and the values of group keys over public values, for planning."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gateway.edges import Engine
from gateway.errors import Code, Refusal
from gateway.policy.catalog import Table
from gateway.postprocess.workbench import Workbench
from gateway.privacy.partitions import Factor
from gateway.recall import CELL, ENTRY, Recent
from gateway.rewrite.expressions import constant, quoted, write
from gateway.sql.expressions import Expr, Literal
from gateway.sql.functions.conversion import duckdb_type
from gateway.sql.types import Scalar, Type

if TYPE_CHECKING:
    import pyarrow as pa

Rows = tuple[tuple[Scalar, ...], ...]

MOST_VALUES = 100_000_000
"""Values of one dataset's public tables in the gateway's memory: numbers take 8 bytes each, texts
what they are long."""


class PublicShelf:
    """Public tables of one dataset, read once, and enumerations over public values.

    The tables stay, so that two questions never see different ones; together they hold at most
    `most` values.
    """

    def __init__(self, engine: Engine, workbench: Workbench, most: int = MOST_VALUES) -> None:
        self._room = most
        self._longer: dict[tuple[str, ...], int] = {}
        """By table, a number of rows that it has more of."""
        self._engine = engine
        self._workbench = workbench
        self._tables: dict[tuple[str, ...], pa.Table] = {}
        self._enumerated: Recent[str, Rows] = Recent()
        self._lock = threading.Lock()

    def table(self, source: tuple[str, ...], columns: Sequence[str]) -> pa.Table:
        """A public table's rows, in Arrow. Raises UNSUPPORTED_SQL where there is no room for them.

        Among several who read a table first, all are given what one of them has read.
        """
        found = self._read(source, columns, max(0, self._room) // len(columns))
        if found is None:
            raise _no_room(source)
        return found

    def _read(self, source: tuple[str, ...], columns: Sequence[str], most: int) -> pa.Table | None:
        """A table that is here, or has at most `most` rows."""
        key = (*source, "", *columns)
        with self._lock:
            known = self._tables.get(key)
            if known is not None or self._longer.get(key, -1) >= most:
                return known
        found = self._engine.public_rows(source, columns, most + 1)
        with self._lock:
            if key in self._tables:
                return self._tables[key]
            if found.num_rows > most:
                self._longer[key] = max(self._longer.get(key, -1), most)
                return None
            self._tables[key] = found
            self._room -= found.num_rows * len(columns)
            return found

    def rows(self, table: Table, columns: Sequence[str], most: int) -> Rows | None:
        """A public table's rows; None where it has more than `most`. What planning sees must not
        depend on what was read before, so the few that it takes need no room."""
        found = self._read(table.source, columns, most)
        if found is None or found.num_rows > most:
            return None
        lists = [found.column(name).to_pylist() for name in columns]
        return tuple(zip(*lists, strict=True))

    def evaluate(
        self, keys: Sequence[Expr], factors: Sequence[Factor], conditions: Sequence[Expr]
    ) -> tuple[tuple[Scalar, ...], ...]:
        """The distinct values of `keys` over all combinations of factors, in key order."""
        if any(not factor.rows for factor in factors):
            return ()
        sql = _enumeration(keys, factors, conditions)
        rows = self._enumerated.get(sql)
        if rows is None:
            with self._workbench.tables({}) as sheet:
                rows = tuple(sheet.rows(sql))
            self._enumerated.keep(sql, rows, ENTRY + len(sql) + CELL * len(keys) * len(rows))
        return rows


def _no_room(source: tuple[str, ...]) -> Refusal:
    return Refusal(
        Code.UNSUPPORTED_SQL,
        f"The public table {source[-1]} has more rows than the gateway reads into its memory.",
        "Use fewer of its columns, or join it with a protected table and aggregate, which the "
        "database does by itself.",
    )


def _enumeration(
    keys: Sequence[Expr], factors: Sequence[Factor], conditions: Sequence[Expr]
) -> str:
    names = {}
    sources = []
    for index, factor in enumerate(factors):
        labels = [f"c{position}" for position in range(len(factor.columns))]
        for column, label in zip(factor.columns, labels, strict=True):
            names[column] = f"f{index}.{label}"
        rows = ", ".join(
            "("
            + ", ".join(
                _typed(value, column.type)
                for value, column in zip(row, factor.columns, strict=True)
            )
            + ")"
            for row in factor.rows
        )
        sources.append(f"(VALUES {rows}) AS f{index}({', '.join(labels)})")
    items = ", ".join(
        f"{write(key, names, 'duckdb')} AS {quoted(f'k{i}')}" for i, key in enumerate(keys)
    )
    where = " AND ".join(write(condition, names, "duckdb") for condition in conditions)
    order = ", ".join(f"{i + 1} ASC NULLS LAST" for i in range(len(keys)))
    return (
        f"SELECT DISTINCT {items} FROM {', '.join(sources)}"
        + (f" WHERE {where}" if where else "")
        + f" ORDER BY {order}"
    )


def _typed(value: Scalar, kind: Type) -> str:
    return f"CAST({constant(Literal(value, kind))} AS {duckdb_type(kind)})"
