from decimal import Decimal
from fractions import Fraction

import pytest

from gateway.policy.fitting import interval, member
from gateway.privacy.domains import Interval
from gateway.sql.types import BIGINT, BOOLEAN, DOUBLE, INTERVAL, TEXT, Scalar, Type, decimal


@pytest.mark.parametrize(
    ("value", "column", "fitted"),
    [
        (None, TEXT, None),
        (True, BOOLEAN, True),
        (2**63 - 1, BIGINT, 2**63 - 1),
        (Decimal("0.1"), DOUBLE, 0.1),
        (1, DOUBLE, 1.0),
        (1, decimal(5, 2), Decimal("1.00")),
        (Decimal("-1.5"), decimal(5, 2), Decimal("-1.50")),
        (10**37 + 1, decimal(38, 0), Decimal(10**37 + 1)),
        (Decimal(f"{10**35 + 1}.25"), decimal(38, 2), Decimal(f"{10**35 + 1}.25")),
    ],
)
def test_a_value_becomes_what_the_engine_returns(
    value: Scalar, column: Type, fitted: Scalar
) -> None:
    result = member(value, column)
    assert (type(result), result) == (type(fitted), fitted)


@pytest.mark.parametrize(
    ("value", "column"),
    [
        (True, BIGINT),
        (1, BOOLEAN),
        (2**63, BIGINT),
        (Decimal(1), BIGINT),
        (1000, decimal(5, 2)),
        (Decimal("1e400"), DOUBLE),
        ("1", DOUBLE),
        (1, TEXT),
        ("x", INTERVAL),
    ],
)
def test_a_value_of_another_type_is_refused(value: Scalar, column: Type) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        member(value, column)


def test_bounds_are_exact() -> None:
    bounds = (Decimal("-0.1"), Decimal("0.3"))
    assert interval(bounds, DOUBLE) == Interval(Fraction(-1, 10), Fraction(3, 10))
    with pytest.raises(ValueError, match="numbers that"):
        interval((0, Decimal("1e400")), DOUBLE)
