"""A sheet of the workbench with a plan's noisy and public tables on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gateway.edges import Edges
from gateway.noise.tables import NoisyTable
from gateway.postprocess.arrow import noisy, raw_name, view
from gateway.postprocess.quantiles import read_table, read_view
from gateway.postprocess.workbench import Sheet
from gateway.privacy.plan import Plan, Release
from gateway.rewrite.expressions import quoted

if TYPE_CHECKING:
    import pyarrow as pa


def shown(release: Release, table: NoisyTable | None) -> pa.Table:
    """A noisy table as the post-processing reads it."""
    return noisy(release, table) if release.histogram is None else read_table(release, table)


def shown_view(release: Release, source: str) -> str:
    """The view of it, over the table `source`."""
    return view(release, source) if release.histogram is None else read_view(release, source)


@contextmanager
def opened(plan: Plan, tables: Mapping[str, NoisyTable], edges: Edges) -> Iterator[Sheet]:
    """A sheet with these noisy tables of the plan, and all public tables that it reads."""
    shelf = edges.shelves[plan.dataset]
    there = [release for release in plan.releases if release.name in tables]
    sheets = {raw_name(r.name): shown(r, tables[r.name]) for r in there}
    for public in plan.outer.public_tables:
        names = [name for name, _ in public.columns]
        sheets[public.name] = shelf.table(public.source, names)
    with edges.workbench.tables(sheets) as sheet:
        sheet.make(
            [
                f"CREATE TEMP VIEW {quoted(r.name)} AS {shown_view(r, raw_name(r.name))}"
                for r in there
            ]
        )
        yield sheet
