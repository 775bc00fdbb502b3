"""What variances and pairs add up of values that are no numbers: nothing, as sums do."""

from __future__ import annotations

from fractions import Fraction

import duckdb
import pytest

from gateway.privacy.domains import Interval
from gateway.privacy.measures import total
from gateway.privacy.moments import centered, product
from gateway.privacy.relation import Facts
from gateway.rewrite.clamp import clamped
from gateway.rewrite.dialects.duckdb import DUCKDB
from gateway.rewrite.expressions import write
from gateway.sql.expressions import Column, Ref
from gateway.sql.types import DOUBLE

X, Y = Column(1, "x", DOUBLE), Column(2, "y", DOUBLE)
FACTS = {column: Facts(domain=Interval(Fraction(0), Fraction(10))) for column in (X, Y)}


@pytest.mark.parametrize("odd", ["'nan'::DOUBLE", "'inf'::DOUBLE", "'-inf'::DOUBLE", "NULL"])
@pytest.mark.parametrize("pair", [False, True])
def test_what_is_no_number_is_left_out(odd: str, pair: bool) -> None:
    first = centered(total(Ref(X), FACTS, 2**20))
    second = centered(total(Ref(Y), FACTS, 2**20)) if pair else first
    made = product(first, second, FACTS, 2**20, None)
    sql = clamped(write(made.value, {X: "x", Y: "y"}, "duckdb"), made, DUCKDB)
    rows = f"(VALUES ({odd}, 3.0::DOUBLE), (3.0, {odd}), (9.0, 9.0), (7e300, 1.0)) AS v(x, y)"
    found = [row[0] for row in duckdb.sql(f"SELECT {sql} FROM {rows}").fetchall()]
    assert found[0] is None
    assert (found[1] is None) is pair
    assert found[2] is not None
    # what is finite is clamped: 7e300 to 10
    assert found[3] is not None
    assert abs(int(found[3])) <= made.magnitude
