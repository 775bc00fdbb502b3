"""PostgreSQL's column of the table of functions, for versions 15 and later.

PostgreSQL has no TRY: an error in one row ends the statement, and would tell of the row. So every
rendering tests before it computes. A CASE decides which of its branches is computed for a row, and
PostgreSQL computes none of constants beforehand but where all of a branch's are.
"""

from __future__ import annotations

from gateway.sql.functions.base import Rendering
from gateway.sql.functions.postgres import (
    arithmetic,
    conversion,
    formats,
    intervals,
    logic,
    mathematics,
    patterns,
    text,
    time,
)

RENDERINGS: dict[str, Rendering] = {
    **arithmetic.RENDERINGS,
    **mathematics.RENDERINGS,
    **logic.RENDERINGS,
    **conversion.RENDERINGS,
    **text.RENDERINGS,
    **patterns.RENDERINGS,
    **time.RENDERINGS,
    **intervals.RENDERINGS,
    **formats.RENDERINGS,
}
LACKING: dict[str, str] = {}
"""Functions that have no total form of the same value, each with the reason."""
