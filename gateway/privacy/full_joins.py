"""FULL JOIN of protected relations on their owner.

Claim: its rows are those of the LEFT JOIN, and the right rows for which no left row of their own
owner meets the condition, with NULLs beside them. Both are decided by rows of one owner
(`joins`, `subqueries`), so each row stays its owner's. Tests: tests/neighbours (`joins_on_owner`).
"""

from __future__ import annotations

from dataclasses import replace

from gateway.privacy.joins import joined
from gateway.privacy.relation import OWNER, Both, Facts, Relation
from gateway.privacy.renumber import renumbering
from gateway.privacy.subqueries import within
from gateway.privacy.trace import Numbers, computed, filtered
from gateway.sql.expressions import Call, Column, Expr, Literal, Ref, map_columns
from gateway.sql.types import BOOLEAN


def full(left: Relation, right: Relation, condition: Expr, numbers: Numbers) -> Relation | None:
    """All pairs, and the rows of either side without one. None where the condition does not imply
    equal owners.

    The columns of both sides keep their identity, so that names go on to mean them; each may be
    NULL. Which of them holds the owner depends on the row, so that neither decides it.
    """
    kept = joined(left, right, condition, outer=True)
    other_left, left_of = renumbering(left, numbers)
    other_right, right_of = renumbering(right, numbers)
    moved = {**left_of, **right_of}
    met = within(
        (other_right,),
        other_left,
        [map_columns(condition, lambda column: Ref(moved.get(column, column)))],
        None,
        None,
    )
    if met is None or left.owner is None or right.owner is None:
        return None
    alone = filtered(other_right, Call("not", (met,), BOOLEAN))
    nothing = tuple((column.name, Literal(None, column.type)) for column in left.facts)
    padded = computed(alone, nothing, numbers)
    nulls = dict(zip(left.facts, (column for _, column in padded.visible), strict=True))
    owner = numbers.column(left.owner.name, left.owner.type)
    columns: list[tuple[Column, Column, Column]] = [(owner, left.owner, right_of[right.owner])]
    columns += [(column, column, nulls[column]) for column in left.facts]
    columns += [(column, column, right_of[column]) for column in right.facts]
    facts = {column: replace(known, nullable=True) for column, known in kept.facts.items()}
    return Relation(
        tree=Both(left=kept.tree, right=padded.tree, columns=tuple(columns)),
        visible=kept.visible,
        owner=owner,
        facts={owner: Facts(), **facts},
        by_owner=frozenset([owner]),
        determinants=((OWNER, (owner,)),),
        optional=(*left.determinants, *left.optional, *right.determinants, *right.optional),
        max_rows=_sum(kept.max_rows, right.max_rows),
        max_groups=_sum(kept.max_groups, right.max_groups),
        tables=kept.tables,
    )


def _sum(a: int | None, b: int | None) -> int | None:
    return None if a is None or b is None else a + b
