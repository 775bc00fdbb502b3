"""What the table of allowed functions says of each one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from gateway.privacy.domains import ANYTHING, Domain
from gateway.sql.expressions import Call, Expr
from gateway.sql.types import Scalar, Type


class Nulls(Enum):
    """When a function gives NULL."""

    STRICT = "exactly where an argument is NULL"
    NEVER = "never"
    OUTSIDE = "where an argument is NULL, or has no bounds from which the result's range follows"
    SOMETIMES = "also for arguments that are not NULL"


Typing = Callable[[Sequence[Expr]], Type | None]
Ranging = Callable[[Call, Sequence[Domain]], Domain]
Rendering = Callable[[Call, Sequence[str]], str]


def unknown_range(call: Call, domains: Sequence[Domain]) -> Domain:
    """Nothing is known of the result."""
    return ANYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """One row of the table.

    `result` gives the result's type, or None where the arguments do not fit. `range` bounds the
    result's value given the arguments' domains: it must hold for all arguments in these domains.
    `members` lists all values that a call can have, whatever the arguments, where they are few;
    the list may be too long, never too short. `render` has one writer per dialect; each must be
    total: a value or NULL for every input that the types admit, never an error that depends on
    a row. `lacking` says of a dialect that has no such form why. `meaning` is for the
    documentation page.
    """

    name: str
    meaning: str
    result: Typing
    render: Mapping[str, Rendering]
    range: Ranging = unknown_range
    nulls: Nulls = Nulls.STRICT
    members: Callable[[Call], tuple[Scalar, ...] | None] | None = None
    lacking: Mapping[str, str] = field(default_factory=dict)


def plain(template: str) -> Rendering:
    """Fill `{0}`, `{1}` … with the arguments; `{all}` with all of them, comma separated."""
    return lambda call, arguments: template.format(*arguments, all=", ".join(arguments))


def of(least: int, result: Typing, most: int | None = None) -> Typing:
    """A typing for a number of arguments: `least`, or from it to `most`."""

    def typing(arguments: Sequence[Expr]) -> Type | None:
        fits = least <= len(arguments) <= (least if most is None else most)
        return result(arguments) if fits else None

    return typing


def entry(
    name: str,
    meaning: str,
    result: Typing,
    duckdb: Rendering,
    *,
    range: Ranging = unknown_range,
    nulls: Nulls = Nulls.STRICT,
    members: Callable[[Call], tuple[Scalar, ...] | None] | None = None,
) -> Function:
    """One row of the table with DuckDB's rendering; the other dialects have files of their own."""
    return Function(
        name=name,
        meaning=meaning,
        result=result,
        render={"duckdb": duckdb},
        range=range,
        nulls=nulls,
        members=members,
    )
