"""Window functions over one owner's rows each: PARTITION BY that includes the owner.

Claim: with the rows of each partition belonging to one owner, what a window function gives to a
row is decided by that owner's rows alone, as a set. So taking one owner out takes out exactly that
owner's rows of the result, and leaves every other row as it is.

Two things make it true. (a) The hidden owner column is always written into PARTITION BY, and only
where the analyst's own columns decide the owner, so that adding it changes nothing
(`per_owner.one_owner_each`). (b) No choice is left to the engine: where rows tie in ORDER BY, SQL
lets it number them as it likes, and it could like what other owners' rows make convenient. A
function that tells tied rows apart is therefore ordered by a key of the relation as well
(`ordered_by_key`), and a relation without a key is first given one (`windowed.numbered`).

Source: SQL:2016, 4.15 (window frames and peers); the induction is `trace`'s. Tests:
tests/neighbours (every window of the corpus), tests/neighbours/test_windows.py (rows in any order).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sqlglot import exp

from gateway.errors import Code, Position, Refusal
from gateway.privacy.estimates import Estimates
from gateway.privacy.frames import WHOLE, frame_of, holds_own_row
from gateway.privacy.per_owner import one_owner_each, read_summary
from gateway.privacy.relation import (
    OWNER,
    Facts,
    Frame,
    FrameEnd,
    Ordering,
    Over,
    Relation,
)
from gateway.privacy.scope import name_of
from gateway.privacy.trace import Numbers
from gateway.privacy.windowed import FRAMED, numbered, with_windows
from gateway.sql.bind import Binder, refuse
from gateway.sql.expressions import Column, Expr, Literal, Ref, columns_of
from gateway.sql.parse import position_of
from gateway.sql.types import BIGINT, DOUBLE, Type

_RANKS: Mapping[type[exp.Expr], tuple[str, Type]] = {
    exp.RowNumber: ("row_number", BIGINT),
    exp.Rank: ("rank", BIGINT),
    exp.DenseRank: ("dense_rank", BIGINT),
    exp.PercentRank: ("percent_rank", DOUBLE),
    exp.CumeDist: ("cume_dist", DOUBLE),
}
_VALUES: Mapping[type[exp.Expr], str] = {
    exp.Lag: "lag",
    exp.Lead: "lead",
    exp.FirstValue: "first_value",
    exp.LastValue: "last_value",
    exp.NthValue: "nth_value",
}
_BY_PLACE = ("row_number", "ntile", "lag", "lead")
"""These tell tied rows apart, whatever the frame."""
_PARTS = {"this", "partition_by", "order", "spec", "alias", "over"}
_MOST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class _Definition:
    """What stands in an OVER or WINDOW clause."""

    partition: tuple[exp.Expr, ...]
    order: exp.Expr | None
    spec: exp.Expr | None


class Windows:
    """The window functions of one SELECT. `arguments` binds what they read, of which `facts` are
    known; `bind` is the hook of the binder of the SELECT list."""

    def __init__(
        self,
        query: exp.Select,
        arguments: Binder,
        facts: Callable[[], Mapping[Column, Facts]],
        numbers: Numbers,
        estimates: Estimates,
    ) -> None:
        self._estimates = estimates
        self._arguments = arguments
        self._facts = facts
        self._numbers = numbers
        self._named: dict[str, _Definition] = {}
        self._found: dict[Over, tuple[Column, Position | None]] = {}
        for window in query.args.get("windows") or []:
            # One after the other: a definition may build on those before it.
            self._named[name_of(window.this)] = self._defined(window)

    def bind(self, node: exp.Window) -> Expr:
        """The column that a window function gives."""
        for part, value in node.args.items():
            if value and part not in _PARTS:
                raise refuse(node, f"{part.upper()} in a window", "Leave it out.")
        defined = self._defined(node)
        partition = tuple(self._arguments.bind(part) for part in defined.partition)
        order = self._order(defined.order)
        frame = frame_of(node, defined.spec, order, self._arguments)
        over = replace(self._function(node.this), partition=partition, order=order, frame=frame)
        if over not in self._found:
            name = node.this.sql(dialect="postgres")[:40]
            self._found[over] = (self._numbers.column(name, over.type), position_of(node))
        return Ref(self._found[over][0])

    def over(self, relation: Relation) -> Relation:
        """The relation with the columns of all that were bound. Raises NOT_PRIVATE where a
        partition could hold rows of several owners."""
        if not self._found:
            return relation
        for over, (_, place) in self._found.items():
            if not one_owner_each(over.partition, relation):
                raise _across_owners(relation, place)
        if any(_by_place(over) for over in self._found):
            relation = numbered(relation, self._numbers, self._estimates)
        items = [(c, _settled(o, relation, at)) for o, (c, at) in self._found.items()]
        return with_windows(relation, items, self._estimates)

    # reading

    def _defined(self, node: exp.Expr) -> _Definition:
        partition = tuple(node.args.get("partition_by") or ())
        order, spec, base = (node.args.get(part) for part in ("order", "spec", "alias"))
        if base is None:
            return _Definition(partition, order, spec)
        known = self._named.get(name_of(base))
        if known is None:
            raise Refusal(
                Code.UNKNOWN_COLUMN,
                f'There is no window "{name_of(base)}".',
                "Define it before it is used: … WINDOW w AS (PARTITION BY …).",
                position_of(node),
            )
        if partition or (order and known.order) or (known.spec and (order or spec)):
            raise refuse(
                node,
                "Changing what a named window already says",
                "Write the window out in OVER (…).",
            )
        return _Definition(known.partition, order or known.order, spec or known.spec)

    def _order(self, node: exp.Expr | None) -> tuple[Ordering, ...]:
        found: list[Ordering] = []
        for part in node.expressions if node is not None else ():
            if part.args.get("with_fill"):
                raise refuse(part, "WITH FILL", "Leave it out.")
            value = self._arguments.bind(part.this)
            if any(True for _ in columns_of(value)):  # a constant orders nothing
                down, first = bool(part.args.get("desc")), bool(part.args.get("nulls_first"))
                found.append(Ordering(value, down, first))
        return tuple(found)

    def _function(self, node: exp.Expr) -> Over:
        if isinstance(node, (exp.IgnoreNulls, exp.RespectNulls)):
            raise refuse(node, "IGNORE NULLS or RESPECT NULLS", "Leave NULLs out in a subquery.")
        plain = Over("", (), None, (), (), None, BIGINT)
        if type(node) in _RANKS:
            name, kind = _RANKS[type(node)]
            if any(node.args.values()):
                raise refuse(node, f"{name} with arguments", "Leave them out.")
            return replace(plain, function=name, type=kind)
        if isinstance(node, exp.Ntile):
            tiles = self._whole(node, node.this, 1)
            return replace(plain, function="ntile", arguments=(tiles,))
        if type(node) in _VALUES:
            arguments = self._value(node)
            kind = arguments[0].type
            return replace(plain, function=_VALUES[type(node)], arguments=arguments, type=kind)
        if isinstance(node.this, exp.Distinct) or (
            isinstance(node, exp.Filter) and isinstance(node.this.this, exp.Distinct)
        ):
            raise refuse(node, "DISTINCT in a window function", "Leave DISTINCT out.")
        summary = read_summary(node, self._arguments, self._facts())
        return replace(plain, function=summary.kind, summary=summary, type=summary.type)

    def _value(self, node: exp.Expr) -> tuple[Expr, ...]:
        value = self._arguments.bind(node.this)
        if isinstance(node, (exp.FirstValue, exp.LastValue)):
            return (value,)
        if isinstance(node, exp.NthValue):
            if node.args.get("from_first") is False:
                raise refuse(node, "FROM LAST", "Order the other way round.")
            return (value, self._whole(node, node.args.get("offset"), 1))
        offset = self._whole(node, node.args.get("offset"), 0)
        default = node.args.get("default")
        if default is None:
            return (value, offset)
        first, other = self._arguments.alike(node, [value, self._arguments.bind(default)])
        return (first, offset, other)

    def _whole(self, node: exp.Expr, part: exp.Expr | None, least: int) -> Literal:
        found = self._arguments.bind(part) if part is not None else Literal(1, BIGINT)
        value = found.value if isinstance(found, Literal) else None
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= _MOST:
            name = node.sql(dialect="postgres").partition("(")[0]
            raise refuse(
                node,
                f"{name} with this number",
                f"Write a whole number of at least {least}.",
            )
        return Literal(value, BIGINT)


def _by_place(over: Over) -> bool:
    """Whether a function may tell rows apart that tie in its ORDER BY."""
    rows = over.frame is not None and over.frame.mode == "ROWS" and over.frame != WHOLE
    return over.function in _BY_PLACE or over.function in FRAMED or rows


def ordered_by_key(over: Over, relation: Relation) -> tuple[Ordering, ...]:
    """The ORDER BY of a window followed by the rest of a key, so that no two rows of a partition
    tie: rows that agree in the key's columns are one row."""
    fixed = {part.column for part in over.partition if isinstance(part, Ref)}
    fixed |= {part.value.column for part in over.order if isinstance(part.value, Ref)}
    fixed |= {relation.owner} if relation.owner else set()
    rests = [sorted(key - fixed, key=lambda c: c.number) for key in relation.keys]
    rest = min(rests, key=lambda columns: (len(columns), [c.number for c in columns]))
    return (*over.order, *(Ordering(Ref(column)) for column in rest))


