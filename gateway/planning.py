"""The pure first half of the line: a request to its plan. Reads no protected row, for free."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from sqlglot import exp

from gateway.budget.cost import amount_for
from gateway.budget.requested import requested_epsilon
from gateway.edges import Edges
from gateway.errors import Code, Refusal
from gateway.exchange import Request
from gateway.noise.tables import NoisyTable
from gateway.policy.catalog import Catalog, Dataset
from gateway.postprocess.constants import inlined
from gateway.postprocess.finish import finished
from gateway.postprocess.intervals import released_half_width
from gateway.postprocess.outer import outer
from gateway.privacy.drafts import Draft
from gateway.privacy.estimates import OwnersBySize
from gateway.privacy.outputs import is_empty, without_picking
from gateway.privacy.plan import Earlier, Estimate, Outer, Plan, Release
from gateway.privacy.price import noise_per_unit, priced, sought
from gateway.privacy.releases import Splitter
from gateway.recall import Asked, size_of
from gateway.rewrite.expressions import quoted
from gateway.sql.noise_ends import with_arguments
from gateway.sql.parse import parse
from gateway.sql.today import at_day, day_of
from gateway.sql.wrappers import Wrapping

_STEPS = 60
"""Halvings of the search for the least ε that reaches a wanted half-width."""


_ASKED_ON = "Today is {} here, in UTC. Tomorrow the same SQL asks about other rows, and costs anew."

_NONE: Mapping[str, NoisyTable] = MappingProxyType({})


def plan(
    request: Request, catalog: Catalog, edges: Edges, made: Mapping[str, NoisyTable] = _NONE
) -> tuple[Plan, Dataset]:
    """The plan of a question, and the dataset it is about.

    Bounds that come from estimates are the real ones where the estimates are stored and this
    analyst has paid for them, or stand in `made`, by fingerprint; other estimates are left pending.

    Raises Refusal with a position for SQL that is not answered, INVALID_REQUEST for a price or
    error bound outside the policy.
    """
    dataset = dataset_of(request, catalog)
    known: dict[str, Estimate] = {}
    day = day_of(request.sql, edges.clock.now())
    while True:
        asked = Asked.of(request, dataset, tuple(known.values()), day)
        found = edges.recall.plans.get(asked)
        if found is None:
            found = _made(request, dataset, edges, known, day)
            edges.recall.plans.keep(asked, found, size_of(found))
        released = _released(found, request, edges, made)
        if not released:
            if request.max_error is not None and found.pending:
                raise _bounds_unknown()
            return found, dataset
        known |= released


def _released(
    found: Plan, request: Request, edges: Edges, made: Mapping[str, NoisyTable]
) -> dict[str, Estimate]:
    """The pending estimates of a plan that have been released to this analyst, by their SQL.

    Of several the cheapest is taken. A dearer one is only ever made where there is none as dear,
    so the choice stays the same as long as it is stored, and with it the bound and the plan.
    """
    names = [offer.fingerprint for one in found.pending for offer in one.offers]
    if not names:
        return {}
    stored = edges.answers.find(found.dataset, names, request.analyst.name)
    tables = {name: one.table for name, one in stored.items() if one.seen} | dict(made)
    return {
        one.sql: replace(one, offers=(offer,), table=tables[offer.fingerprint])
        for one in found.pending
        for offer in reversed(one.offers)
        if offer.fingerprint in tables
    }


def _made(
    request: Request,
    dataset: Dataset,
    edges: Edges,
    known: Mapping[str, Estimate],
    day: dt.date | None,
) -> Plan:
    parsed = parse(request.sql)
    dated = day is not None and at_day(parsed.query, day)
    epsilon = _price(request, parsed.wrapping, dataset)
    splitter = Splitter(
        dataset,
        edges.shelves[dataset.name],
        request.parameters,
        noise_per_unit(dataset, epsilon),
        {sql: _counts(estimate) for sql, estimate in known.items()},
        parsed.wrapping,
    )
    empty = is_empty(parsed.query)
    asked = without_picking(parsed.query) if empty else parsed.query
    query = splitter.split(with_arguments(asked), empty=empty)
    measured = {name: d for name, d in splitter.drafts.items() if d.written.measures}
    fixed = {name: d for name, d in splitter.drafts.items() if not d.written.measures}
    above = inlined(query, fixed)

    earlier = _earlier(splitter, fixed)
    unknown = {} if empty else splitter.estimates_of(measured)
    estimates = sought(unknown, dataset, epsilon, known)
    reserved = sum(one.reserved for one in {**estimates, **known}.values())

    def made(price: Fraction) -> list[Release]:
        return priced(measured, earlier, dataset, price, estimates, reserved) if measured else []

    releases = made(epsilon)

    def above_it(releases: list[Release]) -> Outer:
        return outer(
            above.copy(),
            releases,
            splitter.public_tables,
            splitter.direct,
            edges.workbench,
            request.confidence,
        )

    found = Plan(
        dataset=dataset.name,
        epsilon=epsilon if releases else Fraction(0),
        releases=tuple(releases),
        outer=above_it(releases),
        notes=(
            *splitter.notes,
            *_bound_notes(estimates.values(), dataset),
            *([_ASKED_ON.format(day)] if dated and releases else []),
        ),
        explains=parsed.wrapping.explains,
        estimates=tuple(estimates.values()),
        day=day,
    )
    if empty:
        return _emptied(found)
    if request.max_error is not None and releases and not found.pending:
        wanted = _least_epsilon(found, request, dataset, measured_at=made)
        releases = made(wanted)
        # The ends of intervals stand in the post-processing, and move with the noise.
        found = replace(found, epsilon=wanted, releases=tuple(releases), outer=above_it(releases))
    return found


def _price(request: Request, wrapping: Wrapping, dataset: Dataset) -> Fraction:
    """What the question costs: as the SQL says, as the request says, or the policy's price."""
    privacy = dataset.policy.privacy
    asked = wrapping.epsilon
    if asked is not None and (request.epsilon is not None or request.max_error is not None):
        raise Refusal(
            Code.INVALID_REQUEST,
            "The price is named twice: in the SQL's OPTIONS and in the request.",
            "Leave `epsilon` and `max_error` out of the request, or out of the SQL.",
        )
    return requested_epsilon(
        asked if asked is not None else request.epsilon, privacy.per_query, privacy.max_per_query
    )


