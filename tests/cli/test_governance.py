"""`noisegate budget request|requests|approve|refuse|…`: the same over the command line."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from gateway.cli import forecast
from tests.cli.conftest import Command


def test_a_request_is_asked_for_listed_and_granted(ana: Command, root: Command) -> None:
    asked = ana("budget", "request", "0.5", "--dataset", "hospital", "--purpose", "Q3 report")
    assert asked.exit_code == 0
    assert "waits for a decision" in asked.stdout
    listed = json.loads(ana("budget", "requests", "--json").stdout)["requests"]
    number = str(listed[0]["id"])
    assert "Q3 report" in root("budget", "requests", "--all", "--state", "open").stdout
    done = root("budget", "approve", number, "--reason", "agreed", "--epsilon", "0.25")
    assert done.exit_code == 0
    assert "Granted ε = 0.25 to user:ana" in done.stdout
    assert "everyone has" in done.stdout
    shown = ana("budget", "requests").stdout
    assert "approved" in shown
    assert "ε = 0.25, root: agreed" in shown
    again = root("budget", "refuse", number, "--reason", "x")
    assert again.exit_code == 1
    assert "budget grant ana" in again.stderr


def test_a_request_is_refused_with_a_reason(ana: Command, root: Command) -> None:
    asked = ana("budget", "request", "1", "--dataset", "hospital", "--purpose", "x", "--json")
    number = str(json.loads(asked.stdout)["id"])
    second = ana("budget", "request", "1", "--dataset", "hospital", "--purpose", "x")
    assert (second.exit_code, number in second.stderr) == (1, True)
    done = root("budget", "refuse", number, "--reason", "no need", "--json")
    assert json.loads(done.stdout)["request"]["state"] == "refused"
    assert "no need" in ana("budget", "requests").stdout


def test_deciding_is_for_administrators(ana: Command) -> None:
    for arguments in (
        ("requests", "--all"),
        ("approve", "1", "--reason", "x"),
        ("refuse", "1", "--reason", "x"),
    ):
        result = ana("budget", *arguments)
        assert result.exit_code == 1
        assert "administrators" in result.stderr
    assert ana("budget", "requests", "--state", "open").exit_code == 2


def test_the_forecast_is_in_words_and_in_json(ana: Command, root: Command) -> None:
    shown = ana("budget", "forecast")
    assert shown.exit_code == 0
    assert "user:ana" in shown.stdout
    (budget,) = json.loads(ana("budget", "forecast", "--json").stdout)["budgets"]
    assert budget["forecast"]["outlook"] in {"idle", "runs_out", "lasts", "exhausted"}
    assert set(budget["forecast"]) == {"outlook", "runs_out_at", "since", "paid"}
    assert "everyone" in root("budget", "forecast", "--all").stdout
    assert ana("budget", "forecast", "--all").exit_code == 1


@pytest.mark.parametrize(
    ("outlook", "runs_out_at", "words"),
    [
        ("idle", None, "nothing spent lately"),
        ("renews", None, "renews before"),
        ("lasts", None, "ten years"),
        ("exhausted", None, "used up"),
        ("runs_out", "2026-12-01T00:00:00+00:00", "runs out on 2026-12-01"),
    ],
)
def test_every_outlook_has_words(outlook: str, runs_out_at: str | None, words: str) -> None:
    assert words in forecast.outlook({"outlook": outlook, "runs_out_at": runs_out_at})


def test_a_report_is_written_to_a_file_or_to_the_terminal(
    root: Command, ana: Command, tmp_path: Path
) -> None:
    month = f"{dt.datetime.now(dt.UTC):%Y-%m}"
    file = tmp_path / "report.html"
    written = root("budget", "report", "--month", month, "--output", str(file))
    assert (written.exit_code, written.stdout) == (0, "")
    assert file.read_text().startswith("<!doctype html>")
    shown = root("budget", "report", "--month", month, "--format", "csv")
    assert shown.stdout.startswith("month,dataset,section")
    assert json.loads(root("budget", "report", "--json").stdout)["type"] == "noisegate.report/1"
    assert ana("budget", "report").exit_code == 1
    nowhere = root("budget", "report", "--output", str(tmp_path / "no" / "where"))
    assert nowhere.exit_code == 1
