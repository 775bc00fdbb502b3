"""Which queries are about the catalog. Pure; by names alone, and for the line where in doubt.

The shadow holds no rows, so sending it a question by mistake would give a wrong answer and never a
secret; therefore whatever names a table of the dataset is a question, and what names anything else
but catalogs goes to the line too, which says that there is no such table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from gateway.server.postgres.statements import Statement, Word

CATALOGS = ("pg_catalog", "information_schema")
_ENDS = (
    "where", "group", "order", "limit", "offset", "fetch", "having", "window", "union", "except",
    "intersect", "for", "select", "returning",
)  # fmt: skip
_BEFORE_TABLE = ("(", "union", "except", "intersect", "all", "distinct", ")")
_QUERIES = ("select", "with", "values", "table", "(")
_FILLERS = ("only", "lateral")


class Place(Enum):
    """Who answers a query."""

    LINE = "line"
    CATALOG = "catalog"
    NOWHERE = "nowhere"
    """It names no table: anybody can."""


@dataclass(frozen=True, slots=True)
class Named:
    """A table that a query names; `called` where it is a function."""

    schema: str | None
    name: str
    called: bool


def place(statement: Statement, dataset: str, tables: Collection[str]) -> Place:
    """Who answers a query, given the names of the dataset's tables."""
    words = statement.words
    if not words or not words[0].means(*_QUERIES):
        return Place.LINE
    every = list(_tables(words))
    ours = (None, "public", dataset)
    # Also where WITH gives the same name to something: it may be out of scope here.
    if any(n.name in tables and n.schema in ours and not n.called for n in every):
        return Place.LINE
    ctes = set(_ctes(words))
    named = [found for found in every if found.schema or found.name not in ctes]
    if all(n.called for n in named):
        catalog = any(word.means(*CATALOGS) or _catalog_name(word) for word in words)
        return Place.CATALOG if catalog else Place.NOWHERE
    if all(n.called or _in_catalog(n) for n in named):
        return Place.CATALOG
    return Place.LINE


def _in_catalog(named: Named) -> bool:
    return named.schema in CATALOGS or (named.schema is None and named.name.startswith("pg_"))


def _catalog_name(word: Word) -> bool:
    return not word.string and word.text.startswith(("pg_", "has_", "current_sche"))


def _ctes(words: Sequence[Word]) -> Iterator[str]:
    """Names that WITH gives: those before AS and a parenthesis."""
    for index, word in enumerate(words[:-2]):
        following = words[index + 1 :]
        if following[0].means("as") and following[1].means("(", "materialized", "not"):
            yield word.text
        elif following[0].means("(") and words[index - 1].means("with", "recursive", ","):
            yield word.text  # WITH name (column, …) AS


def _tables(words: Sequence[Word]) -> Iterator[Named]:
    """What stands in FROM and behind JOIN, and behind TABLE.

    The FROM inside of functions, as in `extract(year FROM seen)`, is read so too; what it names
    is no catalog, so that a query with one goes to the line unless its name is a parameter's part.
    """
    inside: list[bool] = []  # for every open parenthesis: whether it is within a FROM list
    listing = False
    for index, word in enumerate(words):
        if word.means("("):
            inside.append(listing)
            listing = listing and index > 0 and words[index - 1].means("from", "join", ",", "(")
            if listing:
                yield from _named(words, index + 1)
        elif word.means(")"):
            listing = inside.pop() if inside else False
        elif word.means("from"):
            if not _of_function(words, index):
                listing = True
                yield from _named(words, index + 1)
        elif word.means("join") or (listing and word.means(",")):
            yield from _named(words, index + 1)
        elif word.means(*_ENDS):
            listing = False
        elif word.means("table") and (index == 0 or words[index - 1].means(*_BEFORE_TABLE)):
            yield from _named(words, index + 1)


def _of_function(words: Sequence[Word], index: int) -> bool:
    """Whether a FROM belongs to a function or an operator and not to a query."""
    if words[index - 1].means("distinct") and index > 1 and not words[index - 2].means("select"):
        return True  # IS [NOT] DISTINCT FROM
    depth = 0
    for back in range(index - 1, -1, -1):
        if words[back].means(")"):
            depth += 1
        elif words[back].means("("):
            if depth == 0:
                return back > 0 and words[back - 1].means(
                    "extract", "substring", "trim", "overlay", "position"
                )
            depth -= 1
        elif depth == 0 and words[back].means("select"):
            return False
    return False


def _named(words: Sequence[Word], index: int) -> Iterator[Named]:
    """The table at a place where one stands; nothing where it is a subquery."""
    while index < len(words) and words[index].means(*_FILLERS):
        index += 1
    if index >= len(words) or words[index].string or words[index].means("(", "select", "values"):
        return
    parts = [words[index].text]
    while index + 2 < len(words) and words[index + 1].means("."):
        index += 2
        parts.append(words[index].text)
    called = index + 1 < len(words) and words[index + 1].means("(")
    yield Named(parts[-2] if len(parts) > 1 else None, parts[-1], called)