def _emptied(found: Plan) -> Plan:
    """The plan of a question that can have no rows, as tools send it to learn the types: answered
    free, from types alone."""
    items = [f"CAST(NULL AS {c.type}) AS {quoted(c.name)}" for c in found.outer.columns]
    sql = f"SELECT {', '.join(items)} WHERE FALSE"
    columns = tuple(replace(column, released=None) for column in found.outer.columns)
    alone = Outer(sql=sql, redraw=sql, columns=columns, public_tables=())
    return replace(found, epsilon=Fraction(0), releases=(), outer=alone)


def _counts(estimate: Estimate) -> OwnersBySize:
    """A released estimate as bounds are read off it."""
    if estimate.table is None:
        raise AssertionError("a released estimate")
    counts = tuple(int(row[1]) for row in estimate.table.rows if isinstance(row[1], (int, Decimal)))
    return OwnersBySize(counts=counts, mechanism=estimate.release.measures[0].mechanism)


def _bound_notes(estimates: Iterable[Estimate], dataset: Dataset) -> list[str]:
    """What an explanation and an answer say of bounds that are estimated."""
    unit, known = dataset.policy.privacy.unit, list(estimates)
    pending = [one.release.name for one in known if one.table is None]
    if pending:
        return [
            f"Bounds on one {unit}'s share are estimated privately first ({', '.join(pending)}). "
            "Until then the rest is shown for a bound of 1: noise grows in proportion to it, the "
            "price does not change."
        ]
    if known:
        names = ", ".join(one.release.name for one in known)
        return [f"Bounds on one {unit}'s share come from a private estimate ({names})."]
    return []


