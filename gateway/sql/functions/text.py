"""Text. Lengths and positions count characters; negative lengths give NULL or the empty text."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from gateway.privacy.domains import Domain, Interval
from gateway.sql.expressions import Call, Expr, Literal
from gateway.sql.functions.base import Nulls, Rendering, Typing, entry, plain
from gateway.sql.types import BIGINT, BOOLEAN, TEXT, Kind, Type

_TEXTS = (Kind.TEXT, Kind.NULL)
_MOST_CHARACTERS = Fraction(2**31)


def _text(count: int, numbers: int = 0) -> Typing:
    def result(arguments: Sequence[Expr]) -> Type | None:
        texts, rest = arguments[:count], arguments[count:]
        if len(texts) < count or not min(1, numbers) <= len(rest) <= numbers:
            return None
        if any(argument.type.kind not in _TEXTS for argument in texts):
            return None
        return TEXT if all(argument.type.kind is Kind.INTEGER for argument in rest) else None

    return result


def _length(arguments: Sequence[Expr]) -> Type | None:
    return BIGINT if all(argument.type.kind in _TEXTS for argument in arguments) else None


def _pattern(arguments: Sequence[Expr]) -> Type | None:
    subject, pattern = arguments
    if subject.type.kind not in _TEXTS or not isinstance(pattern, Literal):
        return None
    text = pattern.value if pattern.type.kind is Kind.TEXT else None
    # A pattern that ends in a lone escape raises an error on some engines.
    fits = isinstance(text, str) and (len(text) - len(text.rstrip("\\"))) % 2 == 0
    return BOOLEAN if fits else None


def _printable(arguments: Sequence[Expr]) -> Type | None:
    kinds = (Kind.TEXT, Kind.NULL, Kind.INTEGER, Kind.BOOLEAN, Kind.DATE)
    return TEXT if all(argument.type.kind in kinds for argument in arguments) else None


def _range_of_length(call: Call, domains: Sequence[Domain]) -> Domain:
    return Interval(Fraction(0), _MOST_CHARACTERS)


def _like(operator: str) -> Rendering:
    return lambda call, arguments: f"({arguments[0]} {operator} {arguments[1]} ESCAPE '\\')"


def _concatenate(call: Call, arguments: Sequence[str]) -> str:
    parts = (f"coalesce(CAST({part} AS VARCHAR), '')" for part in arguments)
    return "(" + " || ".join(parts) + ")"


def _join(call: Call, arguments: Sequence[str]) -> str:
    parts = (f"CAST({part} AS VARCHAR)" for part in arguments)
    return "(" + " || ".join(parts) + ")"


def _write_end(name: str) -> Rendering:
    """Left and right; DuckDB fails for lengths beyond 32 bits."""

    def write(call: Call, arguments: Sequence[str]) -> str:
        text, length = arguments
        known = call.arguments[1]
        if isinstance(known, Literal) and isinstance(known.value, int) and abs(known.value) < 2**31:
            return f"{name}({text}, {length})"
        within = f"LEAST(GREATEST({length}, -2147483647), 2147483647)"
        return f"{name}({text}, CASE WHEN {length} IS NOT NULL THEN {within} END)"

    return write


FUNCTIONS = (
    entry("lower", "lower(a)", _text(1), plain("lower({0})")),
    entry("upper", "upper(a)", _text(1), plain("upper({0})")),
    entry("length", "length(a)", _length, plain("length({0})"), range=_range_of_length),
    entry("trim", "trim(a), btrim(a): spaces at both ends", _text(1), plain("trim({0}, ' ')")),
    entry("ltrim", "ltrim(a): spaces at the start", _text(1), plain("ltrim({0}, ' ')")),
    entry("rtrim", "rtrim(a): spaces at the end", _text(1), plain("rtrim({0}, ' ')")),
    entry(
        "substring",
        "substring(a, start), substring(a, start, length)",
        _text(1, numbers=2),
        lambda call, arguments: _write_substring(arguments),
        nulls=Nulls.SOMETIMES,
    ),
    entry("left", "left(a, n)", _text(1, numbers=1), _write_end("left")),
    entry("right", "right(a, n)", _text(1, numbers=1), _write_end("right")),
    entry("replace", "replace(a, from, to)", _text(3), plain("replace({0}, {1}, {2})")),
    entry(
        "position",
        "position(b IN a), strpos(a, b): 0 where b is not in a",
        _length,
        plain("strpos({0}, {1})"),
        range=_range_of_length,
    ),
    entry(
        "concatenate",
        "concat(a, b, …): NULL counts as empty",
        _printable,
        _concatenate,
        nulls=Nulls.NEVER,
    ),
    entry("join", "a || b", _printable, _join),
    entry("like", "a LIKE pattern", _pattern, _like("LIKE")),
    entry("ilike", "a ILIKE pattern", _pattern, _like("ILIKE")),
    entry(
        "starts_with",
        "starts_with(a, b)",
        lambda arguments: BOOLEAN if _length(arguments) else None,
        plain("starts_with({0}, {1})"),
    ),
)


def _write_substring(arguments: Sequence[str]) -> str:
    """PostgreSQL's meaning: positions before 1 count, a negative length gives NULL here."""
    text, start = arguments[0], arguments[1]
    # DuckDB fails for positions beyond 32 bits; no text is as long.
    first = f"LEAST(GREATEST({start}, 1), 2147483647)"
    if len(arguments) == 2:
        return f"CASE WHEN {start} IS NOT NULL THEN substring({text}, {first}) END"
    length = arguments[2]
    end = f"(CAST({start} AS HUGEINT) + {length})"
    return (
        f"CASE WHEN {length} >= 0 AND {start} IS NOT NULL THEN substring({text}, {first}, "
        f"CAST(LEAST(GREATEST({end} - {first}, 0), 2147483647) AS BIGINT)) END"
    )
