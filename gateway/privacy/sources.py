"""FROM in one SELECT: tables, subqueries and joins, as relations or as post-processing."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlglot import exp

from gateway.errors import Code, Refusal
from gateway.policy.catalog import Dataset, Table
from gateway.privacy.full_joins import full
from gateway.privacy.joins import joined, owners_equal
from gateway.privacy.relation import Relation
from gateway.privacy.scope import Scope, Source, name_of
from gateway.privacy.trace import Numbers, all_of, filtered
from gateway.sql.bind import Binder, refuse
from gateway.sql.expressions import (
    Call,
    Column,
    Correlated,
    Expr,
    Ref,
    Within,
    columns_of,
    conjuncts,
    parts_of,
)
from gateway.sql.functions.logic import comparable
from gateway.sql.parse import position_of
from gateway.sql.types import BOOLEAN

_TABLE_PARTS = {"this", "db", "catalog", "alias"}
_JOIN_PARTS = {"this", "on", "using", "side", "kind", "method"}
MOST_COLUMNS = 4_000
"""Columns of all joined tables together: a common table expression that joins the one before it
with itself doubles them each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One source of FROM: its name, its relation, and how it joins what stands before it."""

    name: str
    relation: Relation
    join: exp.Join | None


def table_of(node: exp.Table, dataset: Dataset) -> Table:
    """The catalog's table that a name in FROM stands for.

    Raises UNKNOWN_COLUMN with the nearest name, UNSUPPORTED_SQL for table functions, file names,
    samples and other decorations.
    """
    if not isinstance(node.this, exp.Identifier):
        raise refuse(node, "A function in FROM", "Name a table of the dataset.")
    for part, value in node.args.items():
        if value and part not in _TABLE_PARTS:
            raise refuse(node, f"The {part} of a table in FROM", "Name the table alone.")
    name = name_of(node.this)
    if of_dataset(node, dataset) and name in dataset.tables:
        return dataset.tables[name]
    known = (*dataset.tables, *dataset.policy.views)
    near = difflib.get_close_matches(name, known, 1)
    parts = (name_of(node.args.get("catalog")), name_of(node.args.get("db")), name)
    shown = ".".join(part for part in parts if part)
    raise Refusal(
        Code.UNKNOWN_COLUMN,
        f'There is no table "{shown}" in the dataset "{dataset.name}".',
        f'Did you mean "{near[0]}"?' if near else f"Its tables: {', '.join(known)}.",
        position_of(node),
    )


def of_dataset(node: exp.Table, dataset: Dataset) -> bool:
    """Whether what stands before a table's name names the dataset, or nothing does. To PostgreSQL
    clients the dataset is a database, and its tables stand in the schema "public" there."""
    catalog, schema = name_of(node.args.get("catalog")), name_of(node.args.get("db"))
    if catalog:
        return catalog == dataset.name and schema == "public"
    return schema in ("", dataset.name, "public")


def source_name(node: exp.Expr) -> str:
    """The name by which a source's columns are qualified: its alias, or the table's name."""
    alias = node.args.get("alias")
    if isinstance(alias, exp.TableAlias) and alias.this is not None:
        return name_of(alias.this)
    return name_of(node.this) if isinstance(node, exp.Table) else ""


def renamed(node: exp.Expr, relation: Relation) -> tuple[tuple[str, Column], ...]:
    """The columns that a source shows, with the names that `AS t (a, b)` gives."""
    alias = node.args.get("alias")
    names = [name_of(part) for part in alias.columns] if isinstance(alias, exp.TableAlias) else []
    if len(names) > len(relation.visible):
        raise refuse(node, "More column aliases than columns", "Name at most as many.")
    shown = [
        (names[i] if i < len(names) else name, column)
        for i, (name, column) in enumerate(relation.visible)
    ]
    return tuple(shown)


Binding = Callable[[Scope], Binder]
"""How the expressions of a SELECT are bound in a scope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Combined:
    """FROM and WHERE as one relation with at most one owner, and its names.

    `correlated` are the conditions of WHERE that read columns of the query around a subquery.
    """

    relation: Relation
    scope: Scope
    correlated: tuple[Expr, ...]


