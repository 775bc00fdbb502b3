"""Opening a DuckDB for reading, with one view per table of the policy, and locking it.

What is opened is always an in-memory database: the data stay where they are, and stay out of
memory until a statement reads them. A database file is attached read-only; Parquet files are read
through views; CSV files are loaded, since a row that does not parse must fail at start and not
under a query. The views bring every column to a type that the gateway knows (`duckdb_types`).
Then the door is locked: no file but those named, no extension, no setting can be changed.
"""

from __future__ import annotations

import contextlib
import glob
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from gateway.engines.duckdb_types import known_type

DEFAULT_THREADS = 2
DEFAULT_MEMORY = "50%"
DEFAULT_SPILL = "10GB"
_ATTACHED = "attached"
_REMOTE = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]+://")


class NotOpened(Exception):
    """The data cannot be opened. `table` is None where the whole database is at fault. `log` is
    DuckDB's own text, which can quote a row of a file: for the administrator's log alone."""

    def __init__(self, table: str | None, found: str, allowed: str, log: str = "") -> None:
        super().__init__(f"found {found}; allowed {allowed}")
        self.table = table
        self.found = found
        self.allowed = allowed
        self.log = log


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """What a worker opens, and what it may use: JSON on its way there.

    Either `files`, absolute paths by table, or `database`, a file, with the `tables` of `schema`.
    `memory` and `spill` are sizes as DuckDB reads them; `spill_directory` is the worker's own.
    """

    files: Mapping[str, Sequence[str]] = field(default_factory=dict)
    database: str | None = None
    tables: Sequence[str] = ()
    schema: str = "main"
    threads: int = DEFAULT_THREADS
    memory: str = DEFAULT_MEMORY
    spill: str = DEFAULT_SPILL
    spill_directory: str = ""

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file that is read."""
        if self.database is not None:
            return (self.database,)
        return tuple(path for paths in self.files.values() for path in paths)

    @classmethod
    def of_json(cls, document: Mapping[str, Any]) -> Data:
        """The inverse of `dataclasses.asdict`."""
        return cls(**document)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A locked connection and the columns of its views."""

    connection: duckdb.DuckDBPyConnection
    schema: Mapping[str, tuple[DeclaredColumn, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredColumn:
    """A column with the type as DuckDB prints it."""

    name: str
    declared: str
    nullable: bool


def quoted(name: str) -> str:
    """An identifier for DuckDB's SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text literal for DuckDB's SQL."""
    return "'" + text.replace("'", "''") + "'"


def open_data(data: Data) -> Opened:
    """Views over Parquet files and tables from CSV files, or over the named tables of a database
    file, one that the file lacks getting no view; then the lock.

    Raises `NotOpened`: files of one table whose columns differ, a database file that is missing, in
    use by a writer or none at all, what DuckDB cannot read.
    """
    connection = _connect(data)
    with contextlib.ExitStack() as undo:
        undo.callback(connection.close)
        columns = _files(connection, data) if data.database is None else _tables(connection, data)
        connection.execute("CREATE SCHEMA kept")
        _lock(connection, () if data.database is not None else data.paths)
        undo.pop_all()
    return Opened(connection=connection, schema=columns)


def _files(
    connection: duckdb.DuckDBPyConnection, data: Data
) -> dict[str, tuple[DeclaredColumn, ...]]:
    return {
        table: _add_files(connection, table, [Path(path) for path in paths])
        for table, paths in data.files.items()
    }


def _tables(
    connection: duckdb.DuckDBPyConnection, data: Data
) -> dict[str, tuple[DeclaredColumn, ...]]:
    path = Path(data.database or "")
    if not path.is_file():
        raise NotOpened(None, f"no file at {path}", "an existing DuckDB database file")
    attach(connection, path)
    columns: dict[str, tuple[DeclaredColumn, ...]] = {}
    for table in data.tables:
        declared = declared_columns(connection, data.schema, table)
        if declared:
            origin = ".".join(map(quoted, (_ATTACHED, data.schema, table)))
            with _explained(table, "a table or view that can be read"):
                columns[table] = _add_relation(connection, "VIEW", table, declared, origin)
    return columns


def attach(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Attach a database file read-only. Raises `NotOpened`."""
    with _explained(None, "a DuckDB database file that no other program is writing"):
        connection.execute(f"ATTACH {literal(str(path))} AS {_ATTACHED} (READ_ONLY)")


def declared_tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Schema and name of every table and view of the attached database, by name."""
    rows = connection.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = ? "
        "UNION ALL SELECT schema_name, view_name FROM duckdb_views() "
        "WHERE database_name = ? AND NOT internal ORDER BY ALL",
        [_ATTACHED, _ATTACHED],
    ).fetchall()
    return [(str(schema), str(table)) for schema, table in rows]


def declared_columns(
    connection: duckdb.DuckDBPyConnection, schema: str, table: str
) -> tuple[DeclaredColumn, ...]:
    """The columns of a table or view of the attached database; empty where there is none."""
    rows = connection.execute(
        "SELECT column_name, data_type, is_nullable FROM duckdb_columns() "
        "WHERE database_name = ? AND schema_name = ? AND table_name = ? AND NOT internal "
        "ORDER BY column_index",
        [_ATTACHED, schema, table],
    ).fetchall()
    return tuple(DeclaredColumn(name=n, declared=t, nullable=bool(null)) for n, t, null in rows)


def matching_files(table: str, pattern: str) -> tuple[Path, ...]:
    """The files that a path or glob names, in order. Raises `NotOpened`."""
    if _REMOTE.match(pattern):
        raise NotOpened(table, "a remote address", "a path or glob of local files")
    names = [pattern] if Path(pattern).is_file() else glob.glob(pattern, recursive=True)
    paths = tuple(sorted(path.absolute() for path in map(Path, names) if path.is_file()))
    if not paths:
        raise NotOpened(
            table, f"no file at {pattern}", "an existing Parquet or CSV file, or a glob"
        )
    kinds = {kind(path) for path in paths}
    if len(kinds) > 1 or None in kinds:
        endings = ", ".join(sorted({path.suffix or "no ending" for path in paths}))
        raise NotOpened(table, f"files that end in {endings}", "either .parquet or .csv files")
    return paths


def kind(path: Path) -> str | None:
    """`parquet` or `csv` by a file's ending, None for any other; `.csv.gz` and `.tsv` are csv."""
    name = path.name.lower()
    if name.endswith((".parquet", ".pq")):
        return "parquet"
    return "csv" if name.endswith((".csv", ".csv.gz", ".tsv", ".tsv.gz")) else None


def parquet_columns(
    connection: duckdb.DuckDBPyConnection, table: str, path: Path
) -> tuple[DeclaredColumn, ...]:
    """The columns of one Parquet file, from its footer; no row is read. Raises `NotOpened`."""
    with _explained(table, "a Parquet file that can be read"):
        return _described(connection, _parquet([path]))


FALLIBLE = "statistics_propagation,common_subexpressions"
"""Rewritings of statements that DuckDB is kept from, for whether a statement fails must not depend
on rows. The first is by what the rows hold (least and greatest values, whether any is NULL), and
has failed on a column of nothing but NULLs. The second takes a cast that two expressions share out
of the TRY around each."""


def connect_unlocked() -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB that loads no extension and sees no Python variable."""
    return duckdb.connect(
        ":memory:",
        config={
            "python_enable_replacements": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "allow_persistent_secrets": "false",
        },
    )


def _connect(data: Data) -> duckdb.DuckDBPyConnection:
    """Settings that only count while unlocked; large sorts spill to the worker's own directory."""
    connection = connect_unlocked()
    connection.execute(f"SET GLOBAL threads = {int(data.threads)}")
    connection.execute(f"SET GLOBAL memory_limit = {literal(data.memory)}")
    connection.execute(f"SET GLOBAL temp_directory = {literal(data.spill_directory)}")
    connection.execute(f"SET GLOBAL max_temp_directory_size = {literal(data.spill)}")
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    connection.execute(f"SET GLOBAL disabled_optimizers = '{FALLIBLE}'")
    return connection


def _add_files(
    connection: duckdb.DuckDBPyConnection, table: str, paths: Sequence[Path]
) -> tuple[DeclaredColumn, ...]:
    if kind(paths[0]) == "csv":
        origin = _csv(paths)
        with _explained(
            table, "CSV files (comma, UTF-8) with a header, every row of which can be read"
        ):
            declared = _described(connection, origin)
            return _add_relation(connection, "TABLE", table, declared, origin)
    declared = parquet_columns(connection, table, paths[0])
    for path in paths[1:]:
        # Where files differ DuckDB casts, and the cast fails on some rows: refused here instead.
        if parquet_columns(connection, table, path) != declared:
            raise NotOpened(
                table,
                f"{path.name} with other columns than {paths[0].name}",
                "files with the same columns, in the same order and of the same types",
            )
    with _explained(table, "a Parquet file that can be read"):
        return _add_relation(connection, "VIEW", table, declared, _parquet(paths))


def _described(connection: duckdb.DuckDBPyConnection, origin: str) -> tuple[DeclaredColumn, ...]:
    rows = connection.execute(f"DESCRIBE SELECT * FROM {origin}").fetchall()  # noqa: S608
    return tuple(DeclaredColumn(name=row[0], declared=row[1], nullable=True) for row in rows)


def _add_relation(
    connection: duckdb.DuckDBPyConnection,
    what: str,
    table: str,
    declared: Sequence[DeclaredColumn],
    origin: str,
) -> tuple[DeclaredColumn, ...]:
    """Create the view or table `main.table` with every column in a type the gateway knows."""
    expressions: list[str] = []
    columns: list[DeclaredColumn] = []
    for column in declared:
        name = quoted(column.name)
        known = known_type(column.declared)
        converted = known is not None and known.cast is not None
        expression = known.cast.format(name) if known and known.cast else name
        expressions.append(f"{expression} AS {name}")
        columns.append(
            replace(
                column,
                nullable=column.nullable or (converted and expression.startswith("TRY_CAST")),
            )
        )
    connection.execute(
        f"CREATE {what} {quoted(table)} AS SELECT {', '.join(expressions)} FROM {origin}"  # noqa: S608
    )
    return tuple(columns)


def _lock(connection: duckdb.DuckDBPyConnection, readable: Sequence[str]) -> None:
    allowed = ", ".join(literal(path) for path in readable)
    connection.execute(f"SET GLOBAL allowed_paths = [{allowed}]")
    connection.execute("SET GLOBAL enable_external_access = false")
    connection.execute("SET GLOBAL lock_configuration = true")


def _listed(paths: Sequence[Path]) -> str:
    return "[" + ", ".join(literal(str(path)) for path in paths) + "]"


def _parquet(paths: Sequence[Path]) -> str:
    return f"read_parquet({_listed(paths)}, hive_partitioning = false)"


def _csv(paths: Sequence[Path]) -> str:
    """RFC 4180 and no guessing: a guess at the delimiter hides a broken row by joining columns."""
    mark = "'\\t'" if ".tsv" in paths[0].name.lower() else "','"
    return (
        f"read_csv({_listed(paths)}, header = true, sample_size = -1, delim = {mark}, "
        "quote = '\"', escape = '\"', skip = 0, comment = '')"
    )


@contextlib.contextmanager
def _explained(table: str | None, allowed: str) -> Iterator[None]:
    """DuckDB's own text can quote a row of a file, so it goes to the log and not on."""
    try:
        yield
    except duckdb.Error as error:
        found = f"data that DuckDB cannot open ({type(error).__name__}; its text is in the log)"
        raise NotOpened(table, found, allowed, log=str(error)) from None
