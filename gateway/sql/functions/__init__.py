"""The table of allowed functions: what is not in it is refused by name.

A row is a `base.Function`: argument and result types, result range, and one total rendering per
dialect. To allow a function, add a row to the file of its family, a rendering for each of the other
dialects to the file of the same family in `DIALECTS`, and a spelling to `sql.spellings`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gateway.sql.functions import (
    arithmetic,
    conversion,
    formats,
    intervals,
    logic,
    mathematics,
    patterns,
    postgres,
    spark,
    text,
    time,
    zones,
)
from gateway.sql.functions.base import Function, Rendering


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A dialect's column of the table: a rendering of each function, or why there is none."""

    renderings: Mapping[str, Rendering]
    lacking: Mapping[str, str]


DIALECTS: dict[str, Column] = {
    "postgres": Column(renderings=postgres.RENDERINGS, lacking=postgres.LACKING),
    "spark": Column(renderings=spark.RENDERINGS, lacking=spark.LACKING),
}
"""The dialects beside DuckDB's, which stands in the rows themselves."""


def _joined(rows: tuple[Function, ...]) -> tuple[Function, ...]:
    """Rows with what each dialect has for them in `render` and `lacking`."""
    found = []
    for row in rows:
        render, lacking = dict(row.render), dict(row.lacking)
        for name, column in DIALECTS.items():
            if row.name in column.renderings:
                render[name] = column.renderings[row.name]
            if row.name in column.lacking:
                lacking[name] = column.lacking[row.name]
        found.append(replace(row, render=render, lacking=lacking))
    return tuple(found)


_FAMILIES: dict[str, tuple[tuple[Function, ...], ...]] = {
    "Arithmetic": (arithmetic.FUNCTIONS, mathematics.FUNCTIONS),
    "Comparison, logic and NULL": (logic.FUNCTIONS,),
    "Text": (text.FUNCTIONS,),
    "Patterns": (patterns.FUNCTIONS,),
    "Dates and times": (
        *(time.FUNCTIONS, formats.FUNCTIONS, zones.FUNCTIONS, intervals.FUNCTIONS),
    ),
    "Conversion and ranges": (conversion.FUNCTIONS,),
}
FAMILIES = {name: tuple(map(_joined, files)) for name, files in _FAMILIES.items()}
"""The table as its page shows it."""

TABLE: dict[str, Function] = {
    function.name: function
    for files in FAMILIES.values()
    for functions in files
    for function in functions
}


def meaning_of(name: str) -> str:
    """What the page says of a function: a row without words is described by the row before it."""
    found = ""
    for row in TABLE.values():
        found = row.meaning or found
        if row.name == name:
            break
    return found
