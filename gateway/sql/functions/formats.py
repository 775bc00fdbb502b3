"""Dates to text and back by a constant format, in PostgreSQL's letters; and moments from numbers.

A format is read when a question is planned, into pieces that every engine can write. What is no
piece of this list is refused, for `to_char` would copy it into the text unseen.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from gateway.privacy.domains import ANYTHING, Domain, Interval, interval_of
from gateway.sql.expressions import Call, Expr, Literal
from gateway.sql.functions.base import Nulls, Rendering, Typing, entry, of, plain
from gateway.sql.functions.conversion import LAST_YEAR, as_moment
from gateway.sql.functions.patterns import constant_text
from gateway.sql.types import DATE, TEXT, TIMESTAMP, TIMESTAMPTZ, Kind, Type, ordinal


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a format: strftime's `code`, or a `text` to copy. `short` is the code without
    leading zeros, `width` to what names are filled up, `grain` the finest cut of time it shows,
    `reads` whether text can be read with it."""

    code: str = ""
    text: str = ""
    short: str = ""
    case: str = ""
    width: int = 0
    grain: str = "year"
    reads: bool = False


_PIECES: dict[str, Piece] = {
    "YYYY": Piece(code="%Y", reads=True),
    "IYYY": Piece(code="%G", grain="week"),
    "YY": Piece(code="%y"),
    "MM": Piece(code="%m", short="%-m", grain="month", reads=True),
    "Month": Piece(code="%B", grain="month", width=9),
    "MONTH": Piece(code="%B", case="upper", grain="month", width=9),
    "month": Piece(code="%B", case="lower", grain="month", width=9),
    "Mon": Piece(code="%b", grain="month", reads=True),
    "MON": Piece(code="%b", case="upper", grain="month", reads=True),
    "mon": Piece(code="%b", case="lower", grain="month", reads=True),
    "DDD": Piece(code="%j", short="%-j", grain="day"),
    "DD": Piece(code="%d", short="%-d", grain="day", reads=True),
    "Day": Piece(code="%A", grain="day", width=9),
    "DAY": Piece(code="%A", case="upper", grain="day", width=9),
    "day": Piece(code="%A", case="lower", grain="day", width=9),
    "Dy": Piece(code="%a", grain="day"),
    "DY": Piece(code="%a", case="upper", grain="day"),
    "dy": Piece(code="%a", case="lower", grain="day"),
    "ID": Piece(code="isodow", grain="day"),
    "D": Piece(code="dow", grain="day"),
    "IW": Piece(code="%V", grain="week"),
    "Q": Piece(code="quarter", grain="quarter"),
    "HH24": Piece(code="%H", short="%-H", grain="hour", reads=True),
    "HH12": Piece(code="%I", short="%-I", grain="hour", reads=True),
    "HH": Piece(code="%I", short="%-I", grain="hour", reads=True),
    "MI": Piece(code="%M", short="%-M", grain="minute", reads=True),
    "SS": Piece(code="%S", short="%-S", grain="second", reads=True),
    "MS": Piece(code="%g", grain="millisecond"),
    "US": Piece(code="%f", grain="microsecond", reads=True),
    "AM": Piece(code="%p", grain="hour", reads=True),
    "PM": Piece(code="%p", grain="hour", reads=True),
    "am": Piece(code="%p", case="lower", grain="hour", reads=True),
    "pm": Piece(code="%p", case="lower", grain="hour", reads=True),
}
_ANY_CASE = {"YYYY", "IYYY", "YY", "MM", "DDD", "DD", "ID", "D", "IW", "Q"} | {
    *("HH24", "HH12", "HH", "MI", "SS", "MS", "US")
}
_BY_LENGTH = sorted(_PIECES, key=len, reverse=True)
_GRAINS = (
    *("microsecond", "millisecond", "second", "minute", "hour", "day", "week", "month", "quarter"),
    "year",
)
_NOT_PIECES = re.compile(r"[A-Za-z0-9]")
_FIRST, _LAST = "TIMESTAMP '0001-01-01'", "TIMESTAMP '9999-12-31 23:59:59.999999'"