def _bounds_unknown() -> Refusal:
    return Refusal(
        Code.INVALID_REQUEST,
        "`max_error` cannot be planned yet: a bound of this question is still to be estimated.",
        "Ask it once with `epsilon`, which estimates the bound for all questions of its kind, or "
        "name bounds in OPTIONS (max_rows_contributed = …, max_groups_contributed = …).",
    )


def _earlier(splitter: Splitter, fixed: Mapping[str, Draft]) -> dict[str, Earlier]:
    """The values that releases take from earlier ones, by token."""
    found: dict[str, Earlier] = {}
    schema = splitter.schema()
    for token, (query, types) in splitter.earlier.items():
        ready = finished(inlined(query, fixed), schema)
        reads = {table.name for table in ready.find_all(exp.Table)} & set(splitter.drafts)
        sql = ready.sql(dialect="duckdb", comments=False)
        found[token] = Earlier(token=token, sql=sql, types=types, reads=tuple(sorted(reads)))
    return found


def dataset_of(request: Request, catalog: Catalog) -> Dataset:
    """The dataset that a request names; the only one where it names none."""
    names = list(catalog.datasets)
    if request.dataset is None and len(names) == 1:
        return catalog.datasets[names[0]]
    if request.dataset is None:
        raise Refusal(
            Code.INVALID_REQUEST,
            "The request names no dataset, and you can ask about several.",
            f"Set `dataset` to one of: {', '.join(names)}.",
        )
    if request.dataset not in catalog.datasets:
        raise Refusal(
            Code.NOT_FOUND,
            f'There is no dataset "{request.dataset[:80]}" that you can ask about.',
            f"Yours: {', '.join(names) or 'none'}.",
        )
    return catalog.datasets[request.dataset]


def _least_epsilon(
    found: Plan,
    request: Request,
    dataset: Dataset,
    measured_at: Callable[[Fraction], list[Release]],
) -> Fraction:
    """The least ε, to one part in 2⁶⁰ of the most, at which every number is exact enough."""
    columns = [column for column in found.outer.columns if column.noisy]
    released = [(*c.released, c.grain) for c in columns if c.released is not None]
    privacy = dataset.policy.privacy
    reserved = sum(estimate.reserved for estimate in found.estimates)
    if len(released) < len(columns) or request.max_error is None:
        derived = next(c.name for c in columns if c.released is None)
        raise Refusal(
            Code.INVALID_REQUEST,
            f'`max_error` cannot be planned for "{derived}": its error depends on the answer.',
            "Use `max_error` with counts and sums alone, or give `epsilon`.",
        )

    def reaches(price: Fraction) -> bool:
        if amount_for(price, privacy.guarantee, privacy.delta) < 2 * reserved:
            return False
        releases: Mapping[str, Release] = {r.name: r for r in measured_at(price)}
        worst = max(
            released_half_width(releases[name], measure, request.confidence, grain)
            for name, measure, grain in released
        )
        return worst <= float(request.max_error or 0)

    most = privacy.max_per_query
    if not reaches(most):
        raise Refusal(
            Code.INVALID_REQUEST,
            f"An error of {float(request.max_error):g} needs more than {float(most):g} of epsilon, "
            "the most that one query may cost.",
            "Ask for a larger `max_error`, fewer numbers at once, or coarser groups.",
        )
    lo, hi = most / 10**6, most
    for _ in range(_STEPS):
        middle = (lo + hi) / 2
        if reaches(middle):
            hi = middle
        else:
            lo = middle
        if hi - lo < hi / 10**4:
            break
    return hi.limit_denominator(10**9) if reaches(hi.limit_denominator(10**9)) else hi
