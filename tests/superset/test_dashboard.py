"""The dashboard: opened, opened again, refreshed by itself, filtered; what it sends and costs."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.superset.building import World
from tests.superset.charts import CHARTS
from tests.superset.measured import MEASURED, Opening

INSTANT = 1.0
"""Seconds that one free answer may take at most, on a machine that also runs Superset and its
browser; an answer alone takes some 10 ms."""


def measured(world: World, name: str, act: Callable[[], float]) -> Opening:
    """What an act in the browser made Superset send. The act gives the seconds that it took."""
    mark, questions = world.tap.mark, world.questions()
    seconds = act()
    found = Opening(
        name=name,
        statements=world.tap.since(mark),
        questions=world.questions() - questions,
        drawn=seconds,
    )
    MEASURED.append(found)
    assert found.refused == []
    assert found.questions >= len(CHARTS)
    return found


@pytest.fixture(scope="module")
def first(world: World) -> Opening:
    """The first opening, which pays for whatever the charts' own pages have not paid."""
    return measured(world, "first opening", lambda: _opened(world))


def _opened(world: World) -> float:
    seconds = world.browser.dashboard(world.dashboard, len(CHARTS))
    assert world.browser.faults() == []
    return seconds


def test_every_statement_of_an_opening_is_answered(first: Opening) -> None:
    """Those of the driver, of the catalog, and the questions of charts and filters."""
    assert first.refused == []
    assert first.distinct >= len(CHARTS)


def test_a_second_opening_costs_nothing(world: World, first: Opening) -> None:
    """Superset keeps no result, so every question reaches the gateway again."""
    before = world.gateway.spent()
    again = measured(world, "second opening", lambda: _opened(world))
    assert again.questions == first.questions
    assert again.charged == 0
    assert world.gateway.spent() == before
    assert again.slowest(of_charged=False) < INSTANT


def test_refreshing_itself_costs_nothing(world: World, first: Opening) -> None:
    """A dashboard that refreshes itself asks everything anew, by force, and pays nothing."""
    before = world.gateway.spent()
    world.browser.dashboard(world.refreshed, len(CHARTS))

    def refresh() -> float:
        begun, questions = time.monotonic(), world.questions()
        while world.questions() < questions + len(CHARTS):
            assert time.monotonic() < begun + 90, "the dashboard did not refresh itself"
            world.browser.page.wait_for_timeout(250)
        world.browser.settled(len(CHARTS))
        return time.monotonic() - begun

    again = measured(world, "refresh by itself", refresh)
    assert again.charged == 0
    assert world.gateway.spent() == before
    assert world.browser.faults() == []
