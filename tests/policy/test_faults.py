"""Every kind of fault of a policy file, each with the exact place and words."""

from collections.abc import Callable

import pytest

from gateway.policy.faults import Fault
from tests.policy.conftest import BASE, changed

Case = tuple[str, str, str, int, str, str, str | None]
"""Text to replace, its replacement, then the fault's path, line, found, allowed, nearest."""

_TABLE_KEYS = "unit, public, key, max_rows, max_groups, columns, description"
_COLUMN_KEYS = "values, bounds, step, max_total, nullable, references, hidden, description"
_BOUNDS = "[lowest, highest], two numbers, dates or timestamps"
_VALUES = "a list of the values that the column can have; null among them for NULL"
_UNIT = "the owner's column, or {through: TABLE, on: {COLUMN: COLUMN OF TABLE}}"
_DELTA = "a number above 0, from 1e-18 to 0.01, such as 1.0e-7"
_HOLDER = "user:NAME, role:NAME or everyone"
_COUNT_OR_AUTO = "a whole number from 1 to 1,000,000,000, or auto"
_TIME = "a time from 1s to 3650d, such as 60s, 5m, 24h or 7d"
_EPSILON = "a number above 0, at most 1,000,000"
_NAME = "a name of letters, digits and underscores, at most 63"
WARD = "      ward: {values: [surgery, medicine]}"
NIGHTS = "      nights: {bounds: [0, 30]}"
CODE = "      code: {references: codes.code}"
AT = "tables.visits.columns"

