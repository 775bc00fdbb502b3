"""pgJDBC from a Java program, against the gateway and against a real PostgreSQL."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.wire import programs
from tests.wire.programs import Steps
from tests.wire.real import RealPostgres, Target, target
from tests.wire.served import ROWS, Served

SOURCE = Path(__file__).parent / "clients" / "java" / "Client.java"
JAR = Path("/usr/share/java/postgresql.jar")
MODES = ["", "1 ", "-1 ", "extendedForPrepared ", "simple "]
"""How values are sent: as the driver's defaults have it, prepared at once, in binary at once,
prepared and unprepared in turn, and as constants in the SQL."""

Run = Callable[..., Steps]


@pytest.fixture(scope="module")
def jdbc(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs the program as a user of a server."""
    java, javac = shutil.which("java"), shutil.which("javac")
    if java is None or javac is None or not JAR.exists():
        pytest.skip("no Java or no pgJDBC (Debian: default-jdk-headless, libpostgresql-jdbc-java)")
    classes = tmp_path_factory.mktemp("classes")
    options = ["-encoding", "UTF-8", "-Xlint:all", "-Werror", "-cp", str(JAR), "-d", str(classes)]
    subprocess.run([javac, *options, str(SOURCE)], check=True)
    command = [java, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Duser.timezone=UTC"]
    command += ["-cp", f"{classes}:{JAR}", "Client"]

    def run(of: Target, *more: str) -> Steps:
        url = f"jdbc:postgresql://{of.host}:{of.port}/{of.database}"
        return programs.run([*command, url, of.user, of.password, *more])

    return run


@pytest.fixture(scope="module")
def found(jdbc: Run, served: Served) -> Steps:
    return jdbc(target(served))


def comparable(steps: Steps) -> Steps:
    """Without what must differ: the catalog's tables are empty, and it has views of its own."""
    shown: Steps = {}
    for step, rows in steps.items():
        if step == "getTypeInfo: rows":
            continue
        if step.startswith("getIndexInfo") and not step.endswith("rows"):
            rows = [(*row[:10], *row[12:]) for row in rows]  # how many rows and pages
        shown[step] = [row for row in rows if not str(row[0]).startswith("_noisegate_pg_")]
    return shown


def test_it_finds_what_it_finds_in_postgresql(found: Steps, jdbc: Run, real: RealPostgres) -> None:
    """Catalog, types, parameters, NULLs, errors, big results, cancel: every cell is the same."""
    programs.same(comparable(found), comparable(jdbc(real.ana)))


def test_the_metadata_is_the_datasets(found: Steps) -> None:
    tables = [row[2:5] for row in found["getTables"] if row[3] in ("TABLE", "VIEW")]
    assert tables == [
        ("kinds", "TABLE", None),
        ("numbers", "TABLE", None),
        ("visits", "TABLE", "One row for each visit."),
        ("long_stays", "VIEW", None),
    ]
    columns = {row[3]: row[5] for row in found["getColumns"] if row[2] == "visits"}
    assert columns == {
        "ward": "text", "days": "int8", "cost": "numeric", "seen": "date", "kind": "int8",
    }  # fmt: skip
    assert [row[3:6] for row in found["getPrimaryKeys kinds"]] == [("id", "1", "kinds_pkey")]
    (reference,) = found["getImportedKeys visits"]
    assert (reference[2], reference[3], reference[6], reference[7]) == (
        "kinds", "id", "visits", "kind",
    )  # fmt: skip
    assert found["getExportedKeys kinds"] == [reference]


@pytest.mark.parametrize("mode", MODES)
def test_values_parameters_and_errors_are_right_however_they_are_sent(
    found: Steps, mode: str
) -> None:
    rows = found[f"{mode}types: run 2"]
    assert [row[0] for row in rows] == ["1", "2", "3", "4"]
    assert rows[1][8:12] == ("-1", "Long", "-0.001", "BigDecimal")
    assert set(rows[2][1:]) == {None, "Integer"}
    for column in ("id", "exact", "word", "day", "moment", "zoned", "flag", "big"):
        assert ("2",) in found[f"{mode}parameter {column}"]
    assert found[f"{mode}several"] == [("2",)]
    states = {str(row[0]): row[1] for row in found[f"{mode}error"]}
    assert states["SELECT nothing FROM kinds"] == "42703"
    assert states["SELECT FROM WHERE"] == "42601"
    assert states["EXECUTE nothing"] == "26000"


def test_big_results_come_in_parts_and_long_statements_can_be_cancelled(found: Steps) -> None:
    whole = (str(ROWS), str(ROWS * (ROWS - 1) // 2), f"label {ROWS - 1}")
    for size in (0, 700, 20_000, 50_000):
        assert found[f"fetch size {size}"] == [whole]
    assert found["cancelled"] == [("57014",)]
    assert found["timed out"] == [("57014",)]


def test_questions_are_charged_once_in_every_mode_of_the_driver(jdbc: Run, served: Served) -> None:
    told = jdbc(target(served), "questions")
    assert told["column"] == [("int8", "float8")]
    assert len(set(told["question"])) == 2
    assert told["in parts"] == told["question"][:2]
    notices = [str(row[0]).split(";")[0] for row in told["notice"]]
    assert notices == ["Charged epsilon 1"] + ["Free: released before"] * 6
    ((state, position, hint, detail),) = told["refused"]
    assert (state, position) == ("42501", str(len("SELECT ") + 1))
    assert hint
    assert str(detail).startswith("code: not_private")
