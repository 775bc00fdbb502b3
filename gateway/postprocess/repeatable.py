"""Whether post-processing gives the same rows each time that it runs on the same tables."""

from __future__ import annotations

import re

import duckdb

_WORD = re.compile(r"[a-z_][a-z0-9_]*")

_BY_KEYWORD = frozenset(
    {
        *("current_date", "current_time", "current_timestamp", "localtime", "localtimestamp"),
        *("sample", "tablesample"),
    }
)
"""What SQL writes without parentheses, or is not a function at all."""


def changing_words(database: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Names of functions that depend on more than their arguments, by DuckDB's own account.

    Macros are among them where their definition uses such a name.
    """
    rows = database.execute(
        "SELECT DISTINCT lower(function_name), stability, lower(macro_definition) "
        "FROM duckdb_functions() WHERE stability IS DISTINCT FROM 'CONSISTENT'"
    ).fetchall()
    found = _BY_KEYWORD | {name for name, stability, _ in rows if stability is not None}
    macros = [(name, text) for name, stability, text in rows if stability is None and text]
    while True:
        more = {name for name, text in macros if not found.isdisjoint(_WORD.findall(text))}
        if more <= found:
            return found
        found |= more


def repeatable(sql: str, changing: frozenset[str]) -> bool:
    """Whether none of the words that may change stands in the SQL, not even quoted."""
    return changing.isdisjoint(_WORD.findall(sql.lower()))