def _settled(over: Over, relation: Relation, place: Position | None) -> Over:
    """The window as the engine is asked: its owner among the partition, no tie left to chance."""
    if relation.owner is None:
        raise AssertionError("windows are over protected rows")
    partition = tuple(dict.fromkeys((Ref(relation.owner), *over.partition)))
    over = replace(over, partition=partition)
    if over.function in FRAMED:
        return _value_of_frame(over, relation, place)
    if over.summary is None:
        over = replace(over, frame=None)  # SQL has ranks, LAG and LEAD ignore it
    if over.frame == WHOLE:
        return replace(over, order=(), frame=None)
    return replace(over, order=ordered_by_key(over, relation)) if _by_place(over) else over


def _value_of_frame(over: Over, relation: Relation, place: Position | None) -> Over:
    """FIRST_VALUE, LAST_VALUE and NTH_VALUE under an order without ties.

    A frame of ROWS follows the finer order. Frames by RANGE and GROUPS end between peers, which
    the finer order has none of: they are taken only where it does not matter, because the row that
    is asked for lies at an open end, or because the order had no ties in the first place.
    """
    frame, order = over.frame, ordered_by_key(over, relation)
    first_open, last_open = _open_ends(over)
    own = holds_own_row(frame)
    if (
        (over.function == "first_value" and first_open and own)
        or (over.function == "last_value" and last_open and own)
        or (first_open and last_open)
    ):
        return replace(over, order=order, frame=WHOLE)
    if frame is not None and frame.mode == "ROWS":
        return replace(over, order=order)
    if order == over.order:
        return over
    raise Refusal(
        Code.UNSUPPORTED_SQL,
        f"{over.function.upper()} among rows that tie in ORDER BY is not definite.",
        "Write the frame in rows: … ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING.",
        place,
    )


