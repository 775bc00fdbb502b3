"""`GET /v1/datasets`: what an analyst can ask about, with what the policy says of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction

from fastapi import APIRouter

from gateway.errors import Code, Refusal
from gateway.policy.catalog import Dataset, Table, TableColumn, View
from gateway.policy.model import Auto, Through
from gateway.privacy.domains import Domain, Interval, Members
from gateway.server.caller import TheAnalyst, TheDesk
from gateway.server.cells import moment, number
from gateway.sql.types import Scalar, Type, from_ordinal

router = APIRouter(tags=["datasets"])


@router.get("/v1/datasets")
def datasets(who: TheAnalyst, desk: TheDesk) -> dict[str, object]:
    """The datasets that the analyst may ask about."""
    return {
        "datasets": [
            {
                "name": name,
                "description": dataset.policy.description,
                "unit": dataset.policy.privacy.unit,
                "guarantee": dataset.policy.privacy.guarantee.value,
                "tables": list(dataset.tables),
                "views": list(dataset.views),
            }
            for name, dataset in desk.visible(who).datasets.items()
        ]
    }


@router.get("/v1/datasets/{name}")
def dataset(name: str, who: TheAnalyst, desk: TheDesk) -> dict[str, object]:
    """One dataset: prices, tables, columns with type, bounds and domain."""
    seen = desk.visible(who).datasets
    found = seen.get(name)
    if found is None:
        near = get_close_matches(name[:100], list(seen), n=1)
        raise Refusal(
            Code.NOT_FOUND,
            f"There is no dataset {name[:100]} for you.",
            f"Did you mean `{near[0]}`?" if near else "GET /v1/datasets lists yours.",
        )
    return described(found)


def described(dataset: Dataset) -> dict[str, object]:
    """Everything an analyst may know of a dataset; hidden columns do not exist here."""
    privacy = dataset.policy.privacy
    return {
        "name": dataset.name,
        "description": dataset.policy.description,
        "privacy": {
            "unit": privacy.unit,
            "guarantee": privacy.guarantee.value,
            "delta": float(privacy.delta),
            "per_query": float(privacy.per_query),
            "max_per_query": float(privacy.max_per_query),
        },
        "tables": [table_document(table) for table in dataset.tables.values()],
        "views": [view_document(view) for view in dataset.views.values()],
    }


def view_document(view: View) -> dict[str, object]:
    """One view, to be named like a table; what `releases` costs like the query itself."""
    return {
        "name": view.name,
        "sql": view.sql,
        "protected": view.protected,
        "releases": view.releases,
        "columns": [
            {"name": each.name, "type": each.type.name, "nullable": each.nullable}
            | domain(each.domain, each.type)
            for each in view.columns
        ],
    }


def table_document(table: Table) -> dict[str, object]:
    """One table; `unit` is the column that names the owner, or the reference that leads there."""
    unit: object = table.unit
    if isinstance(table.unit, Through):
        unit = {"through": table.unit.table, "on": dict(table.unit.on)}
    return {
        "name": table.name,
        "description": table.description,
        "public": table.public,
        "unit": unit,
        "key": list(table.key),
        "max_rows": table.max_rows,
        "max_groups": table.max_groups,
        "columns": [column(each) for each in table.columns.values() if each.usable],
    }


def column(each: TableColumn) -> dict[str, object]:
    """One column; `values` is its public domain and `bounds` its interval, where declared."""
    return {
        "name": each.name,
        "type": each.type.name,
        "nullable": each.nullable,
        "description": each.description,
        "references": None if each.references is None else ".".join(each.references),
        "step": None if each.step is None else float(each.step),
        "max_total": _total(each.max_total),
    } | domain(each.domain, each.type)


def _total(bound: Fraction | Auto | None) -> float | str | None:
    if isinstance(bound, Auto):
        return bound.value
    return None if bound is None else float(bound)


def domain(of: Domain, kind: Type) -> dict[str, object]:
    """`domain` is `public` where all values are reported, `private` where rare ones are not."""
    match of:
        case Members():
            return {"domain": "public", "values": [_value(v) for v in of.values], "bounds": None}
        case Interval():
            bounds = [_end(of.lo, kind), _end(of.hi, kind)]
            return {"domain": "private", "values": None, "bounds": bounds}
        case _:
            return {"domain": "private", "values": None, "bounds": None}


def _end(end: Fraction, kind: Type) -> object:
    return _value(from_ordinal(int(end), kind.kind)) if kind.temporal else number(end)


def _value(value: Scalar) -> object:
    if isinstance(value, dt.date):
        return moment(value)
    return number(Fraction(value)) if isinstance(value, Decimal) else value
