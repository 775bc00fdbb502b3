"""The views of all policies, each tried against its dataset: what it shows, or why it cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from gateway.edges import Engine
from gateway.errors import Refusal
from gateway.policy.catalog import Catalog, Dataset, View, ViewColumn
from gateway.policy.document import key_path
from gateway.policy.faults import Fault, FaultList, PolicyFaults
from gateway.policy.model import ViewPolicy
from gateway.policy.views import told
from gateway.postprocess.public import PublicShelf
from gateway.postprocess.workbench import Workbench
from gateway.privacy.domains import ANYTHING
from gateway.privacy.known import NOTHING_KNOWN
from gateway.privacy.price import noise_per_unit
from gateway.privacy.relation import Relation
from gateway.privacy.releases import Splitter


def with_views(catalog: Catalog, engines: Mapping[str, Engine]) -> Catalog:
    """The catalog with the columns of each view. No protected row is read.

    Raises `PolicyFaults` with every view that no question could name.
    """
    datasets: dict[str, Dataset] = {}
    faults: list[Fault] = []
    for name, dataset in catalog.datasets.items():
        noted = FaultList(str(dataset.policy.file))
        views = _views(dataset, engines[name], noted) if dataset.policy.views else {}
        datasets[name] = replace(dataset, views=MappingProxyType(views))
        faults.extend(noted.faults)
    if faults:
        raise PolicyFaults(faults)
    return Catalog(datasets=MappingProxyType(datasets))


def _views(dataset: Dataset, engine: Engine, faults: FaultList) -> dict[str, View]:
    workbench = Workbench()
    try:
        shelf = PublicShelf(engine, workbench)
        views: dict[str, View] = {}
        for view in dataset.policy.views.values():
            if set(view.reads) <= views.keys():  # of the others, what they read is told
                made = _view(view, dataset, shelf, faults)
                views |= {view.name: made} if made is not None else {}
    finally:
        workbench.close()
    return views


def _view(view: ViewPolicy, dataset: Dataset, shelf: PublicShelf, faults: FaultList) -> View | None:
    noise = noise_per_unit(dataset, dataset.policy.privacy.per_query)
    splitter = Splitter(dataset, shelf, (), noise, released={})
    try:
        columns, protected = _columns(splitter, view)
    except Refusal as refusal:
        path = key_path("views", view.name)
        line = dataset.policy.lines.get(path, 1)
        inside = refusal.__cause__ if isinstance(refusal.__cause__, Refusal) else refusal
        faults.add(line, path, found=told(inside), allowed=refusal.hint)
        return None
    return View(
        name=view.name,
        sql=view.sql,
        columns=columns,
        protected=protected,
        releases=bool(splitter.drafts),
    )


def _columns(splitter: Splitter, view: ViewPolicy) -> tuple[tuple[ViewColumn, ...], bool]:
    found = splitter.view(view.name)
    if isinstance(found, Relation):
        shown = [
            (name, column.type, found.facts.get(column, NOTHING_KNOWN))
            for name, column in found.visible
        ]
    else:
        names, types = splitter.typed(found.query, found.original)
        shown = [(name, kind, NOTHING_KNOWN) for name, kind in zip(names, types, strict=True)]
    columns = tuple(
        ViewColumn(
            name=name,
            type=kind,
            domain=facts.domain if isinstance(found, Relation) else ANYTHING,
            nullable=facts.nullable,
        )
        for name, kind, facts in shown
    )
    return columns, isinstance(found, Relation)
