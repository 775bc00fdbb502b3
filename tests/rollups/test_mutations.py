"""Each rule of roll-ups, broken on purpose, is caught by the test that stands for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa

from gateway.budget import answers
from gateway.budget.standing import seen_by_analyst, standing_at
from gateway.budget.tables import releases
from gateway.postprocess import rolled
from gateway.privacy import rollups
from gateway.privacy.plan import Release
from gateway.privacy.rollups import RollUp
from tests.rollups import test_rollups as rules
from tests.rollups.conftest import Asking

Opening = Callable[..., Asking]
Mutation = Callable[[pytest.MonkeyPatch], None]

_roll_up = rollups.roll_up
_noised = rolled._noised


def _stored(*conditions: sa.ColumnElement[bool]) -> sa.Select[tuple[object, ...]]:
    """The look-up of a family's releases under these conditions alone."""
    columns = (releases.c.id, releases.c.described, releases.c.noisy, releases.c.used_at)
    family = releases.c.family == sa.bindparam("family")
    found: sa.Select[tuple[object, ...]] = sa.select(*columns).where(family, *conditions)
    return found


def anybodys_answers(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(answers, "_OF_FAMILY", _stored(standing_at()))


def answers_of_data_that_changed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(answers.stock, "_removed", lambda *_: None)
    patch.setattr(answers, "_OF_FAMILY", _stored(seen_by_analyst()))


def distinct_counts_that_add_up(patch: pytest.MonkeyPatch) -> None:
    def adding(asked: Release, finer: Release) -> RollUp | None:
        found = _roll_up(asked, finer)
        return None if found is None else replace(found, adds=True)

    patch.setattr(rolled, "roll_up", adding)


def conditions_that_are_forgotten(patch: pytest.MonkeyPatch) -> None:
    def forgetful(asked: Release, finer: Release) -> RollUp | None:
        assert finer.shape is not None
        return _roll_up(asked, replace(finer, shape=replace(finer.shape, conditions=())))

    patch.setattr(rolled, "roll_up", forgetful)


def any_accuracy(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rolled, "accurate_enough", lambda *_: True)


def noise_of_too_few_numbers(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rolled, "_noised", lambda asked, found, most: _noised(asked, found, most - 1))


def constants_read_as_sql(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rollups, "_without_texts", lambda text: (text, []))


@pytest.mark.parametrize(
    ("mutation", "rule"),
    [
        (anybodys_answers, rules.test_who_has_not_seen_the_finer_answer_pays),
        (answers_of_data_that_changed, rules.test_changed_data_end_it),
        (distinct_counts_that_add_up, rules.test_distinct_counts_are_picked_but_never_summed),
        (conditions_that_are_forgotten, rules.test_other_conditions_are_other_rows),
        (any_accuracy, rules.test_a_better_answer_is_paid_for),
        (noise_of_too_few_numbers, rules.test_a_key_is_dropped),
        (constants_read_as_sql, rules.test_what_looks_like_a_key_in_a_constant_stays_a_constant),
    ],
)
def test_a_rule_that_is_broken_is_caught(
    asking: Opening,
    mutation: Mutation,
    rule: Callable[[Opening], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mutation(monkeypatch)
    with pytest.raises(AssertionError):
        rule(asking)
