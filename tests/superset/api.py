"""Superset's REST API, as far as these tests build with it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from tests.superset.charts import Chart

NAME, PASSWORD = "admin", "admin"


class Superset:
    """An administrator's session."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._client = httpx.Client(base_url=url, timeout=120, trust_env=False)
        login = {"username": NAME, "password": PASSWORD, "provider": "db"}
        token = self._posted("/api/v1/security/login", login)["access_token"]
        self._client.headers["Authorization"] = f"Bearer {token}"
        self._client.headers["Referer"] = url
        self._client.headers["X-CSRFToken"] = self.got("/api/v1/security/csrf_token/")["result"]

    def close(self) -> None:
        self._client.close()

    def got(self, path: str) -> dict[str, Any]:
        """The JSON of a page."""
        return self._checked(self._client.get(path))

    def database(self, name: str, uri: str) -> int:
        """Connects to a dataset of the gateway; the database's id."""
        body = {"database_name": name, "sqlalchemy_uri": uri}
        self._posted("/api/v1/database/test_connection/", body)
        return int(self._posted("/api/v1/database/", body | {"expose_in_sqllab": True})["id"])

    def dataset(self, database: int, table: str, sql: str | None = None) -> int:
        """A dataset on a table, or a virtual one with this SQL; its id."""
        body = {"database": database, "schema": "public", "table_name": table}
        return int(self._posted("/api/v1/dataset/", body | ({"sql": sql} if sql else {}))["id"])

    def columns(self, dataset: int) -> dict[str, str]:
        """A dataset's columns with their types, as Superset read them."""
        found = self.got(f"/api/v1/dataset/{dataset}")["result"]["columns"]
        return {column["column_name"]: column["type"] for column in found}

    def chart(self, chart: Chart, dataset: int) -> int:
        """Adds a chart; its id."""
        body = {
            "slice_name": chart.name,
            "viz_type": chart.kind,
            "datasource_id": dataset,
            "datasource_type": "table",
            "params": json.dumps(chart.form(dataset)),
        }
        return int(self._posted("/api/v1/chart/", body)["id"])

    def dashboard(
        self, title: str, position: Mapping[str, Any], metadata: Mapping[str, Any]
    ) -> int:
        """Adds a dashboard; its id."""
        body = {
            "dashboard_title": title,
            "published": True,
            "position_json": json.dumps(position),
            "json_metadata": json.dumps(metadata),
        }
        return int(self._posted("/api/v1/dashboard/", body)["id"])

    def join(self, charts: Sequence[int], dashboards: Sequence[int]) -> None:
        """Puts charts onto dashboards."""
        for chart in charts:
            body = {"dashboards": list(dashboards)}
            answer = self._client.put(f"/api/v1/chart/{chart}", json=body)
            self._checked(answer)

    def asked(self, dataset: int, query: Mapping[str, Any], kind: str = "full") -> httpx.Response:
        """A chart's query, as the explorer sends it, without a look at the status."""
        body = {
            "datasource": {"id": dataset, "type": "table"},
            "force": True,
            "queries": [query],
            "result_format": "json",
            "result_type": kind,
        }
        return self._client.post("/api/v1/chart/data", json=body)

    def run(self, database: int, sql: str) -> httpx.Response:
        """SQL Lab."""
        body = {"database_id": database, "sql": sql, "runAsync": False, "queryLimit": 1000}
        return self._client.post("/api/v1/sqllab/execute/", json=body)

    def _posted(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return self._checked(self._client.post(path, json=body))

    @staticmethod
    def _checked(answer: httpx.Response) -> dict[str, Any]:
        assert answer.is_success, f"{answer.request.url}: {answer.status_code} {answer.text}"
        found: dict[str, Any] = answer.json()
        return found
