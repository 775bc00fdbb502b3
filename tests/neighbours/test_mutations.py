"""The neighbour test can fail: each rule, broken on purpose, is caught by it.

For each rule there is a question and a database on which the gateway keeps its claims, and on which
it breaks them once the rule is taken out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gateway.privacy import partitions
from gateway.privacy.sensitivity import WEIGHT_ONE
from gateway.rewrite import emit, histograms, weights
from gateway.rewrite.weights import row_weight
from tests.neighbours.bench import Bench, row

HEAVY = [row("hospital", 1, n, age="[0-10)", gender="Male", time_in_hospital=14) for n in range(9)]
"""Nine stays of one patient, where two count."""
MANY_GROUPS = [row("hospital", 1, n, diag_1=f"d{n}") for n in range(50)]
"""One patient, alone with each of fifty diagnoses, where two count."""
BULK = [row("retail", 1, quantity=50, country="France") for _ in range(9)]
HUGE = [row("hospital", 1, 0, age="[0-10)", time_in_hospital=10**9)]

Rows = list[Any]


def no_row_weight(*_: object) -> str:
    return f"ANY_VALUE({WEIGHT_ONE})"


def no_owner_weight(*_: object) -> str:
    return str(WEIGHT_ONE)


def no_clamp(text: str, *_: object) -> str:
    return f"CAST({text} AS BIGINT)"


def weight_without_rounding_down(bounds: Any, rows: str, squares: str, dialect: Any) -> str:
    """A weight some units of the last place too high."""
    return f"({row_weight(bounds, rows, squares, dialect)} + 64)"


MUTATIONS: list[tuple[str, str, str, str, Rows, str, Callable[..., str]]] = [
    (
        "rows without weights",
        "SELECT COUNT(*) FROM encounters",
        "hospital",
        "zcdp",
        HEAVY,
        "row_weight",
        no_row_weight,
    ),
    (
        "grouped rows without weights",
        "SELECT age, gender, COUNT(*) FROM encounters GROUP BY age, gender",
        "hospital",
        "approximate",
        HEAVY,
        "row_weight",
        no_row_weight,
    ),
    (
        "weights that are rounded up",
        "SELECT COUNT(*) FROM encounters",
        "hospital",
        "zcdp",
        HEAVY,
        "row_weight",
        weight_without_rounding_down,
    ),
    (
        "values that are not clamped",
        "SELECT age, SUM(time_in_hospital) FROM encounters GROUP BY age",
        "hospital",
        "zcdp",
        HUGE,
        "clamped",
        no_clamp,
    ),
    (
        "totals without their weight",
        "SELECT SUM(quantity) FROM lines",
        "retail",
        "zcdp",
        BULK,
        "total_weight",
        no_owner_weight,
    ),
    (
        "owners of many groups without weights",
        "SELECT diag_1, COUNT(DISTINCT patient_nbr) FROM encounters GROUP BY diag_1",
        "hospital",
        "zcdp",
        MANY_GROUPS,
        "owner_weight",
        no_owner_weight,
    ),
]


@pytest.mark.parametrize(
    ("sql", "dataset", "policy", "rows", "rule", "mutant"),
    [pytest.param(*case[1:], id=case[0]) for case in MUTATIONS],
)
def test_a_rule_taken_out_is_caught(
    sql: str,
    dataset: str,
    policy: str,
    rows: Rows,
    rule: str,
    mutant: Callable[..., str],
    bench: Bench,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert not bench.faults(sql, dataset, rows, policy)
    for module in (emit, histograms, weights):
        if hasattr(module, rule):
            monkeypatch.setattr(module, rule, mutant)
    assert bench.faults(sql, dataset, rows, policy)


def test_groups_without_their_guard_are_caught(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value outside the declared domain would make a group of its own."""
    sql = "SELECT age, COUNT(*) FROM encounters GROUP BY age"
    rows = [row("hospital", 1, 0, age="103")]
    assert not bench.faults(sql, "hospital", rows)
    monkeypatch.setattr(partitions, "_guard", lambda column, values, relation: None)
    with pytest.raises(AssertionError, match="not enumerated"):
        bench.faults(sql, "hospital", rows)


def test_a_sensitivity_that_is_too_small_is_caught(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bound on groups forgotten in L2: r instead of r·√m."""
    from gateway.privacy import sensitivity

    sql = "SELECT age, COUNT(*) FROM encounters GROUP BY age"
    rows = [row("hospital", 1, n, age=f"[{10 * (n % 2)}-{10 * (n % 2) + 10})") for n in range(8)]
    assert not bench.faults(sql, "hospital", rows)
    right = sensitivity.root
    monkeypatch.setattr(sensitivity, "root", lambda square: right(square // 2))
    assert bench.faults(sql, "hospital", rows)