def combine(
    entries: list[Entry],
    where: exp.Expr | None,
    binding: Binding,
    parent: Scope | None,
    numbers: Numbers,
) -> Combined:
    """All sources joined and filtered."""
    relation: Relation | None = None
    merged: list[tuple[str, Column]] = []
    sources: list[Source] = []
    everything = [Source(name=e.name, visible=e.relation.visible) for e in entries]
    pending = _conditions(where, binding(Scope(everything, _merged_names(entries), parent)))
    own = {column for entry in entries for column in entry.relation.facts}
    correlated = tuple(c for c in pending if not _reads_only(c, own))
    pending = [c for c in pending if c not in correlated]
    for position, entry in enumerate(entries):
        _check_name(entry, sources)
        sources.append(Source(name=entry.name, visible=entry.relation.visible))
        if relation is None or entry.join is None:
            relation = entry.relation
            continue
        scope = Scope(sources, merged)
        # Before a RIGHT JOIN a condition of WHERE is none of the join's: it also meets the rows
        # that the RIGHT JOIN keeps.
        usable = [] if any(map(_keeps_right, entries[position + 1 :])) else pending
        if _keeps_right(entry):
            _refuse_comma(entries[1:position], entry)
        relation, used, shared = _joined(
            relation, entry, binding(scope), usable, sources, merged, numbers
        )
        pending = [condition for condition in pending if condition not in used]
        merged = [*(pair for pair in merged if pair[0] not in dict(shared)), *shared]
    if relation is None:
        raise AssertionError("FROM has a source")
    for condition in pending:
        relation = filtered(relation, condition)
    scope = Scope(sources, merged, parent)
    return Combined(relation=relation, scope=scope, correlated=correlated)


def _conditions(where: exp.Expr | None, binder: Binder) -> list[Expr]:
    return list(conjuncts(binder.condition(where))) if where is not None else []


def _reads_only(condition: Expr, own: set[Column]) -> bool:
    inner = {
        column
        for part in parts_of(condition)
        if isinstance(part, (Within, Correlated))
        for column in part.inner
    }
    return set(columns_of(condition)) <= own | inner


def _merged_names(entries: list[Entry]) -> list[tuple[str, Column]]:
    """For WHERE, which is read before the joins are made: the kept column of each USING."""
    found: dict[str, Column] = {}
    for position, entry in enumerate(entries):
        before = [pair for e in entries[:position] for pair in e.relation.visible]
        for name in _using(entry, before):
            side = (
                entry.relation.visible if _side_of(entry) == "RIGHT" else [*found.items(), *before]
            )
            found[name] = _first(side, name)
    return list(found.items())


def _first(pairs: Sequence[tuple[str, Column]], name: str) -> Column:
    return next(column for shown, column in pairs if shown == name)


def _refuse_comma(before: Sequence[Entry], entry: Entry) -> None:
    """A comma binds less than JOIN: what a RIGHT JOIN keeps would be another set of rows."""
    words = ("side", "kind", "on", "using", "method")
    joins = [other.join for other in before if other.join is not None]
    if entry.join is not None and any(not any(map(j.args.get, words)) for j in joins):
        raise refuse(
            entry.join, f"{_side_of(entry)} JOIN after a comma", "Write JOIN … ON for the comma."
        )


def _keeps_right(entry: Entry) -> bool:
    """Whether a join keeps rows of its own table for which there is no other."""
    return _side_of(entry) in ("RIGHT", "FULL")


def _side_of(entry: Entry) -> str:
    return str(entry.join.side or "").upper() if entry.join is not None else ""


def _using(entry: Entry, before: list[tuple[str, Column]]) -> list[str]:
    if entry.join is None:
        return []
    names = [
        name_of(part.this if isinstance(part, exp.Column) else part)
        for part in entry.join.args.get("using") or []
    ]
    if str(entry.join.args.get("method") or "").upper() == "NATURAL":
        left = {name for name, _ in before}
        names = [name for name, _ in entry.relation.visible if name in left]
    known = {name for name, _ in before}
    for name in names:
        if name not in known or name not in {shown for shown, _ in entry.relation.visible}:
            raise Refusal(
                Code.UNKNOWN_COLUMN,
                f'USING names "{name}", which is not a column of both sides.',
                "Use a column that both tables have, or write ON.",
                position_of(entry.join),
            )
    return names


def _check_name(entry: Entry, sources: list[Source]) -> None:
    if entry.name and any(source.name == entry.name for source in sources):
        raise Refusal(
            Code.UNKNOWN_COLUMN,
            f'The name "{entry.name}" stands twice in FROM.',
            "Give one of them another alias.",
            position_of(entry.join) if entry.join else None,
        )