CASES: list[Case] = [
    # unknown and missing keys
    ("values:", "value:", f"{AT}.ward.value", 18, "an unknown key", _COLUMN_KEYS, "values"),
    ("max_groups", "max_group", "tables.visits.max_group", 16, "an unknown key", _TABLE_KEYS,
     "max_groups"),
    ("  per_query", "  per_qery", "privacy.per_qery", 10, "an unknown key",
     "unit, guarantee, delta, per_query, max_per_query, show_sql", "per_query"),
    ("description: Visits.", "views: [a]", "views", 2, "a list", "a mapping from view to its SQL",
     None),
    ("description: Visits.", "views: {v: 5}", "views.v", 2, "5", "text", None),
    ("description: Visits.", "views: {Visits: SELECT 1}", "views.Visits", 2,
     "the name of the table visits", "a name that no table has", None),
    ("description: Visits.", "views: {v: SELECT * FORM visits}", "views.v", 2,
     'SQL that cannot be used, at line 1, column 15 of it: The SQL cannot be parsed near "visits".',
     "Check the statement against PostgreSQL's grammar.", None),
    ("description: Visits.", "views: {v: DELETE FROM visits}", "views.v", 2,
     "SQL that cannot be used: Only queries are answered: the gateway never changes data.",
     "Send a statement that starts with SELECT or WITH.", None),
    ("description: Visits.", "views: {v: EXPLAIN SELECT * FROM visits}", "views.v", 2,
     "EXPLAIN or OPTIONS", "the query alone", None),
    ("description: Visits.", "views: {v: SELECT * FROM visits WHERE night = $1}", "views.v", 2,
     "a parameter", "constants", None),
    ("description: Visits.", "views: {v: SELECT * FROM visit}", "views.v", 2,
     "the unknown table visit", "one of visits, codes, v", "visits"),
    ("description: Visits.", "views: {v: SELECT * FROM other.visits}", "views.v", 2,
     "the unknown table other.visits", "one of visits, codes, v", "visits"),
    ("description: Visits.", "views: {v: SELECT * FROM v}", "views.v", 2,
     "a view that is made of itself, by way of v",
     "views that read tables, or views that do not read them in turn", None),
    ("dataset: clinic\n", "", "dataset", 1, "no such key", "the dataset's name", None),
    ("  unit: patient\n", "", "privacy.unit", 6, "no such key",
     "the word for one protected entity, such as patient", None),
    ("  delta: 1.0e-7\n", "", "privacy.delta", 6, "no such key", _DELTA, None),
    # wrong types
    ("dataset: clinic", "dataset: my clinic", "dataset", 1, 'the text "my clinic"', _NAME, None),
    ("dataset: clinic", "dataset: pg_catalog", "dataset", 1, "pg_catalog",
     "a name that PostgreSQL does not reserve", None),
    ("description: Visits.", "description: 5", "description", 2, "5", "text", None),
    ("codes: {public: true}", "codes: {public: yes}", "tables.codes.public", 21,
     'the text "yes"', "true or false", None),
    ("max_rows: 5", "max_rows: 0", "tables.visits.max_rows", 15, "0", _COUNT_OR_AUTO, None),
    ("max_rows: 5", "max_rows: 2.5", "tables.visits.max_rows", 15, "2.5", _COUNT_OR_AUTO, None),
    ("max_rows: 5", "max_rows: many", "tables.visits.max_rows", 15, 'the text "many"',
     _COUNT_OR_AUTO, None),
    ("max_groups: 2", "max_groups: -1", "tables.visits.max_groups", 16, "-1", _COUNT_OR_AUTO,
     None),
    ("max_groups: 2", "key: []", "tables.visits.key", 16, "a list",
     "a column, or a list of different columns", None),
    ("max_groups: 2", "key: [a, a]", "tables.visits.key", 16, "a list",
     "a column, or a list of different columns", None),
    (NIGHTS, "      nights:", f"{AT}.nights", 19, "nothing",
     f"a mapping with keys among {_COLUMN_KEYS}", None),
    ("  codes: {public: true}", "  codes: true", "tables.codes", 21, "true",
     f"a mapping with keys among {_TABLE_KEYS}", None),
    # engine
    ("type: duckdb", "type: duckbd", "engine.type", 4, "duckbd", "duckdb, postgres, spark",
     "duckdb"),
    ("type: duckdb", "timeout: 60s", "engine.type", 3, "no such key", "duckdb, postgres, spark",
     None),
    ("  database: clinic.duckdb", "  schema: main", "engine.database", 3, "no such key",
     "database or files for duckdb", None),
    ("  database: clinic.duckdb", "  database: a\n  files: {visits: v.csv, codes: c.csv}",
     "engine.files", 6, "files and database", "one of the two", None),
    ("  database: clinic.duckdb", "  files: {visits: v.csv}", "tables.codes", 21,
     "a table without a file", "one of engine.files: visits", None),
    ("  database: clinic.duckdb", "  files: {visits: v.csv, codes: v.csv}",
     "tables.codes.public", 21, "public: true on the file of a protected table",
     "unit, as on that table", None),
    ("  database: clinic.duckdb", "  files: {visits: v.csv, codes: sample:nix}",
     "engine.files.codes", 5, "no sample nix",
     "sample:hospital_admission_source.parquet, sample:hospital_admission_type.parquet, "
     "sample:hospital_discharge_disposition.parquet, sample:hospital_encounters.parquet, "
     "sample:retail_lines.parquet", None),
    ("  database: clinic.duckdb", "  files: {visits: v.csv, codes: s3://b/c.csv}",
     "engine.files.codes", 5, "a remote address",
     "a path or glob of local files, or sample:NAME", None),
    ("  database: clinic.duckdb", "  database: a\n  url: x", "engine.url", 6, "url",
     "nothing: duckdb has database or files", None),
    ("type: duckdb\n  database: clinic.duckdb", "type: postgres", "engine.url", 3, "no such key",
     "an address that begins with postgresql:// or postgres://", None),
    ("type: duckdb\n  database: clinic.duckdb", "type: spark\n  url: 'http://u:pw@x'",
     "engine.url", 5, "another address", "one that begins with sc://", None),
    ("type: duckdb", "type: postgres\n  url: postgresql://x", "engine.database", 6, "database",
     "nothing: postgres has url", None),
    ("  database: clinic.duckdb", "  database: a\n  timeout: 60", "engine.timeout", 6, "60",
     _TIME, None),
    ("  database: clinic.duckdb", "  database: a\n  refresh: 0h", "engine.refresh", 6,
     'the text "0h"', _TIME, None),
    ("  database: clinic.duckdb", "  database: a\n  memory: lots", "engine.memory", 6,
     'the text "lots"', "an amount such as 512MB, 4GB or 50%", None),
    ("  database: clinic.duckdb", "  database: a\n  threads: 0", "engine.threads", 6, "0",
     "a whole number from 1 to 1,024", None),
    # privacy
    ("guarantee: zcdp", "guarantee: zcpd", "privacy.guarantee", 8, 'the text "zcpd"',
     "pure, approximate, zcdp", "zcdp"),
    ("guarantee: zcdp", "guarantee: pure", "privacy.delta", 9, "delta",
     "nothing: pure has no delta; zcdp and approximate have one", None),
    ("delta: 1.0e-7", "delta: 0.5", "privacy.delta", 9, "0.5", _DELTA, None),
    ("delta: 1.0e-7", "delta: 0", "privacy.delta", 9, "0", "a number above 0", None),
    ("delta: 1.0e-7", "delta: 1e-19", "privacy.delta", 9, "1e-19", _DELTA, None),
    ("delta: 1.0e-7", "delta: .nan", "privacy.delta", 9, 'the text ".nan"', "a number above 0",
     None),
    ("  per_query: 0.25", "  per_query: 2", "privacy.per_query", 10,
     "2, more than max_per_query (1)", "at most max_per_query", None),
    ("  per_query: 0.25", "  per_query: 1e-13", "privacy.per_query", 10,
     "1e-13, too little to be counted", "a larger number, such as 0.1", None),
    ("max_per_query: 1.0", "max_per_query: -1", "privacy.max_per_query", 11, "-1", _EPSILON, None),
    ("max_per_query: 1.0", "max_per_query: NaN", "privacy.max_per_query", 11, 'the text "NaN"',
     _EPSILON, None),
    ("max_per_query: 1.0", "max_per_query: .inf", "privacy.max_per_query", 11, 'the text ".inf"',
     _EPSILON, None),
    ("max_per_query: 1.0", "max_per_query: 1000001", "privacy.max_per_query", 11, "1000001",
     _EPSILON, None),
    ("max_per_query: 1.0", "max_per_query: 1e999999999", "privacy.max_per_query", 11,
     'the text "1e999999999"', _EPSILON, None),
    ("max_per_query: 1.0", 'max_per_query: "1"', "privacy.max_per_query", 11, 'the text "1"',
     _EPSILON, None),
    # tables
    ("    unit: patient_id\n", "", "tables.visits", 13,
     "a table with neither unit nor public: true",
     f"unit ({_UNIT}) for protected rows, public: true for rows of nobody", None),
    ("unit: patient_id", "unit: patient_id\n    public: true", "tables.visits.unit", 14,
     "unit and public: true", "one of the two", None),
    ("codes: {public: true}", "codes: {public: true, max_rows: 3}", "tables.codes.max_rows", 21,
     "max_rows", "nothing: a public table has no owners to bound", None),
    ("codes: {public: true}", "codes: {public: true, max_groups: 3}", "tables.codes.max_groups",
     21, "max_groups", "nothing: a public table has no owners to bound", None),
    ("codes: {public: true}", "codes: {public: true, columns: {a: {max_total: 3}}}",
     "tables.codes.columns.a.max_total", 21, "max_total",
     "nothing: a public table has no owners to bound", None),
    ("unit: patient_id", "unit: {through: codes, on: {a: b}}", "tables.visits.unit.through", 14,
     "the public table codes, whose rows have no owner", "a protected table", None),
    ("unit: patient_id", "unit: {through: visit, on: {a: b}}", "tables.visits.unit.through", 14,
     "the unknown table visit", "a protected table: none is declared", None),
    ("unit: patient_id", "unit: {through: visits, on: {a: b}}", "tables.visits.unit.through", 14,
     "a circle: visits -> visits", "a chain that ends at a table with a unit column", None),
    ("unit: patient_id", "unit: {through: codes}", "tables.visits.unit.on", 14, "no such key",
     "a mapping from own columns to columns of that table", None),
    ("unit: patient_id", "unit: {through: visits, on: {}}", "tables.visits.unit.on", 14,
     "a mapping", "a mapping from own columns to columns of the other table, each once", None),
    ("unit: patient_id", "unit: [a]", "tables.visits.unit", 14, "a list", _UNIT, None),
    ("  codes: {public: true}", "  codes: {public: true}\n  Visits: {public: true}",
     "tables.Visits", 22, "a name that differs from visits only in case",
     "names that differ otherwise", None),
    # columns
    (WARD, "      ward: {values: []}", f"{AT}.ward.values", 18, "an empty list", _VALUES, None),
    (WARD, "      ward: {values: surgery}", f"{AT}.ward.values", 18, 'the text "surgery"',
     _VALUES, None),
    (WARD, "      ward: {values: [a, b, a]}", f"{AT}.ward.values[2]", 18,
     'the text "a" a second time', "each value once", None),
    (WARD, "      ward: {values: [null, ~]}", f"{AT}.ward.values[1]", 18, "null a second time",
     "each value once", None),
    (WARD, "      ward: {values: [a, [b]]}", f"{AT}.ward.values[1]", 18, "a list", "one value",
     None),
    (WARD, "      ward: {values: [a], references: codes.code}", f"{AT}.ward.references", 18,
     "values and references",
     "one of them: each alone says which values the column has", None),
    (WARD, "      ward: {values: [a], bounds: [1, 2]}", f"{AT}.ward.bounds", 18,
     "values and bounds", "one of them: each alone says which values the column has", None),
    (WARD, "      ward: {values: [a], nullable: true}", f"{AT}.ward.nullable", 18,
     "nullable: true against values",
     "null among the values, exactly where NULL is expected", None),
    (WARD, "      ward: {values: [a, null], nullable: false}", f"{AT}.ward.nullable", 18,
     "nullable: false against values",
     "null among the values, exactly where NULL is expected", None),
    (NIGHTS, "      nights: {bounds: [30, 0]}", f"{AT}.nights.bounds", 19, "30 above 0",
     "the lowest value first", None),
    (NIGHTS, "      nights: {bounds: [2020-02-01, 2020-01-01]}", f"{AT}.nights.bounds", 19,
     "2020-02-01 above 2020-01-01", "the lowest value first", None),
    (NIGHTS, "      nights: {bounds: [1]}", f"{AT}.nights.bounds", 19, "a list of 1", _BOUNDS,
     None),
    (NIGHTS, "      nights: {bounds: 30}", f"{AT}.nights.bounds", 19, "30", _BOUNDS, None),
    (NIGHTS, "      nights: {bounds: [a, z]}", f"{AT}.nights.bounds", 19,
     'the text "a" and the text "z"', _BOUNDS, None),
    (NIGHTS, "      nights: {bounds: [0, 2020-01-01]}", f"{AT}.nights.bounds", 19,
     "0 and 2020-01-01", _BOUNDS, None),
    (NIGHTS, "      nights: {bounds: [0, .inf]}", f"{AT}.nights.bounds", 19,
     '0 and the text ".inf"', _BOUNDS, None),
    (NIGHTS, "      nights: {bounds: [false, true]}", f"{AT}.nights.bounds", 19,
     "false and true", _BOUNDS, None),
    (NIGHTS, "      nights: {bounds: [2020-02-30, 2020-03-01]}", f"{AT}.nights.bounds", 19,
     'the text "2020-02-30" and 2020-03-01', _BOUNDS, None),
    (NIGHTS, "      nights: {bounds: [0, 1], step: 0}", f"{AT}.nights.step", 19, "0",
     "a number above 0", None),
    (NIGHTS, "      nights: {bounds: [0, 1], step: 5}", f"{AT}.nights.step", 19,
     "a step wider than the bounds", "a smaller step", None),
    (NIGHTS, "      nights: {bounds: [0, 1], step: 1e-20}", f"{AT}.nights.step", 19,
     "more than 2^62 steps within the bounds", "a larger step", None),
    (NIGHTS, "      nights: {bounds: [2020-01-01, 2020-02-01], step: 1}", f"{AT}.nights.step", 19,
     "step on dates", "nothing: steps are for numbers", None),
    (NIGHTS, "      nights: {max_total: auto}", f"{AT}.nights.max_total", 19,
     "max_total: auto without bounds", "bounds beside it", None),
    (NIGHTS, "      nights: {max_total: 0}", f"{AT}.nights.max_total", 19, "0",
     "a number above 0", None),
    (CODE, "      code: {references: codes}", f"{AT}.code.references", 20, 'the text "codes"',
     "PUBLIC_TABLE.COLUMN", None),
    (CODE, "      code: {references: code.code}", f"{AT}.code.references", 20,
     "the unknown table code", "a public table: codes", "codes"),
    (CODE, "      code: {references: visits.ward}", f"{AT}.code.references", 20,
     "the protected table visits",
     "a public table: the values of a protected one are not public", None),
    # budgets
    ('"role:analyst"', '"group:analyst"', "budgets[0].for", 23, 'the text "group:analyst"',
     _HOLDER, None),
    ('"role:analyst"', '"user:"', "budgets[0].for", 23, 'the text "user:"', _HOLDER, None),
    ('"role:analyst"', "everyone", "budgets[1].for", 24, "everyone a second time",
     "each holder once: the first line that fits a user counts", None),
    ("epsilon: 50", "epsilon: 9000001", "budgets[1].epsilon", 24, "9000001",
     "a number above 0, at most 9,000,000", None),
    ("epsilon: 50", "epsilon: 0", "budgets[1].epsilon", 24, "0",
     "a number above 0, at most 9,000,000", None),
    ("epsilon: 50", "epsilon: 50, renews: yearly", "budgets[1].renews", 24, 'the text "yearly"',
     "never, daily, weekly, monthly", None),
    (", epsilon: 50", "", "budgets[1].epsilon", 24, "no such key", "a number above 0", None),
    # the text itself
    ("description: Visits.", "description: ${NOT_SET}", "description", 2,
     "${NOT_SET}, which is not set in the environment", "an environment variable that is set",
     None),
    ("description: Visits.", "description: ${a-b}", "description", 2, "the variable ${a-b}",
     "${NAME} with letters, digits and underscores; $${ for a plain ${", None),
    ("description: Visits.", "dataset: other", "dataset", 2,
     "the key a second time (first on line 1)", "each key once", None),
    ("description: Visits.", "description: !!python/name:os.system x", "description", 2,
     "the tag tag:yaml.org,2002:python/name:os.system", "values without tags", None),
    ("description: Visits.", "[a]: b", "", 2, "a key that is no word", "text as a key", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "path", "line", "found", "allowed", "near"),
    CASES,
    ids=[f"{case[2]}: {case[4]}"[:70] for case in CASES],
)
def test_each_fault_names_place_found_allowed_and_nearest(
    faults_of: Callable[[str], tuple[Fault, ...]],
    old: str,
    new: str,
    path: str,
    line: int,
    found: str,
    allowed: str,
    near: str | None,
) -> None:
    faults = faults_of(changed((old, new)))
    here = [fault for fault in faults if fault.path == path and fault.found == found]
    assert here, f"not among:\n{chr(10).join(map(str, faults))}"
    assert (here[0].line, here[0].allowed, here[0].nearest) == (line, allowed, near)
    assert here[0].file.endswith("clinic.yaml")


