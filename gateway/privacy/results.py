"""Results below a release: what was released, or is public, as a table that rows are joined to.

Claim: such a table holds released numbers and public values alone by the time the statement that
reads it runs, so it is a public relation: it has no owner, and joining or testing rows against it
changes nothing about whose they are. (Adaptive composition; see `postprocess.earlier`.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from gateway.privacy.relation import (
    Both,
    Compute,
    Constants,
    Facts,
    Filter,
    Group,
    Join,
    Relation,
    Released,
    Scan,
    Tree,
    Windowed,
)
from gateway.privacy.trace import TRUE, Numbers
from gateway.sql.expressions import Call, Column, Expr, Ref, Within
from gateway.sql.types import Type

PICKING = ("limit", "offset", "fetch", "qualify", "windows")
"""Parts of a SELECT that pick among its rows."""


def released(
    token: str, columns: Sequence[tuple[str, Type]], unique: Sequence[int], numbers: Numbers
) -> Relation:
    """The table that `token` stands for. `unique` are the positions of columns in which no two
    rows agree; none where that is not known."""
    made = tuple(numbers.column(name, kind) for name, kind in columns)
    return Relation(
        tree=Released(token=token, columns=made),
        visible=tuple((column.name, column) for column in made),
        owner=None,
        facts={column: Facts() for column in made},
        keys=(frozenset(made[i] for i in unique),) if unique else (),
    )


def unique_columns(query: exp.Expr, keys_of: Mapping[str, Sequence[str]]) -> tuple[int, ...]:
    """The output columns that are all keys of the one noisy table that a query reads, which tell
    its rows apart; none where they are not all there. `keys_of` are each noisy table's keys."""
    while isinstance(query, exp.Subquery):
        query = query.this
    if not isinstance(query, exp.Select) or query.args.get("joins") or query.args.get("group"):
        return ()
    clause = query.args.get("from_")
    if clause is None or not isinstance(clause.this, exp.Table):
        return ()
    wanted = keys_of.get(clause.this.name)
    shown = [item.unalias() for item in query.expressions]
    names = [item.name if isinstance(item, exp.Column) else "" for item in shown]
    if not wanted or not set(wanted) <= set(names):
        return ()
    return tuple(names.index(key) for key in wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """Every row's `keys` are (or with `without`, are not) among a table's `columns`."""

    token: str
    keys: tuple[Expr, ...]
    columns: tuple[str, ...]
    without: bool


def restrictions(relation: Relation, keys: Sequence[Expr]) -> tuple[Restriction, ...]:
    """What the conditions of a relation say of its group keys by way of results.

    Claim: a group whose keys break one of these has no row, whatever the protected rows are, so
    leaving it out tells nothing of them: which groups are left follows from results alone.
    """
    found = []
    for leaf in _results(relation.tree):
        pairs: list[tuple[Expr, Column]] = []
        for part in relation.conditions:
            if isinstance(part, Call) and part.function == "eq":
                for key, other in (part.arguments, reversed(part.arguments)):
                    if key in keys and isinstance(other, Ref) and other.column in leaf.columns:
                        pairs.append((key, other.column))
        if pairs and _told_apart(leaf):
            found.append(
                Restriction(
                    token=leaf.token,
                    keys=tuple(key for key, _ in pairs),
                    columns=tuple(column.name for _, column in pairs),
                    without=False,
                )
            )
    for part in relation.conditions:
        test = part.arguments[0] if isinstance(part, Call) and part.function == "not" else part
        if not isinstance(test, Within) or not isinstance(test.tree, Released):
            continue
        always = test.condition == TRUE and _told_apart(test.tree)
        if always and test.value and test.value in keys and isinstance(test.item, Ref):
            found.append(
                Restriction(
                    token=test.tree.token,
                    keys=(test.value,),
                    columns=(test.item.column.name,),
                    without=test is not part,
                )
            )
    return tuple(found)


def stand_in(key: Expr, relation: Relation) -> Expr:
    """The column of rows that a result's column equals in every row, as the group key in its
    place: its values may be public where those of the result are not known before it is released.

    Claim: where every row has `key = other` (so neither is NULL), grouping by one is grouping by
    the other.
    """
    results = {column for leaf in _results(relation.tree) for column in leaf.columns}
    if not isinstance(key, Ref) or key.column not in results:
        return key
    for part in relation.conditions:
        if isinstance(part, Call) and part.function == "eq" and key in part.arguments:
            others = [other for other in part.arguments if isinstance(other, Ref)]
            for other in others:
                if other.column not in results and other.type.kind is key.type.kind:
                    return other
    return key


def _told_apart(leaf: Released) -> bool:
    """Whether no two columns have one name, so that a query can be asked for each."""
    return len({column.name for column in leaf.columns}) == len(leaf.columns)


def _results(tree: Tree) -> Iterator[Released]:
    match tree:
        case Released():
            yield tree
        case Filter() | Compute() | Windowed():
            yield from _results(tree.source)
        case Join(outer=outer):
            yield from _results(tree.left)
            if not outer:
                yield from _results(tree.right)
        case Group() | Both() | Scan() | Constants():
            return  # the columns of what is below are not the groups' columns


def restricted(
    found: Sequence[Restriction],
    names: Mapping[Expr, str],
    query_of: Callable[[str], exp.Query],
) -> tuple[exp.Expr, ...]:
    """The restrictions as conditions over a noisy table; `names` are its key columns."""
    made: list[exp.Expr] = []
    for one in found:
        alias = exp.TableAlias(this=exp.to_identifier("shown"))
        source = exp.Subquery(this=query_of(one.token).copy(), alias=alias)
        chosen = [exp.column(name, table="shown", quoted=True) for name in one.columns]
        keys = [exp.column(names[key], quoted=True) for key in one.keys]
        rows = exp.Subquery(this=exp.Select(expressions=chosen).from_(source))
        value = keys[0] if len(keys) == 1 else exp.Tuple(expressions=keys)
        test = exp.In(this=value, query=rows)
        made.append(exp.Not(this=exp.Paren(this=test)) if one.without else test)
    return tuple(made)
