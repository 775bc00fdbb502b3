"""The dashboard: opened, opened again, refreshed by itself, filtered; what it sends and costs."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import psycopg
import pytest

from tests.superset.building import PRICES, World
from tests.superset.charts import CHARTS
from tests.superset.conftest import Pictures
from tests.superset.measured import MEASURED, Opening

INSTANT = 3.0
"""Seconds that all the statements of an opening may take one after the other, so that what a reader
waits for is Superset. It is less than half of that on two cores that nothing else uses."""

OPENINGS = 5
DEARER = 1.5
"""How much longer a page may take than on plain PostgreSQL: what nobody sees is far less, and what
is noise on two cores that also run Superset and the browser is about that."""


def measured(world: World, name: str, act: Callable[[], float], least: int) -> Opening:
    """What an act in the browser made Superset send: `least` so many questions, all answered. The
    act gives the seconds that it took."""
    mark, questions = world.tap.mark, world.questions()
    seconds = act()
    _quiet(world, questions + least)
    found = Opening(
        name=name,
        statements=world.tap.since(mark),
        questions=world.questions() - questions,
        drawn=seconds,
    )
    MEASURED.append(found)
    assert found.refused == []
    assert world.browser.faults() == []
    return found


def _quiet(world: World, least: int) -> None:
    """Waits for so many questions, and then until a second goes by without a statement."""
    deadline, mark = time.monotonic() + 90, -1
    while mark != world.tap.mark or world.questions() < least:
        assert time.monotonic() < deadline, "the dashboard does not come to rest"
        mark = world.tap.mark
        world.browser.page.wait_for_timeout(1000)


@pytest.fixture(scope="module")
def first(world: World) -> Opening:
    """The first opening, which pays for whatever the charts' own pages have not paid."""
    return measured(world, "first opening", lambda: _opened(world), len(CHARTS))


def _opened(world: World) -> float:
    return world.browser.dashboard(world.dashboard, len(CHARTS))


def test_every_statement_of_an_opening_is_answered(first: Opening) -> None:
    """Those of the driver, of the catalog, and the questions of charts and filters."""
    assert first.refused == []
    assert first.distinct >= len(CHARTS)


def test_a_second_opening_costs_nothing(world: World, first: Opening, pictures: Pictures) -> None:
    """Superset keeps no result, so every question reaches the gateway again."""
    before = world.gateway.spent()
    again = measured(world, "second opening", lambda: _opened(world), first.questions)
    assert again.questions == first.questions
    assert again.charged == 0
    assert world.gateway.spent() == before
    pictures("dashboard")


def test_the_gateway_answers_an_opening_at_once(world: World, first: Opening) -> None:
    """The same statements over as many connections, one after the other, while Superset rests."""
    logins = {
        dataset: world.gateway.uri(world.tap.port, dataset, price)
        for dataset, price in PRICES.items()
    }
    by_connection: dict[int, list[str]] = {}
    for one in first.statements:
        by_connection.setdefault(one.connection, []).append(one.sql)

    def replay() -> float:
        begun = time.monotonic()
        for statements in by_connection.values():
            about = "retail" if any("lines" in sql for sql in statements) else "hospital"
            login = logins[about].replace("+psycopg2", "")
            with psycopg.connect(login, autocommit=True) as connection:
                for sql in statements:
                    connection.execute(sql.encode())
        return time.monotonic() - begun

    again = measured(world, "its statements alone", replay, first.questions)
    assert again.charged == 0
    assert again.drawn < INSTANT


def test_the_page_is_drawn_as_fast_as_on_plain_postgresql(world: World, first: Opening) -> None:
    """The same dashboard on the same tables without any protection is what a reader is used to. In
    turn, so that both see the same machine; each was opened before."""
    world.browser.dashboard(world.plain, len(CHARTS))
    ours, plain = [], []
    for number in range(1, OPENINGS + 1):
        again = measured(world, f"opening {number} of these", lambda: _opened(world), len(CHARTS))
        ours.append(again.drawn)
        seconds = world.browser.dashboard(world.plain, len(CHARTS))
        assert world.browser.faults() == []
        plain.append(seconds)
        name = f"opening {number}, plain PostgreSQL"
        MEASURED.append(Opening(name=name, statements=(), questions=0, drawn=seconds))
    assert statistics.median(ours) < DEARER * statistics.median(plain)


def test_refreshing_itself_costs_nothing(world: World, first: Opening) -> None:
    """A dashboard that refreshes itself asks everything anew, by force, and pays nothing."""
    before = world.gateway.spent()
    world.browser.dashboard(world.refreshed, len(CHARTS))

    def refresh() -> float:
        begun, mark = time.monotonic(), world.tap.mark
        while world.tap.mark == mark:
            assert time.monotonic() < begun + 90, "the dashboard did not refresh itself"
            world.browser.page.wait_for_timeout(50)
        begun = time.monotonic()
        world.browser.page.wait_for_timeout(500)
        world.browser.settled(len(CHARTS))
        return time.monotonic() - begun

    again = measured(world, "refresh by itself", refresh, len(CHARTS))
    assert again.charged == 0
    assert world.gateway.spent() == before


def test_filters_apply_and_cost_once(world: World, first: Opening, pictures: Pictures) -> None:
    """A list and a range: the charts of their dataset are asked anew, once."""
    stays = sum(chart.on == "encounters" for chart in CHARTS)
    world.browser.dashboard(world.dashboard, len(CHARTS))

    def chosen() -> float:
        world.browser.choose("Age", "70", "[70-80)")
        world.browser.between("Days", 2, 9)
        begun = time.monotonic()
        world.browser.apply()
        world.browser.page.wait_for_timeout(500)
        world.browser.settled(len(CHARTS))
        return time.monotonic() - begun

    found = measured(world, "filters applied", chosen, stays)
    asked = " ".join(one.sql for one in found.statements)
    assert "age IN ('[70-80)')" in asked
    assert "time_in_hospital >= 2" in asked
    assert "time_in_hospital <= 9" in asked
    assert found.charged > 0
    pictures("filtered")

    world.browser.dashboard(world.dashboard, len(CHARTS))
    before = world.gateway.spent()
    again = measured(world, "filters applied again", chosen, stays)
    assert again.charged == 0
    assert world.gateway.spent() == before
