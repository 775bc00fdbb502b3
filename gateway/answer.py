"""The straight line: a request to its answer. What stands before `charge` is pure: `explain`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from gateway.budget.accounts import exhausted
from gateway.budget.allowances import allowance_for, everyone_for
from gateway.budget.cost import NOTHING, Cost, epsilon_of
from gateway.edges import Balance, ChargeRequest, Edges, Receipt, ReleaseCharge, Stored
from gateway.errors import NothingRead, Refusal, cancelled
from gateway.exchange import Answer, Explanation, Request
from gateway.noise.release import release
from gateway.noise.tables import NoisyTable
from gateway.planning import plan
from gateway.policy.catalog import Catalog, Dataset
from gateway.postprocess.earlier import filled
from gateway.postprocess.explained import explained
from gateway.postprocess.present import present
from gateway.privacy.plan import Plan, Release
from gateway.reusing import described, with_evictions, with_rollups


def answer(request: Request, catalog: Catalog, edges: Edges) -> Answer:
    """The answer to a question, charged to the analyst's account before a protected row is read.

    Raises Refusal: for SQL that is not answered, budgets that do not suffice and questions that
    were cancelled before, nothing was charged. A failure of the engine before its statement began
    is refunded; once it may have read a row there is no refund, whatever fails.
    """
    found, dataset = plan(request, catalog, edges)
    if found.explains:
        found = with_rollups(found, request, dataset, edges)
        unseen = _unseen(request, found, edges)
        found = with_evictions(found, unseen, request, dataset, edges)
        return explained(request, found, dataset, edges)
    found, before = _estimated(request, found, dataset, catalog, edges)
    found = with_rollups(found, request, dataset, edges)
    receipt = _together([*before, _pay(request, found.due, dataset, edges)])
    tables = {one.release.name: one.table for one in found.rolled}
    tables |= _tables(request, found, found.due, receipt.drawn, dataset, edges)
    found = with_evictions(found, receipt.fingerprints, request, dataset, edges)
    return present(request, found, dataset, tables, receipt, edges)


def _estimated(
    request: Request, found: Plan, dataset: Dataset, catalog: Catalog, edges: Edges
) -> tuple[Plan, list[Receipt]]:
    """The plan with every bound that it left to an estimate, and the charges for the estimates.

    Each is a release like any other: charged before a row is read, and kept. What is then still to
    pay does not depend on them, so that the account holds it is seen to before; should another
    question take it meanwhile, the estimate is the analyst's to use when asking again.
    """
    paid: list[Receipt] = []
    made: dict[str, NoisyTable] = {}
    if found.pending:
        _afford(request, found, dataset, edges)
    while found.pending:
        parts = tuple(estimate.release for estimate in found.pending)
        receipt = _pay(request, parts, dataset, edges)
        paid.append(receipt)
        tables = _tables(request, found, parts, receipt.drawn, dataset, edges)
        made |= {part.fingerprint: tables[part.name] for part in parts}
        found, _ = plan(request, catalog, edges, made)
    return found, paid


def _together(receipts: Sequence[Receipt]) -> Receipt:
    """What several charges did, and the account after the last."""
    charged, names = NOTHING, frozenset[str]()
    for receipt in receipts:
        charged, names = charged + receipt.charged, names | receipt.fingerprints
    return replace(receipts[-1], charged=charged, fingerprints=names)


def explain(request: Request, catalog: Catalog, edges: Edges) -> Explanation:
    """The plan and what it would cost this analyst now. Reads no protected row, charges nothing."""
    found, dataset = plan(request, catalog, edges)
    found = with_rollups(found, request, dataset, edges)
    stored = _stored(request, found, found.charged, edges)
    cost, fresh = _prices(found, stored)
    privacy = dataset.policy.privacy
    return Explanation(
        plan=with_evictions(found, _unseen(request, found, edges), request, dataset, edges),
        cost=cost,
        guarantee=privacy.guarantee,
        epsilon=epsilon_of(cost.amount, privacy.guarantee, privacy.delta),
        affordable=_lacking(request, dataset, cost, fresh, edges) is None,
        reused=bool(found.releases) and cost == NOTHING,
        show_sql=privacy.show_sql,
        seen=frozenset(name for name, one in stored.items() if one.seen),
    )


def _unseen(request: Request, found: Plan, edges: Edges) -> frozenset[str]:
    """The releases of a plan that this analyst would pay for now."""
    stored = _stored(request, found, found.charged, edges)
    names = {part.fingerprint for part in found.charged}
    return frozenset(names - {name for name, one in stored.items() if one.seen})


def _pay(request: Request, parts: Sequence[Release], dataset: Dataset, edges: Edges) -> Receipt:
    if request.stop.asked:
        raise cancelled()
    return edges.ledger.charge(_charge(request, parts, dataset))


def _charge(request: Request, parts: Sequence[Release], dataset: Dataset) -> ChargeRequest:
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
            for part in parts
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


def _stored(
    request: Request, found: Plan, parts: Sequence[Release], edges: Edges
) -> Mapping[str, Stored]:
    names = [part.fingerprint for part in parts]
    return edges.answers.find(found.dataset, names, request.analyst.name)


def _tables(
    request: Request,
    found: Plan,
    parts: Sequence[Release],
    drawn: frozenset[str],
    dataset: Dataset,
    edges: Edges,
) -> Mapping[str, NoisyTable]:
    """The noisy table of each of these releases, by name: the stored one where there is one, else
    a new one. Of `drawn` there was none when they were charged, a moment ago.

    Whatever ran before a release that nothing was read for is kept, and so seen: the refund gives
    back the price of this release and of those after it, and of nothing that an engine has run.

    A new one is kept before anything of it is shown, or taken over by a release that follows: where
    somebody else's draw was kept first, that one stands, and nobody sees of two. A stored one that
    this analyst paid for and has not seen (somebody else's was kept in between) is kept, too: that
    records the sighting, which uses the charge up.
    """
    looked_for = [part for part in parts if part.fingerprint not in drawn]
    stored = _stored(request, found, looked_for, edges)
    tables = {p.name: stored[p.fingerprint].table for p in parts if p.fingerprint in stored}
    refresh = dataset.policy.engine.refresh_seconds
    for part in parts:
        known = stored.get(part.fingerprint)
        if known is not None and known.seen:
            continue
        if known is not None:
            made = known.table
        else:
            statement = filled(part, found, tables, edges)
            engine = edges.engines[found.dataset]
            try:
                exact = engine.run(statement, request.query_id, request.stop)
            except NothingRead as refusal:
                edges.ledger.refund(request.query_id)
                raise _hinted(refusal, "What was charged for it is given back.") from None
            except Refusal as refusal:
                hint = "The charge stands: the database may have read rows."
                raise _hinted(refusal, hint) from None
            made = release(part, exact, edges.entropy, tables)
        kept = edges.answers.keep(
            found.dataset,
            {part.fingerprint: made},
            request.analyst.name,
            refresh,
            described(part, dataset),
            relied_on=part.name in found.relied_on,
        )
        tables[part.name] = kept[part.fingerprint]
    return tables


def _hinted(refusal: Refusal, more: str) -> Refusal:
    """The refusal, and what became of the charge."""
    hint = f"{refusal.hint} {more}"
    return Refusal(refusal.code, refusal.sentence, hint, refusal.position, **refusal.facts)


def _prices(found: Plan, stored: Mapping[str, Stored]) -> tuple[Cost, Cost]:
    """What the analyst's account would pay now, and what everyone's would."""
    own = fresh = NOTHING
    for part in found.charged:
        known = stored.get(part.fingerprint)
        if known is None or not known.seen:
            own = own + part.cost
        if known is None:
            fresh = fresh + part.cost
    return own, fresh


def _afford(request: Request, found: Plan, dataset: Dataset, edges: Edges) -> None:
    """Refuse a question that the accounts do not hold, before its first part is charged.

    What an earlier try under the same key has paid, and a crash kept from being used, is not due.
    """
    due = edges.ledger.due(_charge(request, found.charged, dataset))
    lacking = _lacking(request, dataset, due.own, due.everyone, edges)
    if lacking is not None:
        raise exhausted(dataset.name, *lacking)


def _lacking(
    request: Request, dataset: Dataset, own: Cost, fresh: Cost, edges: Edges
) -> tuple[Balance, Cost] | None:
    """The account that does not hold what it would pay, with the price; None where both do."""
    sides = [(allowance_for(dataset.policy, request.analyst), own)]
    everyone = everyone_for(dataset.policy)
    if everyone is not None:
        sides.append((everyone, fresh))
    for allowance, cost in sides:
        balance = edges.ledger.balance(dataset.name, allowance)
        if not _fits(cost, balance.spent, balance.limit):
            return balance, cost
    return None


def _fits(cost: Cost, spent: Cost, limit: Cost) -> bool:
    after = spent + cost
    return after.amount <= limit.amount and after.delta <= limit.delta
