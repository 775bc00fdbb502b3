"""The benchmarks themselves, on a small scale: they measure what they say, and fail where not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from gateway.planning import plan
from gateway.start import Gateway
from tests.bench import against_plain, aims, charges, datasets, doors, planning, serving, stages
from tests.bench.page import Results, page
from tests.bench.questions import EVENTS, HOSPITAL, Measured
from tests.bench.serving import Memory

ROWS = 30_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench")


@pytest.fixture(scope="module")
def gateway(folder: Path) -> Iterator[Gateway]:
    with datasets.gateway(folder, ROWS) as running:
        yield running


def test_the_generated_table_is_always_the_same_and_has_heavy_owners(folder: Path) -> None:
    first, second = (datasets.database(folder / name, 20_000) for name in ("one", "two"))
    seen = []
    for file in (first, second):
        with duckdb.connect(str(file), read_only=True) as database:
            whole = database.execute("SELECT sum(hash(events)) FROM events").fetchone()
            owners = database.execute(
                "SELECT count(*) FROM events GROUP BY owner_id ORDER BY 1 DESC"
            ).fetchall()
            seen.append((whole, owners))
    assert seen[0] == seen[1]
    counts = [count for (count,) in seen[0][1]]
    assert 0.04 < counts[0] / 20_000 < 0.08
    assert counts[len(counts) // 2] == 1


@pytest.mark.parametrize("question", [*HOSPITAL, *EVENTS], ids=lambda q: f"{q.dataset}: {q.shape}")
def test_every_question_is_one_release_and_plain_sql(gateway: Gateway, question: Measured) -> None:
    found, _ = plan(question.new(), gateway.catalog, gateway.edges)
    assert len(found.releases) == 1
    assert (found.releases[0].groups is None) == (question.shape == "private key")
    times = against_plain.measure(gateway, question, 1)
    assert min(times.plain, times.private, times.whole) > 0


def test_stages_add_up_to_the_whole_and_hold_no_engine(gateway: Gateway) -> None:
    own = stages.measure(gateway, HOSPITAL[5], 5)
    assert set(own.stages) == set(stages.STAGES)
    assert all(seconds > 0 for seconds in own.stages.values())
    # a machine may be busy for a while: what is meant is that no stage is counted twice or left out
    assert 0.1 < sum(own.stages.values()) / own.new < 10


def test_a_stage_that_is_no_longer_there_is_missed(gateway: Gateway) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(stages._PLANNING, "priced")
        with pytest.raises(AttributeError, match="priced"):
            stages.watched(gateway).__enter__()


def test_the_server_is_measured_and_the_page_is_whole(folder: Path, gateway: Gateway) -> None:
    with serving.served(folder / "policies", folder / "served") as (server, key):
        memory = serving.memory(server, key, [2, 24, 48])
        rates = serving.rates(server, key, [1, 2], 0.3)
        asked = doors.measure(server, key, 2)
        crowd = doors.crowd(server, key, 5, 3, 0.3)
    assert [one.questions for one in memory] == [0, 2, 24, 48]
    assert all(50 < one.megabytes < 2_000 for one in memory)
    assert [rate.clients for rate in rates] == [1, 2]
    assert all(0 < rate.median <= rate.slowest_of_hundred for rate in rates)
    assert len(asked) == len(HOSPITAL)
    assert all(min(one.http, one.simple, one.prepared) > 0 for one in asked)
    assert 0 < crowd.median <= crowd.slowest_of_hundred
    dear = [
        replace(asked[0], http=0.001, simple=0.001 + more, prepared=0) for more in (0.002, 0.004)
    ]
    assert [aims.of_doors([asked_so]).reached for asked_so in dear] == [True, False]
    results = Results(
        rows=ROWS,
        hospital=[against_plain.measure(gateway, HOSPITAL[0], 1)],
        events=[against_plain.measure(gateway, EVENTS[0], 1)],
        own=[stages.measure(gateway, HOSPITAL[0], 3)],
        planning=planning.Planning(seconds=[0.001 * n for n in range(1, 101)]),
        rates=rates,
        doors=asked,
        crowd=crowd,
        memory=memory,
        charges=[
            charges.measure(
                f"sqlite:///{folder / 'charges.db'}", folder / "charges.key", "SQLite", 2, 0.3
            )
        ],
    )
    text = page(results)
    for heading in (
        "Aims",
        "Against plain SQL",
        "The gateway's own time",
        "PostgreSQL's protocol",
        "Charges",
        "Memory",
    ):
        assert f"\n## {heading}\n" in text
    assert str(folder) not in text


def _charges(folder: Path, name: str, gateways: int) -> charges.Charges:
    url = f"sqlite:///{folder / name}.db"
    return charges.measure(url, folder / f"{name}.key", "SQLite", gateways, 0.3)


def test_charges_are_measured_and_held_against_their_aim(folder: Path) -> None:
    measured = charges.measure(
        f"sqlite:///{folder / 'aim.db'}", folder / "aim.key", "SQLite", 1, 0.3
    )
    assert 0 < measured.median <= measured.slowest_of_hundred
    slow, fast = (replace(measured, per_second=rate) for rate in (199.0, 200.0))
    assert [aim.reached for aim in aims.of_charges([slow, fast])] == [False, True]
    assert aims.of_charges([replace(fast, gateways=2)]) == []


def test_a_missed_aim_is_said_with_its_reason() -> None:
    grown = [(0, 260.0), (1, 300.0), (5, 300.0), (10, 330.0)]
    small = [(0, 200.0), (1, 300.0), (5, 300.0), (10, 301.0)]
    missed, reached = (
        aims.of_memory([Memory(questions=count, megabytes=size) for count, size in steps])
        for steps in (grown, small)
    )
    assert [aim.reached for aim in missed] == [False, False]
    assert [aim.reached for aim in reached] == [True, True]
    assert "Missed:" in aims.shown(missed)
    assert missed[0].why in aims.shown(missed)
    assert "Missed:" not in aims.shown(reached)
