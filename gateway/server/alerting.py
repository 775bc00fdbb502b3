"""Looking at accounts after they were charged, and telling of the marks that they passed.

All of it happens in a thread of its own: no answer waits for it, and no failure of it reaches one.
A mark that could not be looked at is seen at the account's next charge, for what counts is where
the account stands.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable

from gateway.budget.alerts import Alert, Alerts
from gateway.budget.allowances import allowance_for, everyone_for
from gateway.budget.cost import amount_for
from gateway.edges import Analyst
from gateway.errors import Refusal
from gateway.policy.catalog import Dataset
from gateway.server.webhook import Webhook, facts, sentence

log = logging.getLogger("gateway.alerts")

GRACE_SECONDS = 5.0
"""How long what is left to tell may take when the gateway ends."""
_MOST_WAITING = 10_000

Counted = Callable[[Alert], None]


class Alerting:
    """Tells of each mark once: in the log, in the metrics, and over the webhook where there is one.

    `counted` is called with every alert, for the metrics.
    """

    def __init__(self, alerts: Alerts, counted: Counted, webhook: Webhook | None) -> None:
        self._alerts = alerts
        self._counted = counted
        self._webhook = webhook
        self._charged: queue.Queue[tuple[Dataset, Analyst] | None] = queue.Queue(_MOST_WAITING)
        self._thread = threading.Thread(target=self._run, name="alerting", daemon=True)
        self._thread.start()

    def charged(self, dataset: Dataset, analyst: Analyst) -> None:
        """Say that the analyst's account, and perhaps everyone's, was charged; returns at once."""
        try:
            self._charged.put_nowait((dataset, analyst))
        except queue.Full:
            log.warning("accounts are looked at later", extra={"dataset": dataset.name})

    def close(self) -> None:
        """Look at what is left, tell of it, and end."""
        self._charged.put(None)
        self._thread.join(GRACE_SECONDS)
        if self._webhook is not None:
            self._webhook.close(GRACE_SECONDS)

    def _run(self) -> None:
        while (found := self._charged.get()) is not None:
            dataset, analyst = found
            try:
                self._look(dataset, analyst)
            except Refusal as refusal:
                log.error("accounts could not be looked at: %s", refusal.sentence, extra={
                    "dataset": dataset.name, "code": refusal.code.slug,
                })  # fmt: skip
            except Exception:
                log.exception("accounts could not be looked at", extra={"dataset": dataset.name})

    def _look(self, dataset: Dataset, analyst: Analyst) -> None:
        privacy = dataset.policy.privacy
        usual = amount_for(privacy.per_query, privacy.guarantee, privacy.delta)
        cap = everyone_for(dataset.policy)
        for allowance in (allowance_for(dataset.policy, analyst), *([] if cap is None else [cap])):
            for alert in self._alerts.fresh(dataset.name, allowance, usual):
                self._tell(alert)

    def _tell(self, alert: Alert) -> None:
        log.warning("budget alert: %s", sentence(alert), extra=facts(alert))
        self._counted(alert)
        if self._webhook is not None:
            self._webhook.send(alert)
