import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.policy.document import plain_value
from gateway.policy.faults import PolicyFaults
from gateway.policy.load import load, load_all
from gateway.policy.model import Budget, Guarantee, Policy, Renewal, Through
from tests.policy.conftest import BASE, changed

Make = Callable[..., Policy]
NIGHTS = "nights: {bounds: [0, 30]}"


def test_the_whole_of_a_policy(policy_with: Make, tmp_path: Path) -> None:
    policy = policy_with()
    assert (policy.dataset, policy.description) == ("clinic", "Visits.")
    assert policy.engine.type == "duckdb"
    assert policy.engine.database == str(tmp_path / "clinic.duckdb")
    assert (policy.engine.timeout_seconds, policy.engine.refresh_seconds) == (60.0, None)
    assert policy.privacy.guarantee is Guarantee.ZCDP
    assert policy.privacy.delta == Fraction(1, 10**7)
    assert (policy.privacy.per_query, policy.privacy.max_per_query) == (Fraction(1, 4), Fraction(1))
    assert policy.privacy.show_sql
    visits = policy.tables["visits"]
    assert (visits.public, visits.unit, visits.key) == (False, "patient_id", ())
    assert (visits.max_rows, visits.max_groups) == (5, 2)
    assert visits.columns["ward"].values == ("surgery", "medicine")
    assert visits.columns["nights"].bounds == (0, 30)
    assert visits.columns["code"].references == ("codes", "code")
    assert policy.tables["codes"].public
    assert policy.budgets == (
        Budget(holder="role:analyst", epsilon=Fraction(5), renews=Renewal.NEVER),
        Budget(holder="everyone", epsilon=Fraction(50), renews=Renewal.NEVER),
    )
    assert policy.lines["tables.visits.columns.ward.values[1]"] == 18


def test_numbers_are_exact_as_written(policy_with: Make) -> None:
    policy = policy_with(
        ("delta: 1.0e-7", "delta: 1e-7"),
        ("  per_query: 0.25", "  per_query: 0.1"),
        (NIGHTS, "nights: {bounds: [-0.3, 0.1], step: 0.01, max_total: 1e3}"),
    )
    assert policy.privacy.delta == Fraction(1, 10**7)
    assert policy.privacy.per_query == Fraction(1, 10)
    nights = policy.tables["visits"].columns["nights"]
    assert nights.bounds == (Decimal("-0.3"), Decimal("0.1"))
    assert (nights.step, nights.max_total) == (Fraction(1, 100), Fraction(1000))


@given(
    st.fractions(max_denominator=1).flatmap(
        lambda _: st.decimals(
            allow_nan=False, allow_infinity=False, places=12, min_value=-(10**15), max_value=10**15
        )
    )
)
def test_no_number_goes_through_a_float(number: Decimal) -> None:
    value = plain_value(f"{number:f}")
    assert isinstance(value, int | Decimal)
    assert Fraction(value) == Fraction(number)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("On", "On"),
        ("012", "012"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("12:30:00", "12:30:00"),
        ("+5", 5),
        ("-0", 0),
        ("1.", Decimal(1)),
        (".5", Decimal("0.5")),
        ("", None),
        ("~", None),
        ("null", None),
        ("None", "None"),
        ("TRUE", True),
        ("2020-01-31", dt.date(2020, 1, 31)),
        ("2020-01-31 10:30", dt.datetime(2020, 1, 31, 10, 30)),
        ("2020-01-31T10:30:00.5+02:00", dt.datetime(2020, 1, 31, 8, 30, 0, 500000, tzinfo=dt.UTC)),
        ("2020-02-31", "2020-02-31"),
        ("9" * 200, "9" * 200),
        ("1e9999", "1e9999"),
    ],
)
def test_what_a_plain_scalar_stands_for(text: str, value: object) -> None:
    read = plain_value(text)
    assert (type(read), read) == (type(value), value)


def test_auto_and_nothing_leave_the_bounds_to_the_gateway(policy_with: Make) -> None:
    policy = policy_with(("max_rows: 5", "max_rows: auto"), ("    max_groups: 2\n", ""))
    visits = policy.tables["visits"]
    assert (visits.max_rows, visits.max_groups) == (None, None)


def test_null_among_the_values_is_a_reported_group(policy_with: Make) -> None:
    policy = policy_with(("[surgery, medicine]", "[surgery, null, 'null', ~x]"))
    assert policy.tables["visits"].columns["ward"].values == ("surgery", None, "null", "~x")


@pytest.mark.parametrize(
    ("text", "seconds"), [("60s", 60.0), ("5m", 300.0), ("24h", 86400.0), ("7d", 604800.0)]
)
def test_durations(policy_with: Make, text: str, seconds: float) -> None:
    new = f"  database: x\n  timeout: {text}\n  refresh: {text}"
    engine = policy_with(("  database: clinic.duckdb", new)).engine
    assert (engine.timeout_seconds, engine.refresh_seconds) == (seconds, seconds)


def test_keys_lists_and_chains(policy_with: Make) -> None:
    policy = policy_with(
        (
            "  codes: {public: true}",
            "  codes: {public: true, key: code}\n"
            "  items:\n    key: [visit, line]\n"
            "    unit: {through: parts, on: {part: id}}\n"
            "  parts: {unit: {through: visits, on: {a: b, c: d}}}",
        )
    )
    assert policy.tables["codes"].key == ("code",)
    assert policy.tables["items"].key == ("visit", "line")
    assert policy.tables["items"].unit == Through(table="parts", on={"part": "id"})
    assert policy.tables["parts"].unit == Through(table="visits", on={"a": "b", "c": "d"})
    assert policy.tables["items"].columns == {}


