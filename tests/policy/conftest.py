from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.policy.faults import Fault, PolicyFaults
from gateway.policy.load import load
from gateway.policy.model import Policy

BASE = """\
dataset: clinic
description: Visits.
engine:
  type: duckdb
  database: clinic.duckdb
privacy:
  unit: patient
  guarantee: zcdp
  delta: 1.0e-7
  per_query: 0.25
  max_per_query: 1.0
tables:
  visits:
    unit: patient_id
    max_rows: 5
    max_groups: 2
    columns:
      ward: {values: [surgery, medicine]}
      nights: {bounds: [0, 30]}
      code: {references: codes.code}
  codes: {public: true}
budgets:
  - {for: "role:analyst", epsilon: 5}
  - {for: everyone, epsilon: 50}
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def to_file(text: str) -> Path:
        path = tmp_path / "clinic.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return to_file


@pytest.fixture
def policy_with(write: Callable[[str], Path]) -> Callable[..., Policy]:
    """The base policy with some of its text replaced, loaded."""

    def make(*changes: tuple[str, str], env: dict[str, str] | None = None) -> Policy:
        return load(write(changed(*changes)), env or {})

    return make


@pytest.fixture
def faults_of(write: Callable[[str], Path]) -> Callable[..., tuple[Fault, ...]]:
    """All faults of a text."""

    def find(text: str, env: dict[str, str] | None = None) -> tuple[Fault, ...]:
        with pytest.raises(PolicyFaults) as refused:
            load(write(text), env or {})
        return refused.value.faults

    return find


def changed(*changes: tuple[str, str]) -> str:
    text = BASE
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} must occur once"
        text = text.replace(old, new)
    return text
