"""An estimate is paid once by each who uses it; no answer costs more than was asked.

Where a test needs a bound of reasonable size it fails by luck once in 100,000 histograms, when
noise alone makes a bucket of large sizes look inhabited (`noise.clipping`).
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from gateway.budget.cost import NOTHING, amount_for
from gateway.errors import Code, Refusal
from tests.corpus.policies import Document
from tests.estimates.conftest import Asking, Opening

ALL = "SELECT COUNT(*) FROM encounters"
MEN = "SELECT COUNT(*) FROM encounters WHERE gender = 'Male'"
WOMEN = "SELECT COUNT(*) FROM encounters WHERE gender = 'Female'"


def amount(asking: Asking, epsilon: Fraction | None = None) -> int:
    privacy = asking.started.catalog.datasets["hospital"].policy.privacy
    return amount_for(epsilon or privacy.per_query, privacy.guarantee, privacy.delta)


def test_explain_names_the_estimate_before_it_is_made(opened: Opening) -> None:
    asking = opened()
    found = asking.explain(asking.request(MEN))
    (estimate,), (release,) = found.plan.estimates, found.plan.releases
    histogram = estimate.release
    assert [key.name for key in histogram.keys] == ["bucket"]
    assert histogram.public_keys
    (measure,) = histogram.measures
    assert measure.sensitivity.value == 1
    assert "gender" not in histogram.statement.sql, "it serves every filter"
    assert release.bounds_from == (histogram.name,)
    assert release.measures[0].sensitivity.value * release.measures[0].unit_of_scale == 1
    assert found.cost == found.plan.cost
    assert found.cost.amount <= amount(asking)
    assert histogram.cost.amount <= amount(asking) // 10
    assert asking.spent("ana") == NOTHING


def test_two_filters_pay_for_the_estimate_once(opened: Opening) -> None:
    asking = opened()
    asking.ask(MEN)
    first = asking.spent("ana")
    assert first.amount <= amount(asking)
    planned = asking.explain(asking.request(WOMEN))
    assert not planned.plan.pending
    (release,) = planned.plan.releases
    assert release.measures[0].sensitivity.value * release.measures[0].unit_of_scale > 1
    assert planned.cost == release.cost
    assert {planned.plan.estimates[0].release.fingerprint} == planned.seen
    asking.ask(WOMEN)
    assert asking.spent("ana") == first + release.cost
    assert asking.spent_together() == asking.spent("ana")


def test_asked_again_it_is_free_and_the_same(opened: Opening) -> None:
    asking = opened()
    once = asking.ask(MEN)
    spent = asking.spent("ana")
    again = asking.ask(MEN + " LIMIT 10")
    assert again.rows == once.rows
    assert again.privacy.reused
    assert asking.spent("ana") == spent
    assert asking.explain(asking.request(MEN)).reused


def test_each_analyst_pays_an_own_share_and_everyone_pays_once(opened: Opening) -> None:
    asking = opened()
    asking.ask(MEN)
    paid = asking.spent("ana")
    assert asking.explain(asking.request(MEN, "bob")).plan.pending, "bob is told no bound"
    assert asking.ask(MEN, "bob").rows == asking.ask(MEN, "ana").rows
    assert asking.spent("bob") == paid
    assert asking.spent_together() == paid


def test_a_dearer_question_makes_a_better_estimate_which_then_serves_the_cheaper(
    opened: Opening,
) -> None:
    asking = opened()
    asking.answer(asking.request(MEN, epsilon=Fraction(1)))
    planned = asking.explain(asking.request(WOMEN, epsilon=Fraction(1, 4)))
    assert not planned.plan.pending
    assert planned.cost == planned.plan.releases[0].cost
    asking.ask(ALL, "bob")
    better = asking.explain(asking.request(ALL, "bob", epsilon=Fraction(1)))
    assert better.plan.pending


def test_what_a_small_account_cannot_hold_is_refused_before_the_estimate(opened: Opening) -> None:
    def little(document: Document) -> None:
        document["budgets"] = [{"for": "role:analyst", "epsilon": 0.2}]

    asking = opened(little)
    with pytest.raises(Refusal) as caught:
        asking.ask(MEN)
    assert caught.value.code is Code.BUDGET_EXHAUSTED
    assert asking.spent("ana") == NOTHING
    assert not asking.explain(asking.request(MEN)).affordable


def test_an_estimate_that_was_paid_before_a_crash_is_not_asked_for_again(
    opened: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exactly(document: Document) -> None:
        document["budgets"] = [{"for": "role:analyst", "epsilon": document["privacy"]["per_query"]}]

    def crashed(*_: object) -> None:
        raise ZeroDivisionError

    asking = opened(exactly)
    question = replace(asking.request(MEN), key="k")
    whole = asking.explain(question).cost
    with monkeypatch.context() as broken:
        broken.setattr(type(asking.started.edges.engines["hospital"]), "run", crashed)
        with pytest.raises(ZeroDivisionError):
            asking.answer(question)
    assert 0 < asking.spent("ana").amount < whole.amount
    with pytest.raises(Refusal, match="Your budget"):
        asking.ask(MEN)  # a question of its own, which would pay for the estimate again
    asking.answer(replace(asking.request(MEN), key="k"))
    assert asking.spent("ana") == whole


def test_when_the_data_changed_the_estimate_is_made_and_paid_anew(opened: Opening) -> None:
    asking = opened()
    asking.ask(MEN)
    once = asking.spent("ana")
    asking.started.books.answers.data_changed("hospital", "root")
    assert asking.explain(asking.request(MEN)).plan.pending
    asking.ask(MEN)
    assert asking.spent("ana") == once + once


def test_explain_in_sql_and_types_alone_are_free(opened: Opening) -> None:
    asking = opened()
    rows = asking.ask("EXPLAIN " + MEN).rows
    assert [row[0] for row in rows] == ["bounds_1", "noisy_1"]
    assert asking.ask(MEN + " LIMIT 0").rows == ()
    assert asking.spent("ana") == NOTHING


def test_an_error_bound_waits_for_the_estimate(opened: Opening) -> None:
    asking = opened()
    wanted = asking.request(MEN, max_error=Fraction(20_000))
    with pytest.raises(Refusal) as caught:
        asking.answer(wanted)
    assert caught.value.code is Code.INVALID_REQUEST
    assert "epsilon" in caught.value.hint
    asking.ask(WOMEN)
    before = asking.spent("ana")
    found = asking.answer(wanted)
    assert found.half_width["count"][0] is not None
    assert found.half_width["count"][0] <= 20_000
    assert asking.spent("ana") != before


FREE = {
    "one row each": "SELECT AVG(n) FROM (SELECT patient_nbr, MAX(time_in_hospital) AS n "
    "FROM encounters GROUP BY patient_nbr) t",
    "owners in all": "SELECT COUNT(DISTINCT patient_nbr) FROM encounters",
    "owners in few groups": "SELECT age, COUNT(DISTINCT patient_nbr) FROM encounters GROUP BY age",
    "owners' own group": "SELECT n, COUNT(*) FROM (SELECT patient_nbr, MIN(age) AS n "
    "FROM encounters GROUP BY patient_nbr) t GROUP BY n",
    "named in the question": "SELECT WITH DIFFERENTIAL_PRIVACY OPTIONS "
    "(max_rows_contributed = 4, max_groups_contributed = 2) COUNT(*) FROM encounters",
    "named, per owner": "SELECT WITH DIFFERENTIAL_PRIVACY OPTIONS "
    "(max_rows_contributed = 4) AVG(n) FROM (SELECT patient_nbr, COUNT(*) AS n "
    "FROM encounters GROUP BY patient_nbr) t",
}
ONE = {
    "rows": ALL,
    "rows by public groups": "SELECT age, COUNT(*), AVG(time_in_hospital) FROM encounters "
    "GROUP BY age",
    "owners by private groups": "SELECT diag_1, COUNT(DISTINCT patient_nbr) FROM encounters "
    "GROUP BY diag_1",
    "a median": "SELECT MEDIAN(time_in_hospital) FROM encounters",
    "distinct values": "SELECT COUNT(DISTINCT diag_1) FROM encounters",
    "rows of each owner": "SELECT AVG(n) FROM (SELECT patient_nbr, COUNT(*) AS n "
    "FROM encounters WHERE age <> '[0-10)' GROUP BY patient_nbr HAVING COUNT(*) > 1) t",
    "sums of each owner": "SELECT AVG(n) FROM (SELECT patient_nbr, SUM(time_in_hospital) AS n "
    "FROM encounters GROUP BY patient_nbr) t",
    "what no number needs is not estimated": "SELECT COUNT(*), AVG(a) FROM (SELECT patient_nbr, "
    "COUNT(*) AS n, AVG(time_in_hospital) AS a, age FROM encounters GROUP BY patient_nbr, age) t",
}
TWO = {
    "rows by private groups": "SELECT diag_1, COUNT(*) FROM encounters GROUP BY diag_1",
    "a result joined to rows": "SELECT SUM(e.time_in_hospital) FROM encounters e JOIN (SELECT "
    "age FROM encounters GROUP BY age ORDER BY COUNT(*) DESC LIMIT 3) top ON e.age = top.age",
    "two tables of groups": "SELECT (SELECT COUNT(*) FROM encounters) AS a, "
    "(SELECT MAX(n) FROM (SELECT age, COUNT(*) AS n FROM encounters GROUP BY age) t) AS b",
}


@pytest.mark.parametrize(
    ("sql", "count"),
    [
        pytest.param(sql, count, id=name)
        for count, cases in enumerate((FREE, ONE, TWO))
        for name, sql in cases.items()
    ],
)
def test_only_what_is_needed_and_unknown_is_estimated(
    sql: str, count: int, shared: Asking, request: pytest.FixtureRequest
) -> None:
    who = request.node.name
    found = shared.explain(shared.request(sql, who))
    assert len(found.plan.pending) == count
    assert found.plan.cost.amount <= amount(shared)
    assert shared.ask(sql, who).rows
    assert shared.spent(who).amount == found.cost.amount


def test_pure_estimates_with_laplace_noise(opened: Opening) -> None:
    def pure(document: Document) -> None:
        document["privacy"]["guarantee"] = "pure"
        del document["privacy"]["delta"]

    asking = opened(pure)
    found = asking.explain(asking.request(MEN))
    (estimate,) = found.plan.estimates
    measure = estimate.release.measures[0]
    assert (measure.sensitivity.norm.value, measure.mechanism.noise.value) == (
        "L1",
        "discrete_laplace",
    )
    (count,) = asking.ask(MEN).rows[0]
    assert isinstance(count, int)
    assert 20_000 < count < 70_000, "46,964 men's stays, of which a bound takes some"
    assert asking.spent("ana").delta == 0


def _estimated_totals(document: Document) -> None:
    if document["dataset"] == "retail":
        document["tables"]["lines"]["columns"]["quantity"]["max_total"] = "auto"


SUMS = {
    "all": "SELECT SUM(quantity) FROM lines",
    "filtered": "SELECT SUM(quantity) FROM lines WHERE quantity > 3 AND country = 'France'",
    "part": "SELECT SUM(quantity) FILTER (WHERE country = 'France') FROM lines",
    "case in a subquery": "SELECT SUM(q) FROM (SELECT CASE WHEN country = 'France' "
    "THEN quantity ELSE 0 END AS q FROM lines) AS t",
}


def test_one_estimate_of_owners_sums_serves_every_filter(opened: Opening) -> None:
    asking = opened(_estimated_totals)
    asking.ask(SUMS["all"], dataset="retail")
    scales = set()
    for sql in SUMS.values():
        planned = asking.explain(asking.request(sql, dataset="retail"))
        assert not planned.plan.pending
        scales.add(planned.plan.releases[0].measures[0].mechanism.scale)
        assert len(planned.plan.estimates) == 2, "of rows, and of sums"
    assert len(scales) == 1
    assert asking.ask(SUMS["filtered"], dataset="retail").rows


def test_an_average_needs_no_estimate_of_sums(opened: Opening) -> None:
    asking = opened(_estimated_totals)
    sql = "SELECT AVG(quantity), SUM(quantity) FROM lines"
    assert len(asking.explain(asking.request(sql, dataset="retail")).plan.pending) == 1


def test_owners_sums_bound_the_noise_where_they_are_tighter(opened: Opening) -> None:
    """A customer's quantities: 500 at most in a line, a few thousand in all."""
    asking = opened(_estimated_totals)
    summed = asking.request(SUMS["all"], dataset="retail")
    asking.answer(summed)
    (release,) = asking.explain(summed).plan.releases
    counted = asking.request("SELECT COUNT(quantity) FROM lines", dataset="retail")
    asking.answer(counted)
    (count,) = asking.explain(counted).plan.releases
    (s, c) = (
        r.measures[0].sensitivity.value * r.measures[0].unit_of_scale for r in (release, count)
    )
    assert s < c * 500 / 3
