"""Headless Chromium on Superset's pages: waits until charts are drawn, reads errors off them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.superset.api import NAME, PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Response

SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WAIT = 90_000
"""Milliseconds that a page may take: far more than it does, for a machine that is busy."""
DRAWN = ".chart-container canvas, .chart-container table, .chart-container .header-line"
"""What the kinds of charts in these tests draw."""
FAULTS = ".ant-alert-error, .chart-container .ant-empty, .missing-chart-container"
"""Errors, empty results and charts that are gone."""


@dataclass(slots=True)
class Browser:
    """A page with a session. `answers` are the status and seconds of each chart's data."""

    page: Page
    url: str
    statuses: list[int]

    def chart(self, key: int) -> list[str]:
        """Opens a chart in the explorer, waits until it is drawn; the errors that it shows."""
        self.page.goto(f"{self.url}/explore/?slice_id={key}")
        self._drawn(self.page.locator(".chart-container"))
        return self.faults()

    def dashboard(self, key: int, charts: int) -> float:
        """Opens a dashboard; the seconds until all its charts are drawn."""
        begun = time.monotonic()
        self.page.goto(f"{self.url}/superset/dashboard/{key}/")
        self.settled(charts)
        return time.monotonic() - begun

    def settled(self, charts: int) -> None:
        """Waits until so many charts of a dashboard are drawn, and none is loading."""
        self.page.wait_for_function(
            """([charts, drawn]) => {
                const held = [...document.querySelectorAll('.dashboard-component-chart-holder')];
                return held.length === charts
                    && held.every(one => one.querySelector(drawn))
                    && !document.querySelector('.dashboard-component-chart-holder .loading');
            }""",
            arg=[charts, DRAWN],
            timeout=WAIT,
        )

    def choose(self, filter_name: str, search: str, value: str) -> None:
        """Picks a value in a native filter that lists values, by typing a part of it."""
        self._filter(filter_name).locator("input").first.click()
        self.page.keyboard.type(search)
        self.page.locator(".ant-select-item-option", has_text=value).first.click()
        self.page.keyboard.press("Escape")

    def between(self, filter_name: str, low: int, high: int) -> None:
        """Sets both ends of a native filter by range."""
        ends = self._filter(filter_name).locator("input")
        for end, number in zip((0, 1), (low, high), strict=True):
            ends.nth(end).fill(str(number))
            ends.nth(end).press("Enter")

    def apply(self) -> None:
        """Applies the native filters as they are set."""
        self.page.locator("[data-test=filter-bar__apply-button]").click()

    def clear(self) -> None:
        """Takes all native filters out."""
        self.page.locator("[data-test=filter-bar__clear-button]").click()

    def _filter(self, name: str) -> Locator:
        container = self.page.locator("[data-test=filter-control-name]", has_text=name)
        return container.locator("xpath=ancestor::*[.//input][1]")

    def faults(self) -> list[str]:
        """The errors on the page."""
        return [one.inner_text() for one in self.page.locator(FAULTS).all() if one.is_visible()]

    def photograph(self, path: Path) -> None:
        """A picture of the page, once its animations are over."""
        self.page.wait_for_timeout(1500)
        self.page.screenshot(path=path)

    def _drawn(self, place: Locator) -> None:
        place.locator("canvas, table, .header-line").or_(self.page.locator(FAULTS)).first.wait_for(
            timeout=WAIT
        )


@contextmanager
def browsing(url: str, chromium: str, profile: Path) -> Iterator[Browser]:
    """A browser with a fresh profile, logged in."""
    # Only here: `make superset` installs it, and the tests are collected without it, too.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        context = started.chromium.launch_persistent_context(
            profile,
            executable_path=chromium,
            headless=True,
            args=SWITCHES,
            viewport={"width": 1400, "height": 1800},
            color_scheme="light",
        )
        page = context.pages[0]
        page.set_default_timeout(WAIT)
        statuses: list[int] = []

        def noted(answer: Response) -> None:
            if "/api/v1/chart/data" in answer.url:
                statuses.append(answer.status)

        page.on("response", noted)
        try:
            page.goto(f"{url}/login/")
            page.locator("#username").fill(NAME)
            page.locator("#password").fill(PASSWORD)
            page.locator("button[type=submit], input[type=submit]").first.click()
            page.wait_for_url(lambda address: "/login" not in address)
            yield Browser(page=page, url=url, statuses=statuses)
        finally:
            context.close()
