"""Dates to text and back by a constant format; and moments from numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gateway.sql.expressions import Call
from gateway.sql.functions.base import Rendering
from gateway.sql.functions.conversion import LAST_YEAR
from gateway.sql.functions.formats import Piece, pieces
from gateway.sql.functions.patterns import constant_text
from gateway.sql.functions.postgres import floats
from gateway.sql.functions.postgres.conversion import as_moment, real_day
from gateway.sql.functions.postgres.moments import of_micros
from gateway.sql.functions.postgres.names import double, once, quoted_text
from gateway.sql.types import DATE, TIMESTAMP, TIMESTAMPTZ, Kind, Type

_FIRST, _LAST = "TIMESTAMP '0001-01-01'", "TIMESTAMP '9999-12-31 23:59:59.999999'"


def _shown(call: Call, arguments: Sequence[str]) -> str:
    """PostgreSQL's own letters: the format was read, and holds nothing but them."""
    moment, kind = arguments[0], call.arguments[0].type.kind
    if kind is Kind.DATE:
        moment = as_moment(moment, TIMESTAMP)
    elif kind is Kind.TIMESTAMPTZ:
        moment = f"({moment} AT TIME ZONE 'UTC')"
    text = quoted_text(constant_text(call.arguments[1]) or "")
    return once(
        [moment],
        lambda x: f"CASE WHEN {x} BETWEEN {_FIRST} AND {_LAST} THEN to_char({x}, {text}) END",
    )


_DIGITS = {
    **{"%Y": r"([0-9]{1,4})", "%m": r"([0-9]{1,2})", "%d": r"([0-9]{1,2})"},
    **{"%H": r"([0-9]{1,2})", "%I": r"([0-9]{1,2})", "%M": r"([0-9]{1,2})"},
    **{"%S": r"([0-9]{1,2})", "%f": r"([0-9]{1,6})", "%p": "([AaPp][Mm])"},
    **{"%-m": r"([0-9]{1,2})", "%-d": r"([0-9]{1,2})", "%-H": r"([0-9]{1,2})"},
    **{"%-I": r"([0-9]{1,2})", "%-M": r"([0-9]{1,2})", "%-S": r"([0-9]{1,2})"},
    "%b": "([A-Za-z]{3})",
}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def _expression(found: Sequence[Piece]) -> str:
    parts = [_DIGITS[piece.code] if piece.code else _literal(piece.text) for piece in found]
    return "^" + "".join(parts) + "$"


def _literal(text: str) -> str:
    return "".join(
        c if c.isascii() and c.isalnum() else (r"[ \t\n\r\f\v]*" if c == " " else re.escape(c))
        for c in text
    )


def _read(target: Type) -> Rendering:
    def write(call: Call, arguments: Sequence[str]) -> str:
        found = pieces(constant_text(call.arguments[1]) or "") or ()
        codes = [piece.code.replace("-", "") for piece in found if piece.code]
        matched = f"regexp_match({arguments[0]}, {quoted_text(_expression(found))})"
        return once([matched], lambda p: _assembled(p, codes, target))

    return write


def _assembled(parts: str, codes: Sequence[str], target: Type) -> str:
    def number(code: str, default: str = "0") -> str:
        if code not in codes:
            return default
        return f"CAST({parts}[{codes.index(code) + 1}] AS integer)"

    month = number("%m", "1")
    if "%b" in codes:
        name = f"lower({parts}[{codes.index('%b') + 1}])"
        cases = " ".join(f"WHEN '{name_}' THEN {i}" for i, name_ in enumerate(_MONTHS, 1))
        month = f"(CASE {name} {cases} ELSE 0 END)"
    date = [number("%Y"), month, number("%d", "1")]
    hour, valid_hour = number("%H"), f"{number('%H')} <= 23"
    if "%I" in codes:
        afternoon = f"lower({parts}[{codes.index('%p') + 1}]) = 'pm'"
        hour = f"({number('%I')} % 12 + CASE WHEN {afternoon} THEN 12 ELSE 0 END)"
        valid_hour = f"{number('%I')} BETWEEN 1 AND 12"
    micro = "0"
    if "%f" in codes:
        micro = f"CAST(rpad({parts}[{codes.index('%f') + 1}], 6, '0') AS integer)"
    valid = f"{real_day(*date)} AND {valid_hour} AND {number('%M')} <= 59 AND {number('%S')} <= 59"
    day = f"make_date({', '.join(date)})"
    if target.kind is Kind.DATE:
        return f"CASE WHEN {valid} THEN {day} END"
    stamp = (
        f"CAST({day} AS timestamp) + make_interval(hours => {hour}, mins => {number('%M')}, "
        f"secs => {number('%S')}) + {micro} * INTERVAL '1 microsecond'"
    )
    return f"CASE WHEN {valid} THEN ({stamp}) AT TIME ZONE 'UTC' END"


def _of_epoch(call: Call, arguments: Sequence[str]) -> str:
    most = floats.number(9.3e12)
    return once(
        [double(arguments[0], call.arguments[0])],
        lambda x: (
            f"CASE WHEN abs({x}) < {floats.number(1e-9)} THEN TIMESTAMPTZ '1970-01-01 00:00:00+00' "
            f"WHEN abs({x}) < {most} THEN "
            f"{of_micros(floats.exact(f'round({x} * 1000000)'), TIMESTAMPTZ)} END"
        ),
    )


def _made_date(call: Call, arguments: Sequence[str]) -> str:
    def made(y: str, m: str, d: str) -> str:
        whole = [f"CAST({part} AS integer)" for part in (y, m, d)]
        small = " AND ".join(f"{part} BETWEEN 1 AND {LAST_YEAR}" for part in (y, m, d))
        return (
            f"CASE WHEN {small} THEN CASE WHEN {real_day(y, m, d)} "
            f"THEN make_date({', '.join(whole)}) END END"
        )

    return once(arguments, made)


def _made_timestamp(call: Call, arguments: Sequence[str]) -> str:
    seconds = double(arguments[5], call.arguments[5])

    def made(*parts: str) -> str:
        year, month, day, hour, minute, second = parts
        numbers = [f"CAST({part} AS integer)" for part in parts[:5]]
        return (
            f"CASE WHEN {real_day(year, month, day)} AND {hour} BETWEEN 0 AND 23 "
            f"AND {minute} BETWEEN 0 AND 59 AND {second} BETWEEN 0 AND 60 "
            f"THEN make_timestamp({', '.join(numbers)}, {second}) END"
        )

    return once([*arguments[:5], seconds], made)


RENDERINGS: dict[str, Rendering] = {
    "to_char": _shown,
    "to_date": _read(DATE),
    "to_timestamp_by": _read(TIMESTAMPTZ),
    "to_timestamp": _of_epoch,
    "make_date": _made_date,
    "make_timestamp": _made_timestamp,
}
