"""One question from a door to the line and back: who may see what, idempotency, log, metrics."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from gateway.budget.allowances import allowance_for, everyone_for
from gateway.budget.cost import epsilon_of
from gateway.budget.questions import ANSWERED
from gateway.budget.requested import requested_epsilon
from gateway.edges import Analyst, Edges
from gateway.errors import Code, Refusal
from gateway.exchange import Answer, Explanation, Request
from gateway.planning import dataset_of, plan
from gateway.policy.catalog import Catalog, Dataset
from gateway.policy.faults import PolicyFaults
from gateway.privacy.plan import Plan
from gateway.server import render, stored
from gateway.server.alerting import Alerting
from gateway.server.crew import Crew
from gateway.server.envelope import internal
from gateway.server.metrics import DatasetState, Metrics
from gateway.server.serving import Serving
from gateway.server.webhook import Webhook
from gateway.start import Gateway

log = logging.getLogger("gateway.questions")

ADMIN = "admin"

MOST_ROWS_UNDER_A_KEY = 200_000
"""An answer under an idempotency key is kept whole, in the ledger's database."""

_MAY_BE_CHARGED = {
    code.slug
    for code in (
        Code.BUDGET_EXHAUSTED,
        Code.UNSUPPORTED_SQL,
        Code.TOO_MANY_REQUESTS,
        Code.CANCELLED,
        Code.ENGINE_UNAVAILABLE,
        Code.INTERNAL,
    )
}
"""What a question can be refused with after its charge, or because of what the account holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The two functions of `gateway.answer`, which tests replace."""

    answer: Callable[[Request, Catalog, Edges], Answer]
    explain: Callable[[Request, Catalog, Edges], Explanation]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An answer for a door; `replayed` where an idempotency key brought an earlier one back."""

    answer: Answer
    replayed: bool


class Desk:
    """Takes questions from the doors. Safe to share between threads."""

    def __init__(
        self,
        *,
        gateway: Gateway,
        line: Line,
        crew: Crew,
        webhook: Webhook | None = None,
        reloaded: Callable[[Gateway, str], Gateway] | None = None,
    ) -> None:
        """`reloaded` makes the gateway that takes the place of one when the policies are read
        again, by the administrator named."""
        self._serving = Serving(gateway)
        self._reloaded = reloaded
        self._reloading = threading.Lock()
        self.metrics = Metrics(self.states)
        self.alerting = Alerting(gateway.books.alerts, self.metrics.alerted, webhook)
        self._line = line
        self._crew = crew
        self.metrics.inside.set_function(lambda: crew.inside)

    @property
    def gateway(self) -> Gateway:
        """The gateway that serves now."""
        return self._serving.current

    def reload(self, by: str) -> tuple[str, ...]:
        """Read the policies again and serve by them from now on; the datasets then served.

        Questions that run end as they began. Raises `Refusal(INVALID_REQUEST)` with every fault
        where the policies cannot be used, and what was served goes on.
        """
        if self._reloaded is None:
            raise Refusal(
                Code.INVALID_REQUEST,
                "This gateway was started without policies to read again.",
                "Start it with `noisegate serve --policies`.",
            )
        with self._reloading:
            try:
                self._serving.replace(self._reloaded(self.gateway, by))
            except PolicyFaults as error:
                log.error("policies were not reloaded: %s", error)
                raise Refusal(
                    Code.INVALID_REQUEST,
                    "The policies have faults; what was served goes on.",
                    str(error),
                ) from error
            except Refusal as refusal:
                log.error("policies were not reloaded: %s", refusal.sentence)
                raise
            names = tuple(self.gateway.catalog.datasets)
        log.info("policies were reloaded", extra={"user": by, "datasets": list(names)})
        return names

    def visible(self, analyst: Analyst, gateway: Gateway | None = None) -> Catalog:
        """The datasets for which a line of `budgets` is the analyst's; administrators see all."""
        datasets = (gateway or self.gateway).catalog.datasets
        return Catalog(
            datasets={
                name: dataset
                for name, dataset in datasets.items()
                if ADMIN in analyst.roles or _has_budget(dataset, analyst)
            }
        )

    async def ask(self, request: Request) -> Given:
        """The answer, from a thread of the crew.

        Raises what the line refuses, `Refusal(TOO_MANY_REQUESTS)` where the crew is full, and
        `Refusal(INTERNAL)` for a fault of the gateway, whose trace is in the log only. Where the
        caller is cancelled the question ends, too, and so does what the database does for it.
        """
        asked = time.perf_counter()
        try:
            return await self._crew.run(lambda: self._ask(request, asked))
        except asyncio.CancelledError:
            # Ending a statement may mean a call over the network, and the loop serves others.
            threading.Thread(target=request.stop.ask, name="stop", daemon=True).start()
            raise

    async def explain(self, request: Request) -> Explanation:
        """The plan and its price; raises as `ask` does."""
        asked = time.perf_counter()
        return await self._crew.run(lambda: self._explain(request, asked))

    async def describe(self, request: Request) -> Plan:
        """The plan alone, for the columns of its answer: no price, no log line, nothing read."""
        return await self._crew.run(lambda: self._describe(request))

    def _ask(self, request: Request, asked: float) -> Given:
        begun = self._waited(asked)
        dataset, code = request.dataset, ANSWERED
        answer: Answer | None = None
        try:
            with self._serving.using() as gateway:
                given = self._once(request, gateway)
            answer, dataset = given.answer, given.answer.dataset
            if not given.replayed:
                self._count(answer)
            return given
        except Refusal as refusal:
            code = refusal.code.slug
            self._record_refusal(request, dataset, refusal.code)
            raise
        except Exception as error:
            code = Code.INTERNAL.slug
            log.exception("a question failed", extra={"query_id": request.query_id, "code": code})
            self._record_refusal(request, dataset, Code.INTERNAL)
            raise internal() from error
        finally:
            self._look_at_accounts(request.analyst, dataset, code, answer)
            self._told("question", request, dataset, code, begun, answer)
            self.metrics.questions.labels(self._label(dataset), code).inc()
            self.metrics.seconds.labels("answer").observe(time.perf_counter() - begun)

    def _explain(self, request: Request, asked: float) -> Explanation:
        begun = self._waited(asked)
        dataset, code = request.dataset, "explained"
        try:
            with self._serving.using() as gateway:
                explanation = self._line.explain(*self._narrowed(request, gateway))
            dataset = explanation.plan.dataset
            return explanation
        except Refusal as refusal:
            code = refusal.code.slug
            raise
        except Exception as error:
            code = Code.INTERNAL.slug
            log.exception("a question failed", extra={"query_id": request.query_id, "code": code})
            raise internal() from error
        finally:
            self._told("explanation", request, dataset, code, begun, None)
            self.metrics.explanations.labels(self._label(dataset), code).inc()
            self.metrics.seconds.labels("explain").observe(time.perf_counter() - begun)

    def _describe(self, request: Request) -> Plan:
        try:
            with self._serving.using() as gateway:
                return plan(*self._narrowed(request, gateway))[0]
        except Refusal:
            raise
        except Exception as error:
            log.exception(
                "a question failed", extra={"query_id": request.query_id, "code": "internal"}
            )
            raise internal() from error

    def _once(self, request: Request, gateway: Gateway) -> Given:
        """The answer, or for a repeated idempotency key the one that was given before."""
        if request.key is None:
            return Given(answer=self._answered(request, gateway), replayed=False)
        idempotency, name = self.gateway.books.idempotency, request.analyst.name
        earlier = idempotency.begin(name, request.key, digest(request))
        if earlier is not None:
            return Given(answer=stored.read(earlier), replayed=True)
        try:
            answer = self._answered(request, gateway)
            idempotency.finish(name, request.key, "".join(render.answer_json(answer)))
        except BaseException:
            # A retry may then try anew; what was charged under this key is not charged again.
            idempotency.abandon(name, request.key)
            raise
        return Given(answer=answer, replayed=False)

    def _narrowed(self, request: Request, gateway: Gateway) -> tuple[Request, Catalog, Edges]:
        """The request with dataset and price settled, and the analyst's datasets alone.

        So the line cannot even tell that others exist. Raises `Refusal` with FORBIDDEN where there
        are none, NOT_FOUND for an unknown one, INVALID_REQUEST for a price that the policy rules
        out.
        """
        seen = self.visible(request.analyst, gateway)
        if not seen.datasets:
            raise Refusal(
                Code.FORBIDDEN,
                "You have no budget for any dataset.",
                f"The administrator can add a line for `user:{request.analyst.name}` or one of "
                "your roles to the `budgets` of a policy.",
            )
        dataset = dataset_of(request, seen)
        privacy = dataset.policy.privacy
        epsilon = None
        if request.max_error is None:
            epsilon = requested_epsilon(request.epsilon, privacy.per_query, privacy.max_per_query)
        settled = replace(request, dataset=dataset.name, epsilon=epsilon)
        return settled, seen, gateway.edges

    def _answered(self, request: Request, gateway: Gateway) -> Answer:
        """A new answer, recorded in the audit trail and with its receipt."""
        answer = self._line.answer(*self._narrowed(request, gateway))
        if request.key is not None and len(answer.rows) > MOST_ROWS_UNDER_A_KEY:
            raise Refusal(
                Code.UNSUPPORTED_SQL,
                f"An answer under an idempotency key has at most {MOST_ROWS_UNDER_A_KEY:,} rows.",
                "Ask again without the key, or with a LIMIT: what was charged is kept, and free.",
            )
        receipt = self.gateway.books.questions.record_answer(
            query_id=request.query_id,
            analyst=request.analyst.name,
            dataset=answer.dataset,
            sql=request.sql,
            answer_sha256=render.digest(answer),
        )
        return replace(answer, receipt=receipt)

    def _record_refusal(self, request: Request, dataset: str | None, code: Code) -> None:
        try:
            self.gateway.books.questions.record_refusal(
                query_id=request.query_id,
                analyst=request.analyst.name,
                dataset=dataset if self._label(dataset) else None,
                sql=request.sql,
                code=code,
            )
        except Refusal as second:
            # The analyst is told of the first refusal; that the history lacks it is in the log.
            log.error(
                "a refusal could not be recorded: %s",
                second.sentence,
                extra={"query_id": request.query_id, "code": second.code.slug},
            )

    def _waited(self, asked: float) -> float:
        begun = time.perf_counter()
        self.metrics.seconds.labels("queue").observe(begun - asked)
        return begun

    def _count(self, answer: Answer) -> None:
        spent = answer.privacy
        price = "charged" if not _free(answer) else "reused" if spent.reused else "public"
        self.metrics.answers.labels(answer.dataset, price).inc()
        self.metrics.charged.labels(answer.dataset).inc(spent.epsilon)

    def _look_at_accounts(
        self, analyst: Analyst, name: str | None, code: str, answer: Answer | None
    ) -> None:
        """Have the accounts looked at after a question that was charged, or may have been."""
        dataset = self.gateway.catalog.datasets.get(name or "")
        charged = code in _MAY_BE_CHARGED if answer is None else not _free(answer)
        if dataset is not None and charged:
            self.alerting.charged(dataset, analyst)

    def _told(
        self,
        event: str,
        request: Request,
        dataset: str | None,
        code: str,
        begun: float,
        answer: Answer | None,
    ) -> None:
        facts: dict[str, object] = {
            "query_id": request.query_id,
            "user": request.analyst.name,
            "dataset": self._label(dataset) or None,
            "code": code,
            "milliseconds": round((time.perf_counter() - begun) * 1000, 1),
        }
        if answer is not None:
            spent = answer.privacy
            facts |= {"epsilon": spent.epsilon, "delta": spent.delta, "reused": spent.reused}
            facts["rows"] = len(answer.rows)
            if answer.receipt is not None:
                facts |= {"sequence": answer.receipt.sequence, "record": answer.receipt.record}
        log.info(event, extra=facts)

    def _label(self, dataset: str | None) -> str:
        """A dataset's name for logs and metrics; what an analyst made up is no name."""
        return dataset if dataset in self.gateway.catalog.datasets and dataset else ""

    def states(self) -> tuple[DatasetState, ...]:
        """Every dataset's engine and the account of `everyone`, asked now."""
        found = []
        stock = {one.dataset: one for one in self.gateway.books.answers.stock()}
        for name, dataset in self.gateway.catalog.datasets.items():
            kept = stock.get(name)
            cap = everyone_for(dataset.policy)
            spent = limit = None
            if cap is not None:
                balance = self.gateway.books.ledger.balance(name, cap)
                spent = epsilon_of(balance.spent.amount, cap.guarantee, cap.delta)
                limit = epsilon_of(balance.limit.amount, cap.guarantee, cap.delta)
            up = self.gateway.edges.engines[name].healthy()
            found.append(
                DatasetState(
                    dataset=name,
                    up=up,
                    spent=spent,
                    limit=limit,
                    stored=0 if kept is None else kept.bytes,
                    evicted=0 if kept is None else kept.evicted,
                    replaced=self.gateway.edges.engines[name].replaced(),
                )
            )
        return tuple(found)


def _free(answer: Answer) -> bool:
    return not answer.privacy.epsilon and not answer.privacy.delta


def digest(request: Request) -> str:
    """What makes two requests under one idempotency key the same: all that the body says."""
    said: Mapping[str, object] = {
        "sql": request.sql,
        "dataset": request.dataset,
        "parameters": [(type(value).__name__, str(value)) for value in request.parameters],
        "epsilon": request.epsilon,
        "max_error": request.max_error,
        "confidence": request.confidence,
    }
    return hashlib.sha256(repr(sorted(said.items())).encode()).hexdigest()


def _has_budget(dataset: Dataset, analyst: Analyst) -> bool:
    try:
        allowance_for(dataset.policy, analyst)
    except Refusal:
        return False
    return True
