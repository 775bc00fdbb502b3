"""Which line of `budgets` is an analyst's."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from gateway.budget.allowances import allowance_for, everyone_for
from gateway.edges import Analyst
from gateway.errors import Code, Refusal
from gateway.policy.model import Budget, EngineSettings, Guarantee, Policy, Privacy, Renewal


def policy(*lines: tuple[str, int]) -> Policy:
    return Policy(
        dataset="hospital",
        description="",
        engine=EngineSettings(type="duckdb"),
        privacy=Privacy(
            unit="patient",
            guarantee=Guarantee.ZCDP,
            delta=Fraction(1, 10**7),
            per_query=Fraction(1, 4),
            max_per_query=Fraction(1),
        ),
        tables={},
        budgets=tuple(
            Budget(holder=holder, epsilon=Fraction(epsilon), renews=Renewal.MONTHLY)
            for holder, epsilon in lines
        ),
        file=Path("hospital.yaml"),
        digest="",
    )


LINES = policy(("user:lead", 20), ("role:senior", 10), ("role:analyst", 5), ("everyone", 50))


@pytest.mark.parametrize(
    ("name", "roles", "epsilon"),
    [
        ("lead", ("analyst",), 20),
        ("ann", ("analyst", "senior"), 10),
        ("ann", ("analyst",), 5),
    ],
)
def test_the_first_match_wins(name: str, roles: tuple[str, ...], epsilon: int) -> None:
    allowance = allowance_for(LINES, Analyst(name=name, roles=roles))
    assert allowance.holder == f"user:{name}"
    assert allowance.epsilon == epsilon
    assert allowance.delta == Fraction(1, 10**7)
    assert allowance.guarantee is Guarantee.ZCDP
    assert allowance.renews is Renewal.MONTHLY


def test_order_counts_and_not_closeness() -> None:
    lines = policy(("role:analyst", 5), ("user:ann", 20))
    assert allowance_for(lines, Analyst(name="ann", roles=("analyst",))).epsilon == 5


@pytest.mark.parametrize(("name", "roles"), [("ann", ()), ("analyst", ()), ("ann", ("lead",))])
def test_everyones_cap_is_nobodys_own(name: str, roles: tuple[str, ...]) -> None:
    with pytest.raises(Refusal) as refused:
        allowance_for(LINES, Analyst(name=name, roles=roles))
    assert refused.value.code is Code.FORBIDDEN
    assert f"user:{name}" in refused.value.hint


def test_a_user_called_everyone_does_not_hold_the_cap() -> None:
    lines = policy(("everyone", 50), ("user:everyone", 1))
    assert allowance_for(lines, Analyst(name="everyone", roles=())).holder == "user:everyone"
    cap = everyone_for(lines)
    assert cap is not None
    assert (cap.holder, cap.epsilon) == ("everyone", 50)
    assert everyone_for(policy(("user:ann", 1))) is None
