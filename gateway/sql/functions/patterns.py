"""LIKE and regular expressions. Patterns are constants, read when a question is planned.

A regular expression is read into `sql.regex` and written again for the engine, so that it means
what it means in PostgreSQL; what would mean something else is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from gateway.privacy.domains import Domain, Interval
from gateway.sql.expressions import Call, Expr, Literal
from gateway.sql.functions.base import Nulls, Rendering, Typing, entry, of
from gateway.sql.regex import Pattern, Unread, read
from gateway.sql.regex_steady import steady
from gateway.sql.types import BIGINT, BOOLEAN, TEXT, Kind, Scalar, Type

_TEXTS = (Kind.TEXT, Kind.NULL)


def like_pattern(text: str, escape: str = "\\") -> str | None:
    """A LIKE pattern with the backslash as its escape, whatever it was; None where it ends in a
    lone escape, which raises an error on some engines."""
    found: list[str] = []
    rest = iter(text)
    for character in rest:
        if character == escape:
            following = next(rest, None)
            if following is None:
                return None
            found.append("\\" + following)
        else:
            found.append("\\\\" if character == "\\" else character)
    return "".join(found)


def constant_text(expr: Expr) -> str | None:
    """The text of a constant."""
    if not isinstance(expr, Literal) or expr.type.kind is not Kind.TEXT:
        return None
    return expr.value if isinstance(expr.value, str) else None


def pattern_of(expr: Expr) -> Pattern | None:
    """The regular expression that a constant is; None where it is none of the subset."""
    text = constant_text(expr)
    try:
        return read(text) if text is not None else None
    except Unread:
        return None


def _like_type(arguments: Sequence[Expr]) -> Type | None:
    subject, pattern = arguments
    text = constant_text(pattern)
    if subject.type.kind not in _TEXTS or text is None:
        return None
    return BOOLEAN if like_pattern(text) is not None else None


def _matched(result: Type, *, exact: bool, rest: int = 0) -> Typing:
    """A text and a constant pattern; `exact` where it matters which characters are matched."""

    def typing(arguments: Sequence[Expr]) -> Type | None:
        if len(arguments) != 2 + rest or arguments[0].type.kind not in _TEXTS:
            return None
        pattern = pattern_of(arguments[1])
        if pattern is None or (exact and not steady(pattern)):
            return None
        return result if all(constant_text(a) is not None for a in arguments[2:]) else None

    return typing


def _like(operator: str) -> Rendering:
    return lambda call, arguments: f"({arguments[0]} {operator} {arguments[1]} ESCAPE '\\')"


def pattern_in(call: Call) -> Pattern:
    """The pattern of a call that the table admits."""
    found = pattern_of(call.arguments[1])
    if found is None:
        raise ValueError("the table admits patterns of the subset only")
    return found


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _match(options: str) -> Rendering:
    def write(call: Call, arguments: Sequence[str]) -> str:
        return f"regexp_matches({arguments[0]}, {_quoted(pattern_in(call).re2)}, '{options}')"

    return write


def _found(call: Call, text: str, group: int) -> str:
    pattern = _quoted(pattern_in(call).re2)
    return (
        f"CASE WHEN regexp_matches({text}, {pattern}, 's') "
        f"THEN regexp_extract({text}, {pattern}, {group}, 's') END"
    )


def _write_substring(call: Call, arguments: Sequence[str]) -> str:
    """The first group where there is one, as PostgreSQL gives."""
    return _found(call, arguments[0], 1 if pattern_in(call).groups else 0)


def _write_count(call: Call, arguments: Sequence[str]) -> str:
    found = f"regexp_extract_all({arguments[0]}, {_quoted(pattern_in(call).re2)}, 0, 's')"
    return f"CAST(len({found}) AS BIGINT)"


_FLAGS = {"", "g", "i", "gi", "ig"}


def _replaced(arguments: Sequence[Expr]) -> Type | None:
    flags = constant_text(arguments[3]) if len(arguments) == 4 else ""
    fits = _matched(TEXT, exact=True, rest=len(arguments) - 2)(arguments) is not None
    if not fits or flags not in _FLAGS:
        return None
    replacement = constant_text(arguments[2]) or ""
    pattern = pattern_of(arguments[1])
    groups = pattern.groups if pattern else 0
    return TEXT if replacement_in_re2(replacement, groups) is not None else None


def replacement_in_re2(text: str, groups: int) -> str | None:
    """The replacement for RE2: `\\&` is the whole match, `\\1` a group, `\\\\` a backslash."""
    found: list[str] = []
    rest = iter(text)
    for character in rest:
        if character != "\\":
            found.append(character)
            continue
        following = next(rest, "")
        if following == "&":
            found.append("\\0")
        elif following == "\\":
            found.append("\\\\")
        elif following.isdigit() and 1 <= int(following) <= groups:
            found.append(f"\\{following}")
        else:
            return None
    return "".join(found)


def _write_replace(call: Call, arguments: Sequence[str]) -> str:
    pattern = pattern_in(call)
    text = replacement_in_re2(constant_text(call.arguments[2]) or "", pattern.groups) or ""
    flags = constant_text(call.arguments[3]) if len(call.arguments) == 4 else ""
    options = "s" + "".join(sorted(flags or ""))
    return f"regexp_replace({arguments[0]}, {_quoted(pattern.re2)}, {_quoted(text)}, '{options}')"


def _truth_or_null(call: Call) -> tuple[Scalar, ...]:
    return (False, True, None)


def _range_of_count(call: Call, domains: Sequence[Domain]) -> Domain:
    return Interval(Fraction(0), Fraction(2**31))


FUNCTIONS = (
    entry(
        "like",
        "a LIKE pattern, a LIKE pattern ESCAPE 'c'; the pattern is a constant",
        of(2, _like_type),
        _like("LIKE"),
        members=_truth_or_null,
    ),
    entry(
        "ilike",
        "a ILIKE pattern, which ignores case",
        of(2, _like_type),
        _like("ILIKE"),
        members=_truth_or_null,
    ),
    entry(
        "regexp_like",
        "a ~ pattern, a SIMILAR TO pattern, regexp_like(a, pattern); the pattern is a constant",
        _matched(BOOLEAN, exact=False),
        _match("s"),
        members=_truth_or_null,
    ),
    entry(
        "regexp_ilike",
        "a ~* pattern, which ignores case",
        _matched(BOOLEAN, exact=False),
        _match("is"),
        members=_truth_or_null,
    ),
    entry(
        "regexp_substring",
        "substring(a FROM pattern): the first group; NULL where nothing matches",
        _matched(TEXT, exact=True),
        _write_substring,
        nulls=Nulls.SOMETIMES,
    ),
    entry(
        "regexp_substr",
        "regexp_substr(a, pattern): the whole match; NULL where nothing matches",
        _matched(TEXT, exact=True),
        lambda call, arguments: _found(call, arguments[0], 0),
        nulls=Nulls.SOMETIMES,
    ),
    entry(
        "regexp_count",
        "regexp_count(a, pattern)",
        _matched(BIGINT, exact=True),
        _write_count,
        range=_range_of_count,
    ),
    entry(
        "regexp_replace",
        "regexp_replace(a, pattern, text), regexp_replace(a, pattern, text, 'g')",
        of(3, _replaced, 4),
        _write_replace,
    ),
)
