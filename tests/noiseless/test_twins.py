"""Every accepted query of the corpus against plain DuckDB, on the real data.

Two things of the answer are not the plain query's, and each is taken out exactly:

- Which groups appear. A public domain shows its empty groups, too; a private group shows only
  from two owners on (with noise this small the threshold lies just above one owner). So the
  statement's exact rows, all of them and nothing else, are put through post-processing, and must
  give the plain answer. Then the line itself is asked, and must give what post-processing makes of
  exactly the groups that the two rules show.
- Sums and averages over no value. There SQL gives NULL; the gateway cannot know, and gives 0 and
  the middle of the bounds. No query of the corpus has such a group among the plain answer's.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
import sqlglot

from gateway.answer import answer
from gateway.budget.allowances import allowance_for
from gateway.budget.cost import NOTHING
from gateway.edges import Analyst, Receipt
from gateway.noise.tables import NoisyTable
from gateway.planning import plan
from gateway.policy.catalog import Dataset
from gateway.postprocess.earlier import filled
from gateway.postprocess.present import present
from gateway.privacy.plan import Plan, Release
from gateway.recall import Recall
from gateway.start import Gateway
from tests.corpus.asking import ANALYST, request
from tests.corpus.policies import PROTECTED
from tests.corpus.reading import Entry, accepted
from tests.noiseless.plainly import Plain

ENTRIES = accepted()
Row = tuple[object, ...]


def gathered(
    found: Plan,
    dataset: str,
    silent: Gateway,
    rule: Callable[[Release, NoisyTable], NoisyTable],
    known: dict[str, NoisyTable],
) -> dict[str, NoisyTable]:
    """What each release shows by a rule, and with it those that take its values. `known` holds
    the results of statements that were run before."""
    tables: dict[str, NoisyTable] = {}
    for release in found.releases:
        statement = filled(release, found, tables, silent.edges)
        if statement.sql not in known:
            known[statement.sql] = exact(replace(release, statement=statement), dataset, silent)
        made = known[statement.sql]
        if release.histogram is not None:
            tables[release.name] = with_every_node(release, made, tables)
        else:
            tables[release.name] = rule(release, made)
    return tables


def unsuspected(found: Plan) -> Plan:
    """The plan as if its noise were nothing: of numbers so small that they may be noise alone, the
    post-processing of histograms shows none."""
    parts = [
        replace(
            release,
            measures=tuple(
                replace(m, mechanism=replace(m.mechanism, scale=1e-9)) for m in release.measures
            ),
        )
        for release in found.releases
    ]
    return replace(found, releases=tuple(parts))


def with_every_node(
    release: Release, table: NoisyTable, shown: Mapping[str, NoisyTable]
) -> NoisyTable:
    """A histogram's exact counts, zero where a node has no value, in the groups that are shown."""
    groups = release.groups
    if groups is None:
        assert release.groups_of is not None
        groups = tuple(row[: len(release.group_keys)] for row in shown[release.groups_of].rows)
    width = len(release.keys)
    known = {row[:width]: row for row in table.rows}
    rows = tuple(known.get(cell, (*cell, 0)) for cell in release.cells(groups))
    return replace(table, rows=rows)


def as_it_is(release: Release, table: NoisyTable) -> NoisyTable:
    """All of the statement's rows."""
    return table


def exact(release: Release, dataset: str, silent: Gateway) -> NoisyTable:
    """The statement's result as it is."""
    opened = silent.edges.engines[dataset].run(release.statement, "noiseless")._open()
    columns = [opened.column(name).to_pylist() for name in release.statement.columns]
    width = len(release.keys)
    rows = [
        (*row[:width], *(int(value) for value in row[width:])) for row in zip(*columns, strict=True)
    ]
    return NoisyTable(
        keys=tuple(key.name for key in release.keys),
        measures=tuple(measure.column for measure in release.measures),
        rows=tuple(rows),
    )


