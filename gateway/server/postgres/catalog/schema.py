"""A dataset as PostgreSQL's statements: its tables as analysts may see them, and no row. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.policy.catalog import Dataset, Table, TableColumn
from gateway.policy.model import Through
from gateway.sql.types import Kind, Type

_NAMES = {Kind.TIMESTAMP: "timestamp without time zone", Kind.TIMESTAMPTZ: "timestamptz"}


def statements(dataset: Dataset) -> Iterator[str]:
    """What makes the tables, their comments, primary keys and references.

    Hidden columns do not exist here, nor does a key or reference that needs one.
    """
    yield f"COMMENT ON DATABASE {quoted(dataset.name)} IS {text(dataset.policy.description)}"
    for table in dataset.tables.values():
        yield from _table(table)
    for table in dataset.tables.values():
        yield from _references(table, dataset)
    for view in dataset.views.values():
        items = (f"NULL::{type_name(c.type)} AS {quoted(c.name)}" for c in view.columns)
        yield f"CREATE VIEW public.{quoted(view.name)} AS SELECT {', '.join(items)} WHERE false"


def quoted(name: str) -> str:
    """A name as an identifier."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def text(value: str) -> str:
    """A text as a constant."""
    escaped = value.replace("\\", "\\\\").replace("'", "''")
    return f"E'{escaped}'"


def type_name(kind: Type) -> str:
    """A type as a column declares it."""
    if kind.kind is Kind.DECIMAL:
        return f"numeric({kind.precision},{kind.scale})"
    return _NAMES.get(kind.kind, kind.name)


def _table(table: Table) -> Iterator[str]:
    name = f"public.{quoted(table.name)}"
    columns = _visible(table)
    parts = [
        f"{quoted(c.name)} {type_name(c.type)}{'' if c.nullable else ' NOT NULL'}"
        for c in columns.values()
    ]
    if _keyed(table):
        parts.append(f"PRIMARY KEY ({', '.join(map(quoted, table.key))})")
    yield f"CREATE TABLE {name} ({', '.join(parts)})"
    if table.description:
        yield f"COMMENT ON TABLE {name} IS {text(table.description)}"
    for column in columns.values():
        if column.description:
            yield f"COMMENT ON COLUMN {name}.{quoted(column.name)} IS {text(column.description)}"


def _references(table: Table, dataset: Dataset) -> Iterator[str]:
    found: list[tuple[tuple[str, ...], str, tuple[str, ...]]] = []
    for column in _visible(table).values():
        if column.references is not None:
            target, referenced = column.references
            found.append(((column.name,), target, (referenced,)))
    if isinstance(table.unit, Through):
        on = table.unit.on
        found.append((tuple(on), table.unit.table, tuple(on.values())))
    for own, target, theirs in dict.fromkeys(found):
        other = dataset.tables[target]
        # A reference needs a key on the other side; without one it is left out.
        if set(own) <= set(_visible(table)) and _keyed(other) and set(theirs) == set(other.key):
            columns, others = (", ".join(map(quoted, names)) for names in (own, theirs))
            yield (
                f"ALTER TABLE public.{quoted(table.name)} ADD FOREIGN KEY ({columns}) "
                f"REFERENCES public.{quoted(target)} ({others})"
            )


def _keyed(table: Table) -> bool:
    """Whether the whole key is visible."""
    return bool(table.key) and set(table.key) <= set(_visible(table))


def _visible(table: Table) -> dict[str, TableColumn]:
    return {column.name: column for column in table.columns.values() if column.usable}
