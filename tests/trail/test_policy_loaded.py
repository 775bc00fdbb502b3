"""With which policy a dataset was served is in the trail from the moment it is served."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gateway.budget import signing
from gateway.errors import Refusal
from gateway.start import start
from tests.project.tree import ROOT


def test_each_start_records_the_policies_and_their_budgets(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    gateway = start(ROOT / "policies" / "hospital.yaml", url)
    (record,) = gateway.books.audit.records(limit=1)
    dataset = gateway.catalog.datasets["hospital"]
    body = json.loads(record.body)
    gateway.close()
    assert (record.kind, record.actor) == ("policy_loaded", "gateway")
    assert body["digest"] == dataset.digest
    assert body["guarantee"] == dataset.policy.privacy.guarantee.value
    assert [line["for"] for line in body["budgets"]] == [
        budget.holder for budget in dataset.policy.budgets
    ]


def test_a_gateway_without_the_trails_key_does_not_start(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    policy = ROOT / "policies" / "hospital.yaml"
    start(policy, url).close()
    signing.default_file(url).unlink()
    with pytest.raises(Refusal, match="signed with a key"):
        start(policy, url)
