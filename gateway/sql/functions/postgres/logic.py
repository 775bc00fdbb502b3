"""Comparisons, boolean operators, NULL and choice. Text is compared by code points."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.sql.expressions import Call, Expr, Literal
from gateway.sql.functions.base import Rendering, plain
from gateway.sql.functions.logic import shared_type
from gateway.sql.functions.postgres.conversion import as_moment
from gateway.sql.functions.postgres.names import collated, postgres_type
from gateway.sql.types import Kind, Type


def _aligned(render: Rendering) -> Rendering:
    """Arguments brought to one type first, where PostgreSQL's own cast to it could fail."""

    def write(call: Call, arguments: Sequence[str]) -> str:
        kind = shared_type(call.arguments)
        pairs = zip(arguments, call.arguments, strict=True)
        return render(call, [_as(text, part, call, kind) for text, part in pairs])

    return write


def _as(text: str, part: Expr, call: Call, kind: Type | None) -> str:
    if kind is None:
        return text
    if part.type.kind is Kind.NULL:
        return f"CAST(NULL AS {postgres_type(kind)})" if kind.kind is not Kind.NULL else "NULL"
    if kind.kind is Kind.TEXT:
        return collated(text, kind)
    if part.type.kind is kind.kind:
        return text
    if part.type.kind is Kind.DATE and not isinstance(part, Literal):
        return as_moment(text, kind)
    return f"CAST({text} AS {postgres_type(kind)})" if kind.kind is Kind.FLOAT else text


def _infix(symbol: str) -> Rendering:
    return lambda call, arguments: "(" + f" {symbol} ".join(arguments) + ")"


def _call(name: str) -> Rendering:
    return lambda call, arguments: f"{name}({', '.join(arguments)})"


def _write_nullif(call: Call, arguments: Sequence[str]) -> str:
    equal = _aligned(plain("({0} = {1})"))(call, arguments)
    return f"CASE WHEN {equal} THEN NULL ELSE {arguments[0]} END"


def _counted(test: str) -> Rendering:
    return lambda call, arguments: (
        "(" + " + ".join(f"CAST(({argument} {test}) AS integer)" for argument in arguments) + ")"
    )


RENDERINGS: dict[str, Rendering] = {
    **{
        name: _aligned(plain(f"({{0}} {symbol} {{1}})"))
        for name, symbol in {
            **{"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="},
            "distinct_from": "IS DISTINCT FROM",
            "not_distinct_from": "IS NOT DISTINCT FROM",
        }.items()
    },
    "between": _aligned(plain("({0} BETWEEN {1} AND {2})")),
    "in": _aligned(lambda call, parts: f"({parts[0]} IN ({', '.join(parts[1:])}))"),
    "is_null": plain("({0} IS NULL)"),
    "is_not_null": plain("({0} IS NOT NULL)"),
    "is_true": plain("({0} IS NOT DISTINCT FROM TRUE)"),
    "is_false": plain("({0} IS NOT DISTINCT FROM FALSE)"),
    "num_nulls": _counted("IS NULL"),
    "num_nonnulls": _counted("IS NOT NULL"),
    "and": _infix("AND"),
    "or": _infix("OR"),
    "not": plain("(NOT {0})"),
    "coalesce": _aligned(_call("coalesce")),
    "nullif": _write_nullif,
    "greatest": _aligned(_call("greatest")),
    "least": _aligned(_call("least")),
}
