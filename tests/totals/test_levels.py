"""The rule that chooses is right about the noise of both ways, and is kept at its edge."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace

import pytest

from gateway.planning import plan
from gateway.privacy import levels
from gateway.privacy.boundary import Wanted
from gateway.privacy.drafts import Draft
from gateway.privacy.levels import NOTE, Set, gain_squared
from gateway.privacy.plan import Plan, Release
from gateway.recall import Recall
from gateway.start import Gateway
from tests.corpus.asking import request
from tests.corpus.policies import (
    PROTECTED,
    VARIANTS,
    empty_copy,
    gateway,
    shipped,
    write_policy,
)
from tests.corpus.reading import Entry

Planning = Callable[[str, str], Plan]


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Gateway]]:
    """Gateways over no rows, by the guarantee of their policy."""
    with ExitStack() as opened:
        found = {}
        for guarantee in ("shipped", "pure"):
            folder = tmp_path_factory.mktemp(guarantee)
            document = shipped("hospital")
            VARIANTS[guarantee](document)
            files = {PROTECTED["hospital"]: empty_copy("hospital", folder / "data")}
            write_policy(document, folder, files)
            found[guarantee] = opened.enter_context(gateway(folder))
        yield found


@pytest.fixture
def planning(started: Mapping[str, Gateway]) -> Planning:
    """The plan of a question, made anew."""

    def find(sql: str, guarantee: str) -> Plan:
        made = started[guarantee]
        entry = Entry(construct="totals", title=sql, dataset="hospital", sql=sql)
        edges = replace(made.edges, recall=Recall())
        return plan(request(entry), made.catalog, edges)[0]

    return find


def deviation(release: Release) -> float:
    """The scale of the first measure's noise in rows."""
    measure = release.measures[0]
    return measure.mechanism.scale * float(measure.unit_of_scale)


@pytest.mark.parametrize("guarantee", ["shipped", "pure"])
@pytest.mark.parametrize(
    "keys", [("age",), ("age", "readmitted"), ("insulin", "readmitted", "race")]
)
def test_the_predicted_gain_is_that_of_the_planned_noise(
    planning: Planning, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...], guarantee: str
) -> None:
    """The noise of each level planned both ways; prediction and plan share no code."""
    predicted: list[float] = []

    def apart(finest: Draft, found: dict[Set, Draft], wanted: Wanted) -> bool:
        predicted.extend(math.sqrt(gain_squared(finest, one, len(found))) for one in found.values())
        return True

    monkeypatch.setattr("gateway.privacy.releasing.apart", apart)
    listed = ", ".join(keys)
    alone = planning(f"SELECT {listed}, COUNT(*) AS n FROM encounters GROUP BY {listed}", guarantee)
    split = planning(
        f"SELECT {listed}, COUNT(*) AS n FROM encounters GROUP BY ROLLUP ({listed})", guarantee
    )
    (finest,) = alone.releases
    assert len(split.releases) == len(keys) + 1
    assert finest.groups is not None
    for release, gain in zip(split.releases, predicted, strict=True):
        assert release.groups is not None
        cells = len(finest.groups) / len(release.groups)
        summed = deviation(finest) * math.sqrt(cells)
        assert gain == pytest.approx(summed / deviation(release), rel=1e-3)


def test_few_groups_are_summed_up_so_that_totals_agree(planning: Planning) -> None:
    """Ten ages: the sum's noise is √(128 · 10 / (64 · 2)) = 3.2 times the total's own."""
    found = planning("SELECT age, COUNT(*) AS n FROM encounters GROUP BY ROLLUP (age)", "shipped")
    assert len(found.releases) == 1
    assert found.notes == ()


def test_many_groups_are_not(planning: Planning) -> None:
    """Thirty groups, three levels: √(128 · 30 / (64 · 3)) = 4.5 times."""
    found = planning(
        "SELECT age, readmitted, COUNT(*) AS n FROM encounters GROUP BY ROLLUP (age, readmitted)",
        "shipped",
    )
    assert [len(release.keys) for release in found.releases] == [2, 1, 0]
    assert found.notes == (NOTE,)
    assert len({release.cost.amount for release in found.releases}) == 1


def test_a_ratio_at_the_edge_is_summed_up(
    planning: Planning, monkeypatch: pytest.MonkeyPatch
) -> None:
    sql = "SELECT age, COUNT(*) AS n FROM encounters GROUP BY ROLLUP (age)"
    monkeypatch.setattr(levels, "MOST_RATIO", 3.16)
    assert len(planning(sql, "shipped").releases) == 2  # √10 = 3.162…
    monkeypatch.setattr(levels, "MOST_RATIO", 3.17)
    assert len(planning(sql, "shipped").releases) == 1


def test_more_levels_than_share_a_price_well_are_summed_up(planning: Planning) -> None:
    keys = "insulin, readmitted, change, diabetesmed, gender"
    sql = f"SELECT {keys}, COUNT(*) AS n FROM encounters GROUP BY CUBE ({keys})"
    assert len(planning(sql, "shipped").releases) == 1


def test_what_does_not_add_up_never_is(planning: Planning) -> None:
    sql = "SELECT change, COUNT(DISTINCT patient_nbr) AS n FROM encounters GROUP BY ROLLUP (change)"
    assert len(planning(sql, "shipped").releases) == 2


def test_the_plan_names_keys_as_the_analyst_does(planning: Planning) -> None:
    found = planning(
        "SELECT e.age AS band, num_procedures > 2, COUNT(*) FROM encounters e "
        "GROUP BY 1, num_procedures > 2, e.insulin",
        "shipped",
    )
    (release,) = found.releases
    assert {key.label for key in release.keys} == {"band", "num_procedures > 2", "insulin"}
