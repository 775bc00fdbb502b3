"""Everything that the tests ask of Superset, built once through its REST API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.superset.api import Superset
from tests.superset.browser import Browser
from tests.superset.charts import CHARTS, CUSTOMERS, Chart
from tests.superset.dashboard import REFRESH, TITLE, metadata, position
from tests.superset.serving import PLAIN, Gateway
from tests.superset.tap import Tap

PRICES = {"hospital": 1, "retail": 2}
"""What a chart costs: four times the bundled policies' price, so that the pictures show more than
noise, and the analyst's budget of 20 pays for some 60 questions of each dataset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Servers and what was built in them. Ids by name."""

    gateway: Gateway
    tap: Tap
    superset: Superset
    browser: Browser
    databases: Mapping[str, int]
    datasets: Mapping[str, int]
    charts: Mapping[str, int]
    dashboard: int
    refreshed: int
    """The same charts on a dashboard that refreshes itself."""
    plain: int
    """The same dashboard on the same tables in a PostgreSQL server, with nothing between."""

    def questions(self) -> int:
        """How many statements the gateway has taken as questions so far."""
        return sum(line["event"] == "question" for line in self.gateway.running.lines())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Built:
    """Ids of what stands in Superset for one pair of databases."""

    databases: Mapping[str, int]
    datasets: Mapping[str, int]
    charts: Mapping[str, int]
    dashboards: Sequence[int]


def build(
    gateway: Gateway, tap: Tap, superset: Superset, browser: Browser, plain: Mapping[str, str]
) -> World:
    """Databases, datasets, charts and dashboards. `plain` are addresses of the plain databases, by
    dataset."""
    prices = {name: gateway.uri(tap.port, name, price) for name, price in PRICES.items()}
    asked = _built(superset, prices, {TITLE: 0, f"{TITLE}, refreshed": REFRESH})
    unprotected = {f"{name}, plain": uri for name, uri in plain.items()}
    beside = _built(superset, unprotected, {f"{TITLE}, but plain": 0}, PLAIN)
    return World(
        gateway=gateway,
        tap=tap,
        superset=superset,
        browser=browser,
        databases=asked.databases,
        datasets=asked.datasets,
        charts=asked.charts,
        dashboard=asked.dashboards[0],
        refreshed=asked.dashboards[1],
        plain=beside.dashboards[0],
    )


def _built(
    superset: Superset, uris: Mapping[str, str], titles: Mapping[str, int], ending: str = ""
) -> _Built:
    """Everything for two databases, hospital first. `titles` are the dashboards with the seconds
    after which they refresh themselves, 0 for never. `ending` is that of the tables' names, which
    Superset wants to be different in all databases where its own is SQLite."""
    databases = {name: superset.database(name, uri) for name, uri in uris.items()}
    hospital, retail = databases.values()
    datasets = {
        "encounters": superset.dataset(hospital, f"encounters{ending}"),
        "lines": superset.dataset(retail, f"lines{ending}"),
        "customers": superset.dataset(
            retail,
            f"customers by quarter{ending}",
            CUSTOMERS.replace("FROM lines", f"FROM lines{ending}"),
        ),
    }
    made: list[tuple[Chart, int]] = [
        (chart, superset.chart(chart, datasets[chart.on])) for chart in CHARTS
    ]
    by_dataset = {name: [key for chart, key in made if chart.on == name] for name in datasets}
    filters = metadata(datasets, by_dataset)
    dashboards = [
        superset.dashboard(title, position(made), filters | {"refresh_frequency": seconds})
        for title, seconds in titles.items()
    ]
    superset.join([key for _, key in made], dashboards)
    return _Built(
        databases=databases,
        datasets=datasets,
        charts={chart.name: key for chart, key in made},
        dashboards=dashboards,
    )
