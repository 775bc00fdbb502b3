"""The post-processing of a plan: made ready, checked on empty tables, its columns described.

Checking it before anything is charged means that a slip in the outer SQL costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from gateway.postprocess.arrow import noisy, public_schema, raw_name, schema_of, view
from gateway.postprocess.finish import finished
from gateway.postprocess.lineage import Direct, origins
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
    sql = ready.sql(dialect="duckdb", comments=False)
    with workbench.tables({raw_name(r.name): noisy(r, None) for r in releases}) as sheet:
        sheet.make(
            [f"CREATE TEMP VIEW {quoted(r.name)} AS {view(r, raw_name(r.name))}" for r in releases]
        )
        sheet.make(
            [_empty(name, columns) for name, columns in schema.items() if name in public_tables]
        )
        described = sheet.describe(sql)
    found = origins(ready, by_name, direct)
    columns = tuple(
        OutputColumn(
            name=name,
            type=_POSTGRES.get(kind.split("(")[0], "text"),
            noisy=found[i].noisy if i < len(found) else bool(releases),
            released=found[i].direct if i < len(found) else None,
        )
        for i, (name, kind) in enumerate(described)
    )
    return Outer(
        sql=sql,
        redraw=_per_draw(ready, by_name).sql(dialect="duckdb", comments=False),
        columns=columns,
        public_tables=tuple(public_tables.values()),
    )


def _per_draw(query: exp.Expr, releases: Mapping[str, Release]) -> exp.Expr:
    """The same query with every noisy table read for one draw only."""

    def replaced(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Table) and node.name in releases:
            drawn = exp.select("*").from_(exp.to_table(f"drawn_{node.name}"))
            one = drawn.where("draw = draws.draw")
            alias = exp.TableAlias(this=exp.to_identifier(node.alias_or_name, quoted=True))
            return exp.Subquery(this=one, alias=alias)
        return node

    return query.transform(replaced)


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
