"""The bundled policies and data: they load, fit, and say what is true of the data."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from gateway.engines.open import open_engine
from gateway.policy.catalog import Catalog
from gateway.policy.check import build_catalog
from gateway.policy.load import load_all
from gateway.policy.model import Guarantee
from gateway.privacy.domains import Interval, Members
from gateway.samples import policies_directory, sample_names, sample_path


@pytest.fixture(scope="module")
def catalog() -> Iterator[Catalog]:
    policies = load_all(policies_directory(), {})
    engines = {policy.dataset: open_engine(policy) for policy in policies}
    yield build_catalog(policies, engines)
    for engine in engines.values():
        engine.close()


def test_both_policies_fit_their_data(catalog: Catalog) -> None:
    assert {name: set(dataset.tables) for name, dataset in catalog.datasets.items()} == {
        "hospital": {
            "encounters",
            "admission_types",
            "admission_sources",
            "discharge_dispositions",
        },
        "retail": {"lines"},
    }
    assert {d.policy.privacy.guarantee for d in catalog.datasets.values()} == {Guarantee.ZCDP}


def test_hospital_domains(catalog: Catalog) -> None:
    encounters = catalog.datasets["hospital"].tables["encounters"]
    columns = encounters.columns
    assert (encounters.unit, encounters.key) == ("patient_nbr", ("encounter_id",))
    assert not columns["encounter_id"].usable
    age, race = columns["age"].domain, columns["race"].domain
    assert isinstance(age, Members)
    assert len(age.values) == 10
    assert isinstance(race, Members)
    assert None in race.values
    assert columns["admission_type_id"].domain == Members(tuple(range(1, 9)))
    assert columns["time_in_hospital"].domain == Interval(Fraction(1), Fraction(14))


@pytest.mark.parametrize(("dataset", "table"), [("hospital", "encounters"), ("retail", "lines")])
def test_declared_domains_cover_the_data(catalog: Catalog, dataset: str, table: str) -> None:
    """The samples are public, so a test may compare: no row of an owner falls out of a domain."""
    checked = catalog.datasets[dataset]
    files = checked.policy.engine.files
    assert files is not None
    domains = {
        name: column.domain.values
        for name, column in checked.tables[table].columns.items()
        if isinstance(column.domain, Members)
    }
    assert domains
    with duckdb.connect() as connection:
        relation = connection.read_parquet(files[table])
        for name, values in domains.items():
            found = relation.project(f'"{name}"').distinct().fetchall()
            assert {value for (value,) in found} <= set(values), name


def test_declared_bounds_say_whether_null_is_there(catalog: Catalog) -> None:
    with duckdb.connect() as connection:
        for dataset in catalog.datasets.values():
            assert dataset.policy.engine.files is not None
            for table in dataset.tables.values():
                path = dataset.policy.engine.files[table.name]
                for column in table.columns.values():
                    if not column.nullable and column.name != table.unit:
                        query = f"SELECT COUNT(*) FROM '{path}' WHERE \"{column.name}\" IS NULL"
                        assert connection.execute(query).fetchall() == [(0,)], column.name


def test_the_attribution_names_every_sample() -> None:
    text = (Path(sample_path(sample_names()[0])).parent / "ATTRIBUTION.md").read_text()
    assert len(sample_names()) == 5
    for name in sample_names():
        assert name in text
    for word in ("CC BY 4.0", "10.24432/C5230J", "10.24432/C5BW33", "Changes made"):
        assert word in text


def test_only_samples_have_a_path() -> None:
    with pytest.raises(KeyError):
        sample_path("../__init__.py")
