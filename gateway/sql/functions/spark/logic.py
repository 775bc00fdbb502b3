"""Spark's comparisons, boolean operators, NULL and choice.

Arguments are brought to one type by casts of the gateway's choice: Spark's own casts between them
fail for some values, or compare in another type. Spark holds NaN equal to itself and above every
number, and 0.0 equal to -0.0, as PostgreSQL does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gateway.sql.expressions import Call, Expr
from gateway.sql.functions.base import Rendering, plain
from gateway.sql.functions.logic import shared_type
from gateway.sql.functions.spark.forms import DAY, as_moment, spark_type
from gateway.sql.types import Kind, Type


def length(interval: str) -> str:
    """An interval as PostgreSQL orders them: in microseconds, with months of 30 days."""
    months, days = (f"CAST(({interval}).{part} AS DECIMAL(20, 0))" for part in "md")
    return f"CAST(({months} * 30 + {days}) * {DAY} + ({interval}).u AS DECIMAL(38, 0))"


def _as(text: str, part: Expr, kind: Type) -> str:
    source = part.type
    if source.kind is Kind.NULL:
        return f"CAST(NULL AS {spark_type(kind)})"
    if source.kind is Kind.DATE and kind.kind is not Kind.DATE:
        return as_moment(text, kind)
    if source.kind is kind.kind and (source.kind is not Kind.DECIMAL or source == kind):
        return text
    return f"CAST({text} AS {spark_type(kind)})"


def _aligned(call: Call, arguments: Sequence[str]) -> list[str]:
    kind = shared_type(call.arguments)
    if kind is None or kind.kind is Kind.NULL:
        return list(arguments)
    return [_as(text, part, kind) for text, part in zip(arguments, call.arguments, strict=True)]


def _compared(template: str) -> Rendering:
    def write(call: Call, arguments: Sequence[str]) -> str:
        parts = _measured(call, arguments)
        return template.format(*parts)

    return write


def _measured(call: Call, arguments: Sequence[str]) -> list[str]:
    kind = shared_type(call.arguments)
    parts = _aligned(call, arguments)
    return [length(part) for part in parts] if kind and kind.kind is Kind.INTERVAL else parts


def _in(call: Call, arguments: Sequence[str]) -> str:
    parts = _measured(call, arguments)
    kind = shared_type(call.arguments)
    if kind and kind.kind is Kind.FLOAT:
        # Long lists are searched by hash, where 0.0 is not -0.0.
        parts = [f"({part} + 0.0D)" for part in parts]
    return f"({parts[0]} IN ({', '.join(parts[1:])}))"


def _chosen(name: str) -> Rendering:
    def write(call: Call, arguments: Sequence[str]) -> str:
        parts = _aligned(call, arguments)
        if len(parts) == 1:
            return parts[0]
        if name != "coalesce" and call.type.kind is Kind.INTERVAL:
            return _extreme(parts, "<" if name == "least" else ">")
        return f"{name}({', '.join(parts)})"

    return write


def _extreme(parts: Sequence[str], sign: str) -> str:
    best = parts[0]
    for part in parts[1:]:
        wins = f"{length(part)} {sign} {length(best)} OR {best} IS NULL"
        best = f"CASE WHEN {part} IS NOT NULL AND ({wins}) THEN {part} ELSE {best} END"
    return best


def _nullif(call: Call, arguments: Sequence[str]) -> str:
    a, b = _measured(call, arguments)
    return f"CASE WHEN {a} = {b} THEN NULL ELSE {arguments[0]} END"


def _counted(test: str) -> Rendering:
    return lambda call, arguments: (
        "(" + " + ".join(f"CAST(({argument} {test}) AS INT)" for argument in arguments) + ")"
    )


def _infix(symbol: str) -> Rendering:
    return lambda call, arguments: "(" + f" {symbol} ".join(map(_truth, arguments)) + ")"


def _truth(text: str) -> str:
    return "CAST(NULL AS BOOLEAN)" if text == "NULL" else text


_OF_TRUTH: Callable[[str], Rendering] = lambda template: (  # noqa: E731
    lambda call, arguments: template.format(*map(_truth, arguments))
)

RENDERINGS: dict[str, Rendering] = {
    "eq": _compared("({0} = {1})"),
    "ne": _compared("({0} <> {1})"),
    "lt": _compared("({0} < {1})"),
    "le": _compared("({0} <= {1})"),
    "gt": _compared("({0} > {1})"),
    "ge": _compared("({0} >= {1})"),
    "between": _compared("({0} BETWEEN {1} AND {2})"),
    "in": _in,
    "distinct_from": _compared("(NOT ({0} <=> {1}))"),
    "not_distinct_from": _compared("({0} <=> {1})"),
    "is_null": plain("({0} IS NULL)"),
    "is_not_null": plain("({0} IS NOT NULL)"),
    "is_true": _OF_TRUTH("({0} <=> TRUE)"),
    "is_false": _OF_TRUTH("({0} <=> FALSE)"),
    "num_nulls": _counted("IS NULL"),
    "num_nonnulls": _counted("IS NOT NULL"),
    "and": _infix("AND"),
    "or": _infix("OR"),
    "not": _OF_TRUTH("(NOT {0})"),
    "coalesce": _chosen("coalesce"),
    "nullif": _nullif,
    "greatest": _chosen("greatest"),
    "least": _chosen("least"),
}
