"""Each chart, on its own page in the explorer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.superset.building import World
from tests.superset.charts import CHARTS


def test_columns_have_the_types_of_the_data(world: World) -> None:
    """Superset reads them from the catalog, those of a virtual dataset from an answer."""
    stays = world.superset.columns(world.datasets["encounters"])
    assert stays["age"] == "TEXT"
    assert stays["time_in_hospital"] == "BIGINT"
    assert "encounter_id" not in stays  # hidden in the policy
    lines = world.superset.columns(world.datasets["lines"])
    assert lines["invoice_at"] == "TIMESTAMP WITHOUT TIME ZONE"
    assert lines["unit_price"] == "DOUBLE PRECISION"
    assert set(world.superset.columns(world.datasets["customers"])) == {
        "country",
        "quarter",
        "customers",
    }


@pytest.mark.parametrize("name", [chart.name for chart in CHARTS])
def test_a_chart_is_drawn(world: World, name: str, tmp_path: Path) -> None:
    """Without an error on its page, and with no statement refused. The dashboard's tests, which
    come first, have paid for it; alone, this one pays itself."""
    mark, seen = world.tap.mark, len(world.browser.statuses)
    faults = world.browser.chart(world.charts[name])
    world.browser.photograph(tmp_path / "page.png")
    assert faults == []
    sent = world.tap.since(mark)
    assert sent
    assert [one for one in sent if one.error] == []
    assert set(world.browser.statuses[seen:]) == {200}
