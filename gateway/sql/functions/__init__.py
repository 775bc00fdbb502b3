"""The table of allowed functions: what is not in it is refused by name.

A row is a `base.Function`: argument and result types, result range, and one total rendering per
dialect. To allow a function, add a row to the file of its family, and a spelling to
`sql.spellings`.
"""

from gateway.sql.functions import (
    arithmetic,
    conversion,
    formats,
    intervals,
    logic,
    mathematics,
    patterns,
    text,
    time,
    zones,
)
from gateway.sql.functions.base import Function

FAMILIES: dict[str, tuple[tuple[Function, ...], ...]] = {
    "Arithmetic": (arithmetic.FUNCTIONS, mathematics.FUNCTIONS),
    "Comparison, logic and NULL": (logic.FUNCTIONS,),
    "Text": (text.FUNCTIONS,),
    "Patterns": (patterns.FUNCTIONS,),
    "Dates and times": (
        *(time.FUNCTIONS, formats.FUNCTIONS, zones.FUNCTIONS, intervals.FUNCTIONS),
    ),
    "Conversion and ranges": (conversion.FUNCTIONS,),
}
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
