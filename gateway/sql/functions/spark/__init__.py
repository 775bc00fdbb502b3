"""Spark's column of the table of functions, one file per family.

Every form is total in ANSI mode, and on its own: Spark has nothing that keeps its optimizer from
computing a part of a statement for rows that a condition leaves out.
"""

from gateway.sql.functions.base import Rendering
from gateway.sql.functions.spark import (
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

RENDERINGS: dict[str, Rendering] = {
    name: rendering
    for family in (
        *(arithmetic, mathematics, logic, text, patterns),
        *(time, formats, zones, intervals, conversion),
    )
    for name, rendering in family.RENDERINGS.items()
}

LACKING: dict[str, str] = {}
