"""DECLARE, FETCH, MOVE and CLOSE: cursors over results that are there already."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from gateway.server.postgres.commands import Bound, Command, Portal
from gateway.server.postgres.faults import Fault, State
from gateway.server.postgres.formats import Field
from gateway.server.postgres.results import Result, Row, Table
from gateway.server.postgres.statements import Statement, Word

Portals = dict[str, Portal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """DECLARE name CURSOR FOR query. The query is run, and charged, when rows are first fetched."""

    name: str
    command: Command
    portals: Portals
    scrolls: bool
    held: bool
    in_transaction: Callable[[], bool]

    @property
    def parameters(self) -> tuple[int, ...]:
        """Those of the query."""
        return self.command.parameters

    async def fields(self) -> tuple[Field, ...] | None:
        """None: the rows come with FETCH."""
        return None

    async def run(self, bound: Bound) -> Result:
        """Make the cursor. Raises `Fault` also for a query that cannot be planned."""
        if not self.held and not self.in_transaction():
            raise Fault(
                State.NO_ACTIVE_SQL_TRANSACTION,
                "DECLARE CURSOR can only be used in transaction blocks",
                "Send BEGIN first, or declare the cursor WITH HOLD.",
            )
        if self.name in self.portals:
            raise Fault(
                State.DUPLICATE_CURSOR, f'cursor "{self.name}" already exists', "CLOSE it first."
            )
        await self.command.fields()
        self.portals[self.name] = Portal(
            command=self.command,
            bound=replace(bound, result_formats=()),
            scrolls=self.scrolls,
            held=self.held,
            declared=True,
        )
        return Result(tag="DECLARE CURSOR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Where FETCH or MOVE goes: `count` rows on or back (None: all), or to one row.

    `to` is a row from 1, from the end if negative; `relative` counts from where the cursor is.
    """

    count: int | None = 1
    backward: bool = False
    to: int | None = None
    relative: int | None = None


