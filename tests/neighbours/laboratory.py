"""DuckDB with one database per owner: all rows, and all but the owner's."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping

import duckdb
import pyarrow as pa

from gateway.engines.duckdb_open import FALLIBLE
from gateway.noise.release import release as released
from gateway.noise.tables import ExactTable, NoisyTable
from gateway.privacy.plan import Release
from tests.corpus.policies import OWNER, PROTECTED, sample, shipped
from tests.neighbours.databases import Kind, Rows, kinds
from tests.noiseless.silence import Silence

Cells = Mapping[tuple[object, ...], tuple[int, ...]]
"""The measures of each group, by its keys."""


class Laboratory:
    """The protected table as given and with owners left out, beside the public tables."""

    def __init__(self, dataset: str) -> None:
        self._dataset = dataset
        self._connection = duckdb.connect(":memory:", config={"threads": 1})
        self._connection.execute("SET TimeZone = 'UTC'")
        self._connection.execute(f"SET GLOBAL disabled_optimizers = '{FALLIBLE}'")
        self._connection.execute("SET python_enable_replacements = false")
        document = shipped(dataset)
        for table, file in document["engine"]["files"].items():
            if document["tables"][table].get("public"):
                self._connection.execute(f"CREATE TABLE {table} AS FROM '{sample(file)}'")
        self._kinds: dict[str, Kind] = {
            **kinds(dataset),
            OWNER[dataset]: Kind((), "BIGINT"),
            **({"encounter_id": Kind((), "BIGINT")} if dataset == "hospital" else {}),
        }

    def put(self, rows: Rows) -> None:
        """Make these the rows of the protected table."""
        self._connection.register("given", self._arrow(rows))
        items = ", ".join(f"CAST({name} AS {kind.type}) AS {name}" for name, kind in self._typed())
        name = PROTECTED[self._dataset]
        self._connection.execute(f"CREATE OR REPLACE TABLE everyone AS SELECT {items} FROM given")
        self.without(None)
        self._connection.execute(f"CREATE OR REPLACE VIEW {name} AS FROM present")

    def without(self, owner: int | None) -> None:
        """Leave out the rows of one owner; None leaves out nobody."""
        where = "TRUE" if owner is None else f"{OWNER[self._dataset]} IS DISTINCT FROM {owner}"
        self._connection.execute(f"CREATE OR REPLACE TABLE present AS FROM everyone WHERE {where}")

    def exact(self, release: Release) -> pa.Table:
        """The statement's result."""
        with warnings.catch_warnings():
            # `sql` copies no rows, but plans each statement twice, and that takes longest here.
            warnings.filterwarnings("ignore", "Arrow output on a DB-API result", UserWarning)
            return self._connection.execute(release.statement.sql).to_arrow_table()

    def measured(self, release: Release) -> Cells:
        """The statement's exact result, taken through `noise.release` without noise.

        Both must be total: an error that depends on a row would tell of it.
        """
        found = self.exact(release)
        width = len(release.keys)
        noiseless = released(release, ExactTable(found), Silence(), _every_group(release, found))
        if release.groups is not None:
            # Rows beyond the enumerated groups would be dropped silently there.
            keys = [found.column(key.name).to_pylist() for key in release.keys]
            cells = set(release.cells(release.groups))
            beyond = set(zip(*keys, strict=True)) - cells if keys else set()
            assert not beyond, "a row reached a group that was not enumerated"
            return {row[:width]: _whole(row[width:]) for row in noiseless.rows}
        columns = [found.column(name).to_pylist() for name in release.statement.columns]
        rows = list(zip(*columns, strict=True))
        return {tuple(map(repr, row[:width])): _whole(row[width:]) for row in rows}

    def _typed(self) -> Iterator[tuple[str, Kind]]:
        yield from self._kinds.items()

    def _arrow(self, rows: Rows) -> pa.Table:
        arrow = {"BIGINT": pa.int64(), "DOUBLE": pa.float64()}
        return pa.table(
            {
                name: pa.array([row[name] for row in rows], arrow.get(kind.type, pa.string()))
                for name, kind in self._typed()
            }
        )


def _every_group(release: Release, found: pa.Table) -> Mapping[str, NoisyTable]:
    """All groups that a statement has, as if another release had shown every one of them."""
    if release.groups_of is None:
        return {}
    names = tuple(key.name for key in release.group_keys)
    columns = [found.column(name).to_pylist() for name in names]
    rows = tuple(dict.fromkeys(zip(*columns, strict=True)))
    return {release.groups_of: NoisyTable(keys=names, measures=(), rows=rows)}


def _whole(values: tuple[object, ...]) -> tuple[int, ...]:
    made = tuple(int(value) for value in values)  # type: ignore[call-overload]
    assert made == values, "a measure is not a whole number"
    return made
