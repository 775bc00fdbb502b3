"""The neighbour test can fail: each rule, broken on purpose, is caught by it.

For each rule there is a question and a database on which the gateway keeps its claims, and on which
it breaks them once the rule is taken out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlglot import exp

from gateway.privacy import below, full_joins, partitions, releases, sources
from gateway.privacy.relation import Both, Relation
from gateway.privacy.sensitivity import WEIGHT_ONE
from gateway.privacy.trace import TRUE
from gateway.rewrite import emit, histograms, totals, weights
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


def test_totals_that_leave_an_owner_out_are_caught(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who needs a weight is looked for among owners with more rows than the bound, not than twice
    the bound."""
    sql = "SELECT COUNT(*) FROM encounters"
    assert not bench.faults(sql, "hospital", HEAVY)
    right = emit.totals
    monkeypatch.setattr(
        emit, "totals", lambda relation, limit, dialect: right(relation, 16 * limit, dialect)
    )
    assert bench.faults(sql, "hospital", HEAVY)


def test_totals_of_rows_that_a_join_multiplies_are_caught(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A public table that is not found by its key may bring each row several partners."""
    sql = "SELECT COUNT(*) FROM encounters e JOIN admission_types a ON a.admission_type_id > 0"
    rows = [row("hospital", 1, 0)]
    assert not bench.faults(sql, "hospital", rows)
    monkeypatch.setattr(
        totals, "_one_public", lambda tree, condition: totals._public(tree)[0][0].table.public
    )
    assert bench.faults(sql, "hospital", rows)


BOUGHT_AND_RETURNED = """
SELECT COUNT(*) AS n
FROM (SELECT customer_id, stock_code FROM lines WHERE quantity > 20) a
FULL JOIN (SELECT customer_id, stock_code FROM lines WHERE quantity < 0) b
  ON a.customer_id = b.customer_id AND a.stock_code = b.stock_code
"""


def test_a_full_join_whose_pairs_are_anybodys_is_caught(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether a row of the right side is alone must be decided by rows of its own owner."""
    rows = [row("retail", 1, quantity=30, stock_code="a")] + [
        row("retail", other, quantity=-1, stock_code="b") for other in range(2, 300)
    ]
    assert not bench.faults(BOUGHT_AND_RETURNED, "retail", rows)
    right = full_joins.within

    def anybodys(*sides: Any) -> Any:
        found = right(*sides)
        assert found is not None
        return replace(found, condition=TRUE)

    monkeypatch.setattr(full_joins, "within", anybodys)
    assert bench.faults(BOUGHT_AND_RETURNED, "retail", rows)


def test_a_full_join_whose_rows_lose_their_owner_is_caught(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The owner of a row is that of whichever side there is."""
    rows = [row("retail", 1, quantity=-1, stock_code=f"s{n}") for n in range(2_000)]
    rows += [row("retail", 2, quantity=30, stock_code="a")]
    assert not bench.faults(BOUGHT_AND_RETURNED, "retail", rows)
    right = full_joins.full

    def owned_by_the_stock_code(left: Any, *others: Any) -> Any:
        """Each row's owner is its stock code, as if a column stood in for the owner."""
        found = right(left, *others)
        assert found is not None
        assert isinstance(found.tree, Both)
        (owner, _, _), *columns = found.tree.columns
        of_left, of_right = (three for three in columns if three[0].name == "stock_code")
        text = replace(owner, type=of_left[0].type)
        tree = replace(found.tree, columns=((text, of_left[1], of_right[2]), *columns))
        facts = {text if column == owner else column: f for column, f in found.facts.items()}
        return replace(found, tree=tree, owner=text, facts=facts, by_owner=frozenset([text]))

    monkeypatch.setattr(sources, "full", owned_by_the_stock_code)
    assert bench.faults(BOUGHT_AND_RETURNED, "retail", rows)


FIRST = """
SELECT c.stock, COUNT(*) AS n
FROM lines a
FULL JOIN (SELECT customer_id, MIN(stock_code) AS stock FROM lines GROUP BY customer_id) c
  ON a.customer_id = c.customer_id AND a.quantity > 5
GROUP BY c.stock
"""


def test_a_full_join_that_keeps_facts_of_its_sides_owners_is_caught(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the owner decides of one side is NULL where that side has no row."""
    rows = [row("retail", 1, quantity=quantity, stock_code="a") for quantity in (9, 9, 1)]
    assert not bench.faults(FIRST, "retail", rows, "approximate")
    right = full_joins.full

    def keeping(left: Relation, other: Relation, *more: Any) -> Relation | None:
        found = right(left, other, *more)
        assert found is not None
        return replace(found, by_owner=found.by_owner | left.by_owner | other.by_owner)

    monkeypatch.setattr(sources, "full", keeping)
    assert bench.faults(FIRST, "retail", rows, "approximate")


PER_PATIENT = "(SELECT patient_nbr, MIN(age) AS age FROM encounters GROUP BY patient_nbr) p"
LABELLED = f"""
SELECT COUNT(*) AS n FROM {PER_PATIENT}
JOIN (VALUES ('[0-10)'), ('[0-10)'), ('[0-10)')) AS v(age) ON p.age = v.age
"""


def test_constants_that_count_as_distinct_are_caught(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that meets three constants is three rows: what was one row per owner no longer is."""
    rows = [row("hospital", 1, 1, age="[0-10)")]
    assert not bench.faults(LABELLED, "hospital", rows)
    right = below.constants

    def distinct(*given: Any) -> Relation | None:
        found = right(*given)
        assert found is not None
        return replace(found, keys=(frozenset(column for _, column in found.visible),))

    monkeypatch.setattr(below, "constants", distinct)
    assert bench.faults(LABELLED, "hospital", rows)


RESULTS = f"""
SELECT COUNT(*) AS n FROM {PER_PATIENT}
JOIN (SELECT gender, age, COUNT(*) AS n FROM encounters GROUP BY gender, age) t ON p.age = t.age
"""


def test_results_that_count_as_distinct_in_one_of_their_keys_are_caught(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows of a result are told apart by all its keys together."""
    # the values that stand for earlier answers have this age with several genders and counts
    rows = [row("hospital", 1, 1, age="[70-80)")]
    assert not bench.last_faults(RESULTS, "hospital", rows)
    right = releases.unique_columns

    def by_one(query: exp.Expr, keys_of: Mapping[str, Sequence[str]]) -> tuple[int, ...]:
        assert sorted(right(query, keys_of)) == [0, 1]
        return (1,)  # the age

    monkeypatch.setattr(releases, "unique_columns", by_one)
    assert bench.last_faults(RESULTS, "hospital", rows)
