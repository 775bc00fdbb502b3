"""Dates to text and back in Spark, and moments from numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gateway.sql.expressions import Call
from gateway.sql.functions.base import Rendering
from gateway.sql.functions.conversion import LAST_YEAR
from gateway.sql.functions.formats import Piece, format_in, reading
from gateway.sql.functions.patterns import constant_text
from gateway.sql.functions.spark.forms import (
    as_double,
    as_moment,
    micros,
    number,
    spark_type,
    text_literal,
)
from gateway.sql.types import DATE, TIMESTAMP, Kind

_NUMBERS = {
    "%Y": ("year({0})", 4),
    "%G": ("extract(YEAROFWEEK FROM {0})", 4),
    "%y": ("year({0}) % 100", 2),
    "%m": ("month({0})", 2),
    "%-m": ("month({0})", 0),
    "%j": ("dayofyear({0})", 3),
    "%-j": ("dayofyear({0})", 0),
    "%d": ("day({0})", 2),
    "%-d": ("day({0})", 0),
    "isodow": ("weekday({0}) + 1", 0),
    "dow": ("dayofweek({0})", 0),
    "%V": ("weekofyear({0})", 2),
    "quarter": ("quarter({0})", 0),
    "%H": ("hour({0})", 2),
    "%-H": ("hour({0})", 0),
    "%I": ("(hour({0}) + 11) % 12 + 1", 2),
    "%-I": ("(hour({0}) + 11) % 12 + 1", 0),
    "%M": ("minute({0})", 2),
    "%-M": ("minute({0})", 0),
    "%S": ("second({0})", 2),
    "%-S": ("second({0})", 0),
    "%g": ("pmod({1}, 1000000L) div 1000", 3),
    "%f": ("pmod({1}, 1000000L)", 6),
}
"""A number and to how many digits it is filled up."""
_WORDS = {"%B": "MMMM", "%b": "MMM", "%A": "EEEE", "%a": "EEE", "%p": "a"}
_READ = {
    "%Y": ("[0-9]{4}", "year"),
    "%m": ("[0-9]{1,2}", "month"),
    "%b": ("jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec", "name"),
    "%d": ("[0-9]{1,2}", "day"),
    "%H": ("[0-9]{1,2}", "hour"),
    "%I": ("[0-9]{1,2}", "hour"),
    "%M": ("[0-9]{1,2}", "minute"),
    "%S": ("[0-9]{1,2}", "second"),
    "%f": ("[0-9]{1,6}", "fraction"),
    "%p": ("am|pm", "half"),
}
_CODES = re.compile(r"%-?[A-Za-z]|%%")


def _shown(call: Call, arguments: Sequence[str]) -> str:
    moment, kind = arguments[0], call.arguments[0].type.kind
    if kind is Kind.DATE:
        moment = as_moment(moment, TIMESTAMP)
    pieces = format_in(call.arguments[1]) or ()
    written = ", ".join(_piece(piece, moment) for piece in pieces)
    return f"CASE WHEN year({moment}) BETWEEN 1 AND 9999 THEN concat({written}) END"


def _piece(piece: Piece, moment: str) -> str:
    if not piece.code:
        return text_literal(piece.text)
    if piece.code in _NUMBERS:
        value, digits = _NUMBERS[piece.code]
        text = f"CAST({value.format(moment, micros(moment))} AS STRING)"
        return f"lpad({text}, {digits}, '0')" if digits else text
    text = f"date_format({moment}, '{_WORDS[piece.code]}')"
    text = f"{piece.case}({text})" if piece.case else text
    return f"rpad({text}, {piece.width}, ' ')" if piece.width else text


def _read(kind: Kind) -> Rendering:
    def write(call: Call, arguments: Sequence[str]) -> str:
        code = reading(constant_text(call.arguments[1]) or "") or ""
        pattern, places = _regex(code)
        text, regex = f"lower({arguments[0]})", text_literal(pattern)

        def part(name: str, otherwise: str = "0") -> str:
            if name not in places:
                return otherwise
            return f"regexp_extract({text}, {regex}, {places[name]})"

        def whole(name: str, otherwise: str = "0") -> str:
            return f"try_cast({part(name, otherwise)} AS INT)" if name in places else otherwise

        month = whole("month", "1")
        if "name" in places:
            names = "'janfebmaraprmayjunjulaugsepoctnovdec'"
            month = f"CAST((instr({names}, {part('name')}) + 2) div 3 AS INT)"
        hour = whole("hour")
        if "half" in places:
            half = f"CASE WHEN {part('half')} = 'pm' THEN 12 ELSE 0 END"
            hour = f"CASE WHEN {hour} BETWEEN 1 AND 12 THEN {hour} % 12 + {half} END"
        fraction = f"rpad({part('fraction')}, 6, '0')" if "fraction" in places else "'0'"
        seconds = whole("second")
        shown = f"CASE WHEN {seconds} < 60 THEN CAST({seconds} AS STRING) END"
        exact = f"try_cast(concat({shown}, '.', {fraction}) AS DECIMAL(16, 6))"
        parts = f"{whole('year')}, {month}, {whole('day', '1')}, {hour}, {whole('minute')}, {exact}"
        made = f"CAST(try_make_timestamp_ntz({parts}) AS {_NAMES[kind]})"
        return f"CASE WHEN {text} RLIKE {regex} THEN {made} END"

    return write


_NAMES = {Kind.DATE: "DATE", Kind.TIMESTAMPTZ: "TIMESTAMP_LTZ"}


def _regex(code: str) -> tuple[str, dict[str, int]]:
    """A pattern of Java for what strptime reads by a code, and the group of each part."""
    places: dict[str, int] = {}
    written, last = "", 0
    for found in _CODES.finditer(code):
        written += _plainly(code[last : found.start()])
        last = found.end()
        if found.group() == "%%":
            written += "%"
            continue
        pattern, name = _READ[found.group()]
        places[name] = len(places) + 1
        written += f"({pattern})"
    return rf"(?s)\A\s*{written}{_plainly(code[last:])}\s*\z", places


def _plainly(text: str) -> str:
    return "".join(rf"\x{{{ord(c):x}}}" for c in text.lower())


def _of_seconds(call: Call, arguments: Sequence[str]) -> str:
    value = as_double(arguments[0])
    exact = f"try_cast(nullif(rint({value} * 1000000.0D), {number(2.0**63)}) AS BIGINT)"
    return f"timestamp_micros({exact})"


def _made_date(call: Call, arguments: Sequence[str]) -> str:
    parts = ", ".join(f"try_cast({argument} AS INT)" for argument in arguments)
    made = f"CAST(try_make_timestamp_ntz({parts}, 0, 0, 0.0BD) AS {spark_type(DATE)})"
    return f"CASE WHEN {arguments[0]} BETWEEN 1 AND {LAST_YEAR} THEN {made} END"


def _made_timestamp(call: Call, arguments: Sequence[str]) -> str:
    parts = ", ".join(f"try_cast({argument} AS INT)" for argument in arguments[:5])
    second = as_double(arguments[5])
    # 60 is the next minute.
    exact = (
        f"CASE WHEN {second} BETWEEN 0.0D AND 60.0D THEN try_cast({second} AS DECIMAL(16, 6)) END"
    )
    made = f"try_make_timestamp_ntz({parts}, {exact})"
    return f"CASE WHEN {arguments[0]} BETWEEN 1 AND {LAST_YEAR} THEN {made} END"


RENDERINGS: dict[str, Rendering] = {
    "to_char": _shown,
    "to_date": _read(Kind.DATE),
    "to_timestamp_by": _read(Kind.TIMESTAMPTZ),
    "to_timestamp": _of_seconds,
    "make_date": _made_date,
    "make_timestamp": _made_timestamp,
}
