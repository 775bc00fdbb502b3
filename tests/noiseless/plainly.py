"""The analyst's own SQL on plain DuckDB, over the rows that have an owner."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify

from gateway.rewrite.expressions import quoted
from tests.corpus.policies import OWNER, PROTECTED
from tests.corpus.reading import Entry, Value

Row = tuple[object, ...]
_WIDTH_BUCKET = """
CREATE MACRO width_bucket(x, low, high, buckets) AS
  CASE WHEN x < low THEN 0 WHEN x >= high THEN buckets + 1
       ELSE CAST(floor((x - low) * buckets / (high - low)) AS INTEGER) + 1 END
"""
"""PostgreSQL's function, which DuckDB lacks, for low < high."""
_OURS = """
CREATE MACRO noise_low(x) AS x;
CREATE MACRO noise_high(x) AS x;
CREATE MACRO every(x) AS bool_and(x)
"""
"""Without noise an interval is the number itself; EVERY is PostgreSQL's."""


class Plain:
    """DuckDB with the tables of one dataset as analysts see them: rows of nobody are left out."""

    def __init__(self, dataset: str, files: Mapping[str, Path], columns: Mapping[str, list[str]]):
        self._dataset = dataset
        self._connection = duckdb.connect(":memory:")
        self._connection.execute("SET TimeZone = 'UTC'")
        self._connection.execute(f"CREATE SCHEMA {dataset}")
        self._connection.execute(f"SET schema = '{dataset}'")
        self._connection.execute(_WIDTH_BUCKET)
        self._connection.execute(_OURS)
        for table, path in files.items():
            where = f"WHERE {OWNER[dataset]} IS NOT NULL" if table == PROTECTED[dataset] else ""
            names = ", ".join(map(quoted, columns[table]))
            self._connection.execute(
                f"CREATE TABLE {table} AS SELECT {names} FROM '{path}' {where}"
            )
        self._schema: dict[str, object] = {
            table: {str(row[0]): str(row[1]) for row in self._describe(table)} for table in files
        }

    def add_view(self, name: str, sql: str) -> None:
        """A view of the policy, written out."""
        entry = Entry(construct="views", title=name, dataset=self._dataset, sql=sql)
        self._connection.execute(f"CREATE VIEW {quoted(name)} AS {self.translated(entry)}")
        self._schema[name] = {str(row[0]): str(row[1]) for row in self._describe(name)}

    def _describe(self, table: str) -> list[Row]:
        return self._connection.execute(f"DESCRIBE {table}").fetchall()

    def rows(self, entry: Entry) -> list[Row]:
        """The rows of a query of the corpus."""
        return self._connection.execute(self.translated(entry)).fetchall()

    def translated(self, entry: Entry) -> str:
        """PostgreSQL's SQL as DuckDB reads it; dividing integers gives an integer."""
        if entry.plain:
            return entry.plain
        tree = sqlglot.parse_one(entry.sql, dialect="postgres")
        for table in list(tree.find_all(exp.Table)):
            table.set("db", None)
        for parameter in list(tree.find_all(exp.Parameter)):
            parameter.replace(_constant(entry.parameters[int(parameter.name) - 1]))
        typed = annotate_types(
            qualify(tree, schema=self._schema, dialect="postgres", validate_qualify_columns=False),
            schema=self._schema,
            dialect="postgres",
        )
        return typed.transform(_whole_division).sql(dialect="duckdb")


def _constant(value: Value) -> exp.Expr:
    return exp.Literal.string(value) if isinstance(value, str) else exp.convert(value)


def _whole_division(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Div):
        sides = (node.left.unnest(), node.right.unnest())
        if all(side.is_type(*exp.DataType.INTEGER_TYPES) for side in sides):
            return exp.IntDiv(this=node.this, expression=node.expression)
    return node
