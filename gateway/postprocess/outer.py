"""The post-processing of a plan: made ready, checked on empty tables, its columns described.

Checking it before anything is charged means that a slip in the outer SQL costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from sqlglot import exp

from gateway.postprocess.finish import finished
from gateway.postprocess.lineage import Direct, origins
from gateway.postprocess.shapes import public_schema, schema_of
from gateway.postprocess.workbench import Workbench
from gateway.privacy.plan import Outer, OutputColumn, PublicTable, Release
from gateway.rewrite.expressions import quoted


def outer(
    query: exp.Expr,
    releases: Sequence[Release],
    public_tables: Mapping[str, PublicTable],
    direct: Direct,
    workbench: Workbench,
) -> Outer:
    """The post-processing as DuckDB SQL, with the answer's columns.

    Raises Refusal where it cannot run, found on empty tables of the same shape.
    """
    by_name = {release.name: release for release in releases}
    schema = {name: schema_of(release) for name, release in by_name.items()}
    schema |= {name: public_schema(table) for name, table in public_tables.items()}
    ready = finished(query, schema)
    found = origins(ready, by_name, direct)
    sql = ready.sql(dialect="duckdb", comments=False, copy=False)  # it is not read again
    with workbench.tables({}) as sheet:
        sheet.make([_empty(name, columns) for name, columns in schema.items()])
        described = sheet.describe(sql)
    columns = tuple(
        OutputColumn(
            name=name,
            type=_POSTGRES.get(kind.split("(")[0], "text"),
            noisy=found[i].noisy if i < len(found) else bool(releases),
            released=found[i].direct if i < len(found) else None,
            grain=_grain(kind),
        )
        for i, (name, kind) in enumerate(described)
    )
    return Outer(
        sql=sql,
        redraw=_per_draw(sql, releases),
        columns=columns,
        public_tables=tuple(public_tables.values()),
    )


def _grain(kind: str) -> Fraction | None:
    """The distance between neighbouring numbers of a DuckDB type; None where it is not fixed."""
    name, _, rest = kind.partition("(")
    if name == "DECIMAL":
        return Fraction(1, 10 ** int(rest.rstrip(")").partition(",")[2]))
    return Fraction(1) if name.endswith("INT") or name == "INTEGER" else None


def _per_draw(sql: str, releases: Sequence[Release]) -> str:
    """The same query with every noisy table read for one draw only."""
    one = ", ".join(
        f"{quoted(r.name)} AS (SELECT * FROM {quoted(f'drawn_{r.name}')} WHERE draw = draws.draw)"
        for r in releases
    )
    return f"WITH {one} SELECT * FROM ({sql})" if one else sql


def _empty(name: str, columns: Mapping[str, str]) -> str:
    items = ", ".join(
        f"CAST(NULL AS {kind}) AS {quoted(column)}" for column, kind in columns.items()
    )
    return f"CREATE TEMP VIEW {quoted(name)} AS SELECT {items} WHERE FALSE"


_POSTGRES = {
    "BOOLEAN": "boolean",
    "TINYINT": "smallint",
    "SMALLINT": "smallint",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "HUGEINT": "numeric",
    "DECIMAL": "numeric",
    "FLOAT": "double precision",
    "DOUBLE": "double precision",
    "VARCHAR": "text",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
    "INTERVAL": "interval",
}
