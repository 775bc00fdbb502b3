"""The ε at the door: exact where it is good, refused where it is not."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.budget.requested import LEAST, requested_epsilon
from gateway.errors import Code, Refusal

MOST = Fraction(1_000_000)


@pytest.mark.parametrize(
    ("value", "epsilon"),
    [
        (None, Fraction(1, 4)),
        (1, Fraction(1)),
        (0.1, Fraction(1, 10)),
        (1e-9, LEAST),
        (1e6, MOST),
        ("0.25", Fraction(1, 4)),
        (" 1e-3 ", Fraction(1, 1000)),
        (".5", Fraction(1, 2)),
        ("+2.", Fraction(2)),
        (Decimal("0.1"), Fraction(1, 10)),
        (Fraction(1, 3), Fraction(1, 3)),
    ],
)
def test_good_ones_are_taken_exactly(value: object, epsilon: Fraction) -> None:
    assert requested_epsilon(value, Fraction(1, 4), MOST) == epsilon


@pytest.mark.parametrize(
    "value",
    [
        0, -1, 0.0, -0.0, -1e-300, 5e-324, 9.99e-10, 1_000_001, 1e300, 10**4000,
        float("nan"), float("inf"), float("-inf"),
        "", " ", "nan", "inf", "-1", "0", "1e999999999", "1e-999999999", "1_0", "0x1", "1/4", "١",
        "1" * 5000, "1;DROP", Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("-1"),
        Decimal("1e-50"), Decimal("1e50"), Fraction(-1, 3), Fraction(1, 10**30),
        True, False, [], {}, b"1", 1j, object(),
    ],
)  # fmt: skip
def test_bad_ones_are_refused(value: object) -> None:
    with pytest.raises(Refusal) as refused:
        requested_epsilon(value, Fraction(1, 4), MOST)
    assert refused.value.code is Code.INVALID_REQUEST
    assert refused.value.facts == {"least": 1e-9, "most": 1e6}


def test_the_policys_most_is_the_most() -> None:
    assert requested_epsilon(0.3, Fraction(1, 4), Fraction("0.3")) == Fraction("0.3")
    with pytest.raises(Refusal) as refused:
        requested_epsilon("0.30000000000000001", Fraction(1, 4), Fraction("0.3"))
    assert "0.3" in refused.value.hint


@given(st.floats(min_value=1e-9, max_value=1e6))
def test_a_float_is_the_number_that_it_is_written_as(value: float) -> None:
    epsilon = requested_epsilon(value, Fraction(1, 4), MOST)
    assert epsilon == Fraction(repr(value))
    assert float(epsilon) == value


@given(st.one_of(st.floats(), st.integers(), st.text(), st.decimals(), st.booleans()))
def test_nothing_else_comes_through(value: object) -> None:
    try:
        epsilon = requested_epsilon(value, Fraction(1, 4), MOST)
    except Refusal as refusal:
        assert refusal.code is Code.INVALID_REQUEST  # noqa: PT017 - either way is right
    else:
        assert LEAST <= epsilon <= MOST
