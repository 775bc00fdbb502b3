"""Exact fractions to floats, always in the direction that was asked for. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

_FARTHEST = 64


def float_up(value: Fraction) -> float:
    """The least float that is not below `value`; OverflowError beyond the range of floats."""
    nearest = value.numerator / value.denominator
    return nearest if Fraction(nearest) >= value else math.nextafter(nearest, math.inf)


def least_float(holds: Callable[[float], bool], guess: float) -> float:
    """The least float for which `holds` is true, found from a guess a few floats away.

    `holds` must be false below some float and true from it on, and `guess` finite. Raises
    ArithmeticError where the guess is more than `_FARTHEST` floats off.
    """
    here = guess
    for _ in range(_FARTHEST):
        if not holds(here):
            here = math.nextafter(here, math.inf)
        elif holds(below := math.nextafter(here, -math.inf)):
            here = below
        else:
            return here
    raise ArithmeticError("the guess is too far from the answer")
