"""PostgreSQL's column of the table of functions, for versions 15 and later.

PostgreSQL has no TRY: an error in one row ends the statement, and would tell of the row. So every
rendering tests before it computes. A CASE decides which of its branches is computed for a row, and
PostgreSQL computes none of constants beforehand but where all of a branch's are.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.sql.expressions import Call
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
from gateway.sql.types import Kind

_ALL: dict[str, Rendering] = {
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


def _bare(render: Rendering) -> Rendering:
    """What has the type of NULL is NULL, and as the word alone it fits any type."""

    def write(call: Call, arguments: Sequence[str]) -> str:
        pairs = zip(arguments, call.arguments, strict=True)
        return render(call, ["NULL" if b.type.kind is Kind.NULL else a for a, b in pairs])

    return write


RENDERINGS = {name: _bare(render) for name, render in _ALL.items()}
LACKING: dict[str, str] = {}
"""Functions that have no total form of the same value, each with the reason."""
