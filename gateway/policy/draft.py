"""A starting policy from a database's schema; no row is read.

The draft denies by default: no table is public, no unit is set and every column is commented out.
`load` refuses it until an administrator has decided at each place marked TODO.
"""

from __future__ import annotations

import glob
import importlib.util
import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway.edges import SchemaColumn
from gateway.engines.duckdb_open import (
    DeclaredColumn,
    NotOpened,
    attach,
    connect_unlocked,
    declared_columns,
    declared_tables,
    kind,
    matching_files,
    parquet_columns,
)
from gateway.engines.duckdb_types import known_type
from gateway.errors import Code, Refusal
from gateway.sql.types import Type

_LOG = logging.getLogger("gateway.engines")

_POSTGRES = ("postgresql://", "postgres://")
_SERVERS = re.compile(r"(postgres|postgresql|spark)(\+\w+)?://")
_SPARK = "sc://"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORDS = {"null", "true", "false"}
_OWNER = re.compile(
    r"(^|_)(patient|person|people|user|customer|client|member|subject|employee|student|account"
    r"|citizen|resident|household|owner|buyer|subscriber|visitor|device|pupil)s?"
    r"(_?(id|nbr|nr|no|number|key|uuid|code))?$",
    re.IGNORECASE,
)
_ID = re.compile(r"(^|_)(id|uuid|key|nbr|nr|no)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftTable:
    """One table as the schema has it; `file` is the path or glob behind it, if it is files."""

    name: str
    columns: tuple[SchemaColumn, ...]
    file: str | None = None


def draft(url: str) -> str:
    """YAML with comments for a DuckDB file, a directory, file or glob of Parquet files, a schema of
    a PostgreSQL database, or one of a Spark catalog.

    `url` is a path, `duckdb:///path`, `postgresql://…` (where `?schema=NAME` names another schema
    than public) or `sc://host:port/;schema=catalog.schema`. Raises `Refusal`: INVALID_REQUEST for
    anything else, and where nothing can be opened there; ENGINE_UNAVAILABLE where a server does not
    answer.
    """
    if url.startswith(_POSTGRES):
        return _draft_of_postgres(url)
    if url.startswith(_SPARK):
        return _draft_of_spark(url)
    if _SERVERS.match(url):
        raise _refused(
            "That is no address of a database that a policy can be drafted for.",
            "Give the path of a DuckDB file or of Parquet files, postgresql://… or sc://….",
        )
    path = url.removeprefix("duckdb:///")
    if path != url and not Path(path).exists() and not glob.glob(path, recursive=True):
        path = "/" + path  # duckdb:///data/x is taken for ./data/x if that is there, else /data/x
    if _ADDRESS.match(path):
        raise _refused(
            "That address is no database that a policy can be drafted for.",
            "Give duckdb:///path/to/file.duckdb, or the path of a directory of Parquet files.",
        )
    try:
        return _draft_of_path(path)
    except NotOpened as error:
        if error.log:
            _LOG.error("opening %s failed: %s", path, error.log)
        raise _refused(f"Found {error.found}.", f"Give {error.allowed}.") from None


def _draft_of_postgres(url: str) -> str:
    if importlib.util.find_spec("psycopg_pool") is None:
        raise _refused(
            "The client of PostgreSQL is not installed.",
            "Install it with `pip install 'noisegate[postgres]'`.",
        )
    from gateway.engines.postgres_draft import split, tables

    address, schema = split(url)
    # The address may hold a password, which belongs into the environment.
    where = ["url: ${DATABASE_URL}           # the address, with a role that may only SELECT"]
    where += [f"schema: {_value(schema)}"] if schema != "public" else []
    found = [
        DraftTable(name=name, columns=tuple(columns))
        for name, columns in tables(address, schema).items()
    ]
    return _render(schema, where, found, kind="postgres")


def _draft_of_spark(url: str) -> str:
    if importlib.util.find_spec("pyspark") is None:
        raise _refused(
            "The client of Spark is not installed.",
            "Install it with `pip install 'noisegate[spark]'`.",
        )
    from gateway.engines.spark_draft import split, tables

    address, schema = split(url)
    # The address may hold a token, which belongs into the environment.
    where = ["url: ${SPARK_URL}           # the address of the Spark Connect server"]
    where.append(f"schema: {_value(schema)}")
    found = [DraftTable(name=name, columns=columns) for name, columns in tables(address, schema)]
    return _render(schema.rpartition(".")[2], where, found, kind="spark")


def _draft_of_path(path: str) -> str:
    place = Path(path)
    if place.is_file() and kind(place) is None:
        tables = _database_tables(place)
        where = [f"database: {_value(str(place.resolve()))}"]
        if tables and tables[0][0] != "main":
            where.append(f"schema: {_value(tables[0][0])}")
        return _render(place.stem, where, [table for _, table in tables])
    tables_of_files = _file_tables(path)
    where = ["files:"] + [
        f"  {_key(table.name)}: {_value(table.file or '')}" for table in tables_of_files
    ]
    return _render(place.stem if place.is_dir() else "data", where, tables_of_files)


def _database_tables(path: Path) -> list[tuple[str, DraftTable]]:
    """The tables of the schema that has the most, with its name: a policy serves one schema."""
    with connect_unlocked() as connection:
        attach(connection, path)
        found = declared_tables(connection)
        if not found:
            raise NotOpened(None, "a database without tables", "one with at least one table")
        schemas = [schema for schema, _ in found]
        schema = "main" if "main" in schemas else max(sorted(set(schemas)), key=schemas.count)
        return [
            (
                schema,
                DraftTable(name=name, columns=_typed(declared_columns(connection, schema, name))),
            )
            for one, name in found
            if one == schema
        ]


def _file_tables(path: str) -> list[DraftTable]:
    """One table per Parquet file of a directory; one for all files of a glob."""
    place = Path(path)
    if place.is_dir():
        patterns = [(file.stem, str(file)) for file in sorted(place.glob("*.parquet"))]
        if not patterns:
            raise NotOpened(None, "a directory without .parquet files", "one with Parquet files")
    else:
        patterns = [(re.sub(r"\W+", "_", place.stem).strip("_") or "data", path)]
    tables: list[DraftTable] = []
    with connect_unlocked() as connection:
        for name, pattern in patterns:
            first = matching_files(name, pattern)[0]
            if kind(first) != "parquet":
                raise NotOpened(
                    name, "CSV files, whose types only their rows tell", "Parquet files"
                )
            columns = _typed(parquet_columns(connection, name, first))
            absolute = str(Path(pattern).absolute())
            tables.append(DraftTable(name=name, columns=columns, file=absolute))
    return tables


def _typed(columns: Sequence[DeclaredColumn]) -> tuple[SchemaColumn, ...]:
    return tuple(
        SchemaColumn(
            name=column.name,
            type=known.type if (known := known_type(column.declared)) else None,
            nullable=column.nullable,
            declared=column.declared,
        )
        for column in columns
    )


def _render(
    title: str, where: Sequence[str], tables: Sequence[DraftTable], kind: str = "duckdb"
) -> str:
    dataset = re.sub(r"\W+", "_", title.lower()).strip("_")[:63]
    if not _PLAIN_KEY.fullmatch(dataset):
        dataset = f"data_{dataset}"[:63].rstrip("_")
    lines = [
        "# A starting policy, drafted from the schema alone: no row was read.",
        "# It is refused until you have decided at every TODO. What you don't list does not exist",
        "# for analysts. Take values and bounds from what you know, never from the rows.",
        "",
        f"dataset: {dataset}",
        'description: ""                  # TODO: one sentence for analysts',
        "",
        "engine:",
        f"  type: {kind}",
        *(f"  {line}" for line in where),
        "  timeout: 60s",
        "",
        "privacy:",
        "  # unit: person                 # TODO: uncomment; the word for one protected entity",
        "  guarantee: zcdp",
        "  delta: 1.0e-7                  # TODO: far below 1 / number of protected entities",
        "  per_query: 0.25",
        "  max_per_query: 1.0",
        "",
        "tables:",
    ]
    for table in tables:
        lines.extend(_table_lines(table))
    lines += [
        "budgets:                         # TODO: uncomment; how much may be learned, in epsilon",
        '  # - {for: "role:analyst", epsilon: 5, renews: monthly}',
        "  # - {for: everyone, epsilon: 20}",
        "",
    ]
    return "\n".join(lines)


def _table_lines(table: DraftTable) -> list[str]:
    owners = [column.name for column in table.columns if _OWNER.search(column.name)]
    ids = [c.name for c in table.columns if _ID.search(c.name) and c.name not in owners]
    lines = [f"  {_key(table.name)}:"]
    if owners:
        lines.append("    # TODO: uncomment the column that names the owner of each row (guessed):")
        lines += [f"    # unit: {_value(name)}" for name in owners]
    else:
        lines += [
            "    # TODO: no column looks like an owner. Uncomment and correct one of:",
            "    # unit: OWNER_COLUMN",
            "    # unit: {through: OTHER_TABLE, on: {OWN_COLUMN: ITS_COLUMN}}",
        ]
    lines += [
        "    # public: true              # only for tables that say nothing about anybody",
        *(f"    # key: {_value(name)}" for name in ids[:1]),
        "    # max_rows: auto            # one owner's rows per group (auto: estimated)",
        "    # max_groups: auto          # the groups that one owner counts in (likewise)",
        "    columns:                    # TODO: uncomment what analysts may use",
    ]
    for column in table.columns:
        lines.append(f"      {_column_line(column)}")
    lines.append("")
    return lines


def _column_line(column: SchemaColumn) -> str:
    name = _key(column.name)
    declared = " ".join(column.declared.split())  # a struct's type can hold line breaks
    if column.type is None:
        return f"# {name} has the type {declared}, which cannot be used"
    return f"# {name}: {_suggestion(column.name, column.type)}  # {declared}"


def _suggestion(name: str, column: Type) -> str:
    if _OWNER.search(name):
        return "{}"
    if _ID.search(name):
        return "{hidden: true}"
    if column.numeric:
        return "{bounds: [LOWEST, HIGHEST]}"
    if column.temporal:
        return "{bounds: [2000-01-01, 2030-12-31]}"
    return "{}"


def _key(name: str) -> str:
    plain = _PLAIN_KEY.fullmatch(name) and name.lower() not in _WORDS
    return name if plain else json.dumps(name, ensure_ascii=False)


def _value(text: str) -> str:
    """A scalar in which `${` stands for itself; JSON's form of text is YAML's, too."""
    return _key(text).replace("${", "$${")


def _refused(sentence: str, hint: str) -> Refusal:
    return Refusal(Code.INVALID_REQUEST, sentence, hint)