def _joined(
    left: Relation,
    entry: Entry,
    binder: Binder,
    usable: list[Expr],
    sources: list[Source],
    seen: list[tuple[str, Column]],
    numbers: Numbers,
) -> tuple[Relation, list[Expr], list[tuple[str, Column]]]:
    """The join, which conditions of WHERE it has used, and the columns that it merged."""
    join, right = entry.join, entry.relation
    if join is None:
        raise AssertionError("a join")
    side = _side(join)
    before = [pair for source in sources[:-1] for pair in source.visible]
    shared = _using(entry, before)
    parts: list[Expr] = []
    used: list[Expr] = []
    merged: list[tuple[str, Column]] = []
    for name in shared:
        a, b = _first([*seen, *before], name), _first(right.visible, name)
        if not comparable(a.type, b.type):
            raise refuse(
                join,
                f'USING "{name}" of types {a.type.name} and {b.type.name}',
                "Cast one of them in a subquery, or write ON with a CAST.",
            )
        parts.append(Call("eq", (Ref(a), Ref(b)), BOOLEAN))
        merged.append((name, b if side == "RIGHT" else a))
    if join.args.get("on") is not None:
        parts.append(binder.condition(join.args["on"]))
    if not side:
        # A comma join's condition stands in WHERE: what both sides decide joins them here.
        known = set(left.facts) | set(right.facts)
        used = [c for c in usable if _links(c, right, known)]
        parts += used
    condition = all_of(parts)
    if side == "RIGHT":
        left, right = right, left
    if left.owner and right.owner and not owners_equal(left, right, condition):
        raise _not_on_owner(join, left, right)
    if side and right.owner and not left.owner:
        raise refuse(
            join,
            "An outer join that keeps public rows without a protected one",
            "Use JOIN: groups of a public column are reported also when they are empty.",
        )
    made = (
        _full(join, left, right, condition, numbers)
        if side == "FULL"
        else joined(left, right, condition, outer=bool(side))
    )
    if len(made.facts) > MOST_COLUMNS:
        raise refuse(join, "A join of so many tables", "Join fewer, or ask in several queries.")
    return made, used, merged


def _full(
    join: exp.Join, left: Relation, right: Relation, condition: Expr, numbers: Numbers
) -> Relation:
    if not left.owner or not right.owner:
        raise refuse(
            join,
            "FULL JOIN with public rows",
            "Use LEFT JOIN from the protected table.",
        )
    if join.args.get("on") is None or any(isinstance(p, Within) for p in parts_of(condition)):
        raise refuse(join, "FULL JOIN without a plain condition", "Write FULL JOIN … ON a.x = b.x.")
    made = full(left, right, condition, numbers)
    if made is None:
        raise _not_on_owner(join, left, right)
    return made


def _side(join: exp.Join) -> str:
    """LEFT, RIGHT, FULL or nothing. Raises UNSUPPORTED_SQL for joins that are not read."""
    for part, value in join.args.items():
        if value and part not in _JOIN_PARTS:
            raise refuse(join, f"The {part} of a join", "Use JOIN … ON.")
    side, kind = str(join.side or "").upper(), str(join.kind or "").upper()
    method = str(join.args.get("method") or "").upper()
    if method not in ("", "NATURAL"):
        raise refuse(join, f"{method} JOIN", "Use JOIN … ON.")
    if kind not in ("", "INNER", "OUTER", "CROSS") or side not in ("", "LEFT", "RIGHT", "FULL"):
        raise refuse(join, f"{' '.join(filter(None, (side, kind)))} JOIN", "Use JOIN or LEFT JOIN.")
    return side


def _links(condition: Expr, right: Relation, known: set[Column]) -> bool:
    columns = set(columns_of(condition))
    return (
        columns <= known
        and any(c in right.facts for c in columns)
        and any(c not in right.facts for c in columns)
    )


def _not_on_owner(join: exp.Join, left: Relation, right: Relation) -> Refusal:
    def owner(side: Relation) -> str:
        return f"{side.tables[0]}.{side.owner.name}" if side.owner else ""

    return Refusal(
        Code.NOT_PRIVATE,
        "The join pairs rows of different owners.",
        f"Add the owners' equality to the join: {owner(left)} = {owner(right)}.",
        position_of(join),
    )
