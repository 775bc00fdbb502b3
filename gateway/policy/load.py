"""A policy file -> `Policy`, or every fault of it at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from zoneinfo import available_timezones

from gateway.budget.cost import amount_for
from gateway.policy.document import (
    Document,
    Leaf,
    Node,
    Series,
    key_path,
    read_document,
    shown,
)
from gateway.policy.engine import read_engine
from gateway.policy.faults import Fault, FaultList, PolicyFaults, listing, nearest
from gateway.policy.fields import (
    Fields,
    boolean,
    decimals,
    fields,
    name,
    one_of,
    positive,
    prose,
    text,
)
from gateway.policy.model import Budget, Guarantee, Policy, Privacy, Renewal, TablePolicy
from gateway.policy.tables import read_tables
from gateway.policy.views import read_views

_KEYS = ("dataset", "description", "engine", "privacy", "tables", "views", "timezone", "budgets")
_PRIVACY_KEYS = ("unit", "guarantee", "delta", "per_query", "max_per_query", "show_sql")
_BUDGET_KEYS = ("for", "epsilon", "renews")
_HOLDER = re.compile(r"everyone|(user|role):[^\s:]{1,128}")
_RESERVED_DATASETS = ("information_schema", "pg_catalog")

MOST_PER_QUERY = 1_000_000
MOST_BUDGET = 9_000_000
"""In ε. Ledgers count 10⁻¹² of it in 64 bits."""
MOST_DELTA = Fraction(1, 100)
LEAST_DELTA = Fraction(1, 10**18)


def load(path: Path, env: Mapping[str, str]) -> Policy:
    """Read and check one policy file; `env` is where `${NAME}` is looked up.

    Raises `PolicyFaults` with every fault of the file.
    """
    faults = FaultList(str(path))
    try:
        content = path.read_text(encoding="utf-8")
    except OSError as error:
        faults.add(1, "", found=error.strerror or "no file", allowed="a file that can be read")
        raise PolicyFaults(faults.faults) from None
    except UnicodeDecodeError:
        faults.add(1, "", found="bytes that are not UTF-8", allowed="text in UTF-8")
        raise PolicyFaults(faults.faults) from None
    document = read_document(content, env, faults)
    policy = None if document is None else _policy(document, path, faults)
    faults.raise_any()
    if policy is None:
        raise AssertionError("a policy that could not be read has a fault")
    return policy


def load_all(directory: Path, env: Mapping[str, str]) -> tuple[Policy, ...]:
    """All `.yaml` and `.yml` files of a directory, by file name.

    Raises `PolicyFaults` with every fault of all files: also two datasets with one name, or no
    file at all.
    """
    paths = sorted(p for p in directory.glob("*") if p.suffix in (".yaml", ".yml") and p.is_file())
    faults: list[Fault] = []
    policies: list[Policy] = []
    if not paths:
        found = "no policy file" if directory.is_dir() else "no such directory"
        faults.append(
            Fault(
                file=str(directory),
                line=1,
                path="",
                found=found,
                allowed="a directory with at least one .yaml file",
            )
        )
    for path in paths:
        try:
            policy = load(path, env)
        except PolicyFaults as error:
            faults.extend(error.faults)
            continue
        same = [one for one in policies if one.dataset.lower() == policy.dataset.lower()]
        if same:
            faults.append(
                Fault(
                    file=str(path),
                    line=policy.lines.get("dataset", 1),
                    path="dataset",
                    found=f"{policy.dataset}, which {same[0].file} is named, too",
                    allowed="a name of its own for each dataset",
                )
            )
        policies.append(policy)
    if faults:
        raise PolicyFaults(faults)
    return tuple(policies)


def _policy(document: Document, path: Path, faults: FaultList) -> Policy | None:
    root = document.root
    top = fields(root, _KEYS, faults)
    if top is None:
        return None
    dataset = top.need("dataset", name, "the dataset's name")
    if dataset and dataset.lower() in _RESERVED_DATASETS:
        top.fault("dataset", found=dataset, allowed="a name that PostgreSQL does not reserve")
    engine = top.need(
        "engine",
        lambda node, noted: read_engine(node, path.resolve().parent, noted),
        "where the data lies: a mapping with the key type",
    )
    privacy = top.need("privacy", _privacy, "the promise: a mapping with the key guarantee")
    tables = top.need("tables", read_tables, "a mapping from table to what holds for it")
    budgets = top.need("budgets", _budgets, "a list of budgets; [] where nobody may ask yet")
    if engine and engine.files is not None and tables:
        _check_files(tables, engine.files, document, faults)
    views = top.take(
        "views", lambda node, noted: read_views(node, dataset or "", tables or {}, noted)
    )
    description = top.take("description", prose) or ""
    timezone = top.take("timezone", _timezone) or "UTC"
    if faults or not (dataset and engine and privacy and tables) or budgets is None:
        return None
    return Policy(
        dataset=dataset,
        description=description,
        engine=engine,
        privacy=privacy,
        tables=tables,
        views=views or {},
        budgets=budgets,
        file=path,
        digest=document.digest,
        timezone=timezone,
        lines=MappingProxyType(dict(document.lines)),
    )


def _check_files(
    tables: Mapping[str, TablePolicy],
    files: Mapping[str, str],
    document: Document,
    faults: FaultList,
) -> None:
    protected = {files[one] for one in tables if one in files and not tables[one].public}
    for one, table in tables.items():
        path = key_path("tables", one)
        line = document.lines[path]
        if one not in files:
            allowed = "one of engine.files: " + listing(list(files))
            near = nearest(one, files)
            faults.add(line, path, found="a table without a file", allowed=allowed, nearest=near)
        elif table.public and files[one] in protected:
            found = "public: true on the file of a protected table"
            faults.add(line, f"{path}.public", found=found, allowed="unit, as on that table")


def _privacy(node: Node, faults: FaultList) -> Privacy | None:
    privacy = fields(node, _PRIVACY_KEYS, faults)
    if privacy is None:
        return None
    unit = privacy.need("unit", text, "the word for one protected entity, such as patient")
    guarantee = privacy.need("guarantee", one_of(Guarantee), "pure, approximate, zcdp")
    delta = _delta(privacy, guarantee)
    epsilon = "a number above 0"
    usual = privacy.need("per_query", positive(MOST_PER_QUERY), epsilon)
    most = privacy.need("max_per_query", positive(MOST_PER_QUERY), epsilon)
    show_sql = privacy.take("show_sql", boolean)
    if usual and most and usual > most:
        found = f"{decimals(usual)}, more than max_per_query ({decimals(most)})"
        privacy.fault("per_query", found=found, allowed="at most max_per_query")
    if not (unit and guarantee and usual and most) or delta is None:
        return None
    if amount_for(usual, guarantee, delta) < 1:
        privacy.fault(
            "per_query",
            found=f"{decimals(usual)}, too little to be counted",
            allowed="a larger number, such as 0.1",
        )
    return Privacy(
        unit=unit,
        guarantee=guarantee,
        delta=delta,
        per_query=usual,
        max_per_query=most,
        show_sql=show_sql is not False,
    )


def _delta(privacy: Fields, guarantee: Guarantee | None) -> Fraction | None:
    if guarantee is Guarantee.PURE:
        privacy.refuse("delta", because="nothing: pure has no delta; zcdp and approximate have one")
        return Fraction(0)
    allowed = "a number above 0, from 1e-18 to 0.01, such as 1.0e-7"
    if guarantee is None and not privacy.has("delta"):
        return None
    delta = privacy.need("delta", positive(), allowed)
    if delta is not None and not LEAST_DELTA <= delta <= MOST_DELTA:
        privacy.fault("delta", found=decimals(delta), allowed=allowed)
        return None
    return delta


def _budgets(node: Node, faults: FaultList) -> tuple[Budget, ...] | None:
    if not isinstance(node, Series):
        faults.add(node.line, node.path, found=shown(node), allowed="a list of budgets")
        return None
    budgets: list[Budget] = []
    for item in node.items:
        line = fields(item, _BUDGET_KEYS, faults)
        if line is None:
            continue
        holder = line.need("for", _holder, "user:NAME, role:NAME or everyone")
        epsilon = line.need("epsilon", positive(MOST_BUDGET), "a number above 0")
        renews = line.take("renews", one_of(Renewal)) or Renewal.NEVER
        if holder in [budget.holder for budget in budgets]:
            line.fault(
                "for",
                found=f"{holder} a second time",
                allowed="each holder once: the first line that fits a user counts",
            )
        elif holder and epsilon:
            budgets.append(Budget(holder=holder, epsilon=epsilon, renews=renews))
    return tuple(budgets)


def _timezone(node: Node, faults: FaultList) -> str | None:
    """A zone of the IANA database, such as Europe/Berlin."""
    value = node.value if isinstance(node, Leaf) else None
    known = available_timezones()
    if isinstance(value, str) and value in known:
        return value
    faults.add(
        node.line,
        node.path,
        found=shown(node),
        allowed="a time zone such as UTC or Europe/Berlin",
        nearest=nearest(value, known) if isinstance(value, str) else None,
    )
    return None


def _holder(node: Node, faults: FaultList) -> str | None:
    value = node.value if isinstance(node, Leaf) else None
    if isinstance(value, str) and _HOLDER.fullmatch(value):
        return value
    faults.add(node.line, node.path, found=shown(node), allowed="user:NAME, role:NAME or everyone")
    return None
