"""A question's releases, run one after the other without noise."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from gateway.noise.release import release as released
from gateway.noise.tables import ExactTable, NoisyTable
from gateway.planning import plan
from gateway.postprocess.earlier import filled
from gateway.privacy.plan import Plan, Release
from gateway.start import Gateway
from tests.corpus.asking import request
from tests.corpus.reading import Entry
from tests.noiseless.silence import Silence

Exact = Counter[tuple[str, ...]]


def asked(entry: Entry, gateway: Gateway) -> tuple[Plan, dict[str, Exact]]:
    """The plan, and the rows of each release's statement."""
    found, _ = plan(request(entry), gateway.catalog, gateway.edges)
    tables: dict[str, NoisyTable] = {}
    rows: dict[str, Exact] = {}
    for part in found.releases:
        statement = filled(part, found, tables, gateway.edges)
        exact = gateway.edges.engines[found.dataset].run(statement, "same")
        rows[part.name] = _rows(part, exact)
        tables[part.name] = released(part, exact, Silence(), tables)
    return found, rows


def _rows(part: Release, exact: ExactTable) -> Exact:
    table = exact._open()
    columns = [table.column(name).to_pylist() for name in part.statement.columns]
    return Counter(tuple(map(_shown, row)) for row in zip(*columns, strict=True))


def _shown(value: object) -> str:
    """Numbers by their value, whatever type an engine gives them."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return repr(value)
    try:
        return str(Fraction(value))  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return str(value)


def claims(found: Plan) -> list[object]:
    """What a plan claims, but for its statements."""
    return [
        (part.name, part.keys, part.groups, part.cost, part.threshold, part.measures)
        for part in found.releases
    ]
