"""Drift between a policy and the engine's schema, and the catalog that comes of both."""

import datetime as dt
import importlib.util
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from gateway.edges import Engine
from gateway.engines.open import open_engine
from gateway.policy.catalog import Dataset
from gateway.policy.check import build_catalog, build_dataset
from gateway.policy.domains import MOST_PUBLIC_VALUES
from gateway.policy.faults import Fault, PolicyFaults
from gateway.policy.load import load
from gateway.policy.model import Policy
from gateway.privacy.domains import Anything, Interval, Members
from gateway.sql.types import INTEGER, TEXT, ordinal
from tests.policy.conftest import changed

WARD = "ward: {values: [surgery, medicine]}"
NIGHTS = "nights: {bounds: [0, 30]}"
CODE = "code: {references: codes.code}"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("original") / "clinic.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            """
            CREATE TABLE codes (code INTEGER, name VARCHAR NOT NULL, weight DOUBLE, big BIGINT);
            INSERT INTO codes VALUES (3, 'c', 'nan', 1), (1, 'a', 1, 2), (NULL, 'n', 2, 3);
            CREATE TABLE many AS SELECT range AS n, range % 5 AS few FROM range(20000);
            CREATE TABLE visits (visit INTEGER NOT NULL, patient_id INTEGER, ward VARCHAR,
              nights INTEGER, code INTEGER, "at" TIMESTAMP, day DATE, tz TIMESTAMPTZ,
              price DECIMAL(10, 2), share DOUBLE, ok BOOLEAN, list INTEGER[], small SMALLINT);
            INSERT INTO visits (visit, patient_id, ward) VALUES (1, 1, 'surgery'), (2, 1, 'x'),
              (3, NULL, NULL);
            CREATE TABLE items (visit INTEGER, line INTEGER, label VARCHAR, other VARCHAR);
            INSERT INTO items VALUES (1, 1, 'a', 'a'), (1, 2, 'b', 'b');
            """
        )
    return path


@pytest.fixture
def database(original: Path, tmp_path: Path) -> Path:
    """The database next to where the test writes its policy."""
    path = tmp_path / "clinic.duckdb"
    path.symlink_to(original)
    return path


@pytest.fixture
def build(database: Path, tmp_path: Path) -> Iterator[Callable[..., Dataset]]:
    engines: list[Engine] = []

    def from_changes(*changes: tuple[str, str]) -> Dataset:
        file = tmp_path / "clinic.yaml"
        file.write_text(changed(*changes))
        policy = load(file, {})
        engine = open_engine(policy)
        engines.append(engine)
        return build_dataset(policy, engine)

    yield from_changes
    for engine in engines:
        engine.close()


Build = Callable[..., Dataset]


def drift(build: Build, *changes: tuple[str, str]) -> tuple[Fault, ...]:
    with pytest.raises(PolicyFaults) as refused:
        build(*changes)
    return refused.value.faults


_VISITS = "visit, patient_id, ward, nights, code, at, day, tz, price, share, ok, list and 1 more"

CASES: list[tuple[str, str, str, int, str, str, str | None]] = [
    ("  codes: {public: true}", "  codes: {public: true}\n  cods: {public: true}", "tables.cods",
     22, "no table cods in the database",
     "the name of a table or view, exactly as the database spells it", None),
    ("ward:", "wards:", "tables.visits.columns.wards", 18, "no column wards in the database",
     _VISITS, "ward"),
    ("unit: patient_id", "unit: patient", "tables.visits.unit", 14,
     "no column patient in the database", _VISITS, "patient_id"),
    ("unit: patient_id", "unit: list", "tables.visits.unit", 14, "a column of type INTEGER[]",
     "a type that Noisegate knows; hide the column, or cast it in a view", None),
    ("max_groups: 2", "key: visits", "tables.visits.key", 16,
     "no column visits in the database", _VISITS, "visit"),
    ("max_groups: 2", "key: patient_id", "tables.visits.key", 16,
     "patient_id of visits, which two rows share or one lacks",
     "columns that together are different, and not NULL, in every row", None),
    (NIGHTS, "list: {}", "tables.visits.columns.list", 19, "a column of type INTEGER[]",
     "a type that Noisegate knows; hide the column, or cast it in a view", None),
    (WARD, "ward: {values: [surgery, 5]}", "tables.visits.columns.ward.values[1]", 18, "5",
     "text; in quotes where it looks like a number, a date, true or false", None),
    (NIGHTS, "nights: {values: ['1']}", "tables.visits.columns.nights.values[0]", 19, "1",
     "whole numbers without quotes: the column is integer", None),
    (NIGHTS, "small: {values: [1, 40000]}", "tables.visits.columns.small.values[1]", 19, "40000",
     "whole numbers from -32768 to 32767", None),
    (NIGHTS, "price: {values: [1.25, 1.255]}", "tables.visits.columns.price.values[1]", 19,
     "1.255", "numbers of 10 digits, 2 of them after the point", None),
    (NIGHTS, "price: {values: [1, 1.0]}", "tables.visits.columns.price.values[1]", 19,
     "1.0, the same as another", "each value once", None),
    (NIGHTS, "ok: {values: [1]}", "tables.visits.columns.ok.values[0]", 19, "1",
     "true and false: the column is boolean", None),
    (NIGHTS, "day: {values: ['2020-01-01']}", "tables.visits.columns.day.values[0]", 19,
     "2020-01-01", "dates such as 2020-01-31", None),
    (NIGHTS, "nights: {bounds: [0, 0.5]}", "tables.visits.columns.nights.bounds", 19,
     "[0, 0.5]", "whole numbers: the column is integer", None),
    (NIGHTS, "nights: {bounds: [0, 3000000000]}", "tables.visits.columns.nights.bounds", 19,
     "[0, 3000000000]", "whole numbers from -2147483648 to 2147483647", None),
    (NIGHTS, "ward: {bounds: [0, 1]}", "tables.visits.columns.ward.bounds", 19, "[0, 1]",
     "no bounds: the column is text; values lists what a column can have", None),
    (NIGHTS, "day: {bounds: [0, 1]}", "tables.visits.columns.day.bounds", 19, "[0, 1]",
     "dates or timestamps: the column is date", None),
    (NIGHTS, "day: {bounds: [2020-01-01, 2020-01-02 10:00:00]}",
     "tables.visits.columns.day.bounds", 19, "[2020-01-01, 2020-01-02 10:00:00]",
     "dates such as 2020-01-31", None),
    (NIGHTS, "at: {bounds: [2020-01-01 10:00:00Z, 2020-01-02]}",
     "tables.visits.columns.at.bounds", 19, "[2020-01-01 10:00:00+00:00, 2020-01-02]",
     "timestamps without a zone: the column has none", None),
    (NIGHTS, "nights: {bounds: [2020-01-01, 2020-01-02]}", "tables.visits.columns.nights.bounds",
     19, "[2020-01-01, 2020-01-02]", "numbers: the column is integer", None),
    (NIGHTS, "nights: {bounds: [0, 9], step: 0.5}", "tables.visits.columns.nights.step", 19,
     "1/2", "a whole number: the column has integers", None),
    (NIGHTS, "at: {step: 1}", "tables.visits.columns.at.step", 19, "1",
     "no step: the column is timestamp, and steps are for numbers", None),
    (NIGHTS, "ok: {max_total: 5}", "tables.visits.columns.ok.max_total", 19, "5",
     "no max_total: the column is boolean, and totals are of numbers", None),
    (CODE, "code: {references: codes.cod}", "tables.visits.columns.code.references", 20,
     "no column cod in the database", "code, name, weight, big", "code"),
    (CODE, "code: {references: codes.name}", "tables.visits.columns.code.references", 20,
     "name of type text", "a public column of type integer", None),
    ("codes: {public: true}", "codes: {public: true, columns: {code: {nullable: false}}}",
     "tables.codes.columns.code.nullable", 21, "false, but the public table has NULL there",
     "true, or no such key", None),
    ("  codes: {public: true}",
     "  codes: {public: true}\n  items: {unit: {through: visits, on: {vist: visit}}}",
     "tables.items.unit.on.vist", 22, "no column vist in the database",
     "visit, line, label, other", "visit"),
    ("  codes: {public: true}",
     "  codes: {public: true}\n  items: {unit: {through: visits, on: {visit: vist}}}",
     "tables.items.unit.on.visit", 22, "no column vist in the database", _VISITS, "visit"),
    ("  codes: {public: true}",
     "  codes: {public: true}\n  items: {unit: {through: visits, on: {label: visit}}}",
     "tables.items.unit.on.label", 22, "label, text, against visit, integer",
     "two columns of one type", None),
    ("  codes: {public: true}",
     "  codes: {public: true}\n  items: {unit: {through: visits, on: {visit: patient_id}}}",
     "tables.items.unit.on", 22, "patient_id of visits, which two rows share or one lacks",
     "columns that together are different, and not NULL, in every row", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "path", "line", "found", "allowed", "near"),
    CASES,
    ids=[f"{case[2]}: {case[4]}"[:70] for case in CASES],
)
def test_each_drift_is_refused_at_its_line(
    build: Build,
    old: str,
    new: str,
    path: str,
    line: int,
    found: str,
    allowed: str,
    near: str | None,
) -> None:
    if new.startswith("ward: {bounds"):
        faults = drift(build, (f"      {WARD}\n", ""), (NIGHTS, new))
        line -= 1
    else:
        faults = drift(build, (old, new))
    assert [(f.path, f.line, f.found, f.allowed, f.nearest) for f in faults] == [
        (path, line, found, allowed, near)
    ]


def test_all_drift_is_reported_at_once(build: Build) -> None:
    faults = drift(build, (WARD, "wrd: {}"), (NIGHTS, "nights: {values: [a]}"),
                   ("unit: patient_id", "unit: pat"))  # fmt: skip
    assert [fault.path for fault in faults] == [
        "tables.visits.unit",
        "tables.visits.columns.wrd",
        "tables.visits.columns.nights.values[0]",
    ]


def test_a_catalog_reports_the_drift_of_every_dataset(database: Path, tmp_path: Path) -> None:
    policies: list[Policy] = []
    for dataset in ("one", "two"):
        file = tmp_path / f"{dataset}.yaml"
        file.write_text(changed(("dataset: clinic", f"dataset: {dataset}"), ("ward:", "wrd:")))
        policies.append(load(file, {}))
    engines = {policy.dataset: open_engine(policy) for policy in policies}
    with pytest.raises(PolicyFaults) as refused:
        build_catalog(policies, engines)
    assert [Path(fault.file).name for fault in refused.value.faults] == ["one.yaml", "two.yaml"]
    for engine in engines.values():
        engine.close()


def test_columns_with_their_types_domains_and_uses(build: Build) -> None:
    dataset = build(
        ("max_groups: 2", "max_groups: 2\n    key: visit"),
        (WARD, "ward: {values: [surgery, null, medicine], description: Where.}"),
        (NIGHTS, "nights: {bounds: [0, 30], step: 2, max_total: 60}\n      ok: {hidden: true}"
                 "\n      list: {hidden: true}\n      share: {nullable: false}"),
    )  # fmt: skip
    visits = dataset.tables["visits"]
    assert (dataset.name, dataset.dialect, visits.source) == ("clinic", "duckdb", ("visits",))
    assert (visits.key, visits.max_rows, visits.max_groups) == (("visit",), 5, 2)
    columns = visits.columns
    assert list(columns) == ["visit", "patient_id", "ward", "nights", "code", "share", "ok"]
    assert {name: column.usable for name, column in columns.items()} == {
        "visit": False,
        "patient_id": True,
        "ward": True,
        "nights": True,
        "code": True,
        "share": True,
        "ok": False,
    }
    assert {name for name, column in columns.items() if column.nullable} == {
        "ward",
        "nights",
        "ok",
    }
    assert columns["ward"].domain == Members(("surgery", None, "medicine"))
    assert (columns["ward"].type, columns["ward"].description) == (TEXT, "Where.")
    assert columns["nights"].domain == Interval(Fraction(0), Fraction(30))
    assert (columns["nights"].step, columns["nights"].max_total) == (Fraction(2), Fraction(60))
    assert columns["code"].references == ("codes", "code")
    assert columns["patient_id"].domain == Anything()


def test_a_referenced_domain_has_null_only_where_the_policy_expects_it(build: Build) -> None:
    column = build().tables["visits"].columns["code"]
    assert (column.domain, column.nullable) == (Members((1, 3)), False)
    column = (
        build((CODE, "code: {references: codes.code, nullable: true}"))
        .tables["visits"]
        .columns["code"]
    )
    assert (column.domain, column.nullable) == (Members((1, 3, None)), True)


def test_a_public_table_without_columns_shows_all_of_them(build: Build) -> None:
    codes = build().tables["codes"].columns
    assert {name: column.domain for name, column in codes.items()} == {
        "code": Members((1, 3, None)),
        "name": Members(("a", "c", "n")),
        "weight": Anything(),
        "big": Members((1, 2, 3)),
    }
    assert {name: column.nullable for name, column in codes.items()} == {
        "code": True,
        "name": False,
        "weight": True,
        "big": False,
    }
    assert all(column.usable for column in codes.values())


def test_a_public_table_with_columns_shows_only_those(build: Build) -> None:
    columns = "{code: {}, name: {hidden: true}}"
    codes = build(("{public: true}", f"{{public: true, columns: {columns}}}")).tables["codes"]
    assert {name: column.usable for name, column in codes.columns.items()} == {
        "code": True,
        "name": False,
    }
    assert codes.columns["code"].type == INTEGER


def test_a_large_public_column_has_no_domain(build: Build) -> None:
    many = build(("  codes: {public: true}", "  codes: {public: true}\n  many: {public: true}"))
    assert many.tables["many"].columns["n"].domain == Anything()
    few = many.tables["many"].columns["few"].domain
    assert few == Members((0, 1, 2, 3, 4))
    assert MOST_PUBLIC_VALUES < 20_000


def test_a_reference_to_too_many_values_is_refused(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.policy.domains.MOST_REFERENCED_VALUES", 1)
    faults = drift(build)
    assert [(fault.path, fault.found) for fault in faults] == [
        ("tables.visits.columns.code.references", "a column of more than 1 values")
    ]


def test_bounds_on_points_in_time_are_ordinals(build: Build) -> None:
    columns = build(
        (NIGHTS, "day: {bounds: [2020-01-01, 2020-01-31]}\n"
                 "      at: {bounds: [2020-01-01, 2020-01-31]}\n"
                 "      tz: {bounds: [2020-01-01 12:00:00+02:00, 2020-01-31 12:00:00]}"),
    ).tables["visits"].columns  # fmt: skip
    assert columns["day"].domain == Interval(
        Fraction(ordinal(dt.date(2020, 1, 1))), Fraction(ordinal(dt.date(2020, 1, 31)))
    )
    assert columns["at"].domain == Interval(
        Fraction(ordinal(dt.datetime(2020, 1, 1))),
        Fraction(ordinal(dt.datetime(2020, 2, 1)) - 1),
    ), "a day as upper bound includes that day"
    assert columns["tz"].domain == Interval(
        Fraction(ordinal(dt.datetime(2020, 1, 1, 10))),
        Fraction(ordinal(dt.datetime(2020, 1, 31, 12))),
    )


def test_chains_keep_the_columns_they_join_on(build: Build) -> None:
    dataset = build(
        ("  codes: {public: true}",
         "  codes: {public: true}\n  items:\n    unit: {through: visits, on: {visit: visit}}\n"
         "    columns: {label: {}}"),
    )  # fmt: skip
    items, visits = dataset.tables["items"].columns, dataset.tables["visits"].columns
    assert {name: column.usable for name, column in items.items()} == {
        "visit": False,
        "label": True,
    }
    assert not visits["visit"].usable


def test_the_digest_follows_policy_and_schema(build: Build, database: Path) -> None:
    first = build().digest
    assert first == build().digest
    assert first != build(("description: Visits.", "description: Other.")).digest


def test_the_digest_changes_with_a_type(build: Build, tmp_path: Path, database: Path) -> None:
    from_clinic = build().digest
    other = tmp_path / "other" / "clinic.duckdb"
    other.parent.mkdir()
    with duckdb.connect(str(other)) as connection:
        connection.execute(
            "CREATE TABLE codes (code INTEGER, name VARCHAR NOT NULL, weight DOUBLE, big BIGINT);"
            "CREATE TABLE visits (patient_id BIGINT, ward VARCHAR, nights INTEGER, code INTEGER)"
        )
    file = other.parent / "clinic.yaml"
    file.write_text(changed())
    policy = load(file, {})
    engine = open_engine(policy)
    assert build_dataset(policy, engine).digest != from_clinic
    engine.close()


@pytest.mark.parametrize(
    ("kind", "url", "client"),
    [
        ("postgres", "postgresql://h/d", "psycopg_pool"),
        ("spark", "sc://h", "pyspark"),
    ],
)
def test_an_engine_without_its_client_is_a_fault_that_says_what_to_install(
    policy_with: Callable[..., Policy],
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    url: str,
    client: str,
) -> None:
    found = importlib.util.find_spec
    lacking = lambda name, *rest: None if name == client else found(name, *rest)  # noqa: E731
    monkeypatch.setattr(importlib.util, "find_spec", lacking)
    change = f"type: {kind}\n  url: {url}"
    with pytest.raises(PolicyFaults) as refused:
        open_engine(policy_with(("type: duckdb\n  database: clinic.duckdb", change)))
    (fault,) = refused.value.faults
    assert (fault.path, fault.line) == ("engine.type", 4)
    assert f"noisegate[{kind}]" in fault.allowed


def test_what_cannot_be_opened_is_a_fault_of_the_policy(
    policy_with: Callable[..., Policy],
) -> None:
    for change, path, line, found in (
        ("type: duckdb\n  database: none.duckdb", "engine.database", 5, "no file at "),
        ("type: duckdb\n  files: {visits: none.csv, codes: c.csv}", "engine.files.visits", 5,
         "no file at "),
    ):  # fmt: skip
        policy = policy_with(("type: duckdb\n  database: clinic.duckdb", change))
        with pytest.raises(PolicyFaults) as refused:
            open_engine(policy)
        fault = refused.value.faults[0]
        assert (fault.path, fault.line) == (path, line)
        assert fault.found.startswith(found)
