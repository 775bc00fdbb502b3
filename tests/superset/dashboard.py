"""The dashboard's layout and its native filters, in Superset's own form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.superset.charts import Chart

TITLE = "Hospital and retail, with noise"
WIDTH = 12
"""Columns of a dashboard's grid."""
REFRESH = 10
"""Seconds between two refreshes: the least that Superset offers."""


def position(charts: Sequence[tuple[Chart, int]]) -> dict[str, Any]:
    """The grid: charts with their ids, in rows as they fit."""
    rows: list[list[tuple[Chart, int]]] = [[]]
    for chart, key in charts:
        if sum(other.columns for other, _ in rows[-1]) + chart.columns > WIDTH:
            rows.append([])
        rows[-1].append((chart, key))
    names = [f"ROW-{number}" for number in range(len(rows))]
    found: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "GRID_ID": {"type": "GRID", "id": "GRID_ID", "children": names, "parents": ["ROOT_ID"]},
        "HEADER_ID": {"type": "HEADER", "id": "HEADER_ID", "meta": {"text": TITLE}},
    }
    for name, row in zip(names, rows, strict=True):
        found[name] = {
            "type": "ROW",
            "id": name,
            "children": [f"CHART-{key}" for _, key in row],
            "parents": ["ROOT_ID", "GRID_ID"],
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
        for chart, key in row:
            found[f"CHART-{key}"] = {
                "type": "CHART",
                "id": f"CHART-{key}",
                "children": [],
                "parents": ["ROOT_ID", "GRID_ID", name],
                "meta": {
                    "chartId": key,
                    "sliceName": chart.name,
                    "width": chart.columns,
                    "height": chart.height,
                },
            }
    return found


def metadata(datasets: Mapping[str, int], charts: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    """The native filters; `datasets` are ids and `charts` the charts' ids, by dataset."""
    stays, lines = charts["encounters"], charts["lines"]
    return {
        "native_filter_configuration": [
            _filter("Age", "filter_select", stays, (datasets["encounters"], "age")),
            _filter("Country", "filter_select", lines, (datasets["lines"], "country")),
            _filter("Days", "filter_range", stays, (datasets["encounters"], "time_in_hospital")),
            _filter("Invoiced", "filter_time", lines, None),
        ],
        "refresh_frequency": 0,
        "cross_filters_enabled": True,
        "color_scheme": "supersetColors",
    }


def _filter(
    name: str, kind: str, charts: Sequence[int], target: tuple[int, str] | None
) -> dict[str, Any]:
    targets: list[dict[str, Any]] = [{}]
    if target is not None:
        targets = [{"datasetId": target[0], "column": {"name": target[1]}}]
    return {
        "id": f"NATIVE_FILTER-{name}",
        "name": name,
        "filterType": kind,
        "type": "NATIVE_FILTER",
        "targets": targets,
        "scope": {"rootPath": ["ROOT_ID"], "excluded": []},
        "chartsInScope": list(charts),
        "cascadeParentIds": [],
        "controlValues": {
            "enableEmptyFilter": False,
            "multiSelect": True,
            "searchAllOptions": True,
        },
        "defaultDataMask": {"extraFormData": {}, "filterState": {}, "ownState": {}},
        "description": "",
    }
