"""A public domain is never read from protected rows: an engine that notes what it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pytest

from gateway.edges import Engine, SchemaColumn
from gateway.engines.open import open_engine
from gateway.noise.tables import ExactTable
from gateway.policy.check import build_dataset
from gateway.policy.load import load, load_all
from gateway.policy.model import Policy, TablePolicy
from gateway.privacy.domains import Members
from gateway.privacy.plan import Statement
from gateway.samples import policies_directory
from gateway.sql.types import Scalar
from gateway.stop import Stop
from tests.policy.conftest import BASE


@dataclass
class Spy:
    """Passes on to a real engine and notes each question that returns values of rows."""

    engine: Engine
    asked: list[tuple[str, ...]] = field(default_factory=list)
    dialect: str = "duckdb"

    def describe(self, source: tuple[str, ...]) -> Sequence[SchemaColumn] | None:
        return self.engine.describe(source)

    def is_key(self, source: tuple[str, ...], columns: Sequence[str]) -> bool:
        return self.engine.is_key(source, columns)

    def public_values(
        self, source: tuple[str, ...], column: str, most: int | None = None
    ) -> tuple[Scalar, ...]:
        self.asked.append((*source, column))
        return self.engine.public_values(source, column, most)

    def public_rows(self, source: tuple[str, ...], columns: Sequence[str]) -> pa.Table:
        raise AssertionError("rows are not needed to build a catalog")

    def run(self, statement: Statement, query_id: str, stop: Stop | None = None) -> ExactTable:
        raise AssertionError("no statement runs before a charge")

    def replaced(self) -> int:
        return 0

    def healthy(self) -> bool:
        return True

    def close(self) -> None:
        self.engine.close()


@pytest.fixture(params=["hospital", "retail"])
def policy(request: pytest.FixtureRequest) -> Policy:
    policies = {policy.dataset: policy for policy in load_all(policies_directory(), {})}
    return policies[request.param]


def test_no_protected_table_is_asked_for_values(policy: Policy) -> None:
    spy = Spy(open_engine(policy))
    dataset = build_dataset(policy, spy)
    spy.close()
    public = {name for name, table in policy.tables.items() if table.public}
    assert {asked[0] for asked in spy.asked} == public
    known = [
        name
        for table in dataset.tables.values()
        for name, column in table.columns.items()
        if not table.public and isinstance(column.domain, Members)
    ]
    assert known, "there are public domains of protected tables, and they came from elsewhere"


def test_a_model_that_refers_to_protected_rows_is_not_followed(tmp_path: Path) -> None:
    """`load` refuses such a file; a `Policy` made in any other way is stopped, too."""
    csv = tmp_path / "t.csv"
    csv.write_text("patient_id,ward,nights,code\n1,a,1,1\n")
    file = tmp_path / "p.yaml"
    file.write_text(BASE.replace("database: clinic.duckdb", "files: {visits: t.csv, codes: t.csv}")
                    .replace("codes: {public: true}", "codes: {unit: patient_id}")
                    .replace("{references: codes.code}", "{}"))  # fmt: skip
    policy = load(file, {})
    visits = policy.tables["visits"]
    columns = dict(visits.columns)
    columns["code"] = type(columns["code"])(name="code", references=("codes", "code"))
    twisted = TablePolicy(
        name="visits", public=False, unit="patient_id", key=(), max_rows=1, max_groups=1,
        columns=columns,
    )  # fmt: skip
    spy = Spy(open_engine(policy))
    bad = Policy(
        **{
            **{name: getattr(policy, name) for name in policy.__slots__},
            "tables": {"visits": twisted, "codes": policy.tables["codes"]},
        }
    )
    with pytest.raises(AssertionError, match="never read from protected rows"):
        build_dataset(bad, spy)
    assert spy.asked == []
    spy.close()
