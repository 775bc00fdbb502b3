"""What Prometheus scrapes. Labels are datasets and codes; never users, keys or SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from gateway.budget.accounts import EVERYONE
from gateway.budget.alerts import Alert

_Gauge = GaugeMetricFamily
_Counter = CounterMetricFamily
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_SECONDS = (0.001, 0.003, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetState:
    """One dataset at the moment of a scrape; `spent` and `limit` are those of `everyone`, in ε.

    `stored` is what its stored answers take in bytes, and `evicted` how many ever made room;
    `replaced` is what `Engine.replaced` says.
    """

    dataset: str
    up: bool
    spent: float | None
    limit: float | None
    stored: int
    evicted: int
    replaced: int


class Metrics:
    """The gateway's counters, in a registry of their own."""

    def __init__(self, states: Callable[[], Sequence[DatasetState]]) -> None:
        self._registry = CollectorRegistry()
        self.questions = Counter(
            "noisegate_questions",
            "Questions by dataset and outcome: answered, or the code of the refusal.",
            ("dataset", "outcome"),
            registry=self._registry,
        )
        self.answers = Counter(
            "noisegate_answers",
            "Answers by what they cost: charged, reused (paid for before), or public.",
            ("dataset", "price"),
            registry=self._registry,
        )
        self.charged = Counter(
            "noisegate_charged_epsilon",
            "Sum of the epsilon that answers took from analysts' accounts.",
            ("dataset",),
            registry=self._registry,
        )
        self.explanations = Counter(
            "noisegate_explanations",
            "Explanations by dataset and outcome.",
            ("dataset", "outcome"),
            registry=self._registry,
        )
        self.seconds = Histogram(
            "noisegate_seconds",
            "Time per question by stage: waiting for a thread, answering, explaining, writing.",
            ("stage",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self.alerts = Counter(
            "noisegate_budget_alerts",
            "Marks that accounts passed, by account: everyone, or user for any one analyst.",
            ("dataset", "account", "percent"),
            registry=self._registry,
        )
        self.inside = Gauge(
            "noisegate_questions_inside",
            "Questions that run or wait now.",
            registry=self._registry,
        )
        self._registry.register(_States(states))

    def alerted(self, alert: Alert) -> None:
        """Count an alert; which user it is about is no label."""
        account = "everyone" if alert.holder == EVERYONE else "user"
        self.alerts.labels(alert.dataset, account, str(alert.percent)).inc()

    def text(self) -> bytes:
        """The exposition of all metrics."""
        return generate_latest(self._registry)


class _States(Collector):
    def __init__(self, states: Callable[[], Sequence[DatasetState]]) -> None:
        self._states = states

    def describe(self) -> Iterator[_Gauge | CounterMetricFamily]:
        """Names without asking engines or ledger, which registering would do otherwise."""
        yield from self._families()

    def collect(self) -> Iterator[_Gauge | CounterMetricFamily]:
        """Ask each engine and the ledger now."""
        up, spent, limit, stored, evicted, replaced = self._families()
        for state in self._states():
            up.add_metric([state.dataset], float(state.up))
            stored.add_metric([state.dataset], state.stored)
            evicted.add_metric([state.dataset], state.evicted)
            replaced.add_metric([state.dataset], state.replaced)
            if state.spent is not None and state.limit is not None:
                spent.add_metric([state.dataset], state.spent)
                limit.add_metric([state.dataset], state.limit)
        yield from (up, spent, limit, stored, evicted, replaced)

    def _families(self) -> tuple[_Gauge, _Gauge, _Gauge, _Gauge, _Counter, _Counter]:
        return (
            GaugeMetricFamily(
                "noisegate_engine_up", "Whether the dataset's database answers.", labels=["dataset"]
            ),
            GaugeMetricFamily(
                "noisegate_everyone_spent_epsilon",
                "What all analysts together spent in this period, as epsilon.",
                labels=["dataset"],
            ),
            GaugeMetricFamily(
                "noisegate_everyone_limit_epsilon",
                "The cap of all analysts together in this period, as epsilon.",
                labels=["dataset"],
            ),
            GaugeMetricFamily(
                "noisegate_stored_answers_bytes",
                "What the stored answers take in the ledger.",
                labels=["dataset"],
            ),
            CounterMetricFamily(
                "noisegate_evicted_answers",
                "Stored answers that were removed to make room, by all gateways on the ledger.",
                labels=["dataset"],
            ),
            CounterMetricFamily(
                "noisegate_engine_replaced",
                "Processes, sessions or connections of the database that were lost and replaced.",
                labels=["dataset"],
            ),
        )
