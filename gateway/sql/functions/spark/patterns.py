"""Spark's LIKE and regular expressions, which Java runs by trying one way after another.

For some patterns Java tries so many ways, or so deep, that one long text ends the whole statement,
which would tell of a row. So LIKE is written such that no part is tried anew once it is found, and
a regular expression is refused that repeats groups without end, or could take more than the square
of a text's length.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.errors import Code, Refusal
from gateway.sql.expressions import Call
from gateway.sql.functions.base import Rendering
from gateway.sql.functions.letters import lowered
from gateway.sql.functions.patterns import constant_text, like_pattern, pattern_of
from gateway.sql.functions.spark.forms import text_literal
from gateway.sql.functions.spark.text import mapped
from gateway.sql.regex import Chars, Choice, Edge, Group, Node, Pattern, Repeat
from gateway.sql.regex import Sequence as Parts

MOST_COPIES = 64
"""How often a group may be repeated."""
MOST_LOOPS = 2
"""Parts of a pattern, its unknown start among them, that may each run over the whole text."""


def _like(call: Call, arguments: Sequence[str]) -> str:
    return f"({arguments[0]} RLIKE {_like_regex(call, lower=False)})"


def _ilike(call: Call, arguments: Sequence[str]) -> str:
    return f"({mapped('lower', arguments[0])} RLIKE {_like_regex(call, lower=True)})"


def _like_regex(call: Call, *, lower: bool) -> str:
    """Each part between two % is taken where it stands first, for good (`(?>…)`): LIKE finds a
    match so if there is one, and looks at each character about once per part."""
    text = like_pattern(constant_text(call.arguments[1]) or "") or ""
    parts = [""]
    characters = iter(lowered(text) if lower else text)
    for character in characters:
        if character == "%":
            parts.append("")
        elif character == "_":
            parts[-1] += "."
        else:
            parts[-1] += _exactly(next(characters) if character == "\\" else character)
    first, rest = parts[0], parts[1:]
    if not rest:
        return text_literal(rf"(?s)\A{first}\z")
    middle = "".join(f"(?>.*?{part})" for part in rest[:-1] if part)
    end = rf".*{rest[-1]}\z" if rest[-1] else ""
    return text_literal(rf"(?s)\A{first}{middle}{end}")


def _exactly(character: str) -> str:
    if character.isalnum() and character.isascii():
        return character
    return rf"\x{{{ord(character):x}}}"


def _pattern(call: Call) -> Pattern:
    found = pattern_of(call.arguments[1])
    if found is None:
        raise ValueError("the table admits patterns of the subset only")
    _check(found.tree)
    return found


def _java(pattern: Pattern, options: str = "s") -> str:
    """Java's text of it; && has a meaning of its own there."""
    return f"(?{options})" + pattern.re2.replace("&", r"\&")


def _check(tree: Node) -> None:
    start = tree.parts[0] if isinstance(tree, Parts) else tree
    loops = _loops(tree) + (0 if isinstance(start, Edge) and start.start else 1)
    if loops > MOST_LOOPS or not _simple(tree):
        raise Refusal(
            Code.UNSUPPORTED_SQL,
            "Spark could take too long for that regular expression on a long text.",
            "Repeat single characters only, and without end at most once; begin it with ^.",
        )


def _simple(node: Node) -> bool:
    match node:
        case Repeat(inner=Chars()):
            return True
        case Repeat(inner=inner, high=high):
            return (
                high is not None and high <= MOST_COPIES and _loops(inner) == 0 and _simple(inner)
            )
        case Group(inner=inner):
            return _simple(inner)
        case Parts(parts=parts) | Choice(parts=parts):
            return all(map(_simple, parts))
    return True


def _loops(node: Node) -> int:
    match node:
        case Repeat(inner=inner, high=high):
            return (1 if high is None or high > MOST_COPIES else 0) + _loops(inner)
        case Group(inner=inner):
            return _loops(inner)
        case Parts(parts=parts):
            return sum(map(_loops, parts))
        case Choice(parts=parts):
            return max(map(_loops, parts))
    return 0


def _match(options: str) -> Rendering:
    return lambda call, arguments: (
        f"({arguments[0]} RLIKE {text_literal(_java(_pattern(call), options))})"
    )


def _found(call: Call, text: str, group: int) -> str:
    pattern = text_literal(_java(_pattern(call)))
    return f"CASE WHEN {text} RLIKE {pattern} THEN regexp_extract({text}, {pattern}, {group}) END"


def _count(call: Call, arguments: Sequence[str]) -> str:
    pattern = text_literal(_java(_pattern(call)))
    return f"CAST(regexp_count({arguments[0]}, {pattern}) AS BIGINT)"


def _replace(call: Call, arguments: Sequence[str]) -> str:
    """Where only the first match is replaced, what stands before it is matched too and put back."""
    pattern = _pattern(call)
    flags = (constant_text(call.arguments[3]) if len(call.arguments) == 4 else "") or ""
    options = "isu" if "i" in flags else "s"
    every = "g" in flags
    text = _replacement(constant_text(call.arguments[2]) or "", 0 if every else 2)
    java = pattern.re2.replace("&", r"\&")
    written = f"(?{options}){java}" if every else rf"(?{options})\A(.*?)({java})"
    if not every:
        text = f"$1{text}"
    return f"regexp_replace({arguments[0]}, {text_literal(written)}, {text_literal(text)})"


def _replacement(text: str, before: int) -> str:
    """The replacement for Java; `before` groups stand before the pattern's own."""
    found: list[str] = []
    rest = iter(text)
    for character in rest:
        following = next(rest, "") if character == "\\" else ""
        if following == "&":
            found.append(f"${before}")
        elif following.isdigit():
            found.append(f"${int(following) + before}")
        else:
            # Digits too, for they would belong to a group's number before them.
            found.append("\\" + (following or character))
    return "".join(found)


RENDERINGS: dict[str, Rendering] = {
    "like": _like,
    "ilike": _ilike,
    "regexp_like": _match("s"),
    "regexp_ilike": _match("isu"),
    "regexp_substring": lambda call, arguments: _found(
        call, arguments[0], 1 if _pattern(call).groups else 0
    ),
    "regexp_substr": lambda call, arguments: _found(call, arguments[0], 0),
    "regexp_count": _count,
    "regexp_replace": _replace,
}
