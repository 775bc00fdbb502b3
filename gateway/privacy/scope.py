"""Names in one SELECT: which column a name means, by PostgreSQL's rules."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from gateway.errors import Code, Refusal
from gateway.sql.expressions import Column, Expr, Ref
from gateway.sql.parse import position_of


def name_of(identifier: exp.Expr | None) -> str:
    """An identifier as PostgreSQL reads it: folded to lower case unless quoted."""
    if not isinstance(identifier, exp.Identifier):
        return ""
    text = str(identifier.this)
    return text if identifier.args.get("quoted") else text.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One entry of FROM: the name it goes by, and the columns it shows."""

    name: str
    visible: tuple[tuple[str, Column], ...]


class Scope:
    """The sources of one SELECT. `merged` are columns that USING made one of two; `parent` is the
    scope around a subquery, in which names are looked for that are not found here."""

    def __init__(
        self,
        sources: Sequence[Source],
        merged: Sequence[tuple[str, Column]] = (),
        parent: Scope | None = None,
    ) -> None:
        self._sources = tuple(sources)
        self._merged = dict(merged)
        self.parent = parent

    def lookup(self, node: exp.Column) -> Expr:
        """The column that a name stands for. Raises UNKNOWN_COLUMN with the nearest name."""
        if node.args.get("catalog") or node.args.get("db") or isinstance(node.this, exp.Star):
            table = name_of(node.args.get("table"))
            if isinstance(node.this, exp.Star) and table:
                raise Refusal(
                    Code.UNSUPPORTED_SQL,
                    f"{table}.* cannot stand here.",
                    "Name the columns.",
                    position_of(node),
                )
        name, table = name_of(node.this), name_of(node.args.get("table"))
        if not table and name in self._merged:
            return Ref(self._merged[name])
        found = [
            column
            for source in self._sources
            if not table or source.name == table
            for shown, column in source.visible
            if shown == name
        ]
        distinct = list(dict.fromkeys(found))
        if len(distinct) == 1:
            return Ref(distinct[0])
        if distinct:
            raise Refusal(
                Code.UNKNOWN_COLUMN,
                f'The column name "{name}" is ambiguous.',
                "Put the table's name in front of it.",
                position_of(node),
            )
        outer = self.parent
        if outer is not None and (outer._reaches(table) if table else not self.has(name)):
            return outer.lookup(node)
        raise self._unknown(node, name, table)

    def star(self, table: str = "") -> list[tuple[str, Column]]:
        """The columns of `*`, or of `table.*`, in order; merged columns come once, first."""
        found = [] if table else list(self._merged.items())
        for source in self._sources:
            if not table or source.name == table:
                found += [
                    (name, column)
                    for name, column in source.visible
                    if table or name not in self._merged
                ]
        return found

    def shows(self, name: str) -> bool:
        """Whether some source shows a column of this name."""
        return any(shown == name for source in self._sources for shown, _ in source.visible)

    def has(self, table: str) -> bool:
        """Whether a source goes by this name."""
        return any(source.name == table for source in self._sources)

    def find(self, node: exp.Column) -> Column | None:
        """The column that a name stands for; None where it stands for none, or for several."""
        try:
            found = self.lookup(node)
        except Refusal:
            return None
        return found.column if isinstance(found, Ref) else None

    def _reaches(self, table: str) -> bool:
        """Whether a source here or further out goes by this name."""
        return self.has(table) or (self.parent is not None and self.parent._reaches(table))

    def _unknown(self, node: exp.Column, name: str, table: str) -> Refusal:
        if table and not self.has(table):
            near = difflib.get_close_matches(table, [source.name for source in self._sources], 1)
            return Refusal(
                Code.UNKNOWN_COLUMN,
                f'There is no table "{table}" in FROM.',
                f'Did you mean "{near[0]}"?' if near else "Use a name that FROM gives.",
                position_of(node),
            )
        if not table and self.has(name):
            return Refusal(
                Code.UNSUPPORTED_SQL,
                f'"{name}" names a whole row, which cannot be used as a value.',
                "Name a column; to count rows, write COUNT(*).",
                position_of(node),
            )
        names = [shown for source in self._sources for shown, _ in source.visible]
        near = difflib.get_close_matches(name, names, 1)
        return Refusal(
            Code.UNKNOWN_COLUMN,
            f'There is no column "{name}" that you can use.',
            f'Did you mean "{near[0]}"?'
            if near
            else "GET /v1/datasets/{name} lists the columns of each table.",
            position_of(node),
        )
