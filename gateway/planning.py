"""The pure first half of the line: a request to its plan. Reads no protected row, for free."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction

from sqlglot import exp

from gateway.budget.requested import requested_epsilon
from gateway.edges import Edges
from gateway.errors import Code, Refusal
from gateway.exchange import Request
from gateway.policy.catalog import Catalog, Dataset
from gateway.postprocess.constants import inlined
from gateway.postprocess.finish import finished
from gateway.postprocess.intervals import released_half_width
from gateway.postprocess.outer import outer
from gateway.privacy.drafts import Draft
from gateway.privacy.outputs import is_empty
from gateway.privacy.plan import Earlier, Outer, Plan, Release
from gateway.privacy.price import noise_per_unit, priced
from gateway.privacy.releases import Splitter
from gateway.recall import Asked, size_of
from gateway.rewrite.expressions import quoted
from gateway.sql.noise_ends import with_arguments
from gateway.sql.parse import parse
from gateway.sql.wrappers import Wrapping

_STEPS = 60
"""Halvings of the search for the least ε that reaches a wanted half-width."""


def plan(request: Request, catalog: Catalog, edges: Edges) -> tuple[Plan, Dataset]:
    """The plan of a question, and the dataset it is about.

    Raises Refusal with a position for SQL that is not answered, INVALID_REQUEST for a price or
    error bound outside the policy.
    """
    dataset = dataset_of(request, catalog)
    asked = Asked.of(request, dataset)
    found = edges.recall.plans.get(asked)
    if found is None:
        found = _made(request, dataset, edges)
        edges.recall.plans.keep(asked, found, size_of(found))
    return found, dataset


def _made(request: Request, dataset: Dataset, edges: Edges) -> Plan:
    parsed = parse(request.sql)
    epsilon = _price(request, parsed.wrapping, dataset)
    splitter = Splitter(
        dataset,
        edges.shelves[dataset.name],
        request.parameters,
        noise_per_unit(dataset, epsilon),
        parsed.wrapping,
    )
    empty = is_empty(parsed.query)
    query = splitter.split(with_arguments(parsed.query), empty=empty)
    measured = {name: d for name, d in splitter.drafts.items() if d.written.measures}
    fixed = {name: d for name, d in splitter.drafts.items() if not d.written.measures}
    above = inlined(query, fixed)

    earlier = _earlier(splitter, fixed)

    def made(price: Fraction) -> list[Release]:
        return priced(measured, earlier, dataset, price) if measured else []

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
        notes=tuple(splitter.notes),
        explains=parsed.wrapping.explains,
    )
    if empty:
        return _emptied(found)
    if request.max_error is not None and releases:
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
    if len(released) < len(columns) or request.max_error is None:
        derived = next(c.name for c in columns if c.released is None)
        raise Refusal(
            Code.INVALID_REQUEST,
            f'`max_error` cannot be planned for "{derived}": its error depends on the answer.',
            "Use `max_error` with counts and sums alone, or give `epsilon`.",
        )

    def reaches(price: Fraction) -> bool:
        releases: Mapping[str, Release] = {r.name: r for r in measured_at(price)}
        worst = max(
            released_half_width(releases[name], measure, request.confidence, grain)
            for name, measure, grain in released
        )
        return worst <= float(request.max_error or 0)

    most = dataset.policy.privacy.max_per_query
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
