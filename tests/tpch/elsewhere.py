"""The data at any scale, and variants of the policy for other engines that hold it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg
import pyarrow.parquet as pq
import sqlglot
from sqlglot import exp

from tests.engines.loading import load
from tests.postgres import PostgresServer
from tests.tpch.asking import Change

GENERATOR = Path(sys.executable).with_name("tpchgen-cli")


def generated(scale: str, parent: Path) -> Path:
    """The folder with one Parquet file per table, made once."""
    folder = parent / f"scale-{scale}"
    if not folder.exists():
        unfinished = folder.with_suffix(".part")
        unfinished.mkdir(parents=True, exist_ok=True)
        made = [str(GENERATOR), "parquet", "-s", scale, "--output-dir", str(unfinished)]
        subprocess.run(made, check=True, capture_output=True)
        unfinished.rename(folder)
    return folder


def on_spark(url: str, change: Change, timeout: str = "600s") -> Change:
    """A variant of the policy, with the same files read by a Spark server."""

    def changed(document: dict[str, object]) -> None:
        change(document)
        engine = document["engine"]
        assert isinstance(engine, dict)
        server = {"type": "spark", "url": url, "timeout": timeout}
        document["engine"] = {**server, "files": engine["files"]}

    return changed


def in_spark(sql: str) -> str:
    """A query in Spark's own words, as its user would ask it."""
    return sqlglot.transpile(sql, read="postgres", write="spark")[0]


def in_postgres(sql: str) -> str:
    """A query that names its tables' schema, as connections of the gateway need it."""
    tree = sqlglot.parse_one(sql, dialect="postgres")
    for table in tree.find_all(exp.Table):
        if table.name in KEYS:
            table.set("db", exp.to_identifier("public"))
    return tree.sql("postgres")


def on_postgres(url: str, change: Change, timeout: str = "600s") -> Change:
    """A variant of the policy, with the tables in a PostgreSQL database."""

    def changed(document: dict[str, object]) -> None:
        change(document)
        document["engine"] = {"type": "postgres", "url": url, "timeout": timeout}

    return changed


KEYS: Mapping[str, str] = {
    "customer": "c_custkey",
    "orders": "o_orderkey",
    "lineitem": "l_orderkey, l_linenumber",
    "part": "p_partkey",
    "partsupp": "ps_partkey, ps_suppkey",
    "supplier": "s_suppkey",
    "nation": "n_nationkey",
    "region": "r_regionkey",
}
INDEXES = ("orders (o_custkey)", "lineitem (l_partkey, l_suppkey)")
"""Of the foreign keys that the queries' own subqueries look up, row by row."""


def load_files(server: PostgresServer, database: str, folder: Path) -> None:
    """Put the files' tables into a database, with the keys that the benchmark gives them."""
    with psycopg.connect(server.url(database), autocommit=True) as connection:
        for name, key in KEYS.items():
            load(server.url(database), {name: pq.read_table(folder / f"{name}.parquet")})
            connection.execute(f"ALTER TABLE {name} ADD PRIMARY KEY ({key})".encode())
        for index in INDEXES:
            connection.execute(f"CREATE INDEX ON {index}".encode())
        connection.execute("VACUUM ANALYZE")
