"""Casts and bucketing. PostgreSQL 15 has no cast that gives NULL, so what a value must look like is
tested before it is cast."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gateway.sql.expressions import Call
from gateway.sql.functions.base import Rendering
from gateway.sql.functions.conversion import LAST_YEAR, SPELLED, number_of_literal
from gateway.sql.functions.postgres import floats
from gateway.sql.functions.postgres.names import LEAST, MOST, double, once, postgres_type
from gateway.sql.types import Kind, Type

LAST_DAY, LAST_MOMENT = "294247-01-10", "294247-01-10 04:00:54.775806"
"""The last that every engine has as a timestamp; PostgreSQL alone has 29 years more."""
_SPACE = r"' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13)"


def _spelled(kind: Kind) -> str:
    """A pattern of the gateway's own as PostgreSQL's, over a whole text."""
    return "'^(?:" + SPELLED[kind].replace(r"\s", r"[ \t\n\f\r]") + ")$'"


def _integer(text: str, source: Type, target: Type) -> str:
    kind = postgres_type(target)
    low, high = LEAST[target.bits], MOST[target.bits]
    if source.kind is Kind.BOOLEAN:
        return f"CAST(CAST({text} AS integer) AS {kind})"
    if source.kind is Kind.INTEGER and source.bits <= target.bits:
        return f"CAST({text} AS {kind})"
    if source.kind is Kind.FLOAT:
        ends = f"{{0}} >= {floats.number(float(low))} AND {{0}} < {floats.number(float(high + 1))}"
        return once(
            [f"round({text})"],
            lambda x: f"CASE WHEN {ends.format(x)} THEN CAST({x} AS {kind}) END",
        )
    if source.kind is Kind.TEXT:
        digits = f"ltrim(btrim({text}, {_SPACE}), '+-0')"
        return once([text, digits], lambda x, d: _integer_of_text(x, d, target))
    rounded = f"round({text})" if source.kind is Kind.DECIMAL else text
    return once(
        [rounded],
        lambda x: f"CASE WHEN {x} BETWEEN {low} AND {high} THEN CAST({x} AS {kind}) END",
    )


def _integer_of_text(text: str, digits: str, target: Type) -> str:
    minus = f"CASE WHEN strpos({text}, '-') > 0 THEN '-' ELSE '' END"
    number = f"CAST({minus} || coalesce(nullif({digits}, ''), '0') AS numeric)"
    inside = f"{number} BETWEEN {LEAST[target.bits]} AND {MOST[target.bits]}"
    return (
        f"CASE WHEN {text} ~ {_spelled(Kind.INTEGER)} AND length({digits}) <= 19 THEN "
        f"CASE WHEN {inside} THEN CAST({number} AS {postgres_type(target)}) END END"
    )


_NUMBER = r"'^[ \t\n\f\r]*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?[ \t\n\f\r]*$'"
_MOST_DIGITS = 400


def _parsed(text: str, render: Callable[[str], str]) -> str:
    """What is made of the number that a text is, which becomes a numeric; NULL where it is none."""

    def known(x: str) -> str:
        short = f"length({x}) <= {_MOST_DIGITS}"
        return f"CASE WHEN {short} AND {x} ~ {_NUMBER} THEN CAST({x} AS numeric) END"

    return once([once([text], known)], render)


def _numeric(text: str, source: Type, target: Type) -> str:
    kind, most = postgres_type(target), 10 ** (target.precision - target.scale)

    def fitted(x: str) -> str:
        return f"CASE WHEN abs({x}) < {most} THEN CAST({x} AS {kind}) END"

    if source.kind is Kind.FLOAT:
        return _numeric_of_float(text, target)
    if source.kind is Kind.TEXT:
        return _parsed(text, lambda x: once([f"round({x}, {target.scale})"], fitted))
    if source.kind is Kind.DECIMAL and source.scale <= target.scale:
        if source.precision - source.scale <= target.precision - target.scale:
            return f"CAST({text} AS {kind})"
        return once([text], fitted)
    return once([f"round(CAST({text} AS numeric), {target.scale})"], fitted)


def _numeric_of_float(text: str, target: Type) -> str:
    kind, most = postgres_type(target), floats.number(10.0 ** (target.precision - target.scale))
    unit = f"CAST('1e-{target.scale}' AS numeric)"
    least = floats.number(10.0 ** -(target.scale + 2))
    steps = floats.away(f"({{0}} * {floats.number(10.0**target.scale)})")
    scaled = f"CASE WHEN abs({{0}}) < {least} THEN 0 WHEN abs({{0}}) < {most} THEN {steps} END"
    limit = floats.number(10.0**target.precision)
    return once(
        [once([text], lambda x: scaled.replace("{0}", x))],
        lambda x: (
            f"CASE WHEN abs({x}) < {limit} THEN CAST(({floats.exact(x)}) * {unit} AS {kind}) END"
        ),
    )


def float_of_numeric(x: str) -> str:
    """A numeric of any size as a double: infinite above, zero below."""
    return (
        f"CASE WHEN abs({x}) >= CAST('1.7976931348623158e308' AS numeric) "
        f"THEN CAST(sign({x}) AS double precision) * {floats.INFINITY} "
        f"WHEN abs({x}) < CAST('4.95e-324' AS numeric) THEN 0 "
        f"ELSE CAST({x} AS double precision) END"
    )


def _float(text: str, source: Type) -> str:
    if source.kind is not Kind.TEXT:
        return f"CAST({text} AS double precision)"
    words = {"nan": "NaN", "inf": "Infinity", "infinity": "Infinity", "-inf": "-Infinity"}
    words |= {"-infinity": "-Infinity", "+inf": "Infinity", "+infinity": "Infinity"}
    named = " ".join(
        f"WHEN '{word}' THEN '{value}'::double precision" for word, value in words.items()
    )
    return once(
        [text],
        lambda x: (
            f"CASE lower(btrim({x}, {_SPACE})) {named} ELSE {_parsed(x, float_of_numeric)} END"
        ),
    )


def shown(text: str, source: Type) -> str:
    """A value as text; where it is none, by the database's cast, which never fails."""
    match source.kind:
        case Kind.TEXT:
            return text
        case Kind.DECIMAL:
            text = f"CAST({text} AS numeric(38, {source.scale}))"
        case Kind.DATE:
            return f"replace(CAST({text} AS text), ' BC', ' (BC)')"
        case Kind.TIMESTAMP | Kind.TIMESTAMPTZ:
            return f"regexp_replace(CAST({text} AS text), '^([^ ]+) (.*) BC$', '\\1 (BC) \\2')"
    return f"CAST({text} AS text)"


