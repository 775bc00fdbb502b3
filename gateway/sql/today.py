"""Today as a constant: what BI tools write for "the last 30 days".

The present moment changes from question to question, so that an answer over it would be a new one,
paid anew, each time that a dashboard is opened. The day changes once a day. So `CURRENT_DATE`, and
`NOW()` where only its day matters, are constants of the day that a question is asked on; any other
use is refused where it reaches protected rows.
"""

from __future__ import annotations

import datetime as dt
import re

from sqlglot import exp

_WORDS = re.compile(r"\b(now|current_date|current_timestamp|localtimestamp)\b", re.IGNORECASE)
_GRAINS = frozenset({"day", "week", "month", "quarter", "year", "decade", "century", "millennium"})
_STEPS = frozenset({"day", "week", "month", "quarter", "year"})
_WHOLE = re.compile(r"\s*[+-]?\d{1,6}\s*\Z")
_MOMENTS = frozenset({exp.DType.TIMESTAMP, exp.DType.TIMESTAMPTZ})


def day_of(sql: str, now: dt.datetime) -> dt.date | None:
    """The day in UTC on which a question's plan depends; None where it names no present moment."""
    return now.astimezone(dt.UTC).date() if _WORDS.search(sql) else None


def at_day(query: exp.Query, day: dt.date) -> bool:
    """Write a day in place of today, wherever only the day matters; whether anything was.

    `NOW()` counts by its day within `date_trunc` of days and longer and within a cast to DATE,
    also with whole days, weeks, months or years added or taken off before: neither adding them nor
    cutting looks at the time of day (PostgreSQL's documentation, sections 9.9.2 and 9.9.5, with the
    session's zone UTC).
    """
    found = False
    for node in list(query.find_all(exp.CurrentDate, exp.CurrentTimestamp, exp.Localtimestamp)):
        made = _constant(node, day)
        if made is not None:
            node.replace(made)
            found = True
    return found


def _constant(node: exp.Expr, day: dt.date) -> exp.Expr | None:
    if any(node.args.values()):
        return None  # a precision, or another database's zone
    if isinstance(node, exp.CurrentDate):
        return _cast(node, day.isoformat(), exp.DType.DATE)
    if not _cut_to_days(node):
        return None
    zoned = isinstance(node, exp.CurrentTimestamp)
    text = f"{day.isoformat()} 00:00:00{'+00' if zoned else ''}"
    return _cast(node, text, exp.DType.TIMESTAMPTZ if zoned else exp.DType.TIMESTAMP)


def _cast(node: exp.Expr, text: str, kind: exp.DType) -> exp.Expr:
    made = exp.Cast(this=exp.Literal.string(text), to=exp.DataType(this=kind, nested=False))
    for part in made.walk():
        part.meta.update(node.meta)  # errors point to where the analyst wrote it
    return made


def _cut_to_days(node: exp.Expr) -> bool:
    """Whether all that becomes of a moment looks at its day only."""
    inner, outer = node, node.parent
    while outer is not None:
        match outer:
            case exp.Paren():
                pass
            case exp.Add() | exp.Sub() if outer.this is inner and _whole_days(outer.expression):
                pass
            case exp.Add() if outer.expression is inner and _whole_days(outer.this):
                pass
            case exp.Cast(to=exp.DataType(this=exp.DType.DATE)):
                return True
            case exp.Cast(to=exp.DataType(this=kind, expressions=[])) if kind in _MOMENTS:
                pass
            case exp.TimestampTrunc():
                unit = outer.args["unit"].name.lower()
                return outer.this is inner and not outer.args.get("zone") and unit in _GRAINS
            case _:
                return False
        inner, outer = outer, outer.parent
    return False


def _whole_days(node: exp.Expr) -> bool:
    """Whether an expression is a constant interval of whole days."""
    node = node.unnest()
    if isinstance(node, exp.Neg):
        node = node.this
    if not isinstance(node, exp.Interval) or not isinstance(node.this, exp.Literal):
        return False
    unit = node.args.get("unit")
    name = unit.name.lower().removesuffix("s") if isinstance(unit, exp.Var) else ""
    return name in _STEPS and _WHOLE.match(node.this.name) is not None
