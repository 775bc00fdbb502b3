"""Spark's text functions. Its strings are UTF-8, compared by bytes, which is by code points."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.sql.expressions import Call, Expr
from gateway.sql.functions.base import Rendering, plain
from gateway.sql.functions.letters import pairs
from gateway.sql.functions.spark.conversion import as_text
from gateway.sql.functions.spark.forms import ascii_only, text_literal
from gateway.sql.types import Kind

_LONGEST = 2_147_483_647


def _mapped(name: str) -> Rendering:
    return lambda call, arguments: mapped(name, arguments[0])


def mapped(name: str, text: str) -> str:
    """`lower` or `upper` of a text, letter by letter. Of words Spark makes SS of ß, and of the last
    Σ another letter than of the others, and it knows the letters of the cluster's Java."""
    return f"CASE WHEN {ascii_only(text)} THEN {name}({text}) ELSE {_letters(name, text)} END"


def _letters(name: str, text: str) -> str:
    listed, others = map(text_literal, pairs(upper=name == "upper"))
    return f"translate({text}, {listed}, {others})"


def _initcap(call: Call, arguments: Sequence[str]) -> str:
    words = text_literal(r"[\p{L}\p{Nd}]+|[^\p{L}\p{Nd}]+")
    found = f"regexp_extract_all({mapped('lower', arguments[0])}, {words}, 0)"
    first = _letters("upper", "left(w, 1)")
    return f"array_join(transform({found}, w -> concat({first}, substring(w, 2))), '')"


def _long(name: str) -> Rendering:
    return lambda call, arguments: f"CAST({name}({', '.join(arguments)}) AS BIGINT)"


def _trim(side: str) -> Rendering:
    def write(call: Call, arguments: Sequence[str]) -> str:
        characters = arguments[1] if len(arguments) > 1 else "' '"
        return f"trim({side} {characters} FROM {arguments[0]})"

    return write


def _pad(name: str) -> Rendering:
    return lambda call, arguments: f"{name}({', '.join([*arguments, chr(39) + ' ' + chr(39)][:3])})"


def _within(text: str) -> str:
    """A length or position within 32 bits; no text is as long."""
    return f"CAST(LEAST(GREATEST({text}, -{_LONGEST}), {_LONGEST}) AS INT)"


def _left(call: Call, arguments: Sequence[str]) -> str:
    text, count = arguments
    kept = _within(f"CASE WHEN {count} < 0 THEN length({text}) + {_within(count)} ELSE {count} END")
    return f"CASE WHEN {count} IS NOT NULL THEN substring({text}, 1, GREATEST({kept}, 0)) END"


def _right(call: Call, arguments: Sequence[str]) -> str:
    text, count = arguments
    first = f"LEAST(1 - CAST({count} AS DECIMAL(20, 0)), {_LONGEST})"
    return (
        f"CASE WHEN {count} < 0 THEN substring({text}, CAST({first} AS INT)) "
        f"WHEN {count} >= 0 THEN right({text}, {_within(count)}) END"
    )


def _substring(call: Call, arguments: Sequence[str]) -> str:
    """PostgreSQL's meaning: positions before 1 count, a negative length gives NULL here."""
    text, start = arguments[0], arguments[1]
    first = f"CAST(LEAST(GREATEST({start}, 1), {_LONGEST}) AS INT)"
    if len(arguments) == 2:
        return f"CASE WHEN {start} IS NOT NULL THEN substring({text}, {first}) END"
    length = arguments[2]
    end = f"(CAST({start} AS DECIMAL(20, 0)) + CAST({length} AS DECIMAL(20, 0)))"
    count = f"CAST(LEAST(GREATEST({end} - {first}, 0), {_LONGEST}) AS INT)"
    return (
        f"CASE WHEN {length} >= 0 AND {start} IS NOT NULL "
        f"THEN substring({text}, {first}, {count}) END"
    )


def _overlay(call: Call, arguments: Sequence[str]) -> str:
    text, new, start = arguments[:3]
    length = arguments[3] if len(arguments) == 4 else f"length({new})"
    return (
        f"concat(substring({text}, 1, {start} - 1), {new}, substring({text}, {start} + {length}))"
    )


def _shown(part: str, expr: Expr) -> str:
    """PostgreSQL shows booleans in texts as t and f."""
    if expr.type.kind is Kind.BOOLEAN:
        return f"CASE {part} WHEN TRUE THEN 't' WHEN FALSE THEN 'f' END"
    return as_text(part, expr.type)


def _concatenate(call: Call, arguments: Sequence[str]) -> str:
    pairs = zip(arguments, call.arguments, strict=True)
    return f"concat({', '.join(f'''coalesce({_shown(a, b)}, '')''' for a, b in pairs)})"


def _concatenate_between(call: Call, arguments: Sequence[str]) -> str:
    pairs = zip(arguments, call.arguments, strict=True)
    return f"concat_ws({', '.join(_shown(a, b) for a, b in pairs)})"


def _join(call: Call, arguments: Sequence[str]) -> str:
    pairs = zip(arguments, call.arguments, strict=True)
    return f"concat({', '.join(as_text(a, b.type) for a, b in pairs)})"


def _chr(call: Call, arguments: Sequence[str]) -> str:
    """From the four bytes of the code, for Spark's own function knows 256 characters only."""
    code = arguments[0]
    known = (
        f"CASE WHEN {code} BETWEEN 1 AND 55295 OR {code} BETWEEN 57344 AND 1114111 "
        f"THEN CAST({code} AS BIGINT) END"
    )
    return f"decode(unhex(lpad(hex({known}), 8, '0')), 'UTF-32')"


RENDERINGS: dict[str, Rendering] = {
    "lower": _mapped("lower"),
    "upper": _mapped("upper"),
    "initcap": _initcap,
    "length": _long("length"),
    "octet_length": _long("octet_length"),
    "bit_length": _long("bit_length"),
    "trim": _trim("BOTH"),
    "ltrim": _trim("LEADING"),
    "rtrim": _trim("TRAILING"),
    "lpad": _pad("lpad"),
    "rpad": _pad("rpad"),
    "substring": _substring,
    "left": _left,
    "right": _right,
    "replace": plain("replace({0}, {1}, {2})"),
    "translate": plain("translate({0}, {1}, {2})"),
    "overlay": _overlay,
    "reverse": plain("reverse({0})"),
    "repeat": plain("repeat({0}, {1})"),
    "split_part": plain("split_part({0}, {1}, {2})"),
    "position": lambda call, arguments: f"CAST(instr({arguments[0]}, {arguments[1]}) AS BIGINT)",
    "concatenate": _concatenate,
    "concat_ws": _concatenate_between,
    "join": _join,
    "starts_with": plain("startswith({0}, {1})"),
    "ascii": _long("ascii"),
    "chr": _chr,
    "md5": plain("md5({0})"),
}