def test_a_corrupted_policy_shows_all_its_faults_at_once(
    faults_of: Callable[[str], tuple[Fault, ...]],
) -> None:
    faults = faults_of(
        changed(
            ("type: duckdb", "type: duck"),
            ("guarantee: zcdp", "guarantee: best"),
            ("max_per_query: 1.0", "max_per_query: NaN"),
            ("values:", "vals:"),
            ("bounds: [0, 30]", "bounds: [30, 0]"),
            ("codes.code", "nowhere.code"),
            ("codes: {public: true}", "codes: {}"),
            ("epsilon: 50", "epsilon: many"),
        )
    )
    assert [(fault.line, fault.path) for fault in faults] == [
        (4, "engine.type"),
        (8, "privacy.guarantee"),
        (11, "privacy.max_per_query"),
        (18, "tables.visits.columns.ward.vals"),
        (19, "tables.visits.columns.nights.bounds"),
        (20, "tables.visits.columns.code.references"),
        (21, "tables.codes"),
        (24, "budgets[1].epsilon"),
    ]


def test_faults_print_as_lines_that_an_editor_can_follow(
    faults_of: Callable[[str], tuple[Fault, ...]],
) -> None:
    fault = faults_of(changed(("values:", "value:")))[0]
    assert str(fault) == (
        f"{fault.file}:18: tables.visits.columns.ward.value: found an unknown key "
        f"(did you mean values?); allowed: {_COLUMN_KEYS}"
    )


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("", 1, "an empty file"),
        ("# nothing\n", 1, "an empty file"),
        ("- a\n- b\n", 1, "a list"),
        ("a: [1\nb: 2\n", 2, "text that is not YAML: expected ',' or ']', but got ':'"),
        ("a: 1\n---\nb: 2\n", 2, "text that is not YAML: but found another document"),
        ("a: *b\n", 1, "text that is not YAML: found undefined alias 'b'"),
        ("a: &a {b: *a}\n", 1, "anchors that contain themselves or grow without end"),
    ],
)
def test_a_text_that_is_no_policy(
    faults_of: Callable[[str], tuple[Fault, ...]], text: str, line: int, found: str
) -> None:
    fault = faults_of(text)[0]
    assert (fault.line, fault.found) == (line, found)


def test_anchors_that_multiply_do_not_fill_the_memory(
    faults_of: Callable[[str], tuple[Fault, ...]],
) -> None:
    levels = ["a0: &a0 [x]"]
    levels += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    fault = faults_of("\n".join(levels))[0]
    assert fault.found == "anchors that contain themselves or grow without end"


def test_text_nested_too_deeply_is_refused(
    faults_of: Callable[[str], tuple[Fault, ...]],
) -> None:
    assert faults_of("a: " + "[" * 5000 + "]" * 5000)[0].path == ""


def test_a_secret_is_not_repeated(faults_of: Callable[..., tuple[Fault, ...]]) -> None:
    text = BASE.replace("type: duckdb\n  database: clinic.duckdb", "type: postgres\n  url: ${URL}")
    text = text.replace("  per_query: 0.25", "  per_query: ${URL}")
    faults = faults_of(text, env={"URL": "mysql://me:hunter2@host"})
    assert [fault.path for fault in faults] == ["engine.url", "privacy.per_query"]
    assert "hunter2" not in "\n".join(map(str, faults))
