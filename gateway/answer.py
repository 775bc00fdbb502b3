"""The straight line: a request to its answer. What stands before `charge` is pure: `explain`."""

from __future__ import annotations

import json
from collections.abc import Mapping

from gateway.budget.allowances import allowance_for, everyone_for
from gateway.budget.cost import NOTHING, Cost, epsilon_of
from gateway.edges import ChargeRequest, Edges, ReleaseCharge, Stored
from gateway.errors import Refusal
from gateway.exchange import Answer, Explanation, Request
from gateway.noise.release import release
from gateway.noise.tables import NoisyTable
from gateway.planning import plan
from gateway.policy.catalog import Catalog, Dataset
from gateway.postprocess.earlier import filled
from gateway.postprocess.explained import explained
from gateway.postprocess.present import present
from gateway.privacy.plan import Plan, Release


def answer(request: Request, catalog: Catalog, edges: Edges) -> Answer:
    """The answer to a question, charged to the analyst's account before a protected row is read.

    Raises Refusal: for SQL that is not answered and budgets that do not suffice nothing was
    charged; once the engine was asked there is no refund, whatever fails.
    """
    found, dataset = plan(request, catalog, edges)
    if found.explains:
        return explained(request, found, dataset, edges)
    receipt = edges.ledger.charge(_charge(request, found, dataset))
    tables = _tables(request, found, dataset, edges)
    return present(request, found, dataset, tables, receipt, edges)


def explain(request: Request, catalog: Catalog, edges: Edges) -> Explanation:
    """The plan and what it would cost this analyst now. Reads no protected row, charges nothing."""
    found, dataset = plan(request, catalog, edges)
    stored = _stored(request, found, edges)
    cost = NOTHING
    for part in found.releases:
        if part.fingerprint not in stored or not stored[part.fingerprint].seen:
            cost = cost + part.cost
    privacy = dataset.policy.privacy
    return Explanation(
        plan=found,
        cost=cost,
        epsilon=epsilon_of(cost.amount, privacy.guarantee, privacy.delta),
        affordable=_affordable(request, found, dataset, stored, cost, edges),
        reused=bool(found.releases) and cost == NOTHING,
        show_sql=privacy.show_sql,
    )


def _charge(request: Request, found: Plan, dataset: Dataset) -> ChargeRequest:
    return ChargeRequest(
        query_id=request.query_id,
        analyst=request.analyst,
        dataset=dataset.name,
        sql=request.sql,
        own=allowance_for(dataset.policy, request.analyst),
        everyone=everyone_for(dataset.policy),
        releases=tuple(
            ReleaseCharge(
                fingerprint=part.fingerprint, cost=part.cost, mechanisms=_mechanisms(part)
            )
            for part in found.releases
        ),
        key=request.key,
    )


def _mechanisms(part: Release) -> str:
    """The exact parameters of every measure, as the ledger keeps them with the charge."""
    measures = [
        {
            "column": measure.column,
            "for": measure.label,
            "norm": measure.sensitivity.norm.value,
            "sensitivity": str(measure.sensitivity.value),
            "mechanism": measure.mechanism.noise.value,
            "scale": measure.mechanism.scale.hex(),
            "unit_of_scale": str(measure.unit_of_scale),
        }
        for measure in part.measures
    ]
    threshold = part.threshold
    limit = {"least": threshold.least, "delta": threshold.delta} if threshold else None
    return json.dumps({"measures": measures, "threshold": limit}, sort_keys=True)


def _stored(request: Request, found: Plan, edges: Edges) -> Mapping[str, Stored]:
    names = [part.fingerprint for part in found.releases]
    return edges.answers.find(found.dataset, names, request.analyst.name)


def _tables(
    request: Request, found: Plan, dataset: Dataset, edges: Edges
) -> Mapping[str, NoisyTable]:
    """The noisy table of every release, by name: the stored one where there is one, else a new one.

    A new one is kept before anything of it is shown, or taken over by a release that follows: where
    somebody else's draw was kept first, that one stands, and nobody sees of two.
    """
    stored = _stored(request, found, edges)
    tables = {
        p.name: stored[p.fingerprint].table for p in found.releases if p.fingerprint in stored
    }
    refresh = dataset.policy.engine.refresh_seconds
    for part in found.releases:
        if part.name in tables:
            continue
        statement = filled(part, found, tables, edges)
        try:
            exact = edges.engines[found.dataset].run(statement, request.query_id)
        except Refusal as refusal:
            raise _charged(refusal) from None
        made = release(part, exact, edges.entropy, tables)
        analyst = request.analyst.name
        edges.answers.keep(found.dataset, {part.fingerprint: made}, analyst, refresh)
        standing = edges.answers.find(found.dataset, [part.fingerprint], analyst)
        kept = standing.get(part.fingerprint)
        tables[part.name] = kept.table if kept is not None else made
    return tables


def _charged(refusal: Refusal) -> Refusal:
    """The engine may have seen rows, so the charge stands, and the analyst is told so."""
    hint = f"{refusal.hint} The charge stands: the database may have read rows."
    return Refusal(refusal.code, refusal.sentence, hint, refusal.position, **refusal.facts)


def _affordable(
    request: Request,
    found: Plan,
    dataset: Dataset,
    stored: Mapping[str, Stored],
    cost: Cost,
    edges: Edges,
) -> bool:
    own = edges.ledger.balance(dataset.name, allowance_for(dataset.policy, request.analyst))
    if not _fits(cost, own.spent, own.limit):
        return False
    everyone = everyone_for(dataset.policy)
    if everyone is None:
        return True
    fresh = NOTHING
    for part in found.releases:
        if part.fingerprint not in stored:
            fresh = fresh + part.cost
    all_together = edges.ledger.balance(dataset.name, everyone)
    return _fits(fresh, all_together.spent, all_together.limit)


def _fits(cost: Cost, spent: Cost, limit: Cost) -> bool:
    after = spent + cost
    return after.amount <= limit.amount and after.delta <= limit.delta
