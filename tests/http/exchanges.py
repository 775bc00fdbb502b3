"""Answers and explanations made by hand, for tests of the doors alone."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from gateway.budget.cost import Cost
from gateway.exchange import Answer, Explanation, Remaining, Spent
from gateway.policy.model import Guarantee
from gateway.privacy.plan import (
    KeyColumn,
    Mechanism,
    Noise,
    Norm,
    Outer,
    OutputColumn,
    Plan,
    Release,
    ReleasedMeasure,
    Sensitivity,
    Statement,
    Threshold,
)
from gateway.sql.types import TEXT

SPENT = Spent(
    unit="patient",
    epsilon=0.25,
    delta=0.0,
    rho=0.001,
    reused=False,
    mechanism="discrete_gaussian",
    remaining=Remaining(epsilon=4.75, delta=1e-7, rho=0.4, renews_at=None),
    withheld_groups_possible=False,
)

COLUMNS = (
    OutputColumn(name="age", type="text", noisy=False),
    OutputColumn(name="n", type="bigint", noisy=True),
    OutputColumn(name="mean", type="double precision", noisy=True),
    OutputColumn(name="total", type="numeric", noisy=True),
    OutputColumn(name="day", type="date", noisy=False),
    OutputColumn(name="at", type="timestamp", noisy=False),
    OutputColumn(name="seen", type="timestamptz", noisy=False),
    OutputColumn(name="old", type="boolean", noisy=False),
)

ROWS = (
    (
        '[0-10), "young"',
        2**53 + 1,
        1.5,
        Decimal("12.340"),
        dt.date(2010, 12, 1),
        dt.datetime(2010, 12, 1, 8, 26),
        dt.datetime(2010, 12, 1, 8, 26, tzinfo=dt.UTC),
        True,
    ),
    (None, None, float("nan"), None, None, None, None, None),
    ("", -3, float("inf"), Decimal("-1E+3"), dt.date(1, 1, 1), None, None, False),
)

ANSWER = Answer(
    query_id="a1b2",
    dataset="hospital",
    columns=COLUMNS,
    rows=ROWS,
    confidence=0.95,
    half_width={"n": (12.0, None, 12.5), "mean": (0.5, None, None), "total": (1.0, None, 1.0)},
    privacy=SPENT,
    notes=("clamped to bounds",),
)

PLAN = Plan(
    dataset="hospital",
    epsilon=Fraction(1, 4),
    releases=(
        Release(
            name="release_1",
            fingerprint="0" * 64,
            statement=Statement(
                sql='SELECT "k0", COUNT(*) FROM "secret_table" GROUP BY 1',
                dialect="duckdb",
                columns=("k0", "m0"),
            ),
            keys=(KeyColumn(name="k0", type=TEXT),),
            groups=None,
            measures=(
                ReleasedMeasure(
                    column="m0",
                    label="COUNT(*)",
                    sensitivity=Sensitivity(norm=Norm.L2, value=Fraction(20)),
                    mechanism=Mechanism(noise=Noise.DISCRETE_GAUSSIAN, scale=80.5),
                    unit_of_scale=Fraction(1),
                ),
                ReleasedMeasure(
                    column="m1",
                    label="SUM(charges)",
                    sensitivity=Sensitivity(norm=Norm.L2, value=Fraction(1, 3)),
                    mechanism=Mechanism(noise=Noise.DISCRETE_GAUSSIAN, scale=2.0),
                    unit_of_scale=Fraction(1, 10),
                ),
            ),
            threshold=Threshold(column="m0", least=321, delta=5 * 10**10),
            cost=Cost(amount=10**9, delta=5 * 10**10),
        ),
    ),
    outer=Outer(
        sql='SELECT "k0", "m0" FROM "release_1"',
        redraw="",
        columns=COLUMNS[:2],
        public_tables=(),
    ),
    notes=("bounded by weights",),
)

EXPLANATION = Explanation(
    plan=PLAN,
    cost=Cost(amount=10**9, delta=5 * 10**10),
    guarantee=Guarantee.ZCDP,
    epsilon=0.25,
    affordable=True,
    reused=False,
    show_sql=True,
)