@dataclass(frozen=True, slots=True)
class _Part:
    """Some rows of another table."""

    table: Table
    indices: tuple[int, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        return self.table.fields

    def __len__(self) -> int:
        return len(self.indices)

    def written(self, indices: Sequence[int], formats: Sequence[int]) -> Iterator[Row]:
        return self.table.written([self.indices[index] for index in indices], formats)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """FETCH or, where nothing is to be sent, MOVE."""

    name: str
    movement: Movement
    portals: Portals
    sends: bool
    parameters: tuple[int, ...] = ()

    async def fields(self) -> tuple[Field, ...] | None:
        """Those of the cursor's query."""
        command = found(self.portals, self.name).command
        return await command.fields() if command is not None and self.sends else None

    async def run(self, bound: Bound) -> Result:
        """The rows, and the cursor moved behind them."""
        portal = found(self.portals, self.name)
        table = (await portal.opened()).table
        if table is None:
            raise Fault(State.OBJECT_NOT_IN_STATE, "The cursor has no rows.", "CLOSE it.")
        first = portal.result.notices if portal.result and not portal.finished else ()
        portal.finished = True  # its notices are told once, with the first rows
        before = portal.position
        indices, portal.position = moved(portal.position, len(table), self.movement)
        if not portal.scrolls and portal.position < before:
            portal.position = before
            raise Fault(
                State.OBJECT_NOT_IN_STATE, "cursor can only scan forward", "DECLARE it SCROLL."
            )
        if not self.sends:
            return Result(tag=f"MOVE {len(indices)}", notices=first)
        return Result(tag="FETCH", table=_Part(table, indices), notices=first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """CLOSE name, or CLOSE ALL where it is None."""

    name: str | None
    portals: Portals
    parameters: tuple[int, ...] = ()

    async def fields(self) -> tuple[Field, ...] | None:
        """None: there are no rows."""
        return None

    async def run(self, bound: Bound) -> Result:
        """Forget the cursor."""
        if self.name is None:
            for name in [name for name, portal in self.portals.items() if portal.declared]:
                del self.portals[name]
            return Result(tag="CLOSE CURSOR ALL")
        found(self.portals, self.name)
        del self.portals[self.name]
        return Result(tag="CLOSE CURSOR")


def found(portals: Portals, name: str) -> Portal:
    """A cursor or portal by name; raises `Fault`."""
    portal = portals.get(name)
    if portal is None:
        raise Fault(
            State.INVALID_CURSOR_NAME,
            f'cursor "{name[:80]}" does not exist',
            "DECLARE it first; cursors end with their transaction unless they are WITH HOLD.",
        )
    return portal


def moved(position: int, length: int, movement: Movement) -> tuple[tuple[int, ...], int]:
    """The rows (from 0) that a movement passes over, in its order, and the position after it.

    Positions count from 1; 0 is before the first row, `length + 1` behind the last.
    """
    if movement.to is not None or movement.relative is not None:
        if movement.relative is not None:
            target = position + movement.relative
        else:
            to = movement.to or 0
            target = to if to >= 0 else length + 1 + to
        target = min(max(target, 0), length + 1)
        return ((target - 1,) if 1 <= target <= length else ()), target
    count = length + 1 if movement.count is None else movement.count
    if movement.backward:
        last = max(position - count, 0)
        rows = range(min(position - 1, length), max(last, 1) - 1, -1) if count else range(0)
    else:
        last = min(position + count, length + 1)
        rows = range(position + 1, min(last, length) + 1)
    return tuple(row - 1 for row in rows), last


def movement_of(words: tuple[Word, ...]) -> tuple[Movement, str] | None:
    """The movement and cursor of the words behind FETCH or MOVE; None where they are none."""
    if not words:
        return None
    rest, name = list(words[:-1]), words[-1].text
    if rest and rest[-1].means("from", "in"):
        rest.pop()
    texts = [word.text for word in rest]
    sign = 1
    if "-" in texts or "+" in texts:
        sign = -1 if "-" in texts else 1
        texts = [text for text in texts if text not in ("-", "+")]
    fixed = _MOVEMENTS.get(" ".join(texts))
    if fixed is not None:
        return fixed, name
    if not texts or not texts[-1].isdigit() or len(texts[-1]) > 9:
        return None
    number = sign * int(texts.pop())
    made = _NUMBERED.get(" ".join(texts))
    return None if made is None else (made(number), name)


def _counted(number: int) -> Movement:
    if number == 0:
        return Movement(relative=0)
    return Movement(count=abs(number), backward=number < 0)


_MOVEMENTS = {
    **dict.fromkeys(("", "next", "forward"), Movement()),
    **dict.fromkeys(("prior", "backward"), Movement(backward=True)),
    **dict.fromkeys(("all", "forward all"), Movement(count=None)),
    "backward all": Movement(count=None, backward=True),
    "first": Movement(to=1),
    "last": Movement(to=-1),
}
_NUMBERED: dict[str, Callable[[int], Movement]] = {
    **dict.fromkeys(("", "forward"), _counted),
    "backward": lambda number: _counted(-number),
    "absolute": lambda number: Movement(to=number),
    "relative": lambda number: Movement(relative=number),
}


def declared(statement: Statement) -> tuple[str, frozenset[str], Statement] | None:
    """The name, options and query of a DECLARE; None where it is none."""
    words = statement.words
    behind = [i for i, word in enumerate(words) if word.means("for")]
    if len(words) < 5 or not behind:
        return None
    options = [word.text for word in words[2 : behind[0]]]
    if "cursor" not in options:
        return None
    known = {"no scroll": "no_scroll", "with hold": "hold", "without hold": "without"}
    spelled = " ".join(word for word in options if word != "cursor")
    for phrase, option in known.items():
        spelled = spelled.replace(phrase, option)
    found_options = frozenset(spelled.split())
    if not found_options <= {"insensitive", "asensitive", "scroll", *known.values()}:
        return None
    return words[1].text, found_options, statement.after(behind[0] + 1)
