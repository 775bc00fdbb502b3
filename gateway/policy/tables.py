"""The `tables` part of a policy: whose rows, how bounded, and what is known of each column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from gateway.policy.document import Branch, Leaf, Node, Series, key_path, shown
from gateway.policy.faults import FaultList, listing, nearest
from gateway.policy.fields import (
    Fields,
    boolean,
    count_or_auto,
    entries,
    fields,
    names,
    positive,
    prose,
    text,
)
from gateway.policy.model import Auto, ColumnPolicy, TablePolicy, Through
from gateway.sql.types import Scalar, ordinal

_TABLE_KEYS = (
    "unit",
    "public",
    "key",
    "max_rows",
    "max_groups",
    "columns",
    "description",
)
_COLUMN_KEYS = (
    "values",
    "bounds",
    "step",
    "max_total",
    "nullable",
    "references",
    "hidden",
    "description",
)
_UNIT = "the owner's column, or {through: TABLE, on: {COLUMN: COLUMN OF TABLE}}"
_DAY_IN_MICROSECONDS = 86_400_000_000
_MOST_STEPS = 2**62


def read_tables(node: Node, faults: FaultList) -> Mapping[str, TablePolicy]:
    """All tables, checked one by one and then against each other."""
    found = entries(node, faults, "a mapping from table to what holds for it")
    if found is None:
        return {}
    if not found:
        faults.add(node.line, node.path, found="no table", allowed="at least one table")
    tables = {name: _table(name, child, faults) for name, child in found.items()}
    for name, child in found.items():
        if isinstance(child, Branch):
            _check_between_tables(tables[name], child, tables, faults)
    return MappingProxyType(tables)


def _table(name: str, node: Node, faults: FaultList) -> TablePolicy:
    table = fields(node, _TABLE_KEYS, faults)
    if table is None:
        return TablePolicy(
            name=name, public=True, unit=None, key=(), max_rows=None, max_groups=None, columns={}
        )
    public = table.take("public", boolean)
    unit = _unit(table.branch.entries["unit"], faults) if table.has("unit") else None
    if public and table.has("unit"):
        table.fault("unit", found="unit and public: true", allowed="one of the two")
    elif not public and not table.has("unit"):
        faults.add(
            node.line,
            node.path,
            found="a table with neither unit nor public: true",
            allowed=f"unit ({_UNIT}) for protected rows, public: true for rows of nobody",
        )
    if public:
        for key in ("max_rows", "max_groups"):
            table.refuse(key, because="nothing: a public table has no owners to bound")
    return TablePolicy(
        name=name,
        public=bool(public),
        unit=unit,
        key=table.take("key", names) or (),
        max_rows=table.take("max_rows", count_or_auto),
        max_groups=table.take("max_groups", count_or_auto),
        columns=_columns(table, public=bool(public)),
        description=table.take("description", prose) or "",
    )


def _unit(node: Node, faults: FaultList) -> str | Through | None:
    if not isinstance(node, Branch):
        if isinstance(node, Leaf) and isinstance(node.value, str) and node.value.strip():
            return node.value
        faults.add(node.line, node.path, found=shown(node), allowed=_UNIT)
        return None
    unit = fields(node, ("through", "on"), faults)
    if unit is None:
        return None
    target = unit.need("through", text, "the table whose rows have the owner")
    pairs = unit.need("on", _pairs, "a mapping from own columns to columns of that table")
    return Through(table=target, on=pairs) if target and pairs else None


def _pairs(node: Node, faults: FaultList) -> Mapping[str, str] | None:
    allowed = "a mapping from own columns to columns of the other table"
    found = entries(node, faults, allowed)
    if found is None:
        return None
    pairs = {own: text(other, faults) for own, other in found.items()}
    named = {own: other for own, other in pairs.items() if other is not None}
    if not found or len(set(named.values())) < len(named):
        faults.add(node.line, node.path, found=shown(node), allowed=allowed + ", each once")
        return None
    return MappingProxyType(named) if len(named) == len(found) else None


def _columns(table: Fields, *, public: bool) -> Mapping[str, ColumnPolicy]:
    node = table.branch.entries.get("columns")
    if node is None or (isinstance(node, Leaf) and node.value is None):
        return MappingProxyType({})  # `columns:` with only comments below it lists none
    found = entries(node, table.faults, "a mapping from column to what is known of it, or {}")
    return MappingProxyType(
        {name: _column(name, child, table.faults, public) for name, child in (found or {}).items()}
    )


def _column(name: str, node: Node, faults: FaultList, public: bool) -> ColumnPolicy:
    column = fields(node, _COLUMN_KEYS, faults)
    if column is None:
        return ColumnPolicy(name=name)
    values = column.take("values", _values)
    bounds = column.take("bounds", _bounds)
    nullable = column.take("nullable", boolean)
    step = column.take("step", positive())
    total = column.branch.entries.get("max_total")
    max_total = None if total is None else _max_total(total, faults)
    result = ColumnPolicy(
        name=name,
        values=values,
        bounds=bounds,
        step=step,
        max_total=max_total,
        hidden=bool(column.take("hidden", boolean)),
        references=column.take("references", _reference),
        nullable=nullable,
        description=column.take("description", prose) or "",
    )
    declared = [key for key in ("values", "references", "bounds") if column.has(key)]
    if len(declared) > 1:
        column.fault(
            declared[1],
            found=" and ".join(declared),
            allowed="one of them: each alone says which values the column has",
        )
    if values is not None and nullable is not None and nullable != (None in values):
        column.fault(
            "nullable",
            found=f"nullable: {str(nullable).lower()} against values",
            allowed="null among the values, exactly where NULL is expected",
        )
    if public:
        column.refuse("max_total", because="nothing: a public table has no owners to bound")
    if result.max_total is Auto.AUTO and bounds is None and values is None:
        column.fault(
            "max_total", found="max_total: auto without bounds", allowed="bounds beside it"
        )
    if bounds is not None and step is not None:
        _check_step(column, bounds, step)
    return result


def _check_step(column: Fields, bounds: tuple[Scalar, Scalar], step: Fraction) -> None:
    lo, hi = bounds
    if isinstance(lo, dt.date) or isinstance(hi, dt.date):
        column.fault("step", found="step on dates", allowed="nothing: steps are for numbers")
    elif isinstance(lo, int | Decimal) and isinstance(hi, int | Decimal):
        width, size = Fraction(hi) - Fraction(lo), max(abs(Fraction(lo)), abs(Fraction(hi)))
        if 0 < width < step:
            column.fault("step", found="a step wider than the bounds", allowed="a smaller step")
        if size / step > _MOST_STEPS:
            column.fault(
                "step", found="more than 2^62 steps within the bounds", allowed="a larger step"
            )


def _values(node: Node, faults: FaultList) -> tuple[Scalar, ...] | None:
    allowed = "a list of the values that the column can have; null among them for NULL"
    if not isinstance(node, Series) or not node.items:
        found = "an empty list" if isinstance(node, Series) else shown(node)
        faults.add(node.line, node.path, found=found, allowed=allowed)
        return None
    seen: set[tuple[type, Scalar]] = set()
    values: list[Scalar] = []
    for item in node.items:
        if not isinstance(item, Leaf):
            faults.add(item.line, item.path, found=shown(item), allowed="one value")
        elif (type(item.value), item.value) in seen:
            faults.add(
                item.line,
                item.path,
                found=f"{shown(item)} a second time",
                allowed="each value once",
            )
        else:
            seen.add((type(item.value), item.value))
            values.append(item.value)
    return tuple(values)


def _bounds(node: Node, faults: FaultList) -> tuple[Scalar, Scalar] | None:
    allowed = "[lowest, highest], two numbers, dates or timestamps"
    items = node.items if isinstance(node, Series) else ()
    values = [item.value for item in items if isinstance(item, Leaf)]
    if len(values) != 2 or len(items) != 2:
        found = f"a list of {len(items)}" if isinstance(node, Series) else shown(node)
        faults.add(node.line, node.path, found=found, allowed=allowed)
        return None
    lo, hi = values
    order = _ordered(lo, hi)
    if order is None:
        found = f"{shown(items[0])} and {shown(items[1])}"
        faults.add(node.line, node.path, found=found, allowed=allowed)
        return None
    if not order:
        faults.add(
            node.line,
            node.path,
            found=f"{shown(items[0])} above {shown(items[1])}",
            allowed="the lowest value first",
        )
        return None
    return lo, hi


def _ordered(lo: Scalar, hi: Scalar) -> bool | None:
    """Whether lo ≤ hi; None where the two cannot be the bounds of one column."""
    if isinstance(lo, bool) or isinstance(hi, bool):
        return None
    if isinstance(lo, int | Decimal) and isinstance(hi, int | Decimal):
        return Fraction(lo) <= Fraction(hi)
    if isinstance(lo, dt.date) and isinstance(hi, dt.date):
        return _microseconds(lo) <= _microseconds(hi)
    return None


def _microseconds(value: dt.date) -> int:
    number = ordinal(value)
    return number if isinstance(value, dt.datetime) else number * _DAY_IN_MICROSECONDS


def _max_total(node: Node, faults: FaultList) -> Fraction | Auto | None:
    if isinstance(node, Leaf) and node.value == Auto.AUTO.value:
        return Auto.AUTO
    return positive()(node, faults)


def _reference(node: Node, faults: FaultList) -> tuple[str, str] | None:
    value = node.value if isinstance(node, Leaf) else None
    if isinstance(value, str):
        table, _, column = value.rpartition(".")
        if table and column:
            return table, column
    faults.add(node.line, node.path, found=shown(node), allowed="PUBLIC_TABLE.COLUMN")
    return None


def _check_between_tables(
    table: TablePolicy, node: Branch, tables: Mapping[str, TablePolicy], faults: FaultList
) -> None:
    if isinstance(table.unit, Through):
        _check_chain(table, table.unit, node, tables, faults)
    columns = node.entries.get("columns")
    for column in table.columns.values():
        if column.references is None or not isinstance(columns, Branch):
            continue
        target = tables.get(column.references[0])
        place = columns.entries[column.name]
        path = key_path(place.path, "references")
        line = place.entries["references"].line if isinstance(place, Branch) else place.line
        public = [name for name, other in tables.items() if other.public]
        if target is None:
            faults.add(
                line,
                path,
                found=f"the unknown table {column.references[0]}",
                allowed=f"a public table: {listing(public) or 'none is declared'}",
                nearest=nearest(column.references[0], public),
            )
        elif not target.public:
            faults.add(
                line,
                path,
                found=f"the protected table {target.name}",
                allowed="a public table: the values of a protected one are not public",
            )


def _check_chain(
    table: TablePolicy,
    unit: Through,
    node: Branch,
    tables: Mapping[str, TablePolicy],
    faults: FaultList,
) -> None:
    place = node.entries["unit"]
    path = key_path(place.path, "through")
    protected = [name for name, other in tables.items() if not other.public and other is not table]
    target = tables.get(unit.table)
    if target is None:
        faults.add(
            place.line,
            path,
            found=f"the unknown table {unit.table}",
            allowed=f"a protected table: {listing(protected) or 'none is declared'}",
            nearest=nearest(unit.table, protected),
        )
        return
    if target.public:
        faults.add(
            place.line,
            path,
            found=f"the public table {unit.table}, whose rows have no owner",
            allowed="a protected table",
        )
    passed = [table.name]
    while isinstance(target.unit, Through):
        if target.name in passed:
            faults.add(
                place.line,
                path,
                found=f"a circle: {' -> '.join([*passed, target.name])}",
                allowed="a chain that ends at a table with a unit column",
            )
            return
        passed.append(target.name)
        following = tables.get(target.unit.table)
        if following is None:
            return  # noted at the table that names it
        target = following
