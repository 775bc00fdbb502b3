"""The SQL of each engine, one file each; `DIALECTS` by the engine's type in a policy."""

from gateway.rewrite.dialects.base import Dialect
from gateway.rewrite.dialects.duckdb import DUCKDB

DIALECTS: dict[str, Dialect] = {dialect.name: dialect for dialect in (DUCKDB,)}
"""The pieces of a statement that engines write differently, per engine."""
