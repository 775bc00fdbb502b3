"""Coarser questions are answered from finer answers that the analyst has seen: free, and the same
numbers, summed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import pytest

from gateway.exchange import Answer
from tests.rollups.conftest import Asking

Opening = Callable[..., Asking]
FINE = """SELECT age, gender, COUNT(*) AS n, COUNT(DISTINCT patient_nbr) AS patients
FROM encounters GROUP BY age, gender"""
BY_AGE = "SELECT age, COUNT(*) AS n FROM encounters GROUP BY age"
MONTHS = "SELECT date_trunc('month', invoice_at) AS m, COUNT(*) AS n FROM lines GROUP BY 1"


def free(answer: Answer) -> bool:
    return answer.privacy.reused and any("finer groups" in note for note in answer.notes)


def paid(answer: Answer) -> bool:
    return answer.privacy.epsilon > 0 and not any("finer groups" in n for n in answer.notes)


def sums(answer: Answer, key: int, value: int) -> dict[object, int]:
    found: dict[object, int] = defaultdict(int)
    for row in answer.rows:
        found[row[key]] += int(str(row[value]))
    return found


def test_a_key_is_dropped(asking: Opening) -> None:
    line = asking()
    fine = line.ask(FINE, "1")
    coarse = line.ask(BY_AGE)
    assert paid(fine)
    assert free(coarse)
    for age, n in coarse.rows:
        # three stored numbers that were each rounded when they were shown
        assert abs(int(str(n)) - sums(fine, 0, 2)[age]) <= 2
    # the standard deviation of three independent draws
    widths = {fine.half_width["n"][0], *coarse.half_width["n"]}
    (one, three) = sorted(float(str(w)) for w in widths)
    assert three / one == pytest.approx(3**0.5, rel=0.02)


def test_groups_are_picked_and_keep_their_noise(asking: Opening) -> None:
    line = asking()
    fine = line.ask(FINE, "1")
    women = line.ask(
        "SELECT age, COUNT(*) AS n FROM encounters "
        "WHERE gender = 'Female' AND age >= '[50-60)' GROUP BY age"
    )
    assert free(women)
    assert [(r[0], r[2]) for r in fine.rows if r[1] == "Female" and str(r[0]) >= "[5"] == [
        (row[0], row[1]) for row in women.rows
    ]
    assert set(women.half_width["n"]) == {fine.half_width["n"][0]}


def test_distinct_counts_are_picked_but_never_summed(asking: Opening) -> None:
    line = asking()
    line.ask(FINE, "1")
    patients = "SELECT age, COUNT(DISTINCT patient_nbr) AS n FROM encounters {} GROUP BY age"
    assert free(line.ask(patients.format("WHERE gender = 'Male'")))
    assert paid(line.ask(patients.format("")))


def test_months_make_quarters_and_years_but_no_weeks(asking: Opening) -> None:
    line = asking()
    months = line.ask(MONTHS, "1", dataset="retail")
    years = line.ask(MONTHS.replace("month", "year"), "0.1", dataset="retail")
    assert free(years)
    total = sum(int(str(row[1])) for row in months.rows)
    assert abs(sum(int(str(row[1])) for row in years.rows) - total) <= 14
    assert free(line.ask(MONTHS.replace("month", "quarter"), "0.2", dataset="retail"))
    assert paid(line.ask(MONTHS.replace("month", "week"), "0.2", dataset="retail"))


def test_days_are_not_made_of_months(asking: Opening) -> None:
    line = asking()
    line.ask(MONTHS, "1", dataset="retail")
    assert paid(line.ask(MONTHS.replace("month", "day"), "0.2", dataset="retail"))


def test_months_are_not_made_of_weeks(asking: Opening) -> None:
    line = asking()
    line.ask(MONTHS.replace("month", "week"), "1", dataset="retail")
    assert paid(line.ask(MONTHS, "0.2", dataset="retail"))


def test_averages_and_expressions_over_keys_follow(asking: Opening) -> None:
    line = asking()
    fine = "SELECT age, gender, AVG(time_in_hospital) AS d FROM encounters GROUP BY age, gender"
    line.ask(fine, "1")
    assert free(line.ask(fine.replace(", gender", "")))
    old = "SELECT age >= '[50-60)' AS old, AVG(time_in_hospital) AS d FROM encounters GROUP BY 1"
    assert free(line.ask(old))


def test_a_better_answer_is_paid_for(asking: Opening) -> None:
    line = asking()
    line.ask(FINE, "0.5")
    assert paid(line.ask(BY_AGE, "0.9"))


def test_other_conditions_are_other_rows(asking: Opening) -> None:
    line = asking()
    line.ask(FINE.replace("GROUP", "WHERE insulin = 'No' GROUP"), "1")
    assert paid(line.ask(BY_AGE))
    assert paid(line.ask(BY_AGE.replace("GROUP", "WHERE insulin = 'Up' GROUP")))
    assert free(line.ask(BY_AGE.replace("GROUP", "WHERE insulin = 'No' GROUP"), "0.1"))


def test_what_looks_like_a_key_in_a_constant_stays_a_constant(asking: Opening) -> None:
    line = asking()
    fine = line.ask("SELECT age, gender, COUNT(*) AS n FROM encounters GROUP BY age, gender", "1")
    condition = """gender <> 'it''s t1."gender"' AND gender = 'Male'"""
    condition += """ AND length(gender || 't1."age"') = 12"""
    men = line.ask(BY_AGE.replace("GROUP", f"WHERE {condition} GROUP"))
    assert free(men)
    assert [row[1] for row in men.rows] == [row[2] for row in fine.rows if row[1] == "Male"]


def test_who_has_not_seen_the_finer_answer_pays(asking: Opening) -> None:
    line = asking()
    line.ask(FINE, "1", who="ana")
    assert paid(line.ask(BY_AGE, who="bob"))
    assert free(line.ask(BY_AGE, who="ana"))


def test_changed_data_end_it(asking: Opening) -> None:
    line = asking()
    line.ask(FINE, "1")
    line.started.edges.answers.data_changed("hospital", "admin")  # type: ignore[attr-defined]
    assert paid(line.ask(BY_AGE))


@pytest.mark.parametrize("guarantee", ["pure", "approximate"])
def test_laplace_noise_is_picked_but_not_summed(asking: Opening, guarantee: str) -> None:
    line = asking(guarantee)
    line.ask(FINE, "1")
    assert paid(line.ask(BY_AGE, "0.1"))
    assert free(line.ask(BY_AGE.replace("GROUP", "WHERE gender = 'Male' GROUP"), "0.1"))


def test_private_groups_are_never_built_on(asking: Opening) -> None:
    line = asking()
    line.ask("SELECT diag_1, gender, COUNT(*) AS n FROM encounters GROUP BY 1, 2", "1")
    assert paid(line.ask("SELECT gender, COUNT(*) AS n FROM encounters GROUP BY 1", "0.1"))


def test_the_plan_says_where_the_numbers_come_from(asking: Opening) -> None:
    line = asking()
    line.ask(FINE, "1")
    found = line.explain(BY_AGE)
    assert found.reused
    assert found.cost.amount == 0
    (shown,) = found.plan.laid_out
    assert len(shown.keys) == 2
    assert any("finer groups" in note for note in found.plan.notes)


def test_a_roll_up_can_be_asked_again(asking: Opening) -> None:
    line = asking()
    line.ask(FINE, "1")
    first, second = line.ask(BY_AGE), line.ask(BY_AGE)
    assert first.rows == second.rows
    assert free(second)
