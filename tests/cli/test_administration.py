"""`noisegate user`, `audit`, `data`, `policy`, `serve`: on the administrator's own machine."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from gateway.cli.commands import app
from tests.cli.conftest import Command
from tests.project.tree import ROOT

POLICIES = str(ROOT / "policies")


@pytest.fixture
def ledger(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'ledger.sqlite'}"


def test_a_user_comes_and_goes(noisegate: Command, ledger: str) -> None:
    added = noisegate("user", "add", "ana", "--role", "analyst", "--ledger", ledger)
    assert added.exit_code == 0
    key = added.stdout.strip()
    assert key.startswith("ng_")
    assert key not in added.stderr
    listed = noisegate("user", "list", "--ledger", ledger).stdout
    assert "ana" in listed
    assert "analyst" in listed
    assert key not in listed
    again = noisegate("user", "add", "ana", "--ledger", ledger)
    assert (again.exit_code, again.stdout) == (1, "")
    assert "hint" in again.stderr
    assert noisegate("user", "revoke", "ana", "--ledger", ledger).exit_code == 0
    users = json.loads(noisegate("user", "list", "--json", "--ledger", ledger).stdout)
    assert users[0]["name"] == "ana"
    assert users[0]["revoked_at"]
    assert noisegate("user", "revoke", "ben", "--ledger", ledger).exit_code == 1


def test_the_audit_chain_is_whole_until_someone_changes_it(
    noisegate: Command, ledger: str, tmp_path: Path
) -> None:
    document = json.loads(noisegate("user", "add", "ana", "--json", "--ledger", ledger).stdout)
    assert set(document) == {"name", "roles", "key"}
    whole = noisegate("audit", "verify", "--ledger", ledger)
    assert whole.exit_code == 0
    head = whole.stdout.strip()
    assert noisegate("audit", "verify", "--head", head, "--ledger", ledger).exit_code == 0
    assert noisegate("audit", "verify", "--head", "x", "--ledger", ledger).exit_code == 2
    other = noisegate("audit", "verify", "--head", "1:" + "0" * 64, "--ledger", ledger)
    assert other.exit_code == 1
    with sqlite3.connect(tmp_path / "ledger.sqlite") as connection:
        triggers = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"
        ).fetchall()
        for (name,) in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE audit SET actor = 'nobody'")
    connection.close()
    changed = noisegate("audit", "verify", "--json", "--ledger", ledger)
    assert changed.exit_code == 1
    assert json.loads(changed.stdout)["intact"] is False


def test_ledgers_that_cannot_be_one(noisegate: Command) -> None:
    for url in ("sqlite://", "nonsense", "mysql://user:secret@host/db", "oracle://x"):
        result = noisegate("user", "list", "--ledger", url)
        assert result.exit_code == 1, url
        assert "secret" not in result.stderr
        assert "--ledger" in result.stderr


def test_data_changed(noisegate: Command, ledger: str) -> None:
    arguments = ("data", "changed", "hospital", "--policies", POLICIES, "--ledger", ledger)
    assert noisegate(*arguments).exit_code == 0
    assert json.loads(noisegate(*arguments, "--json").stdout) == {
        "dataset": "hospital",
        "version": 2,
    }
    wrong = noisegate("data", "changed", "hospitl", "--policies", POLICIES, "--ledger", ledger)
    assert wrong.exit_code == 2
    assert "hospital" in wrong.stderr


def test_another_guarantee_needs_a_rebase(noisegate: Command, ledger: str, tmp_path: Path) -> None:
    folder = tmp_path / "changed"
    folder.mkdir()
    text = (ROOT / "policies" / "hospital.yaml").read_text()
    (folder / "hospital.yaml").write_text(text.replace("guarantee: zcdp", "guarantee: approximate"))
    arguments = ("budget", "rebase", "hospital", "--policies", str(folder), "--ledger", ledger)
    assert noisegate(*arguments).exit_code == 2  # no reason
    assert json.loads(noisegate(*arguments, "--reason", "a test", "--json").stdout) == {
        "dataset": "hospital",
        "closed": [],
        "guarantee": "approximate",
        "unit": "patient",
    }
    assert "approximate" in noisegate(*arguments, "--reason", "again").stderr
    wrong = noisegate("budget", "rebase", "hospitl", *arguments[3:], "--reason", "a test")
    assert wrong.exit_code == 2


def test_policy_check_reports_every_fault(noisegate: Command, tmp_path: Path) -> None:
    assert noisegate("policy", "check", POLICIES).exit_code == 0
    text = (ROOT / "policies" / "hospital.yaml").read_text()
    file = tmp_path / "hospital.yaml"
    file.write_text(text.replace("unit: patient_nbr", "unit: patient_number"))
    drift = noisegate("policy", "check", str(file))
    assert drift.exit_code == 1
    assert "patient_number" in drift.stdout
    assert noisegate("policy", "check", "--offline", str(file)).exit_code == 0
    file.write_text(text.replace("per_query", "per_qury").replace("guarantee", "garantee"))
    result = noisegate("policy", "check", str(file), "--json")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert document["valid"] is False
    assert {"per_query", "guarantee"} <= {fault["nearest"] for fault in document["faults"]}
    assert noisegate("policy", "check", str(tmp_path / "nowhere")).exit_code == 1


def test_policy_draft_writes_a_policy_from_a_schema(noisegate: Command) -> None:
    sample = str(ROOT / "gateway" / "samples" / "hospital_encounters.parquet")
    result = noisegate("policy", "draft", sample)
    assert result.exit_code == 0
    assert "time_in_hospital" in result.stdout
    assert "policy check" in result.stderr
    assert noisegate("policy", "draft", sample, "--json").stdout.startswith('{"policy"')
    assert noisegate("policy", "draft", "postgresql://host/db").exit_code == 1


def test_serve_says_what_is_wrong_before_it_serves(noisegate: Command, tmp_path: Path) -> None:
    for wrong in ("8080", "host:", ":80", "host:70000", "host:x"):
        assert noisegate("serve", "--http", wrong).exit_code == 2
        assert noisegate("serve", "--postgres", wrong).exit_code == 2
    alone = noisegate("serve", "--postgres-certificate", str(tmp_path / "x.pem"))
    assert alone.exit_code == 2
    file = tmp_path / "no-certificate.pem"
    file.write_text("nothing")
    certificate = ("--postgres-certificate", str(file))
    unread = noisegate("serve", "--postgres", "127.0.0.1:0", *certificate)
    assert unread.exit_code == 1
    assert "certificate cannot be used" in unread.stderr
    assert noisegate("serve", "--policies", str(tmp_path)).exit_code == 1
    webhook = noisegate("serve", "--alert-webhook", "ftp://secret")
    assert (webhook.exit_code, "secret" in webhook.stderr) == (2, False)


def commands() -> list[tuple[str, ...]]:
    import typer

    found: list[tuple[str, ...]] = []

    def walk(command: object, path: tuple[str, ...]) -> None:
        inner = getattr(command, "commands", None)
        if inner is None:
            found.append(path)
        for name, each in (inner or {}).items():
            walk(each, (*path, name))

    walk(typer.main.get_command(app), ())
    return found


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_every_command_has_help_with_an_example_and_offers_json(
    noisegate: Command, path: tuple[str, ...]
) -> None:
    result = noisegate(*path, "--help")
    assert result.exit_code == 0
    assert "Example: noisegate" in result.stdout
    assert "--json" in result.stdout
    assert result.stderr == ""


def test_the_commands_are_those_of_the_interface() -> None:
    assert {" ".join(path) for path in commands()} == {
        "serve", "demo", "query", "explain", "policy check", "policy draft", "user add",
        "user list", "user revoke", "budget show", "budget history", "budget grant",
        "budget request", "budget requests", "budget approve", "budget refuse",
        "budget forecast", "budget report", "budget rebase",
        "audit verify", "audit export", "audit replay", "audit key", "audit check-receipt",
        "audit check-export", "audit clock",
        "data changed",
    }  # fmt: skip


def test_version_and_misuse(noisegate: Command) -> None:
    assert noisegate("--version").stdout.startswith("noisegate 0.")
    assert noisegate("nonsense").exit_code == 2
    assert noisegate().exit_code == 2
