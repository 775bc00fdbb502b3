"""Window functions as SQL that never fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gateway.privacy.relation import Frame, FrameEnd, Ordering, Over
from gateway.rewrite.dialects import DIALECTS
from gateway.rewrite.dialects.base import Dialect
from gateway.rewrite.expressions import write
from gateway.rewrite.summaries import summarised
from gateway.sql.expressions import Column, Ref
from gateway.sql.types import BIGINT, Kind, Type

Item = tuple[Column, Over]
"""A column and the window function that gives it."""


def windowed(over: Over, names: Mapping[Column, str], dialect: str) -> str:
    """SQL for a window function."""
    clause = _clause(over, names, dialect)
    if over.summary is not None:
        return summarised(over.summary, names, dialect, clause)
    arguments = [write(part, names, dialect) for part in over.arguments]
    place = _COUNTS.get(over.function.upper())
    if place is not None and place < len(arguments):
        arguments[place] = DIALECTS[dialect].count(arguments[place])
    return f"{over.function.upper()}({', '.join(arguments)}){clause}"


def counted(items: Sequence[Item]) -> tuple[list[Item], list[Item]]:
    """Windows without frames of GROUPS: columns to be had first, and the windows that read them.

    Claim: the frame has the same rows. Proof: a group are the rows of a partition that tie in the
    window's order, and DENSE_RANK numbers the groups 1, 2, … in this order. So a row lies so many
    groups before or behind another one where the difference of their numbers is so much, which is
    what RANGE asks of an order by the numbers; and rows tie in these where they tie in the order.
    Test: the corpus has such a window, and every engine gives the same integers.
    """
    ranks: list[Item] = []
    found: list[Item] = []
    for number, (column, over) in enumerate(items):
        frame = over.frame
        if frame is not None and frame.mode == "GROUPS":
            # Numbers of a question's own columns are not negative.
            rank = Column(-1 - number, "rank", BIGINT)
            ranked = Over("dense_rank", (), None, over.partition, over.order, None, BIGINT)
            ranks.append((rank, ranked))
            frame = replace(frame, mode="RANGE")
            over = replace(over, order=(Ordering(Ref(rank)),), frame=frame)
        found.append((column, over))
    return ranks, found


_COUNTS = {"LAG": 1, "LEAD": 1, "NTH_VALUE": 1, "NTILE": 0}
"""Which argument is a number of rows, or of parts."""


def _clause(over: Over, names: Mapping[Column, str], dialect: str) -> str:
    by_distance = _by_distance(over.frame)
    parts = ["PARTITION BY " + ", ".join(write(part, names, dialect) for part in over.partition)]
    if over.order:
        written = [_ordering(part, names, dialect, by_distance) for part in over.order]
        parts.append("ORDER BY " + ", ".join(written))
    if over.frame is not None:
        parts.append(
            f"{over.frame.mode} BETWEEN {_end(over.frame.start)} AND {_end(over.frame.end)}"
        )
    return f" OVER ({' '.join(parts)})"


def _by_distance(frame: Frame | None) -> bool:
    if frame is None or frame.mode != "RANGE":
        return False
    return frame.start.amount is not None or frame.end.amount is not None


def _end(end: FrameEnd) -> str:
    if end.side == "CURRENT ROW":
        return end.side
    return f"{'UNBOUNDED' if end.amount is None else end.amount} {end.side}"


def _ordering(
    ordering: Ordering, names: Mapping[Column, str], dialect: str, by_distance: bool
) -> str:
    text = write(ordering.value, names, dialect)
    kind, ways = ordering.value.type, DIALECTS[dialect]
    text = _place(text, kind, ways) if by_distance else ways.ordered(text, kind)
    down = " DESC" if ordering.descending else ""
    return f"{text}{down} NULLS {'FIRST' if ordering.nulls_first else 'LAST'}"


def _place(text: str, kind: Type, dialect: Dialect) -> str:
    """A value as a number from which any distance can be taken: of 128 bits, for the engine's own
    arithmetic on timestamps fails near the ends of their range. Infinite moments lie beyond."""
    if kind.kind is Kind.INTEGER:
        return dialect.wide(text)
    first = "DATE '1970-01-01'"
    moment = (
        f"{dialect.wide(dialect.days(text, first))} * 86400000000"
        if kind.kind is Kind.DATE
        else dialect.wide(dialect.microseconds(text))
    )
    return (
        f"CASE WHEN {dialect.finite(text, kind)} THEN {moment} "
        f"WHEN {text} > {first} THEN {dialect.wide('1e30')} "
        f"WHEN {text} IS NOT NULL THEN {dialect.wide('-1e30')} END"
    )
