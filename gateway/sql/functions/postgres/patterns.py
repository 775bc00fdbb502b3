"""LIKE and regular expressions. A pattern is written from its tree, every set of characters as code
points, so that it means the same in every locale."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.sql.expressions import Call
from gateway.sql.functions.base import Rendering
from gateway.sql.functions.letters import lowered
from gateway.sql.functions.patterns import constant_text, pattern_in
from gateway.sql.functions.postgres.letters import cased, either_case, of_category
from gateway.sql.functions.postgres.names import once, quoted_text
from gateway.sql.regex import Chars, Choice, Edge, Group, Node, Repeat
from gateway.sql.regex import Sequence as Parts


def advanced(node: Node, *, ignore_case: bool = False) -> str:
    """A tree in the syntax of PostgreSQL's advanced regular expressions."""
    match node:
        case Chars():
            return _set(node, ignore_case)
        case Edge(start=start):
            return r"\A" if start else r"\Z"
        case Group(inner=inner, number=number):
            kept = "" if number is not None else "?:"
            return f"({kept}{advanced(inner, ignore_case=ignore_case)})"
        case Repeat(inner=inner, low=low, high=high, greedy=greedy):
            count = f"{{{low}}}" if low == high else f"{{{low},{'' if high is None else high}}}"
            lazy = "" if greedy else "?"
            return f"{advanced(inner, ignore_case=ignore_case)}{count}{lazy}"
        case Parts(parts=parts):
            return "".join(advanced(part, ignore_case=ignore_case) for part in parts)
        case Choice(parts=parts):
            return "|".join(advanced(part, ignore_case=ignore_case) for part in parts)


def _set(chars: Chars, ignore_case: bool) -> str:
    if not chars.ranges and not chars.names:
        return "."
    parts = [*chars.ranges, *(span for name in sorted(chars.names) for span in of_category(name))]
    if ignore_case:
        parts = [*either_case(parts)]
    inside = "".join(
        _point(low) if low == high else f"{_point(low)}-{_point(high)}" for low, high in parts
    )
    return f"[{'^' if chars.negated else ''}{inside}]"


def _point(code: int) -> str:
    character = chr(code)
    if character.isascii() and character.isalnum():
        return character
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def word() -> str:
    """The set of letters and digits."""
    return _set(Chars(names=frozenset({"L", "Nd"})), False)


def _tried(pattern: str, made: str) -> str:
    """What is made with a pattern. It is matched to a constant first, when the statement is
    planned: a pattern that PostgreSQL finds too complex fails there, whatever the rows are."""
    return f"CASE WHEN ('' ~ {pattern}) IS NOT NULL THEN {made} END"


def _matched(*, ignore_case: bool) -> Rendering:
    def write(call: Call, arguments: Sequence[str]) -> str:
        pattern = quoted_text(advanced(pattern_in(call).tree, ignore_case=ignore_case))
        return _tried(pattern, f"({arguments[0]} ~ {pattern})")

    return write


def _found(call: Call, text: str, group: int) -> str:
    pattern = quoted_text(advanced(pattern_in(call).tree))
    return _tried(pattern, f"regexp_substr({text}, {pattern}, 1, 1, '', {group})")


def _counted(call: Call, arguments: Sequence[str]) -> str:
    pattern = quoted_text(advanced(pattern_in(call).tree))
    return _tried(pattern, f"CAST(regexp_count({arguments[0]}, {pattern}) AS bigint)")


def _replaced(call: Call, arguments: Sequence[str]) -> str:
    flags = (constant_text(call.arguments[3]) or "") if len(call.arguments) == 4 else ""
    pattern = quoted_text(advanced(pattern_in(call).tree, ignore_case="i" in flags))
    text = quoted_text(constant_text(call.arguments[2]) or "")
    every = "g" if "g" in flags else ""
    return _tried(pattern, f"regexp_replace({arguments[0]}, {pattern}, {text}, '{every}')")


def _like(call: Call, arguments: Sequence[str]) -> str:
    return f"({arguments[0]} LIKE {arguments[1]} ESCAPE '\\')"


def _ilike(call: Call, arguments: Sequence[str]) -> str:
    pattern = quoted_text(lowered(constant_text(call.arguments[1]) or ""))
    lower = cased(arguments[0], upper=False)
    return once([lower], lambda x: f"({x} LIKE {pattern} ESCAPE '\\')")


RENDERINGS: dict[str, Rendering] = {
    "like": _like,
    "ilike": _ilike,
    "regexp_like": _matched(ignore_case=False),
    "regexp_ilike": _matched(ignore_case=True),
    "regexp_substring": lambda call, arguments: _found(
        call, arguments[0], 1 if pattern_in(call).groups else 0
    ),
    "regexp_substr": lambda call, arguments: _found(call, arguments[0], 0),
    "regexp_count": _counted,
    "regexp_replace": _replaced,
}
