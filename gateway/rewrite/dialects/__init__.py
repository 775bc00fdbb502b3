"""The SQL of each engine, one file each; `DIALECTS` by the engine's type in a policy."""

from gateway.rewrite.dialects.base import Dialect
from gateway.rewrite.dialects.duckdb import DUCKDB
from gateway.rewrite.dialects.postgres import POSTGRES
from gateway.rewrite.dialects.spark import SPARK

DIALECTS: dict[str, Dialect] = {dialect.name: dialect for dialect in (DUCKDB, POSTGRES, SPARK)}
"""The pieces of a statement that engines write differently, per engine."""
