"""psqlODBC through unixODBC, against the gateway and against a real PostgreSQL."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.wire import programs
from tests.wire.programs import Steps
from tests.wire.real import RealPostgres, Target, target
from tests.wire.served import ROWS, Served

# It needs a library of the system, and cannot be imported without.
pyodbc = pytest.importorskip(
    "pyodbc", exc_type=ImportError, reason="unixODBC is not installed (Debian: unixodbc)"
)
PROGRAM = Path(__file__).parent / "clients" / "odbc.py"
OPTIONS = {
    "as it comes": (),
    "by cursors": ("UseDeclareFetch=1", "Fetch=500"),
    "without preparing": ("UseServerSidePrepare=0", "Protocol=7.4-0"),
}


def run(of: Target, *more: str) -> Steps:
    """Run the program as a user of a server."""
    if "PostgreSQL Unicode" not in pyodbc.drivers():
        pytest.skip("psqlODBC is not installed (Debian: odbc-postgresql, unixodbc)")
    words = [of.host, str(of.port), of.database, of.user, of.password, *more]
    return programs.run([sys.executable, str(PROGRAM), *words])


@pytest.mark.parametrize("how", OPTIONS)
def test_it_finds_what_it_finds_in_postgresql(served: Served, real: RealPostgres, how: str) -> None:
    """Catalog, types, parameters, NULLs, errors, big results, cancel: every cell is the same."""
    found = run(target(served), *OPTIONS[how])
    programs.same(found, run(real.ana, *OPTIONS[how]))

    assert [row[2:] for row in found["SQLTables"]] == [
        ("kinds", "TABLE", ""),
        ("long_stays", "VIEW", ""),
        ("numbers", "TABLE", ""),
        ("visits", "TABLE", ""),
    ]
    assert [row[3] for row in found["SQLColumns visits"]] == [
        "ward", "days", "cost", "seen", "kind",
    ]  # fmt: skip
    assert [row[2:4] for row in found["SQLPrimaryKeys kinds"]] == [("kinds", "id")]
    assert [row[2:8] for row in found["SQLForeignKeys of visits"]] == [
        ("kinds", "id", "clinic", "public", "visits", "kind")
    ]
    assert found["SQLTables, catalogs"] == [("clinic", None, None, None, "")]

    assert [row[0] for row in found["types"]] == ["1", "2", "3", "4"]
    assert set(found["types"][2][1:]) == {None}
    for column in ("id", "flag", "exact", "word", "day", "moment", "big"):
        assert found[f"parameter {column}"] == [("2",)] * 2
        assert found[f"NULL for {column}: rows"] == [("0",)]
    states = {str(row[0]): row[1] for row in found["error"]}
    assert states["SELECT nothing FROM kinds"] == "42703"
    assert found["last"] == [(str(ROWS - 1), f"label {ROWS - 1}")]
    assert found["cancelled"] == found["timed out"] == [("57014",)]


def test_questions_are_charged_once(served: Served) -> None:
    told = run(target(served), "questions")
    assert len(told["question"]) == 6
    assert len(set(told["question"])) == 2
    ((before, after),) = told["left"]
    assert float(str(after)) < float(str(before))
    ((state, message),) = told["refused"]
    assert state == "42501"
    assert "individuals" in str(message) or "rows" in str(message)
