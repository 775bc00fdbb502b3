"""SET, SHOW, RESET and DISCARD, as PostgreSQL reads and answers them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from gateway.server.postgres.commands import Bound
from gateway.server.postgres.faults import Fault, State
from gateway.server.postgres.formats import TEXT_OID, Field, field
from gateway.server.postgres.results import Result, ValueTable
from gateway.server.postgres.settings import KNOWN, Settings
from gateway.server.postgres.statements import Statement, Word
from gateway.server.postgres.transactions import modes

REMAINING = "noisegate.remaining_budget"
_HIDDEN_UNTIL_ASKED = {REMAINING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """SET, RESET or DISCARD."""

    act: Callable[[], None]
    tag: str
    parameters: tuple[int, ...] = ()

    async def fields(self) -> tuple[Field, ...] | None:
        """None: there are no rows."""
        return None

    async def run(self, bound: Bound) -> Result:
        """Change the settings."""
        self.act()
        return Result(tag=self.tag)


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """SHOW name, or SHOW ALL where `name` is None. `remaining` asks the ledger."""

    settings: Settings
    name: str | None
    remaining: Callable[[], Awaitable[str]]
    parameters: tuple[int, ...] = ()

    async def fields(self) -> tuple[Field, ...]:
        """One column of the setting's name, or three for all."""
        if self.name is None:
            return tuple(field(name, TEXT_OID) for name in ("name", "setting", "description"))
        known = KNOWN.get(self.name)
        return (field(known.name if known else self.name, TEXT_OID),)

    async def run(self, bound: Bound) -> Result:
        """The value or values."""
        rows: list[tuple[str, ...]]
        if self.name is None:
            rows = [
                (name, self.settings[name], known.description if known else "")
                for name in self.settings.names()
                if name not in _HIDDEN_UNTIL_ASKED
                for known in [KNOWN.get(name.lower())]
            ]
        elif self.name == REMAINING:
            rows = [(await self.remaining(),)]
        else:
            rows = [(self.settings[self.name],)]
        table = ValueTable(fields=await self.fields(), rows=rows, zone=ZoneInfo("UTC"))
        return Result(tag="SHOW", table=table)


def understood(
    statement: Statement,
    settings: Settings,
    remaining: Callable[[], Awaitable[str]],
    discard: Callable[[str], None],
) -> Adjustment | Show | None:
    """The command of a statement about settings; None for any other. Raises `Fault`."""
    words = statement.words
    if statement.begins("show") and len(words) > 1:
        name = _named(words[1:])
        shown = None if name == "all" else name
        if shown is not None:
            settings[shown]  # raises for a name that does not exist, before it is run
        return Show(settings=settings, name=shown, remaining=remaining)
    if statement.begins("reset") and len(words) > 1:
        name = _named(words[1:])
        if name == "all":
            return Adjustment(act=settings.reset_all, tag="RESET")
        if name in ("session_authorization", "role"):
            return Adjustment(act=_nothing, tag="RESET")
        return Adjustment(act=lambda: settings.change(name, None), tag="RESET")
    if statement.begins("discard") and len(words) == 2:
        what = words[1].text
        if what not in ("all", "plans", "sequences", "temp", "temporary"):
            raise _unread(statement)
        return Adjustment(act=lambda: discard(what), tag=f"DISCARD {what.upper()}")
    if statement.begins("set") and len(words) > 2:
        return _set(statement, settings)
    return None


def _set(statement: Statement, settings: Settings) -> Adjustment:
    words = list(statement.words[1:])
    local = words[0].means("local")
    if (words[0].means("session") and not words[1].means("characteristics", "authorization")) or (
        local
    ):
        words.pop(0)
    if not words:
        raise _unread(statement)
    if [w.text for w in words[:4]] == ["session", "characteristics", "as", "transaction"]:
        return _modes(settings, "default_transaction", words[4:], local=False)
    if words[0].means("transaction"):
        return _modes(settings, "transaction", words[1:], local=True)
    if words[0].means("role") or [w.text for w in words[:2]] == ["session", "authorization"]:
        if words[-1].means("none", "default"):
            return Adjustment(act=_nothing, tag="SET")
        raise Fault(
            State.FEATURE_NOT_SUPPORTED,
            "Nobody can act as another user.",
            "Log in with that user's name and key.",
        )
    if words[0].means("names"):
        return _changing(settings, "client_encoding", words[1:], local)
    if [w.text for w in words[:2]] == ["time", "zone"] and len(words) > 2:
        return _changing(settings, "timezone", words[2:], local)
    signs = [i for i, word in enumerate(words) if word.means("=", "to")]
    if not signs:
        raise _unread(statement)
    return _changing(settings, _dotted(words[: signs[0]]), words[signs[0] + 1 :], local)


def _modes(settings: Settings, prefix: str, words: list[Word], *, local: bool) -> Adjustment:
    wanted = modes(words)

    def change() -> None:
        for name, value in wanted.items():
            settings.change(f"{prefix}_{name}", value, local=local)

    return Adjustment(act=change, tag="SET")


def _changing(settings: Settings, name: str, words: list[Word], local: bool) -> Adjustment:
    if not words:
        raise Fault(State.SYNTAX_ERROR, f"SET {name} gives no value.", f"Write SET {name} = value.")
    default = len(words) == 1 and words[0].means("default")
    if name == "timezone" and words[0].means("local", "default"):
        default = True
    value = None if default else _value(words)
    return Adjustment(act=lambda: settings.change(name, value, local=local), tag="SET")


def _value(words: list[Word]) -> str:
    """A list of values as PostgreSQL keeps it: parted by commas, names that need it quoted."""
    parts: list[str] = []
    current = ""
    for word in words:
        if word.means(","):
            parts.append(current)
            current = ""
        else:
            several = len(words) > 1 and word.quoted
            current += f'"{word.text}"' if several else word.text
    return ", ".join([*parts, current])


def _named(words: tuple[Word, ...]) -> str:
    """The setting that SHOW or RESET names, also where it is spelled in several words."""
    spelled = " ".join(word.text for word in words)
    known = {
        "time zone": "timezone",
        "transaction isolation level": "transaction_isolation",
        "session authorization": "session_authorization",
        "names": "client_encoding",
    }
    return known.get(spelled) or _dotted(list(words))


def _dotted(words: list[Word]) -> str:
    return "".join(word.text for word in words).lower()


def _nothing() -> None:
    """What changes nothing here: nothing is written, whatever the transaction's mode."""


def _unread(statement: Statement) -> Fault:
    return Fault(
        State.SYNTAX_ERROR,
        f"The statement {statement.words[0].text.upper()} cannot be read.",
        "Write it as PostgreSQL's manual has it, such as SET name = value.",
        position=statement.offset + 1,
    )