def pieces(text: str) -> tuple[Piece, ...] | None:
    """The parts of a format; None where it holds letters that are none, or an open quote."""
    found: list[Piece] = []
    place, short = 0, False
    while place < len(text):
        if text[place] == '"':
            end = text.find('"', place + 1)
            if end < 0:
                return None
            found.append(Piece(text=text[place + 1 : end]))
            place = end + 1
            continue
        if text.startswith("FM", place) and not short:
            short, place = True, place + 2
            continue
        name = _piece_at(text, place)
        if name is None:
            if short or _NOT_PIECES.match(text[place]) or text[place] == "\\":
                return None
            found.append(Piece(text=text[place]))
            place += 1
            continue
        found.append(_shortened(_PIECES[name]) if short else _PIECES[name])
        place, short = place + len(name), False
    return tuple(found) if found and not short else None


def _piece_at(text: str, place: int) -> str | None:
    for name in _BY_LENGTH:
        here = text[place : place + len(name)]
        if here == name or (name in _ANY_CASE and here.upper() == name):
            return name
    return None


def _shortened(piece: Piece) -> Piece:
    """With FM: no leading zeros, no filling spaces."""
    return Piece(
        code=piece.short or piece.code, case=piece.case, grain=piece.grain, reads=piece.reads
    )


def finest_cut(arguments: Sequence[Expr]) -> list[Expr]:
    """The arguments of to_char with the moment cut to what the format shows of it.

    The text is the same, and groups by it are known wherever the cuts of time are.
    """
    moment, text = arguments
    grains = {piece.grain for piece in format_in(text) or () if piece.code}
    if not grains or isinstance(moment, Literal):
        return list(arguments)
    if "week" in grains and not grains.isdisjoint(("month", "quarter", "year")):
        grains.add("day")  # weeks reach over the ends of months
    finest = min(grains, key=_GRAINS.index)
    if finest in ("millisecond", "microsecond"):
        return list(arguments)
    kind = TIMESTAMP if moment.type.kind is Kind.DATE else moment.type
    return [Call("date_trunc", (Literal(finest, TEXT), moment), kind), text]


def format_in(expr: Expr) -> tuple[Piece, ...] | None:
    """The parts of a constant format."""
    text = constant_text(expr)
    return pieces(text) if text is not None else None


def _shown_type(arguments: Sequence[Expr]) -> Type | None:
    moment, text = arguments
    return TEXT if moment.type.temporal and format_in(text) else None


def _write_shown(call: Call, arguments: Sequence[str]) -> str:
    moment = arguments[0]
    if call.arguments[0].type.kind is Kind.DATE:
        moment = as_moment(moment, TIMESTAMP)
    elif call.arguments[0].type.kind is Kind.TIMESTAMPTZ:
        moment = f"TRY({moment} AT TIME ZONE 'UTC')"
    runs: list[list[Piece]] = []
    for piece in format_in(call.arguments[1]) or ():
        if runs and _runs_on(piece) and _runs_on(runs[-1][-1]):
            runs[-1].append(piece)
        else:
            runs.append([piece])
    written = " || ".join(_written(run, moment) for run in runs)
    return f"CASE WHEN {moment} BETWEEN {_FIRST} AND {_LAST} THEN {written} END"


def _runs_on(piece: Piece) -> bool:
    """Whether strftime writes a piece without help."""
    return not piece.code or (piece.code.startswith("%") and not piece.case and not piece.width)


def _written(run: Sequence[Piece], moment: str) -> str:
    first = run[0]
    if _runs_on(first):
        return _strftime(moment, "".join(p.code or p.text.replace("%", "%%") for p in run))
    if not first.code.startswith("%"):
        number = f"date_part('{first.code}', {moment})"
        return f"CAST({number}{' + 1' if first.code == 'dow' else ''} AS VARCHAR)"
    shown = _strftime(moment, first.code)
    shown = f"{first.case}({shown})" if first.case else shown
    return f"rpad({shown}, {first.width}, ' ')" if first.width else shown


def _strftime(moment: str, code: str) -> str:
    quoted = code.replace("'", "''")
    return f"strftime({moment}, '{quoted}')"


def reading(text: str) -> str | None:
    """A format as strptime's; None where text cannot be read by it in one way."""
    found = pieces(text)
    if not found or any(piece.code and not piece.reads for piece in found):
        return None
    codes = [piece.code for piece in found if piece.code]
    if len(set(codes)) < len(codes) or "%Y" not in codes or ("%I" in codes) != ("%p" in codes):
        return None
    return "".join(piece.code or piece.text.replace("%", "%%") for piece in found)


