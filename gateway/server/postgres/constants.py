"""SELECT of constants and of what a session knows itself: pings, versions, names. No question.

Clients send such statements when they connect and whenever they take a connection from a pool; they
need no database, so they work where nothing answers introspection, and leave nothing in the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from gateway.server.postgres.commands import Bound
from gateway.server.postgres.formats import (
    BOOL,
    INT4,
    NAME,
    TEXT_OID,
    VOID,
    Field,
    field,
)
from gateway.server.postgres.results import Result, ValueTable
from gateway.server.postgres.statements import Statement, Word

_PLAIN = (
    "current_user",
    "session_user",
    "user",
    "current_catalog",
    "current_schema",
    "current_role",
)
"""Functions that are written without parentheses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a session answers by itself."""

    user: str
    database: str
    version: str
    process: int

    def values(self) -> Mapping[str, tuple[int, object]]:
        """The functions by name, with type and value."""
        return {
            "version": (TEXT_OID, f"PostgreSQL {self.version}"),
            "current_database": (NAME, self.database),
            "current_catalog": (NAME, self.database),
            "current_schema": (NAME, "public"),
            "current_user": (NAME, self.user),
            "current_role": (NAME, self.user),
            "session_user": (NAME, self.user),
            "user": (NAME, self.user),
            "pg_backend_pid": (INT4, self.process),
            "pg_is_in_recovery": (BOOL, False),
            "pg_advisory_unlock_all": (VOID, ""),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Constants:
    """A SELECT of one row that is known."""

    columns: tuple[Field, ...]
    row: tuple[object, ...]
    parameters: tuple[int, ...] = ()

    async def fields(self) -> tuple[Field, ...]:
        """The columns."""
        return self.columns

    async def run(self, bound: Bound) -> Result:
        """The row."""
        table = ValueTable(fields=self.columns, rows=(self.row,), zone=ZoneInfo("UTC"))
        return Result(tag="SELECT", table=table)


def understood(statement: Statement, known: Known) -> Constants | None:
    """The command of `SELECT item, …` where every item is known; None for any other statement."""
    if not statement.begins("select") or len(statement.words) < 2:
        return None
    values = known.values()
    columns: list[Field] = []
    row: list[object] = []
    for item in _items(statement.words[1:]):
        found = _item(item, values, statement.text)
        if found is None:
            return None
        name, oid, value = found
        columns.append(field(name, oid))
        row.append(value)
    return Constants(columns=tuple(columns), row=tuple(row))


def _items(words: tuple[Word, ...]) -> list[list[Word]]:
    items: list[list[Word]] = [[]]
    for word in words:
        if word.means(","):
            items.append([])
        else:
            items[-1].append(word)
    return items


def _item(
    words: list[Word], values: Mapping[str, tuple[int, object]], text: str
) -> tuple[str, int, object] | None:
    """Name, type and value of one item of a select list; None where it is not known."""
    alias = None
    if len(words) > 2 and words[-2].means("as") and not words[-1].string:
        alias = words[-1].text
        words = words[:-2]
    if len(words) > 2 and words[0].means("pg_catalog") and words[1].means("."):
        words = words[2:]
    if not words or words[0].quoted:
        return None
    first = words[0]
    called = [word.text for word in words[1:]] == ["(", ")"]
    if (
        not first.string
        and first.text in values
        and called != (first.text in _PLAIN and len(words) == 1)
    ):
        oid, value = values[first.text]
        return alias or first.text, oid, value
    found = _literal(first, text) if len(words) == 1 else None
    return None if found is None else (alias or found[0], *found[1:])


def _literal(word: Word, text: str) -> tuple[str, int, object] | None:
    if word.string:
        # E'…', B'…' and dollar quotes are read elsewhere.
        return ("?column?", TEXT_OID, word.text) if text[word.start] == "'" else None
    if word.text in ("true", "false"):
        return "bool", BOOL, word.text == "true"
    if word.text == "null":
        return "?column?", TEXT_OID, None
    if word.text.isdigit() and int(word.text) < 2**31:
        return "?column?", INT4, int(word.text)
    return None
