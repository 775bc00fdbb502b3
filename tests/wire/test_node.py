"""node-postgres from a JavaScript program, against the gateway and against a real PostgreSQL."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.project.tree import ROOT
from tests.wire import programs
from tests.wire.programs import Steps
from tests.wire.real import RealPostgres, Target, target
from tests.wire.served import ROWS, Served

SOURCE = Path(__file__).parent / "clients" / "node"
FILES = ("package.json", "package-lock.json")

Run = Callable[..., Steps]


def installed(scratch: Path) -> Path:
    """A folder with the driver in the pinned version, kept until the pins change."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("no Node.js (Debian: nodejs, npm)")
    pins = sha256(b"".join((SOURCE / name).read_bytes() for name in FILES)).hexdigest()[:16]
    kept = ROOT / "build" / f"node-postgres-{pins}"
    if not kept.exists():
        for name in FILES:
            shutil.copy(SOURCE / name, scratch)
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"]
        subprocess.run([npm, "ci", *options], cwd=scratch, check=True, timeout=240)
        kept.parent.mkdir(exist_ok=True)
        try:
            scratch.rename(kept)
        except OSError:  # another process of the tests was quicker, or it is another disk
            if not kept.exists():
                return scratch
    return kept


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs the program as a user of a server."""
    folder = installed(tmp_path_factory.mktemp("node"))
    program = tmp_path_factory.mktemp("program")
    shutil.copy(SOURCE / "client.js", program)
    (program / "node_modules").symlink_to(folder / "node_modules")
    # The driver's own cancel warns that it is to change.
    command = ["node", "--no-deprecation", "--preserve-symlinks", str(program / "client.js")]

    def run(of: Target, *more: str) -> Steps:
        return programs.run(
            [*command, of.host, str(of.port), of.database, of.user, of.password, *more]
        )

    return run


@pytest.fixture(scope="module")
def found(node: Run, served: Served) -> Steps:
    return node(target(served))


def test_it_finds_what_it_finds_in_postgresql(found: Steps, node: Run, real: RealPostgres) -> None:
    """Catalog, types, parameters, NULLs, errors, big results, cancel: every cell is the same."""
    programs.same(found, node(real.ana))


def test_the_catalog_is_the_datasets(found: Steps) -> None:
    assert [row[2:] for row in found["tables"]] == [
        ("kinds", "BASE TABLE"),
        ("long_stays", "VIEW"),
        ("numbers", "BASE TABLE"),
        ("visits", "BASE TABLE"),
    ]
    columns = [(row[1], row[5]) for row in found["columns"] if row[0] == "visits"]
    assert columns == [
        ("ward", "text"), ("days", "bigint"), ("cost", "numeric"), ("seen", "date"),
        ("kind", "bigint"),
    ]  # fmt: skip
    assert ("visits", "visits_kind_fkey", "f", "[5]", "kinds", "[1]") in found["keys"]
    assert ("visits", "days", "Days in hospital.", "One row for each visit.", "bigint") in found[
        "comments"
    ]


def test_values_parameters_and_errors_are_right(found: Steps) -> None:
    for step in ("simple", "prepared", "prepared again", "as written"):
        assert [row[0] for row in found[step]] == ["1", "2", "3", "4"]
        assert set(found[step][2][1:]) == {None}
        assert found[step][1][5] == "-0.001"
    for column in ("id", "exact", "word", "day", "moment", "zoned", "flag", "big"):
        assert found[f"parameter {column}"] == [("2",)] * 3
        assert found[f"NULL for {column}: rows"] == [("0", "SELECT")]
    states = {str(row[0]): row[1] for row in found["error"]}
    assert states["SELECT nothing FROM kinds"] == "42703"
    assert states["SHOW nothing"] == "42704"
    assert found["error of a value"] == [("22P02",)]


def test_big_results_come_in_parts_and_long_statements_can_be_cancelled(found: Steps) -> None:
    assert found["whole"] == [(str(ROWS), f"{ROWS - 1},label {ROWS - 1}")]
    assert found["cursor"] == [
        ("700", "label 0", "7000", "label 700", "7000", "label 7700", "5300", "label 14700")
    ]
    assert found["cancelled"] == [("57014",)]
    assert found["timed out"] == [("57014",)]
    assert found["pooled"] == [(f"label {n}",) for n in range(20)]


def test_questions_are_charged_once(node: Run, served: Served) -> None:
    told = node(target(served), "questions")
    assert len(told["question"]) == 6
    assert len(set(told["question"])) == 2
    notices = [str(row[0]).split(";")[0] for row in told["notice"]]
    assert notices == ["Charged epsilon 1", "Free: released before", "Free: released before"]
    ((state, position, hint, detail),) = told["refused"]
    assert (state, position) == ("42501", str(len("SELECT ") + 1))
    assert hint
    assert str(detail).startswith("code: not_private")
