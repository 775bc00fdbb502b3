"""Bars for a terminal: answers with their error bars, and the budget that is left. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.cli.tables import plain

WIDTH = 96
"""Columns that a drawing may take, with its indent of two within a terminal of 100."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strokes:
    """The characters of a drawing; `sure` up to the interval, `unsure` inside it."""

    sure: str
    unsure: str
    rest: str
    plus_minus: str


UNICODE = Strokes(sure="█", unsure="▒", rest="·", plus_minus="±")
ASCII = Strokes(sure="#", unsure="+", rest=".", plus_minus="+-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One noisy number with its label; `half_width` None where nothing is known of its error."""

    label: str
    value: float
    half_width: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A drawn bar in parts, so that each can have its colour."""

    label: str
    number: str
    error: str
    sure: str
    unsure: str


def chart(bars: Sequence[Bar], strokes: Strokes, width: int = WIDTH) -> list[Line]:
    """Bars from zero on one scale; negative values, which noise can make, have no length.

    Every line fits `width` columns as long as no number is longer than 30 characters.
    """
    if not bars:
        return []
    labels = [clipped(bar.label, 34) for bar in bars]
    numbers = [plain(bar.value) for bar in bars]
    errors = [
        "" if bar.half_width is None else f"{strokes.plus_minus} {plain(bar.half_width)}"
        for bar in bars
    ]
    wide = max(map(len, labels)), max(map(len, numbers)), max(map(len, errors))
    room = max(8, width - sum(wide) - 5)
    most = max((bar.value + (bar.half_width or 0) for bar in bars), default=0.0)
    lines = []
    for bar, label, number, error in zip(bars, labels, numbers, errors, strict=True):
        low = _cells(bar.value - (bar.half_width or 0), most, room)
        high = max(low, _cells(bar.value + (bar.half_width or 0), most, room))
        lines.append(
            Line(
                label=label.ljust(wide[0]),
                number=number.rjust(wide[1]),
                error=error.ljust(wide[2]),
                sure=strokes.sure * low,
                unsure=strokes.unsure * (high - low),
            )
        )
    return lines


def gauge(left: float, whole: float, strokes: Strokes, width: int = 40) -> tuple[str, str]:
    """What is left of a budget: the full part and the spent part of one bar of `width`."""
    share = left / whole if whole > 0 else 0.0
    # Rounded down, so that the bar is full only while nothing is spent.
    full = min(width, max(0, math.floor(share * width)))
    return strokes.sure * full, strokes.rest * (width - full)


def clipped(text: str, most: int) -> str:
    """Text of at most `most` characters, the cut marked."""
    return text if len(text) <= most else text[: most - 3] + "..."


def _cells(value: float, most: float, room: int) -> int:
    return round(min(1.0, max(0.0, value / most)) * room) if most > 0 else 0
