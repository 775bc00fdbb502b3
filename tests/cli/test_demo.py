"""`noisegate demo` on the real data: every question ends as it should, in plain output too."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time

import httpx
import psycopg
import pytest

from gateway.cli.demo.questions import QUESTIONS

DEMO = [sys.executable, "-m", "gateway", "demo"]
QUIET = {**os.environ, "NO_COLOR": "1", "NOISEGATE_LEDGER": "sqlite:///never-used.sqlite"}


@pytest.fixture(scope="module")
def told() -> str:
    done = subprocess.run(
        [*DEMO, "--once"], capture_output=True, text=True, env=QUIET, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout


def test_it_fits_100_columns_without_colour(told: str) -> None:
    assert "\x1b" not in told
    assert max(map(len, told.splitlines())) <= 100


def test_it_shows_questions_error_bars_prices_and_the_budget(told: str) -> None:
    for question in QUESTIONS:
        assert question.title in told
        assert all(line in told for line in question.sql.splitlines())
    assert len(re.findall(r"[0-9] ± [0-9]", told)) > 30
    left = [float(share) for share in re.findall(r"budget \S+ ([0-9.]+)% left", told)]
    assert len(left) == len(QUESTIONS) - 1  # one is refused
    assert left[-1] < left[0] < 100
    assert "not_private" in told


def test_as_json_every_question_has_its_answer() -> None:
    done = subprocess.run(
        [*DEMO, "--once", "--json"], capture_output=True, text=True, env=QUIET, timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)["questions"]
    assert [result["ended"] for result in results] == [q.ending.value for q in QUESTIONS]
    first, last = results[0]["answer"], results[-1]["answer"]
    stays = dict(first["rows"])
    # The same noise again: the last question repeats the first for three of its groups.
    assert all(stays[age] == count for age, count in last["rows"])
    assert last["privacy"]["epsilon"] == 0
    assert last["privacy"]["reused"] is True


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_server_stays_until_a_signal_and_then_nothing_is_left(ending: signal.Signals) -> None:
    process = subprocess.Popen(
        [*DEMO, "--http", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True, env=QUIET
    )
    assert process.stdout is not None
    shown = ""
    while "budget history" not in shown:
        line = process.stdout.readline()
        assert line, f"it ended: {shown}"
        shown += line
    url = re.findall(r"NOISEGATE_URL=(\S+)", shown)[0]
    key = re.findall(r"NOISEGATE_KEY=(\S+)", shown)[0]
    asked = httpx.get(f"{url}/v1/history", headers={"Authorization": f"Bearer {key}"})
    assert len(asked.json()["questions"]) == len(QUESTIONS)
    (client,) = re.findall(r"psql (\S+)", shown)
    with psycopg.connect(client, autocommit=True) as connection:
        tables = connection.execute(
            "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND "
            "relnamespace = 'public'::regnamespace"
        ).fetchall()
    assert ("encounters",) in tables
    time.sleep(0.2)
    process.send_signal(ending)
    assert process.wait(timeout=60) == 0
    process.communicate()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/healthz")
