"""Everything that the tests ask of Superset, built once through its REST API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.superset.api import Superset
from tests.superset.browser import Browser
from tests.superset.charts import CHARTS, CUSTOMERS, Chart
from tests.superset.dashboard import TITLE, metadata, position
from tests.superset.serving import Gateway
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

    def questions(self) -> int:
        """How many statements the gateway has taken as questions so far."""
        return sum(line["event"] == "question" for line in self.gateway.running.lines())


def build(gateway: Gateway, tap: Tap, superset: Superset, browser: Browser) -> World:
    """Databases, datasets, charts and dashboards."""
    databases = {
        name: superset.database(name, gateway.uri(tap.port, name, price))
        for name, price in PRICES.items()
    }
    datasets = {
        "encounters": superset.dataset(databases["hospital"], "encounters"),
        "lines": superset.dataset(databases["retail"], "lines"),
        "customers": superset.dataset(databases["retail"], "customers by quarter", CUSTOMERS),
    }
    made: list[tuple[Chart, int]] = [
        (chart, superset.chart(chart, datasets[chart.on])) for chart in CHARTS
    ]
    by_dataset = {name: [key for chart, key in made if chart.on == name] for name in datasets}
    filters = metadata(datasets, by_dataset)
    dashboards = [
        superset.dashboard(title, position(made), filters | {"refresh_frequency": seconds})
        for title, seconds in ((TITLE, 0), (f"{TITLE}, refreshed", 10))
    ]
    superset.join([key for _, key in made], dashboards)
    return World(
        gateway=gateway,
        tap=tap,
        superset=superset,
        browser=browser,
        databases=databases,
        datasets=datasets,
        charts={chart.name: key for chart, key in made},
        dashboard=dashboards[0],
        refreshed=dashboards[1],
    )
