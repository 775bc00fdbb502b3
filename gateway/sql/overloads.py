"""What operators mean for the types that they stand between, and what quoted constants are."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.sql import literals
from gateway.sql.expressions import Call, Expr, Literal
from gateway.sql.functions import TABLE
from gateway.sql.types import BIGINT, INTERVAL, Kind

_COERCING = {
    *("eq", "ne", "lt", "le", "gt", "ge", "between", "in", "distinct_from"),
    *("not_distinct_from", "coalesce", "nullif", "greatest", "least", "subtract"),
    *("age", "between_moments", "date_bin"),
}


def applied(name: str, arguments: list[Expr]) -> tuple[str, list[Expr]]:
    """The function of the table that is meant, with its arguments in its order."""
    if name in _COERCING:
        arguments = coerced(arguments)
    if len(arguments) == 2 and name in ("add", "subtract", "multiply"):
        return _of_two(name, arguments)
    first = arguments[0].type.kind if arguments else Kind.NULL
    if name == "negate" and first is Kind.INTERVAL:
        return "negate_interval", arguments
    if name == "date_part" and len(arguments) == 2 and arguments[1].type.kind is Kind.INTERVAL:
        return _part_of_interval(arguments)
    if name == "substring" and len(arguments) == 2 and _is_text(arguments[1]):
        return "regexp_substring", arguments
    return name, arguments


def _part_of_interval(arguments: list[Expr]) -> tuple[str, list[Expr]]:
    """The epoch of a difference of timestamps is known to the microsecond, and its range too."""
    part, value = arguments
    if isinstance(value, Call) and value.function == "between_moments":
        seconds = TABLE["seconds_between"].result(value.arguments) is not None
        if seconds and isinstance(part, Literal) and part.value == "epoch":
            return "seconds_between", list(value.arguments)
    return "interval_part", arguments


def _of_two(name: str, arguments: list[Expr]) -> tuple[str, list[Expr]]:
    a, b = arguments
    if name == "add" and a.type.temporal and _is_text(b):
        b = _interval(b) or b
    if name == "add" and (a.type.kind in (Kind.INTERVAL, Kind.INTEGER)) and b.type.temporal:
        a, b = b, a
    if name == "multiply" and b.type.kind is Kind.INTERVAL:
        a, b = b, a
    left, right = a.type, b.type
    meant = name
    if left.temporal and right.kind is Kind.INTERVAL:
        meant = {"add": "shift", "subtract": "shift_back"}.get(name, name)
    elif left.kind is Kind.DATE and right.kind is Kind.INTEGER:
        meant = {"add": "add_days", "subtract": "subtract_days"}.get(name, name)
    elif name == "subtract" and left.temporal and right.temporal:
        days = left.kind is Kind.DATE and right.kind is Kind.DATE
        meant = "days_between" if days else "between_moments"
    elif left.kind is Kind.INTERVAL:
        meant = {
            "add": "add_intervals",
            "subtract": "subtract_intervals",
            "multiply": "multiply_interval",
        }[name]
    if meant == "multiply_interval" and _is_whole(b):
        b = Call("cast", (b,), BIGINT)
    return meant, [a, b]


def _is_whole(expr: Expr) -> bool:
    """Whether a number that is no integer is a whole one all the same: intervals are multiplied by
    those alone, for a fraction of a month has no length on which engines agree."""
    rounds = ("floor", "ceil", "round", "trunc")
    if not isinstance(expr, Call) or expr.type.kind not in (Kind.FLOAT, Kind.DECIMAL):
        return False
    return expr.function in rounds and len(expr.arguments) == 1


def _interval(text: Expr) -> Literal | None:
    value = text.value if isinstance(text, Literal) else None
    return literals.read(value, INTERVAL) if isinstance(value, str) else None


def coerced(arguments: Sequence[Expr]) -> list[Expr]:
    """Quoted constants read as the type of what they stand beside, as PostgreSQL does."""
    other = next(
        (
            a.type
            for a in arguments
            if not _is_text(a) and a.type.kind not in (Kind.NULL, Kind.TEXT)
        ),
        None,
    )
    if other is None:
        return list(arguments)
    found: list[Expr] = []
    for argument in arguments:
        if isinstance(argument, Literal) and isinstance(argument.value, str):
            read = literals.read(argument.value, other) if _is_text(argument) else None
            found.append(read or argument)
        else:
            found.append(argument)
    return found


def _is_text(expr: Expr) -> bool:
    return isinstance(expr, Literal) and expr.type.kind is Kind.TEXT
