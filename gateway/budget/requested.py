"""The ε that a request asks for, checked at the door. Pure."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from gateway.errors import Code, Refusal

LEAST = Fraction(1, 10**9)
"""The smallest ε that a query may ask for."""

_NUMBER = re.compile(
    r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?"
)


def requested_epsilon(value: object, per_query: Fraction, max_per_query: Fraction) -> Fraction:
    """The ε asked for, exactly; `per_query` where `value` is None.

    Takes int, float, Decimal, Fraction and decimal text such as `0.25` or `1e-3`. A float counts
    as the decimal number that it is written as: 0.1 is 1/10. Raises `Refusal(INVALID_REQUEST)`,
    with `least` and `most` among the facts, for anything else: NaN, infinite, zero, negative,
    below `LEAST` or above `max_per_query`.
    """
    if value is None:
        return per_query
    number = _number(value)
    if number is None:
        raise _refusal("The epsilon asked for is not a number.", max_per_query)
    if number <= 0:
        raise _refusal("The epsilon asked for must be above 0.", max_per_query)
    if number < LEAST:
        raise _refusal("The epsilon asked for is too small to be counted.", max_per_query)
    if number > max_per_query:
        raise _refusal("The epsilon asked for is more than one query may use.", max_per_query)
    return number


def _number(value: object) -> Fraction | None:
    """The number, exactly; None for what is none, or is written with absurdly many digits."""
    if isinstance(value, bool):  # True is an int in Python, and no epsilon
        return None
    if isinstance(value, int | Fraction):
        return Fraction(value)
    if isinstance(value, float | Decimal):
        text = repr(value) if isinstance(value, float) else str(value)
    elif isinstance(value, str):
        text = value.strip()
    else:
        return None
    # The pattern bounds digits and exponent, so that exact arithmetic stays cheap.
    return Fraction(text) if _NUMBER.fullmatch(text) else None


def _refusal(sentence: str, most: Fraction) -> Refusal:
    return Refusal(
        Code.INVALID_REQUEST,
        sentence,
        f"Ask for an epsilon between {float(LEAST):g} and {float(most):g}, or leave it out.",
        least=float(LEAST),
        most=float(most),
    )
