"""The post-processing of a plan: made ready, checked on empty tables, its columns described.

Checking it before anything is charged means that a slip in the outer SQL costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from sqlglot import exp

from gateway.postprocess.ends import Ends
from gateway.postprocess.finish import finished
from gateway.postprocess.identity import Identities
from gateway.postprocess.intervals import made, no_widths
from gateway.postprocess.lineage import Direct, origins
from gateway.postprocess.meanings import with_meanings
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
    confidence: float = 0.95,
) -> Outer:
    """The post-processing as DuckDB SQL, with the answer's columns.

    Raises Refusal where it cannot run, found on empty tables of the same shape.
    """
    by_name = {release.name: release for release in releases}
    schema = {name: schema_of(release) for name, release in by_name.items()}
    schema |= {name: public_schema(table) for name, table in public_tables.items()}
    ready = finished(query, schema)
    found = origins(ready, by_name, direct)
    identities = Identities(by_name, direct)
    ends = Ends(by_name, direct, identities, confidence, lambda text: _per_draw(text, releases))
    ready = ends.replaced(ready)
    derived = any(origin.noisy and origin.direct is None for origin in found)
    hidden = _told_apart(ready, identities) if derived else 0
    sql = with_meanings(ready).sql(dialect="duckdb", comments=False, copy=False)
    with workbench.tables({}) as sheet:
        sheet.make([_empty(name, columns) for name, columns in schema.items()])
        for interval in ends.intervals:
            sheet.make([made(interval, no_widths(interval))])
        described = sheet.describe(sql)
    described = described[: len(described) - hidden]
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
    redrawn = any(column.noisy and column.released is None for column in columns)
    return Outer(
        sql=sql,
        redraw=_per_draw(_of_all_rows(ready), releases) if redrawn else "",
        columns=columns,
        public_tables=tuple(public_tables.values()),
        hidden=hidden,
        intervals=tuple(ends.intervals),
    )


def _of_all_rows(query: exp.Expr) -> str:
    """The query without ORDER BY and LIMIT: where other rows come first in a draw, it still has
    the rows of the answer."""
    for part in ("order", "limit", "offset", "fetch"):
        query.set(part, None)
    return query.sql(dialect="duckdb", comments=False, copy=False)


def _told_apart(query: exp.Expr, identities: Identities) -> int:
    """Add the columns by which the answer's rows are told apart where it does not show them; how
    many they are. Distinct rows, and those of set operations, show what tells them apart."""
    if not isinstance(query, exp.Select) or query.args.get("distinct"):
        return 0
    return len(identities.hide(query, identities.of(query)))


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
