"""Telling an address outside of budget alerts: tried a few times, never waited for by an answer."""

from __future__ import annotations

import json
import logging
import queue
import threading
from collections.abc import Sequence

import httpx

from gateway.budget.alerts import Alert

log = logging.getLogger("gateway.alerts")

PAUSES = (1.0, 5.0, 30.0, 120.0)
"""Seconds between the tries of one alert: five tries, then it is given up."""
TIMEOUT_SECONDS = 10.0
MOST_WAITING = 1000
"""Alerts that wait to be sent; more are logged and not sent."""


class Webhook:
    """Posts each alert as JSON to one URL, one after the other, in a thread of its own.

    The URL may hold a secret, so it is never logged. Redirects are not followed.
    """

    def __init__(self, url: str, pauses: Sequence[float] = PAUSES) -> None:
        self._url = url
        self._pauses = tuple(pauses)
        self._waiting: queue.Queue[Alert | None] = queue.Queue(MOST_WAITING)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="webhook", daemon=True)
        self._thread.start()

    def send(self, alert: Alert) -> None:
        """Have an alert sent; returns at once."""
        try:
            self._waiting.put_nowait(alert)
        except queue.Full:
            _given_up(alert, "too many alerts wait")

    def close(self, seconds: float) -> None:
        """Try once what waits, for so long at most; what is not out then is only in the log."""
        self._closing.set()
        self._waiting.put(None)
        self._thread.join(seconds)

    def _run(self) -> None:
        with httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False) as client:
            while (alert := self._waiting.get()) is not None:
                try:
                    self._deliver(client, alert)
                except Exception as error:  # noqa: BLE001  the thread must live for the next one
                    # Only its kind is told, for the text of some errors quotes the URL.
                    _given_up(alert, type(error).__name__)

    def _deliver(self, client: httpx.Client, alert: Alert) -> None:
        for pause in (*self._pauses, None):
            failure = self._posted(client, alert)
            if failure is None:
                log.info("alert sent", extra=facts(alert))
                return
            if pause is None or self._closing.wait(pause):
                _given_up(alert, failure)
                return
            log.warning("alert not sent yet: %s", failure, extra=facts(alert))

    def _posted(self, client: httpx.Client, alert: Alert) -> str | None:
        """None where the receiver took it, else what went wrong."""
        try:
            status = client.post(self._url, json=document(alert)).status_code
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return type(error).__name__
        return None if 200 <= status < 300 else f"status {status}"


def document(alert: Alert) -> dict[str, object]:
    """What is posted; `text` alone is what chat programs show."""
    return {
        "type": "noisegate.budget_alert/1",
        "text": sentence(alert),
        "dataset": alert.dataset,
        "account": alert.holder,
        "percent": alert.percent,
        "spent_epsilon": alert.spent_epsilon,
        "limit_epsilon": alert.limit_epsilon,
        "period_start": alert.period_start.isoformat(),
        "renews_at": None if alert.renews_at is None else alert.renews_at.isoformat(),
        "at": alert.at.isoformat(),
    }


def sentence(alert: Alert) -> str:
    """An alert in words."""
    whose = (
        "all analysts together"
        if alert.holder == "everyone"
        else f"user {alert.holder.removeprefix('user:')}"
    )
    if alert.percent == 100:
        return f"The budget of {whose} for {alert.dataset} is used up."
    return f"{alert.percent}% of the budget of {whose} for {alert.dataset} is used."


def facts(alert: Alert) -> dict[str, object]:
    """An alert as a log line carries it."""
    return {"dataset": alert.dataset, "account": alert.holder, "percent": alert.percent}


def _given_up(alert: Alert, failure: str) -> None:
    log.error("alert given up: %s", json.dumps(failure), extra=facts(alert))
