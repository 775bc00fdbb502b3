"""Text. Lengths and positions count characters; numbers are brought within 32 bits first."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.sql.expressions import Call, Expr, Literal
from gateway.sql.functions.base import Rendering, plain
from gateway.sql.functions.postgres.conversion import shown
from gateway.sql.functions.postgres.letters import cased
from gateway.sql.functions.postgres.names import once
from gateway.sql.functions.postgres.patterns import word
from gateway.sql.types import Kind

_MOST = 2**31 - 1


def _printed(part: str, expr: Expr) -> str:
    """Booleans in texts are t and f."""
    if expr.type.kind is Kind.BOOLEAN:
        return f"CASE {part} WHEN TRUE THEN 't' WHEN FALSE THEN 'f' END"
    if expr.type.kind is Kind.NULL:
        return "CAST(NULL AS text)"
    return shown(part, expr.type)


def _concatenate(call: Call, arguments: Sequence[str]) -> str:
    pairs = zip(arguments, call.arguments, strict=True)
    return "(" + " || ".join(f"coalesce({_printed(a, b)}, '')" for a, b in pairs) + ")"


def _concatenate_between(call: Call, arguments: Sequence[str]) -> str:
    pairs = zip(arguments, call.arguments, strict=True)
    return f"concat_ws({', '.join(_printed(a, b) for a, b in pairs)})"


def _join(call: Call, arguments: Sequence[str]) -> str:
    pairs = zip(arguments, call.arguments, strict=True)
    parts = (
        "CAST(NULL AS text)" if b.type.kind is Kind.NULL else shown(a, b.type) for a, b in pairs
    )
    return "(" + " || ".join(parts) + ")"


def _narrow(text: str, low: int = -_MOST) -> str:
    """An integer within 32 bits; NULL stays NULL."""
    within = f"LEAST(GREATEST({text}, {low}), {_MOST})"
    return f"CAST(CASE WHEN {text} IS NOT NULL THEN {within} END AS integer)"


def _end(name: str) -> Rendering:
    def write(call: Call, arguments: Sequence[str]) -> str:
        text, length = arguments
        known = call.arguments[1]
        if isinstance(known, Literal) and isinstance(known.value, int) and abs(known.value) < 2**31:
            return f"{name}({text}, CAST({length} AS integer))"
        return f"{name}({text}, {once([length], _narrow)})"

    return write


def _substring(call: Call, arguments: Sequence[str]) -> str:
    if len(arguments) == 2:
        return f"substring({arguments[0]}, {once([arguments[1]], lambda s: _narrow(s, 1))})"

    def made(start: str, length: str) -> str:
        first = _narrow(start, 1)
        rest = f"CAST({start} AS numeric) + {length} - {first}"
        return (
            f"CASE WHEN {length} >= 0 AND {start} IS NOT NULL THEN substring({{0}}, {first}, "
            f"CAST(LEAST(GREATEST({rest}, 0), {_MOST} - {first}) AS integer)) END"
        )

    text, start, length = arguments
    return once([text, start, length], lambda x, s, n: made(s, n).replace("{0}", x))


def _with_space(name: str, count: int) -> Rendering:
    def write(call: Call, arguments: Sequence[str]) -> str:
        parts = [*arguments, "' '"][:count]
        if count == 3:
            parts[1] = f"CAST({parts[1]} AS integer)"
        return f"{name}({', '.join(parts)})"

    return write


def _overlay(call: Call, arguments: Sequence[str]) -> str:
    text, new, start = arguments[:3]
    length = arguments[3] if len(arguments) == 4 else f"length({new})"
    ends = f"CAST({start} AS integer) - 1", f"CAST({start} AS integer) + CAST({length} AS integer)"
    return f"(left({text}, {ends[0]}) || {new} || substring({text}, {ends[1]}))"


def _initcap(call: Call, arguments: Sequence[str]) -> str:
    """Word by word, of letters and digits, as `upper` and `lower` know them."""
    one = word()
    pattern = f"'{one}+|[^{one[1:]}+'"
    first = cased("left(w[1], 1)", upper=True)
    words = (
        f"(SELECT string_agg({first} || substring(w[1], 2), '' ORDER BY n) FROM regexp_matches("
        f"{cased('{0}', upper=False)}, {pattern}, 'g') WITH ORDINALITY AS r(w, n))"
    )
    return once(
        arguments,
        lambda x: f"CASE WHEN {x} IS NOT NULL THEN coalesce({words.replace('{0}', x)}, '') END",
    )


_CHR = (
    "CASE WHEN {0} BETWEEN 1 AND 55295 OR {0} BETWEEN 57344 AND 1114111 "
    "THEN chr(CAST({0} AS integer)) END"
)


def _as_bigint(template: str) -> Rendering:
    return plain(f"CAST({template} AS bigint)")


RENDERINGS: dict[str, Rendering] = {
    "lower": lambda call, arguments: cased(arguments[0], upper=False),
    "upper": lambda call, arguments: cased(arguments[0], upper=True),
    "initcap": _initcap,
    "length": _as_bigint("length({0})"),
    "octet_length": _as_bigint("octet_length({0})"),
    "bit_length": _as_bigint("bit_length({0})"),
    "trim": _with_space("btrim", 2),
    "ltrim": _with_space("ltrim", 2),
    "rtrim": _with_space("rtrim", 2),
    "lpad": _with_space("lpad", 3),
    "rpad": _with_space("rpad", 3),
    "substring": _substring,
    "left": _end("left"),
    "right": _end("right"),
    "replace": plain("replace({0}, {1}, {2})"),
    "translate": plain("translate({0}, {1}, {2})"),
    "overlay": _overlay,
    "reverse": plain("reverse({0})"),
    "repeat": plain("repeat({0}, CAST({1} AS integer))"),
    "split_part": plain("split_part({0}, {1}, CAST({2} AS integer))"),
    "position": _as_bigint("strpos({0}, {1})"),
    "concatenate": _concatenate,
    "concat_ws": _concatenate_between,
    "join": _join,
    "starts_with": plain("starts_with({0}, {1})"),
    "ascii": _as_bigint("ascii({0})"),
    "chr": lambda call, arguments: once(arguments, _CHR.format),
    "md5": plain("md5({0})"),
}
