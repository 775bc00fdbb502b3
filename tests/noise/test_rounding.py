"""Rounding goes up, by one float at most."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.noise.rounding import float_up, least_float


@given(st.fractions(Fraction(1, 10**30), 10**30))
def test_float_up_is_the_next_float(value: Fraction) -> None:
    up = float_up(value)
    assert Fraction(math.nextafter(up, 0)) < value <= Fraction(up)


@pytest.mark.parametrize("off", [-50, -1, 0, 1, 50])
def test_least_float_is_found_from_either_side(off: int) -> None:
    answer = float_up(Fraction(1, 3))
    guess = answer + off * math.ulp(answer)
    assert least_float(lambda x: 3 * Fraction(x) >= 1, guess) == answer


def test_a_wild_guess_stops() -> None:
    for guess in (0.3, 0.4):
        with pytest.raises(ArithmeticError, match="too far"):
            least_float(lambda x: 3 * Fraction(x) >= 1, guess)
