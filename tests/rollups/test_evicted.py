"""An answer whose release was removed to make room costs again, and both ways of asking say why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gateway.budget.answers import Answers
from gateway.reusing import EVICTED_NOTE
from tests.rollups.conftest import Asking

BY_AGE = "SELECT age, COUNT(*) AS n FROM encounters GROUP BY age"
BY_GENDER = "SELECT gender, COUNT(*) AS n FROM encounters GROUP BY gender"


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
