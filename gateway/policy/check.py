"""Policy plus the engine's schema -> `Dataset`; drift between the two is refused at start.

Public domains come from the policy or from public tables. A protected table is asked for its
schema, and whether a declared key is one; none of its values ever gets here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from gateway.edges import Engine, SchemaColumn
from gateway.policy.catalog import Catalog, Dataset, Table, TableColumn
from gateway.policy.document import key_path
from gateway.policy.domains import declared_domain, public_domain
from gateway.policy.faults import Fault, FaultList, PolicyFaults, listing, nearest
from gateway.policy.fitting import check_max_total, check_step
from gateway.policy.meaning import meaning
from gateway.policy.model import Auto, ColumnPolicy, Policy, TablePolicy, Through
from gateway.privacy.domains import Anything, Domain, Members
from gateway.sql.types import Type

Schema = Mapping[str, SchemaColumn]


def build_dataset(policy: Policy, engine: Engine) -> Dataset:
    """Check one policy against its engine and join the two.

    Raises `PolicyFaults` with everything in which they differ; `Refusal(ENGINE_UNAVAILABLE)` where
    the engine does not answer.
    """
    check = _Check(policy=policy, engine=engine, faults=FaultList(str(policy.file)))
    schemas = {name: check.schema(table) for name, table in policy.tables.items()}
    tables = {
        name: check.table(table, schemas) for name, table in policy.tables.items() if schemas[name]
    }
    check.faults.raise_any()
    return Dataset(
        policy=policy,
        dialect=engine.dialect,
        tables=MappingProxyType(tables),
        digest=_digest(policy.digest, tables),
        meaning=_digest(meaning(policy), tables),
    )


def build_catalog(policies: Iterable[Policy], engines: Mapping[str, Engine]) -> Catalog:
    """All datasets, each with its engine by the dataset's name.

    Raises `PolicyFaults` with the faults of all of them.
    """
    datasets: dict[str, Dataset] = {}
    faults: list[Fault] = []
    for policy in policies:
        try:
            datasets[policy.dataset] = build_dataset(policy, engines[policy.dataset])
        except PolicyFaults as error:
            faults.extend(error.faults)
    if faults:
        raise PolicyFaults(faults)
    return Catalog(datasets=MappingProxyType(datasets))


def source(policy: Policy, table: str) -> tuple[str, ...]:
    """How the engine's SQL names a table. DuckDB's engine has a view of that name for each."""
    if policy.engine.type == "duckdb" or policy.engine.schema is None:
        return (table,)
    return (*policy.engine.schema.split("."), table)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Check:
    policy: Policy
    engine: Engine
    faults: FaultList

    def schema(self, table: TablePolicy) -> Schema:
        """The columns by name; empty, with a fault noted, where the engine has no such table."""
        columns = self.engine.describe(source(self.policy, table.name))
        if not columns:
            self._fault(
                key_path("tables", table.name),
                found=f"no table {table.name} in the database",
                allowed="the name of a table or view, exactly as the database spells it",
            )
        return {column.name: column for column in columns or ()}

    def table(self, table: TablePolicy, schemas: Mapping[str, Schema]) -> Table:
        """One table, with every column that analysts or the gateway need."""
        schema = schemas[table.name]
        path = key_path("tables", table.name)
        needed = self._needed(table, schema, path, schemas)
        listed = list(table.columns)
        if table.public and not listed:
            listed = [name for name, column in schema.items() if column.type is not None]
        columns: dict[str, TableColumn] = {}
        for name in schema:
            if name in listed or name in needed:
                column = self._column(table, schema[name], needed=name in needed)
                if column is not None:
                    columns[name] = column
        for name in table.columns:
            self._known(name, schema, key_path(f"{path}.columns", name))
        return Table(
            name=table.name,
            source=source(self.policy, table.name),
            public=table.public,
            unit=table.unit,
            key=table.key,
            max_rows=table.max_rows,
            max_groups=table.max_groups,
            columns=MappingProxyType(columns),
            description=table.description,
        )

    def _needed(
        self, table: TablePolicy, schema: Schema, path: str, schemas: Mapping[str, Schema]
    ) -> set[str]:
        """The columns that the gateway itself uses: unit, key, and both ends of references."""
        needed = set(table.key)
        if table.key and all(self._known(one, schema, f"{path}.key") for one in table.key):
            self._check_key(table, table.key, f"{path}.key")
        if isinstance(table.unit, str):
            needed.add(table.unit)
            self._known(table.unit, schema, f"{path}.unit")
        elif table.unit is not None:
            needed.update(table.unit.on)
            self._check_through(table.unit, schema, schemas, f"{path}.unit")
        for other in self.policy.tables.values():
            if isinstance(other.unit, Through) and other.unit.table == table.name:
                needed.update(other.unit.on.values())
        return needed

    def _check_key(self, table: TablePolicy, columns: Sequence[str], path: str) -> None:
        if not self.engine.is_key(source(self.policy, table.name), columns):
            self._fault(
                path,
                found=f"{listing(columns)} of {table.name}, which two rows share or one lacks",
                allowed="columns that together are different, and not NULL, in every row",
            )

    def _check_through(
        self, unit: Through, schema: Schema, schemas: Mapping[str, Schema], path: str
    ) -> None:
        target, other = self.policy.tables[unit.table], schemas[unit.table]
        found = True
        for own, theirs in unit.on.items():
            place = key_path(f"{path}.on", own)
            known = self._known(own, schema, place) and self._known(theirs, other, place)
            found = found and known
            if known:
                self._check_same_kind(schema[own], other[theirs], place)
        # A row must have one owner, so what it references must be one row.
        theirs_all = tuple(unit.on.values())
        declared = bool(target.key) and set(target.key) <= set(theirs_all)
        if found and other and not declared:
            self._check_key(target, theirs_all, f"{path}.on")

    def _check_same_kind(self, own: SchemaColumn, theirs: SchemaColumn, path: str) -> None:
        if own.type is None or theirs.type is None or own.type.kind is theirs.type.kind:
            return
        self._fault(
            path,
            found=f"{own.name}, {own.type.name}, against {theirs.name}, {theirs.type.name}",
            allowed="two columns of one type",
        )

    def _column(
        self, table: TablePolicy, column: SchemaColumn, *, needed: bool
    ) -> TableColumn | None:
        declared = table.columns.get(column.name)
        path = self._column_path(table, column.name)
        if column.type is None:
            if declared is not None and declared.hidden and not needed:
                return None
            self._fault(
                path,
                found=f"a column of type {column.declared or 'unknown'}",
                allowed="a type that Noisegate knows; hide the column, or cast it in a view",
            )
            return None
        is_unit = column.name == table.unit
        listed = declared is not None or (table.public and not table.columns)
        known = declared or ColumnPolicy(name=column.name)
        self._check_numbers(known, column.type, path)
        domain = self._domain(table, known, column.type, path)
        return TableColumn(
            name=column.name,
            type=column.type,
            domain=domain,
            nullable=self._nullable(table, column, known, domain),
            usable=(listed or is_unit) and not known.hidden,
            step=known.step,
            max_total=known.max_total,
            references=known.references,
            description=known.description,
            read=column.read,
        )

    def _domain(self, table: TablePolicy, column: ColumnPolicy, kind: Type, path: str) -> Domain:
        if column.references is not None:
            return self._referenced(column, column.references, kind, path)
        if column.values is not None or column.bounds is not None:
            return declared_domain(column, kind, self._at(path))
        if table.public and not column.hidden:
            return public_domain(
                self.engine, source(self.policy, table.name), column, kind, self._at(path)
            )
        return Anything()

    def _referenced(
        self, column: ColumnPolicy, references: tuple[str, str], kind: Type, path: str
    ) -> Domain:
        table, name = references
        place = key_path(path, "references")
        target = self.policy.tables[table]
        if not target.public:
            raise AssertionError("a public domain is never read from protected rows")
        columns = self.engine.describe(source(self.policy, table)) or ()
        schema = {one.name: one for one in columns}
        if not self._known(name, schema, place):
            return Anything()
        other = schema[name].type
        if other is None or other.kind is not kind.kind:
            found = f"{name} of type {other.name if other else schema[name].declared}"
            self._fault(place, found=found, allowed=f"a public column of type {kind.name}")
            return Anything()
        return public_domain(
            self.engine,
            source(self.policy, table),
            ColumnPolicy(name=name, nullable=column.nullable),
            kind,
            self._at(path),
            referenced=True,
        )

    def _check_numbers(self, column: ColumnPolicy, kind: Type, path: str) -> None:
        if column.step is not None:
            step = column.step
            self._fit(lambda: check_step(step, kind), "step", f"{step}", path)
        if column.max_total is not None:
            auto = isinstance(column.max_total, Auto)
            total = Auto.AUTO.value if auto else f"{column.max_total}"
            self._fit(lambda: check_max_total(kind), "max_total", total, path)

    def _nullable(
        self, table: TablePolicy, column: SchemaColumn, known: ColumnPolicy, domain: Domain
    ) -> bool:
        if column.name == table.unit or column.name in table.key:
            return False  # rows without an owner are left out, and `is_key` refuses NULL
        if isinstance(domain, Members):
            return None in domain.values
        return column.nullable if known.nullable is None else known.nullable

    def _known(self, name: str, schema: Schema, path: str) -> bool:
        if not schema or name in schema:
            return bool(schema)
        self._fault(
            path,
            found=f"no column {name} in the database",
            allowed=listing(list(schema)),
            near=nearest(name, schema),
        )
        return False

    def _fit(self, check: Callable[[], None], key: str, found: str, path: str) -> None:
        try:
            check()
        except ValueError as error:
            self._fault(key_path(path, key), found=found, allowed=str(error))

    def _at(self, path: str) -> Callable[[str, str, str], None]:
        def note(below: str, found: str, allowed: str) -> None:
            self._fault(path + below, found=found, allowed=allowed)

        return note

    def _column_path(self, table: TablePolicy, column: str) -> str:
        path = key_path("tables", table.name)
        if column in table.columns:
            return key_path(f"{path}.columns", column)
        return f"{path}.unit" if column == table.unit else path

    def _fault(self, path: str, *, found: str, allowed: str, near: str | None = None) -> None:
        """Note a fault at the line of the path, or of the nearest part of it that has one."""
        known = path
        while known and known not in self.policy.lines:
            known = known.rpartition(".")[0]
        line = self.policy.lines.get(known, 1)
        self.faults.add(line, path, found=found, allowed=allowed, nearest=near)


def _digest(policy: object, tables: Mapping[str, Table]) -> str:
    schema = [
        [name, table.source, [[c.name, repr(c.type), c.nullable] for c in table.columns.values()]]
        for name, table in tables.items()
    ]
    text = json.dumps([policy, schema], ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
