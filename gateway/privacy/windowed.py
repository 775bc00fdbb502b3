"""Relations with window functions: their columns, and what is known of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from gateway.errors import Code, Refusal
from gateway.privacy.domains import ANYTHING, Domain, Interval, interval_of, union
from gateway.privacy.estimates import Estimates
from gateway.privacy.frames import WHOLE, holds_own_row
from gateway.privacy.known import common_step, domain_of, estimates_of, nullable, step_of
from gateway.privacy.own_groups import OwnGroups
from gateway.privacy.relation import Facts, Frame, Ordering, Over, Relation, Summary, Windowed
from gateway.privacy.trace import Numbers
from gateway.sql.expressions import Call, Column, Expr, Literal, Ref, columns_of
from gateway.sql.types import BIGINT, TEXT, Kind

FRAMED = ("first_value", "last_value", "nth_value")
"""Functions that give the value of one row of a frame."""


def numbered(relation: Relation, numbers: Numbers, estimates: Estimates) -> Relation:
    """The relation with a key; itself where it has one.

    Claim: the numbers that it gives to one owner's rows are decided by these rows alone. They
    follow the order of all columns of the relation that are not computed from others, each told
    apart as finely as any expression could (floating-point numbers by their text, for 0 and -0 are
    equal). Rows that tie even then are the same in every column, so that it makes no difference
    which of them has which number: the set of rows with their numbers is the same.
    """
    if relation.keys:
        return relation
    if relation.owner is None:
        raise AssertionError("windows are over protected rows")
    base = sorted(
        (column for column in relation.facts if column not in relation.definitions),
        key=lambda column: column.number,
    )
    if any(column.type.kind is Kind.INTERVAL for column in base):
        raise Refusal(
            Code.UNSUPPORTED_SQL,
            "Rows that hold intervals cannot be put in a definite order here.",
            "Group by the owner and what tells its rows apart, or leave the interval out.",
        )
    order = tuple(Ordering(_finest(column)) for column in base if column != relation.owner)
    number = numbers.column("row", BIGINT)
    over = Over("row_number", (), None, (Ref(relation.owner),), order, None, BIGINT)
    return with_windows(relation, [(number, over)], estimates)


def _finest(column: Column) -> Expr:
    plain = Ref(column)
    return Call("cast", (plain,), TEXT) if column.type.kind is Kind.FLOAT else plain


def with_windows(
    relation: Relation, items: Sequence[tuple[Column, Over]], estimates: Estimates
) -> Relation:
    """The relation with these columns. Its rows are the same, so what was known of them holds."""
    facts = {**relation.facts, **{c: window_facts(over, relation, estimates) for c, over in items}}
    same = {column for column, over in items if _same_for_owner(over, relation)}
    keys = [_numbering(column, over, relation) for column, over in items]
    return replace(
        relation,
        tree=Windowed(source=relation.tree, items=tuple(items)),
        facts=facts,
        keys=(*relation.keys, *(key for key in keys if key is not None)),
        by_owner=relation.by_owner | same,
    )


def window_facts(over: Over, relation: Relation, estimates: Estimates) -> Facts:
    """What is known of a window function's values: numbers of rows lie in [1, max_rows], values of
    other rows where the column's own lie; totals are bounded as per-owner totals are. NULL is
    excluded only where the frame always holds the row itself, or a default stands in."""
    groups = OwnGroups(relation=relation, keys=over.partition, estimates=estimates)
    if over.summary is not None:
        return _frame_facts(over.summary, over.frame, groups)
    if over.function in ("percent_rank", "cume_dist"):
        return Facts(domain=Interval(Fraction(0), Fraction(1)), nullable=False)
    if over.function == "ntile":
        tiles = over.arguments[0]
        most = tiles.value if isinstance(tiles, Literal) else None
        domain = Interval(Fraction(1), Fraction(most)) if isinstance(most, int) else ANYTHING
        return Facts(domain=domain, nullable=False, step=Fraction(1))
    if not over.arguments:
        return groups.numbers()
    value, default = over.arguments[0], over.arguments[2] if len(over.arguments) == 3 else None
    read = [value] if default is None else [value, default]
    absent = any(nullable(part, relation.facts) for part in read)
    if over.function in FRAMED:
        absent = absent or over.function == "nth_value" or not holds_own_row(over.frame)
    else:
        absent = absent or default is None
    return Facts(
        domain=_either([domain_of(part, relation.facts) for part in read]),
        nullable=absent,
        step=common_step([step_of(part, relation.facts) for part in read]),
        estimates=frozenset().union(*(estimates_of(part, relation.facts) for part in read)),
    )


def _frame_facts(summary: Summary, frame: Frame | None, groups: OwnGroups) -> Facts:
    found = groups.facts(summary)
    if summary.kind == "sum" and summary.value is not None:
        found = replace(found, nullable=nullable(summary.value, groups.relation.facts))
    if holds_own_row(frame):
        return found
    if summary.kind != "count":
        return replace(found, nullable=True)
    most = interval_of(found.domain)
    empty = Interval(Fraction(0), most.hi) if most else ANYTHING
    return replace(found, domain=empty)


def _either(domains: Sequence[Domain]) -> Domain:
    if len(set(domains)) == 1:
        return domains[0]
    found: Interval | None = None
    for domain in domains:
        interval = interval_of(domain)
        if interval is None:
            return ANYTHING
        found = union(found, interval) if found else interval
    return found or ANYTHING


def _same_for_owner(over: Over, relation: Relation) -> bool:
    """Whether a function has one value for all rows of an owner: over the whole of a partition
    that the owner decides."""
    decided = all(c in relation.by_owner for part in over.partition for c in columns_of(part))
    whole = over.frame == WHOLE or (
        over.summary is not None and over.frame is None and not over.order
    )
    return decided and whole


def _numbering(column: Column, over: Over, relation: Relation) -> frozenset[Column] | None:
    """The key that ROW_NUMBER makes with its partition: no two rows of one have one number."""
    columns = [part.column for part in over.partition if isinstance(part, Ref)]
    if over.function != "row_number" or len(columns) < len(over.partition):
        return None
    return frozenset([column, *columns, *([relation.owner] if relation.owner else [])])