def by_the_rules(release: Release, table: NoisyTable) -> NoisyTable:
    """What an answer without noise shows: all public groups, private ones of two owners."""
    width = len(release.keys)
    if release.groups is not None:
        known = {row[:width]: row for row in table.rows}
        zeros = (0,) * len(release.measures)
        rows = [known.get(group, (*group, *zeros)) for group in release.groups]
    else:
        assert release.threshold is not None
        owners = width + table.measures.index(release.threshold.column)
        unit = next(
            1 / m.unit_of_scale for m in release.measures if m.column == release.threshold.column
        )
        rows = [row for row in table.rows if row[owners] >= 2 * unit]  # type: ignore[operator]
    return NoisyTable(keys=table.keys, measures=table.measures, rows=tuple(rows))


def presented(
    entry: Entry, found: Plan, dataset: Dataset, tables: Mapping[str, NoisyTable], silent: Gateway
) -> list[Row]:
    balance = silent.edges.ledger.balance(dataset.name, allowance_for(dataset.policy, ANALYST))
    receipt = Receipt(charged=NOTHING, balance=balance)
    # Equal tables under another plan: what was shown of the one is not what the other shows.
    edges = replace(silent.edges, recall=Recall())
    return list(present(request(entry), found, dataset, tables, receipt, edges).rows)


def normal(value: object) -> object:
    """Numbers of any type as floats, for comparing and sorting."""
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return float(value)
    return value


def sorting(row: Row) -> tuple[tuple[str, object], ...]:
    return tuple(
        ("", "")
        if v is None
        else ("n", float(f"{v:.6e}"))
        if isinstance(v, float)
        else ("s", str(v))
        for v in row
    )


def in_order(rows: Sequence[Row], ordered: bool) -> list[Row]:
    made = [tuple(map(normal, row)) for row in rows]
    return made if ordered else sorted(made, key=sorting)


def agree(a: object, b: object, within: float = 0.0) -> bool:
    if isinstance(a, dt.datetime) and isinstance(b, dt.datetime):
        return abs((a - b).total_seconds()) <= within
    if isinstance(a, float) and isinstance(b, float) and within:
        return abs(a - b) <= within
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
    return a == b and type(a) is type(b)


def differences(
    ours: Sequence[Row], theirs: Sequence[Row], ordered: bool, within: float = 0.0
) -> list[str]:
    """What differs, in words; whole numbers below 2⁵³ are compared exactly."""
    a, b = in_order(ours, ordered), in_order(theirs, ordered)
    if len(a) != len(b):
        return [f"{len(a)} rows, not {len(b)}", *map(str, [*a[:5], "not", *b[:5]])]
    return [
        f"{x} is not {y}"
        for x, y in zip(a, b, strict=True)
        if len(x) != len(y) or not all(agree(*pair, within) for pair in zip(x, y, strict=True))
    ]


def free_domain(entry: Entry, found: Plan) -> bool:
    """Whether the answer lists a public domain: all of it, for nothing was read to choose."""
    return not found.releases and PROTECTED[entry.dataset] in entry.sql


def ordered(entry: Entry) -> bool:
    """Whether the question itself asks for an order."""
    return bool(sqlglot.parse_one(entry.sql, dialect="postgres").args.get("order"))


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(entry, id=entry.id, marks=pytest.mark.xdist_group(f"twins of {entry.dataset}"))
        for entry in ENTRIES
    ],
)
def test_without_noise_the_answer_is_the_plain_one(
    entry: Entry, silent: Gateway, plain: Mapping[str, Plain]
) -> None:
    found, dataset = plan(request(entry), silent.catalog, silent.edges)
    known: dict[str, NoisyTable] = {}
    tables = gathered(found, entry.dataset, silent, as_it_is, known)
    ours = presented(entry, unsuspected(found), dataset, tables, silent)
    theirs = plain[entry.dataset].rows(entry)
    if free_domain(entry, found):
        assert set(theirs) <= set(ours)
        return
    assert not differences(ours, theirs, ordered(entry), entry.within)

    shown = gathered(found, entry.dataset, silent, by_the_rules, known)
    expected = presented(entry, found, dataset, shown, silent)
    # An account holds nine such questions, so each has an analyst of its own.
    analyst = Analyst(name=entry.id, roles=("analyst",))
    asked = answer(request(entry, analyst=analyst), silent.catalog, silent.edges)
    assert not differences(list(asked.rows), expected, ordered(entry))
