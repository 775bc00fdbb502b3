"""What else Superset's explorer can ask, sent through its API as the explorer would: answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.superset.building import World
from tests.superset.charts import ROWS, computed, simple, written

Json = Mapping[str, Any]

BRIEF = "2011-03-01T10:00:00 : 2011-03-01T10:30:00"
LONG = "2011-01-01T00:00:00 : 2011-07-01T00:00:00"
GRAINS = {
    **dict.fromkeys(("PT1S", "PT5S", "PT30S", "PT1M", "PT5M", "PT10M", "PT15M", "PT30M"), BRIEF),
    **dict.fromkeys(("PT1H", "P1D", "P1W", "P1M", "P3M", "P1Y"), LONG),
}
"""Every grain that Superset offers for PostgreSQL, with a range of time of fitting length."""


def when(grain: str) -> Json:
    """The axis of time."""
    return {
        "columnType": "BASE_AXIS",
        "timeGrain": grain,
        "expressionType": "SQL",
        "sqlExpression": "invoice_at",
        "label": "invoice_at",
    }


def within(span: str) -> Json:
    """A filter by time."""
    return {"col": "invoice_at", "op": "TEMPORAL_RANGE", "val": span}


def compare(column: str, operator: str, value: object) -> Json:
    """A filter that is picked from lists."""
    return {"col": column, "op": operator, "val": value}


def asked(
    world: World,
    on: str,
    columns: Sequence[object],
    metrics: Sequence[object],
    **more: object,
) -> list[dict[str, Any]]:
    """The rows of an answer; every statement on the way must be answered."""
    mark = world.tap.mark
    query = {"columns": list(columns), "metrics": list(metrics), "row_limit": 1000, **more}
    answer = world.superset.asked(world.datasets[on], query)
    assert answer.is_success, answer.text
    assert [one for one in world.tap.since(mark) if one.error] == []
    rows: list[dict[str, Any]] = answer.json()["result"][0]["data"]
    return rows


@pytest.mark.parametrize("grain", GRAINS)
def test_every_grain_of_time(world: World, grain: str) -> None:
    rows = asked(world, "lines", [when(grain)], [ROWS], filters=[within(GRAINS[grain])])
    assert rows
    assert all(isinstance(row["invoice_at"], (int, float)) for row in rows)


def test_shares_of_a_whole(world: World) -> None:
    """Superset computes them from the answer."""
    work = [
        {"operation": "contribution", "options": {"orientation": "column", "columns": ["stays"]}}
    ]
    rows = asked(world, "encounters", ["age"], [ROWS], post_processing=work)
    assert sum(row["stays"] for row in rows) == pytest.approx(1)


def test_a_rolling_mean(world: World) -> None:
    work = [
        {
            "operation": "pivot",
            "options": {
                "index": ["invoice_at"],
                "columns": [],
                "aggregates": {"stays": {"operator": "mean"}},
            },
        },
        {
            "operation": "rolling",
            "options": {
                "rolling_type": "mean",
                "window": 4,
                "min_periods": 1,
                "columns": {"stays": "stays"},
            },
        },
        {"operation": "flatten"},
    ]
    rows = asked(
        world, "lines", [when("P1W")], [ROWS], filters=[within(LONG)], post_processing=work
    )
    assert len(rows) >= 20


def test_comparison_with_an_earlier_time(world: World) -> None:
    """Superset asks a second question, shifted, and joins the two answers."""
    rows = asked(
        world,
        "lines",
        [when("P1M")],
        [ROWS],
        filters=[within("2011-03-01 : 2011-06-01")],
        time_offsets=["1 month ago"],
    )
    assert {"stays", "stays__1 month ago"} <= set(rows[0])


FILTERS: Mapping[str, tuple[str, Sequence[Json], Json]] = {
    "is in": ("encounters", [compare("age", "IN", ["[50-60)", "[60-70)"])], {}),
    "is not in": ("encounters", [compare("age", "NOT IN", ["[0-10)"])], {}),
    "equals": ("encounters", [compare("gender", "==", "Female")], {}),
    "differs": ("encounters", [compare("gender", "!=", "Female")], {}),
    "is null": ("encounters", [compare("race", "IS NULL", None)], {}),
    "is not null": ("encounters", [compare("race", "IS NOT NULL", None)], {}),
    "is null or in": ("encounters", [compare("race", "IN", ["Asian", "<NULL>"])], {}),
    "is less": ("encounters", [compare("time_in_hospital", "<=", 3)], {}),
    "is like": ("lines", [compare("country", "LIKE", "U%")], {}),
    "is like, any case": ("lines", [compare("country", "ILIKE", "%king%")], {}),
    "is not like": ("lines", [compare("country", "NOT LIKE", "U%")], {}),
    "written, for rows": ("encounters", [], {"where": "time_in_hospital > 3 AND change = 'Ch'"}),
    "written, for groups": ("encounters", [], {"having": "COUNT(*) > 1000"}),
}


@pytest.mark.parametrize("name", FILTERS)
def test_filters_of_a_chart(world: World, name: str) -> None:
    on, filters, extras = FILTERS[name]
    column = "readmitted" if on == "encounters" else "country"
    assert asked(world, on, [column], [ROWS], filters=list(filters), extras=dict(extras))


METRICS: Mapping[str, Json] = {
    "count of values": simple("COUNT", "race"),
    "sum": simple("SUM", "num_medications"),
    "minimum": simple("MIN", "num_medications"),
    "maximum": simple("MAX", "num_medications"),
    "distinct, of the unit": simple("COUNT_DISTINCT", "patient_nbr"),
    "distinct, of another": simple("COUNT_DISTINCT", "diag_1"),
    "written, ratio": written("r", "SUM(num_medications) / NULLIF(SUM(time_in_hospital), 0)"),
    "written, share": written("r", "AVG(CASE WHEN readmitted = '<30' THEN 1.0 ELSE 0 END)"),
    "written, median": written("r", "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY num_medications)"),
    "written, spread": written("r", "STDDEV(num_medications)"),
}


@pytest.mark.parametrize("name", METRICS)
def test_metrics(world: World, name: str) -> None:
    rows = asked(world, "encounters", ["readmitted"], [METRICS[name]])
    assert len(rows) == 3


COLUMNS: Mapping[str, tuple[str, Json]] = {
    "buckets": ("encounters", computed("b", "width_bucket(num_lab_procedures, 0, 132, 11)")),
    "ranges": ("encounters", computed("b", "CASE WHEN num_procedures = 0 THEN '0' ELSE '1+' END")),
    "hour of the day": ("lines", computed("b", "EXTRACT(HOUR FROM invoice_at)")),
    "day of the week": ("lines", computed("b", "TO_CHAR(invoice_at, 'ID')")),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_dimensions_in_sql(world: World, name: str) -> None:
    on, column = COLUMNS[name]
    assert asked(world, on, [column], [ROWS], orderby=[[ROWS, False]])


def test_values_of_a_filter_are_free_where_they_are_public(world: World) -> None:
    """Also searched, as a list with many values is."""
    before = world.gateway.spent()
    assert len(asked(world, "encounters", ["age"], [])) == 10
    found = asked(world, "lines", ["country"], [], filters=[compare("country", "ILIKE", "%ger%")])
    assert found == [{"country": "Germany"}]
    assert world.gateway.spent() == before


def test_pages_and_their_number_are_free_once_the_table_is_paid(world: World) -> None:
    """A table with server paging: a page, the next, a column sorted by, and how many rows."""
    asked(world, "encounters", ["age", "insulin"], [ROWS], orderby=[[ROWS, False]], row_limit=10)
    before = world.gateway.spent()
    more = {"orderby": [["age", True]], "row_limit": 10, "row_offset": 10}
    assert len(asked(world, "encounters", ["age", "insulin"], [ROWS], **more)) == 10
    count = asked(world, "encounters", ["age", "insulin"], [ROWS], is_rowcount=True)
    assert count == [{"rowcount": 40}]
    assert world.gateway.spent() == before


def test_a_series_limit(world: World) -> None:
    """Also with the rest as "Others": then every series stands in the answer, those beyond the
    limit with nothing but noise, for which they are is known only once the first part is."""
    more = {
        "series_columns": ["country"],
        "series_limit": 3,
        "series_limit_metric": ROWS,
        "filters": [within(LONG)],
    }
    for group in (False, True):
        rows = asked(
            world,
            "lines",
            [when("P1M"), "country"],
            [ROWS],
            **more,
            group_others_when_limit_reached=group,
        )
        shown = {row["country"] for row in rows}
        assert "Others" in shown if group else len(shown) == 3


def test_a_virtual_dataset_is_filtered_and_added_up_for_free(world: World) -> None:
    before = world.gateway.spent()
    rows = asked(
        world,
        "customers",
        ["quarter"],
        [simple("SUM", "customers")],
        filters=[compare("country", "IN", ["Germany", "France"])],
    )
    assert rows
    assert world.gateway.spent() == before


def test_sql_lab_answers_and_refuses(world: World) -> None:
    """A refusal is shown with its reason and what to do instead."""
    database = world.databases["hospital"]
    answer = world.superset.run(database, "SELECT gender, COUNT(*) n FROM encounters GROUP BY 1")
    assert answer.is_success, answer.text
    assert len(answer.json()["data"]) == 3
    refused = world.superset.run(database, "SELECT age, gender FROM encounters")
    assert not refused.is_success
    assert "Aggregate first" in refused.text


@pytest.mark.parametrize("kind", ["samples", "drill_detail"])
def test_rows_are_refused_with_the_reason(world: World, kind: str) -> None:
    """The tab of samples, and "drill to detail" in the menu of a chart."""
    before = world.gateway.spent()
    query = {"columns": ["age", "gender"], "metrics": [], "row_limit": 50}
    answer = world.superset.asked(world.datasets["encounters"], query, kind)
    assert not answer.is_success
    assert "would pick rows of individuals" in answer.text
    assert world.gateway.spent() == before