def test_a_pure_policy_has_no_delta(policy_with: Make) -> None:
    policy = policy_with(("guarantee: zcdp\n  delta: 1.0e-7", "guarantee: pure"))
    assert policy.privacy.guarantee is Guarantee.PURE
    assert policy.privacy.delta == 0


def test_no_budget_yet_and_the_largest_amounts(policy_with: Make) -> None:
    budgets = BASE[BASE.index("budgets:") :]
    assert policy_with((budgets, "budgets: []\n")).budgets == ()
    policy = policy_with(
        ("max_per_query: 1.0", "max_per_query: 1000000"), ("epsilon: 50", "epsilon: 9000000")
    )
    assert policy.privacy.max_per_query == 1_000_000
    assert policy.budgets[1].epsilon == 9_000_000


def test_variables_are_put_in_and_typed_unless_quoted(policy_with: Make) -> None:
    env = {"MOST": "0.5", "PLACE": "/data/x: y.duckdb", "WHO": "5"}
    policy = policy_with(
        ("max_per_query: 1.0", "max_per_query: ${MOST}"),
        ("clinic.duckdb", "${PLACE}"),
        ("description: Visits.", 'description: "${WHO} of $${WHO} $5"'),
        env=env,
    )
    assert policy.privacy.max_per_query == Fraction(1, 2)
    assert policy.engine.database == "/data/x: y.duckdb"
    assert policy.description == "5 of ${WHO} $5"


def test_the_digest_is_the_expanded_text_s(policy_with: Make) -> None:
    change = ("description: Visits.", "description: ${X}")
    one = policy_with(change, env={"X": "one"}).digest
    assert one == policy_with(change, env={"X": "one"}).digest
    assert one != policy_with(change, env={"X": "two"}).digest
    assert one == policy_with(("description: Visits.", "description: one")).digest


def test_anchors_and_merges(policy_with: Make) -> None:
    policy = policy_with(
        ("ward: {values: [surgery, medicine]}", "ward: &w {values: [a], description: A}"),
        (NIGHTS, "nights: *w\n      other: {<<: *w, description: B}"),
    )
    columns = policy.tables["visits"].columns
    assert columns["nights"].values == ("a",)
    assert (columns["other"].values, columns["other"].description) == (("a",), "B")


def test_servers_are_read_though_no_engine_serves_them_yet(policy_with: Make) -> None:
    change = "type: duckdb\n  database: clinic.duckdb"
    policy = policy_with(
        (change, "type: postgres\n  url: postgresql://h/d\n  schema: clinic"),
    )
    assert (policy.engine.type, policy.engine.schema) == ("postgres", "clinic")


def test_samples_and_relative_files(policy_with: Make, tmp_path: Path) -> None:
    files = "  files: {visits: deep/*.parquet, codes: 'sample:hospital_admission_type.parquet'}"
    policy = policy_with(("  database: clinic.duckdb", files))
    assert policy.engine.files is not None
    assert policy.engine.files["visits"] == str(tmp_path / "deep/*.parquet")
    assert Path(policy.engine.files["codes"]).is_file()


def test_a_policy_cannot_be_changed(policy_with: Make) -> None:
    policy = policy_with()
    with pytest.raises(TypeError):
        policy.tables["x"] = policy.tables["visits"]  # type: ignore[index]
    with pytest.raises(TypeError):
        policy.tables["visits"].columns["x"] = None  # type: ignore[index]


def test_load_all_reads_every_file_in_order(tmp_path: Path) -> None:
    (tmp_path / "b.yml").write_text(BASE)
    (tmp_path / "a.yaml").write_text(changed(("dataset: clinic", "dataset: other")))
    (tmp_path / "notes.txt").write_text("not a policy")
    assert [policy.dataset for policy in load_all(tmp_path, {})] == ["other", "clinic"]


def test_load_all_reports_the_faults_of_all_files(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(changed(("values:", "value:")))
    (tmp_path / "b.yaml").write_text(changed(("max_rows: 5", "max_rows: x")))
    (tmp_path / "c.yaml").write_text(BASE)
    (tmp_path / "d.yaml").write_text(changed(("dataset: clinic", "dataset: Clinic")))
    with pytest.raises(PolicyFaults) as refused:
        load_all(tmp_path, {})
    assert [(Path(fault.file).name, fault.path) for fault in refused.value.faults] == [
        ("a.yaml", "tables.visits.columns.ward.value"),
        ("b.yaml", "tables.visits.max_rows"),
        ("d.yaml", "dataset"),
    ]
    assert refused.value.faults[2].found == f"Clinic, which {tmp_path / 'c.yaml'} is named, too"
    assert str(refused.value).startswith("3 faults in policies:\n")


def test_a_directory_without_policies(tmp_path: Path) -> None:
    for directory, found in ((tmp_path, "no policy file"), (tmp_path / "x", "no such directory")):
        with pytest.raises(PolicyFaults) as refused:
            load_all(directory, {})
        assert refused.value.faults[0].found == found


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(PolicyFaults, match="No such file or directory"):
        load(tmp_path / "none.yaml", {})
    (tmp_path / "latin.yaml").write_bytes("dataset: Zürich".encode("latin-1"))
    with pytest.raises(PolicyFaults, match="bytes that are not UTF-8"):
        load(tmp_path / "latin.yaml", {})
