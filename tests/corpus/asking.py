"""A query of the corpus as a request, and its plan as text that can be reviewed."""

from __future__ import annotations

import uuid
from fractions import Fraction

from gateway.edges import Analyst
from gateway.exchange import Request
from gateway.planning import plan
from gateway.privacy.plan import Plan, Release
from gateway.start import Gateway
from tests.corpus.reading import Entry

ANALYST = Analyst(name="ana", roles=("analyst",))


def request(entry: Entry, epsilon: Fraction | None = None, analyst: Analyst = ANALYST) -> Request:
    """The question that an analyst would send."""
    return Request(
        query_id=uuid.uuid4().hex,
        analyst=analyst,
        sql=entry.sql,
        dataset=entry.dataset,
        parameters=entry.parameters,
        epsilon=epsilon,
    )


def planned(entry: Entry, gateway: Gateway, epsilon: Fraction | None = None) -> Plan:
    """The plan of a query."""
    return plan(request(entry, epsilon), gateway.catalog, gateway.edges)[0]


def shown(found: Plan) -> str:
    """A plan as the snapshots keep it: every statement, and what is claimed of its columns."""
    lines: list[str] = []
    for release in found.releases:
        lines += [f"-- release {release.name}: {_groups(release)}"]
        lines += [
            f"--   {measure.column}: {measure.label}, {measure.sensitivity.norm.value} sensitivity "
            f"{float(measure.sensitivity.value):.6g}, one is {measure.unit_of_scale}"
            for measure in release.measures
        ]
        lines.append(f"{release.statement.sql};")
    columns = ", ".join(
        f"{column.name} {column.type}{' noisy' if column.noisy else ''}"
        f"{' released' if column.released else ''}"
        for column in found.outer.columns
    )
    lines += [f"-- answer: {columns}", f"{found.outer.sql};"]
    return "\n".join(lines)


def _groups(release: Release) -> str:
    keys = ", ".join(f"{key.name} {key.type.name}" for key in release.keys) or "no keys"
    if release.histogram is not None:
        tree = release.histogram
        keys += f"; {tree.leaves} leaves of {tree.width} steps of {tree.step}"
    if release.groups_of is not None:
        return f"{keys}; groups of {release.groups_of}"
    if release.groups is None:
        return (
            f"{keys}; private groups, threshold on {release.threshold and release.threshold.column}"
        )
    return f"{keys}; public groups: {len(release.groups)}"