def read(text: str, pattern: str) -> dt.datetime | None:
    """A constant text by a format; None where it does not follow it."""
    code = reading(pattern)
    if code is None:
        return None
    try:
        return dt.datetime.strptime(text.strip(), code)
    except ValueError:
        return None


def _reads_as(target: Type) -> Typing:
    def typing(arguments: Sequence[Expr]) -> Type | None:
        text, pattern = arguments
        known = constant_text(pattern)
        fits = text.type.kind in (Kind.TEXT, Kind.NULL) and known is not None
        return target if fits and reading(known or "") else None

    return typing


def _write_read(kind: str) -> Rendering:
    def write(call: Call, arguments: Sequence[str]) -> str:
        code = reading(constant_text(call.arguments[1]) or "") or ""
        pattern = code.replace("'", "''")
        return f"TRY_CAST(try_strptime({arguments[0]}, '{pattern}') AS {kind})"

    return write


def _range_of_epoch(call: Call, domains: Sequence[Domain]) -> Domain:
    interval = interval_of(domains[0])
    if not interval:
        return ANYTHING
    found = Interval(interval.lo * 10**6 - 1, interval.hi * 10**6 + 1)
    ends = (ordinal(dt.datetime.min), ordinal(dt.datetime.max))
    return found if ends[0] <= found.lo and found.hi <= ends[1] else ANYTHING


def _range_of_date(call: Call, domains: Sequence[Domain]) -> Domain:
    years = interval_of(domains[0])
    if not years or not 1 <= years.lo <= years.hi <= dt.MAXYEAR:
        return ANYTHING
    first, last = dt.date(math.floor(years.lo), 1, 1), dt.date(math.ceil(years.hi), 12, 31)
    return Interval(Fraction(ordinal(first)), Fraction(ordinal(last)))


def _made(target: Type, count: int) -> Typing:
    def typing(arguments: Sequence[Expr]) -> Type | None:
        whole = all(part.type.kind is Kind.INTEGER for part in arguments[:5])
        fits = len(arguments) == count and whole
        return target if fits and all(part.type.numeric for part in arguments) else None

    return typing


def _write_made(name: str) -> Rendering:
    def write(call: Call, arguments: Sequence[str]) -> str:
        parts = [f"CAST({argument} AS BIGINT)" for argument in arguments[:5]]
        parts += [f"CAST({argument} AS DOUBLE)" for argument in arguments[5:]]
        # Engines differ in the years before the first.
        made = f"TRY({name}({', '.join(parts)}))"
        return f"CASE WHEN {parts[0]} BETWEEN 1 AND {LAST_YEAR} THEN {made} END"

    return write


FUNCTIONS = (
    entry(
        "to_char",
        "to_char(a, format) of a date or timestamp; letters: " + ", ".join(_PIECES) + ", FM",
        of(2, _shown_type),
        _write_shown,
        nulls=Nulls.SOMETIMES,
    ),
    entry(
        "to_date",
        "to_date(a, format), to_timestamp(a, format); NULL where a does not follow the format",
        of(2, _reads_as(DATE)),
        _write_read("DATE"),
        nulls=Nulls.SOMETIMES,
    ),
    entry(
        "to_timestamp_by",
        "",
        of(2, _reads_as(TIMESTAMPTZ)),
        _write_read("TIMESTAMPTZ"),
        nulls=Nulls.SOMETIMES,
    ),
    entry(
        "to_timestamp",
        "to_timestamp(a), of seconds since 1970",
        lambda arguments: (
            TIMESTAMPTZ if len(arguments) == 1 and arguments[0].type.numeric else None
        ),
        plain("TRY(to_timestamp(CAST({0} AS DOUBLE)))"),
        range=_range_of_epoch,
        nulls=Nulls.SOMETIMES,
    ),
    entry(
        "make_date",
        "make_date(year, month, day), make_timestamp(year, month, day, hour, minute, second); "
        "NULL for what is no date",
        _made(DATE, 3),
        _write_made("make_date"),
        range=_range_of_date,
        nulls=Nulls.SOMETIMES,
    ),
    entry(
        "make_timestamp",
        "",
        _made(TIMESTAMP, 6),
        _write_made("make_timestamp"),
        nulls=Nulls.SOMETIMES,
    ),
)
