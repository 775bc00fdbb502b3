"""What a Spark catalog declares, for a starting policy; no row is read."""

from __future__ import annotations

from gateway.edges import SchemaColumn
from gateway.engines.spark import SparkEngine
from gateway.engines.spark_session import brief, faults
from gateway.errors import Code, Refusal
from gateway.rewrite.dialects.spark import quoted

_SCHEMA = "schema="


def split(url: str) -> tuple[str, str]:
    """The address alone, and what `;schema=` in it names: a schema, or catalog and schema."""
    parts = url.split(";")
    named = [part.removeprefix(_SCHEMA) for part in parts if part.startswith(_SCHEMA)]
    rest = ";".join(part for part in parts if not part.startswith(_SCHEMA))
    return rest.removesuffix("/"), named[0] if named else "default"


def tables(url: str, schema: str) -> list[tuple[str, tuple[SchemaColumn, ...]]]:
    """Every table and view of a schema with its columns, by name.

    Raises `Refusal(INVALID_REQUEST)` where there is no such schema, `Refusal(ENGINE_UNAVAILABLE)`
    where the server does not answer.
    """
    engine = SparkEngine(url)
    try:
        source = tuple(schema.split("."))
        try:
            listed = (
                engine.session()
                .sql(f"SHOW TABLES IN {'.'.join(map(quoted, source))}")
                .toArrow()
                .to_pylist()
            )
        except faults() as error:
            raise Refusal(
                Code.INVALID_REQUEST,
                f"Spark has no schema {schema}, or does not show it: {brief(error)[:200]}",
                "Name one that it has: sc://host:15002/;schema=catalog.schema.",
            ) from None
        names = sorted(row["tableName"] for row in listed if not row["isTemporary"])
        return [(name, tuple(engine.describe((*source, name)) or ())) for name in names]
    finally:
        engine.close()