def _boolean(text: str, source: Type) -> str:
    if source.kind is Kind.INTEGER:
        return f"({text} <> 0)"
    if source.kind is not Kind.TEXT:
        return f"CAST({text} AS boolean)"
    return once(
        [f"lower(btrim({text}, {_SPACE}))"],
        lambda x: (
            f"CASE WHEN {x} IN ('t', 'true', 'y', 'yes', 'on', '1') THEN TRUE "
            f"WHEN {x} IN ('f', 'false', 'n', 'no', 'off', '0') THEN FALSE END"
        ),
    )


def as_moment(text: str, target: Type) -> str:
    """A date as a timestamp; dates beyond the range of timestamps become the infinite ones."""
    kind = postgres_type(target)
    return once(
        [text],
        lambda x: (
            f"CASE WHEN {x} > DATE '{LAST_DAY}' THEN CAST('infinity' AS {kind}) "
            f"ELSE CAST({x} AS {kind}) END"
        ),
    )


def real_day(year: str, month: str, day: str) -> str:
    """Whether three integers are a date, of the years that every engine has in full."""
    leap = f"{year} % 4 = 0 AND ({year} % 100 <> 0 OR {year} % 400 = 0)"
    return (
        f"{year} BETWEEN 1 AND {LAST_YEAR} AND {month} BETWEEN 1 AND 12 AND {day} BETWEEN 1 AND "
        f"CASE WHEN {month} = 2 THEN CASE WHEN {leap} THEN 29 ELSE 28 END "
        f"WHEN {month} IN (4, 6, 9, 11) THEN 30 ELSE 31 END"
    )


