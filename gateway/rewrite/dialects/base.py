"""What a statement is made of where engines write it differently.

A release's statement is made once (`rewrite.emit`, `blocks`, `weights`, `clamp` …) of what every
engine writes alike, and of the pieces below. One `Dialect` holds an engine's own way with each.
Scalar functions are not here: they have a rendering per dialect in the table (`sql.functions`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from gateway.sql.expressions import Correlated, Literal, Within
from gateway.sql.types import Type

Write = Callable[[str], str]
"""From the SQL of a value to the SQL of what is made of it."""


def _summed(text: str, most: int) -> str:
    """As engines have it whose SUM of BIGINT is of more than 64 bits."""
    return f"SUM({text})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One engine's SQL. Each piece must be total: a value or NULL for whatever a row holds, never
    an error that depends on a row. Wide integers are those of more than 64 bits.

    What every engine must write as it stands: CAST(… AS BIGINT) of whole numbers that fit,
    LEAST and GREATEST that pass over NULL, FLOOR, SQRT, ABS, CASE, COUNT, SUM of integers of up to
    22 bits, UNION ALL, WITH, ROW_NUMBER() OVER, NULLS FIRST and LAST.
    """

    name: str
    """As in `engine.type` of a policy and in the `render` column of the table of functions."""
    title: str
    """As messages name the engine."""
    double: str
    """The type of 64 bit floating-point numbers."""
    quoted: Write
    """A name as an identifier."""
    type_name: Callable[[Type], str]
    constant: Callable[[Literal], str]
    """A constant, with its type where the text alone would not tell it."""
    unable: Callable[[Within | Correlated], str] = lambda expr: ""
    """Why an engine cannot take a subquery over other rows of an owner, in words that follow its
    name and a colon; nothing where it can."""
    closed_to_subqueries: str = ""
    """How a form begins that takes no subquery, if there is one: subqueries are written beside."""

    stored: Callable[[str, str], str] = lambda name, read: read.format(name)
    """A table's column, by its name and the form that the engine gave for its type
    (`policy.catalog.TableColumn.read`)."""
    keeps: bool = False
    """Whether the engine keeps `Statement.kept`; for one that does not, owners are counted anew
    among the rows that the analyst's conditions leave."""

    # parts of statements

    guard: Write = lambda condition: condition
    """A condition that hardly any row fails, for an engine that would expect otherwise."""

    protected: Callable[[str, str], str]
    """A common table expression (name, SELECT) of rows that were checked: nothing that reads it may
    be computed before its conditions."""
    few: Callable[[str, str], str] = lambda name, select: f"{name} AS ({select})"
    """A common table expression of few rows that take long to find: for an engine that might look
    for them again and again."""
    shares: bool = True
    """Whether a common table expression that is read several times is computed once."""
    derived: Write
    """A SELECT as a table in FROM that nobody names."""
    same: Callable[[str, str], str]
    """Whether two group keys are equal or both NULL, as a condition of a join; quick for many."""

    # integers

    wide: Write
    """An integer as a wide one, for squares and products of sums."""
    quotient: Callable[[str, str], str]
    """Of two BIGINTs, the second positive and constant, cut towards zero."""
    wide_quotient: Callable[[str, str], str]
    """Of an integer constant and a positive integer of any width."""
    added: Callable[[str, int], str] = _summed
    """SUM of BIGINTs of at most this size, over fewer rows than `sensitivity.MOST_ROWS`, without
    overflow; NULL of no rows."""
    summand: Callable[[str, Type], str]
    """An integer of a type as SUM takes it so that the sum cannot overflow."""
    narrowed: Write
    """A wide integer as BIGINT, NULL where it does not fit."""
    narrowed_decimal: Callable[[str, int], str]
    """A wide integer as DECIMAL(digits, 0), NULL where it does not fit."""

    # decimals

    decimal_rounded: Callable[[str, int], str]
    """A decimal times a whole number, rounded half away from zero; the product is known to fit."""
    narrow_decimals: bool = True
    """Whether decimals of few digits are worked with faster than others."""
    decimal_units: Callable[[str, int], str]
    """A decimal times the power of ten that makes it whole, as BIGINT; NULL where it does not
    fit."""

    # floating-point numbers

    finite: Callable[[str, Type], str]
    """Whether a floating-point number or a moment is neither infinite nor NaN; NULL for NULL."""
    in_steps: Callable[[str, Fraction], str]
    """A DOUBLE divided by a step: too large or too small ones may give any number as large or
    as small."""
    rounded: Write
    """A DOUBLE rounded to a whole one, halves away from zero."""
    rounded_whole: Write
    """The same as BIGINT, NULL where it does not fit."""

    # moments

    days: Callable[[str, str], str]
    """Days from the second of two finite dates to the first, an integer."""
    microseconds: Write
    """Of a finite timestamp, microseconds since 1970, a whole number."""

    # text and order

    ordered: Callable[[str, Type], str]
    """A value as it is compared and ordered: text by its code points."""
    row: Callable[[Sequence[str], Sequence[Type]], str]
    """Several values of these types as one that can be counted distinct."""
    part: Callable[[str, int, Type], str]
    """One of them, counted from 1, as a value of its type."""
    shown: Callable[[str, Type], str]
    """A value of a type as text, for a hash of it: the same text on every engine."""
    count: Write
    """A number of rows among the arguments of a window function."""
    frames_by_groups: bool = True
    """Whether a window's frame may be of GROUPS; they are counted beside it where not."""
