"""PostgreSQL's dialect as sqlglot reads it, but for the formats of dates.

sqlglot turns the letters of `to_char`, `to_date` and `to_timestamp` into those of another language,
and what it does not know it takes for text. Here they stay as they are written, for
`sql.functions.formats` to read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.dialects.postgres import Postgres
from sqlglot.parsers.postgres import PostgresParser


def _as_written(name: str) -> Callable[[list[Any]], exp.Expr]:
    return lambda arguments: exp.Anonymous(this=name, expressions=arguments)


class AsWritten(Postgres):
    """PostgreSQL, with the functions that take formats as they are written."""

    class Parser(PostgresParser):
        """Leaves three functions alone."""

        FUNCTIONS: ClassVar = {
            **PostgresParser.FUNCTIONS,
            **{name.upper(): _as_written(name) for name in ("to_char", "to_date", "to_timestamp")},
        }
