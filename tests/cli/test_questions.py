"""`noisegate query`, `explain` and `budget` against a running gateway."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.cli.conftest import Command
from tests.http.process import Running

SQL = "SELECT age, COUNT(*) AS n FROM encounters GROUP BY age"


def test_a_table_shows_half_widths_and_the_price_goes_to_standard_error(ana: Command) -> None:
    result = ana("query", SQL)
    assert result.exit_code == 0
    assert "9,007,199,254,740,993 ± 12.0" in result.stdout
    assert "charged ε = 0.25 per patient; 4.75 left" in result.stderr
    assert "charged" not in result.stdout
    assert len(result.stdout.splitlines()) == 2 + 3  # headings, a rule, three rows: none is folded


def test_json_is_the_gateways_answer(ana: Command) -> None:
    for arguments in (("--json",), ("--format", "json")):
        document = json.loads(ana("query", SQL, *arguments).stdout)
        assert document["rows"][0][1] == 2**53 + 1


def test_csv(ana: Command) -> None:
    result = ana("query", SQL, "--format", "csv")
    rows = list(csv.reader(io.StringIO(result.stdout_bytes.decode(), newline="")))
    assert rows[0][0] == "age"
    assert len(rows) == 4
    assert "charged" in result.stderr


def test_parquet(ana: Command, tmp_path: Path) -> None:
    out = tmp_path / "answer.parquet"
    assert ana("query", SQL, "--format", "parquet", "-o", str(out)).exit_code == 0
    assert pq.read_table(out).column("n").to_pylist() == [2**53 + 1, None, -3]
    failed = ana("query", SQL, "--format", "parquet", "-o", str(tmp_path / "no" / "where"))
    assert failed.exit_code == 1
    assert "cannot be written" in failed.stderr


def test_options_and_standard_input_reach_the_gateway(ana: Command) -> None:
    result = ana(
        "query", "-", "--dataset", "hospital", "--epsilon", "0.1", "--json", input="SELECT 7"
    )
    assert json.loads(result.stdout)["notes"][:3] == ["SELECT 7", "1/10", "None"]
    assert ana("query", SQL, "--epsilon", "1", "--max-error", "1").exit_code == 2
    assert ana("query", SQL, "--format", "xml").exit_code == 2
    assert ana("query").exit_code == 2


def test_a_refusal_ends_with_1_and_says_where_and_what_to_do(ana: Command) -> None:
    result = ana("query", "REFUSED")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "unknown_column" in result.stderr
    assert "line 1, column 9: agee" in result.stderr
    assert 'hint: Did you mean "age"?' in result.stderr


def test_no_gateway_and_no_key(noisegate: Command, double: Running) -> None:
    result = noisegate("query", SQL, "--url", "http://127.0.0.1:1", "--key", "k")
    assert result.exit_code == 1
    assert "noisegate serve" in result.stderr
    result = noisegate("query", SQL, "--url", double.url)
    assert result.exit_code == 1
    assert "unauthenticated" in result.stderr
    assert noisegate("query", SQL, "--url", "nonsense").exit_code == 1


def test_explain(ana: Command) -> None:
    result = ana("explain", SQL)
    assert result.exit_code == 0
    for part in ('SELECT "k0", COUNT(*)', "discrete_gaussian", "80.5", "321", '"release_1"'):
        assert part in result.stdout
    assert json.loads(ana("explain", SQL, "--json").stdout)["accepted"] is True


def test_budget_show_history_and_grant(ana: Command, root: Command) -> None:
    assert "user:ana" in ana("budget", "show").stdout
    document = json.loads(ana("budget", "show", "--json").stdout)
    limit = document["budgets"][0]["limit"]["epsilon"]
    assert ana("budget", "show", "--all").exit_code == 1
    assert "everyone" in root("budget", "show", "--all").stdout

    ana("query", "SELECT 'history'")
    assert "SELECT 'history'" in ana("budget", "history", "--limit", "3").stdout
    past = json.loads(ana("budget", "history", "--dataset", "hospital", "--json").stdout)
    assert past["questions"][0]["sql"] == "SELECT 'history'"

    grant = ("budget", "grant", "ana", "0.5", "--dataset", "hospital", "--reason", "report")
    assert "forbidden" in ana(*grant).stderr
    granted = root(*grant)
    assert granted.exit_code == 0
    assert "user:ana has ε" in granted.stdout
    document = json.loads(ana("budget", "show", "--json").stdout)
    assert document["budgets"][0]["limit"]["epsilon"] == pytest.approx(limit + 0.5)
    assert root("budget", "grant", "ana", "0.5", "--dataset", "hospital").exit_code == 2
