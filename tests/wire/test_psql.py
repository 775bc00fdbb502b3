"""psql, as its users use it: what it shows at a gateway is what it shows at a real PostgreSQL."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Sequence

import pytest

from tests.wire.real import RealPostgres, Target, target
from tests.wire.served import ROWS, Served

PSQL = shutil.which("psql")
DESCRIBING = (
    r"\d", r"\d visits", r"\d+ visits", r"\d kinds", r"\d+ kinds", r"\d numbers", r"\d long_stays",
    r"\d kinds_pkey", r"\d none", r"\dt", r"\dt public.*", r"\dtS pg_cl*", r"\dv", r"\di", r"\ds",
    r"\dm", r"\dn", r"\dn+", r"\dp", r"\dp visits", r"\ddp", r"\du", r"\df", r"\dx", r"\dd", r"\dT",
    r"\dT+ int4", r"\do =", r"\sf now", r"\dS pg_am", r"\drds", r"\dc", r"\dC", r"\db", r"\dL",
    r"\dy", r"\dRp", r"\dP", r"\encoding", r"\dew",
)  # fmt: skip
SAYING = (
    "SELECT * FROM kinds ORDER BY id",
    "SELECT id, word, approximate FROM kinds WHERE word IS NULL",
    "SELECT 1 AS a; SELECT 'two' AS b; SET DateStyle = ISO; SHOW TimeZone",
    "BEGIN; DECLARE c CURSOR FOR SELECT n FROM numbers ORDER BY n; FETCH 2 FROM c; MOVE 5 IN c; "
    "FETCH BACKWARD 1 FROM c; FETCH ABSOLUTE -1 FROM c; CLOSE c; COMMIT",
    "PREPARE p (int) AS SELECT word FROM kinds WHERE id = $1; EXECUTE p(1); DEALLOCATE p",
    r"\copy (SELECT id, exact, word FROM kinds ORDER BY id) TO STDOUT CSV HEADER",
)
WRONG = (
    "SELECT nothing FROM kinds",
    "SELECT relname, nothing FROM pg_class",
    "SELECT FROM WHERE",
    "SELECT 'open",
    "SHOW nothing",
    "FETCH 1 FROM nothing",
)


def psql(
    of: Target, *commands: str, options: Sequence[str] = (), check: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run commands one after the other; notices are left out."""
    words = [part for command in commands for part in ("-c", command)]
    return subprocess.run(
        [*command(), *options, of.url, *words],
        capture_output=True,
        text=True,
        check=check,
        env=environment(),
    )


def command() -> list[str]:
    if PSQL is None:
        pytest.skip("psql is not installed (Debian: postgresql-client)")
    return [PSQL, "-X"]


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"PGOPTIONS": "-c client_min_messages=warning"}


def test_it_describes_what_it_describes_at_postgresql(served: Served, real: RealPostgres) -> None:
    ours, theirs = psql(target(served), *DESCRIBING), psql(real.ana, *DESCRIBING)
    assert ours.stdout.split("\n") == theirs.stdout.split("\n")
    assert ours.stderr == theirs.stderr
    assert "visits_kind_fkey" in ours.stdout
    assert "Days in hospital." in ours.stdout
    assert "patient" not in ours.stdout


@pytest.mark.parametrize("sql", SAYING)
def test_it_says_what_it_says_at_postgresql(served: Served, real: RealPostgres, sql: str) -> None:
    ours, theirs = psql(target(served), sql), psql(real.ana, sql)
    assert ours.stdout.split("\n") == theirs.stdout.split("\n")
    assert ours.stderr == theirs.stderr


@pytest.mark.parametrize("sql", WRONG)
def test_errors_have_the_sqlstate_of_postgresql(
    served: Served, real: RealPostgres, sql: str
) -> None:
    options = ("-v", "VERBOSITY=sqlstate")
    ours = psql(target(served), sql, options=options, check=False)
    theirs = psql(real.ana, sql, options=options, check=False)
    assert (ours.returncode, ours.stderr) == (theirs.returncode, theirs.stderr)
    assert ours.returncode == 1


def test_big_results_come_whole_and_by_cursor(either: Target) -> None:
    asked = "SELECT n, label FROM numbers ORDER BY n"
    whole = psql(either, asked, options=("-t", "-A")).stdout
    assert len(whole.splitlines()) == ROWS
    counted = psql(either, asked, options=("-t", "-A", "-v", "FETCH_COUNT=1000")).stdout
    assert counted == whole


def test_ctrl_c_cancels(either: Target) -> None:
    slow = "SELECT count(*) FROM pg_attribute a, pg_attribute b, pg_attribute c"
    with subprocess.Popen(
        [*command(), "-A", "-t", either.url, "-c", "SELECT 'here'", "-c", slow],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(),
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "here\n"  # until then Ctrl-C would end it
        while process.poll() is None:
            # One that comes before the statement has begun ends nothing; so they are repeated.
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.3)
        assert process.returncode == 1
        assert "canceling statement due to user request" in process.stderr.read()


def test_a_question_comes_with_its_notice_and_a_refusal_with_its_hint(served: Served) -> None:
    done = psql(
        target(served),
        "SET client_min_messages = notice",
        "SELECT COUNT(*) > 0 FROM visits WHERE days <> 4",
        options=("-t", "-A"),
    )
    assert done.stdout.splitlines() == ["SET", "t"]
    assert "NOTICE:  Charged epsilon 1; " in done.stderr
    refused = psql(target(served), "SELECT warden FROM visits", check=False)
    assert refused.returncode == 1
    assert "LINE 1: SELECT warden FROM visits" in refused.stderr
    assert "HINT:" in refused.stderr
