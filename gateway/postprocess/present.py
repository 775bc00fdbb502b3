"""Noisy tables to the answer: the post-processing run, its intervals, what was charged."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.budget.cost import AMOUNT_UNIT, DELTA_UNIT, Cost, epsilon_of
from gateway.edges import Balance, Edges, Receipt
from gateway.exchange import Answer, Remaining, Request, Spent
from gateway.noise.tables import NoisyTable
from gateway.pages import narrowed
from gateway.policy.catalog import Dataset
from gateway.policy.model import Guarantee
from gateway.postprocess.intervals import Redrawing, half_widths
from gateway.postprocess.sheets import opened
from gateway.privacy.plan import Plan
from gateway.recall import Asked, Shown


def present(
    request: Request,
    plan: Plan,
    dataset: Dataset,
    tables: Mapping[str, NoisyTable],
    receipt: Receipt,
    edges: Edges,
) -> Answer:
    """The answer of a plan whose noisy tables are at hand. Reads no protected row."""
    asked = Asked.of(request, dataset, plan.estimates, plan.day)
    shown = edges.recall.shown.get(asked)
    if shown is None or shown.tables != tables:
        shown = _shown(plan, tables, request.confidence, edges)
        if edges.workbench.repeats(plan.outer.sql):
            edges.recall.shown.keep(asked, shown, shown.size)
    return Answer(
        query_id=request.query_id,
        dataset=dataset.name,
        columns=plan.outer.columns,
        rows=shown.rows,
        confidence=request.confidence,
        half_width=shown.half_width,
        privacy=_spent(plan, dataset, receipt),
        notes=(*plan.notes, *shown.notes),
    )


def _shown(plan: Plan, tables: Mapping[str, NoisyTable], confidence: float, edges: Edges) -> Shown:
    """The post-processing, run on the noisy tables and on public ones."""
    with opened(plan, tables, edges) as sheet:
        redrawing = Redrawing(plan, tables, sheet, confidence)
        redrawing.make_intervals()
        rows = sheet.answer(plan.outer.sql)
        widths, notes = half_widths(plan, tables, rows, sheet, confidence, redrawing)
    width = len(plan.outer.columns)
    shown = narrowed(rows, width) if plan.outer.hidden else rows
    return Shown(tables=tables, rows=shown, half_width=widths, notes=notes)


def _spent(plan: Plan, dataset: Dataset, receipt: Receipt) -> Spent:
    privacy = dataset.policy.privacy
    charged: Cost = receipt.charged
    mechanisms = {m.mechanism.noise.value for r in plan.releases for m in r.measures}
    paid_in_full = charged.amount == plan.cost.amount
    epsilon = (
        float(plan.epsilon)
        if paid_in_full
        else epsilon_of(charged.amount, privacy.guarantee, privacy.delta)
    )
    return Spent(
        unit=privacy.unit,
        epsilon=epsilon if charged.amount else 0.0,
        delta=charged.delta / DELTA_UNIT,
        rho=_rho(charged, dataset),
        reused=bool(plan.releases) and charged.amount == 0,
        mechanism=mechanisms.pop() if len(mechanisms) == 1 else None,
        remaining=remaining(receipt.balance, dataset),
        withheld_groups_possible=any(r.threshold is not None for r in plan.releases),
    )


def remaining(balance: Balance, dataset: Dataset) -> Remaining:
    """What is left of an account, as epsilon and delta; never below zero."""
    privacy = dataset.policy.privacy
    left = Cost(
        amount=max(0, balance.limit.amount - balance.spent.amount),
        delta=max(0, balance.limit.delta - balance.spent.delta),
    )
    return Remaining(
        epsilon=epsilon_of(left.amount, privacy.guarantee, privacy.delta),
        delta=left.delta / DELTA_UNIT,
        rho=_rho(left, dataset),
        renews_at=balance.renews_at,
    )


def _rho(cost: Cost, dataset: Dataset) -> float | None:
    zcdp = dataset.policy.privacy.guarantee is Guarantee.ZCDP
    return cost.amount / AMOUNT_UNIT if zcdp else None
