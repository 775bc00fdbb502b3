"""Window frames: which rows of a partition a function reads."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlglot import exp

from gateway.privacy.relation import Frame, FrameEnd, Ordering
from gateway.sql.bind import Binder, refuse
from gateway.sql.expressions import Literal
from gateway.sql.types import Kind

WHOLE = Frame("ROWS", FrameEnd("PRECEDING"), FrameEnd("FOLLOWING"))
"""All rows of the partition."""
_SIDES = ("PRECEDING", "CURRENT ROW", "FOLLOWING")
_PARTS = {"kind", "start", "start_side", "end", "end_side"}
_MOST = 2**31 - 1
_DAY = 86_400_000_000
_INTERVAL = re.compile(r"0 months (\d+) days (\d+) microseconds")


def frame_of(
    window: exp.Expr, spec: exp.Expr | None, order: Sequence[Ordering], binder: Binder
) -> Frame | None:
    """The frame that a window writes out; None for SQL's own. All rows are always `WHOLE`.

    Raises UNSUPPORTED_SQL for what SQL forbids, for EXCLUDE, and for distances that are not
    constants: an engine would fail on them, some only when it meets a certain row.
    """
    if spec is None:
        return None
    for part, value in spec.args.items():
        if value and part not in _PARTS:
            raise refuse(window, f"{part.upper()} in a frame", "Leave it out.")
    mode = str(spec.args.get("kind") or "").upper()
    ends = [
        _end(window, mode, spec.args.get(name) or "CURRENT ROW", spec.args.get(f"{name}_side"))
        for name in ("start", "end")
    ]
    start, end = (_measured(window, mode, side, node, order, binder) for side, node in ends)
    unbounded = (start.side, start.amount) == ("FOLLOWING", None) or (
        (end.side, end.amount) == ("PRECEDING", None)
    )
    if unbounded or _SIDES.index(start.side) > _SIDES.index(end.side):
        raise refuse(window, "A frame that ends before it starts", "Exchange its ends.")
    if mode == "GROUPS" and not order:
        raise refuse(window, "GROUPS without ORDER BY", "Add ORDER BY, or write ROWS.")
    found = Frame(mode, start, end)
    return WHOLE if (start, end) == (WHOLE.start, WHOLE.end) else found


def holds_own_row(frame: Frame | None) -> bool:
    """Whether a frame holds the row that it is around, whatever the rows are."""
    if frame is None:
        return True
    return frame.start.side != "FOLLOWING" and frame.end.side != "PRECEDING"


def _end(window: exp.Expr, mode: str, value: object, side: object) -> tuple[str, exp.Expr | None]:
    """A side, and the distance where there is one."""
    if mode not in ("ROWS", "RANGE", "GROUPS"):
        raise refuse(window, "This kind of frame", "Write ROWS, RANGE or GROUPS.")
    if value == "CURRENT ROW":
        return "CURRENT ROW", None
    name = str(side or "").upper()
    if name not in ("PRECEDING", "FOLLOWING"):
        raise refuse(window, "This frame", "Write PRECEDING or FOLLOWING.")
    return name, value if isinstance(value, exp.Expr) else None


def _measured(
    window: exp.Expr,
    mode: str,
    side: str,
    node: exp.Expr | None,
    order: Sequence[Ordering],
    binder: Binder,
) -> FrameEnd:
    if node is None:
        return FrameEnd(side)
    distance = binder.bind(node)
    amount = _amount(distance, order) if mode == "RANGE" else _count(distance)
    if amount is None:
        hint = (
            "ORDER BY one integer and write a whole number; or one date or timestamp, "
            "and an interval of days or less, such as INTERVAL '30 days'."
            if mode == "RANGE"
            else "Write a whole number of rows."
        )
        raise refuse(window, f"This distance in a frame of {mode}", hint)
    return FrameEnd(side, amount)


def _count(distance: object) -> int | None:
    value = distance.value if isinstance(distance, Literal) else None
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and isinstance(value, int) and 0 <= value <= _MOST else None


def _amount(distance: object, order: Sequence[Ordering]) -> int | None:
    """A distance in the units in which the one ordering is compared."""
    if len(order) != 1 or not isinstance(distance, Literal):
        return None
    kind = order[0].value.type
    if kind.kind is Kind.INTEGER:
        return _count(distance)
    if not kind.temporal:
        return None
    text = distance.value if isinstance(distance.value, str) else ""
    found = _INTERVAL.fullmatch(text)
    return int(found[1]) * _DAY + int(found[2]) if found else None
