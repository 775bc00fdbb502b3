"""Which edits of a policy end stored answers: those that change what an answer means."""

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.policy import meaning as rule
from gateway.policy.load import load
from gateway.policy.meaning import meaning
from gateway.policy.model import (
    Budget,
    ColumnPolicy,
    EngineSettings,
    Policy,
    Privacy,
    TablePolicy,
    Through,
    ViewPolicy,
)
from tests.policy.conftest import changed

KEPT = [
    ("description: Visits.", "description: Other.\n# a comment"),
    ("epsilon: 5}", "epsilon: 6}"),
    ("epsilon: 50}", "epsilon: 50, renews: monthly}\ntimezone: Europe/Berlin"),
    ('  - {for: "role:analyst", epsilon: 5}\n', ""),
    ("per_query: 0.25", "per_query: 0.5"),
    ("max_per_query: 1.0", "max_per_query: 2.0\n  show_sql: false"),
    ("database: clinic.duckdb", "database: clinic.duckdb\n  timeout: 5s\n  threads: 2"),
    ("    max_rows: 5\n    max_groups: 2\n", "    max_groups: 2\n    max_rows: 5\n"),
    ("unit: patient_id", "unit: patient_id\n    description: Stays."),
    ("bounds: [0, 30]", "bounds: [0, 30], description: Nights."),
]
ENDED = [
    ("dataset: clinic", "dataset: ward"),
    ("database: clinic.duckdb", "database: other.duckdb"),
    ("database: clinic.duckdb", "database: clinic.duckdb\n  schema: main"),
    ("database: clinic.duckdb", "database: clinic.duckdb\n  refresh: 1h"),
    ("unit: patient\n", "unit: person\n"),
    ("guarantee: zcdp", "guarantee: approximate"),
    ("delta: 1.0e-7", "delta: 1.0e-8"),
    ("unit: patient_id", "unit: ward"),
    ("unit: patient_id", "unit: patient_id\n    key: [code]"),
    ("max_rows: 5", "max_rows: 6"),
    ("max_groups: 2", "max_groups: auto"),
    ("[surgery, medicine]", "[surgery]"),
    ("[surgery, medicine]", "[medicine, surgery]"),
    ("[surgery, medicine]", "[surgery, medicine], nullable: false"),
    ("bounds: [0, 30]", "bounds: [0, 31]"),
    ("bounds: [0, 30]", "bounds: [0, 30], step: 0.5"),
    ("bounds: [0, 30]", "bounds: [0, 30], max_total: 40"),
    ("bounds: [0, 30]", "bounds: [0, 30], hidden: true"),
    ("{references: codes.code}", "{}"),
    ("codes: {public: true}", "codes: {public: true}\n  more: {public: true}"),
    ("budgets:", "views:\n  v: SELECT ward FROM visits\nbudgets:"),
]


@pytest.mark.parametrize("change", KEPT, ids=lambda change: change[1].replace("\n", " "))
def test_answers_outlive_edits_that_change_no_number(
    policy_with: Callable[..., Policy], change: tuple[str, str]
) -> None:
    before, after = policy_with(), policy_with(change)
    assert meaning(before) == meaning(after)
    # Not in vain: another version, but where only the order of keys is another.
    assert before.digest != after.digest


@pytest.mark.parametrize("change", ENDED, ids=lambda change: change[1].replace("\n", " "))
def test_answers_end_with_edits_that_change_what_they_mean(
    policy_with: Callable[..., Policy], change: tuple[str, str]
) -> None:
    assert meaning(policy_with()) != meaning(policy_with(change))


def test_a_folder_of_policies_may_be_moved(tmp_path: Path, write: Callable[[str], Path]) -> None:
    here = write(changed())
    (tmp_path / "elsewhere").mkdir()
    there = Path(shutil.copy(here, tmp_path / "elsewhere"))
    assert meaning(load(here, {})) == meaning(load(there, {}))
    absolute = ("database: clinic.duckdb", f"database: {tmp_path}/other/clinic.duckdb")
    assert meaning(load(write(changed(absolute)), {})) != meaning(load(there, {}))


def test_values_of_two_types_differ(policy_with: Callable[..., Policy]) -> None:
    numbers = policy_with(("[surgery, medicine]", "[1, 2]"))
    assert meaning(numbers) != meaning(policy_with(("[surgery, medicine]", '["1", "2"]')))


def test_a_field_that_is_left_out_is_one_of_a_policy() -> None:
    """A field that is renamed would count again, and its old name would stand here for nothing."""
    for kind, names in rule._WITHOUT_MEANING.items():
        assert kind in (Policy, EngineSettings, Privacy, TablePolicy, ColumnPolicy)
        assert names < {field.name for field in dataclasses.fields(kind)}
    assert not {Through, ViewPolicy, Budget} & rule._WITHOUT_MEANING.keys()
