"""The charts that these tests build, as Superset's explorer would save them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart: `kind` is Superset's name of it, `on` the dataset, `settings` what differs.

    `columns` of the dashboard's twelve are its width, `height` is in its units of 8 pixels.
    """

    name: str
    kind: str
    on: str
    settings: Json = field(default_factory=dict)
    columns: int = 4
    height: int = 32

    def form(self, dataset: int) -> dict[str, Any]:
        """The form's data."""
        common = {
            "datasource": f"{dataset}__table",
            "viz_type": self.kind,
            "adhoc_filters": [],
            "row_limit": 1000,
            "color_scheme": "supersetColors",
        }
        return common | dict(self.settings)


def simple(aggregate: str, column: str) -> Json:
    """A metric that is picked from lists."""
    return {
        "expressionType": "SIMPLE",
        "aggregate": aggregate,
        "column": {"column_name": column},
        "label": f"{aggregate}({column})",
    }


def written(label: str, sql: str) -> Json:
    """A metric in SQL of one's own."""
    return {"expressionType": "SQL", "sqlExpression": sql, "label": label, "hasCustomLabel": True}


def computed(label: str, sql: str) -> Json:
    """A dimension in SQL of one's own."""
    return {"expressionType": "SQL", "sqlExpression": sql, "label": label}


ROWS = written("stays", "COUNT(*)")
BACK_SOON = written(
    "back within 30 days, %",
    "100.0 * COUNT(*) FILTER (WHERE readmitted = '<30') / NULLIF(COUNT(*), 0)",
)
CUSTOMERS = """
SELECT country, date_trunc('quarter', invoice_at) AS quarter,
       COUNT(DISTINCT customer_id) AS customers
FROM lines WHERE country IN ('United Kingdom', 'Germany', 'France', 'EIRE', 'Spain', 'Belgium')
GROUP BY 1, 2
"""
"""The virtual dataset: a question of its own, which charts filter and add up for free."""

CHARTS = (
    Chart(
        name="Average stay, days",
        kind="big_number_total",
        on="encounters",
        settings={"metric": simple("AVG", "time_in_hospital"), "y_axis_format": ".2f"},
        columns=3,
    ),
    Chart(
        name="Customers by week",
        kind="big_number",
        on="lines",
        settings={
            "metric": simple("COUNT_DISTINCT", "customer_id"),
            "x_axis": "invoice_at",
            "time_grain_sqla": "P1W",
            "show_trend_line": True,
            "start_y_axis_at_zero": True,
            "compare_lag": 1,
            "rolling_type": "None",
        },
        columns=3,
    ),
    Chart(
        name="Stays by age",
        kind="echarts_timeseries_bar",
        on="encounters",
        settings={
            "x_axis": "age",
            "metrics": [ROWS],
            "groupby": [],
            "x_axis_sort_asc": True,
            "x_axis_sort": "age",
            "y_axis_format": "SMART_NUMBER",
            "show_legend": False,
        },
        columns=6,
    ),
    Chart(
        name="Customers by month, five largest countries",
        kind="echarts_timeseries_line",
        on="lines",
        settings={
            "x_axis": "invoice_at",
            "time_grain_sqla": "P1M",
            "metrics": [simple("COUNT_DISTINCT", "customer_id")],
            "groupby": ["country"],
            "limit": 5,
            "timeseries_limit_metric": simple("COUNT_DISTINCT", "customer_id"),
            "order_desc": True,
            "logAxis": True,
            "show_legend": True,
            "legendType": "scroll",
            "legendOrientation": "top",
            "rich_tooltip": True,
        },
        columns=8,
    ),
    Chart(
        name="Stays by race",
        kind="pie",
        on="encounters",
        settings={"groupby": ["race"], "metric": ROWS, "show_legend": True, "show_labels": True},
    ),
    Chart(
        name="Medications per stay",
        kind="echarts_timeseries_bar",
        on="encounters",
        settings={
            "x_axis": computed("medications from", "FLOOR(num_medications / 9.0) * 9"),
            "metrics": [ROWS],
            "groupby": [],
            "xAxisForceCategorical": True,
            "show_legend": False,
        },
        height=56,
    ),
    Chart(
        name="Average stay by age and readmission",
        kind="pivot_table_v2",
        on="encounters",
        settings={
            "groupbyRows": ["age"],
            "groupbyColumns": ["readmitted"],
            "metrics": [simple("AVG", "time_in_hospital")],
            "metricsLayout": "COLUMNS",
            "aggregateFunction": "Average",
            "valueFormat": ".2f",
            "rowTotals": True,
            "colTotals": True,
        },
        height=56,
    ),
    Chart(
        name="Customers by country and quarter",
        kind="echarts_timeseries_bar",
        on="customers",
        settings={
            "x_axis": "country",
            "metrics": [simple("SUM", "customers")],
            "groupby": ["quarter"],
            "logAxis": True,
            "show_legend": False,
        },
        height=56,
    ),
    Chart(
        name="Readmission by age and gender",
        kind="table",
        on="encounters",
        settings={
            "query_mode": "aggregate",
            "groupby": ["age", "gender"],
            "metrics": [ROWS, BACK_SOON],
            "all_columns": [],
            "percent_metrics": [],
            "show_totals": True,
            "server_pagination": True,
            "server_page_length": 10,
            "order_desc": True,
            "table_timestamp_format": "smart_date",
        },
        columns=12,
        height=64,
    ),
)
