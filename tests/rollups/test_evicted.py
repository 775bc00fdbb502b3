"""An answer whose release was removed to make room costs again, and both ways of asking say why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gateway.budget.answers import Answers
from gateway.reusing import EVICTED_FINER_NOTE, EVICTED_NOTE, NOTE
from tests.rollups.conftest import Asking

BY_AGE = "SELECT age, COUNT(*) AS n FROM encounters GROUP BY age"
BY_GENDER = "SELECT gender, COUNT(*) AS n FROM encounters GROUP BY gender"

FINE = "SELECT age, gender, COUNT(*) AS n FROM encounters GROUP BY age, gender"
FEMALE = BY_AGE.replace("GROUP", "WHERE gender = 'Female' GROUP")


def cramped(asking: Asking) -> Asking:
    """The same gateway with room for one release."""
    started = asking.started
    answers = Answers(started.books.store, 1)
    return Asking(started=replace(started, edges=replace(started.edges, answers=answers)))


def test_an_evicted_answer_costs_again_and_says_why(asking: Callable[[str], Asking]) -> None:
    opened = cramped(asking("shipped"))
    first = opened.ask(BY_AGE)
    assert opened.ask(BY_AGE).privacy.reused
    assert EVICTED_NOTE not in first.notes
    assert EVICTED_NOTE not in opened.ask(BY_GENDER).notes  # and takes the room of the first

    told = opened.explain(BY_AGE)
    assert (told.reused, told.epsilon > 0) == (False, True)
    assert EVICTED_NOTE in told.plan.notes
    assert EVICTED_NOTE in opened.ask("EXPLAIN " + BY_AGE).notes
    stranger = opened.ask("EXPLAIN " + BY_AGE, who="ben")
    assert EVICTED_NOTE not in stranger.notes

    again = opened.ask(BY_AGE)
    assert EVICTED_NOTE in again.notes
    assert again.privacy.epsilon == first.privacy.epsilon > 0
    assert again.privacy.remaining is not None
    assert opened.ask(BY_AGE).privacy.reused
    assert EVICTED_NOTE not in opened.ask(BY_AGE).notes


def test_what_followed_from_an_evicted_answer_costs_and_says_why(
    asking: Callable[[str], Asking],
) -> None:
    opened = cramped(asking("shipped"))
    opened.ask(FINE, "0.5")
    for coarse in (BY_AGE, FEMALE):
        assert NOTE in opened.ask(coarse).notes
        assert opened.ask(coarse).privacy.reused
    by_race = opened.ask("SELECT race, COUNT(*) AS n FROM encounters GROUP BY race")
    assert EVICTED_FINER_NOTE not in by_race.notes  # and takes the room of the fine one

    for coarse in (BY_AGE, FEMALE):
        told = opened.explain(coarse)
        assert (told.reused, told.epsilon > 0) == (False, True)
        assert EVICTED_FINER_NOTE in told.plan.notes
        assert EVICTED_FINER_NOTE in opened.ask("EXPLAIN " + coarse).notes
    assert EVICTED_FINER_NOTE not in opened.ask("EXPLAIN " + BY_AGE, who="ben").notes
    for other in (
        BY_AGE.replace("GROUP", "WHERE insulin = 'No' GROUP"),
        BY_AGE.replace("COUNT(*)", "SUM(time_in_hospital)"),
        BY_AGE.replace("age", "race"),
    ):
        assert EVICTED_FINER_NOTE not in opened.ask("EXPLAIN " + other).notes
    # at this price it never was free, as the finer numbers are less accurate
    assert EVICTED_FINER_NOTE not in opened.ask("EXPLAIN " + BY_AGE, "1").notes

    paid = opened.ask(BY_AGE)
    assert EVICTED_FINER_NOTE in paid.notes
    assert paid.privacy.epsilon > 0
    assert opened.ask(BY_AGE).privacy.reused
    assert not {EVICTED_FINER_NOTE, EVICTED_NOTE} & set(opened.ask(BY_AGE).notes)
    assert EVICTED_NOTE in opened.ask("EXPLAIN " + FINE, "0.5").notes
