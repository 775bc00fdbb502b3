"""Views of a policy: checked when it is read and when it meets its data, expanded where named."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from gateway.errors import Code, Refusal
from gateway.policy.catalog import Dataset
from gateway.policy.faults import PolicyFaults
from gateway.privacy.domains import Interval
from gateway.server.routes.datasets import described
from gateway.start import open_datasets, read_policies
from tests.corpus.asking import planned
from tests.corpus.policies import gateway, shipped, write_policy
from tests.corpus.reading import Entry


def dataset(folder: Path, views: Mapping[str, str], name: str = "hospital") -> Dataset:
    """The dataset with these views."""
    document = shipped(name)
    document["views"] = dict(views)
    write_policy(document, folder)
    with ExitStack() as opened:
        catalog, _ = open_datasets(read_policies(folder), opened)
        return catalog.datasets[name]


PER_PATIENT = "SELECT patient_nbr, COUNT(*) AS stays FROM encounters GROUP BY patient_nbr"
LONG = "SELECT * FROM per_patient WHERE stays >= 2"
BY_AGE = "SELECT age, COUNT(*) AS n FROM encounters GROUP BY age"
KINDS = "SELECT description, admission_type_id AS id FROM admission_types"


def test_views_may_name_views_in_any_order(tmp_path: Path) -> None:
    found = dataset(tmp_path, {"long": LONG, "per_patient": PER_PATIENT})
    assert [view.name for view in found.policy.views.values()] == ["per_patient", "long"]
    assert found.policy.views["long"].reads == ("per_patient",)


def test_what_a_view_shows_is_known_from_the_schema(tmp_path: Path) -> None:
    views = dataset(tmp_path, {"per_patient": PER_PATIENT, "by_age": BY_AGE, "kinds": KINDS}).views
    patient, stays = views["per_patient"].columns
    assert (patient.name, patient.type.name) == ("patient_nbr", "bigint")
    assert (stays.name, stays.nullable, stays.domain) == ("stays", False, Interval(1, 8))  # type: ignore[arg-type]
    assert [(c.name, c.type.name) for c in views["by_age"].columns] == [
        ("age", "text"),
        ("n", "bigint"),
    ]
    kinds = {n: (v.protected, v.releases) for n, v in views.items()}
    assert kinds == {
        "per_patient": (True, False),
        "by_age": (False, True),
        "kinds": (False, False),
    }


def test_analysts_see_views_beside_tables(tmp_path: Path) -> None:
    (view,) = described(dataset(tmp_path, {"per_patient": PER_PATIENT}))["views"]  # type: ignore[misc]
    assert view["name"] == "per_patient"  # type: ignore[index]
    assert view["sql"] == PER_PATIENT  # type: ignore[index]
    assert view["columns"][1]["bounds"] == [1, 8]  # type: ignore[index]


def test_another_view_is_another_version_of_the_policy(tmp_path: Path) -> None:
    one = dataset(tmp_path / "a", {"v": BY_AGE})
    other = dataset(tmp_path / "b", {"v": PER_PATIENT})
    assert one.policy.digest != other.policy.digest
    assert one.digest != other.digest


REFUSED = {
    "an unknown column": ("SELECT agee FROM encounters", 'There is no column "agee"'),
    "a hidden column": ("SELECT encounter_id FROM encounters", "There is no column"),
    "rows across owners": ("SELECT age FROM encounters LIMIT 5", "LIMIT would pick rows"),
    "a join of owners": (
        "SELECT a.age FROM encounters a JOIN encounters b ON a.age = b.age",
        "The join pairs rows of different owners.",
    ),
    "a changing function": ("SELECT random() AS r FROM encounters", "changes from call to call"),
    "a sum without bounds": ("SELECT SUM(patient_nbr) AS s FROM encounters", "has no bounds"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_no_analyst_may_ask_is_no_view(tmp_path: Path, case: str) -> None:
    sql, fact = REFUSED[case]
    with pytest.raises(PolicyFaults) as caught:
        dataset(tmp_path, {"fine": BY_AGE, "v": sql})
    (fault,) = caught.value.faults
    assert fault.path == "views.v"
    assert fact in fault.found
    assert "of it" in fault.found, "its place in the SQL is told"
    assert fault.allowed
    text = (tmp_path / "hospital.yaml").read_text(encoding="utf-8").splitlines()
    assert text[fault.line - 1].strip().startswith("v:")


def test_bounds_that_are_not_estimated_yet_forbid_no_view(tmp_path: Path) -> None:
    document = shipped("hospital")
    document["views"] = {"per_patient": PER_PATIENT, "by_age": BY_AGE}
    document["tables"]["encounters"] |= {"max_rows": "auto", "max_groups": "auto"}
    write_policy(document, tmp_path)
    with gateway(tmp_path) as started:
        views = started.catalog.datasets["hospital"].views
        assert [column.name for column in views["by_age"].columns] == ["age", "n"]
        assert [column.name for column in views["per_patient"].columns] == ["patient_nbr", "stays"]


def test_views_in_a_circle_are_told(tmp_path: Path) -> None:
    with pytest.raises(PolicyFaults) as caught:
        dataset(tmp_path, {"a": "SELECT * FROM b", "b": "SELECT * FROM a", "c": BY_AGE})
    assert [fault.path for fault in caught.value.faults] == ["views.a", "views.b"]


def test_a_view_is_read_as_if_its_sql_stood_there(tmp_path: Path) -> None:
    """Statement, claims and price are those of the question written out."""
    document = shipped("hospital")
    document["views"] = {"per_patient": PER_PATIENT, "by_age": BY_AGE}
    write_policy(document, tmp_path)
    with gateway(tmp_path) as started:

        def releases(sql: str) -> list[str]:
            entry = Entry(construct="views", title="views", dataset="hospital", sql=sql)
            return [release.fingerprint for release in planned(entry, started).releases]

        named = releases("SELECT stays, COUNT(*) FROM per_patient GROUP BY stays")
        assert named == releases(f"SELECT stays, COUNT(*) FROM ({PER_PATIENT}) t GROUP BY stays")
        assert releases("SELECT MAX(n) FROM by_age") == releases(BY_AGE)
        with pytest.raises(Refusal) as caught:
            releases("SELECT * FROM per_patient")
        assert caught.value.code is Code.NOT_PRIVATE
        with pytest.raises(Refusal) as caught:
            releases("SELECT * FROM per_pateint")
        assert caught.value.hint == 'Did you mean "per_patient"?'
