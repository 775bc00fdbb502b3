"""The queries, and gateways over generated data under the shipped policy and its variants."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from gateway.edges import Analyst
from gateway.exchange import Request
from gateway.start import Gateway, start
from tests.noiseless.silence import Silence

HERE = Path(__file__).parent
QUERIES = {
    int(path.stem): path.read_text(encoding="utf-8").removesuffix(";\n")
    for path in sorted((HERE / "queries").glob("*.sql"))
}
ASKED = {**QUERIES, 17: QUERIES[17].replace("MED BOX", "SM PACK")}
"""As small data are asked: no part of theirs is of the 17th's brand and in its container."""
EXACT = (2, 11, 16)
"""Over public tables alone."""
NAMING = (3, 10, 18)
"""One row per order or customer, with their names."""
ANSWERED = tuple(sorted(set(QUERIES) - {*EXACT, *NAMING}))
TABLES = ("customer", "orders", "lineitem", "part", "partsupp", "supplier", "nation", "region")
EPSILON = 1_000_000

Change = Callable[[dict[str, Any]], None]


class _Loader(yaml.SafeLoader):
    """YAML in which `on` is a word, as policies are read; none here says yes, no or off."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [pair for pair in pairs if first not in "oO"]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def request(sql: str, epsilon: int | None = None, dataset: str = "tpch") -> Request:
    """A question of an analyst who has asked nothing yet: an account holds nine such questions."""
    number = uuid.uuid4().hex
    return Request(
        query_id=number,
        analyst=Analyst(name=f"analyst-{number}", roles=("analyst",)),
        sql=sql,
        dataset=dataset,
        epsilon=Fraction(epsilon) if epsilon else None,
    )


def wide(document: dict[str, Any]) -> None:
    """Bounds that no customer of the generated data exceeds, and noise that costs nothing."""
    document["privacy"]["per_query"] = document["privacy"]["max_per_query"] = EPSILON
    document["budgets"] = [{"for": "role:analyst", "epsilon": 9 * EPSILON}]
    for name in ("orders", "lineitem"):
        document["tables"][name] |= {"max_rows": 300, "max_groups": 300}


def tight(document: dict[str, Any]) -> None:
    """Bounds that every customer with a few orders exceeds."""
    for name in ("orders", "lineitem"):
        document["tables"][name] |= {"max_rows": 2, "max_groups": 2}


def pure(document: dict[str, Any]) -> None:
    """The same in the L1 norm."""
    tight(document)
    document["privacy"]["guarantee"] = "pure"
    del document["privacy"]["delta"]


def shipped(document: dict[str, Any]) -> None:
    """As it is."""


def large(document: dict[str, Any]) -> None:
    """The shipped policy without what it can say of small tables only: the values of a column that
    has more than 100,000 of them, and bounds that are read off public values."""
    del document["tables"]["lineitem"]["columns"]["l_partkey"]["references"]
    names = ("ps_partkey", "ps_suppkey", "ps_availqty", "ps_comment")
    costs = {"ps_supplycost": {"bounds": [1, 1000]}}
    document["tables"]["partsupp"]["columns"] = {**{name: {} for name in names}, **costs}
    document["engine"]["timeout"] = "1800s"


VARIANTS: dict[str, Change] = {"shipped": shipped, "tight": tight, "pure": pure}


@contextmanager
def gateway(change: Change, folder: Path) -> Iterator[Gateway]:
    """A gateway without noise under a variant of `tpch.yaml`; `TPCH_DATA` names the data."""
    document = yaml.load((HERE / "tpch.yaml").read_text(encoding="utf-8"), _Loader)
    change(document)
    with noiseless(document, folder) as started:
        yield started


@contextmanager
def noiseless(document: dict[str, Any], folder: Path) -> Iterator[Gateway]:
    """A gateway without noise under a policy, with its files in an empty folder."""
    (folder / "policies").mkdir()
    path = folder / "policies" / f"{document['dataset']}.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    started = start(path, f"sqlite:///{folder / 'ledger.sqlite'}")
    try:
        yield replace(started, edges=replace(started.edges, entropy=Silence()))
    finally:
        started.close()
