"""A column's domain: what the policy declares, or what a public table holds."""

from __future__ import annotations

import math
from collections.abc import Callable

from gateway.edges import Engine
from gateway.policy.fitting import interval, member
from gateway.policy.model import ColumnPolicy
from gateway.privacy.domains import Anything, Domain, Members
from gateway.sql.types import Scalar, Type

MOST_PUBLIC_VALUES = 10_000
"""A public column with more different values has no known domain."""
MOST_REFERENCED_VALUES = 100_000
"""A reference to more values is a fault: every one would be a row of every answer."""

Note = Callable[[str, str, str], None]
"""Notes a fault: where below the column, what was found, what is allowed."""


def declared_domain(column: ColumnPolicy, kind: Type, note: Note) -> Domain:
    """`values` or `bounds` of the policy in the units of the column's type."""
    if column.bounds is not None:
        try:
            return interval(column.bounds, kind)
        except ValueError as error:
            lo, hi = column.bounds
            note(".bounds", f"[{lo}, {hi}]", str(error))
            return Anything()
    fitted: list[Scalar] = []
    for number, value in enumerate(column.values or ()):
        try:
            one = member(value, kind)
        except ValueError as error:
            note(f".values[{number}]", f"{value}", str(error))
            continue
        if one in fitted:
            note(f".values[{number}]", f"{value}, the same as another", "each value once")
        fitted.append(one)
    return Members(tuple(fitted))


def public_domain(
    engine: Engine,
    source: tuple[str, ...],
    column: ColumnPolicy,
    kind: Type,
    note: Note,
    *,
    referenced: bool = False,
) -> Domain:
    """The values of a column of a public table, and never of another.

    For a column that references it, `column.nullable` is the referencing one's: NULL is a member
    only where that says true, as a code table's own NULL says nothing about rows without a code.
    """
    most = MOST_REFERENCED_VALUES if referenced else MOST_PUBLIC_VALUES
    values = engine.public_values(source, column.name, most + 2)
    there = tuple(value for value in values if value is not None)
    if len(there) > most:
        if referenced:
            note(
                ".references",
                f"a column of more than {most:,} values",
                "a column of fewer values, or no references: groups are then found privately",
            )
        return Anything()
    if any(isinstance(value, float) and not math.isfinite(value) for value in there):
        return Anything()
    if referenced:
        return Members((*there, None) if column.nullable else there)
    if column.nullable is False and None in values:
        note(".nullable", "false, but the public table has NULL there", "true, or no such key")
    return Members(values)
