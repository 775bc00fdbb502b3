"""UNION ALL of protected relations with the same unit.

Claim: each row stays its owner's: it is a row of one of the two sides, and depends on what that row
depends on. An owner's rows of the union are those of both sides together, so bounds on them add up;
that two rows differ in a key of their side says nothing across the sides, so no key is kept.
"""

from __future__ import annotations

from gateway.privacy.domains import ANYTHING, Domain, Members, interval_of, union
from gateway.privacy.known import NOTHING_KNOWN, common_step, step_of
from gateway.privacy.relation import OWNER, Both, Facts, Relation
from gateway.privacy.trace import Numbers
from gateway.sql.expressions import Column, Ref
from gateway.sql.functions.arithmetic import shared


def both(left: Relation, right: Relation, numbers: Numbers) -> Relation | None:
    """The rows of two protected relations, column by column in order, named as the left ones.

    None where the sides have not the same number of columns of types that fit. A column that holds
    the owner on both sides holds it in the union.
    """
    if left.owner is None or right.owner is None or len(left.visible) != len(right.visible):
        return None
    owner = numbers.column(left.owner.name, left.owner.type)
    columns: dict[Column, tuple[Column, Column]] = {owner: (left.owner, right.owner)}
    visible: list[tuple[str, Column]] = []
    facts: dict[Column, Facts] = {owner: Facts(nullable=True)}
    for (name, a), (_, b) in zip(left.visible, right.visible, strict=True):
        kind = shared(a.type, b.type)
        if kind is None:
            return None
        if (a, b) == (left.owner, right.owner):
            visible.append((name, owner))
            continue
        column = numbers.column(name, kind)
        columns[column] = (a, b)
        steps = (step_of(Ref(a), left.facts), step_of(Ref(b), right.facts))
        one, other = left.facts.get(a, NOTHING_KNOWN), right.facts.get(b, NOTHING_KNOWN)
        facts[column] = Facts(
            domain=_domain(one.domain, other.domain),
            nullable=one.nullable or other.nullable or not kind == a.type == b.type,
            step=common_step(steps),
            estimates=one.estimates | other.estimates,
        )
        visible.append((name, column))
    return Relation(
        tree=Both(
            left=left.tree,
            right=right.tree,
            columns=tuple((column, a, b) for column, (a, b) in columns.items()),
        ),
        visible=tuple(visible),
        owner=owner,
        facts=facts,
        by_owner=frozenset([owner]),
        determinants=((OWNER, (owner,)),),
        max_rows=_sum(left.max_rows, right.max_rows),
        max_groups=_sum(left.max_groups, right.max_groups),
        tables=tuple(dict.fromkeys((*left.tables, *right.tables))),
    )


def _domain(a: Domain, b: Domain) -> Domain:
    if isinstance(a, Members) and isinstance(b, Members):
        return Members(tuple(dict.fromkeys((*a.values, *b.values))))
    one, other = interval_of(a), interval_of(b)
    return union(one, other) if one and other else ANYTHING


def _sum(a: int | None, b: int | None) -> int | None:
    return None if a is None or b is None else a + b
