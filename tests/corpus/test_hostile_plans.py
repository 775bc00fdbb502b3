"""Questions made to cost much planning are planned or refused, and never fail or hang."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gateway.errors import Code, Refusal
from tests.corpus.asking import planned
from tests.corpus.conftest import Gateways
from tests.corpus.reading import Entry
from tests.hang_guard import ends

STAYS = "(SELECT COUNT(*) AS n FROM encounters)"
Made = Callable[[int], str]
HOSTILE: dict[str, Made] = {
    "sub-selects of results": lambda n: (
        "SELECT * FROM " + "(SELECT * FROM " * n + f"{STAYS} t" + ") t" * n
    ),
    "sub-selects of rows": lambda n: (
        "SELECT COUNT(*) FROM " + "(SELECT * FROM " * n + "encounters" + ") t" * n
    ),
    "scalar sub-queries": lambda n: (
        "SELECT COUNT(*) + "
        + "(SELECT COUNT(*) + " * n
        + "1"
        + " FROM encounters)" * n
        + " FROM encounters"
    ),
    "sub-queries in HAVING": lambda n: (
        "SELECT COUNT(*) FROM encounters HAVING COUNT(*) > "
        + "(SELECT COUNT(*) FROM encounters HAVING COUNT(*) > " * n
        + "1"
        + ")" * n
    ),
    "sub-queries over public tables": lambda n: (
        "SELECT * FROM admission_types WHERE admission_type_id IN "
        + "(SELECT admission_type_id FROM admission_types WHERE admission_type_id IN " * n
        + "(1)"
        + ")" * n
    ),
    "unions": lambda n: "SELECT COUNT(*) FROM encounters" + " UNION ALL SELECT 1" * n,
    "unions in parentheses": lambda n: (
        "(" * n + "SELECT COUNT(*) FROM encounters" + ") UNION ALL SELECT 1" * n
    ),
    "results joined with themselves": lambda n: (
        f"WITH a0 AS {STAYS}"
        + "".join(f", a{i + 1} AS (SELECT x.n FROM a{i} x, a{i} y)" for i in range(n))
        + f" SELECT * FROM a{n}"
    ),
    "rows joined with themselves": lambda n: (
        "WITH a0 AS (SELECT * FROM encounters)"
        + "".join(
            f", a{i + 1} AS (SELECT x.* FROM a{i} x JOIN a{i} y USING (patient_nbr))"
            for i in range(n)
        )
        + f" SELECT COUNT(*) FROM a{n}"
    ),
    "look-ups within look-ups": lambda n: (
        "SELECT COUNT(*) FROM encounters e0, admission_types t0 "
        "WHERE t0.description <> 'x' AND 1 < "
        + "".join(
            f"(SELECT AVG(num_procedures) FROM encounters e{i}, admission_types t{i} WHERE "
            f"t{i}.admission_type_id = t{i - 1}.admission_type_id AND "
            f"t{i}.description = t{i - 1}.description AND 1 < "
            for i in range(1, n + 1)
        )
        + "2"
        + ")" * n
    ),
    "columns that double": lambda n: (
        "SELECT SUM(n) FROM "
        + "(SELECT n + n AS n FROM " * n
        + "(SELECT num_procedures AS n FROM encounters) t"
        + ") t" * n
    ),
    "columns that square": lambda n: (
        "SELECT SUM(n) FROM "
        + "(SELECT n * n AS n FROM " * n
        + "(SELECT num_procedures AS n FROM encounters) t"
        + ") t" * n
    ),
    "public keys that multiply": lambda n: (
        "SELECT COUNT(*) FROM encounters e"
        + "".join(f", admission_types t{i}" for i in range(n))
        + " GROUP BY "
        + ", ".join(f"t{i}.description" for i in range(n))
    ),
    "buckets of buckets": lambda n: (
        "SELECT COUNT(*) FROM encounters WHERE "
        + "width_bucket(" * n
        + "num_procedures"
        + ", 0, 10, 5)" * n
        + " = 1"
    ),
    "subjects of CASE": lambda n: (
        "SELECT COUNT(*) FROM encounters WHERE "
        + "CASE " * n
        + "num_procedures"
        + " WHEN 1 THEN 1 WHEN 2 THEN 2 WHEN 3 THEN 3 END" * n
        + " = 1"
    ),
    "rows within rows": lambda n: (
        "SELECT COUNT(*) FROM encounters WHERE "
        + "((" * n
        + "num_procedures"
        + ", 1) < (2, 3))" * n
    ),
    "ends in any order": lambda n: (
        "SELECT COUNT(*) FROM encounters WHERE "
        + "(" * n
        + "(num_procedures > 1)"
        + " BETWEEN SYMMETRIC (gender = 'x') AND (age = 'y'))" * n
    ),
    "formats of formats": lambda n: (
        "SELECT COUNT(*) FROM encounters WHERE "
        + "to_char(to_date(" * n
        + "age"
        + ", 'YYYY'), 'Day Month D ID Q DAY')" * n
        + " = 'x'"
    ),
    "cubes": lambda n: (
        "SELECT COUNT(*) FROM encounters GROUP BY CUBE ("
        + ", ".join(f"(num_procedures > {i})" for i in range(n))
        + ")"
    ),
    "long lists": lambda n: (
        "SELECT COUNT(*) FROM encounters WHERE num_procedures IN ("
        + ", ".join(str(i) for i in range(80 * n))
        + ")"
    ),
    "many aggregates": lambda n: (
        "SELECT "
        + ", ".join(f"SUM(num_procedures + {i})" for i in range(5 * n))
        + " FROM encounters"
    ),
}


@pytest.mark.parametrize("levels", [6, 14, 32, 100])
@pytest.mark.parametrize("kind", HOSTILE)
def test_every_question_is_planned_or_refused(kind: str, levels: int, variants: Gateways) -> None:
    sql = HOSTILE[kind](levels)
    entry = Entry(construct="hostile", title=kind, dataset="hospital", sql=sql)
    try:
        with ends():
            found = planned(entry, variants("shipped"))
    except Refusal as refusal:
        answered = False
        code = refusal.code
    else:
        answered = bool(found.outer.sql)
        code = Code.UNSUPPORTED_SQL
    assert answered or code in (Code.UNSUPPORTED_SQL, Code.INVALID_REQUEST, Code.MISSING_BOUNDS)
