"""`noisegate audit`: export, replay, keys and receipts."""

from __future__ import annotations

import json
import os
import pwd
from pathlib import Path

import pytest

from gateway.budget.books import open_ledger
from gateway.budget.signing import default_file
from tests.cli.conftest import Command
from tests.ledger.desk import Hands
from tests.trail import raw
from tests.trail.conftest import answered


@pytest.fixture
def ledger(tmp_path: Path) -> str:
    """A ledger with one answer in it."""
    from tests.ledger.desk import ask, price

    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    books = open_ledger(url, Hands())
    books.ledger.charge(ask("q1", price("a", 7)))
    (tmp_path / "receipt.json").write_text(json.dumps(answered(books, "q1").document()))  # type: ignore[attr-defined]
    books.close()
    return url


def test_who_acts_on_the_ledger_is_the_systems_user(
    noisegate: Command, ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USER", "somebody-else")
    monkeypatch.setenv("LOGNAME", "somebody-else")
    assert noisegate("user", "add", "ben", "--ledger", ledger).exit_code == 0
    *_, record, _ = noisegate("audit", "export", "--ledger", ledger).stdout.splitlines()
    assert json.loads(record)["actor"] == f"operator:{pwd.getpwuid(os.getuid()).pw_name}"
    monkeypatch.setattr(os, "getuid", lambda: 54_321)
    assert noisegate("user", "revoke", "ben", "--ledger", ledger).exit_code == 0
    *_, record, _ = noisegate("audit", "export", "--ledger", ledger).stdout.splitlines()
    assert json.loads(record)["actor"] == "operator:54321"


def test_the_clock_is_accepted_with_a_reason(noisegate: Command, ledger: str) -> None:
    assert noisegate("audit", "clock", "--ledger", ledger).exit_code == 2
    assert noisegate("audit", "clock", "--reason", " ", "--ledger", ledger).exit_code == 1
    done = noisegate("audit", "clock", "--reason", "a day ahead", "--ledger", ledger, "--json")
    assert "accepted" in json.loads(done.stdout)
    *_, record, _ = noisegate("audit", "export", "--ledger", ledger).stdout.splitlines()
    assert json.loads(record)["kind"] == "clock_accepted"
    assert json.loads(record)["body"] == {"reason": "a day ahead"}


def test_a_mistyped_ledger_is_not_an_intact_one(noisegate: Command, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'other.sqlite'}"
    for command in (["verify"], ["export"], ["replay"], ["key"], ["clock", "--reason", "x"]):
        result = noisegate("audit", *command, "--ledger", url)
        assert result.exit_code == 1
        assert "no ledger" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_export_is_one_record_a_line(noisegate: Command, ledger: str) -> None:
    *lines, end = noisegate("audit", "export", "--ledger", ledger).stdout.splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["signing_key", "charge", "answer"]
    assert json.loads(end)["sequence"] == 3
    later = noisegate("audit", "export", "--ledger", ledger, "--after", "2", "--json").stdout
    assert [record["sequence"] for record in json.loads(later)] == [3, 3]


def test_an_export_checks_with_the_key_alone(
    noisegate: Command, ledger: str, tmp_path: Path
) -> None:
    pem, file = tmp_path / "public.pem", tmp_path / "trail.jsonl"
    pem.write_text(noisegate("audit", "key", "--ledger", ledger).stdout)
    text = noisegate("audit", "export", "--ledger", ledger).stdout
    file.write_text(text)
    arguments = ("audit", "check-export", str(file), "--public-key", str(pem))
    whole = noisegate(*arguments)
    assert (whole.exit_code, "3 records" in whole.stderr) == (0, True)
    file.write_text(text.replace('"amount":7', '"amount":6'))
    changed = noisegate(*arguments, "--json")
    assert changed.exit_code == 1
    assert json.loads(changed.stdout)["intact"] is False
    assert "Record 2" in noisegate(*arguments).stdout


def test_replay_finds_an_account_that_holds_another_sum(noisegate: Command, ledger: str) -> None:
    agreed = noisegate("audit", "replay", "--ledger", ledger, "--json")
    assert agreed.exit_code == 0
    (account,) = json.loads(agreed.stdout)["accounts"]
    assert (account["holder"], account["amount"], account["held_amount"]) == ("user:ann", 7, 7)
    with raw.opened(ledger) as connection:
        connection.execute("UPDATE accounts SET spent_amount = 6")
    wrong = noisegate("audit", "replay", "--ledger", ledger)
    assert wrong.exit_code == 1
    assert "NO" in wrong.stdout
    assert "verify" in wrong.stderr


def test_a_receipt_checks_with_the_key_alone_and_in_the_trail(
    noisegate: Command, ledger: str, tmp_path: Path
) -> None:
    key = noisegate("audit", "key", "--ledger", ledger)
    (tmp_path / "public.pem").write_text(key.stdout)
    file, pem = str(tmp_path / "receipt.json"), str(tmp_path / "public.pem")
    plain = noisegate("audit", "check-receipt", file, "--public-key", pem)
    assert (plain.exit_code, "Genuine receipt" in plain.stdout) == (0, True)
    document = json.loads(noisegate("audit", "key", "--ledger", ledger, "--json").stdout)
    raw_key = document["keys"][0]["public_key"]
    looked_up = noisegate(
        "audit", "check-receipt", file, "--public-key", raw_key, "--ledger", ledger, "--json"
    )
    said = json.loads(looked_up.stdout)
    assert (said["genuine"], said["in_trail"], said["answer_checked"]) == (True, True, False)

    receipt = json.loads(Path(file).read_text())
    receipt["charged"]["amount"] = 1
    Path(file).write_text(json.dumps(receipt))
    forged = noisegate("audit", "check-receipt", file, "--public-key", pem)
    assert forged.exit_code == 1
    assert "signature" in forged.stdout


def test_a_receipt_that_the_trail_lacks_is_told(
    noisegate: Command, ledger: str, tmp_path: Path
) -> None:
    with raw.opened(ledger) as connection:
        connection.execute("DELETE FROM audit WHERE sequence = 3")
    file = str(tmp_path / "receipt.json")
    result = noisegate("audit", "check-receipt", file, "--ledger", ledger)
    assert result.exit_code == 1
    assert "no such record" in result.stdout


def test_what_cannot_be_checked_is_told(noisegate: Command, ledger: str, tmp_path: Path) -> None:
    file = str(tmp_path / "receipt.json")
    assert noisegate("audit", "check-receipt", file).exit_code == 2
    for wrong in ("nonsense", "AAAA", str(tmp_path / "receipt.json")):
        result = noisegate("audit", "check-receipt", file, "--public-key", wrong)
        assert result.exit_code == 2
    (tmp_path / "other.json").write_text('{"rows": []}')
    for name in ("other.json", "nowhere.json", "ledger.sqlite"):
        result = noisegate("audit", "check-receipt", str(tmp_path / name), "--ledger", ledger)
        assert (result.exit_code, result.stdout) == (1, "")


def test_a_renewed_key_signs_and_the_old_receipt_stays_good(
    noisegate: Command, ledger: str, tmp_path: Path
) -> None:
    before = json.loads(noisegate("audit", "key", "--ledger", ledger, "--json").stdout)
    after = json.loads(noisegate("audit", "key", "--renew", "--ledger", ledger, "--json").stdout)
    assert after["key_id"] != before["key_id"]
    assert len(after["keys"]) == 2
    assert noisegate("audit", "verify", "--ledger", ledger).exit_code == 0
    named = ("--signed-by", before["key_id"])
    assert noisegate("audit", "verify", "--ledger", ledger, *named).exit_code == 1
    file = str(tmp_path / "receipt.json")
    assert noisegate("audit", "check-receipt", file, "--ledger", ledger).exit_code == 0


def test_a_lost_key_stops_writing_with_a_hint_that_works(
    noisegate: Command, ledger: str, tmp_path: Path
) -> None:
    default_file(ledger).unlink()
    assert noisegate("audit", "verify", "--ledger", ledger).exit_code == 0
    refused = noisegate("user", "add", "ben", "--ledger", ledger)
    assert refused.exit_code == 1
    assert "audit key --renew" in refused.stderr
    assert noisegate("audit", "key", "--renew", "--ledger", ledger).exit_code == 0
    assert noisegate("user", "add", "ben", "--ledger", ledger).exit_code == 0
    default_file(ledger).chmod(0o644)
    opened = noisegate("user", "list", "--ledger", ledger)
    assert opened.exit_code == 1
    assert "chmod 600" in opened.stderr


def test_an_unreadable_moment_does_not_hide_a_fault(noisegate: Command, ledger: str) -> None:
    with raw.opened(ledger) as connection:
        connection.execute("UPDATE audit SET at = 0 WHERE sequence = 2")
    result = noisegate("audit", "verify", "--ledger", ledger)
    assert result.exit_code == 1
    assert "record 2" in result.stdout
