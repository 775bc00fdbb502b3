"""PREPARE, EXECUTE and DEALLOCATE in SQL: prepared statements without the extended protocol.

They share their names with those that clients make by Parse, as in PostgreSQL.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from sqlglot import exp

from gateway.errors import Refusal
from gateway.server.postgres import formats
from gateway.server.postgres.commands import Bound, Command, Prepared
from gateway.server.postgres.faults import Fault, State, of_refusal
from gateway.server.postgres.formats import Field
from gateway.server.postgres.results import Result
from gateway.server.postgres.statements import Statement, Word
from gateway.sql.parse import parse

Kept = dict[str, Prepared]
Keep = Callable[[str, Statement, Sequence[int]], Awaitable[None]]
"""Keeps a query under a name, given the types of its first parameters; 0 leaves one open."""

_MODIFIER = re.compile(r" \( [\d ,]* \)")
_CODED = re.compile(r"\\[0-7xuU]")
"""Escapes of E'…' that stand for a character by its number, which sqlglot leaves as they are."""
_TYPES = {
    **dict.fromkeys(("boolean", "bool"), formats.BOOL),
    **dict.fromkeys(("smallint", "int2"), formats.INT2),
    **dict.fromkeys(("integer", "int", "int4"), formats.INT4),
    **dict.fromkeys(("bigint", "int8"), formats.INT8),
    **dict.fromkeys(("numeric", "decimal", "dec"), formats.NUMERIC),
    **dict.fromkeys(("real", "float4"), formats.FLOAT4),
    **dict.fromkeys(("double precision", "float", "float8"), formats.FLOAT8),
    "text": formats.TEXT_OID,
    **dict.fromkeys(("character varying", "varchar"), formats.VARCHAR),
    **dict.fromkeys(("character", "char", "bpchar"), formats.BPCHAR),
    "name": formats.NAME,
    "oid": formats.OID,
    "date": formats.DATE,
    **dict.fromkeys(("timestamp", "timestamp without time zone"), formats.TIMESTAMP),
    **dict.fromkeys(("timestamptz", "timestamp with time zone"), formats.TIMESTAMPTZ),
    "unknown": 0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """PREPARE name (types) AS query. The query is planned now, and charged when it is executed."""

    name: str
    query: Statement
    oids: tuple[int, ...]
    keep: Keep
    parameters: tuple[int, ...] = ()

    async def fields(self) -> tuple[Field, ...] | None:
        """None: there are no rows."""
        return None

    async def run(self, bound: Bound) -> Result:
        """Keep the query. Raises `Fault` where it is none, or its name is taken."""
        await self.keep(self.name, self.query, self.oids)
        return Result(tag="PREPARE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """EXECUTE name (values)."""

    name: str
    values: tuple[str | None, ...]
    kept: Kept
    parameters: tuple[int, ...] = ()

    async def fields(self) -> tuple[Field, ...] | None:
        """Those of the prepared statement."""
        return await self._command().fields()

    async def run(self, bound: Bound) -> Result:
        """Run the prepared statement. Raises `Fault` also where the count of values is wrong."""
        command = self._command()
        wanted, given = len(command.parameters), len(self.values)
        if wanted != given:
            raise Fault(
                State.SYNTAX_ERROR,
                f'wrong number of parameters for prepared statement "{self.name[:80]}"',
                "Give one value for each $ number.",
                detail=f"Expected {wanted} parameters but got {given}.",
            )
        values = tuple(None if value is None else value.encode() for value in self.values)
        return await command.run(
            Bound(values=values, value_formats=(), result_formats=bound.result_formats)
        )

    def _command(self) -> Command:
        command = found(self.kept, self.name).command
        if command is None:
            raise Fault(
                State.INVALID_SQL_STATEMENT_NAME,
                f'prepared statement "{self.name[:80]}" is empty',
                "PREPARE a query.",
            )
        return command


@dataclass(frozen=True, slots=True, kw_only=True)
class Deallocation:
    """DEALLOCATE name, or DEALLOCATE ALL where it is None."""

    name: str | None
    kept: Kept
    parameters: tuple[int, ...] = ()

    async def fields(self) -> tuple[Field, ...] | None:
        """None: there are no rows."""
        return None

    async def run(self, bound: Bound) -> Result:
        """Forget the prepared statement."""
        if self.name is None:
            self.kept.clear()
            return Result(tag="DEALLOCATE ALL")
        found(self.kept, self.name)
        del self.kept[self.name]
        return Result(tag="DEALLOCATE")


def found(kept: Kept, name: str) -> Prepared:
    """A prepared statement by name; raises `Fault`."""
    prepared = kept.get(name)
    if prepared is None:
        raise Fault(
            State.INVALID_SQL_STATEMENT_NAME,
            f'prepared statement "{name[:80]}" does not exist',
            "PREPARE it first, or send Parse.",
        )
    return prepared


def understood(
    statement: Statement, kept: Kept, keep: Keep
) -> Preparation | Execution | Deallocation | None:
    """The command of a statement about prepared ones; None for any other. Raises `Fault`."""
    words = statement.words
    if statement.begins("prepare") and len(words) > 3 and not words[1].means("transaction"):
        return _preparation(statement, keep)
    if statement.begins("execute") and len(words) > 1:
        return Execution(name=words[1].text, values=_values(statement), kept=kept)
    if statement.begins("deallocate") and len(words) in (2, 3):
        every = words[-1].means("all")
        return Deallocation(name=None if every else words[-1].text, kept=kept)
    return None


def _preparation(statement: Statement, keep: Keep) -> Preparation:
    words = statement.words
    at = 2
    oids: tuple[int, ...] = ()
    if words[2].means("("):
        at = _closing(statement, 2) + 1
        oids = tuple(_oid(group) for group in _listed(words[3 : at - 1]))
    if at + 1 >= len(words) or not words[at].means("as"):
        raise _unread(statement, "Write PREPARE name (type, …) AS SELECT …")
    query = statement.after(at + 1)
    return Preparation(name=words[1].text, query=query, oids=oids, keep=keep)


def _values(statement: Statement) -> tuple[str | None, ...]:
    words = statement.words
    if len(words) == 2:
        return ()
    if not words[2].means("(") or _closing(statement, 2) != len(words) - 1:
        raise _unread(statement, "Write EXECUTE name (value, …).")
    inside = statement.between(3, len(words) - 1) if len(words) > 4 else None
    if inside is None:
        return ()
    lead = "SELECT "
    try:
        tree = parse(f"{lead}{inside.text}").query
    except Refusal as refusal:
        raise of_refusal(refusal, f"{lead}{inside.text}", inside.offset - len(lead)) from None
    if any(value for name, value in tree.args.items() if name != "expressions"):
        raise _unread(statement, "Write EXECUTE name (value, …).")
    return tuple(_constant(item.unalias(), statement) for item in tree.expressions)


def _constant(node: exp.Expr, statement: Statement) -> str | None:
    """The text of a constant, which is read as its parameter's type; None for NULL."""
    if isinstance(node, (exp.Cast, exp.Paren)):
        return _constant(node.this, statement)
    if isinstance(node, exp.Null):
        return None
    if isinstance(node, exp.Boolean):
        return "true" if node.this else "false"
    if isinstance(node, exp.Literal):
        return str(node.this)
    if isinstance(node, exp.ByteString) and not _CODED.search(statement.text):
        return str(node.this)
    if isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal) and not node.this.is_string:
        return f"-{node.this.this}"
    raise Fault(
        State.FEATURE_NOT_SUPPORTED,
        "The values of EXECUTE are constants.",
        "Write numbers, texts, TRUE, FALSE, NULL, or a constant with a cast.",
        position=statement.offset + 1,
    )


