"""Variants of the two shipped policies, and gateways over them with data of a test's choice."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import yaml

from gateway.edges import Entropy
from gateway.start import Gateway, start

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "gateway" / "samples"
DATASETS = ("hospital", "retail")
PROTECTED = {"hospital": "encounters", "retail": "lines"}
OWNER = {"hospital": "patient_nbr", "retail": "customer_id"}

Document = dict[str, Any]
Change = Callable[[Document], None]


def shipped(dataset: str) -> Document:
    """The policy file that comes with the gateway."""
    text = (ROOT / "policies" / f"{dataset}.yaml").read_text(encoding="utf-8")
    document: Document = yaml.safe_load(text)
    return document


def sample(table: str) -> Path:
    """The file of one of the shipped tables, as the policies name it."""
    name = table.removeprefix("sample:")
    return SAMPLES / name


def _guarantee(name: str) -> Change:
    def change(document: Document) -> None:
        document["privacy"]["guarantee"] = name
        if name == "pure":
            del document["privacy"]["delta"]

    return change


def _auto(document: Document) -> None:
    """The bounds on rows and groups are left to an estimate."""
    for table in document["tables"].values():
        if not table.get("public"):
            table["max_rows"] = table["max_groups"] = "auto"


def _through(document: Document) -> None:
    """Another table, whose rows belong to the owner of the stay that they name."""
    document["engine"]["files"]["labs"] = document["engine"]["files"]["encounters"]
    document["tables"]["labs"] = {
        "unit": {"through": "encounters", "on": {"encounter_id": "encounter_id"}},
        "columns": {"num_lab_procedures": {"bounds": [0, 132]}},
    }


def _as_is(document: Document) -> None:
    """The shipped policy."""


VARIANTS: Mapping[str, Change] = {
    "shipped": _as_is,
    "pure": _guarantee("pure"),
    "approximate": _guarantee("approximate"),
    "auto": _auto,
    "through": _through,
}


def write_policy(document: Document, folder: Path, files: Mapping[str, Path] | None = None) -> Path:
    """A policy file over the shipped data, or over `files` by table, in a folder of its own."""
    made = deepcopy(document)
    folder.mkdir(parents=True, exist_ok=True)
    for table, file in made["engine"]["files"].items():
        made["engine"]["files"][table] = str((files or {}).get(table, sample(file)))
    path = folder / f"{made['dataset']}.yaml"
    path.write_text(yaml.safe_dump(made, sort_keys=False), encoding="utf-8")
    return path


@contextmanager
def gateway(folder: Path, entropy: Entropy | None = None) -> Iterator[Gateway]:
    """A started gateway over the policies in a folder, with a ledger of its own."""
    books = folder / "books"
    shutil.rmtree(books, ignore_errors=True)
    books.mkdir(parents=True)
    started = start(folder, f"sqlite:///{books / 'ledger.sqlite'}")
    try:
        if entropy is not None:
            started = replace(started, edges=replace(started.edges, entropy=entropy))
        yield started
    finally:
        started.close()


def empty_copy(dataset: str, folder: Path) -> Path:
    """The protected table's file without its rows."""
    return _copy(dataset, folder, "LIMIT 0")


def few_rows(dataset: str, folder: Path) -> Path:
    """Some of the protected table's rows."""
    return _copy(dataset, folder, "LIMIT 500")


def _copy(dataset: str, folder: Path, limit: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    source = sample(shipped(dataset)["engine"]["files"][PROTECTED[dataset]])
    made = folder / f"{PROTECTED[dataset]}.parquet"
    duckdb.execute(f"COPY (SELECT * FROM '{source}' {limit}) TO '{made}' (FORMAT parquet)")
    return made
