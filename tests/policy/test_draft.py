import re
from pathlib import Path

import duckdb
import pytest

from gateway.engines.open import open_engine
from gateway.errors import Code, Refusal
from gateway.policy.check import build_dataset
from gateway.policy.draft import draft
from gateway.policy.faults import PolicyFaults
from gateway.policy.load import load


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "shop ${x}.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            '''CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id BIGINT,
                 placed TIMESTAMP, total DECIMAL(10, 2), "true" VARCHAR, "a: b # ""c""" VARCHAR,
                 extra STRUCT("x\ny" INTEGER));
               INSERT INTO orders (order_id, customer_id, "true") VALUES (1, 7, 'secretvalue');
               CREATE TABLE countries (code VARCHAR, name VARCHAR);'''
        )
    return path


def faults(path: Path, text: str) -> list[str]:
    path.write_text(text)
    with pytest.raises(PolicyFaults) as refused:
        load(path, {})
    return [fault.path for fault in refused.value.faults]


def test_a_draft_is_refused_until_its_places_are_filled(database: Path, tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    text = draft(str(database))
    assert faults(file, text) == ["privacy.unit", "tables.countries", "tables.orders", "budgets"]

    def fill(old: str, new: str, text: str) -> str:
        assert text.count(old) == 1, old
        return text.replace(old, new)

    text = fill("# unit: person ", "unit: customer ", text)
    text = fill("# unit: customer_id", "unit: customer_id", text)
    countries, orders = text.index("  countries:"), text.index("  orders:")
    code_table = text[countries:orders].replace("# public: true ", "public: true ")
    text = text[:countries] + code_table + text[orders:]
    text = fill("# key: order_id", "key: order_id", text)
    text = text.replace("  # - {for", "  - {for")
    text = text.replace("[LOWEST, HIGHEST]", "[0, 500]")
    text = re.sub(r"(?m)^      # ((?!extra).*\{.*)$", r"      \1", text)
    file.write_text(text)
    policy = load(file, {})
    engine = open_engine(policy)
    dataset = build_dataset(policy, engine)
    engine.close()
    assert set(dataset.tables["orders"].columns) == {
        "order_id",
        "customer_id",
        "placed",
        "total",
        "true",
        'a: b # "c"',
    }
    assert dataset.tables["countries"].public


def test_a_draft_denies_by_default_and_reads_no_row(database: Path) -> None:
    text = draft(f"duckdb:///{database}")
    live = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    assert not [line for line in live if re.search(r"\bunit:|public:|for:|values:|bounds:", line)]
    assert "secretvalue" not in text
    assert "# unit: customer_id" in text
    assert "# extra has the type STRUCT(" in text


def test_parquet_files_of_a_directory_and_of_a_glob(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        for name in ("visits", "more-visits"):
            connection.execute(f"COPY (SELECT 1 AS patient_nbr) TO '{tmp_path}/{name}.parquet'")
    text = draft(str(tmp_path))
    assert f'  files:\n    "more-visits": "{tmp_path}/more-visits.parquet"\n' in text
    assert f'    visits: "{tmp_path}/visits.parquet"\n' in text
    assert text.count("# unit: patient_nbr") == 2
    text = draft(f"{tmp_path}/*visits.parquet")
    assert f'  files:\n    visits: "{tmp_path}/*visits.parquet"\n' in text
    assert f'    visits: "{tmp_path}/visits.parquet"\n' in draft(str(tmp_path / "visits.parquet"))


def test_a_schema_other_than_main(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA clinic; CREATE TABLE clinic.t (user_id INTEGER)")
    assert "  schema: clinic\n" in draft(str(path))


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql+psycopg://me:pw@host/db",
         "That is no address of a database that a policy can be drafted for."),
        ("mysql://host/db", "That address is no database that a policy can be drafted for."),
        ("{tmp}/none.duckdb", "Found no file at {tmp}/none.duckdb."),
        ("{tmp}", "Found a directory without .parquet files."),
        ("{tmp}/t.csv", "Found CSV files, whose types only their rows tell."),
        ("{tmp}/empty.duckdb", "Found a database without tables."),
    ],
)  # fmt: skip
def test_what_cannot_be_drafted(tmp_path: Path, url: str, sentence: str) -> None:
    (tmp_path / "t.csv").write_text("a\n1\n")
    duckdb.connect(str(tmp_path / "empty.duckdb")).close()
    with pytest.raises(Refusal) as refused:
        draft(url.format(tmp=tmp_path))
    assert refused.value.code is Code.INVALID_REQUEST
    assert refused.value.sentence == sentence.format(tmp=tmp_path)