def _listed(words: Sequence[Word]) -> list[list[Word]]:
    """Words parted by the commas that stand outside of parentheses."""
    groups: list[list[Word]] = [[]]
    depth = 0
    for word in words:
        depth += word.means("(") - word.means(")")
        if word.means(",") and depth == 0:
            groups.append([])
        else:
            groups[-1].append(word)
    return groups


def _oid(words: Sequence[Word]) -> int:
    if len(words) > 2 and words[0].means("pg_catalog") and words[1].means("."):
        words = words[2:]
    name = _MODIFIER.sub("", " ".join(word.text for word in words))
    if name not in _TYPES:
        raise Fault(
            State.UNDEFINED_PARAMETER,
            f'type "{name[:80]}" does not exist',
            "Parameters are numbers, text, booleans, dates or timestamps; leave the types out, and "
            "they follow from the query.",
        )
    return _TYPES[name]


def _closing(statement: Statement, opening: int) -> int:
    depth = 0
    for index in range(opening, len(statement.words)):
        word = statement.words[index]
        depth += word.means("(") - word.means(")")
        if depth == 0:
            return index
    raise _unread(statement, "Close the parenthesis.")


def _unread(statement: Statement, hint: str) -> Fault:
    return Fault(
        State.SYNTAX_ERROR,
        f"The statement {statement.words[0].text.upper()} cannot be read.",
        hint,
        position=statement.offset + 1,
    )