def _open_ends(over: Over) -> tuple[bool, bool]:
    """Whether a frame reaches to the first and to the last row of its partition, wherever the row
    stands: SQL's own frame ends with the row's peers, which are all rows where none are ordered."""
    frame = over.frame or Frame("RANGE", FrameEnd("PRECEDING"), FrameEnd("CURRENT ROW"))
    if frame.mode == "RANGE" and not over.order:
        return True, True
    return frame.start == WHOLE.start, frame.end == WHOLE.end


def _across_owners(relation: Relation, place: Position | None) -> Refusal:
    return Refusal(
        Code.NOT_PRIVATE,
        "The window reads rows of several owners: one owner would decide about another's row.",
        f"Add the owner to its PARTITION BY: {owner_name(relation)}. "
        "Or aggregate first; windows work on the results.",
        place,
    )


def owner_name(relation: Relation) -> str:
    """Columns by which an analyst can name the owner, of those that are shown."""
    shown = {column: name for name, column in relation.visible}
    for _, columns in sorted(relation.determinants, key=lambda pair: pair[0] != OWNER):
        if all(column in shown for column in columns):
            return ", ".join(shown[column] for column in columns)
    for _, columns in relation.determinants:
        return ", ".join(column.name for column in columns)
    return relation.owner.name if relation.owner else ""
