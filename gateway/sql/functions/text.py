"""Text. Lengths and positions count characters; negative lengths give NULL or the empty text.

What would make a text longer by a number of the row takes constants only, so that no row decides
how much memory a question needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from gateway.privacy.domains import Domain, Interval
from gateway.sql.expressions import Call, Expr, Literal
from gateway.sql.functions.base import Nulls, Rendering, Typing, entry, of, plain
from gateway.sql.types import BIGINT, BOOLEAN, TEXT, Kind, Type

_TEXTS = (Kind.TEXT, Kind.NULL)
_MOST_CHARACTERS = Fraction(2**31)
_MOST_COPIES = 100
_MOST_PADDING = 1_000
_LAST_CODE = 1_114_111


def _text(count: int, numbers: int = 0) -> Typing:
    def result(arguments: Sequence[Expr]) -> Type | None:
        texts, rest = arguments[:count], arguments[count:]
        if len(texts) < count or not min(1, numbers) <= len(rest) <= numbers:
            return None
        if any(argument.type.kind not in _TEXTS for argument in texts):
            return None
        return TEXT if all(argument.type.kind is Kind.INTEGER for argument in rest) else None

    return result


def _count(arguments: Sequence[Expr]) -> Type | None:
    return BIGINT if all(argument.type.kind in _TEXTS for argument in arguments) else None


def _whole(expr: Expr, low: int, high: int) -> bool:
    """Whether an argument is a constant whole number between two."""
    value = expr.value if isinstance(expr, Literal) else None
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _letters(expr: Expr) -> bool:
    """Whether an argument is a constant text that is not empty."""
    known = isinstance(expr, Literal) and expr.type.kind is Kind.TEXT
    return known and isinstance(expr, Literal) and expr.value not in ("", None)


def _is_text(expr: Expr) -> bool:
    return expr.type.kind in _TEXTS


def _trimmed(arguments: Sequence[Expr]) -> Type | None:
    return TEXT if all(map(_is_text, arguments)) else None


def _padded(arguments: Sequence[Expr]) -> Type | None:
    fits = _is_text(arguments[0]) and _whole(arguments[1], 0, _MOST_PADDING)
    return TEXT if fits and all(map(_letters, arguments[2:])) else None


def _repeated(arguments: Sequence[Expr]) -> Type | None:
    fits = _is_text(arguments[0]) and _whole(arguments[1], 0, _MOST_COPIES)
    return TEXT if fits else None


def _split(arguments: Sequence[Expr]) -> Type | None:
    text, between, place = arguments
    fits = all(map(_is_text, (text, between))) and _whole(place, -1_000, 1_000)
    return TEXT if fits and not _whole(place, 0, 0) else None


def _translated(arguments: Sequence[Expr]) -> Type | None:
    constant = all(isinstance(argument, Literal) for argument in arguments[1:])
    return TEXT if constant and all(map(_is_text, arguments)) else None


def _overlaid(arguments: Sequence[Expr]) -> Type | None:
    texts, numbers = arguments[:2], arguments[2:]
    fits = all(map(_is_text, texts)) and all(_whole(n, 0, _MOST_PADDING) for n in numbers)
    return TEXT if fits and not _whole(numbers[0], 0, 0) else None


def _printable(arguments: Sequence[Expr]) -> Type | None:
    kinds = (Kind.TEXT, Kind.NULL, Kind.INTEGER, Kind.BOOLEAN, Kind.DATE)
    return TEXT if all(argument.type.kind in kinds for argument in arguments) else None


def _joined(arguments: Sequence[Expr]) -> Type | None:
    return _printable(arguments[1:]) if len(arguments) > 1 and _is_text(arguments[0]) else None


def _range_of_length(call: Call, domains: Sequence[Domain]) -> Domain:
    return Interval(Fraction(0), _MOST_CHARACTERS)


def _range_of_bits(call: Call, domains: Sequence[Domain]) -> Domain:
    return Interval(Fraction(0), 8 * _MOST_CHARACTERS)


def _range_of_code(call: Call, domains: Sequence[Domain]) -> Domain:
    return Interval(Fraction(0), Fraction(_LAST_CODE))


def _shown(part: str, expr: Expr) -> str:
    """PostgreSQL shows booleans in texts as t and f."""
    if expr.type.kind is Kind.BOOLEAN:
        return f"CASE {part} WHEN TRUE THEN 't' WHEN FALSE THEN 'f' END"
    return f"CAST({part} AS VARCHAR)"


def _concatenate(call: Call, arguments: Sequence[str]) -> str:
    pairs = zip(arguments, call.arguments, strict=True)
    return "(" + " || ".join(f"coalesce({_shown(a, b)}, '')" for a, b in pairs) + ")"


def _concatenate_between(call: Call, arguments: Sequence[str]) -> str:
    pairs = zip(arguments, call.arguments, strict=True)
    return f"concat_ws({', '.join(_shown(a, b) for a, b in pairs)})"


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


def _write_substring(call: Call, arguments: Sequence[str]) -> str:
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


def _trim(name: str) -> Rendering:
    return lambda call, arguments: f"{name}({', '.join([*arguments, chr(39) + ' ' + chr(39)][:2])})"


def _pad(name: str) -> Rendering:
    return lambda call, arguments: f"{name}({', '.join([*arguments, chr(39) + ' ' + chr(39)][:3])})"


_CHARACTERS = "regexp_extract_all({0}, '.', 0, 's')"
_WORDS = r"regexp_extract_all(lower({0}), '[\p{{L}}\p{{Nd}}]+|[^\p{{L}}\p{{Nd}}]+')"


def _write_overlay(call: Call, arguments: Sequence[str]) -> str:
    text, new, start = arguments[:3]
    length = arguments[3] if len(arguments) == 4 else f"length({new})"
    return f"(left({text}, {start} - 1) || {new} || substring({text}, {start} + {length}))"


def _write_split(call: Call, arguments: Sequence[str]) -> str:
    """In PostgreSQL a text without a delimiter is one part."""
    text, between, place = arguments
    made = f"split_part({text}, {between}, {place})"
    if _letters(call.arguments[1]):
        return made
    whole = text if _whole(call.arguments[2], 1, 1) or _whole(call.arguments[2], -1, -1) else "''"
    missing = f"{text} IS NOT NULL AND {between} = ''"
    return f"CASE WHEN {missing} THEN {whole} ELSE {made} END"


FUNCTIONS = (
    entry("lower", "lower(a)", _text(1), plain("lower({0})")),
    entry("upper", "upper(a)", _text(1), plain("upper({0})")),
    entry(
        "initcap",
        "initcap(a)",
        _text(1),
        plain(
            f"array_to_string(list_transform({_WORDS}, "
            "lambda w: upper(left(w, 1)) || substring(w, 2)), '')"
        ),
    ),
    entry(
        "length",
        "length(a), char_length(a)",
        _count,
        plain("length({0})"),
        range=_range_of_length,
    ),
    entry(
        "octet_length",
        "octet_length(a), bit_length(a), in UTF-8",
        _count,
        plain("strlen({0})"),
        range=_range_of_length,
    ),
    entry(
        "bit_length",
        "",
        _count,
        plain("CAST(bit_length({0}) AS BIGINT)"),
        range=_range_of_bits,
    ),
    entry(
        "trim",
        "trim(a), btrim(a, characters): spaces, or any of the characters, at both ends",
        of(1, _trimmed, 2),
        _trim("trim"),
    ),
    entry("ltrim", "ltrim(a, characters): at the start", of(1, _trimmed, 2), _trim("ltrim")),
    entry("rtrim", "rtrim(a, characters): at the end", of(1, _trimmed, 2), _trim("rtrim")),
    entry(
        "lpad",
        f"lpad(a, n), lpad(a, n, fill), rpad; n constant, at most {_MOST_PADDING:,}",
        of(2, _padded, 3),
        _pad("lpad"),
    ),
    entry("rpad", "", of(2, _padded, 3), _pad("rpad")),
    entry(
        "substring",
        "substring(a, start), substring(a, start, length), substring(a FROM start FOR length)",
        _text(1, numbers=2),
        _write_substring,
        nulls=Nulls.SOMETIMES,
    ),
    entry("left", "left(a, n), right(a, n)", _text(1, numbers=1), _write_end("left")),
    entry("right", "", _text(1, numbers=1), _write_end("right")),
    entry("replace", "replace(a, from, to)", _text(3), plain("replace({0}, {1}, {2})")),
    entry(
        "translate",
        "translate(a, from, to): character by character; from and to constant",
        of(3, _translated),
        plain("translate({0}, {1}, {2})"),
    ),
    entry(
        "overlay",
        "overlay(a PLACING b FROM start FOR length); start and length constant",
        of(3, _overlaid, 4),
        _write_overlay,
    ),
    entry(
        "reverse",
        "reverse(a)",
        _text(1),
        # DuckDB's own reverse keeps characters together that are shown as one.
        plain(f"array_to_string(list_reverse({_CHARACTERS}), '')"),
    ),
    entry(
        "repeat",
        f"repeat(a, n); n constant, at most {_MOST_COPIES}",
        of(2, _repeated),
        plain("repeat({0}, {1})"),
    ),
    entry(
        "split_part",
        "split_part(a, delimiter, n), from the end where n is negative; both constant",
        of(3, _split),
        _write_split,
    ),
    entry(
        "position",
        "position(b IN a), strpos(a, b): 0 where b is not in a",
        _count,
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
    entry(
        "concat_ws",
        "concat_ws(delimiter, a, b, …): NULLs are left out",
        _joined,
        _concatenate_between,
        nulls=Nulls.SOMETIMES,
    ),
    entry("join", "a || b", _printable, _join),
    entry(
        "starts_with",
        "starts_with(a, b), a ^@ b",
        lambda arguments: BOOLEAN if _count(arguments) else None,
        plain("starts_with({0}, {1})"),
        members=lambda call: (False, True, None),
    ),
    entry(
        "ascii",
        "ascii(a): the code of the first character, 0 for the empty text",
        _count,
        plain("CAST(ascii({0}) AS BIGINT)"),
        range=_range_of_code,
    ),
    entry(
        "chr",
        "chr(n); NULL for what is no character's code",
        lambda arguments: TEXT if arguments[0].type.kind is Kind.INTEGER else None,
        plain(
            "CASE WHEN {0} BETWEEN 1 AND 55295 OR {0} BETWEEN 57344 AND 1114111 "
            "THEN chr(CAST({0} AS INTEGER)) END"
        ),
        nulls=Nulls.SOMETIMES,
    ),
    entry("md5", "md5(a)", _text(1), plain("md5({0})")),
)
"""A row without a meaning is described with the row before it."""