def _moment(text: str, target: Type) -> str:
    """From text, by its parts: PostgreSQL's own reading takes more, and fails for what it does not
    take."""
    parts = once(
        [text],
        lambda x: (
            f"CASE WHEN lower({x}) ~ {_spelled(target.kind)} THEN "
            f"regexp_match(btrim({x}, {_SPACE}), {_PARTS}) END"
        ),
    )

    def made(p: str) -> str:
        number = [f"CAST(coalesce({p}[{i}], '0') AS integer)" for i in range(1, 6)]
        second = f"CAST(coalesce({p}[6], '0') AS integer)"
        micro = f"CAST(rpad(coalesce({p}[7], '0'), 6, '0') AS integer)"
        zone = (
            f"(CAST(coalesce({p}[8] || {p}[9], '0') AS integer) * 60 + "
            f"CAST(coalesce({p}[8] || coalesce({p}[10], '0'), '0') AS integer))"
        )
        valid = (
            f"{real_day(*number[:3])} AND {number[3]} <= 23 AND {number[4]} <= 59 "
            f"AND {second} <= 59"
        )
        day = f"make_date({', '.join(number[:3])})"
        if target.kind is Kind.DATE:
            return f"CASE WHEN {valid} THEN {day} END"
        stamp = (
            f"CAST({day} AS timestamp) + make_interval(hours => {number[3]}, "
            f"mins => {number[4]}, secs => {second}) + {micro} * INTERVAL '1 microsecond'"
        )
        if target.kind is Kind.TIMESTAMPTZ:
            stamp = f"({stamp} - {zone} * INTERVAL '1 minute') AT TIME ZONE 'UTC'"
        return f"CASE WHEN {valid} THEN {stamp} END"

    return once([f"({parts})"], made)


_PARTS = (
    r"'^([0-9]+)-([0-9]+)-([0-9]+)"
    r"(?:[ Tt]([0-9]+):([0-9]+)(?::([0-9]+)(?:\.([0-9]+))?)?"
    r"(?:Z|z|([+-])([0-9]{2}):?([0-9]{2})?)?)?$'"
)


def cast(text: str, source: Type, target: Type) -> str:
    """A value as another type, NULL where it does not convert."""
    if source.kind is Kind.NULL:
        return f"CAST(NULL AS {postgres_type(target)})"
    match target.kind:
        case Kind.INTEGER:
            return _integer(text, source, target)
        case Kind.DECIMAL:
            return _numeric(text, source, target)
        case Kind.FLOAT:
            return _float(text, source)
        case Kind.TEXT:
            return shown(text, source)
        case Kind.BOOLEAN:
            return _boolean(text, source)
    if source.kind is Kind.TEXT:
        return _moment(text, target)
    if source.kind is Kind.DATE and target.kind is not Kind.DATE:
        return as_moment(text, target)
    return f"CAST({text} AS {postgres_type(target)})"


def _cast(call: Call, arguments: Sequence[str]) -> str:
    return cast(arguments[0], call.arguments[0].type, call.type)


def _between(call: Call, arguments: Sequence[str]) -> str:
    ends = [float(number_of_literal(end)) for end in call.arguments[1:]]

    def made(x: str) -> str:
        steps = " ".join(f"WHEN {x} < {floats.number(end)} THEN {i}" for i, end in enumerate(ends))
        return f"CASE WHEN {x} IS NULL OR {x} = 'NaN' THEN NULL {steps} ELSE {len(ends)} END"

    return once([double(arguments[0], call.arguments[0])], made)


def _bucket(call: Call, arguments: Sequence[str]) -> str:
    lo, hi, count = (number_of_literal(end) for end in call.arguments[1:])
    low, high = float(min(lo, hi)), float(max(lo, hi))
    width = floats.number(high - low)

    def made(x: str) -> str:
        least, most = floats.number(low), floats.number(high)
        if lo < hi:
            below, above, part = f"{x} < {least}", f"{x} >= {most}", f"({x} - {least})"
        else:
            below, above, part = f"{x} > {most}", f"{x} <= {least}", f"({most} - {x})"
        share = f"{floats.divide(part, width)} * {count}"
        inside = f"least(1 + CAST(floor({share}) AS integer), {count})"
        return (
            f"CASE WHEN {x} IS NULL OR {x} = 'NaN' THEN NULL WHEN {below} THEN 0 "
            f"WHEN {above} THEN {count} + 1 ELSE {inside} END"
        )

    return once([double(arguments[0], call.arguments[0])], made)


RENDERINGS: dict[str, Rendering] = {
    "cast": _cast,
    "width_bucket": _bucket,
    "width_bucket_between": _between,
}
